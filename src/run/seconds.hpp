// Between points in time and seconds as numbers, without overflow for absurd ones.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>

#include "headgate/base/clock.hpp"

namespace headgate::run {

inline double seconds_between(Instant from, Instant to) { return std::chrono::duration<double>(to - from).count(); }

inline double seconds_of(Millis time) { return std::chrono::duration<double>(time).count(); }

// Rounded up to the next nanosecond, so that what needed `seconds` is there by then. More than three years are three
// years; less than nothing, and what is no number, is nothing.
inline Instant after_seconds(Instant from, double seconds) {
  constexpr double most = 1e8;
  if (!(seconds > 0.0)) return from;
  return from + std::chrono::nanoseconds(static_cast<std::int64_t>(std::ceil(std::min(seconds, most) * 1e9)));
}

}  // namespace headgate::run
