#include "headgate/stats/score.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "headgate/stats/distributions.hpp"
#include "numbers.hpp"
#include "roots.hpp"

namespace headgate::stats {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// How often one value came with one weight. Counting before adding makes sums independent of the order of arrival.
struct Tally {
  double x;
  double w;
  std::size_t count;

  bool before(double other_x, double other_w) const { return x < other_x || (x == other_x && w < other_w); }
};

// Few distinct values are the rule (pass or fail, rubrics): one pass with a small sorted table. Beyond that, sort.
std::vector<Tally> tally(const ScoreInput& input) {
  constexpr std::size_t small_table = 64;
  const auto weight = [&](std::size_t i) { return input.weights.empty() ? 1.0 : input.weights[i]; };
  std::vector<Tally> table;
  std::size_t next = 0;
  for (; next < input.x.size() && table.size() <= small_table; ++next) {
    const double x = input.x[next] + 0.0;  // -0 is 0
    const double w = weight(next);
    if (w == 0.0) continue;
    const auto place = std::partition_point(table.begin(), table.end(), [&](const Tally& t) { return t.before(x, w); });
    if (place != table.end() && place->x == x && place->w == w) {
      ++place->count;
    } else {
      table.insert(place, {x, w, 1});
    }
  }
  if (next == input.x.size()) return table;

  for (; next < input.x.size(); ++next) {
    if (weight(next) != 0.0) table.push_back({input.x[next] + 0.0, weight(next), 1});
  }
  std::sort(table.begin(), table.end(), [](const Tally& a, const Tally& b) { return a.before(b.x, b.w); });
  std::size_t kept = 0;
  for (std::size_t i = 1; i < table.size(); ++i) {
    if (table[i].x == table[kept].x && table[i].w == table[kept].w) {
      table[kept].count += table[i].count;
    } else {
      table[++kept] = table[i];
    }
  }
  table.resize(kept + 1);
  return table;
}

bool fits(const ScoreInput& input) {
  const std::size_t n = input.x.size();
  if (n == 0 || !std::isfinite(input.lo) || !std::isfinite(input.hi) || !(input.lo < input.hi)) return false;
  if (!input.weights.empty() && input.weights.size() != n) return false;
  if (!input.clusters.empty() && input.clusters.size() != n) return false;
  const auto usable_weight = [](double w) { return std::isfinite(w) && w >= 0.0; };
  return std::all_of(input.x.begin(), input.x.end(), [&](double x) { return x >= input.lo && x <= input.hi; }) &&
         std::all_of(input.weights.begin(), input.weights.end(), usable_weight);
}

// R = 1/n, normal quantile: what independent rows of equal weight get.
VarianceRatio independent(const std::vector<Tally>& table, std::optional<double> neutral) {
  VarianceRatio spread;
  std::size_t n = 0;
  std::size_t commonest = 0;
  std::size_t neutrals = 0;
  for (const Tally& t : table) {
    n += t.count;
    commonest = std::max(commonest, t.count);
    if (neutral && t.x == *neutral) neutrals = t.count;
  }
  spread.ratio = 1.0 / real(n);
  spread.df = infinity;
  spread.clusters = n;
  spread.informative = n - (neutral ? neutrals : commonest);
  return spread;
}

}  // namespace

std::optional<ScoreSample> ScoreSample::from(const ScoreInput& input, Dependence dependence) {
  if (!fits(input)) return std::nullopt;
  const std::vector<Tally> table = tally(input);
  if (table.empty()) return std::nullopt;

  const bool weighted = std::any_of(table.begin(), table.end(), [&](const Tally& t) { return t.w != table.front().w; });
  const bool dependent = weighted || dependence == Dependence::always || shares_clusters(input.clusters);

  ScoreSample sample;
  sample.lo_ = input.lo;
  sample.hi_ = input.hi;
  if (dependent) {
    const auto spread = variance_ratio({input.x, input.weights, input.clusters}, input.neutral);
    if (!spread) return std::nullopt;
    sample.spread_ = *spread;
  } else {
    sample.spread_ = independent(table, input.neutral);
  }

  double total = 0.0;
  double sum = 0.0;
  for (const Tally& t : table) {
    const double mass = real(t.count) * (weighted ? t.w : 1.0);
    if (sample.points_.empty() || sample.points_.back().x != t.x) sample.points_.push_back({t.x, 0.0});
    sample.points_.back().mass += mass;
    total += mass;
    sum += mass * t.x;
  }
  for (Point& point : sample.points_) point.mass /= total;
  sample.estimate_ = sample.points_.size() == 1 ? sample.points_.front().x : sum / total;
  return sample;
}

