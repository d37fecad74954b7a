#include "headgate/stats/repeats.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

using namespace headgate::stats;

TEST_CASE("small draws by hand") {
  CHECK(*pass_at_k({4, 2}, 2) == Approx(5.0 / 6.0));
  CHECK(*pass_hat_k({4, 2}, 2) == Approx(1.0 / 6.0));
  CHECK(*pass_at_k({10, 3}, 1) == Approx(0.3));
  CHECK(*pass_hat_k({10, 3}, 1) == Approx(0.3));
  CHECK(*pass_at_k({5, 4}, 2) == 1.0);
  CHECK(*pass_hat_k({5, 1}, 2) == 0.0);
  CHECK(*pass_hat_k({6, 6}, 6) == 1.0);
  CHECK(*pass_at_k({6, 0}, 6) == 0.0);
}

TEST_CASE("more draws than trials, or more passes, are undefined") {
  CHECK_FALSE(pass_at_k({3, 3}, 4));
  CHECK_FALSE(pass_hat_k({3, 3}, 4));
  CHECK_FALSE(pass_at_k({0, 0}, 1));
  CHECK_FALSE(pass_hat_k({3, 4}, 1));
}

TEST_CASE("passing all k is rarer than the power of the rate") {
  for (std::uint64_t c = 1; c < 20; ++c) {
    const double rate = static_cast<double>(c) / 20.0;
    CHECK(*pass_hat_k({20, c}, 3) < std::pow(rate, 3));
    CHECK(*pass_at_k({20, c}, 3) >= 1.0 - std::pow(1.0 - rate, 3));
    CHECK(*pass_at_k({20, c}, 3) == Approx(1.0 - *pass_hat_k({20, 20 - c}, 3)).epsilon(1e-12));
  }
}

TEST_CASE("half of a thousand draws, without overflow") {
  CHECK(*pass_at_k({1000, 1}, 500) == Approx(0.5).epsilon(1e-13));
  CHECK(*pass_hat_k({1000, 999}, 500) == Approx(0.5).epsilon(1e-13));
}

TEST_CASE("variance components of two cases by hand") {
  const std::vector<double> scores{1.0, 0.0, 1.0, 1.0};  // means .5 and 1
  const auto result = variance_components(scores, 2);
  REQUIRE(result);
  CHECK(*result->within == Approx(0.25));
  CHECK(*result->between == Approx(0.125 - 0.125).margin(1e-15));
  CHECK(*result->se_mean == Approx(0.25));
  CHECK(result->flaky_cases == 1);
}

TEST_CASE("one trial knows nothing of the spread within, one case nothing of the spread between") {
  const std::vector<double> scores{1.0, 0.0, 1.0};
  const auto one_trial = variance_components(scores, 1);
  REQUIRE(one_trial);
  CHECK_FALSE(one_trial->within);
  CHECK_FALSE(one_trial->between);
  CHECK(*one_trial->se_mean == Approx(std::sqrt(1.0 / 9.0)));
  CHECK(one_trial->flaky_cases == 0);
  const auto one_case = variance_components(scores, 3);
  CHECK(*one_case->within == Approx(1.0 / 3.0));
  CHECK_FALSE(one_case->between);
  CHECK_FALSE(one_case->se_mean);
  CHECK(one_case->flaky_cases == 1);
}

TEST_CASE("repeating every trial keeps the standard error of the mean") {
  const std::vector<double> scores{1.0, 0.0, 0.0, 0.0, 1.0, 1.0};
  const std::vector<double> twice{1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0};
  CHECK(*variance_components(scores, 2)->se_mean == *variance_components(twice, 4)->se_mean);
}

TEST_CASE("scores that are not a table give nothing") {
  const std::vector<double> scores{1.0, 0.0, 1.0};
  CHECK_FALSE(variance_components({}, 2));
  CHECK_FALSE(variance_components(scores, 0));
  CHECK_FALSE(variance_components(scores, 2));
}
