#include "headgate/stats/bca.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <vector>

#include "headgate/stats/distributions.hpp"
#include "headgate/stats/quantile.hpp"

using namespace headgate::stats;

namespace {

std::vector<double> ladder(int steps) {
  std::vector<double> values;
  for (int i = -steps; i <= steps; ++i) values.push_back(i / static_cast<double>(steps));
  return values;
}

}  // namespace

TEST_CASE("without bias and acceleration it is the percentile interval") {
  const auto replicates = ladder(500);
  const std::vector<double> jackknife{-1.0, 0.0, 1.0};
  const auto bounds = bca_bounds({0.0, replicates, jackknife}, 0.025);
  REQUIRE(bounds);
  CHECK(bounds->lower == Approx(*quantile_type7(replicates, 0.025)));
  CHECK(bounds->upper == Approx(*quantile_type7(replicates, 0.975)));
}

TEST_CASE("replicates that lie below the estimate pull the interval up") {
  const auto replicates = ladder(500);
  const auto plain = bca_bounds({0.0, replicates, {}}, 0.025);
  const auto biased = bca_bounds({0.1, replicates, {}}, 0.025);
  CHECK(biased->lower > plain->lower);
  CHECK(biased->upper > plain->upper);
  const double z0 = normal_quantile(550.5 / 1001.0);
  CHECK(biased->upper == Approx(*quantile_type7(replicates, normal_cdf(2.0 * z0 + normal_upper_quantile(0.025)))));
}

TEST_CASE("equal jackknife values are no acceleration, however they round") {
  const auto replicates = ladder(50);
  const std::vector<double> equal(7, 0.1);
  const auto a = bca_bounds({0.0, replicates, equal}, 0.05);
  const auto b = bca_bounds({0.0, replicates, {}}, 0.05);
  CHECK(a->lower == b->lower);
  CHECK(a->upper == b->upper);
}

TEST_CASE("an estimate beyond all replicates, and a wild jackknife, still give finite ends") {
  const auto replicates = ladder(50);
  const std::vector<double> wild{-1000.0, 0.0, 0.0, 0.0};
  for (const double estimate : {-5.0, 5.0}) {
    const auto bounds = bca_bounds({estimate, replicates, wild}, 0.001);
    REQUIRE(bounds);
    CHECK(bounds->lower >= -1.0);
    CHECK(bounds->upper <= 1.0);
    CHECK(bounds->lower <= bounds->upper);
  }
}

TEST_CASE("one replicate is both ends, none gives nothing") {
  const std::vector<double> one{0.4};
  CHECK(bca_bounds({0.4, one, {}}, 0.025)->lower == 0.4);
  CHECK(bca_bounds({0.4, one, {}}, 0.025)->upper == 0.4);
  CHECK_FALSE(bca_bounds({0.4, {}, {}}, 0.025));
  CHECK_FALSE(bca_bounds({std::numeric_limits<double>::quiet_NaN(), one, {}}, 0.025));
  CHECK_FALSE(bca_bounds({0.4, one, {}}, 0.5));
}
