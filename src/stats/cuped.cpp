#include "headgate/stats/cuped.hpp"

#include <cmath>

#include "numbers.hpp"

namespace headgate::stats {

std::optional<Cuped> cuped(const CupedInput& input) {
  const std::size_t n = input.y.size();
  if (n == 0 || input.x.size() != n || !all_finite(input.y) || !all_finite(input.x) || !std::isfinite(input.x_mean)) {
    return std::nullopt;
  }
  const double y_mean = mean_of(input.y);
  const double x_mean = mean_of(input.x);
  Cuped result;
  if (!all_equal(input.x)) {
    double product = 0.0;
    for (std::size_t i = 0; i < n; ++i) product += (input.y[i] - y_mean) * (input.x[i] - x_mean);
    result.slope = product / squares_about(input.x, x_mean);
  }
  result.mean = y_mean - result.slope * (x_mean - input.x_mean);
  if (!all_equal(input.y)) {
    double left = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      const double residual = (input.y[i] - y_mean) - result.slope * (input.x[i] - x_mean);
      left += residual * residual;
    }
    result.var_ratio = left / squares_about(input.y, y_mean);
  }
  return result;
}

}  // namespace headgate::stats
