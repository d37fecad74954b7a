#include "spend.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "headgate/base/random.hpp"

using namespace headgate;
using run::Spend;
using May = Spend::May;

namespace {

// Sends one after the other what may go; how many.
std::size_t in_a_row(Spend& spend, std::optional<double> worst, std::optional<double> cost) {
  std::size_t sent = 0;
  while (spend.may_send(0, worst) == May::send && sent < 10'000'000) {
    spend.settle(0, spend.reserve(0, worst), cost);
    ++sent;
  }
  return sent;
}

}  // namespace

TEST_CASE("three calls of 0.03 fit into 0.10, and into 0.09") {
  for (const double cap : {0.10, 0.09}) {
    Spend spend(cap, 0.0, 1);
    CHECK(in_a_row(spend, 0.03, 0.03) == 3);
    CHECK(spend.may_send(0, 0.03) == May::never);
    CHECK(spend.spent() == Approx(0.09));
    CHECK(spend.is_known());
  }
  Spend all_at_once(0.10, 0.0, 1);
  all_at_once.settle(0, all_at_once.reserve(0, 0.03), 0.03);
  const double second = all_at_once.reserve(0, 0.03), third = all_at_once.reserve(0, 0.03);
  CHECK(all_at_once.may_send(0, 0.03) == May::wait);  // the two may yet cost nothing
  all_at_once.settle(0, second, 0.03);
  CHECK(all_at_once.may_send(0, 0.03) == May::wait);
  all_at_once.settle(0, third, 0.03);
  CHECK(all_at_once.may_send(0, 0.03) == May::never);
}

TEST_CASE("a million small calls meet the cap exactly") {
  Spend spend(100.0, 0.0, 1);
  CHECK(in_a_row(spend, 1e-4, 1e-4) == 1'000'000);
  CHECK(spend.spent() == Approx(100.0).epsilon(1e-12));
}

TEST_CASE("without a cap everything goes, and is counted") {
  Spend spend(std::nullopt, 0.25, 2);
  for (int i = 0; i < 10; ++i) CHECK(spend.may_send(1, std::nullopt) == May::send);
  const double a = spend.reserve(1, std::nullopt), b = spend.reserve(1, 0.5);
  spend.settle(1, b, 0.125);
  CHECK(spend.spent() == 0.375);
  CHECK(spend.is_known());
  spend.settle(1, a, std::nullopt);
  CHECK_FALSE(spend.is_known());
  CHECK_FALSE(spend.cap());
}

TEST_CASE("what earlier starts spent counts") {
  Spend spend(1.0, 0.95, 1);
  CHECK(spend.may_send(0, 0.06) == May::never);
  CHECK(spend.may_send(0, 0.05) == May::send);
  Spend over(1.0, 2.0, 1);
  CHECK(over.may_send(0, 0.01) == May::never);
  CHECK(over.may_send(0, std::nullopt) == May::never);
}

TEST_CASE("the first call of a lane goes alone") {
  Spend spend(10.0, 0.0, 2);
  const double first = spend.reserve(0, 0.1);
  CHECK(spend.may_send(0, 0.1) == May::wait);
  CHECK(spend.may_send(1, 0.1) == May::send);  // another lane has its own
  spend.settle(0, first, 0.5);
  CHECK(spend.may_send(0, 0.1) == May::send);
  CHECK(spend.reserve(0, 0.1) == 0.5);  // the dearest so far
  CHECK(spend.reserve(0, 0.7) == 0.7);
  CHECK(spend.may_send(0, 0.1) == May::send);
}

TEST_CASE("calls without a bound go one at a time, and count as the dearest so far") {
  Spend spend(1.0, 0.0, 1);
  CHECK(spend.may_send(0, std::nullopt) == May::send);
  const double first = spend.reserve(0, std::nullopt);
  CHECK(spend.may_send(0, std::nullopt) == May::wait);
  spend.settle(0, first, 0.3);
  CHECK(spend.may_send(0, std::nullopt) == May::send);
  const double second = spend.reserve(0, std::nullopt);
  CHECK(second == 0.3);
  CHECK(spend.may_send(0, std::nullopt) == May::wait);
  spend.settle(0, second, 0.5);
  CHECK(spend.may_send(0, std::nullopt) == May::never);  // 0.8 and 0.5
}

