// Bounds for the mean of skewed values without a known upper end, such as cost. With a known cap, score.hpp on [0, cap]
// is the better test.
#pragma once

#include <optional>
#include <span>

#include "headgate/stats/bounds.hpp"

namespace headgate::stats {

struct HallMean {
  double mean = 0.0;
  double skew = 0.0;  // m3 / s^3 with moments about the mean divided by n; 0 when all values are equal
  Bounds bounds;
};

// Hall's monotone cubic transformation of the studentised mean (Hall 1992, JRSS B 54), inverted. With |skew| < 1e-8 it
// is mean +- z s / sqrt n; with all values equal, and so with n = 1, both bounds are the mean, which proves nothing:
// callers demand n >= 200. Nothing when empty, a value is not finite, or alpha is outside (0, 1/2).
std::optional<HallMean> hall_mean_bounds(std::span<const double> x, double alpha);

}  // namespace headgate::stats
