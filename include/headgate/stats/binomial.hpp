// Bounds for a proportion of independent yes/no results, and the two planning questions of zero tolerance.
//
// Clopper-Pearson decides: its error never exceeds alpha. Wilson and Jeffreys are for display; Jeffreys can miss by
// three times its alpha for true rates near 1.
#pragma once

#include <cstdint>
#include <optional>

#include "headgate/stats/bounds.hpp"

namespace headgate::stats {

// x events in n trials. Both may be real, because an effective sample size is. n = 0 gives [0, 1]. Nothing is returned
// for x < 0, x > n, a number that is not finite, or an alpha outside (0, 1/2).
struct Events {
  double x = 0.0;
  double n = 0.0;
};

// Exact, by beta quantiles (Clopper and Pearson 1934). Lower is 0 at x = 0, upper is 1 at x = n; for n = 1 that is
// [0, 1 - alpha] or [alpha, 1].
std::optional<Bounds> clopper_pearson(Events events, double alpha);

// The score interval (Wilson 1927). Ends are exactly 0 at x = 0 and 1 at x = n.
std::optional<Bounds> wilson(Events events, double alpha);

// Equal-tailed posterior under Beta(1/2, 1/2) (Brown, Cai and DasGupta 2001), ends 0 and 1 at x = 0 and x = n.
std::optional<Bounds> jeffreys(Events events, double alpha);

// The least n for which n trials without one event put the rate at p_max or below: (1 - p_max)^n <= alpha.
// Nothing when p_max <= 0 (no n is enough), when n would exceed 2^53, or for an alpha outside (0, 1/2).
std::optional<std::uint64_t> min_n_zero_failures(double p_max, double alpha);

// The largest count of events in n trials whose Clopper-Pearson upper bound is still <= p_max; -1 when even zero
// events are not enough, so always at n = 0 unless p_max >= 1. -1 also for arguments out of range.
std::int64_t max_failures_allowed(std::uint64_t n, double p_max, double alpha);

}  // namespace headgate::stats
