#include "headgate/stats/paired.hpp"

#include <algorithm>
#include <cmath>

#include "headgate/stats/binomial.hpp"
#include "headgate/stats/distributions.hpp"
#include "roots.hpp"
#include "tango.hpp"

namespace headgate::stats {

namespace {

bool valid(const PairedCounts& counts) {
  return counts.n > 0 && counts.gains <= counts.n && counts.losses <= counts.n - counts.gains;
}

PairedCounts mirrored(const PairedCounts& counts) { return {counts.losses, counts.gains, counts.n}; }

double statistic(const PairedCounts& counts, double delta0) {
  return tango_statistic(static_cast<double>(counts.gains), static_cast<double>(counts.losses),
                         static_cast<double>(counts.n), delta0);
}

// T falls from +infinity at -1 to 0 at the estimate. T / (T + z) - 1/2 has the same root as T - z and finite ends.
double lower_bound(const PairedCounts& counts, double z) {
  const double estimate =
      (static_cast<double>(counts.gains) - static_cast<double>(counts.losses)) / static_cast<double>(counts.n);
  if (estimate <= -1.0) return -1.0;
  const auto excess = [&](double delta0) {
    const double t = statistic(counts, delta0);
    return std::isinf(t) ? 0.5 : t / (t + z) - 0.5;
  };
  return bracketed_root(excess, {-1.0, 0.5}, {estimate, -0.5});
}

}  // namespace

std::optional<double> paired_score_statistic(PairedCounts counts, double delta0) {
  if (!valid(counts) || !(delta0 > -1.0 && delta0 < 1.0)) return std::nullopt;
  return statistic(counts, delta0);
}

std::optional<Bounds> paired_score_bounds(PairedCounts counts, double alpha) {
  if (!valid(counts) || !is_level(alpha)) return std::nullopt;
  const double z = normal_upper_quantile(alpha);
  return Bounds{lower_bound(counts, z), -lower_bound(mirrored(counts), z)};
}

std::optional<Bounds> newcombe_paired(PairedTable table, double alpha) {
  if (!is_level(alpha)) return std::nullopt;
  const auto a = static_cast<double>(table.both);
  const auto b = static_cast<double>(table.candidate_only);
  const auto c = static_cast<double>(table.baseline_only);
  const auto d = static_cast<double>(table.neither);
  const double n = a + b + c + d;
  const auto candidate = wilson({a + b, n}, alpha);
  const auto baseline = wilson({a + c, n}, alpha);
  if (n == 0.0 || !candidate || !baseline) return std::nullopt;

  const double p1 = (a + b) / n;
  const double p2 = (a + c) / n;
  const double margins = (a + b) * (c + d) * (a + c) * (b + d);
  // A positive association is continuity-corrected towards 0, a negative one is taken as it is.
  const double cross = a * d - b * c;
  const double corrected = cross > 0.0 ? std::max(0.0, cross - n / 2.0) : cross;
  const double phi = margins > 0.0 ? corrected / std::sqrt(margins) : 0.0;
  const auto side = [phi](double one, double two) {
    return std::sqrt(std::max(0.0, one * one - 2.0 * phi * one * two + two * two));
  };
  const double difference = (b - c) / n;
  return Bounds{difference - side(p1 - candidate->lower, baseline->upper - p2),
                difference + side(candidate->upper - p1, p2 - baseline->lower)};
}

}  // namespace headgate::stats
