// Rate limits as servers have them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "behaviour.hpp"

namespace headgate::fake {

// One limit with its state.
class RateModel {
 public:
  explicit RateModel(const Limit& limit) : limit_(&limit), level_(limit.burst) {}

  const Limit& limit() const { return *limit_; }
  // Takes what has come back since; call before the others. `first` is when the server's first request came.
  void refill(Micros now, Micros first);
  // How long until `cost` would be accepted; 0: now.
  Micros wait(double cost) const;
  void take(double cost);
  void reject();
  void release();  // in_flight: one of the accepted ended

  double remaining() const;
  Micros until_full() const;

 private:
  double amount() const { return limit_->amount * (halved_ ? 0.5 : 1.0); }
  double per_micro() const { return amount() / static_cast<double>(limit_->period); }
  void add(Micros time);

  const Limit* limit_;
  double level_;  // bucket, tokens: what is there; window, in_flight: what is taken
  bool begun_ = false;
  bool halved_ = false;
  Micros now_ = 0;
  Micros since_ = 0;  // bucket: of the level; window: its beginning
};

// Several limits that a request must pass all.
class RateModels {
 public:
  explicit RateModels(const std::vector<Limit>& limits);

  // The limit that rejected, or null; with `wait` then until it would have accepted.
  const Limit* admit(Micros now, Micros first, double tokens, Micros& wait);
  void release();
  // What the answers tell, as the limits want it.
  void tell(std::int64_t wall_seconds, std::vector<std::pair<std::string, std::string>>& headers) const;

 private:
  std::vector<RateModel> models_;
};

// "1s", "6m0s", "120ms".
std::string go_duration(Micros time);

}  // namespace headgate::fake
