#include "headgate/stats/score.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "headgate/stats/binomial.hpp"
#include "headgate/stats/distributions.hpp"
#include "headgate/stats/paired.hpp"
#include "unit/stats/random_values.hpp"

using namespace headgate::stats;
using headgate::test::RandomValues;
using headgate::test::reordered;

namespace {

std::vector<double> differences(std::size_t gains, std::size_t losses, std::size_t n) {
  std::vector<double> x(n, 0.0);
  for (std::size_t i = 0; i < gains; ++i) x[i] = 1.0;
  for (std::size_t i = 0; i < losses; ++i) x[n - 1 - i] = -1.0;
  return x;
}

bool same_bits(const ScoreResult& a, const ScoreResult& b) {
  return a.estimate == b.estimate && a.lower == b.lower && a.upper == b.upper && a.statistic == b.statistic &&
         a.p_above == b.p_above && a.p_below == b.p_below && a.var_ratio == b.var_ratio && a.df == b.df &&
         a.informative_clusters == b.informative_clusters && a.null_variance == b.null_variance;
}

}  // namespace

TEST_CASE("on -1, 0, 1 the score test is Tango's") {
  const std::size_t tables[][3] = {{0, 0, 1}, {0, 0, 30},  {1, 7, 21},  {3, 9, 100},    {12, 2, 50}, {0, 5, 10},
                                   {1, 0, 1}, {10, 0, 10}, {0, 10, 10}, {150, 90, 300}, {3, 0, 1000}};
  for (const auto& [gains, losses, n] : tables) {
    const auto x = differences(gains, losses, n);
    const auto sample = ScoreSample::from({x});
    REQUIRE(sample);
    for (const double theta0 : {-0.9, -0.3, -0.05, -0.001, 0.0, 0.02, 0.5, 0.99}) {
      const double expected = *paired_score_statistic({gains, losses, n}, theta0);
      CHECK(*sample->statistic(theta0) == Approx(expected).epsilon(1e-10).margin(1e-12));
    }
    const auto bounds = sample->bounds(0.025);
    const auto expected = paired_score_bounds({gains, losses, n}, 0.025);
    REQUIRE(bounds);
    CHECK(bounds->lower == Approx(expected->lower).margin(1e-11));
    CHECK(bounds->upper == Approx(expected->upper).margin(1e-11));
  }
}

TEST_CASE("on 0, 1 the bounds are Wilson's") {
  for (const std::size_t passes : {0U, 1U, 7U, 19U, 20U}) {
    std::vector<double> x(20, 0.0);
    for (std::size_t i = 0; i < passes; ++i) x[i] = 1.0;
    const auto sample = ScoreSample::from({x, {}, {}, 0.0, 1.0, std::nullopt});
    REQUIRE(sample);
    const auto bounds = sample->bounds(0.025);
    const auto expected = wilson({static_cast<double>(passes), 20.0}, 0.025);
    CHECK(bounds->lower == Approx(expected->lower).margin(1e-12));
    CHECK(bounds->upper == Approx(expected->upper).margin(1e-12));
  }
}

TEST_CASE("any range gives the same answer in its own units") {
  RandomValues random(11);
  std::vector<double> cost;
  std::vector<double> scaled;
  for (int i = 0; i < 60; ++i) {
    cost.push_back(random.uniform() * random.uniform() * 0.08);
    scaled.push_back(2.0 * cost.back() / 0.08 - 1.0);
  }
  const auto in_money = ScoreSample::from({cost, {}, {}, 0.0, 0.08, std::nullopt})->bounds(0.025);
  const auto in_units = ScoreSample::from({scaled})->bounds(0.025);
  CHECK(in_money->lower == Approx((in_units->lower + 1.0) * 0.04).epsilon(1e-10));
  CHECK(in_money->upper == Approx((in_units->upper + 1.0) * 0.04).epsilon(1e-10));
}

TEST_CASE("equal graded differences have the closed form (c - theta)(theta - lo)") {
  // The likelihood leaves (c - theta) / (c - lo) of the mass at the far end, so the variance is the product.
  const std::vector<double> x(25, 0.02);
  const auto sample = ScoreSample::from({x});
  REQUIRE(sample);
  CHECK(*sample->null_variance(-0.05) == Approx(0.07 * 0.95).epsilon(1e-12));
  CHECK(*sample->statistic(-0.05) == Approx(5.0 * std::sqrt(0.07 / 0.95)).epsilon(1e-12));
  CHECK(sample->estimate() == 0.02);
  CHECK(*sample->statistic(0.02) == 0.0);
}

