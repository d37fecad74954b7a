#include "pacer.hpp"

#include <algorithm>
#include <cmath>

#include "seconds.hpp"

namespace headgate::run {
namespace {

constexpr double first_rate = 5.0;
constexpr double doubles_in_s = 2.0;
constexpr double grows_a_second = 1.02;
constexpr double most_growth_at_once = 2.0;  // after a long sleep, too
constexpr double least_rate = 0.01;          // a call in 100 s still finds out that things are better
constexpr double keeps = 0.9;                // of what was accepted
constexpr double cuts_to_at_most = 0.9, cuts_to_at_least = 0.5;
constexpr double shortest_told_s = 2.0;
constexpr double most_rate = 1e6;  // beyond it there is none

constexpr Millis slot{250};
constexpr std::size_t slots = 48;  // 12 s

}  // namespace

Pacer::Pacer(std::optional<double> most, bool searches) : most_(most), searches_(searches), accepted_(slot, slots) {
  if (most || searches) set(Instant{}, most.value_or(first_rate));
}

void Pacer::set(Instant now, double rate) {
  rate = std::min(rate, most_.value_or(most_rate));
  if (!rate_ || *rate_ != rate) calls_.set(now, rate, std::max(1.0, rate * burst_s));
  rate_ = rate;
}

// What the driver slept is at most what one call waits for; more than that is a machine that slept.
void Pacer::grow(Instant now) {
  const double passed = std::min(seconds_between(grown_at_, now), std::max(doubles_in_s, 1.5 / rate_.value_or(1.0)));
  const bool held_back = held_back_;
  held_back_ = false;
  grown_at_ = now;
  if (!rate_ || !held_back || passed <= 0.0) return;
  const double by = searching_ ? std::exp2(passed / doubles_in_s) : std::pow(grows_a_second, passed);
  set(now, *rate_ * std::min(by, most_growth_at_once));
}

bool Pacer::has_room(Instant now) {
  grow(now);
  if (!rate_ || calls_.has(now, 1.0)) return true;
  held_back_ = true;
  return false;
}

Instant Pacer::next_chance(Instant now) const { return rate_ ? calls_.when(now, 1.0) : now; }

void Pacer::sent(Instant now) {
  if (!first_sent_) first_sent_ = now;
  if (rate_) calls_.take(now, 1.0);
  accepted_.add(now, 1.0);
}

double Pacer::accepted_a_second(Instant now) const {
  const double since = first_sent_ ? seconds_between(*first_sent_, now) : 0.0;
  return accepted_.sum(now) / std::clamp(since, 1.0, accepted_.span_s(now));
}

double Pacer::least(std::optional<double> retry_after_s) const {
  const double least = retry_after_s ? 1.0 / std::max(shortest_told_s, *retry_after_s) : least_rate;
  return std::min(std::max(least_rate, least), most_.value_or(most_rate));
}

void Pacer::turned_away(Instant now, Instant sent_at, std::optional<double> retry_after_s) {
  accepted_.add(sent_at, -1.0);
  const double accepted = keeps * accepted_a_second(now);
  if (cut_at_ && sent_at <= *cut_at_) {
    if (is_first_guess_) set(now, std::min(*rate_, std::max(first_rate, accepted)));
    return;
  }
  cut_at_ = now;
  searching_ = false;
  held_back_ = false;
  is_first_guess_ = !rate_;
  if (is_first_guess_) return set(now, std::max(first_rate, accepted));
  const double to = std::clamp(accepted, cuts_to_at_least * *rate_, cuts_to_at_most * *rate_);
  set(now, std::max(to, std::min(*rate_, least(retry_after_s))));
}

void Pacer::lift(Instant now) {
  cut_at_.reset();
  is_first_guess_ = false;
  searching_ = true;
  if (most_ || searches_) return set(now, most_.value_or(std::max(first_rate, rate_.value_or(first_rate))));
  rate_.reset();
}

// Some count to a full bucket, some to the end of a window: only a rate that is more than the present one says
// something in both. Less than a second says nothing.
void Pacer::told(Instant now, const route::RateSays::Window& requests) {
  if (!searching_ || !rate_ || !requests.remaining || !requests.reset_s) return;
  const double could = *requests.remaining / std::max(1.0, *requests.reset_s);
  if (std::isfinite(could) && could > *rate_) set(now, could);
}

}  // namespace headgate::run
