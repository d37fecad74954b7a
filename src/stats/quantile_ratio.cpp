#include "headgate/stats/quantile_ratio.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "headgate/stats/quantile.hpp"
#include "numbers.hpp"
#include "random.hpp"

namespace headgate::stats {

namespace {

using Pair = std::pair<double, double>;
using Group = std::vector<Pair>;

bool fits(const QuantileRatioInput& input) {
  const auto usable = [](double v) { return v >= 0.0; };  // also refuses NaN
  const std::size_t n = input.numerator.size();
  return n > 0 && n < std::numeric_limits<std::uint32_t>::max() && input.denominator.size() == n &&
         (input.clusters.empty() || input.clusters.size() == n) && input.q > 0.0 && input.q < 1.0 &&
         std::all_of(input.numerator.begin(), input.numerator.end(), usable) &&
         std::all_of(input.denominator.begin(), input.denominator.end(), usable);
}

// What is drawn: clusters with both arms together, in an order that depends on their contents only.
std::vector<Group> groups_of(const QuantileRatioInput& input) {
  std::vector<Group> groups;
  if (input.clusters.empty()) {
    for (std::size_t i = 0; i < input.numerator.size(); ++i) {
      groups.push_back({{input.numerator[i], input.denominator[i]}});
    }
  } else {
    std::map<std::uint32_t, Group> by_id;
    for (std::size_t i = 0; i < input.numerator.size(); ++i) {
      by_id[input.clusters[i]].emplace_back(input.numerator[i], input.denominator[i]);
    }
    for (auto& [id, group] : by_id) {
      std::sort(group.begin(), group.end());
      groups.push_back(std::move(group));
    }
  }
  std::sort(groups.begin(), groups.end());
  return groups;
}

// Type 7 without sorting everything: the values on both sides of the position are enough.
double quantile_of(std::vector<double>& values, double q) {
  const double position = q * real(values.size() - 1);
  const auto below = static_cast<std::ptrdiff_t>(position);
  std::nth_element(values.begin(), values.begin() + below, values.end());
  const double low = values[static_cast<std::size_t>(below)];
  if (values.begin() + below + 1 == values.end()) return low;
  const double neighbours[] = {low, *std::min_element(values.begin() + below + 1, values.end())};
  return quantile_type7(neighbours, position - static_cast<double>(below)).value_or(low);
}

double ratio_of(double numerator, double denominator) {
  if (numerator == denominator) return 1.0;  // also 0/0 and inf/inf
  if (denominator == 0.0) return std::numeric_limits<double>::infinity();
  return numerator / denominator;
}

}  // namespace

std::optional<QuantileRatio> quantile_ratio_bootstrap(const QuantileRatioInput& input, const BootstrapPlan& plan) {
  if (!fits(input) || !is_level(plan.alpha) || plan.replicates == 0) return std::nullopt;
  const std::vector<Group> groups = groups_of(input);

  std::vector<double> numerator(input.numerator.begin(), input.numerator.end());
  std::vector<double> denominator(input.denominator.begin(), input.denominator.end());
  QuantileRatio result;
  result.estimate = ratio_of(quantile_of(numerator, input.q), quantile_of(denominator, input.q));

  Random random(plan.seed);
  std::vector<double> ratios;
  ratios.reserve(plan.replicates);
  for (std::uint32_t replicate = 0; replicate < plan.replicates; ++replicate) {
    numerator.clear();
    denominator.clear();
    for (std::size_t draw = 0; draw < groups.size(); ++draw) {
      for (const auto& [above, below] : groups[random.below(groups.size())]) {
        numerator.push_back(above);
        denominator.push_back(below);
      }
    }
    ratios.push_back(ratio_of(quantile_of(numerator, input.q), quantile_of(denominator, input.q)));
    if (std::isinf(ratios.back())) ++result.infinite_replicates;
  }
  std::sort(ratios.begin(), ratios.end());
  result.bounds.lower = quantile_type7(ratios, plan.alpha).value_or(0.0);
  result.bounds.upper = quantile_type7(ratios, 1.0 - plan.alpha).value_or(0.0);
  return result;
}

}  // namespace headgate::stats
