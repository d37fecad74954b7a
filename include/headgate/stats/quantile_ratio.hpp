// Is the candidate's tail longer than the baseline's? A paired bootstrap of the ratio of two quantiles.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "headgate/stats/bounds.hpp"

namespace headgate::stats {

// Rows are paired; values are >= 0 and may be +inf (an answer that never came). Empty clusters: each pair is its own.
struct QuantileRatioInput {
  std::span<const double> numerator;    // the candidate
  std::span<const double> denominator;  // the baseline
  std::span<const std::uint32_t> clusters = {};
  double q = 0.95;
};

struct BootstrapPlan {
  double alpha = 0.025;
  std::uint32_t replicates = 10000;
  std::uint64_t seed = 0;
};

struct QuantileRatio {
  double estimate = 0.0;
  Bounds bounds;  // percentile bounds; either end may be +inf
  std::uint32_t infinite_replicates = 0;
};

// Percentile bootstrap (Efron 1979) that draws clusters with both arms together; type-7 quantiles within a draw.
// inf/inf = 1, x/inf = 0, inf/x = x/0 = inf, 0/0 = 1. The same seed gives the same answer on every machine and for any
// order of the rows. n = 1 gives a zero-width interval; the caller wants n >= 100. Nothing when empty, lengths differ,
// a value is negative or NaN, q is outside (0, 1), alpha is outside (0, 1/2), or replicates is 0.
std::optional<QuantileRatio> quantile_ratio_bootstrap(const QuantileRatioInput& input, const BootstrapPlan& plan);

}  // namespace headgate::stats
