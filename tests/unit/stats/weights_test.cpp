#include "headgate/stats/weights.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

using namespace headgate::stats;

TEST_CASE("effective sample size of weights") {
  CHECK(*kish_ess(std::vector<double>(8, 0.3)) == Approx(8.0));
  CHECK(*kish_ess(std::vector<double>{1.0}) == 1.0);
  CHECK(*kish_ess(std::vector<double>{5.0, 0.0, 0.0}) == 1.0);
  CHECK(*kish_ess(std::vector<double>{1.0, 3.0}) == Approx(1.6));
  CHECK(*kish_ess(std::vector<double>{1e-200, 1e-200}) == Approx(2.0));
  CHECK(*kish_ess(std::vector<double>{1e200, 3e200}) == Approx(1.6));
}

TEST_CASE("weights that are no weights") {
  CHECK_FALSE(kish_ess({}));
  CHECK_FALSE(kish_ess(std::vector<double>{0.0, 0.0}));
  CHECK_FALSE(kish_ess(std::vector<double>{1.0, -1.0}));
  CHECK_FALSE(kish_ess(std::vector<double>{1.0, std::numeric_limits<double>::quiet_NaN()}));
  CHECK_FALSE(kish_ess(std::vector<double>{1.0, std::numeric_limits<double>::infinity()}));
}

TEST_CASE("a mean after the traffic's mix, by hand") {
  const std::vector<double> y{1.0, 0.0, 1.0, 1.0};
  const std::vector<std::size_t> stratum{0, 0, 1, 1};
  const std::vector<double> target{0.8, 0.2};
  const auto result = poststratified_mean({y, stratum, target});
  REQUIRE(result);
  CHECK(*result->mean == Approx(0.6));
  CHECK(*result->se == Approx(0.8 * std::sqrt(0.5 / 2.0)));
  CHECK(result->uncovered_mass == 0.0);
}

TEST_CASE("a stratum without cases leaves its mass uncovered") {
  const std::vector<double> y{1.0, 0.0};
  const std::vector<std::size_t> stratum{0, 0};
  const std::vector<double> target{0.7, 0.3};
  const auto result = poststratified_mean({y, stratum, target});
  REQUIRE(result);
  CHECK_FALSE(result->mean);
  CHECK_FALSE(result->se);
  CHECK(result->uncovered_mass == Approx(0.3));

  const std::vector<double> unused{1.0, 0.0};
  CHECK(*poststratified_mean({y, stratum, unused})->mean == 0.5);
}

TEST_CASE("a stratum with one case has a mean and no error") {
  const std::vector<double> y{1.0, 0.0, 1.0};
  const std::vector<std::size_t> stratum{0, 0, 1};
  const std::vector<double> target{0.5, 0.5};
  const auto result = poststratified_mean({y, stratum, target});
  CHECK(*result->mean == Approx(0.75));
  CHECK_FALSE(result->se);
}

TEST_CASE("strata that do not exist") {
  const std::vector<double> y{1.0};
  const std::vector<std::size_t> stratum{2};
  const std::vector<double> target{0.5, 0.5};
  CHECK_FALSE(poststratified_mean({y, stratum, target}));
  CHECK_FALSE(poststratified_mean({y, {}, target}));
  CHECK_FALSE(poststratified_mean({{}, {}, {}}));
  CHECK(poststratified_mean({{}, {}, target})->uncovered_mass == 1.0);
}
