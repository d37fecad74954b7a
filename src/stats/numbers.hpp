// Small helpers for columns of numbers, shared inside the room.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

namespace headgate::stats {

inline double real(std::size_t n) { return static_cast<double>(n); }

inline bool all_finite(std::span<const double> values) {
  for (const double v : values) {
    if (!std::isfinite(v)) return false;
  }
  return true;
}

// Callers make sure that values is not empty.
inline double mean_of(std::span<const double> values) {
  double sum = 0.0;
  for (const double v : values) sum += v;
  return sum / real(values.size());
}

// Sum of squares about a centre; the caller divides by n or n - 1 as its method says.
inline double squares_about(std::span<const double> values, double centre) {
  double sum = 0.0;
  for (const double v : values) sum += (v - centre) * (v - centre);
  return sum;
}

// Equal values can have a computed variance of 1e-34 instead of 0; this is the test that is not fooled.
inline bool all_equal(std::span<const double> values) {
  for (const double v : values) {
    if (v != values.front()) return false;
  }
  return true;
}

}  // namespace headgate::stats
