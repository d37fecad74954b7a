#include "headgate/stats/distributions.hpp"

#include <catch2/catch.hpp>
#include <limits>

using namespace headgate::stats;

namespace {
constexpr double infinity = std::numeric_limits<double>::infinity();
}

TEST_CASE("normal quantiles are those of any printed table") {
  CHECK(normal_upper_quantile(0.025) == Approx(1.959963984540054).epsilon(1e-14));
  CHECK(normal_upper_quantile(0.05) == Approx(1.644853626951473).epsilon(1e-14));
  CHECK(normal_quantile(0.5) == Approx(0.0).margin(1e-16));
  CHECK(normal_quantile(0.2) == Approx(-0.8416212335729142).epsilon(1e-14));
  CHECK(normal_upper_quantile(0.0) == infinity);
  CHECK(normal_quantile(0.0) == -infinity);
}

TEST_CASE("normal tails keep their digits far out") {
  CHECK(normal_upper_tail(10.0) == Approx(7.619853024160527e-24).epsilon(1e-12));
  CHECK(normal_cdf(-10.0) == normal_upper_tail(10.0));
  CHECK(normal_cdf(infinity) == 1.0);
}

TEST_CASE("Student's t takes real and infinite degrees of freedom") {
  CHECK(t_upper_quantile(0.025, 1.0) == Approx(12.706204736174696).epsilon(1e-12));
  CHECK(t_upper_quantile(0.025, 10.0) == Approx(2.2281388519862744).epsilon(1e-12));
  CHECK(t_upper_quantile(0.05, 4.0) == Approx(2.13184678632665).epsilon(1e-12));
  CHECK(t_upper_quantile(0.025, infinity) == normal_upper_quantile(0.025));
  CHECK(t_upper_quantile(0.025, 1e9) == Approx(normal_upper_quantile(0.025)).epsilon(1e-8));
  CHECK(t_upper_quantile(0.025, 4.5) < t_upper_quantile(0.025, 4.0));
  CHECK(t_upper_quantile(0.025, 4.5) > t_upper_quantile(0.025, 5.0));
  CHECK(t_upper_tail(t_upper_quantile(0.01, 7.3), 7.3) == Approx(0.01).epsilon(1e-10));
  CHECK(t_upper_tail(infinity, 3.0) == 0.0);
  CHECK(t_upper_tail(-infinity, 3.0) == 1.0);
}

TEST_CASE("beta quantiles invert x^a") {
  CHECK(beta_quantile(0.25, 2.0, 1.0) == Approx(0.5).epsilon(1e-13));
  CHECK(beta_upper_quantile(0.25, 1.0, 2.0) == Approx(0.5).epsilon(1e-13));
  CHECK(beta_quantile(0.0, 2.0, 3.0) == 0.0);
  CHECK(beta_quantile(1.0, 2.0, 3.0) == 1.0);
}

TEST_CASE("binomial tails of three tosses, and the ends") {
  CHECK(binomial_cdf(1, 3, 0.5) == Approx(0.5).epsilon(1e-14));
  CHECK(binomial_upper_tail(2, 3, 0.5) == Approx(0.5).epsilon(1e-14));
  CHECK(binomial_pmf(2, 3, 0.5) == Approx(0.375).epsilon(1e-14));
  CHECK(binomial_pmf(0, 0, 0.5) == Approx(1.0));
  CHECK(binomial_cdf(-1, 3, 0.5) == 0.0);
  CHECK(binomial_cdf(3, 3, 0.5) == 1.0);
  CHECK(binomial_upper_tail(0, 3, 0.5) == 1.0);
  CHECK(binomial_upper_tail(4, 3, 0.5) == 0.0);
  CHECK(binomial_pmf(4, 3, 0.5) == 0.0);
  CHECK(binomial_pmf(0, 3, 0.0) == 1.0);
  CHECK(binomial_pmf(3, 3, 1.0) == 1.0);
}
