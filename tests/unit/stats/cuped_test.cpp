#include "headgate/stats/cuped.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

using namespace headgate::stats;

TEST_CASE("a covariate that explains everything leaves no variance") {
  const std::vector<double> x{0.1, 0.4, 0.2, 0.8};
  std::vector<double> y;
  for (const double value : x) y.push_back(2.0 * value + 0.05);
  const auto result = cuped({y, x, 0.5});
  REQUIRE(result);
  CHECK(result->slope == Approx(2.0));
  CHECK(result->mean == Approx(1.05));
  CHECK(*result->var_ratio == Approx(0.0).margin(1e-15));
}

TEST_CASE("an unrelated covariate changes nothing") {
  const std::vector<double> x{-1.0, 1.0, -1.0, 1.0};
  const std::vector<double> y{0.0, 0.0, 1.0, 1.0};
  const auto result = cuped({y, x, 0.3});
  CHECK(result->slope == 0.0);
  CHECK(result->mean == 0.5);
  CHECK(*result->var_ratio == 1.0);
}

TEST_CASE("constant columns") {
  const std::vector<double> constant(5, 0.1);
  const std::vector<double> y{0.0, 1.0, 1.0, 0.0, 1.0};
  CHECK(cuped({y, constant, 0.7})->slope == 0.0);
  CHECK(cuped({y, constant, 0.7})->mean == Approx(0.6));
  CHECK_FALSE(cuped({constant, y, 0.7})->var_ratio);
}

TEST_CASE("one row, no row, rows that do not fit") {
  const std::vector<double> one{0.4};
  const std::vector<double> two{0.4, 0.5};
  const auto result = cuped({one, one, 0.0});
  REQUIRE(result);
  CHECK(result->mean == 0.4);
  CHECK_FALSE(result->var_ratio);
  CHECK_FALSE(cuped({{}, {}, 0.0}));
  CHECK_FALSE(cuped({one, two, 0.0}));
  CHECK_FALSE(cuped({one, one, std::numeric_limits<double>::quiet_NaN()}));
}
