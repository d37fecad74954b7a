#include "headgate/stats/mcnemar.hpp"

#include <catch2/catch.hpp>

using headgate::stats::mcnemar;

TEST_CASE("no discordant pair says nothing") {
  const auto result = mcnemar(0, 0);
  CHECK(result.p_exact == 1.0);
  CHECK(result.p_mid == 1.0);
  CHECK(result.p_harm == 1.0);
}

TEST_CASE("five losses and no gain are the toss of five coins") {
  const auto result = mcnemar(0, 5);
  CHECK(result.p_exact == Approx(2.0 / 32.0));
  CHECK(result.p_mid == Approx(1.0 / 32.0));
  CHECK(result.p_harm == Approx(1.0 / 32.0));
  CHECK(mcnemar(5, 0).p_harm == 1.0);
}

TEST_CASE("equal gains and losses have p 1 and a mid-p one point lower") {
  const auto result = mcnemar(2, 2);
  CHECK(result.p_exact == 1.0);
  CHECK(result.p_mid == Approx(1.0 - 6.0 / 16.0));
  CHECK(result.p_harm == Approx(11.0 / 16.0));
}

TEST_CASE("two-sided p values do not care which side won") {
  for (const std::uint64_t b : {0U, 1U, 7U, 300U}) {
    for (const std::uint64_t c : {1U, 8U, 320U}) {
      CHECK(mcnemar(b, c).p_exact == mcnemar(c, b).p_exact);
      CHECK(mcnemar(b, c).p_mid <= mcnemar(b, c).p_exact);
    }
  }
}

TEST_CASE("a hundred thousand discordant pairs do not overflow") {
  const auto result = mcnemar(50000, 50900);
  CHECK(result.p_exact > 0.004);
  CHECK(result.p_exact < 0.005);
  CHECK(result.p_harm == Approx(result.p_exact / 2.0));
}
