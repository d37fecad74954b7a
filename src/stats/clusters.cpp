#include "headgate/stats/clusters.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "headgate/stats/binomial.hpp"
#include "numbers.hpp"

namespace headgate::stats {

namespace {

struct Row {
  std::uint64_t cluster;
  double x;
  double w;
};

// What the formulas need to know of one cluster, in their letters.
struct Cluster {
  std::size_t first = 0;  // rows [first, last)
  std::size_t last = 0;
  double w = 0.0;    // W_g
  double q = 0.0;    // Q_g = sum w^2
  double sum = 0.0;  // sum w x
  double t = 0.0;    // T_g = sum w (x - mean)

  std::size_t size() const { return last - first; }
};

struct Grouped {
  std::vector<Row> rows;  // sorted by cluster, then value, then weight
  std::vector<Cluster> clusters;
  double w = 0.0;  // W
  double mean = 0.0;
  double lowest = 0.0;
  double highest = 0.0;
  bool weighted = false;

  bool all_equal() const { return lowest == highest; }
};

bool fits(const ClusteredData& data) {
  const std::size_t n = data.x.size();
  return n > 0 && (data.weights.empty() || data.weights.size() == n) &&
         (data.clusters.empty() || data.clusters.size() == n) && all_finite(data.x) && all_finite(data.weights) &&
         std::none_of(data.weights.begin(), data.weights.end(), [](double w) { return w < 0.0; });
}

std::vector<Row> sorted_rows(const ClusteredData& data) {
  // Ids beyond 32 bits stand for "no cluster named".
  constexpr std::uint64_t nameless = std::uint64_t{1} << 32U;
  std::vector<Row> rows;
  rows.reserve(data.x.size());
  for (std::size_t i = 0; i < data.x.size(); ++i) {
    const double w = data.weights.empty() ? 1.0 : data.weights[i];
    if (w == 0.0) continue;
    rows.push_back({data.clusters.empty() ? nameless + i : data.clusters[i], data.x[i] + 0.0, w});
  }
  std::sort(rows.begin(), rows.end(),
            [](const Row& a, const Row& b) { return std::tie(a.cluster, a.x, a.w) < std::tie(b.cluster, b.x, b.w); });
  return rows;
}

// Sums are taken in an order that neither the order of rows nor the names of clusters can change: rows by value within
// a cluster, clusters by their own sums.
std::optional<Grouped> group(const ClusteredData& data) {
  if (!fits(data)) return std::nullopt;
  Grouped grouped;
  grouped.rows = sorted_rows(data);
  if (grouped.rows.empty()) return std::nullopt;
  const auto& rows = grouped.rows;

  grouped.lowest = grouped.highest = rows.front().x;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    if (i == 0 || row.cluster != rows[i - 1].cluster) {
      grouped.clusters.emplace_back();
      grouped.clusters.back().first = i;
    }
    Cluster& cluster = grouped.clusters.back();
    cluster.last = i + 1;
    cluster.w += row.w;
    cluster.q += row.w * row.w;
    cluster.sum += row.w * row.x;
    grouped.lowest = std::min(grouped.lowest, row.x);
    grouped.highest = std::max(grouped.highest, row.x);
    grouped.weighted = grouped.weighted || row.w != rows.front().w;
  }
  std::sort(grouped.clusters.begin(), grouped.clusters.end(),
            [](const Cluster& a, const Cluster& b) { return std::tie(a.w, a.q, a.sum) < std::tie(b.w, b.q, b.sum); });
  double sum = 0.0;
  for (const Cluster& cluster : grouped.clusters) {
    grouped.w += cluster.w;
    sum += cluster.sum;
  }
  // A mean of equal values is that value, not that value give or take a rounding.
  grouped.mean = grouped.all_equal() ? grouped.lowest : sum / grouped.w;

