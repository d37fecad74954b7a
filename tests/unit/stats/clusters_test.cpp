#include "headgate/stats/clusters.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "headgate/stats/binomial.hpp"
#include "unit/stats/random_values.hpp"

using namespace headgate::stats;
using headgate::test::RandomValues;
using headgate::test::reordered;

namespace {

using Ids = std::vector<std::uint32_t>;

double sample_variance(const std::vector<double>& values) {
  double mean = 0.0;
  for (const double v : values) mean += v / static_cast<double>(values.size());
  double squares = 0.0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return squares / (static_cast<double>(values.size()) - 1.0);
}

}  // namespace

TEST_CASE("singletons have the standard error of any textbook and n - 1 degrees of freedom") {
  const std::vector<double> x{0.7, 0.2, 0.5, 0.1, 0.9, 0.4};
  const Ids ids{5, 3, 9, 1, 2, 8};
  for (const auto& result : {cluster_mean({x, {}, ids}), cluster_mean({x, {}, {}})}) {
    REQUIRE(result);
    CHECK(*result->se == Approx(std::sqrt(sample_variance(x) / 6.0)).epsilon(1e-13));
    CHECK(*result->df == Approx(5.0).epsilon(1e-12));
    CHECK(result->clusters == 6);
  }
}

TEST_CASE("equal clusters are as good as their means") {
  const std::vector<double> x{0.1, 0.3, 0.8, 0.6, 0.2, 0.9, 0.4, 0.5};
  const Ids ids{1, 1, 2, 2, 3, 3, 4, 4};
  const std::vector<double> means{0.2, 0.7, 0.55, 0.45};
  const auto result = cluster_mean({x, {}, ids});
  REQUIRE(result);
  CHECK(result->mean == Approx(0.475));
  CHECK(*result->se == Approx(std::sqrt(sample_variance(means) / 4.0)).epsilon(1e-13));
  CHECK(*result->df == Approx(3.0).epsilon(1e-12));
}

TEST_CASE("a weight of two in a singleton is not two cases, but scaling weights changes nothing") {
  const std::vector<double> x{0.1, 0.3, 0.8, 0.6};
  const std::vector<double> w{1.0, 2.0, 1.0, 3.0};
  const std::vector<double> scaled{10.0, 20.0, 10.0, 30.0};
  const auto a = cluster_mean({x, w, {}});
  const auto b = cluster_mean({x, scaled, {}});
  CHECK(a->mean == Approx((0.1 + 0.6 + 0.8 + 1.8) / 7.0));
  CHECK(a->mean == Approx(b->mean));
  CHECK(*a->se == Approx(*b->se));
  CHECK(*a->df == Approx(*b->df));
  CHECK(*a->df < 3.0);
}

TEST_CASE("one cluster has a mean and no error") {
  const std::vector<double> x{0.1, 0.3};
  const Ids together{4, 4};
  const auto result = cluster_mean({x, {}, together});
  REQUIRE(result);
  CHECK(result->mean == Approx(0.2));
  CHECK_FALSE(result->se);
  CHECK_FALSE(result->df);
  const std::vector<double> one{0.25};
  CHECK(cluster_mean({one, {}, {}})->mean == 0.25);
  CHECK_FALSE(cluster_mean({one, {}, {}})->se);
}

TEST_CASE("equal values have no error, exactly") {
  const std::vector<double> x(7, 0.1);
  const Ids ids{1, 1, 1, 2, 2, 3, 4};
  const auto result = cluster_mean({x, {}, ids});
  CHECK(result->mean == 0.1);
  CHECK(*result->se == 0.0);
}

TEST_CASE("equal values keep a finite variance ratio: the larger of Kish and full correlation") {
  const std::vector<double> x(6, 0.02);
  const Ids ids{1, 1, 1, 2, 2, 3};
  const auto spread = variance_ratio({x, {}, ids}, 0.0);
  REQUIRE(spread);
  CHECK(spread->ratio == Approx((9.0 + 4.0 + 1.0) / 36.0));
  CHECK(spread->n_eff() == Approx(36.0 / 14.0));
  CHECK(spread->df.has_value());
  CHECK(spread->shared);
}

TEST_CASE("the guard counts a cluster as one case until thirty of them say something") {
  for (const std::uint32_t informative : {29U, 30U}) {
    std::vector<double> x;
    Ids ids;
    for (std::uint32_t g = 0; g < 60; ++g) {
      // Differences that cancel inside a cluster make the variance estimate tiny.
      const bool speaks = g < informative;
      x.insert(x.end(), {speaks ? 1.0 : 0.0, speaks ? -1.0 : 0.0});
      ids.insert(ids.end(), {g, g});
    }
    const auto spread = variance_ratio({x, {}, ids});
    REQUIRE(spread);
    CHECK(spread->informative == informative);
    CHECK(spread->guarded == (informative < 30));
    CHECK(spread->n_eff() == Approx(informative < 30 ? 60.0 : 120.0));
  }
}

