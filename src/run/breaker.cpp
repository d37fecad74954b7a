#include "breaker.hpp"

#include <algorithm>
#include <cmath>

#include "seconds.hpp"

namespace headgate::run {
namespace {

constexpr double least_calls = 20.0;
constexpr double share = 0.9;
constexpr double first_probe_s = 5.0, longest_s = 60.0;
constexpr unsigned enough_doublings = 4;

constexpr Millis slot{1000};
constexpr std::size_t slots = 30;

double wait_s(unsigned probes) {
  return std::min(longest_s, first_probe_s * std::exp2(std::min(probes, enough_doublings)));
}

}  // namespace

Breaker::Breaker() : finished_(slot, slots), errors_(slot, slots) {}

bool Breaker::lets_through(Instant now) const { return !probe_at_ || (!probing_ && now >= *probe_at_); }

std::optional<Instant> Breaker::next_chance(Instant now) const {
  if (!probe_at_) return now;
  if (probing_) return std::nullopt;
  return std::max(now, *probe_at_);
}

void Breaker::sent(Instant) {
  if (probe_at_) probing_ = true;
}

void Breaker::close() {
  probe_at_.reset();
  probing_ = false;
  probes_ = 0;
  finished_.clear();
  errors_.clear();
}

void Breaker::answered(Instant now) {
  if (probe_at_) close();
  finished_.add(now, 1.0);
}

void Breaker::turned_away() {
  if (probe_at_) close();
}

bool Breaker::failed(Instant now, Instant sent_at) {
  if (probe_at_) {
    // What was sent before it opened only says what is known.
    if (!probing_ || sent_at <= opened_at_) return false;
    probing_ = false;
    probe_at_ = after_seconds(now, wait_s(++probes_));
    return false;
  }
  finished_.add(now, 1.0);
  errors_.add(now, 1.0);
  const double of = finished_.sum(now);
  if (of < least_calls || errors_.sum(now) < share * of) return false;
  opened_at_ = now;
  probe_at_ = after_seconds(now, wait_s(0));
  return true;
}

}  // namespace headgate::run