TEST_CASE("the statistic falls as theta0 rises, and the bounds contain the estimate") {
  RandomValues random(5);
  for (int round = 0; round < 50; ++round) {
    std::vector<double> x;
    std::vector<double> w;
    const std::uint32_t n = 1 + random.below(40);
    for (std::uint32_t i = 0; i < n; ++i) {
      x.push_back(round % 3 == 0 ? std::round(4.0 * random.uniform() - 2.0) / 2.0 : 2.0 * random.uniform() - 1.0);
      w.push_back(round % 2 == 0 ? 1.0 : 0.1 + random.uniform());
    }
    const auto sample = ScoreSample::from({x, w});
    REQUIRE(sample);
    double previous = std::numeric_limits<double>::infinity();
    for (int step = -98; step <= 98; step += 4) {
      const double t = *sample->statistic(step / 100.0);
      REQUIRE_FALSE(std::isnan(t));
      CHECK(t <= previous + 1e-9 * std::abs(t));
      previous = t;
    }
    if (n == 1 && round % 2 == 1) continue;
    const auto bounds = sample->bounds(0.025);
    REQUIRE(bounds);
    CHECK(bounds->lower <= sample->estimate());
    CHECK(bounds->upper >= sample->estimate());
    CHECK(bounds->lower >= -1.0);
    CHECK(bounds->upper <= 1.0);
    CHECK(bounds->upper > bounds->lower);
    const double q = sample->critical(0.025);
    if (bounds->lower > -1.0) CHECK(*sample->statistic(bounds->lower) == Approx(q).epsilon(1e-7));
    if (bounds->upper < 1.0) CHECK(*sample->statistic(bounds->upper) == Approx(-q).epsilon(1e-7));
  }
}

TEST_CASE("a lone value is regular") {
  for (const double x : {-1.0, -0.4, 0.0, 0.3, 1.0}) {
    const std::vector<double> one{x};
    const auto result = score_test({one}, {-0.05, 0.025});
    REQUIRE(result);
    CHECK(result->upper - result->lower > 0.5);
    CHECK(std::abs(result->statistic) < 1.96);
    CHECK(result->n_eff == 1.0);
  }
}

TEST_CASE("extreme values keep their bound at the end of the range and a width") {
  const std::vector<double> best(6, 1.0);
  const auto high = score_test({best}, {-0.05, 0.025});
  CHECK(high->upper == 1.0);
  CHECK(high->lower < 0.3);
  const std::vector<double> worst(6, -1.0);
  const auto low = score_test({worst}, {-0.05, 0.025});
  CHECK(low->lower == -1.0);
  CHECK(low->upper == -high->lower);
}

TEST_CASE("values next to an end of the range are not at the end") {
  const std::vector<double> x{-1.0 + 1e-12, 0.5, 0.5, 0.25};
  const auto sample = ScoreSample::from({x});
  REQUIRE(sample);
  for (const double theta0 : {-0.999999, -0.5, 0.0, 0.9}) {
    CHECK(std::isfinite(*sample->statistic(theta0)));
    CHECK(*sample->null_variance(theta0) > 0.0);
  }
}

TEST_CASE("mirroring the data mirrors the answer") {
  RandomValues random(3);
  std::vector<double> x;
  std::vector<double> y;
  for (int i = 0; i < 50; ++i) {
    x.push_back(2.0 * random.uniform() - 1.0);
    y.push_back(-x.back());
  }
  const auto a = score_test({x}, {-0.1, 0.025});
  const auto b = score_test({y}, {0.1, 0.025});
  CHECK(a->statistic == Approx(-b->statistic).epsilon(1e-12));
  CHECK(a->lower == Approx(-b->upper).epsilon(1e-12));
  CHECK(a->p_above == Approx(b->p_below).epsilon(1e-12));
}

TEST_CASE("p values and the critical value tell the same story") {
  RandomValues random(8);
  for (int round = 0; round < 40; ++round) {
    const auto x = random.differences(150, 0.08, 0.05);
    const auto result = score_test({x}, {-0.05, 0.025});
    CHECK((result->statistic >= result->critical) == (result->p_above <= 0.025));
    CHECK((result->statistic <= -result->critical) == (result->p_below <= 0.025));
    CHECK((result->statistic >= result->critical) == (result->lower >= -0.05));
    CHECK(result->p_above + result->p_below == Approx(1.0));
  }
}

