#include "headgate/stats/bca.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "headgate/stats/distributions.hpp"
#include "headgate/stats/quantile.hpp"
#include "numbers.hpp"

namespace headgate::stats {

namespace {

double bias_correction(const BcaInput& input) {
  double below = 0.0;
  for (const double replicate : input.replicates) {
    below += replicate < input.estimate ? 1.0 : replicate == input.estimate ? 0.5 : 0.0;
  }
  const double half = 0.5 / real(input.replicates.size());
  return normal_quantile(std::clamp(below / real(input.replicates.size()), half, 1.0 - half));
}

double acceleration(std::span<const double> jackknife) {
  if (jackknife.empty() || all_equal(jackknife)) return 0.0;
  const double mean = mean_of(jackknife);
  double squares = 0.0;
  double cubes = 0.0;
  for (const double value : jackknife) {
    const double u = mean - value;
    squares += u * u;
    cubes += u * u * u;
  }
  return squares > 0.0 ? cubes / (6.0 * std::pow(squares, 1.5)) : 0.0;
}

}  // namespace

std::optional<Bounds> bca_bounds(const BcaInput& input, double alpha) {
  if (input.replicates.empty() || !std::isfinite(input.estimate) || !all_finite(input.replicates) ||
      !all_finite(input.jackknife) || !is_level(alpha)) {
    return std::nullopt;
  }
  const double z0 = bias_correction(input);
  const double a = acceleration(input.jackknife);
  std::vector<double> sorted(input.replicates.begin(), input.replicates.end());
  std::sort(sorted.begin(), sorted.end());
  const auto end = [&](double z) {
    const double shifted = z0 + z;
    const double shrink = 1.0 - a * shifted;
    // Past the pole of the transformation the endpoint is the extreme replicate on that side.
    const double level = shrink > 0.0 ? normal_cdf(z0 + shifted / shrink) : (shifted > 0.0 ? 1.0 : 0.0);
    return quantile_type7(sorted, level).value_or(input.estimate);
  };
  const double z = normal_upper_quantile(alpha);
  return Bounds{end(-z), end(z)};
}

}  // namespace headgate::stats