TEST_CASE("a variance ratio is never better than Kish allows") {
  RandomValues random(6);
  for (int round = 0; round < 30; ++round) {
    std::vector<double> x;
    std::vector<double> w;
    Ids ids;
    for (std::uint32_t i = 0; i < 200; ++i) {
      x.push_back(random.difference(0.3, 0.3));
      w.push_back(0.05 + random.uniform());
      ids.push_back(random.below(100));
    }
    double sum = 0.0;
    double squares = 0.0;
    for (const double v : w) {
      sum += v;
      squares += v * v;
    }
    const auto spread = variance_ratio({x, w, ids});
    CHECK(spread->n_eff() <= sum * sum / squares * (1.0 + 1e-12));
    CHECK(*spread->df < static_cast<double>(spread->clusters));
  }
}

TEST_CASE("without a neutral value the most frequent one is silent") {
  const std::vector<double> x{1.0, 1.0, 1.0, 0.5, 0.0, 1.0};
  const Ids ids{1, 1, 2, 2, 3, 4};
  CHECK(variance_ratio({x, {}, ids}, std::nullopt)->informative == 2);
  CHECK(variance_ratio({x, {}, ids}, 0.0)->informative == 3);
}

TEST_CASE("ids are shared or not") {
  CHECK_FALSE(shares_clusters({}));
  CHECK_FALSE(shares_clusters(Ids{3, 1, 2}));
  CHECK(shares_clusters(Ids{3, 1, 3}));
}

TEST_CASE("columns that do not fit give nothing") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> x{0.1, 0.2};
  const std::vector<double> short_w{1.0};
  const std::vector<double> nan_w{1.0, nan};
  const std::vector<double> zero_w{0.0, 0.0};
  const std::vector<double> bad{0.1, nan};
  CHECK_FALSE(cluster_mean({{}, {}, {}}));
  CHECK_FALSE(cluster_mean({x, short_w, {}}));
  CHECK_FALSE(cluster_mean({x, nan_w, {}}));
  CHECK_FALSE(cluster_mean({x, zero_w, {}}));
  CHECK_FALSE(cluster_mean({bad, {}, {}}));
  CHECK_FALSE(variance_ratio({bad, {}, {}}));
}

TEST_CASE("no severe failure in 300 cases of 60 documents is no failure in 60") {
  const std::vector<double> x(300, 0.0);
  Ids ids;
  for (std::uint32_t i = 0; i < 300; ++i) ids.push_back(i / 5);
  const auto result = clustered_proportion_bounds(x, ids, 0.05);
  REQUIRE(result);
  CHECK(result->n_eff == Approx(60.0));
  CHECK(result->bounds.lower == 0.0);
  CHECK(result->bounds.upper == Approx(clopper_pearson({0.0, 60.0}, 0.05)->upper));
  CHECK(result->informative == 0);
}

TEST_CASE("a proportion of one case or one cluster counts as one") {
  const std::vector<double> one{1.0};
  const auto single = clustered_proportion_bounds(one, {}, 0.025);
  REQUIRE(single);
  CHECK(single->n_eff == 1.0);
  CHECK(single->bounds.lower == Approx(0.025));
  CHECK(single->bounds.upper == 1.0);
  const std::vector<double> x{1.0, 0.0, 1.0, 1.0};
  CHECK(clustered_proportion_bounds(x, Ids{7, 7, 7, 7}, 0.025)->n_eff == Approx(1.0));
}

TEST_CASE("a proportion knows only 0 and 1") {
  const std::vector<double> x{1.0, 0.5};
  CHECK_FALSE(clustered_proportion_bounds(x, {}, 0.025));
  CHECK_FALSE(clustered_proportion_bounds({}, {}, 0.025));
  const std::vector<double> good{1.0, 0.0};
  CHECK_FALSE(clustered_proportion_bounds(good, {}, 0.5));
}

TEST_CASE("order and names do not change one bit of a clustered proportion") {
  RandomValues random(17);
  std::vector<double> x;
  Ids ids;
  for (std::uint32_t i = 0; i < 240; ++i) {
    x.push_back(random.uniform() < 0.7 ? 1.0 : 0.0);
    ids.push_back(random.below(80));
  }
  const auto order = random.permutation(x.size());
  auto renamed = reordered(ids, order);
  for (auto& id : renamed) id = 5000 - id * 3;
  const auto a = clustered_proportion_bounds(x, ids, 0.025);
  const auto b = clustered_proportion_bounds(reordered(x, order), renamed, 0.025);
  CHECK(a->n_eff == b->n_eff);
  CHECK(a->bounds.lower == b->bounds.lower);
  CHECK(a->bounds.upper == b->bounds.upper);
  CHECK(a->bounds.lower < a->estimate);
  CHECK(a->bounds.upper > a->estimate);
}
