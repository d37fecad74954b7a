#include "rates.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "headgate/base/assert.hpp"
#include "headgate/stats/binomial.hpp"
#include "headgate/stats/clusters.hpp"

namespace headgate::gate {
namespace {

// Beyond this many cases "collect more" is no advice.
constexpr std::uint64_t most_cases = std::uint64_t{1} << 40;

}  // namespace

RateBounds rate_bounds(const View& view, std::span<const CaseIndex> cases, const std::function<bool(CaseIndex)>& hit,
                       double level) {
  RateBounds rates;
  rates.n = cases.size();
  rates.n_eff = static_cast<double>(cases.size());
  std::vector<double> hits;
  std::vector<std::uint32_t> clusters;
  hits.reserve(cases.size());
  clusters.reserve(cases.size());
  for (const CaseIndex item : cases) {
    hits.push_back(hit(item) ? 1.0 : 0.0);
    clusters.push_back(view.facts(item).cluster);
    rates.hits += hits.back();
  }
  rates.clusters = cases.size();
  if (!stats::shares_clusters(clusters)) {
    const auto exact = stats::clopper_pearson({rates.hits, rates.n_eff}, level);
    HG_ASSERT(exact);
    rates.bounds = *exact;
    return rates;
  }
  const auto clustered = stats::clustered_proportion_bounds(hits, clusters, level);
  HG_ASSERT(clustered);
  rates.n_eff = clustered->n_eff;
  rates.bounds = clustered->bounds;
  rates.clusters = clustered->clusters;
  rates.informative_clusters = clustered->informative;
  return rates;
}

void describe(Finding& finding, const RateBounds& rates) {
  finding.estimate = rates.n == 0 ? std::nullopt : std::optional(rates.share());
  finding.lower = rates.bounds.lower;
  finding.upper = rates.bounds.upper;
  finding.n = rates.n;
  finding.n_eff = rates.n_eff;
  finding.clusters = rates.clusters;
  finding.informative_clusters = rates.informative_clusters;
  finding.method = rates.informative_clusters ? "clopper_pearson_clustered" : "clopper_pearson";
}

std::optional<std::size_t> cases_to_show(const RateBounds& rates, double max_rate, double level, Hope hope) {
  if (rates.n == 0) {
    const auto least = stats::min_n_zero_failures(max_rate, level);
    return least ? std::optional(static_cast<std::size_t>(*least)) : std::nullopt;
  }
  if (max_rate <= 0.0 || (hope == Hope::steady && rates.share() >= max_rate)) return std::nullopt;
  const double design_effect = static_cast<double>(rates.n) / rates.n_eff;
  const double hits = rates.hits / design_effect;
  const auto shown_by = [&](std::uint64_t n) {
    const auto size = static_cast<double>(n);
    const double x = hope == Hope::steady ? rates.share() * size : std::min(hits, size);
    const auto bounds = stats::clopper_pearson({x, size}, level);
    return bounds && bounds->upper <= max_rate;
  };
  std::uint64_t enough = 1;
  while (!shown_by(enough)) {
    enough *= 2;
    if (enough > most_cases) return std::nullopt;
  }
  std::uint64_t too_few = enough / 2;
  while (enough - too_few > 1) {
    const std::uint64_t middle = too_few + (enough - too_few) / 2;
    (shown_by(middle) ? enough : too_few) = middle;
  }
  return static_cast<std::size_t>(std::ceil(static_cast<double>(enough) * design_effect));
}

}  // namespace headgate::gate
