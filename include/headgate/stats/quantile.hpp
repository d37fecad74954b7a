// Quantiles: which order statistics bound one, and the interpolated point estimate.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace headgate::stats {

// 1-based ranks into the sorted sample; 0 means that no rank is good enough on that side.
struct QuantileRanks {
  std::uint64_t lower = 0;  // X(lower) is a lower confidence bound
  std::uint64_t upper = 0;  // X(upper) is an upper confidence bound
};

// Distribution-free bounds for the q-quantile of n independent values (Thompson 1936; David and Nagaraja 2003, 7.1).
// upper is the least r with P(Bin(n, q) <= r-1) >= 1-alpha, lower the greatest r with P(Bin(n, q) >= r) >= 1-alpha.
// X(upper) <= B is the same statement as "the Clopper-Pearson upper bound of the share above B is at most 1-q".
// n = 0 has no ranks; nor has n = 1 at any useful level; for q = .95 an upper rank needs n >= 72 (alpha .025).
// Both ranks are 0 for q outside (0, 1) or alpha outside (0, 1/2).
QuantileRanks quantile_ranks(std::uint64_t n, double q, double alpha);

// Linear interpolation between order statistics (Hyndman and Fan 1996, type 7). `sorted` is ascending and may end in
// +inf; a value between a finite number and +inf is +inf. Nothing when empty or p outside [0, 1]; one value is every
// quantile.
std::optional<double> quantile_type7(std::span<const double> sorted, double p);

}  // namespace headgate::stats
