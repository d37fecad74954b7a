#include "headgate/stats/quantile.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "headgate/stats/binomial.hpp"
#include "unit/stats/random_values.hpp"

using namespace headgate::stats;

TEST_CASE("an upper bound for p95 begins at 59 cases, or 72") {
  CHECK(quantile_ranks(58, 0.95, 0.05).upper == 0);
  CHECK(quantile_ranks(59, 0.95, 0.05).upper == 59);
  CHECK(quantile_ranks(71, 0.95, 0.025).upper == 0);
  CHECK(quantile_ranks(72, 0.95, 0.025).upper == 72);
}

TEST_CASE("the median of ten lies between the second and the ninth") {
  const auto ranks = quantile_ranks(10, 0.5, 0.025);  // 11 / 1024 on each side; 56 / 1024 would be too much
  CHECK(ranks.lower == 2);
  CHECK(ranks.upper == 9);
}

TEST_CASE("ranks are the best that Clopper-Pearson on exceedances allows") {
  for (const double q : {0.5, 0.9, 0.95, 0.99}) {
    for (const std::uint64_t n : {1U, 20U, 72U, 200U, 1000U}) {
      const auto ranks = quantile_ranks(n, q, 0.025);
      for (std::uint64_t rank = 1; rank <= n; ++rank) {
        // With the budget at X(rank), n - rank values exceed it (without ties).
        const auto at = static_cast<double>(n);
        const auto above = clopper_pearson({at - static_cast<double>(rank), at}, 0.025);
        const auto below = clopper_pearson({at - static_cast<double>(rank) + 1.0, at}, 0.025);
        const bool passes = above->upper <= 1.0 - q + 1e-12;
        const bool fails = below->lower >= 1.0 - q - 1e-12;
        CHECK(passes == (ranks.upper != 0 && rank >= ranks.upper));
        CHECK(fails == (ranks.lower != 0 && rank <= ranks.lower));
      }
    }
  }
}

TEST_CASE("no cases, no levels, no ranks") {
  CHECK(quantile_ranks(0, 0.95, 0.025).upper == 0);
  CHECK(quantile_ranks(100, 1.0, 0.025).upper == 0);
  CHECK(quantile_ranks(100, 0.0, 0.025).lower == 0);
  CHECK(quantile_ranks(100, 0.95, 0.5).lower == 0);
  CHECK(quantile_ranks(1, 0.5, 0.025).lower == 0);
}

TEST_CASE("the bounds of a median cover it as promised") {
  headgate::test::RandomValues random(31);
  const auto ranks = quantile_ranks(41, 0.5, 0.025);
  int missed = 0;
  for (int run = 0; run < 2000; ++run) {
    std::vector<double> x(41);
    for (double& value : x) value = random.uniform();
    std::sort(x.begin(), x.end());
    if (x[ranks.lower - 1] > 0.5 || x[ranks.upper - 1] < 0.5) ++missed;
  }
  CHECK(missed <= 110);
}

TEST_CASE("type 7 interpolates, and tolerates answers that never came") {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<double> x{1.0, 2.0, 4.0, infinity};
  CHECK(quantile_type7(x, 0.0) == 1.0);
  CHECK(quantile_type7(x, 0.5) == 3.0);
  CHECK(quantile_type7(x, 2.0 / 3.0) == 4.0);
  CHECK(quantile_type7(x, 0.7) == infinity);
  CHECK(quantile_type7(x, 1.0) == infinity);
  const std::vector<double> never(3, infinity);
  CHECK(quantile_type7(never, 0.4) == infinity);
  const std::vector<double> one{7.0};
  CHECK(quantile_type7(one, 0.95) == 7.0);
  CHECK_FALSE(quantile_type7({}, 0.5));
  CHECK_FALSE(quantile_type7(one, 1.5));
}
