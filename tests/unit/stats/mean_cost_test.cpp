#include "headgate/stats/mean_cost.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "headgate/stats/distributions.hpp"

using headgate::stats::hall_mean_bounds;

TEST_CASE("symmetric costs have the normal interval") {
  const std::vector<double> x{1.0, 2.0, 3.0, 4.0, 5.0};
  const auto result = hall_mean_bounds(x, 0.025);
  REQUIRE(result);
  const double half = headgate::stats::normal_upper_quantile(0.025) * std::sqrt(2.0 / 5.0);
  CHECK(result->skew == Approx(0.0).margin(1e-12));
  CHECK(result->bounds.lower == Approx(3.0 - half));
  CHECK(result->bounds.upper == Approx(3.0 + half));
}

TEST_CASE("a long right tail pushes both bounds up, more above than below") {
  const std::vector<double> x{0.1, 0.1, 0.2, 0.2, 0.3, 0.3, 0.4, 5.0};
  const auto result = hall_mean_bounds(x, 0.025);
  REQUIRE(result);
  CHECK(result->skew > 2.0);
  CHECK(result->bounds.lower < result->mean);
  CHECK(result->bounds.upper - result->mean > result->mean - result->bounds.lower);
}

TEST_CASE("money in cents gives the same answer in cents, and debts mirror") {
  const std::vector<double> x{0.5, 1.5, 0.25, 4.0, 0.75};
  std::vector<double> cents;
  std::vector<double> debts;
  for (const double value : x) {
    cents.push_back(100.0 * value);
    debts.push_back(-value);
  }
  const auto a = hall_mean_bounds(x, 0.05);
  CHECK(hall_mean_bounds(cents, 0.05)->bounds.upper == Approx(100.0 * a->bounds.upper));
  CHECK(hall_mean_bounds(debts, 0.05)->bounds.lower == Approx(-a->bounds.upper));
}

TEST_CASE("the order of cases does not change one bit") {
  std::vector<double> x{0.1, 0.7, 0.2, 0.9, 1e-5, 3.3, 0.11};
  const auto a = hall_mean_bounds(x, 0.025);
  std::reverse(x.begin(), x.end());
  const auto b = hall_mean_bounds(x, 0.025);
  CHECK(a->bounds.lower == b->bounds.lower);
  CHECK(a->bounds.upper == b->bounds.upper);
}

TEST_CASE("equal costs and a lone cost are their own bounds") {
  for (const std::size_t n : {1U, 30U}) {
    const std::vector<double> x(n, 0.1);
    const auto result = hall_mean_bounds(x, 0.025);
    REQUIRE(result);
    CHECK(result->bounds.lower == 0.1);
    CHECK(result->bounds.upper == 0.1);
    CHECK(result->skew == 0.0);
  }
}

TEST_CASE("no costs, or one that is not a number, give nothing") {
  CHECK_FALSE(hall_mean_bounds({}, 0.025));
  const std::vector<double> bad{1.0, std::numeric_limits<double>::infinity()};
  CHECK_FALSE(hall_mean_bounds(bad, 0.025));
  const std::vector<double> good{1.0, 2.0};
  CHECK_FALSE(hall_mean_bounds(good, 0.5));
}
