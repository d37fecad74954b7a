#include "headgate/stats/eprocess.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "unit/stats/random_values.hpp"

using namespace headgate::stats;
using headgate::test::RandomValues;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

EProcess started(double margin, BetSide side = BetSide::admit, std::uint64_t population = 0) {
  return *EProcess::start({margin, side, population});
}

double fed(EProcess process, const std::vector<double>& d) {
  for (const double value : d) process.step(value);
  return process.log_e();
}

}  // namespace

TEST_CASE("nothing seen is nothing won") {
  const auto process = started(0.05);
  CHECK(process.log_e() == 0.0);
  CHECK(process.steps() == 0);
  CHECK_FALSE(process.rejects(0.025));
}

TEST_CASE("one step is the mean of twelve bets") {
  auto process = started(0.05);
  double fortune = 0.0;
  double stakes = 0.0;
  for (int j = 0; j < 12; ++j) {
    const double stake = 0.03 * std::pow(30.0, j / 11.0);
    fortune += (1.0 + stake * (1.0 / 0.475 - 1.0)) / 12.0;
    stakes += stake / 12.0;
  }
  CHECK(process.step(1.0) == Approx(std::log(fortune)).epsilon(1e-12));
  CHECK(started(0.05).step(-1.0) == Approx(std::log(1.0 - stakes)).epsilon(1e-12));
}

TEST_CASE("a loss for one side is a win for the other") {
  RandomValues random(9);
  auto d = random.differences(80, 0.2, 0.1);
  const double admit = fed(started(0.05, BetSide::admit), d);
  for (double& value : d) value = -value;
  CHECK(admit == fed(started(-0.05, BetSide::harm), d));
}

TEST_CASE("with replacement the order matters only in the last digits") {
  RandomValues random(10);
  const auto d = random.differences(200, 0.2, 0.1);
  const auto shuffled = headgate::test::reordered(d, random.permutation(200));
  CHECK(fed(started(0.05), d) == Approx(fed(started(0.05), shuffled)).epsilon(1e-10));
  CHECK(fed(started(0.05), d) == fed(started(0.05), d));
}

TEST_CASE("a fixed set of cases is settled when the rest cannot matter") {
  auto process = started(0.1, BetSide::admit, 5);
  CHECK(process.step(1.0) < infinity);
  CHECK(process.step(1.0) < infinity);
  CHECK(process.step(1.0) < infinity);  // 3 of 5 on [0, 1]; the null allows 2.25
  CHECK(process.step(-1.0) == infinity);
  CHECK(process.step(-1.0) == infinity);
  CHECK(process.rejects(1e-9));
  CHECK(process.steps() == 5);
  process.step(1.0);  // there is no sixth case
  CHECK(process.steps() == 5);
}

TEST_CASE("using up exactly what the null allows is not a refutation") {
  // m0 = .45, ten cases: the null allows 4.5 in all, and 4.5 is what comes.
  auto process = started(0.1, BetSide::admit, 10);
  for (const double d : {0.8, 0.8, 0.8, 0.8, 0.8, -1.0, -1.0, -1.0, -1.0}) process.step(d);
  CHECK(process.log_e() < infinity);
  CHECK(process.step(-1.0) < infinity);
  auto other = started(0.1, BetSide::admit, 10);
  for (const double d : {0.8, 0.8, 0.8, 0.8, 0.8}) other.step(d);
  CHECK(other.step(0.0) == infinity);
}

TEST_CASE("knowing the population never needs more evidence than a full run gives") {
  RandomValues random(13);
  const auto d = random.differences(200, 0.12, 0.06);
  CHECK(fed(started(0.05, BetSide::admit, 200), d) >= fed(started(0.05), d));
}

TEST_CASE("what is no difference is not consumed") {
  auto process = started(0.05);
  process.step(1.0);
  const double before = process.log_e();
  CHECK(process.step(std::numeric_limits<double>::quiet_NaN()) == before);
  CHECK(process.step(1.5) == before);
  CHECK(process.steps() == 1);
}

TEST_CASE("margins must leave room on both sides") {
  CHECK_FALSE(EProcess::start({1.0, BetSide::admit, 0}));
  CHECK_FALSE(EProcess::start({-1.0, BetSide::harm, 0}));
  CHECK_FALSE(EProcess::start({std::numeric_limits<double>::quiet_NaN(), BetSide::admit, 0}));
}

TEST_CASE("looking after every case admits a candidate at the margin in at most 2.5 % of runs") {
  RandomValues random(2025);
  int admitted = 0;
  int blocked = 0;
  for (int run = 0; run < 1000; ++run) {
    auto admit = started(0.05);
    auto harm = started(0.05, BetSide::harm);
    bool admits = false;
    bool blocks = false;
    for (int i = 0; i < 200; ++i) {
      const double d = random.difference(0.05, 0.10);
      admit.step(d);
      harm.step(d);
      admits = admits || admit.rejects(0.025);
      blocks = blocks || harm.rejects(0.025);
    }
    admitted += admits ? 1 : 0;
    blocked += blocks ? 1 : 0;
  }
  CHECK(admitted <= 25);
  CHECK(blocked <= 25);
}
