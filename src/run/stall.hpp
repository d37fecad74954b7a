// For how long nothing has succeeded although it could have: time with calls out, or held up by the provider.
#pragma once

#include <algorithm>
#include <optional>

#include "headgate/base/clock.hpp"
#include "seconds.hpp"

namespace headgate::run {

// It stands still while there is nothing to do, and while calls only wait for the rate that an operator wrote.
class Stall {
 public:
  // From here on time counts. Later calls change nothing.
  void begin(Instant now) {
    if (!at_) at_ = now;
  }
  // Time has passed; of it only what lies before `counts_until` counts.
  void pass(Instant now, Instant counts_until) {
    if (!at_) return;
    seconds_ = seconds(now, counts_until);
    at_ = std::max(*at_, now);
  }
  void succeeded() { seconds_ = 0.0; }
  double seconds(Instant now, Instant counts_until) const {
    return at_ ? seconds_ + std::max(0.0, seconds_between(*at_, std::min(now, counts_until))) : 0.0;
  }

 private:
  std::optional<Instant> at_;
  double seconds_ = 0.0;
};

}  // namespace headgate::run
