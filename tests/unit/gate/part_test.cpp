#include "headgate/gate/part.hpp"

#include <algorithm>
#include <map>

#include "decided.hpp"

using namespace headgate;
using namespace headgate::gate;
using namespace headgate::test;

namespace {

const Part& part(const std::vector<Part>& parts, const std::string& rule, const std::string& segment = {}) {
  for (const Part& each : parts) {
    if (each.rule == rule && each.segment.value_or("") == segment) return each;
  }
  FAIL("no part of " << rule << " " << segment);
  return parts.front();
}

Rules every_rule() {
  Rules rules = quality_rules();
  rules.floor = FloorRule{0.5, false};
  rules.severe.push_back({"*", 0, std::nullopt, std::nullopt, false});
  rules.severe.push_back({"harm", std::nullopt, 0, 0.2, false});
  rules.must_pass = MustPassRule{{"regression"}, {"severe-old"}, false};
  rules.segments = SegmentsRule{{"language"}, 0.1, 5, {"risk=high"}, false};
  rules.latency = LatencyRule{1000.0, false};
  rules.cost = CostRule{0.01, false};
  rules.errors = RateRule{0.1, false};
  rules.known_failures.push_back({"severe-known", "ana@example.com", "2099-01-01", "in flight", true});
  return rules;
}

// Every kind of case that the rules treat differently.
EvidenceBuilder everything() {
  EvidenceBuilder builder;
  CaseFacts facts;
  facts.segments = {{"language", "de"}};
  builder.add_many(12, "de-", pass(), pass(), facts);
  builder.add_many(3, "de-worse-", pass(), fail(), facts);
  facts.segments = {{"language", "en"}, {"risk", "high"}};
  builder.add_many(9, "en-", fail(), graded(0.25, false), facts);
  facts.segments = {};
  builder.add_many(2, "timeout-", pass(), broken(ErrorKind::timeout), facts);
  builder.add_many(2, "down-", broken(ErrorKind::connect), broken(ErrorKind::connect), facts);
  builder.add_many(1, "unjudged-", pass(), broken(ErrorKind::plugin_failed), facts);
  builder.add_many(1, "late-", pass(), broken(ErrorKind::interrupted), facts);
  CaseFacts severe;
  severe.severe_class = "harm";
  for (const auto& [id, baseline, candidate] :
       {std::tuple{"severe-new", pass(), fail()}, std::tuple{"severe-old", fail(), fail()},
        std::tuple{"severe-known", pass(), fail()}, std::tuple{"severe-fine", pass(), pass()},
        std::tuple{"severe-unknown", pass(), broken(ErrorKind::timeout)}}) {
    severe.id = id;
    builder.add(severe, baseline, candidate);
  }
  severe.severe_class = "other";
  severe.id = "severe-other";
  builder.add(severe, pass(), pass());
  CaseFacts targeted;
  targeted.id = "targeted";
  targeted.sampling = Sampling::targeted;
  targeted.tags = {"regression"};
  targeted.segments = {{"language", "de"}};
  builder.add(targeted, pass(), fail());
  std::size_t i = 0;
  for (Observation& seen : builder.evidence().observations) {
    if (seen.status != Status::ok || ++i % 7 == 0) continue;
    seen.latency_ms = 900.0 + static_cast<double>(i) * 10.0;
    seen.cost_usd = 0.001 * static_cast<double>(i);
  }
  return builder;
}

}  // namespace

TEST_CASE("the parts of all cases are the finding's cases, and their differences its estimate") {
  EvidenceBuilder builder = everything();
  const Rules rules = every_rule();
  const Decision decision = decided(builder, rules);
  const Evidence& evidence = builder.evidence();
  std::map<std::string, std::size_t> counted;
  std::map<std::string, double> sums;
  std::size_t in_tested_segments = 0;
  for (CaseIndex item = 0; item < evidence.cases.size(); ++item) {
    bool tested = false;
    for (const Part& each : parts_of(evidence, rules, item)) {
      if (each.role == Role::left_out) continue;
      const std::string key = each.rule + " " + each.segment.value_or("");
      ++counted[key];
      sums[key] += each.value.value_or(0.0);
      tested = tested || (each.rule == "segments" && each.sentence.find("too few") == std::string::npos);
    }
    in_tested_segments += tested ? 1U : 0U;
  }
  for (const char* rule : {"quality", "floor", "severe", "must_pass", "latency", "cost", "errors", "evidence.complete",
                           "evidence.provider_errors", "evidence.ungraded", "evidence.min_cases"}) {
    CAPTURE(rule);
    CHECK(counted[std::string(rule) + " "] == finding(decision, rule).n);
  }
  CHECK(counted["severe severe_class=harm"] == finding(decision, "severe", "severe_class=harm").n);
  CHECK(counted["segments risk=high"] == finding(decision, "segments", "risk=high").n);
  CHECK(in_tested_segments == finding(decision, "segments").n);
  const Finding& quality = finding(decision, "quality");
  CHECK(sums["quality "] / static_cast<double>(quality.n) == Approx(*quality.estimate));
  const Finding& floor = finding(decision, "floor");
  CHECK(sums["floor "] / static_cast<double>(floor.n) == Approx(*floor.estimate));
  CHECK(sums["evidence.complete "] == *finding(decision, "evidence.complete").estimate);
}