TEST_CASE("the order of rows and the names of clusters do not change one bit") {
  RandomValues random(21);
  for (const bool graded : {false, true}) {
    std::vector<double> x;
    std::vector<double> w;
    std::vector<std::uint32_t> ids;
    for (std::uint32_t i = 0; i < 300; ++i) {
      x.push_back(graded ? 2.0 * random.uniform() - 1.0 : random.difference(0.1, 0.1));
      w.push_back(0.1 + 3.0 * random.uniform());
      ids.push_back(random.below(90));
    }
    const auto order = random.permutation(x.size());
    auto renamed = reordered(ids, order);
    for (auto& id : renamed) id = 1000 - 7 * id;
    const auto x2 = reordered(x, order);
    const auto w2 = reordered(w, order);
    const ScoreQuestion question{-0.05, 0.025};
    CHECK(same_bits(*score_test({x}, question), *score_test({x2}, question)));
    CHECK(same_bits(*score_test({x, w}, question), *score_test({x2, w2}, question)));
    CHECK(same_bits(*score_test({x, {}, ids}, question), *score_test({x2, {}, renamed}, question)));
    CHECK(same_bits(*score_test({x, w, ids}, question), *score_test({x2, w2, renamed}, question)));
  }
}

TEST_CASE("equal weights, whatever their size, are no weights") {
  RandomValues random(4);
  const auto x = random.differences(80, 0.1, 0.2);
  const std::vector<double> thirds(80, 1.0 / 3.0);
  CHECK(same_bits(*score_test({x}, {-0.05, 0.025}), *score_test({x, thirds}, {-0.05, 0.025})));
}

TEST_CASE("rows of weight zero take no part") {
  const std::vector<double> x{0.5, -1.0, 0.25, 0.0};
  const std::vector<double> w{1.0, 0.0, 2.0, 1.0};
  const std::vector<double> kept{0.5, 0.25, 0.0};
  const std::vector<double> kept_w{1.0, 2.0, 1.0};
  CHECK(same_bits(*score_test({x, w}, {-0.05, 0.025}), *score_test({kept, kept_w}, {-0.05, 0.025})));
}

TEST_CASE("doubling every case inside its cluster changes nothing that decides") {
  RandomValues random(14);
  std::vector<double> x;
  std::vector<std::uint32_t> ids;
  for (std::uint32_t g = 0; g < 120; ++g) {
    for (int copy = 0; copy < 2; ++copy) ids.push_back(g);
    x.insert(x.end(), 2, random.difference(0.3, 0.3));
  }
  std::vector<double> singles;
  for (std::size_t i = 0; i < x.size(); i += 2) singles.push_back(x[i]);
  const auto doubled = score_test({x, {}, ids}, {-0.05, 0.025});
  const auto single = ScoreSample::from({singles}, Dependence::always);
  CHECK(doubled->clustered);
  CHECK(doubled->statistic == Approx(*single->statistic(-0.05)).epsilon(1e-12));
  CHECK(doubled->n_eff == Approx(119.0).epsilon(1e-12));
}

TEST_CASE("singletons use the plain test unless asked otherwise") {
  RandomValues random(2);
  const auto x = random.differences(60, 0.2, 0.2);
  std::vector<std::uint32_t> ids;
  for (std::uint32_t i = 0; i < 60; ++i) ids.push_back(i);
  const auto plain = score_test({x}, {-0.05, 0.025});
  const auto named = score_test({x, {}, ids}, {-0.05, 0.025});
  CHECK(same_bits(*plain, *named));
  CHECK_FALSE(named->clustered);
  CHECK(*named->df == std::numeric_limits<double>::infinity());
  CHECK(named->n_eff == Approx(60.0));

  const auto strict = ScoreSample::from({x, {}, ids}, Dependence::always);
  CHECK(strict->spread().ratio == Approx(1.0 / 59.0).epsilon(1e-12));
  CHECK(*strict->spread().df == Approx(59.0).epsilon(1e-10));
}

TEST_CASE("one cluster of everything supports no conclusion") {
  const std::vector<double> x(200, 0.5);
  const std::vector<std::uint32_t> ids(200, 9);
  const auto result = score_test({x, {}, ids}, {-0.05, 0.025});
  REQUIRE(result);
  CHECK_FALSE(result->df);
  CHECK(result->n_eff == Approx(1.0));
  CHECK(result->clusters == 1);
  CHECK(result->lower == -1.0);
  CHECK(result->upper == 1.0);
  CHECK(result->p_above == 1.0);
  CHECK(result->p_below == 1.0);
  CHECK(result->critical == std::numeric_limits<double>::infinity());
}

