#include "headgate/stats/ppi.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "numbers.hpp"

namespace headgate::stats {

namespace {

// With n - 1; equal values have none.
double variance_of(std::span<const double> values) {
  if (values.size() < 2 || all_equal(values)) return 0.0;
  return squares_about(values, mean_of(values)) / (real(values.size()) - 1.0);
}

double covariance_of(std::span<const double> a, std::span<const double> b) {
  const double mean_a = mean_of(a);
  const double mean_b = mean_of(b);
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - mean_a) * (b[i] - mean_b);
  return sum / (real(a.size()) - 1.0);
}

double tuned_lambda(const PpiInput& input) {
  if (input.judged_rest.empty()) return 0.0;
  std::vector<double> judged(input.judged_labelled.begin(), input.judged_labelled.end());
  judged.insert(judged.end(), input.judged_rest.begin(), input.judged_rest.end());
  const double variance = variance_of(judged);
  if (!(variance > 0.0)) return 0.0;
  const double ratio = real(input.labels.size()) / real(input.judged_rest.size());
  return std::clamp(covariance_of(input.labels, input.judged_labelled) / ((1.0 + ratio) * variance), 0.0, 1.0);
}

struct Weighted {
  double mean = 0.0;
  double variance = 0.0;  // of the mean
  std::size_t df = 0;
};

Weighted weighted_mean(std::span<const double> values, std::span<const double> weights) {
  const double n = real(values.size());
  if (weights.empty() || all_equal(weights)) return {mean_of(values), variance_of(values) / n, values.size() - 1};
  double sum = 0.0, squares = 0.0, weighted = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum += weights[i];
    squares += weights[i] * weights[i];
    weighted += weights[i] * values[i];
  }
  Weighted out{weighted / sum, 0.0, 1};
  const double effective = std::floor(sum * sum / squares);
  if (effective > 2.0) out.df = static_cast<std::size_t>(effective) - 1;
  if (all_equal(values)) return out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double share = weights[i] / sum * (values[i] - out.mean);
    out.variance += share * share;
  }
  out.variance *= n / (n - 1.0);
  return out;
}

bool are_weights(std::span<const double> weights, std::size_t n) {
  if (weights.empty()) return true;
  return weights.size() == n && all_finite(weights) && std::ranges::all_of(weights, [](double w) { return w > 0.0; });
}

}  // namespace

std::optional<PpiMean> ppi_mean(const PpiInput& input) {
  const std::size_t n = input.labels.size();
  if (n < 2 || input.judged_labelled.size() != n || !all_finite(input.labels) || !all_finite(input.judged_labelled) ||
      !all_finite(input.judged_rest) || !are_weights(input.weights, n) ||
      (input.lambda && !(*input.lambda >= 0.0 && *input.lambda <= 1.0))) {
    return std::nullopt;
  }
  PpiMean result;
  result.lambda = input.lambda ? *input.lambda : tuned_lambda(input);

  std::vector<double> rectifier;
  rectifier.reserve(n);
  for (std::size_t i = 0; i < n; ++i) rectifier.push_back(input.labels[i] - result.lambda * input.judged_labelled[i]);
  const Weighted corrected = weighted_mean(rectifier, input.weights);
  result.mean = corrected.mean;
  result.df = corrected.df;
  double variance = corrected.variance;
  if (!input.judged_rest.empty()) {
    result.mean += result.lambda * mean_of(input.judged_rest);
    variance += result.lambda * result.lambda * variance_of(input.judged_rest) / real(input.judged_rest.size());
  }
  result.se = std::sqrt(variance);
  return result;
}

}  // namespace headgate::stats
