#include "headgate/stats/quantile_ratio.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "unit/stats/random_values.hpp"

using namespace headgate::stats;
using headgate::test::RandomValues;
using headgate::test::reordered;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

struct Arms {
  std::vector<double> candidate, baseline;
  std::vector<std::uint32_t> documents;
};

Arms arms(std::size_t n, double factor) {
  RandomValues random(55);
  Arms result;
  for (std::size_t i = 0; i < n; ++i) {
    result.baseline.push_back(100.0 / (0.05 + random.uniform()));
    result.candidate.push_back(factor * 100.0 / (0.05 + random.uniform()));
    result.documents.push_back(static_cast<std::uint32_t>(i / 3));
  }
  return result;
}

}  // namespace

TEST_CASE("a route compared with itself has ratio one and no width") {
  const auto x = arms(120, 1.0).baseline;
  const auto result = quantile_ratio_bootstrap({x, x, {}, 0.95}, {0.025, 500, 1});
  REQUIRE(result);
  CHECK(result->estimate == 1.0);
  CHECK(result->bounds.lower == 1.0);
  CHECK(result->bounds.upper == 1.0);
}

TEST_CASE("the interval holds the factor between the arms") {
  const auto [candidate, baseline, documents] = arms(300, 1.5);
  for (const auto& ids : {std::vector<std::uint32_t>{}, documents}) {
    const auto result = quantile_ratio_bootstrap({candidate, baseline, ids, 0.95}, {0.025, 2000, 7});
    REQUIRE(result);
    CHECK(result->bounds.lower < result->estimate);
    CHECK(result->bounds.upper > result->estimate);
    CHECK(result->bounds.lower < 1.5);
    CHECK(result->bounds.upper > 1.5);
    CHECK(result->infinite_replicates == 0);
  }
}

TEST_CASE("a seed fixes the answer, whatever the order of the rows") {
  const auto [candidate, baseline, documents] = arms(90, 1.2);
  RandomValues random(1);
  const auto order = random.permutation(90);
  const auto candidate2 = reordered(candidate, order);
  const auto baseline2 = reordered(baseline, order);
  const auto documents2 = reordered(documents, order);
  const BootstrapPlan plan{0.025, 300, 42};
  const auto a = quantile_ratio_bootstrap({candidate, baseline, documents, 0.95}, plan);
  const auto b = quantile_ratio_bootstrap({candidate2, baseline2, documents2, 0.95}, plan);
  CHECK(a->bounds.lower == b->bounds.lower);
  CHECK(a->bounds.upper == b->bounds.upper);
  const auto c = quantile_ratio_bootstrap({candidate, baseline, documents, 0.95}, {0.025, 300, 43});
  CHECK(c->bounds.upper != a->bounds.upper);
}

TEST_CASE("answers that never came make the ratio infinite on their side") {
  auto [candidate, baseline, documents] = arms(100, 1.0);
  for (std::size_t i = 0; i < 12; ++i) candidate[i] = infinity;
  const auto late = quantile_ratio_bootstrap({candidate, baseline, {}, 0.95}, {0.025, 400, 3});
  CHECK(late->estimate == infinity);
  CHECK(late->bounds.upper == infinity);
  CHECK(late->infinite_replicates > 300);
  for (std::size_t i = 0; i < 12; ++i) baseline[i] = infinity;
  CHECK(quantile_ratio_bootstrap({candidate, baseline, {}, 0.95}, {0.025, 400, 3})->estimate == 1.0);
}

TEST_CASE("zeros do not divide") {
  const std::vector<double> zero{0.0};
  const std::vector<double> some{3.0};
  CHECK(quantile_ratio_bootstrap({some, zero, {}, 0.5}, {0.025, 10, 0})->estimate == infinity);
  CHECK(quantile_ratio_bootstrap({zero, some, {}, 0.5}, {0.025, 10, 0})->estimate == 0.0);
  CHECK(quantile_ratio_bootstrap({zero, zero, {}, 0.5}, {0.025, 10, 0})->bounds.upper == 1.0);
}

TEST_CASE("what is not a latency gives nothing") {
  const std::vector<double> good{1.0, 2.0};
  const std::vector<double> negative{1.0, -2.0};
  const std::vector<double> nan{1.0, std::numeric_limits<double>::quiet_NaN()};
  const std::vector<double> shorter{1.0};
  CHECK_FALSE(quantile_ratio_bootstrap({good, negative, {}, 0.95}, {}));
  CHECK_FALSE(quantile_ratio_bootstrap({nan, good, {}, 0.95}, {}));
  CHECK_FALSE(quantile_ratio_bootstrap({good, shorter, {}, 0.95}, {}));
  CHECK_FALSE(quantile_ratio_bootstrap({{}, {}, {}, 0.95}, {}));
  CHECK_FALSE(quantile_ratio_bootstrap({good, good, {}, 1.0}, {}));
  CHECK_FALSE(quantile_ratio_bootstrap({good, good, {}, 0.95}, {0.025, 0, 0}));
}