TEST_CASE("scores on [0, 1] count clusters that differ from the usual value") {
  std::vector<double> x(90, 1.0);
  x[0] = x[1] = x[40] = 0.25;
  std::vector<std::uint32_t> ids;
  for (std::uint32_t i = 0; i < 90; ++i) ids.push_back(i / 2);
  const auto result = score_test({x, {}, ids, 0.0, 1.0, std::nullopt}, {0.8, 0.025});
  REQUIRE(result);
  CHECK(result->informative_clusters == 2);
  CHECK(result->guarded);
  CHECK(result->n_eff <= 45.0 + 1e-9);
}

TEST_CASE("input that is not a sample in its range gives nothing") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> x{0.0, 0.5};
  const std::vector<double> bad{0.0, 1.5};
  const std::vector<double> worse{0.0, nan};
  const std::vector<double> none;
  const std::vector<double> zeros{0.0, 0.0};
  const std::vector<double> negative{1.0, -1.0};
  const std::vector<std::uint32_t> one_id{1};
  const ScoreQuestion question{-0.05, 0.025};
  CHECK_FALSE(score_test({none}, question));
  CHECK_FALSE(score_test({bad}, question));
  CHECK_FALSE(score_test({worse}, question));
  CHECK_FALSE(score_test({x, zeros}, question));
  CHECK_FALSE(score_test({x, negative}, question));
  CHECK_FALSE(score_test({x, worse}, question));
  CHECK_FALSE(score_test({x, {}, one_id}, question));
  CHECK_FALSE(score_test({x, {}, {}, 1.0, -1.0, 0.0}, question));
  CHECK_FALSE(score_test({x}, {-1.0, 0.025}));
  CHECK_FALSE(score_test({x}, {1.0, 0.025}));
  CHECK_FALSE(score_test({x}, {nan, 0.025}));
  CHECK_FALSE(score_test({x}, {-0.05, 0.5}));
  CHECK_FALSE(score_test({x}, {-0.05, 0.0}));
}

TEST_CASE("many distinct values give the same answer as few, collapsed or not") {
  RandomValues random(77);
  std::vector<double> x;
  for (int i = 0; i < 3000; ++i) x.push_back(1.5 * random.uniform() * random.uniform() - 0.5);
  // The same distribution, every value three times, has a third of the variance of the mean.
  std::vector<double> tripled;
  for (const double value : x) tripled.insert(tripled.end(), 3, value);
  const auto once = score_test({x}, {-0.05, 0.025});
  const auto thrice = score_test({tripled}, {-0.05, 0.025});
  REQUIRE(once);
  REQUIRE(thrice);
  CHECK(thrice->estimate == Approx(once->estimate).epsilon(1e-12));
  CHECK(thrice->statistic == Approx(once->statistic * std::sqrt(3.0)).epsilon(1e-10));
  CHECK(once->informative_clusters == 3000);
}

TEST_CASE("a candidate exactly at the margin is admitted in at most 3 % of runs") {
  struct Cell {
    std::size_t n;
    double margin, discordance;
  };
  for (const Cell cell : {Cell{60, 0.05, 0.1}, {200, 0.05, 0.2}, {500, 0.03, 0.1}}) {
    RandomValues random(20240 + cell.n);
    const double gain = (cell.discordance - cell.margin) / 2.0;
    const double loss = (cell.discordance + cell.margin) / 2.0;
    int admitted = 0;
    for (int run = 0; run < 2000; ++run) {
      const auto x = random.differences(cell.n, gain, loss);
      const auto result = score_test({x}, {-cell.margin, 0.025});
      if (result->statistic >= result->critical) ++admitted;
    }
    CHECK(admitted <= 60);
    CHECK(admitted >= 20);  // the level is used, not wasted
  }
}

TEST_CASE("clusters that fail together do not admit a harmful candidate") {
  RandomValues random(99);
  int admitted = 0;
  for (int run = 0; run < 2000; ++run) {
    std::vector<double> x;
    std::vector<std::uint32_t> ids;
    for (std::uint32_t g = 0; g < 40; ++g) {
      const double shared = random.difference(0.1, 0.2);  // true mean -0.1
      for (int i = 0; i < 5; ++i) {
        x.push_back(random.uniform() < 0.8 ? shared : random.difference(0.1, 0.2));
        ids.push_back(g);
      }
    }
    const auto result = score_test({x, {}, ids}, {-0.1, 0.025});
    if (result->statistic >= result->critical) ++admitted;
  }
  CHECK(admitted <= 60);
}