  for (Cluster& cluster : grouped.clusters) {
    for (std::size_t i = cluster.first; i < cluster.last; ++i) cluster.t += rows[i].w * (rows[i].x - grouped.mean);
  }
  std::sort(grouped.clusters.begin(), grouped.clusters.end(),
            [](const Cluster& a, const Cluster& b) { return std::tie(a.w, a.q, a.t) < std::tie(b.w, b.q, b.t); });
  return grouped;
}

struct Cr2 {
  double variance = 0.0;  // V
  std::optional<double> df;
};

// Needs two clusters. Both differences below are written out so that nothing cancels for a cluster that holds nearly
// all the weight: C_g = Q_g (1 - p)^2 + p^2 (S - Q_g), and C^2 - (C - Q)^2 = Q (2 C - Q).
Cr2 cr2(const Grouped& grouped) {
  double s = 0.0;
  for (const Cluster& cluster : grouped.clusters) s += cluster.q;

  Cr2 result;
  double a_pp = 0.0;
  double a_qq = 0.0;
  double a_pq = 0.0;
  double own = 0.0;
  for (const Cluster& cluster : grouped.clusters) {
    const double p = cluster.w / grouped.w;
    const double rest = (grouped.w - cluster.w) / grouped.w;
    const double c = cluster.q * rest * rest + p * p * (s - cluster.q);
    const double a = c > 0.0 ? cluster.q / c : 0.0;
    result.variance += a * cluster.t * cluster.t;
    a_pp += a * p * p;
    a_qq += a * cluster.q * cluster.q;
    a_pq += a * p * cluster.q;
    own += a * a * cluster.q * (2.0 * c - cluster.q);
  }
  result.variance /= grouped.w * grouped.w;
  const double d = 2.0 * a_pp * a_qq + a_pp * a_pp * s * s + 2.0 * a_pq * a_pq - 4.0 * a_pp * a_pq * s + own;
  if (d > 0.0) result.df = s * s / d;
  return result;
}

// s^2 = sum w (x - mean)^2 / W, and exactly 0 for equal values. Summed by size, for the same reason as in group().
double value_variance(const Grouped& grouped) {
  if (grouped.all_equal()) return 0.0;
  std::vector<double> terms;
  terms.reserve(grouped.rows.size());
  for (const Row& row : grouped.rows) terms.push_back(row.w * (row.x - grouped.mean) * (row.x - grouped.mean));
  std::sort(terms.begin(), terms.end());
  double sum = 0.0;
  for (const double term : terms) sum += term;
  return sum / grouped.w;
}

// The most frequent value; of several, the smallest.
double most_frequent(const Grouped& grouped) {
  std::vector<double> values;
  values.reserve(grouped.rows.size());
  for (const Row& row : grouped.rows) values.push_back(row.x);
  std::sort(values.begin(), values.end());
  double best = values.front();
  std::size_t best_count = 0;
  for (std::size_t i = 0; i < values.size();) {
    std::size_t end = i;
    while (end < values.size() && values[end] == values[i]) ++end;
    if (end - i > best_count) {
      best_count = end - i;
      best = values[i];
    }
    i = end;
  }
  return best;
}

template <typename Predicate>
std::size_t clusters_holding(const Grouped& grouped, const Predicate& wanted) {
  return static_cast<std::size_t>(
      std::count_if(grouped.clusters.begin(), grouped.clusters.end(), [&](const Cluster& cluster) {
        for (std::size_t i = cluster.first; i < cluster.last; ++i) {
          if (wanted(grouped.rows[i].x)) return true;
        }
        return false;
      }));
}

}  // namespace

bool shares_clusters(std::span<const std::uint32_t> clusters) {
  std::vector<std::uint32_t> ids(clusters.begin(), clusters.end());
  std::sort(ids.begin(), ids.end());
  return std::adjacent_find(ids.begin(), ids.end()) != ids.end();
}

std::optional<ClusterMean> cluster_mean(const ClusteredData& data) {
  const auto grouped = group(data);
  if (!grouped) return std::nullopt;
  ClusterMean result;
  result.mean = grouped->mean;
  result.clusters = grouped->clusters.size();
  if (result.clusters > 1) {
    const Cr2 estimate = cr2(*grouped);
    result.se = std::sqrt(estimate.variance);
    result.df = estimate.df;
  }
  return result;
}

std::optional<VarianceRatio> variance_ratio(const ClusteredData& data, std::optional<double> neutral) {
  const auto grouped = group(data);
  if (!grouped) return std::nullopt;

  const double silent = neutral ? *neutral : most_frequent(*grouped);
  VarianceRatio result;
  result.clusters = grouped->clusters.size();
  result.informative = clusters_holding(*grouped, [silent](double x) { return x != silent; });
  result.weighted = grouped->weighted;

  double squares = 0.0;          // sum w^2
  double cluster_squares = 0.0;  // sum W_g^2
  for (const Cluster& cluster : grouped->clusters) {
    squares += cluster.q;
    cluster_squares += cluster.w * cluster.w;
    result.shared = result.shared || cluster.size() > 1;
  }
  const double total = grouped->w * grouped->w;
  const double kish = squares / total;
  const double full = cluster_squares / total;

  const double spread = value_variance(*grouped);
  result.ratio = kish;
  result.guarded = result.informative < trusted_informative_clusters;
  if (result.clusters > 1) {
    const Cr2 estimate = cr2(*grouped);
    result.df = estimate.df;
    if (spread > 0.0) result.ratio = std::max(kish, estimate.variance / spread);
  }
  if (result.guarded || spread == 0.0) result.ratio = std::max(result.ratio, full);
  return result;
}

std::optional<ClusteredProportion> clustered_proportion_bounds(std::span<const double> x,
                                                               std::span<const std::uint32_t> clusters, double alpha) {
  if (std::any_of(x.begin(), x.end(), [](double value) { return value != 0.0 && value != 1.0; })) return std::nullopt;
  const auto grouped = group({x, {}, clusters});
  if (!grouped) return std::nullopt;

  const double n = grouped->w;
  const double p = grouped->mean;
  const double rarer = p <= 0.5 ? 1.0 : 0.0;
  ClusteredProportion result;
  result.estimate = p;
  result.clusters = grouped->clusters.size();
  result.informative = clusters_holding(*grouped, [rarer](double value) { return value == rarer; });

  result.n_eff = n;
  if (result.clusters > 1) {
    const double variance = cr2(*grouped).variance;
    if (variance > 0.0) result.n_eff = std::clamp(p * (1.0 - p) / variance, 1.0, n);
  }
  if (result.informative < trusted_informative_clusters) {
    double squares = 0.0;
    for (const Cluster& cluster : grouped->clusters) squares += real(cluster.size()) * real(cluster.size());
    result.n_eff = std::min(result.n_eff, n * n / squares);
  }
  const auto bounds = clopper_pearson({p * result.n_eff, result.n_eff}, alpha);
  if (!bounds) return std::nullopt;
  result.bounds = *bounds;
  return result;
}

}  // namespace headgate::stats
