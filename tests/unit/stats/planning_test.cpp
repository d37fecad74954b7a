#include "headgate/stats/planning.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "headgate/stats/distributions.hpp"
#include "headgate/stats/paired.hpp"

using namespace headgate::stats;

namespace {

PairedPlan plan(double margin, double discordance, double delta = 0.0) {
  PairedPlan result;
  result.margin = margin;
  result.discordance = discordance;
  result.true_delta = delta;
  return result;
}

}  // namespace

TEST_CASE("cases needed for 80 % power are those of the planning table") {
  struct Row {
    double margin, discordance;
    std::uint64_t n;
  };
  const Row rows[] = {{.02, .05, 981}, {.02, .10, 1962}, {.02, .20, 3925}, {.02, .30, 5887},
                      {.03, .05, 436}, {.03, .10, 873},  {.03, .20, 1745}, {.03, .30, 2617},
                      {.05, .05, 157}, {.05, .10, 314},  {.05, .20, 628},  {.05, .30, 942}};
  for (const auto& [margin, discordance, n] : rows) {
    const auto needed = plan_n_paired(plan(margin, discordance));
    REQUIRE(needed);
    CHECK(static_cast<double>(*needed) == Approx(static_cast<double>(n)).margin(1.01));
  }
}

TEST_CASE("the exact power table, as enumerated") {
  constexpr std::uint64_t sizes[] = {100, 200, 500, 1000, 2000, 5000};
  struct Row {
    double margin, discordance, delta;
    double pass[6];
    double fail[6];  // below .005 where 0
  };
  const Row rows[] = {{.02, .05, 0, {.12, .19, .48, .78, .97, 1}, {}},
                      {.02, .10, 0, {.09, .13, .28, .51, .80, .99}, {.0062}},
                      {.02, .20, 0, {.06, .09, .17, .29, .51, .88}, {.0113, .0069}},
                      {.02, .10, -.04, {.01, 0, 0, 0, 0, 0}, {.10, .15, .30, .53, .82, 1}},
                      {.03, .05, 0, {.20, .39, .81, .98, 1, 1}, {}},
                      {.03, .10, 0, {.13, .24, .54, .84, .99, 1}, {}},
                      {.03, .20, 0, {.10, .15, .32, .56, .85, 1}, {.0071}},
                      {.03, .10, -.06, {0, 0, 0, 0, 0, 0}, {.21, .30, .61, .88, .99, 1}},
                      {.05, .05, 0, {.42, .79, 1, 1, 1, 1}, {}},
                      {.05, .10, 0, {.29, .56, .93, 1, 1, 1}, {}},
                      {.05, .20, 0, {.18, .34, .70, .94, 1, 1}, {}},
                      {.05, .30, 0, {.14, .25, .53, .82, .98, 1}, {}},
                      {.05, .10, -.05, {.02, .02, .02, .02, .02, .02}, {.03, .03, .03, .03, .03, .03}},
                      {.05, .10, -.10, {0, 0, 0, 0, 0, 0}, {.55, .79, .99, 1, 1, 1}},
                      {.05, .20, .025, {.36, .65, .96, 1, 1, 1}, {}}};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < std::size(sizes); ++i) {
      const auto power = exact_power_paired(sizes[i], plan(row.margin, row.discordance, row.delta));
      REQUIRE(power);
      CAPTURE(row.margin, row.discordance, row.delta, sizes[i]);
      CHECK(power->p_pass == Approx(row.pass[i]).margin(0.00501));
      CHECK(power->p_fail == Approx(row.fail[i]).margin(0.00501));
    }
  }
}

TEST_CASE("leaving out the tails changes nothing that could be seen") {
  // Every outcome of few pairs, by the statistic itself.
  for (const std::uint64_t n : {10U, 60U, 200U}) {
    for (const double discordance : {0.02, 0.3, 1.0}) {
      for (const double delta : {0.0, -0.02, 0.02}) {
        const double gain = (discordance + delta) / 2, loss = (discordance - delta) / 2;
        double pass = 0.0;
        for (std::uint64_t b = 0; b <= n; ++b) {
          for (std::uint64_t c = 0; b + c <= n; ++c) {
            const auto t = paired_score_statistic({b, c, n}, -0.05);
            if (*t < normal_upper_quantile(0.025)) continue;
            const auto nb = static_cast<double>(n), bb = static_cast<double>(b), cc = static_cast<double>(c);
            pass += binomial_pmf(bb, nb, gain) * binomial_pmf(cc, nb - bb, loss / (1.0 - gain));
          }
        }
        CAPTURE(n, discordance, delta);
        CHECK(exact_power_paired(n, plan(0.05, discordance, delta))->p_pass == Approx(pass).margin(1e-11));
      }
    }
  }
}

