// When the suite's mix is not the traffic's: effective size of weights, and post-stratified means.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace headgate::stats {

// (sum w)^2 / sum w^2 (Kish 1965): n for equal weights, 1 when one weight has everything. Nothing when empty, all
// weights are 0, or a weight is negative or not finite.
std::optional<double> kish_ess(std::span<const double> weights);

struct StratifiedInput {
  std::span<const double> y;
  std::span<const std::size_t> stratum;  // index into target; one a value
  std::span<const double> target;        // traffic share of each stratum, >= 0
};

struct StratifiedMean {
  std::optional<double> mean;   // absent while a stratum with a share has no case
  std::optional<double> se;     // absent then, and while a stratum with a share has only one
  double uncovered_mass = 0.0;  // share of strata without a case
};

// sum t_h ybar_h with variance sum t_h^2 s_h^2 / n_h (Cochran 1977, 5A). Shares are used as given; the caller makes
// them sum to 1. Nothing when target is empty, lengths differ, a stratum is out of range, or a number is bad. n = 0 has
// no mean and all mass uncovered.
std::optional<StratifiedMean> poststratified_mean(const StratifiedInput& input);

}  // namespace headgate::stats
