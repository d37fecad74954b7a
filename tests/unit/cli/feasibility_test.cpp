#include "feasibility.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace headgate;
using namespace headgate::cli;

namespace {

// A plan of n random cases in one released suite, with a quality rule.
Plan plan_of(std::size_t n, double max_loss) {
  Plan plan;
  plan.head.gate = "g";
  plan.head.suites.emplace_back();
  plan.head.suites[0].name = "s";
  plan.head.suites[0].released = true;
  plan.head.rules.quality = QualityRule{Metric::pass, max_loss, std::nullopt, false, false};
  plan.head.rules.evidence.min_cases = 20;
  for (std::size_t i = 0; i < n; ++i) {
    Case item;
    item.id = "c" + std::to_string(i);
    plan.cases.push_back(item);
    plan.case_suite.push_back(0);
  }
  return plan;
}

const Need& need(const Feasibility& all, const std::string& rule) {
  const auto found = std::ranges::find(all.needs, rule, &Need::rule);
  REQUIRE(found != all.needs.end());
  return *found;
}

}  // namespace

TEST_CASE("enough cases for the margin") {
  const auto all = feasibility(plan_of(1000, 0.05));
  CHECK(all.carry == Carry::can);
  CHECK(all.headline == "This gate can say eligible for internal.");
  CHECK(need(all, "quality").needs == 314);  // 7.85 * .1 / .05^2
}

TEST_CASE("a margin that an equal candidate would hardly meet is said so") {
  const auto all = feasibility(plan_of(100, 0.02));
  CHECK(all.carry == Carry::hardly);
  CHECK(need(all, "quality").says.find("0.089") != std::string::npos);
  CHECK(all.headline.find("hardly") != std::string::npos);
}

TEST_CASE("too few cases cannot carry internal, but shadow") {
  Plan plan = plan_of(25, 0.2);
  CHECK(feasibility(plan).carry == Carry::cannot);
  plan.head.stage = Stage::shadow;
  CHECK(feasibility(plan).carry == Carry::can);
  plan.cases.resize(19);
  plan.case_suite.resize(19);
  CHECK(feasibility(plan).carry == Carry::cannot);
}

TEST_CASE("targeted cases do not bear on quality") {
  Plan plan = plan_of(1000, 0.05);
  for (auto& item : plan.cases) item.sampling = Sampling::targeted;
  CHECK(need(feasibility(plan), "quality").has == 0);
  CHECK(feasibility(plan).carry == Carry::cannot);
}

TEST_CASE("few clusters cannot carry quality") {
  Plan plan = plan_of(1000, 0.05);
  for (std::size_t i = 0; i < plan.cases.size(); ++i) plan.cases[i].cluster = "k" + std::to_string(i % 15);
  CHECK(need(feasibility(plan), "quality").carry == Carry::cannot);
}

TEST_CASE("a severe rate needs its zero-failure minimum") {
  Plan plan = plan_of(1000, 0.05);
  plan.head.rules.severe.push_back({"harm", std::nullopt, 0, 0.05, false});
  CHECK(need(feasibility(plan), "severe severe_class=harm").carry == Carry::cannot);
  for (std::size_t i = 0; i < 59; ++i) {
    plan.cases[i].severity = Severity::severe;
    plan.cases[i].severe_class = "harm";
    if (i == 57) CHECK(need(feasibility(plan), "severe severe_class=harm").carry == Carry::cannot);
  }
  CHECK(need(feasibility(plan), "severe severe_class=harm").carry == Carry::can);
  CHECK(need(feasibility(plan), "severe severe_class=harm").needs == 59);
}

TEST_CASE("an advisory rule blocks nothing") {
  Plan plan = plan_of(1000, 0.05);
  plan.head.rules.severe.push_back({"harm", std::nullopt, 0, 0.05, true});
  CHECK(feasibility(plan).carry == Carry::can);
}

TEST_CASE("must_pass, latency, errors, floor and evidence name what is missing") {
  Plan plan = plan_of(60, 0.2);
  plan.head.rules.must_pass = MustPassRule{{}, {"c1", "nowhere"}, false};
  plan.head.rules.latency = LatencyRule{100.0, false};
  plan.head.rules.errors = RateRule{0.02, false};
  plan.head.rules.floor = FloorRule{0.99, false};
  plan.head.rules.evidence.min_cases = 100;
  plan.head.rules.evidence.released = true;
  plan.head.suites[0].released = false;
  plan.head.partial = true;
  const auto all = feasibility(plan);
  for (const char* rule :
       {"must_pass", "latency", "errors", "floor", "evidence min_cases", "evidence released", "evidence whole"}) {
    INFO(rule);
    CHECK(need(all, rule).carry == Carry::cannot);
  }
  CHECK(need(all, "must_pass").says.find("nowhere") != std::string::npos);
  CHECK(need(all, "latency").needs == 72);
  CHECK(need(all, "errors").needs == 183);
}

TEST_CASE("segments: small ones narrow, required ones block") {
  Plan plan = plan_of(100, 0.1);
  for (std::size_t i = 0; i < 100; ++i) plan.cases[i].segments = {{"lang", i < 10 ? "de" : "en"}};
  plan.head.rules.segments = SegmentsRule{{"lang"}, 0.1, 30, {}, false};
  CHECK(feasibility(plan).carry == Carry::can);
  plan.head.rules.segments->required = {"lang=de", "lang=ja"};
  const auto all = feasibility(plan);
  CHECK(need(all, "segments lang=de").carry == Carry::cannot);
  CHECK(need(all, "segments lang=ja").carry == Carry::cannot);
  CHECK(need(all, "segments lang=en").carry == Carry::can);
}
