#include "pause.hpp"

#include <algorithm>
#include <cmath>

#include "seconds.hpp"

namespace headgate::run {
namespace {

constexpr double first_s = 1.0, longest_unasked_s = 60.0;
constexpr unsigned enough_doublings = 6;

constexpr const char* asked = "the provider asked for it";
constexpr const char* unasked = "calls are turned away without Retry-After";
constexpr const char* used_up = "the provider's limit is used up until it resets";

bool is_used_up(const route::RateSays::Window& window) { return window.remaining && *window.remaining < 1.0; }

}  // namespace

Pause::Pause(const route::PoolLimits& limits)
    : policy_(limits.retry_after), cap_s_(std::max(0.0, seconds_of(limits.retry_after_cap))) {}

std::optional<double> Pause::obeyed_s(std::optional<double> asked_s) const {
  if (!asked_s || !(*asked_s >= 0.0) || policy_ == route::RetryAfter::ignore) return std::nullopt;
  return std::min({*asked_s, longest_s, policy_ == route::RetryAfter::cap ? cap_s_ : longest_s});
}

void Pause::extend(Instant now, double by_s, const char* why) {
  const Instant until = after_seconds(now, by_s);
  if (until <= until_) return;
  until_ = until;
  why_ = why;
}

void Pause::turned_away(Instant now, Instant sent_at, const route::RateSays& says) {
  if (!episode_began_ || sent_at > *episode_began_) {
    episode_began_ = now;
    ++episode_;
  }
  if (const auto by_s = obeyed_s(says.retry_after_s)) return extend(now, *by_s, asked);
  extend(now, std::min(first_s * std::exp2(std::min(episode_ - 1, enough_doublings)), longest_unasked_s), unasked);
}

void Pause::told(Instant now, const route::RateSays& says) {
  for (const auto* window : {&says.requests, &says.tokens}) {
    if (!is_used_up(*window)) continue;
    if (const auto by_s = obeyed_s(window->reset_s)) extend(now, *by_s, used_up);
  }
}

// A reply to what was sent before the pause says nothing about what comes after it.
void Pause::succeeded(Instant sent_at) {
  if (episode_began_ && sent_at > *episode_began_) episode_ = 0;
}

}  // namespace headgate::run
