// The score test of a mean of bounded values: the test that decides about quality.
//
// A t-interval has zero width when nothing differed, and then says "pass" from ten cases. This test asks instead how
// far the sample lies from the *hypothesis*, in units of the variance the hypothesis itself would imply: the largest
// variance is found by maximum likelihood over distributions on the observed values plus the far end of the range,
// constrained to the hypothesised mean (empirical likelihood, Owen 1988; Tango 1998 for the difference of paired
// proportions). On {-1, 0, 1} it *is* Tango's statistic, on {0, 1} it is Wilson's. T decreases as theta0 grows, so the
// bounds are the two values of theta0 at which T = +q and T = -q.
//
// Equal values are collapsed first, so the cost is one pass over the data and then O(distinct values), and results are
// bit-identical under permutation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "headgate/stats/bounds.hpp"
#include "headgate/stats/clusters.hpp"

namespace headgate::stats {

struct ScoreInput {
  std::span<const double> x;                     // each within [lo, hi]
  std::span<const double> weights = {};          // empty: all equal
  std::span<const std::uint32_t> clusters = {};  // empty: every value is its own cluster
  double lo = -1.0;
  double hi = 1.0;
  // The value that carries no information, for counting informative clusters: 0 for differences. Absent: the most
  // frequent value, which is right for scores on [0, 1].
  std::optional<double> neutral = 0.0;
};

// Whether the clustered variance and the t quantile are used at all.
enum class Dependence {
  when_present,  // only when two rows share a cluster or weights differ; otherwise R = 1/n and the normal quantile
  always,        // also for singletons, where R = 1/(n-1) and df = n-1
};

// A sample made ready for questions. Immutable and safe to share.
class ScoreSample {
 public:
  // Nothing for an empty sample, a value outside [lo, hi] or not finite, lo >= hi, or columns that do not fit together
  // (see ClusteredData). n = 1 is regular.
  static std::optional<ScoreSample> from(const ScoreInput& input, Dependence dependence = Dependence::when_present);

  double estimate() const { return estimate_; }
  // R, n_eff, clusters, informative clusters. df is +inf where the normal quantile is used and absent with a single
  // cluster of several rows, which supports no conclusion.
  const VarianceRatio& spread() const { return spread_; }

  // T(theta0), positive when the sample lies above theta0, 0 when it lies on it. Nothing unless lo < theta0 < hi.
  std::optional<double> statistic(double theta0) const;
  // The variance of one value under the constrained distribution with mean theta0 (sigma0^2). For planning.
  std::optional<double> null_variance(double theta0) const;
  // One-sided bounds. [lo, hi] when df is absent. Nothing for an alpha outside (0, 1/2).
  std::optional<Bounds> bounds(double alpha) const;

  // The q against which |T| is held: infinite when df is absent.
  double critical(double alpha) const;
  // P(T >= t) when theta0 is true: normal, or t with df; 1 when df is absent.
  double upper_tail(double t) const;

 private:
  struct Point {
    double x;
    double mass;  // sums to 1
  };
  ScoreSample() = default;
  double constrained_variance(double theta0) const;
  double unsigned_statistic(double theta0) const;

  std::vector<Point> points_;  // ascending, distinct, positive mass
  double lo_ = -1.0;
  double hi_ = 1.0;
  double estimate_ = 0.0;
  VarianceRatio spread_;
};

struct ScoreQuestion {
  double theta0 = 0.0;
  double alpha = 0.025;
};

struct ScoreResult {
  double estimate = 0.0;
  double lower = 0.0;
  double upper = 0.0;
  double statistic = 0.0;      // T(theta0)
  double critical = 0.0;       // q: T >= q proves "above theta0", T <= -q proves "below"
  double p_above = 1.0;        // one-sided p of "not above theta0"; small means proven above
  double p_below = 1.0;        // one-sided p of "not below theta0"; small means proven below
  double null_variance = 0.0;  // sigma0^2 at theta0
  std::size_t n = 0;
  double n_eff = 0.0;  // 1 / var_ratio
  double var_ratio = 1.0;
  std::size_t clusters = 0;
  std::size_t informative_clusters = 0;
  bool clustered = false;    // clustering is active
  bool guarded = false;      // full correlation within clusters was assumed
  std::optional<double> df;  // +inf: normal; absent: one cluster, so bounds are [lo, hi] and both p are 1
};

// Everything a rule needs, in one call. Nothing when ScoreSample::from has nothing, theta0 is not strictly inside
// (lo, hi), or alpha is outside (0, 1/2).
std::optional<ScoreResult> score_test(const ScoreInput& input, ScoreQuestion question);

}  // namespace headgate::stats
