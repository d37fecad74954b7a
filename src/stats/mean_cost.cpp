#include "headgate/stats/mean_cost.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "headgate/stats/distributions.hpp"
#include "numbers.hpp"

namespace headgate::stats {

std::optional<HallMean> hall_mean_bounds(std::span<const double> x, double alpha) {
  if (x.empty() || !all_finite(x) || !is_level(alpha)) return std::nullopt;
  std::vector<double> sorted(x.begin(), x.end());
  std::sort(sorted.begin(), sorted.end());  // sums must not depend on the order of the cases
  if (sorted.front() == sorted.back()) return HallMean{sorted.front(), 0.0, {sorted.front(), sorted.front()}};

  const double n = real(sorted.size());
  const double mean = mean_of(sorted);
  const double s = std::sqrt(squares_about(sorted, mean) / n);
  if (s == 0.0) return HallMean{mean, 0.0, {mean, mean}};  // differences too small to square
  double cubes = 0.0;
  for (const double value : sorted) {
    const double scaled = (value - mean) / s;
    cubes += scaled * scaled * scaled;
  }
  const double skew = cubes / n;

  const double z = normal_upper_quantile(alpha);
  const auto bound = [&](double upper_z) {
    if (std::abs(skew) < 1e-8) return mean + upper_z * s / std::sqrt(n);
    const double inner = skew * (-upper_z / std::sqrt(n) - skew / (6.0 * n));
    return mean - s * (3.0 / skew) * (std::cbrt(1.0 + inner) - 1.0);
  };
  return HallMean{mean, skew, {bound(-z), bound(z)}};
}

}  // namespace headgate::stats
