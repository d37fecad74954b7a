#include "headgate/stats/paired.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "headgate/stats/distributions.hpp"

using namespace headgate::stats;

TEST_CASE("Tango's interval for (1, 1, 7, 12) is the published one") {
  const auto bounds = paired_score_bounds({1, 7, 21}, 0.025);  // Fagerland, Lydersen and Laake 2014
  REQUIRE(bounds);
  CHECK(bounds->lower == Approx(-0.517).margin(5e-4));
  CHECK(bounds->upper == Approx(-0.026).margin(5e-4));
}

TEST_CASE("Newcombe's intervals are the published ones") {
  const auto first = newcombe_paired({36, 12, 2, 0}, 0.025);  // Newcombe 1998
  REQUIRE(first);
  CHECK(first->lower == Approx(0.0569).margin(5e-5));
  CHECK(first->upper == Approx(0.3404).margin(5e-5));
  const auto second = newcombe_paired({1, 1, 7, 12}, 0.025);  // Fagerland, Lydersen and Laake 2014
  REQUIRE(second);
  CHECK(second->lower == Approx(-0.507).margin(5e-4));
  CHECK(second->upper == Approx(-0.026).margin(5e-4));
}

TEST_CASE("without discordant pairs the score bounds are z^2 / (n + z^2)") {
  const double z = normal_upper_quantile(0.025);
  for (const std::uint64_t n : {1U, 10U, 200U, 100000U}) {
    const auto bounds = paired_score_bounds({0, 0, n}, 0.025);
    REQUIRE(bounds);
    CHECK(bounds->upper == Approx(z * z / (static_cast<double>(n) + z * z)).epsilon(1e-12));
    CHECK(bounds->lower == -bounds->upper);
  }
}

TEST_CASE("ten equal pairs prove nothing at any margin a gate would use") {
  CHECK(*paired_score_statistic({0, 0, 10}, -0.05) < 1.0);
}

TEST_CASE("the statistic at zero difference is McNemar's z") {
  CHECK(*paired_score_statistic({10, 2, 50}, 0.0) == Approx(8.0 / std::sqrt(12.0)));
  CHECK(*paired_score_statistic({0, 0, 50}, 0.0) == 0.0);
}

TEST_CASE("the statistic falls as the hypothesis rises, and swaps sign with the arms") {
  for (const PairedCounts counts :
       {PairedCounts{0, 0, 20}, {3, 9, 100}, {5, 0, 5}, {0, 5, 5}, {1, 0, 1}, {40, 60, 100}}) {
    double previous = std::numeric_limits<double>::infinity();
    for (int step = -99; step <= 99; ++step) {
      const double delta0 = step / 100.0;
      const double t = paired_score_statistic(counts, delta0).value();
      CHECK(t <= previous);
      CHECK(t == -paired_score_statistic({counts.losses, counts.gains, counts.n}, -delta0).value());
      previous = t;
    }
  }
}

TEST_CASE("bounds lie where the statistic reaches z, contain the estimate and mirror") {
  const double z = normal_upper_quantile(0.025);
  for (const PairedCounts counts : {PairedCounts{3, 9, 100}, {12, 2, 50}, {0, 1, 200}, {0, 30, 400}, {7, 7, 14}}) {
    const auto bounds = paired_score_bounds(counts, 0.025);
    const auto mirror = paired_score_bounds({counts.losses, counts.gains, counts.n}, 0.025);
    REQUIRE(bounds);
    REQUIRE(mirror);
    CHECK(*paired_score_statistic(counts, bounds->lower) == Approx(z).epsilon(1e-9));
    CHECK(*paired_score_statistic(counts, bounds->upper) == Approx(-z).epsilon(1e-9));
    CHECK(bounds->lower == -mirror->upper);
  }
}

TEST_CASE("a sweep of one side has its bound at the end of the range") {
  CHECK(paired_score_bounds({5, 0, 5}, 0.025)->upper == 1.0);
  CHECK(paired_score_bounds({0, 5, 5}, 0.025)->lower == -1.0);
  CHECK(paired_score_bounds({5, 0, 5}, 0.025)->lower < 1.0);
}

TEST_CASE("counts that do not add up and hypotheses out of range give nothing") {
  CHECK_FALSE(paired_score_bounds({0, 0, 0}, 0.025));
  CHECK_FALSE(paired_score_bounds({3, 3, 5}, 0.025));
  CHECK_FALSE(paired_score_bounds({1, 1, 5}, 0.5));
  CHECK_FALSE(paired_score_statistic({1, 1, 5}, -1.0));
  CHECK_FALSE(paired_score_statistic({1, 1, 5}, std::numeric_limits<double>::quiet_NaN()));
  CHECK_FALSE(newcombe_paired({0, 0, 0, 0}, 0.025));
}