TEST_CASE("an unknown cost counts as what was reserved, and the total is no longer known") {
  Spend spend(1.0, 0.0, 1);
  spend.settle(0, spend.reserve(0, 0.4), std::nullopt);
  CHECK(spend.spent() == 0.4);
  CHECK_FALSE(spend.is_known());
  for (const double no_amount : {-1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    Spend other(1.0, 0.0, 1);
    other.settle(0, other.reserve(0, 0.4), no_amount);
    CHECK(other.spent() == 0.4);
    CHECK_FALSE(other.is_known());
  }
}

TEST_CASE("a lane of which nobody ever says what it costs cannot keep a cap") {
  Spend spend(1.0, 0.0, 1);
  CHECK(in_a_row(spend, std::nullopt, std::nullopt) == 3);
  CHECK(spend.may_send(0, std::nullopt) == May::never);
  // Where one of its calls said so, unknown ones count as the dearest.
  Spend told(1.0, 0.0, 1);
  told.settle(0, told.reserve(0, std::nullopt), 0.1);
  CHECK(in_a_row(told, std::nullopt, std::nullopt) == 9);
  // Calls that were turned away cost nothing and tell nothing.
  Spend away(1.0, 0.0, 1);
  for (int i = 0; i < 100; ++i) away.settle(0, away.reserve(0, std::nullopt), 0.0);
  CHECK(in_a_row(away, std::nullopt, std::nullopt) == 3);
}

TEST_CASE("it waits only for what could make room") {
  Spend spend(1.0, 0.0, 2);
  spend.settle(0, spend.reserve(0, 0.1), 0.1);
  const double out = spend.reserve(0, 0.6);
  CHECK(spend.may_send(0, 0.3) == May::send);
  CHECK(spend.may_send(0, 0.4) == May::wait);    // if it costs less than reserved
  CHECK(spend.may_send(0, 0.95) == May::never);  // even if it costs nothing
  spend.settle(0, out, 0.0);
  CHECK(spend.may_send(0, 0.4) == May::send);
  CHECK(spend.spent() == 0.1);
}

TEST_CASE("a cap of nothing lets through what costs nothing") {
  Spend spend(0.0, 0.0, 1);
  CHECK(spend.may_send(0, 0.0) == May::send);
  CHECK(spend.may_send(0, 1e-9) == May::never);
  CHECK(spend.may_send(0, std::nullopt) == May::never);
}

TEST_CASE("no schedule spends more than the cap where no call costs more than its worst, and none waits for nothing") {
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    Random random(seed);
    const double cap = 0.01 + random.uniform() * 5.0;
    const std::size_t lanes = 1 + random.below(4);
    const double before = random.coin() ? 0.0 : random.uniform() * cap;
    Spend spend(cap, before, lanes);
    struct Out {
      std::size_t lane;
      double reserved, worst;
    };
    std::vector<Out> out;
    double truly = before;
    bool never = false;
    for (int i = 0; i < 400; ++i) {
      const std::size_t lane = random.below(lanes);
      const double worst = random.coin() ? 0.03 : std::ceil(random.uniform() * 40.0) / 100.0;
      const May may = spend.may_send(lane, worst);
      never = never || may == May::never;
      if (may == May::send) {
        out.push_back({lane, spend.reserve(lane, worst), worst});
        REQUIRE(out.back().reserved >= worst);
      } else if (may == May::wait) {
        INFO("seed " << seed);
        REQUIRE_FALSE(out.empty());
      }
      if (!out.empty() && (may != May::send || random.coin())) {
        const std::size_t which = random.below(out.size());
        const Out done = out[which];
        out.erase(out.begin() + static_cast<std::ptrdiff_t>(which));
        const std::uint64_t how = random.below(4);
        const double cost = how == 0 ? 0.0 : how == 1 ? done.worst : random.uniform() * done.worst;
        truly += cost;
        spend.settle(done.lane, done.reserved, how == 3 ? std::nullopt : std::optional(cost));
      }
      INFO("seed " << seed);
      REQUIRE(truly <= cap * (1.0 + 1e-9));
      REQUIRE(spend.spent() <= cap * (1.0 + 1e-9));
      REQUIRE(spend.spent() >= truly * (1.0 - 1e-9));
    }
  }
}
