#include "headgate/stats/ratio.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "headgate/stats/clusters.hpp"
#include "headgate/stats/distributions.hpp"

using namespace headgate::stats;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const std::vector<double> cost{0.03, 0.05, 0.02, 0.08, 0.04, 0.03, 0.06, 0.02, 0.05, 0.04};
const std::vector<double> success{1, 1, 1, 0, 1, 1, 1, 1, 0, 1};

}  // namespace

TEST_CASE("Fieller's bounds are the budgets at which t is +-q") {
  const auto result = ratio_budget({cost, success, {}, 0.06}, 0.025);
  REQUIRE(result);
  REQUIRE(result->fieller);
  const double q = t_upper_quantile(0.025, 9.0);
  CHECK(*ratio_budget({cost, success, {}, result->fieller->lower}, 0.025)->t == Approx(q).epsilon(1e-9));
  CHECK(*ratio_budget({cost, success, {}, result->fieller->upper}, 0.025)->t == Approx(-q).epsilon(1e-9));
  CHECK(*result->ratio == Approx(0.42 / 8.0));
  CHECK(result->fieller->lower < *result->ratio);
  CHECK(result->fieller->upper > *result->ratio);
  CHECK(*result->df == 9.0);
}

TEST_CASE("deciding by z and by Fieller is the same") {
  for (const double budget : {0.03, 0.05, 0.07, 0.1, 0.5}) {
    const auto result = ratio_budget({cost, success, {}, budget}, 0.025);
    CHECK((result->z_bounds.upper < 0.0) == (budget > result->fieller->upper));
    CHECK((result->z_bounds.lower > 0.0) == (budget < result->fieller->lower));
  }
}

TEST_CASE("no success is the mean cost, with no ratio to show") {
  const std::vector<double> none(10, 0.0);
  const auto result = ratio_budget({cost, none, {}, 0.08}, 0.025);
  REQUIRE(result);
  CHECK(result->mean == Approx(0.042));
  CHECK(*result->t > 0.0);
  CHECK_FALSE(result->ratio);
  CHECK_FALSE(result->fieller);
}

TEST_CASE("one case has a mean and proves nothing") {
  const std::vector<double> c{0.02};
  const std::vector<double> s{1.0};
  const auto result = ratio_budget({c, s, {}, 0.08}, 0.025);
  REQUIRE(result);
  CHECK(result->mean == Approx(-0.06));
  CHECK_FALSE(result->t);
  CHECK_FALSE(result->se);
  CHECK(result->z_bounds.upper == infinity);
  CHECK(result->z_bounds.lower == -infinity);
}

TEST_CASE("equal cases have an infinite t, or none on the budget itself") {
  const std::vector<double> c(40, 0.02);
  const std::vector<double> s(40, 1.0);
  CHECK(*ratio_budget({c, s, {}, 0.08}, 0.025)->t == -infinity);
  CHECK(*ratio_budget({c, s, {}, 0.01}, 0.025)->t == infinity);
  CHECK_FALSE(ratio_budget({c, s, {}, 0.02}, 0.025)->t);
}

TEST_CASE("shared clusters use their own variance and degrees of freedom") {
  const std::vector<std::uint32_t> ids{1, 1, 2, 2, 3, 3, 4, 4, 5, 5};
  const auto result = ratio_budget({cost, success, ids, 0.06}, 0.025);
  std::vector<double> z;
  for (std::size_t i = 0; i < cost.size(); ++i) z.push_back(cost[i] - 0.06 * success[i]);
  const auto expected = cluster_mean({z, {}, ids});
  CHECK(*result->se == Approx(*expected->se));
  CHECK(*result->df == Approx(4.0));

  const std::vector<std::uint32_t> singles{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  CHECK(*ratio_budget({cost, success, singles, 0.06}, 0.025)->se ==
        *ratio_budget({cost, success, {}, 0.06}, 0.025)->se);
}

TEST_CASE("budgets and rows that make no sense give nothing") {
  CHECK_FALSE(ratio_budget({cost, success, {}, 0.0}, 0.025));
  CHECK_FALSE(ratio_budget({cost, success, {}, -1.0}, 0.025));
  CHECK_FALSE(ratio_budget({cost, {}, {}, 0.1}, 0.025));
  CHECK_FALSE(ratio_budget({{}, {}, {}, 0.1}, 0.025));
  CHECK_FALSE(ratio_budget({cost, success, {}, 0.1}, 0.5));
}
