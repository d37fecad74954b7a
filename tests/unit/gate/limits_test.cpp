// floor, latency, cost and errors: limits on the candidate alone.
#include "decided.hpp"

using namespace headgate;
using namespace headgate::test;

namespace {

Observation timed(double latency_ms, double cost_usd = 0.002) {
  Observation seen = pass();
  seen.latency_ms = latency_ms;
  seen.cost_usd = cost_usd;
  return seen;
}

Rules with_floor(double least) {
  Rules rules = quality_rules();
  rules.floor = FloorRule{least, false};
  return rules;
}
Rules with_latency(double most) {
  Rules rules = quality_rules();
  rules.latency = LatencyRule{most, false};
  return rules;
}
Rules with_cost(double most) {
  Rules rules = quality_rules();
  rules.cost = CostRule{most, false};
  return rules;
}
Rules with_errors(double most) {
  Rules rules = quality_rules();
  rules.errors = RateRule{most, false};
  return rules;
}

}  // namespace

TEST_CASE("floor: exact bounds of the candidate's pass rate") {
  EvidenceBuilder builder;
  add_pairs(builder, 436, 306, 79, 498);
  const Finding passing = finding(decided(builder, with_floor(0.53)), "floor");
  CHECK(passing.verdict == Verdict::pass);
  CHECK(*passing.lower == Approx(0.53528).margin(5e-6));
  CHECK(*passing.upper == Approx(0.58953).margin(5e-6));
  CHECK(passing.method == "clopper_pearson");
  CHECK(finding(decided(builder, with_floor(0.60)), "floor").verdict == Verdict::fail);
  const Finding open = finding(decided(builder, with_floor(0.55)), "floor");
  CHECK(open.verdict == Verdict::inconclusive);
  CHECK(open.needed_n.value_or(0) > 1319);
}

TEST_CASE("floor: several trials and clusters use the score test on case means") {
  EvidenceBuilder trials(2);
  trials.add_many(200, "a-", pass(), pass());
  CHECK(finding(decided(trials, with_floor(0.9)), "floor").method == "score");
  EvidenceBuilder clustered;
  for (int i = 0; i < 10; ++i) {
    CaseFacts facts;
    facts.cluster = "c" + std::to_string(i);
    clustered.add_many(20, facts.cluster + "-", pass(), pass(), facts);
  }
  const Finding found = finding(decided(clustered, with_floor(0.5)), "floor");
  CHECK(found.code == "floor_few_clusters");
}

TEST_CASE("floor: an error is no pass, and no proof of failure") {
  EvidenceBuilder builder;
  builder.add_many(170, "a-", pass(), pass());
  builder.add_many(30, "b-", pass(), broken(ErrorKind::timeout));
  CHECK(finding(decided(builder, with_floor(0.9)), "floor").verdict == Verdict::inconclusive);
  CHECK(*finding(decided(builder, with_floor(0.9)), "floor").estimate == Approx(0.85));
}

TEST_CASE("latency: an order statistic bounds the percentile, for which 72 cases are the least") {
  for (const std::size_t n : {std::size_t{71}, std::size_t{72}}) {
    EvidenceBuilder builder;
    builder.add_many(n, "a-", pass(), timed(900));
    const Finding found = finding(decided(builder, with_latency(1000)), "latency");
    CHECK(found.verdict == (n == 72 ? Verdict::pass : Verdict::inconclusive));
    if (n == 71) CHECK(found.needed_n == 72);
    if (n == 71) CHECK(std::isinf(*found.upper));
  }
  EvidenceBuilder slow;
  slow.add_many(100, "a-", pass(), timed(900));
  slow.add_many(40, "b-", pass(), timed(3000));
  const Decision decision = decided(slow, with_latency(1000));
  CHECK(finding(decision, "latency").verdict == Verdict::fail);
  CHECK(finding(decision, "latency").cases_total == 40);
  CHECK(finding(decision, "latency").cases.front() == "b-0");
}

TEST_CASE("latency: a timeout is endless, not absent") {
  EvidenceBuilder builder;
  builder.add_many(280, "a-", pass(), timed(900));
  CHECK(finding(decided(builder, with_latency(1000)), "latency").verdict == Verdict::pass);
  builder.add_many(20, "b-", pass(), broken(ErrorKind::timeout));
  const Finding found = finding(decided(builder, with_latency(1000)), "latency");
  CHECK(found.code == "latency_missing_decides");
  CHECK(std::isinf(*found.upper));
  CHECK(finding(decided(builder, with_latency(900)), "latency").code == "latency_missing_decides");
  CHECK(finding(decided(builder, with_latency(899)), "latency").verdict == Verdict::fail);
}

