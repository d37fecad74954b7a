// What graders measured on the way, on both arms. Told, and no rule.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "headgate/stats/clusters.hpp"
#include "headgate/stats/distributions.hpp"
#include "judgement.hpp"
#include "sections.hpp"

namespace headgate::gate {
namespace {

// Over the trials that have it, smallest first, so that their order cannot reach the last bit; NaN where none has.
double of_case(const View& view, const MeasureColumn& column, CaseIndex item, Arm arm) {
  std::vector<float> values;
  for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
    const float value = column.values[cell_index({item, trial, arm}, view.trials())];
    if (!std::isnan(value)) values.push_back(value);
  }
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

void compare(const std::vector<double>& differences, const std::vector<std::uint32_t>& clusters, MeasureSummary& out) {
  out.pairs = differences.size();
  const auto mean = stats::cluster_mean({differences, {}, clusters});
  if (!mean) return;
  out.difference = mean->mean;
  if (!mean->se || !mean->df || *mean->se == 0.0) return;  // where nothing varies, a width of 0 would be a lie
  const double half = stats::t_upper_quantile(alpha, *mean->df) * *mean->se;
  if (!std::isfinite(half)) return;
  out.lower = mean->mean - half;
  out.upper = mean->mean + half;
}

MeasureSummary summary_of(const View& view, const MeasureColumn& column) {
  MeasureSummary out;
  out.name = column.name;
  std::array<double, 2> sums{};
  std::vector<double> differences;
  std::vector<std::uint32_t> clusters;
  for (CaseIndex item = 0; item < view.cases(); ++item) {
    std::array<double, 2> values{};
    for (const Arm arm : both_arms) {
      const auto index = static_cast<std::size_t>(arm);
      values[index] = of_case(view, column, item, arm);
      if (std::isnan(values[index])) continue;
      sums[index] += values[index];
      ++out.arms[index].cases;
    }
    if (std::isnan(values[0]) || std::isnan(values[1])) continue;
    differences.push_back(values[1] - values[0]);
    clusters.push_back(view.facts(item).cluster);
  }
  for (std::size_t arm = 0; arm < 2; ++arm) {
    if (out.arms[arm].cases > 0) out.arms[arm].mean = sums[arm] / static_cast<double>(out.arms[arm].cases);
  }
  compare(differences, clusters, out);
  return out;
}

}  // namespace

std::vector<MeasureSummary> measures(const View& view) {
  std::vector<MeasureSummary> out;
  for (const MeasureColumn& column : view.evidence().measures) out.push_back(summary_of(view, column));
  return out;
}

}  // namespace headgate::gate
