// Cost per success against a budget, without ever dividing by the number of successes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "headgate/stats/bounds.hpp"

namespace headgate::stats {

// One row a case: what it cost and how much success it bought, in [0, 1]. Empty clusters: each row is its own.
struct RatioInput {
  std::span<const double> cost;
  std::span<const double> success;
  std::span<const std::uint32_t> clusters = {};
  double budget = 0.0;  // cost per success, > 0
};

struct RatioBudget {
  double mean = 0.0;              // of z = cost - budget * success; below 0 means within budget
  std::optional<double> se;       // of that mean; absent with one row or one cluster
  std::optional<double> t;        // mean / se; +-inf when se = 0, absent when mean is 0 as well or se is
  std::optional<double> df;       // n - 1, or Satterthwaite's when clusters are shared
  Bounds z_bounds;                // mean -+ q se: upper < 0 passes, lower > 0 fails; (-inf, inf) when se is absent
  std::optional<double> ratio;    // sum of cost / sum of success, absent without success
  std::optional<Bounds> fieller;  // bounds of the ratio; absent means unbounded
  std::size_t n = 0;
};

// The sign of the mean of z decides (Fieller 1954 by test inversion): no success at all is simply a positive mean.
// The Fieller interval is for display, is computed for independent rows, and is absent when mean success is not
// clearly above 0. se = 0 (all z equal) is honest only with 30 rows or more, which is the caller's rule.
// Nothing when empty, lengths differ, a value is not finite, budget <= 0, or alpha is outside (0, 1/2).
std::optional<RatioBudget> ratio_budget(const RatioInput& input, double alpha);

}  // namespace headgate::stats
