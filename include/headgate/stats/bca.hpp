// Bias-corrected and accelerated bootstrap endpoints. For reports only: they cannot know what the sample did not show.
#pragma once

#include <optional>
#include <span>

#include "headgate/stats/bounds.hpp"

namespace headgate::stats {

struct BcaInput {
  double estimate = 0.0;
  std::span<const double> replicates;  // bootstrap estimates, any order
  std::span<const double> jackknife;   // leave-one-out estimates, any order
};

// Efron 1987. The bias correction counts ties half and is kept within half a replicate of 0 and 1; without a spread in
// the jackknife (or with fewer than two values) the acceleration is 0. Nothing without replicates, with a value that
// is not finite, or for an alpha outside (0, 1/2). One replicate is both ends.
std::optional<Bounds> bca_bounds(const BcaInput& input, double alpha);

}  // namespace headgate::stats
