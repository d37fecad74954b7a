#include "headgate/stats/ratio.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "headgate/stats/clusters.hpp"
#include "headgate/stats/distributions.hpp"
#include "numbers.hpp"

namespace headgate::stats {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

bool fits(const RatioInput& input) {
  const std::size_t n = input.cost.size();
  return n > 0 && input.success.size() == n && (input.clusters.empty() || input.clusters.size() == n) &&
         all_finite(input.cost) && all_finite(input.success) && std::isfinite(input.budget) && input.budget > 0.0;
}

struct Columns {
  std::vector<double> cost;
  std::vector<double> success;
  std::vector<double> z;
};

// Rows in the order of their contents, so that sums do not depend on the order of arrival.
Columns sorted_columns(const RatioInput& input) {
  std::vector<std::pair<double, double>> rows;
  rows.reserve(input.cost.size());
  for (std::size_t i = 0; i < input.cost.size(); ++i) rows.emplace_back(input.cost[i], input.success[i]);
  std::sort(rows.begin(), rows.end());
  Columns columns;
  for (const auto& [cost, success] : rows) {
    columns.cost.push_back(cost);
    columns.success.push_back(success);
    columns.z.push_back(cost - input.budget * success);
  }
  return columns;
}

std::optional<Bounds> fieller(const Columns& columns, double alpha) {
  if (columns.cost.size() < 2) return std::nullopt;
  const double n = real(columns.cost.size());
  const double cost = mean_of(columns.cost);
  const double success = mean_of(columns.success);
  double product = 0.0;
  for (std::size_t i = 0; i < columns.cost.size(); ++i) {
    product += (columns.cost[i] - cost) * (columns.success[i] - success);
  }
  const double scale = 1.0 / (n * (n - 1.0));
  const double q = t_upper_quantile(alpha, n - 1.0);
  const double a = success * success - q * q * squares_about(columns.success, success) * scale;
  const double b = cost * success - q * q * product * scale;
  const double c = cost * cost - q * q * squares_about(columns.cost, cost) * scale;
  const double discriminant = b * b - a * c;
  if (!(a > 0.0) || discriminant < 0.0) return std::nullopt;
  const double root = std::sqrt(discriminant);
  return Bounds{(b - root) / a, (b + root) / a};
}

// Mean, standard error and degrees of freedom of z.
ClusterMean plain_mean(const std::vector<double>& z) {
  ClusterMean result;
  result.clusters = z.size();
  result.mean = all_equal(z) ? z.front() : mean_of(z);
  if (z.size() > 1) {
    const double n = real(z.size());
    result.se = all_equal(z) ? 0.0 : std::sqrt(squares_about(z, result.mean) / (n * (n - 1.0)));
    result.df = n - 1.0;
  }
  return result;
}

ClusterMean clustered_mean(const RatioInput& input) {
  std::vector<double> z;
  z.reserve(input.cost.size());
  for (std::size_t i = 0; i < input.cost.size(); ++i) z.push_back(input.cost[i] - input.budget * input.success[i]);
  return cluster_mean({z, {}, input.clusters}).value_or(ClusterMean{});
}

}  // namespace

std::optional<RatioBudget> ratio_budget(const RatioInput& input, double alpha) {
  if (!fits(input) || !is_level(alpha)) return std::nullopt;
  const Columns columns = sorted_columns(input);
  const ClusterMean z = shares_clusters(input.clusters) ? clustered_mean(input) : plain_mean(columns.z);

  RatioBudget result;
  result.n = input.cost.size();
  result.mean = z.mean;
  result.se = z.se;
  result.df = z.df;
  result.z_bounds = {-infinity, infinity};
  if (z.se && z.df) {
    const double half = t_upper_quantile(alpha, *z.df) * *z.se;
    result.z_bounds = {z.mean - half, z.mean + half};
    if (*z.se > 0.0) {
      result.t = z.mean / *z.se;
    } else if (z.mean != 0.0) {
      result.t = std::copysign(infinity, z.mean);
    }
  }
  const double success = mean_of(columns.success);
  if (success > 0.0) result.ratio = mean_of(columns.cost) / success;
  result.fieller = fieller(columns, alpha);
  return result;
}

}  // namespace headgate::stats