TEST_CASE("latency: clusters with a crash, where more cases of the like do settle it") {
  const auto with = [](std::size_t good) {
    EvidenceBuilder builder;
    CaseFacts facts;
    for (std::size_t i = 0; i < good; ++i) {
      facts.id = "a-" + std::to_string(i);
      facts.cluster = "c" + std::to_string(i / 2);
      builder.add(facts, pass(), timed(500));
    }
    builder.add({"crash"}, pass(), broken(ErrorKind::timeout));
    Rules rules = with_latency(1000);
    rules.errors = RateRule{0.05, false};
    const Decision decision = decided(builder, rules);
    CHECK(finding(decision, "latency").needed_n == finding(decision, "errors").needed_n);  // the same crash counts
    return finding(decision, "latency");
  };
  const Finding open = with(119);
  REQUIRE(open.verdict == Verdict::inconclusive);
  REQUIRE(open.needed_n);
  CHECK(*open.needed_n > 120);
  CHECK(with(*open.needed_n + 20).verdict == Verdict::pass);
  CHECK(mentions(open.notes, "1 case without a latency counts as endless"));
  CHECK(open.sentence.find("1 case without a latency keep ") == std::string::npos);
}

TEST_CASE("latency: what is missing decides only where known speeds could show the budget") {
  EvidenceBuilder one;
  one.add_many(119, "a-", pass(), timed(500)).add({"late"}, pass(), broken(ErrorKind::timeout));
  for (int i = 0; i < 3; ++i) one.add({"later" + std::to_string(i)}, pass(), timed(5000));
  const Finding found = finding(decided(one, with_latency(1000)), "latency");
  CHECK(found.verdict == Verdict::inconclusive);
  CHECK(found.needed_n);
  EvidenceBuilder slow;
  slow.add_many(90, "a-", pass(), timed(500)).add_many(5, "b-", pass(), timed(5000));
  slow.add({"late"}, pass(), broken(ErrorKind::timeout));
  CHECK(finding(decided(slow, with_latency(1000)), "latency").code == "latency_undecided");
}

TEST_CASE("cost: equal costs of few cases are not called uneven") {
  EvidenceBuilder builder;
  builder.add_many(100, "a-", pass(), timed(500, 0.002));
  Rules rules = quality_rules();
  rules.cost = CostRule{0.01, false};
  const Finding found = finding(decided(builder, rules), "cost");
  CHECK(found.sentence.ends_with("; the mean of costs without a cap takes at least 200 cases."));
}

TEST_CASE("floor: where nothing differs nothing is said of clusters that do") {
  EvidenceBuilder builder;
  CaseFacts facts;
  for (int i = 0; i < 100; ++i) {
    facts.id = std::to_string(i);
    facts.cluster = std::to_string(i / 2);
    builder.add(facts, pass(), pass());
  }
  Rules rules = quality_rules();
  rules.floor = FloorRule{0.8, false};
  const Decision decision = decided(builder, rules);
  CHECK_FALSE(mentions(finding(decision, "floor").notes, "cluster"));
  CHECK_FALSE(mentions(finding(decision, "quality").notes, "cluster"));
}

TEST_CASE("latency: none recorded says nothing, and zero or negative is not a latency") {
  EvidenceBuilder builder;
  builder.add_many(200, "a-", pass(), pass());
  CHECK(finding(decided(builder, with_latency(1000)), "latency").code == "latency_not_recorded");
  EvidenceBuilder zero;
  zero.add_many(200, "a-", pass(), timed(0.0));
  CHECK(finding(decided(zero, with_latency(1000)), "latency").code == "latency_not_recorded");
}

TEST_CASE("latency: the slowest trial counts, and clusters go by the share above the budget") {
  EvidenceBuilder trials(2);
  trials.add_many(100, "a-", pass(), timed(900));
  for (CaseIndex i = 0; i < 100; ++i) trials.at(i, 1, Arm::candidate).latency_ms = 2000.0;
  CHECK(finding(decided(trials, with_latency(1000)), "latency").verdict == Verdict::fail);
  EvidenceBuilder clustered;
  for (int i = 0; i < 100; ++i) {
    CaseFacts facts;
    facts.cluster = "c" + std::to_string(i);
    clustered.add_many(2, facts.cluster + "-", pass(), timed(900), facts);
  }
  const Finding found = finding(decided(clustered, with_latency(1000)), "latency");
  CHECK(found.method == "exceedance_clustered");
  CHECK(found.verdict == Verdict::pass);
  CHECK(*found.n_eff == Approx(100.0));
}

