#include "headgate/stats/weights.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "numbers.hpp"

namespace headgate::stats {

namespace {

bool are_weights(std::span<const double> weights) {
  return std::all_of(weights.begin(), weights.end(), [](double w) { return std::isfinite(w) && w >= 0.0; });
}

}  // namespace

std::optional<double> kish_ess(std::span<const double> weights) {
  if (!are_weights(weights)) return std::nullopt;
  // In units of the largest weight, so that squares of tiny or huge weights stay numbers.
  const double largest = weights.empty() ? 0.0 : *std::max_element(weights.begin(), weights.end());
  if (!(largest > 0.0)) return std::nullopt;
  double sum = 0.0;
  double squares = 0.0;
  for (const double w : weights) {
    sum += w / largest;
    squares += (w / largest) * (w / largest);
  }
  return sum * sum / squares;
}

std::optional<StratifiedMean> poststratified_mean(const StratifiedInput& input) {
  const std::size_t strata = input.target.size();
  if (strata == 0 || input.y.size() != input.stratum.size() || !all_finite(input.y) || !are_weights(input.target)) {
    return std::nullopt;
  }
  std::vector<std::vector<double>> values(strata);
  for (std::size_t i = 0; i < input.y.size(); ++i) {
    if (input.stratum[i] >= strata) return std::nullopt;
    values[input.stratum[i]].push_back(input.y[i]);
  }

  StratifiedMean result;
  double mean = 0.0;
  double variance = 0.0;
  bool has_variance = true;
  for (std::size_t h = 0; h < strata; ++h) {
    const double share = input.target[h];
    if (share == 0.0) continue;
    if (values[h].empty()) {
      result.uncovered_mass += share;
      continue;
    }
    const double n = real(values[h].size());
    const double own_mean = mean_of(values[h]);
    mean += share * own_mean;
    if (values[h].size() < 2) {
      has_variance = false;
    } else if (!all_equal(values[h])) {
      variance += share * share * squares_about(values[h], own_mean) / (n * (n - 1.0));
    }
  }
  if (result.uncovered_mass == 0.0) {
    result.mean = mean;
    if (has_variance) result.se = std::sqrt(variance);
  }
  return result;
}

}  // namespace headgate::stats
