// What trying again may cost a pool in all: an outage uses it up, successes refill it. So a provider that is down is
// not asked four times for every call.
#pragma once

#include <algorithm>

namespace headgate::run {

class RetryQuota {
 public:
  static constexpr int full = 500, a_retry = 5, a_timeout = 10;

  bool has(int cost) const { return left_ >= cost; }
  bool take(int cost) {
    if (!has(cost)) return false;
    left_ -= cost;
    return true;
  }
  void succeeded() { left_ = std::min(full, left_ + 1); }

 private:
  int left_ = full;
};

}  // namespace headgate::run