TEST_CASE("a part that decides belongs to a rule that does not pass") {
  EvidenceBuilder builder = everything();
  const Rules rules = every_rule();
  const Decision decision = decided(builder, rules);
  std::size_t deciding = 0;
  for (CaseIndex item = 0; item < builder.evidence().cases.size(); ++item) {
    for (const Part& each : parts_of(builder.evidence(), rules, item)) {
      if (each.role != Role::decides) continue;
      ++deciding;
      CHECK(finding(decision, each.rule, each.segment.value_or("")).verdict != Verdict::pass);
    }
  }
  CHECK(deciding >= 5);
}

TEST_CASE("what a case means to a rule is said in words") {
  EvidenceBuilder builder = everything();
  const Rules rules = every_rule();
  const auto of = [&](const char* id) {
    return parts_of(builder.evidence(), rules, *builder.evidence().cases.find(id));
  };

  CHECK(part(of("de-worse-0"), "quality").sentence.starts_with("candidate 0 - baseline 1 = -1; one of "));
  CHECK(part(of("de-worse-0"), "segments", "language=de").value == -1.0);
  CHECK(part(of("de-worse-0"), "severe").sentence == "the case is not severe");
  CHECK(part(of("timeout-0"), "quality").sentence.find("at best it is 0") != std::string::npos);
  CHECK(part(of("timeout-0"), "segments").sentence == "it has no value in language");
  CHECK(part(of("timeout-0"), "errors").value == 1.0);
  CHECK(part(of("down-0"), "errors").sentence.find("never reached") != std::string::npos);
  CHECK(part(of("late-0"), "evidence.complete").role == Role::decides);
  CHECK(part(of("unjudged-0"), "evidence.ungraded").value == 1.0);
  CHECK(part(of("severe-new"), "severe").sentence.starts_with("new failure: decides not eligible"));
  CHECK(part(of("severe-old"), "severe").role == Role::counts);
  CHECK(part(of("severe-old"), "severe").sentence.starts_with("fails, as it does on the baseline"));
  CHECK(part(of("severe-old"), "severe", "severe_class=harm").role == Role::decides);
  CHECK(part(of("severe-old"), "must_pass").role == Role::decides);
  CHECK(part(of("severe-known"), "severe").sentence.starts_with("fails, and is excused"));
  CHECK(part(of("severe-unknown"), "severe").sentence.find("nothing clean can be said") != std::string::npos);
  CHECK(part(of("severe-other"), "severe", "severe_class=harm").sentence == "it is of another severe class");
  for (const char* rule : {"quality", "floor", "evidence.min_cases"}) {
    CHECK(part(of("targeted"), rule).role == Role::left_out);
  }
  CHECK(part(of("targeted"), "segments", "language=de").role == Role::left_out);
  CHECK(part(of("targeted"), "must_pass").role == Role::decides);
}

TEST_CASE("an advisory rule never decides") {
  EvidenceBuilder builder = everything();
  Rules rules = every_rule();
  for (SevereRule& rule : rules.severe) rule.advisory = true;
  rules.must_pass->advisory = true;
  for (const char* id : {"severe-new", "severe-old", "severe-unknown", "targeted"}) {
    for (const Part& each : parts_of(builder.evidence(), rules, *builder.evidence().cases.find(id))) {
      CAPTURE(id, each.rule);
      CHECK(each.role != Role::decides);
    }
  }
}

TEST_CASE("trials and suites are told apart") {
  EvidenceBuilder builder(3);
  builder.suite("other");
  CaseFacts facts;
  facts.id = "unsteady";
  const CaseIndex item = builder.add(facts, pass(), pass());
  builder.at(item, 1, Arm::candidate) = fail();
  facts.id = "elsewhere";
  facts.suite = 1;
  builder.add(facts, pass(), pass());
  Rules rules = quality_rules();
  rules.quality->per_suite = true;
  rules.floor = FloorRule{0.5, false};
  const auto parts = parts_of(builder.evidence(), rules, item);
  CHECK(part(parts, "quality").suite == "support_triage");
  CHECK(part(parts, "quality").sentence == "candidate 0.667 - baseline 1 = -0.333; one of 1 case");
  CHECK(part(parts, "floor").sentence == "the candidate passes 2 of 3 trials; one of 2 cases");
}
