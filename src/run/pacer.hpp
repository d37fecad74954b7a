// How many calls a second a provider takes: found out where nobody wrote it, and held to.
#pragma once

#include <optional>

#include "bucket.hpp"
#include "headgate/route/rate.hpp"
#include "rolling_count.hpp"

namespace headgate::run {

// Where nothing is known the rate doubles every 2 s while it holds calls back, until a call is turned away; from then
// on it grows by 2 % a second, and each cut follows what was accepted of late. A rate that holds nothing back does not
// grow: it would be a number without a measurement behind it.
class Pacer {
 public:
  // `most`: written by the operator, and the start. Without it, `searches` starts at 5 a second, else there is no rate
  // until a call is turned away.
  Pacer(std::optional<double> most, bool searches);

  bool has_room(Instant now);
  Instant next_chance(Instant now) const;
  void sent(Instant now);
  // A call that was sent at `sent_at` was turned away. Cuts only for those sent after the last cut: the others knew of
  // the old rate alone. Only where there was none, and so nothing to cut, they make the first guess better: of what
  // went out at once, nobody knew how much was taken. Never to less than a call in the time after which the provider
  // says to come again: there are those that turn away one call in two, however slowly they come.
  void turned_away(Instant now, Instant sent_at, std::optional<double> retry_after_s);
  // Calls are turned away for another reason than their rate: what was found out is forgotten, and looked for anew.
  void lift(Instant now);
  // The provider says how many calls are left until when: that may raise a rate still in search.
  void told(Instant now, const route::RateSays::Window& requests);

  std::optional<double> rate() const { return rate_; }

  // How much may be sent at once after a lull, in seconds of the rate: a driver that wakes late loses nothing.
  static constexpr double burst_s = 0.1;

 private:
  void grow(Instant now);
  void set(Instant now, double rate);
  double accepted_a_second(Instant now) const;
  double least(std::optional<double> retry_after_s) const;

  std::optional<double> most_, rate_;
  bool searches_;
  bool searching_ = true;  // nothing was turned away yet
  Bucket calls_{1.0, 1.0};
  RollingCount accepted_;  // sent; what is still out counts
  std::optional<Instant> first_sent_, cut_at_;
  bool is_first_guess_ = false;  // there was no rate before the last cut
  Instant grown_at_{};
  bool held_back_ = false;  // a call, since grown_at_
};

}  // namespace headgate::run
