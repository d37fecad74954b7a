#include "headgate/gate/feasibility.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "decided.hpp"
#include "headgate/base/random.hpp"
#include "headgate/stats/planning.hpp"

using namespace headgate;
using namespace headgate::gate;

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
  const Need& quality = need(all, "quality");
  CHECK(quality.needs == 628);  // 7.85 * .2 / .05^2
  REQUIRE(quality.assumed.size() == 2);
  CHECK(quality.assumed[0].discordance == 0.1);
  CHECK(quality.assumed[0].needs == 314);
  CHECK(*quality.assumed[0].tightest == Approx(0.028).margin(0.0005));
  CHECK(quality.assumed[0].passes == Approx(1.0).margin(0.005));
  CHECK(*quality.passes == Approx(0.94).margin(0.005));  // the exact table's cell
}

TEST_CASE("a margin that an equal candidate would hardly meet is said so") {
  const auto all = feasibility(plan_of(100, 0.02));
  CHECK(all.carry == Carry::hardly);
  CHECK(*need(all, "quality").assumed[0].tightest == Approx(0.0886).margin(0.0001));
  CHECK(*need(all, "quality").passes == Approx(0.06).margin(0.005));
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
       {"must_pass", "latency", "errors", "floor", "evidence.min_cases", "evidence.released", "evidence.selection"}) {
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

TEST_CASE("what an earlier run measured takes the place of the assumptions") {
  test::EvidenceBuilder builder;
  test::add_pairs(builder, 160, 6, 4, 30);
  builder.at(0, 0, Arm::baseline) = test::broken(ErrorKind::timeout);
  Rules rules = test::quality_rules(0.1);
  rules.quality->metric = Metric::pass;
  Plan plan = plan_of(200, 0.1);
  const auto measured = measured_in(builder.evidence(), "20261120T120000Z-1a2b3c4d", plan.head);
  REQUIRE(measured);
  REQUIRE(measured->pairs.size() == 1);
  CHECK(measured->pairs[0].n == 199);  // an error is no difference between the routes
  CHECK(measured->pairs[0].discordance == Approx(10.0 / 199));
  CHECK(*measured->pairs[0].pass_rate == Approx(163.0 / 199));
  CHECK(*measured->error_rate == Approx(1.0 / 200));

  plan.head.rules.floor = FloorRule{0.7, false};
  plan.head.rules.errors = RateRule{0.05, false};
  const auto all = feasibility(plan, measured);
  const Need& quality = need(all, "quality");
  REQUIRE(quality.assumed.size() == 1);
  CHECK(*quality.passes == Approx(stats::exact_power_paired(200, {10.0 / 199, 0.1})->p_pass));
  CHECK(need(all, "floor").passes.value() > 0.9);
  CHECK(need(all, "errors").passes.value() > 0.9);
  plan.head.rules.floor = FloorRule{0.81, false};
  CHECK(need(feasibility(plan, measured), "floor").carry == Carry::hardly);
  CHECK_FALSE(need(feasibility(plan), "floor").passes);
}

TEST_CASE("of graded scores the mean squared difference is measured, not how many cases flip") {
  test::EvidenceBuilder builder;
  builder.add_many(100, "same", test::graded(0.75, true), test::graded(0.75, true));
  builder.add_many(50, "up", test::graded(0.25, true), test::graded(0.75, true));
  builder.add_many(50, "down", test::graded(0.75, true), test::graded(0.25, true));
  Plan plan = plan_of(200, 0.1);
  plan.head.rules.quality->metric = Metric::score;
  const auto measured = measured_in(builder.evidence(), "x", plan.head);
  REQUIRE(measured);
  CHECK(measured->pairs[0].discordance == Approx(0.125));
}

TEST_CASE("a run in which nothing differed does not promise that nothing ever will") {
  test::EvidenceBuilder builder;
  test::add_pairs(builder, 50, 0, 0, 0);
  const auto measured = measured_in(builder.evidence(), "x", plan_of(50, 0.1).head);
  REQUIRE(measured);
  CHECK(measured->pairs[0].discordance == Approx(1.0 / 50));
}

TEST_CASE("measured pairs are used for the suite they were measured on, or for all where there is one") {
  Measured all;
  CHECK(all.of(std::nullopt) == nullptr);
  all.pairs.push_back({std::nullopt, 0.1, 100, std::nullopt});
  CHECK(all.of(std::nullopt) == &all.pairs[0]);
  CHECK(all.of("s") == &all.pairs[0]);
  Measured one;
  one.pairs.push_back({"s", 0.1, 100, std::nullopt});
  CHECK(one.of("s") == &one.pairs[0]);
  CHECK(one.of(std::nullopt) == &one.pairs[0]);
  CHECK(one.of("t") == nullptr);
  Measured two;
  two.pairs = {{"s", 0.1, 100, std::nullopt}, {"t", 0.2, 100, std::nullopt}};
  CHECK(two.of("t") == &two.pairs[1]);
  CHECK(two.of("u") == nullptr);
  CHECK(two.of(std::nullopt) == nullptr);
}

TEST_CASE("what is measured of several suites, several trials, one cell or nothing") {
  test::EvidenceBuilder builder;
  builder.suite("other");
  test::add_pairs(builder, 80, 10, 5, 5);
  test::CaseFacts second;
  second.suite = 1;
  builder.add_many(40, "o-", test::pass(), test::fail(), second);
  Rules rules = test::quality_rules(0.1);
  rules.quality->metric = Metric::pass;
  rules.quality->per_suite = true;
  PlanHead once = plan_of(100, 0.1).head;
  once.rules = rules;
  const auto measured = measured_in(builder.evidence(), "x", once);
  REQUIRE(measured);
  REQUIRE(measured->pairs.size() == 2);
  CHECK(measured->pairs[0].suite == "support_triage");
  CHECK(measured->pairs[0].discordance == Approx(0.15));
  CHECK(measured->pairs[0].n == 100);
  CHECK(*measured->pairs[0].pass_rate == Approx(0.85));
  CHECK(measured->pairs[1].suite == "other");
  CHECK(measured->pairs[1].discordance == 1.0);
  CHECK(measured->error_rate == 0.0);

  // A plan of several trials compares means of them, which differ by less than whole cases do.
  test::EvidenceBuilder halves(2);
  halves.add_many(100, "same-", test::pass(), test::pass());
  halves.add_many(100, "half-", test::pass(), test::pass());
  for (CaseIndex item = 100; item < 200; ++item) {
    halves.at(item, 0, item % 2 == 0 ? Arm::candidate : Arm::baseline) = test::fail();
  }
  once.rules.quality->per_suite = false;
  REQUIRE(measured_in(builder.evidence(), "x", once)->pairs.size() == 1);
  CHECK_FALSE(measured_in(builder.evidence(), "x", once)->pairs[0].suite.has_value());
  PlanHead twice = once;
  twice.trials = 2;
  CHECK(measured_in(halves.evidence(), "x", twice)->pairs[0].discordance == Approx(0.125));  // half of 0.5 squared

  test::EvidenceBuilder empty;
  CHECK_FALSE(measured_in(empty.evidence(), "x", once));
  test::EvidenceBuilder single;
  single.add_many(1, "a-", test::broken(ErrorKind::timeout), test::pass());
  CHECK_FALSE(measured_in(single.evidence(), "x", once));
}

TEST_CASE("a run that is no picture of the gate measures nothing, and a fallback's reply is no difference") {
  test::EvidenceBuilder builder;
  test::add_pairs(builder, 90, 6, 4, 0);
  const PlanHead plan = plan_of(100, 0.1).head;
  REQUIRE(measured_in(builder.evidence(), "x", plan));
  CHECK(measured_in(builder.evidence(), "x", plan)->pairs[0].discordance == Approx(0.1));
  test::EvidenceBuilder stopped = builder;
  stopped.at(99, 0, Arm::candidate) = test::broken(ErrorKind::not_started);
  CHECK_FALSE(measured_in(stopped.evidence(), "x", plan));
  test::EvidenceBuilder filtered = builder;
  filtered.plan().partial = true;
  CHECK_FALSE(measured_in(filtered.evidence(), "x", plan));
  for (CaseIndex item = 0; item < 100; ++item) {
    if (item != 0) builder.at(item, 0, Arm::candidate).fallback = true;
  }
  const auto measured = measured_in(builder.evidence(), "x", plan);
  REQUIRE(measured);
  CHECK(measured->pairs[0].n == 1);
  builder.at(0, 0, Arm::candidate).fallback = true;
  CHECK_FALSE(measured_in(builder.evidence(), "x", plan));
}

TEST_CASE("shared clusters make cases count for less, between two bounds") {
  Plan plan = plan_of(400, 0.1);
  for (std::size_t i = 0; i < 400; ++i) plan.cases[i].cluster = "k" + std::to_string(i % 100);
  const auto all = feasibility(plan);
  CHECK(*need(all, "quality").passes == Approx(stats::exact_power_paired(100, {0.2, 0.1})->p_pass));
  CHECK(need(all, "quality").needs == 4 * 157);
  CHECK(need(all, "quality").says.find("100 clusters and count as 100 to 400 independent ones") != std::string::npos);
}

TEST_CASE("weights that leave too few effective cases cannot carry a decision") {
  Plan plan = plan_of(100, 0.2);
  for (std::size_t i = 0; i < 10; ++i) plan.cases[i].weight = 100.0;
  const auto all = feasibility(plan);
  CHECK(need(all, "quality").carry == Carry::cannot);
  CHECK(need(all, "evidence.min_cases").carry == Carry::cannot);
}

TEST_CASE("a gain is planned by what the candidate must be worth") {
  Plan plan = plan_of(1000, 0.0);
  plan.head.rules.quality = QualityRule{Metric::pass, std::nullopt, 0.05, false, false};
  CHECK(feasibility(plan).carry == Carry::can);
  CHECK(*need(feasibility(plan), "quality").passes < 0.001);
  plan.head.rules.quality->min_gain = 0.2;  // more than the routes differ on
  CHECK(need(feasibility(plan), "quality").carry == Carry::hardly);
  Plan small = plan_of(40, 0.0);
  small.head.rules.quality = QualityRule{Metric::pass, std::nullopt, 0.9, false, false};
  CHECK(need(feasibility(small), "quality").carry == Carry::cannot);
  CHECK(need(feasibility(small), "quality").needs == 73);
}

TEST_CASE("a floor takes thirty cases even where fewer would prove it") {
  Plan plan = plan_of(29, 0.5);
  plan.head.rules.floor = FloorRule{0.8, false};
  CHECK(need(feasibility(plan), "floor").carry == Carry::cannot);
  CHECK(need(feasibility(plan), "floor").needs == 30);
}

TEST_CASE("what no rule says but the gate asks") {
  Plan plan = plan_of(1000, 0.1);
  plan.head.rules.quality->advisory = true;
  CHECK(need(feasibility(plan), "quality").carry == Carry::cannot);
  plan = plan_of(1000, 0.1);
  plan.head.stage = Stage::canary;
  CHECK(need(feasibility(plan), "readiness").carry == Carry::cannot);
  plan = plan_of(1000, 0.1);
  plan.head.rules.cost = CostRule{0.01, false};
  CHECK(feasibility(plan).carry == Carry::can);
  plan.cases.resize(199);
  plan.case_suite.resize(199);
  CHECK(need(feasibility(plan), "cost").carry == Carry::cannot);
  plan = plan_of(100, 0.2);
  plan.head.rules.segments = SegmentsRule{{"lang"}, 0.1, 30, {}, false};
  CHECK(need(feasibility(plan), "segments").carry == Carry::cannot);  // none is declared or present
}

TEST_CASE("a gate that cannot carry its stage is told what it could carry") {
  Plan plan = plan_of(40, 0.3);
  plan.head.rules.evidence.min_cases = 100;
  CHECK(feasibility(plan).headline ==
        "This gate cannot say eligible for internal: evidence.min_cases. For shadow it could.");
  plan.head.stage = Stage::shadow;
  CHECK(feasibility(plan).headline ==
        "This gate can say eligible for shadow. For internal it could not: evidence.min_cases.");
}

TEST_CASE("must_pass cases that are all excused check nothing") {
  Plan plan = plan_of(100, 0.3);
  plan.head.rules.must_pass = MustPassRule{{}, {"c1"}, false};
  CHECK(need(feasibility(plan), "must_pass").carry == Carry::can);
  plan.head.rules.known_failures.push_back({"c1", "somebody", "2030-01-01", "", true});
  CHECK(need(feasibility(plan), "must_pass").carry == Carry::cannot);
}

namespace {

// A gate of random size, dependence, weights and thresholds, small enough that its rules often cannot pass.
Plan random_plan(Random& random) {
  Plan plan = plan_of(10 + random.below(200), 0.01 + 0.3 * random.uniform());
  Rules& rules = plan.head.rules;
  if (random.below(3) == 0) {
    rules.quality = QualityRule{Metric::pass, std::nullopt, 0.9 * random.uniform(), false, false};
  }
  rules.floor = FloorRule{0.5 + 0.49 * random.uniform(), false};
  rules.severe.push_back({"*", std::nullopt, 0, 0.02 + 0.2 * random.uniform(), false});
  rules.errors = RateRule{0.01 + 0.2 * random.uniform(), false};
  rules.latency = LatencyRule{1000.0, false};
  rules.evidence.min_cases = 20;
  const std::uint64_t clusters = random.coin() ? 0 : 5 + random.below(80);
  const bool weights = random.below(4) == 0;
  for (Case& item : plan.cases) {
    if (clusters > 0 && random.below(5) != 0) item.cluster = "k" + std::to_string(random.below(clusters));
    if (weights) item.weight = 1.0 + 30.0 * static_cast<double>(random.below(5) == 0);
    if (random.coin()) {
      item.severity = Severity::severe;
      item.severe_class = "harm";
    }
  }
  return plan;
}

// Evidence over the plan in which so many of 100 cases gain, fail or err on the candidate.
test::EvidenceBuilder evidence_of(const Plan& plan, Random& random, std::uint64_t gain, std::uint64_t fail,
                                  std::uint64_t error) {
  test::EvidenceBuilder builder;
  for (const Case& item : plan.cases) {
    test::CaseFacts facts;
    facts.id = item.id;
    facts.severe_class = item.severe_class;
    facts.cluster = item.cluster;
    facts.weight = item.weight;
    Observation baseline = random.below(100) < gain ? test::fail() : test::pass();
    Observation candidate = random.below(100) < fail    ? test::fail()
                            : random.below(100) < error ? test::broken(ErrorKind::timeout)
                                                        : test::pass();
    candidate.latency_ms = 1.0;
    builder.add(facts, baseline, candidate);
  }
  return builder;
}

}  // namespace

TEST_CASE("a rule that cannot be carried never passes, whatever the evidence") {
  Random random(20261120);
  std::size_t checked = 0;
  for (int gate = 0; gate < 150; ++gate) {
    const Plan plan = random_plan(random);
    const Feasibility all = feasibility(plan);
    for (const std::uint64_t gain : {100U, 50U, 10U, 0U}) {
      for (const std::uint64_t fail : {0U, 3U}) {
        auto builder = evidence_of(plan, random, gain, fail, gain == 10 ? 1 : 0);
        const Decision decision = test::decided(builder, plan.head.rules);
        for (const char* rule : {"quality", "floor", "severe", "errors", "latency", "evidence.min_cases"}) {
          if (need(all, rule).carry != Carry::cannot) continue;
          ++checked;
          INFO("gate " << gate << " " << rule << ": " << need(all, rule).says);
          CHECK(test::finding(decision, rule).verdict != Verdict::pass);
        }
      }
    }
  }
  CHECK(checked > 1000);
}

TEST_CASE("a rule that can be carried passes on the best evidence, where cases are independent") {
  Random random(20261121);
  std::size_t checked = 0;
  for (int gate = 0; gate < 150; ++gate) {
    Plan plan = random_plan(random);
    for (Case& item : plan.cases) {
      item.cluster.clear();
      item.weight = 1.0;
    }
    const Feasibility all = feasibility(plan);
    auto builder = evidence_of(plan, random, 100, 0, 0);
    const Decision decision = test::decided(builder, plan.head.rules);
    for (const char* rule : {"quality", "floor", "severe", "errors", "latency", "evidence.min_cases"}) {
      INFO("gate " << gate << " " << rule << ": " << need(all, rule).says);
      CHECK((test::finding(decision, rule).verdict == Verdict::pass) == (need(all, rule).carry != Carry::cannot));
      ++checked;
    }
  }
  CHECK(checked == 900);
}