// Measured from the far end of the range in units of the hypothesised mean's distance to it, v = (x - lo) / (theta0 -
// lo), the maximum-likelihood distribution is p = w / (v + u (1 - v)) with one multiplier u in [0, 1], and the
// hypothesis reads sum p v = 1. u = 0 is the case in which the likelihood would rather leave some mass at the far end
// itself. H(u) = u sum w (v - 1) / (v + u (1 - v)) is convex and positive at u = 1, so Newton's steps from there fall
// monotonically on the root and need no safeguard but a bound.
double ScoreSample::constrained_variance(double theta0) const {
  constexpr int max_steps = 200;  // about log2 of the largest v, plus 6; v is below 2^60 in anything measured
  const bool above = estimate_ > theta0;
  const double unit = above ? theta0 - lo_ : hi_ - theta0;
  const auto place = [&](double x) { return (above ? x - lo_ : hi_ - x) / unit; };
  const bool reaches_far_end = above ? points_.front().x <= lo_ : points_.back().x >= hi_;

  double u = 0.0;
  double leftover = -1.0;
  if (!reaches_far_end) {
    leftover = 1.0;
    for (const Point& point : points_) leftover -= point.mass / place(point.x);
  }
  if (leftover < 0.0) {
    leftover = 0.0;
    u = 1.0;
    for (int step = 0; step < max_steps; ++step) {
      double value = 0.0;
      double slope = 0.0;
      for (const Point& point : points_) {
        const double v = place(point.x);
        const double share = point.mass * (v - 1.0) / (v + u * (1.0 - v));
        value += share;
        slope += share * v / (v + u * (1.0 - v));
      }
      value *= u;
      if (!(value > 0.0) || !(slope > 0.0)) break;
      const double next = u - value / slope;
      if (!(next < u) || !(next > 0.0)) break;
      const bool settled = u - next <= 1e-16 * u;
      u = next;
      if (settled) break;
    }
  }

  double variance = leftover;
  for (const Point& point : points_) {
    const double v = place(point.x);
    variance += point.mass / (v + u * (1.0 - v)) * (v - 1.0) * (v - 1.0);
  }
  return variance * unit * unit;
}

// Callers make sure that theta0 is inside the range and not the estimate.
double ScoreSample::unsigned_statistic(double theta0) const {
  const double variance = constrained_variance(theta0) * spread_.ratio;
  const double distance = std::abs(estimate_ - theta0);
  return variance > 0.0 ? distance / std::sqrt(variance) : infinity;
}

std::optional<double> ScoreSample::statistic(double theta0) const {
  if (!(theta0 > lo_ && theta0 < hi_)) return std::nullopt;
  if (theta0 == estimate_) return 0.0;
  return std::copysign(unsigned_statistic(theta0), estimate_ - theta0);
}

std::optional<double> ScoreSample::null_variance(double theta0) const {
  if (!(theta0 > lo_ && theta0 < hi_)) return std::nullopt;
  return constrained_variance(theta0);
}

double ScoreSample::critical(double alpha) const {
  return spread_.df ? t_upper_quantile(alpha, *spread_.df) : infinity;
}

double ScoreSample::upper_tail(double t) const { return spread_.df ? t_upper_tail(t, *spread_.df) : 1.0; }

std::optional<Bounds> ScoreSample::bounds(double alpha) const {
  if (!is_level(alpha)) return std::nullopt;
  const double q = critical(alpha);
  if (std::isinf(q)) return Bounds{lo_, hi_};
  // T goes to infinity at the ends of the range and to 0 at the estimate; T / (T + q) - 1/2 has the same root as T - q
  // and finite ends.
  const auto excess = [&](double theta0) {
    const double t = theta0 == estimate_ ? 0.0 : unsigned_statistic(theta0);
    return std::isinf(t) ? 0.5 : t / (t + q) - 0.5;
  };
  Bounds bounds{lo_, hi_};
  if (estimate_ > lo_) bounds.lower = bracketed_root(excess, {lo_, 0.5}, {estimate_, -0.5});
  if (estimate_ < hi_) bounds.upper = bracketed_root(excess, {hi_, 0.5}, {estimate_, -0.5});
  return bounds;
}

std::optional<ScoreResult> score_test(const ScoreInput& input, ScoreQuestion question) {
  const auto sample = ScoreSample::from(input);
  if (!sample) return std::nullopt;
  const auto statistic = sample->statistic(question.theta0);
  const auto bounds = sample->bounds(question.alpha);
  if (!statistic || !bounds) return std::nullopt;

  const VarianceRatio& spread = sample->spread();
  ScoreResult result;
  result.estimate = sample->estimate();
  result.lower = bounds->lower;
  result.upper = bounds->upper;
  result.statistic = *statistic;
  result.critical = sample->critical(question.alpha);
  result.p_above = sample->upper_tail(*statistic);
  result.p_below = sample->upper_tail(-*statistic);
  result.null_variance = sample->null_variance(question.theta0).value_or(0.0);
  result.n = input.x.size();
  result.n_eff = spread.n_eff();
  result.var_ratio = spread.ratio;
  result.clusters = spread.clusters;
  result.informative_clusters = spread.informative;
  result.clustered = spread.shared;
  result.guarded = spread.guarded;
  result.df = spread.df;
  return result;
}

}  // namespace headgate::stats
