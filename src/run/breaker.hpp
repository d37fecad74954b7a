// Stops asking a provider that does not answer, and finds out when it does again.
#pragma once

#include <optional>

#include "headgate/base/clock.hpp"
#include "rolling_count.hpp"

namespace headgate::run {

// Opens when at least 20 calls were finished in 30 s and 90 % of them by errors of the way: no connection, no answer in
// time, a server error. Open, it lets single calls through 5, 10, 20, 40 and then every 60 s after the last one failed.
class Breaker {
 public:
  Breaker();

  bool lets_through(Instant now) const;
  // While it waits for something else than time: nothing.
  std::optional<Instant> next_chance(Instant now) const;
  bool is_open() const { return probe_at_.has_value(); }

  void sent(Instant now);
  // The provider said something, and be it no.
  void answered(Instant now);
  // It was turned away: that it is there is all this says.
  void turned_away();
  // True: this opened it.
  bool failed(Instant now, Instant sent_at);
  // Nothing is out: then no probe is.
  void nothing_out() { probing_ = false; }

  // Of the last 30 s.
  double finished(Instant now) const { return finished_.sum(now); }
  double errors(Instant now) const { return errors_.sum(now); }

 private:
  void close();

  RollingCount finished_, errors_;
  std::optional<Instant> probe_at_;  // open: when the next one may go
  Instant opened_at_{};
  bool probing_ = false;
  unsigned probes_ = 0;
};

}  // namespace headgate::run
