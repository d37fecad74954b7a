#include "headgate/stats/agreement.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace headgate::stats;

namespace {

std::optional<double> alpha(const std::vector<std::vector<double>>& ratings, RatingMetric metric) {
  const std::vector<UnitRatings> units(ratings.begin(), ratings.end());
  return krippendorff_alpha(units, metric);
}

}  // namespace

TEST_CASE("Cohen's kappa of a table by hand") {
  const std::vector<double> table{20, 5, 10, 15};
  const auto result = agreement(table, 2);
  REQUIRE(result);
  CHECK(result->observed == Approx(0.7));
  CHECK(*result->kappa == Approx(0.4));
  // Mean marginal 27.5 / 50, so chance is 2 * .55 * .45.
  CHECK(*result->ac1 == Approx((0.7 - 0.495) / (1.0 - 0.495)));
}

TEST_CASE("a high pass rate sinks kappa and not AC1") {
  const auto result = agreement(std::vector<double>{94, 3, 3, 0}, 2);
  REQUIRE(result);
  CHECK(result->observed == Approx(0.94));
  CHECK(*result->kappa < 0.0);
  CHECK(*result->ac1 > 0.9);
}

TEST_CASE("one label only has no kappa") {
  const auto result = agreement(std::vector<double>{12, 0, 0, 0}, 2);
  REQUIRE(result);
  CHECK(result->observed == 1.0);
  CHECK_FALSE(result->kappa);
  CHECK(*result->ac1 == 1.0);
  CHECK_FALSE(agreement(std::vector<double>{5}, 1)->ac1);
}

TEST_CASE("kappa does not depend on who is called the first rater") {
  const auto a = agreement(std::vector<double>{40, 3, 1, 4, 30, 2, 0, 5, 15}, 3);
  const auto b = agreement(std::vector<double>{40, 4, 0, 3, 30, 5, 1, 2, 15}, 3);
  CHECK(*a->kappa == Approx(*b->kappa));
  CHECK(*a->ac1 == Approx(*b->ac1));
}

TEST_CASE("tables that are not tables give nothing") {
  CHECK_FALSE(agreement({}, 0));
  CHECK_FALSE(agreement(std::vector<double>{1, 2, 3}, 2));
  CHECK_FALSE(agreement(std::vector<double>{0, 0, 0, 0}, 2));
  CHECK_FALSE(agreement(std::vector<double>{1, -1, 1, 1}, 2));
}

TEST_CASE("Krippendorff's published example") {
  // Krippendorff 2011, four observers, twelve units, missing values left out.
  const std::vector<std::vector<double>> units{{1, 1, 1},    {2, 2, 3, 2}, {3, 3, 3, 3}, {3, 3, 3, 3},
                                               {2, 2, 2, 2}, {1, 2, 3, 4}, {4, 4, 4, 4}, {1, 1, 2, 1},
                                               {2, 2, 2, 2}, {5, 5, 5},    {1, 1},       {3}};
  CHECK(*alpha(units, RatingMetric::nominal) == Approx(0.743).margin(5e-4));
  CHECK(*alpha(units, RatingMetric::interval) == Approx(0.849).margin(5e-4));
}

TEST_CASE("on two values nominal and interval agree") {
  const std::vector<std::vector<double>> units{{1, 0}, {1, 1}, {0, 0}, {0, 1, 1}, {1, 1}};
  CHECK(*alpha(units, RatingMetric::nominal) == Approx(*alpha(units, RatingMetric::interval)));
}

TEST_CASE("raters who could not disagree have no alpha") {
  CHECK_FALSE(alpha({}, RatingMetric::nominal));
  CHECK_FALSE(alpha({{1}, {2}}, RatingMetric::nominal));
  CHECK_FALSE(alpha({{0.1, 0.1}, {0.1, 0.1, 0.1}}, RatingMetric::interval));
  CHECK(*alpha({{1, 1}, {0, 0}}, RatingMetric::nominal) == 1.0);
}
