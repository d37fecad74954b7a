// Until when nothing may be sent because a provider turned a call away or said that its limit is used up. A clock of
// its own: what it says never moves the rate's.
#pragma once

#include <optional>
#include <string>

#include "headgate/base/clock.hpp"
#include "headgate/route/limits.hpp"
#include "headgate/route/rate.hpp"

namespace headgate::run {

class Pause {
 public:
  explicit Pause(const route::PoolLimits& limits);

  bool is_over(Instant now) const { return now >= until_; }
  Instant until() const { return until_; }
  // A call that was sent at `sent_at` was turned away. Where the provider does not say how long: 1 s, and twice as
  // long each time that a call sent after a pause is turned away again.
  void turned_away(Instant now, Instant sent_at, const route::RateSays& says);
  // Any answer: a window with nothing left pauses until it is reset.
  void told(Instant now, const route::RateSays& says);
  void succeeded(Instant sent_at);
  // What is made of the provider's word; absent: it said nothing, or is not listened to.
  std::optional<double> obeyed_s(std::optional<double> asked_s) const;
  const char* why() const { return why_; }

  static constexpr double longest_s = 120.0;

 private:
  void extend(Instant now, double by_s, const char* why);

  route::RetryAfter policy_;
  double cap_s_;
  Instant until_{};
  const char* why_ = "";
  unsigned episode_ = 0;
  std::optional<Instant> episode_began_;
};

}  // namespace headgate::run
