#include "headgate/stats/signflip.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

using namespace headgate::stats;

TEST_CASE("three gains of one kind") {
  const std::vector<double> d{1.0, 1.0, 1.0};
  const auto result = sign_flip_exact(d);
  REQUIRE(result);
  CHECK(result->p_greater == 1.0 / 8.0);
  CHECK(result->p_less == 1.0);
  CHECK(result->p_two_sided == 2.0 / 8.0);
}

TEST_CASE("sums that differ by rounding are equal") {
  const std::vector<double> d{0.1, 0.2, -0.3};  // 0.1 + 0.2 - 0.3 is not quite 0
  const auto result = sign_flip_exact(d);
  CHECK(result->p_two_sided == 1.0);
  CHECK(result->p_greater == 5.0 / 8.0);
  CHECK(result->p_less == 5.0 / 8.0);
}

TEST_CASE("the unit of measurement does not matter") {
  const std::vector<double> d{0.3, -0.1, 0.7, 0.2, 0.4};
  std::vector<double> tiny;
  for (const double value : d) tiny.push_back(1e-12 * value);
  CHECK(sign_flip_exact(d)->p_greater == sign_flip_exact(tiny)->p_greater);
}

TEST_CASE("no differences and one difference") {
  CHECK(sign_flip_exact({})->p_two_sided == 1.0);
  const std::vector<double> one{0.4};
  CHECK(sign_flip_exact(one)->p_greater == 0.5);
  CHECK(sign_flip_exact(one)->p_two_sided == 1.0);
}

TEST_CASE("random patterns come near all patterns, and a seed repeats them") {
  const std::vector<double> d{0.15, -0.53, -0.18, 0.44, 0.39, -0.07, 0.83, 0.19, 0.05, 0.22, 0.48, -0.45};
  const auto exact = sign_flip_exact(d);
  const auto sampled = sign_flip_monte_carlo(d, 20000, 5);
  REQUIRE(sampled);
  CHECK(sampled->p_greater == Approx(exact->p_greater).margin(0.012));
  CHECK(sampled->p_two_sided == Approx(exact->p_two_sided).margin(0.012));
  CHECK(sign_flip_monte_carlo(d, 20000, 5)->p_less == sampled->p_less);
}

TEST_CASE("a sampled p is never zero, also beyond 64 differences") {
  const std::vector<double> d(100, 1.0);
  CHECK(sign_flip_monte_carlo(d, 999, 1)->p_greater == Approx(0.001));
}

TEST_CASE("too many for all patterns, or not a number") {
  CHECK(sign_flip_exact(std::vector<double>(20, 1.0))->p_greater == std::ldexp(1.0, -20));
  CHECK_FALSE(sign_flip_exact(std::vector<double>(21, 1.0)));
  const std::vector<double> nan{std::numeric_limits<double>::quiet_NaN()};
  CHECK_FALSE(sign_flip_exact(nan));
  CHECK_FALSE(sign_flip_monte_carlo(nan, 10, 1));
  CHECK_FALSE(sign_flip_monte_carlo({}, 0, 1));
}
