#include "headgate/stats/binomial.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "headgate/stats/distributions.hpp"

using namespace headgate::stats;

TEST_CASE("zero failures in n cases bound the rate at 1 - alpha^(1/n)") {
  for (const double n : {1.0, 10.0, 59.0, 299.0, 3000.0}) {
    const auto bounds = clopper_pearson({0.0, n}, 0.05);
    REQUIRE(bounds);
    CHECK(bounds->lower == 0.0);
    CHECK(bounds->upper == Approx(1.0 - std::pow(0.05, 1.0 / n)).epsilon(1e-12));
  }
}

TEST_CASE("each bound is the rate at which the count seen has probability alpha") {
  for (const double x : {1.0, 3.0, 17.0, 40.0}) {
    const auto bounds = clopper_pearson({x, 41.0}, 0.025);
    REQUIRE(bounds);
    CHECK(binomial_upper_tail(x, 41.0, bounds->lower) == Approx(0.025).epsilon(1e-9));
    CHECK(binomial_cdf(x, 41.0, bounds->upper) == Approx(0.025).epsilon(1e-9));
  }
}

TEST_CASE("all three intervals contain the estimate, stay in [0, 1] and mirror") {
  for (const double n : {1.0, 2.0, 7.0, 100.0, 5000.0}) {
    for (double x = 0.0; x <= n; x += n > 100.0 ? 617.0 : 1.0) {
      for (const auto method : {clopper_pearson, wilson, jeffreys}) {
        const auto bounds = method({x, n}, 0.025);
        const auto mirror = method({n - x, n}, 0.025);
        REQUIRE(bounds);
        REQUIRE(mirror);
        CHECK(bounds->lower >= 0.0);
        CHECK(bounds->upper <= 1.0);
        CHECK(bounds->lower <= x / n);
        CHECK(bounds->upper >= x / n);
        CHECK(bounds->lower == Approx(1.0 - mirror->upper).margin(1e-12));
      }
    }
  }
}

TEST_CASE("Wilson's bounds solve (p - p0)^2 = z^2 p0 (1 - p0) / n") {
  const double z = normal_upper_quantile(0.025);
  const auto bounds = wilson({7.0, 20.0}, 0.025);
  REQUIRE(bounds);
  for (const double p0 : {bounds->lower, bounds->upper}) {
    CHECK(std::pow(0.35 - p0, 2) == Approx(z * z * p0 * (1.0 - p0) / 20.0).epsilon(1e-12));
  }
}

TEST_CASE("no trials bound nothing") {
  for (const auto method : {clopper_pearson, wilson, jeffreys}) {
    const auto bounds = method({0.0, 0.0}, 0.025);
    REQUIRE(bounds);
    CHECK(bounds->lower == 0.0);
    CHECK(bounds->upper == 1.0);
  }
}

TEST_CASE("impossible counts and levels give nothing") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const auto method : {clopper_pearson, wilson, jeffreys}) {
    CHECK_FALSE(method({-1.0, 10.0}, 0.025));
    CHECK_FALSE(method({11.0, 10.0}, 0.025));
    CHECK_FALSE(method({nan, 10.0}, 0.025));
    CHECK_FALSE(method({1.0, nan}, 0.025));
    CHECK_FALSE(method({1.0, infinity}, 0.025));
    CHECK_FALSE(method({1.0, 10.0}, 0.0));
    CHECK_FALSE(method({1.0, 10.0}, 0.5));
    CHECK_FALSE(method({1.0, 10.0}, nan));
  }
}

TEST_CASE("the least n without a failure is the well-known one") {
  CHECK(min_n_zero_failures(0.05, 0.05) == 59U);
  CHECK(min_n_zero_failures(0.01, 0.05) == 299U);
  CHECK(min_n_zero_failures(0.005, 0.05) == 598U);
  CHECK(min_n_zero_failures(0.001, 0.05) == 2995U);
  CHECK(min_n_zero_failures(0.05, 0.025) == 72U);
  CHECK(min_n_zero_failures(1.0, 0.05) == 1U);
}

TEST_CASE("the least n is exact where the power is") {
  CHECK(min_n_zero_failures(0.5, 0.25) == 2U);
  CHECK(min_n_zero_failures(0.5, 0.125) == 3U);
  CHECK(min_n_zero_failures(0.75, 0.0625) == 2U);
}

TEST_CASE("no n is enough for a rate of zero") {
  CHECK_FALSE(min_n_zero_failures(0.0, 0.05));
  CHECK_FALSE(min_n_zero_failures(-0.1, 0.05));
  CHECK_FALSE(min_n_zero_failures(1e-300, 0.05));
  CHECK_FALSE(min_n_zero_failures(std::numeric_limits<double>::quiet_NaN(), 0.05));
  CHECK_FALSE(min_n_zero_failures(0.01, 0.0));
}

TEST_CASE("failures allowed begin at the least n and are the largest that fit") {
  CHECK(max_failures_allowed(298, 0.01, 0.05) == -1);
  CHECK(max_failures_allowed(299, 0.01, 0.05) == 0);
  CHECK(max_failures_allowed(0, 0.01, 0.05) == -1);
  CHECK(max_failures_allowed(10, 1.0, 0.05) == 10);
  CHECK(max_failures_allowed(100, -0.1, 0.05) == -1);
  CHECK(max_failures_allowed(100, 0.1, 0.7) == -1);
  for (const std::uint64_t n : {60U, 200U, 1000U, 5000U}) {
    const auto x = max_failures_allowed(n, 0.05, 0.05);
    REQUIRE(x >= 0);
    CHECK(clopper_pearson({static_cast<double>(x), static_cast<double>(n)}, 0.05)->upper <= 0.05);
    CHECK(clopper_pearson({static_cast<double>(x) + 1.0, static_cast<double>(n)}, 0.05)->upper > 0.05);
  }
}
