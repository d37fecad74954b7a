#include "headgate/stats/ppi.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "unit/stats/random_values.hpp"

using namespace headgate::stats;

TEST_CASE("a constant judge is not trusted: the labels' own mean and error") {
  const std::vector<double> labels{1.0, 0.0, 1.0, 1.0};
  const std::vector<double> judged(4, 1.0);
  const std::vector<double> rest(50, 1.0);
  const auto result = ppi_mean({labels, judged, rest});
  REQUIRE(result);
  CHECK(result->lambda == 0.0);
  CHECK(result->mean == 0.75);
  CHECK(result->se == Approx(0.25));
  CHECK(result->df == 3);
}

TEST_CASE("a perfect judge on many items is nearly as good as labels for all") {
  headgate::test::RandomValues random(3);
  std::vector<double> labels;
  std::vector<double> rest;
  for (int i = 0; i < 20; ++i) labels.push_back(i % 4 == 0 ? 0.0 : 1.0);
  for (int i = 0; i < 2000; ++i) rest.push_back(random.uniform() < 0.6 ? 1.0 : 0.0);
  const auto result = ppi_mean({labels, labels, rest});
  REQUIRE(result);
  CHECK(result->lambda > 0.7);
  CHECK(result->se < std::sqrt(0.75 * 0.25 / 19.0));
  CHECK(result->mean < 0.7);
}

TEST_CASE("a judge who says the opposite is not used") {
  const std::vector<double> labels{1.0, 0.0, 1.0, 0.0};
  const std::vector<double> judged{0.0, 1.0, 0.0, 1.0};
  const std::vector<double> rest{1.0, 0.0, 1.0};
  CHECK(ppi_mean({labels, judged, rest})->lambda == 0.0);
}

TEST_CASE("without other items it is the mean of the labels") {
  const std::vector<double> labels{1.0, 0.0, 1.0, 0.0};
  const auto result = ppi_mean({labels, labels, {}});
  REQUIRE(result);
  CHECK(result->lambda == 0.0);
  CHECK(result->mean == 0.5);
}

TEST_CASE("one label, or columns that do not fit, give nothing") {
  const std::vector<double> one{1.0};
  const std::vector<double> two{1.0, 0.0};
  const std::vector<double> nan{1.0, std::numeric_limits<double>::quiet_NaN()};
  CHECK_FALSE(ppi_mean({{}, {}, two}));
  CHECK_FALSE(ppi_mean({one, one, two}));
  CHECK_FALSE(ppi_mean({two, one, two}));
  CHECK_FALSE(ppi_mean({nan, two, two}));
  CHECK_FALSE(ppi_mean({two, two, nan}));
}

TEST_CASE("weights: equal ones change nothing, a heavy label counts for more") {
  const std::vector<double> labels{1.0, 0.0, 1.0, 1.0, 0.0, 1.0};
  const std::vector<double> judged{1.0, 1.0, 1.0, 0.0, 0.0, 1.0};
  const std::vector<double> rest{1.0, 0.0, 1.0, 1.0};
  const std::vector<double> equal(6, 3.0);
  const auto plain = ppi_mean({labels, judged, rest});
  const auto same = ppi_mean({labels, judged, rest, equal});
  REQUIRE(same);
  CHECK(same->mean == plain->mean);
  CHECK(same->se == plain->se);
  CHECK(same->df == plain->df);

  // Without other items: the ratio estimate (1*4 + 0*1 + 1*1 + ...) over the sum of the weights.
  const std::vector<double> weights{4.0, 1.0, 1.0, 1.0, 1.0, 1.0};
  const auto heavy = ppi_mean({labels, judged, {}, weights});
  REQUIRE(heavy);
  CHECK(heavy->mean == Approx(7.0 / 9.0));
  double squares = 0.0;
  for (std::size_t i = 0; i < 6; ++i) squares += std::pow(weights[i] / 9.0 * (labels[i] - 7.0 / 9.0), 2);
  CHECK(heavy->se == Approx(std::sqrt(squares * 6.0 / 5.0)));
  CHECK(heavy->df == 2);  // 81 / 21 = 3.9 labels

  const std::vector<double> zero{0.0, 1.0, 1.0, 1.0, 1.0, 1.0};
  const std::vector<double> few{1.0, 1.0};
  CHECK_FALSE(ppi_mean({labels, judged, rest, zero}));
  CHECK_FALSE(ppi_mean({labels, judged, rest, few}));
}

TEST_CASE("a fixed lambda of 1 carries over the judge's error alone") {
  // On the labels the arms are alike and the judge sees it; among the others the judge sees a difference of -1/2.
  const std::vector<double> labels{0.0, 0.0, 0.0, 0.0};
  const std::vector<double> rest{-1.0, 0.0, -1.0, 0.0};
  CHECK(ppi_mean({labels, labels, rest})->mean == 0.0);
  CHECK(ppi_mean({labels, labels, rest, {}, 1.0})->mean == -0.5);
  const std::vector<double> judged{-1.0, 0.0, -1.0, 0.0};
  CHECK(ppi_mean({labels, judged, rest, {}, 1.0})->mean == 0.0);
  CHECK_FALSE(ppi_mean({labels, judged, rest, {}, 1.5}));
}
