// Shares of cases on which something happened, with exact bounds: severe failures, errors, the floor.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "headgate/stats/bounds.hpp"
#include "judgement.hpp"

namespace headgate::gate {

struct RateBounds {
  double hits = 0.0;
  std::size_t n = 0;
  double n_eff = 0.0;
  stats::Bounds bounds{0.0, 1.0};
  std::size_t clusters = 0;
  std::optional<std::size_t> informative_clusters;  // where clusters are shared

  double share() const { return n == 0 ? 0.0 : hits / static_cast<double>(n); }
};

// Clopper-Pearson, at an effective size where cases share clusters. No case gives [0, 1].
RateBounds rate_bounds(const View& view, std::span<const CaseIndex> cases, const std::function<bool(CaseIndex)>& hit,
                       double level);

// Estimate, interval, n, clusters and method.
void describe(Finding& finding, const RateBounds& rates);

// Cases needed to show a rate of at most `max_rate`: if the share of hits stays (`steady`), or if no further case is
// hit. Nothing when no number would do.
enum class Hope { steady, no_more_hits };
std::optional<std::size_t> cases_to_show(const RateBounds& rates, double max_rate, double level, Hope hope);

}  // namespace headgate::gate
