// Variance reduction with an earlier measurement of the same items. Shown, never gating: pairing has most of it
// already.
#pragma once

#include <optional>
#include <span>

namespace headgate::stats {

struct CupedInput {
  std::span<const double> y;
  std::span<const double> x;  // from an *earlier* run, same order
  double x_mean = 0.0;        // the covariate's known mean
};

struct Cuped {
  double slope = 0.0;               // cov(y, x) / var(x); 0 when x is constant or n < 2
  double mean = 0.0;                // mean y - slope (mean x - x_mean)
  std::optional<double> var_ratio;  // var(y - slope x) / var(y); absent when y is constant or n < 2
};

// Deng, Xu, Kohavi and Walker 2013. Nothing when empty, lengths differ, or a number is not finite.
std::optional<Cuped> cuped(const CupedInput& input);

}  // namespace headgate::stats