TEST_CASE("cost: a mean within budget needs 200 cases that are all known") {
  EvidenceBuilder builder;
  for (std::size_t i = 0; i < 199; ++i) {
    CaseFacts facts;
    facts.id = "a-" + std::to_string(i);
    builder.add(facts, pass(), timed(900, 0.002 + 0.0001 * static_cast<double>(i % 7)));
  }
  CHECK(finding(decided(builder, with_cost(0.004)), "cost").code == "cost_few_cases");
  builder.add_many(1, "b-", pass(), timed(900));
  const Finding kept = finding(decided(builder, with_cost(0.004)), "cost");
  CHECK(kept.verdict == Verdict::pass);
  CHECK(*kept.lower < *kept.estimate);
  CHECK(finding(decided(builder, with_cost(0.002)), "cost").verdict == Verdict::fail);
  CHECK(finding(decided(builder, with_cost(*kept.estimate)), "cost").code == "cost_undecided");
  builder.add_many(1, "c-", pass(), pass());
  const Decision unknown = decided(builder, with_cost(0.004));
  CHECK(finding(unknown, "cost").code == "cost_unknown");
  CHECK(finding(unknown, "cost").cases == std::vector<std::string>{"c-0"});
  CHECK(unknown.answer == Outlook::inconclusive);
}

TEST_CASE("cost: equal costs need no spread, very uneven ones need more cases") {
  EvidenceBuilder equal;
  equal.add_many(200, "a-", pass(), timed(900));
  CHECK(finding(decided(equal, with_cost(0.002)), "cost").verdict == Verdict::pass);
  EvidenceBuilder uneven;
  uneven.add_many(299, "a-", pass(), timed(900, 0.001));
  uneven.add_many(1, "b-", pass(), timed(900, 5.0));
  CHECK(finding(decided(uneven, with_cost(1.0)), "cost").code == "cost_few_cases");
  CHECK(*finding(decided(uneven, with_cost(1.0)), "cost").needed_n > 300);
}

TEST_CASE("cost: cases that share clusters are one value a cluster") {
  EvidenceBuilder builder;
  for (int i = 0; i < 150; ++i) {
    CaseFacts facts;
    facts.cluster = "c" + std::to_string(i);
    builder.add_many(2, facts.cluster + "-", pass(), timed(900, 0.001 * (1 + i % 5)), facts);
  }
  const Finding found = finding(decided(builder, with_cost(0.01)), "cost");
  CHECK(found.code == "cost_few_cases");  // 300 cases, but 150 clusters
  CHECK(*found.estimate == Approx(0.003));
  CHECK(found.method == "hall_clustered");
}

TEST_CASE("errors: a route that breaks down too often fails, if it was up at all") {
  EvidenceBuilder clean;
  clean.add_many(200, "a-", pass(), pass());
  CHECK(finding(decided(clean, with_errors(0.02)), "errors").verdict == Verdict::pass);
  EvidenceBuilder bad;
  bad.add_many(160, "a-", pass(), pass());
  bad.add_many(40, "b-", pass(), broken(ErrorKind::empty_reply));
  const Decision decision = decided(bad, with_errors(0.02));
  CHECK(finding(decision, "errors").verdict == Verdict::fail);
  CHECK(finding(decision, "errors").cases_total == 40);
  CHECK(decision.answer == Outlook::not_eligible);
  EvidenceBuilder down;
  down.add_many(60, "a-", pass(), pass());
  down.add_many(140, "b-", pass(), broken(ErrorKind::timeout));
  const Decision outage = decided(down, with_errors(0.02));
  CHECK(finding(outage, "errors").code == "errors_route_down");
  CHECK(finding(outage, "evidence.available").code == "candidate_unavailable");
  CHECK(outage.answer == Outlook::inconclusive);
}

TEST_CASE("errors: few cases are undecided, and what never reached the route may have been an error of its") {
  EvidenceBuilder few;
  few.add_many(100, "a-", pass(), pass());
  const Finding open = finding(decided(few, with_errors(0.02)), "errors");
  CHECK(open.code == "errors_undecided");
  CHECK(open.needed_n == 183);  // (1 - 0.02)^n <= 0.025
  EvidenceBuilder unseen;
  unseen.add_many(300, "a-", pass(), pass());
  unseen.add_many(6, "b-", pass(), broken(ErrorKind::server_error));
  CHECK(finding(decided(unseen, with_errors(0.02)), "errors").code == "errors_missing_decides");
}
