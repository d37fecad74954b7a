#include "headgate/stats/planning.hpp"

#include <catch2/catch.hpp>
#include <cmath>

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
  struct Row {
    double margin, discordance, delta;
    std::uint64_t n;
    double pass, fail;
  };
  const Row rows[] = {{.02, .05, 0, 100, .12, 0},      {.02, .10, 0, 100, .09, .006}, {.02, .10, 0, 1000, .51, 0},
                      {.02, .10, -.04, 200, 0, .15},   {.03, .05, 0, 200, .39, 0},    {.03, .10, 0, 500, .54, 0},
                      {.03, .10, -.06, 500, 0, .61},   {.05, .10, 0, 200, .56, 0},    {.05, .20, 0, 1000, .94, 0},
                      {.05, .10, -.05, 200, .02, .03}, {.05, .10, -.10, 100, 0, .55}, {.05, .20, .025, 500, .96, 0},
                      {.02, .20, 0, 5000, .88, 0}};
  for (const auto& row : rows) {
    const auto power = exact_power_paired(row.n, plan(row.margin, row.discordance, row.delta));
    REQUIRE(power);
    CAPTURE(row.margin, row.discordance, row.delta, row.n);
    CHECK(power->p_pass == Approx(row.pass).margin(0.00501));
    CHECK(power->p_fail == Approx(row.fail).margin(0.00501));
  }
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