TEST_CASE("beyond what is enumerated the approximation goes on where the exact chance ends") {
  for (const double margin : {0.002, 0.005, 0.01, 0.02}) {
    for (const double discordance : {0.01, 0.05, 0.2, 0.4}) {
      for (const double delta : {0.0, -margin, margin / 2}) {
        if (std::abs(delta) > discordance) continue;
        const auto exact = power_paired(most_exact_pairs, plan(margin, discordance, delta));
        const auto near = power_paired(most_exact_pairs + 1, plan(margin, discordance, delta));
        REQUIRE((exact && near));
        CAPTURE(margin, discordance, delta);
        CHECK(near->p_pass == Approx(exact->p_pass).margin(0.004));
        CHECK(near->p_fail == Approx(exact->p_fail).margin(0.004));
      }
    }
  }
  CHECK(power_paired(100'000'000, plan(0.05, 0.0))->p_pass == 1.0);
  CHECK_FALSE(power_paired(100'000, plan(0.05, 0.1, 0.2)));
}

TEST_CASE("at the margin the exact false admission stays within its published maximum") {
  for (const double margin : {0.02, 0.05, 0.10}) {
    for (const double discordance : {0.1, 0.2, 0.4}) {
      for (const std::uint64_t n : {50U, 100U, 200U}) {
        const auto power = exact_power_paired(n, plan(margin, discordance, -margin));
        REQUIRE(power);
        CHECK(power->p_pass <= (n == 50 ? 0.0266 : n == 100 ? 0.0259 : 0.0253));
      }
    }
  }
}

TEST_CASE("a planned n has about the planned power") {
  const auto n = plan_n_paired(plan(0.05, 0.1));
  REQUIRE(n);
  CHECK(exact_power_paired(*n, plan(0.05, 0.1))->p_pass == Approx(0.8).margin(0.04));
}

TEST_CASE("a candidate at or below the margin cannot be planned for") {
  CHECK_FALSE(plan_n_paired(plan(0.05, 0.2, -0.05)));
  CHECK_FALSE(plan_n_paired(plan(0.05, 0.2, -0.06)));
  CHECK_FALSE(plan_n_paired(plan(0.0, 0.2, 0.0)));
}

TEST_CASE("arms that never differ need one case, arms that differ less than their means none can plan") {
  CHECK(plan_n_paired(plan(0.05, 0.0)) == 1U);
  CHECK_FALSE(plan_n_paired(plan(0.05, 0.01, 0.02)));
  CHECK_FALSE(plan_n_paired(plan(0.05, 1.2)));
  auto bad = plan(0.05, 0.2);
  bad.power = 1.0;
  CHECK_FALSE(plan_n_paired(bad));
  bad = plan(0.05, 0.2);
  bad.alpha = 0.5;
  CHECK_FALSE(plan_n_paired(bad));
}

TEST_CASE("the smallest margin undoes the plan") {
  CHECK(*smallest_margin(200, 0.1) == Approx(0.0626).margin(5e-5));
  CHECK(plan_n_paired(plan(*smallest_margin(628, 0.2), 0.2)).value() <= 629U);
  CHECK_FALSE(smallest_margin(0, 0.1));
  CHECK_FALSE(smallest_margin(10, -0.1));
}

TEST_CASE("an inconclusive test says how many cases would do, or that none would") {
  NeededN question;
  question.distance = 0.05;
  question.null_variance = 0.2;
  CHECK(needed_n(question) == plan_n_paired(plan(0.05, 0.2)));
  question.design_effect = 2.0;
  CHECK(static_cast<double>(*needed_n(question)) == Approx(2.0 * 628).margin(1.01));
  question.distance = 0.0;
  CHECK_FALSE(needed_n(question));
  question.distance = -0.01;
  CHECK_FALSE(needed_n(question));
  question.distance = 1e-200;
  CHECK_FALSE(needed_n(question));
}

TEST_CASE("exact power at the ends of its range") {
  CHECK(exact_power_paired(0, plan(0.05, 0.1))->p_pass == 0.0);
  CHECK(exact_power_paired(1, plan(0.05, 0.1))->p_pass == 0.0);
  CHECK(exact_power_paired(500, plan(0.05, 0.0))->p_pass == Approx(1.0));
  CHECK(exact_power_paired(30, plan(0.05, 1.0, 1.0))->p_pass == Approx(1.0));
  CHECK(exact_power_paired(30, plan(0.05, 1.0, -1.0))->p_fail == Approx(1.0));
  CHECK_FALSE(exact_power_paired(30, plan(1.0, 0.1)));
  CHECK_FALSE(exact_power_paired(30000, plan(0.05, 0.1)));
}
