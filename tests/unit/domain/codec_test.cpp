#include "headgate/domain/codec.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "headgate/domain/case_line.hpp"
#include "samples.hpp"

using namespace headgate;

namespace {

Rules full_rules() {
  Rules rules;
  rules.quality = QualityRule{Metric::pass, std::nullopt, 0.01, true, false};
  rules.floor = FloorRule{0.8, true};
  rules.severe = {{"*", 0, std::nullopt, std::nullopt, false}, {"x", std::nullopt, 1, 0.02, true}};
  rules.must_pass = MustPassRule{{"regression"}, {"c1"}, false};
  rules.segments = SegmentsRule{{"language"}, 0.1, 40, {"language=de"}, false};
  rules.latency = LatencyRule{2500, false};
  rules.cost = CostRule{0.004, false};
  rules.errors = RateRule{0.02, false};
  rules.fallback_rate = RateRule{0.05, true};
  rules.known_failures = {{"c1", "ana@example.com", "2026-12-31", "fix in flight", true}};
  rules.evidence = {50, 0.1, 0.2, true};
  return rules;
}

Decision full_decision() {
  Decision decision;
  decision.gate = "g";
  decision.release_question = "may it?";
  decision.stage = Stage::shadow;
  decision.answer = Outlook::eligible;
  decision.eligible_for = {Stage::shadow, Stage::internal};
  decision.action = Action::narrow;
  decision.reasons = {{"severe", Verdict::fail, "severe_new_failures", "two", {"a", "b"}}};
  Finding finding;
  finding.rule = "quality";
  finding.suite = "s";
  finding.verdict = Verdict::pass;
  finding.estimate = 0.1721;
  finding.lower = -HUGE_VAL;
  finding.upper = HUGE_VAL;
  finding.discordant = Finding::Discordant{1, 2, 3, 4};
  finding.missing = Finding::Missing{1, 0, 2};
  finding.route_errors = Finding::RouteErrors{5, 6};
  finding.needed_n = 700;
  finding.cases = {"a"};
  finding.cases_total = 60;
  decision.findings = {finding, Finding{}};
  decision.arms[0].score_mean = 0.5;
  decision.known_failures = full_rules().known_failures;
  decision.flips = {3, 4};
  decision.policy_digest = sha256("p");
  SuiteHead suite;
  suite.name = "s";
  suite.version = "1.0.0";
  decision.suites = {suite};
  return decision;
}

}  // namespace

TEST_CASE("rules survive their JSON, and their digest sees every part") {
  const Rules rules = full_rules();
  const Json json = to_json(rules);
  const Result<Rules> back = rules_from_json(json);
  REQUIRE(back);
  CHECK(canonical(to_json(*back)) == canonical(json));
  Rules milder = rules;
  milder.severe[1].max_rate = 0.03;
  CHECK(policy_digest(milder) != policy_digest(rules));
  Rules expired = rules;
  expired.known_failures[0].active = false;
  CHECK(policy_digest(expired) == policy_digest(rules));
  CHECK(canonical(to_json(*rules_from_json(to_json(Rules{})))) == canonical(to_json(Rules{})));
}

TEST_CASE("a rule on the fallback counts where it is asked, and leaves no trace where it is not") {
  Rules asked = full_rules();
  Rules unasked = asked;
  unasked.fallback_rate.reset();
  CHECK_FALSE(to_json(unasked).contains("fallback_rate"));
  CHECK(policy_digest(asked) != policy_digest(unasked));
  CHECK(canonical(to_json(asked).at("fallback_rate")) == R"({"advisory":true,"max_rate":0.05})");
  const Result<Rules> back = rules_from_json(to_json(asked));
  REQUIRE(back);
  REQUIRE(back->fallback_rate);
  CHECK(back->fallback_rate->max_rate == 0.05);
  CHECK(back->fallback_rate->advisory);
}

TEST_CASE("a live route and its fallback survive a plan's head, and their absence leaves no trace") {
  Plan plan = samples::plan_of(1, 1);
  const std::string before = canonical(to_json(plan.head));
  for (const char* word : {"request", "fallback", "baseline_reuse", "fallback_tested"}) {
    CAPTURE(word);
    CHECK(before.find(word) == std::string::npos);
  }
  PlanHead head = plan.head;
  head.baseline_reuse = "latest";
  head.fallback_tested = {"fallback-001", "c0"};
  RouteUse& route = head.routes[1];
  route.kind = "generic_http";
  route.parts.request.text = R"({"body":{"q":"{{prompt}}"},"output":"/answer"})";
  route.parts.fallback.text = "\"" + sha256("a").text() + "\"";
  route.fallback = "support_a";
  route.digest = route_digest(route.parts);
  const Result<PlanHead> back = plan_head_from_json(to_json(head));
  if (!back) FAIL(back.error().message);
  CHECK(back->baseline_reuse == "latest");
  CHECK(back->fallback_tested == head.fallback_tested);
  CHECK(back->routes[1].fallback == "support_a");
  CHECK(back->routes[1].parts.request == route.parts.request);
  CHECK(back->routes[1].parts.fallback == route.parts.fallback);
  CHECK(back->routes[0].fallback.empty());
  CHECK(canonical(to_json(*back)) == canonical(to_json(head)));
}

TEST_CASE("a decision survives its JSON") {
  const Json json = to_json(full_decision());
  const Result<Decision> back = decision_from_json(json);
  REQUIRE(back);
  CHECK(canonical(to_json(*back)) == canonical(json));
  CHECK(json.at("findings").at(0).at("lower") == "-inf");
  CHECK(json.at("findings").at(1).at("missing") == Json::object());
}

TEST_CASE("a plan's head survives its JSON, with what was measured") {
  Plan plan = samples::plan_of(2, 3);
  plan.head.rules = full_rules();
  plan.head.rules.known_failures[0].active = false;
  plan.head.suites[0].traffic = {{"language", {{"en", 0.5}, {"de", 0.5}}}};
  plan.head.suites[0].pass = {PassRule::Kind::mean, 0.7};
  plan.head.seed = 18446744073709551615ULL;
  const Json json = to_json(plan.head);
  const Result<PlanHead> back = plan_head_from_json(json);
  REQUIRE(back);
  CHECK(canonical(to_json(*back)) == canonical(json));
  CHECK_FALSE(back->rules.known_failures[0].active);
  CHECK(back->seed == plan.head.seed);
}

TEST_CASE("a case survives both of its writings") {
  Case item = samples::case_named("he said \"x\"\n");
  item.context.text = R"([{"id":"kb","text":"t"}])";
  item.digest = case_digest(item);
  const Result<Case> back = case_from_json(to_json(item));
  REQUIRE(back);
  CHECK(back->digest == item.digest);

  std::string line;
  append_case_line(line, item, 7);
  const Json parsed = Json::parse(line);
  CHECK(parsed.at("suite") == 7);
  const Result<Case> from_line = case_from_json(parsed);
  REQUIRE(from_line);
  CHECK(case_digest(*from_line) == item.digest);
}

TEST_CASE("an edited case is found out") {
  Json json = to_json(samples::case_named("c"));
  json["severity"] = "normal";
  const Result<Case> back = case_from_json(json);
  REQUIRE_FALSE(back);
  CHECK(back.error().code == ErrorCode::untrusted);
  CHECK(back.error().message.find("does not digest") != std::string::npos);
}

TEST_CASE("a newer format is refused with words") {
  Json json = to_json(full_decision());
  json["format"] = "headgate/decision/2";
  const Result<Decision> back = decision_from_json(json);
  REQUIRE_FALSE(back);
  CHECK(back.error().message.find("headgate/decision/2") != std::string::npos);
}

TEST_CASE("any member missing or of another type is an error, never a crash") {
  const auto broken = [](const Json& whole, const auto& read) {
    for (const auto& [key, value] : whole.items()) {
      Json other = whole;
      other[key] = value.is_string() ? Json(17) : Json("x");
      CHECK_FALSE(read(other));
    }
  };
  broken(to_json(full_decision()), [](const Json& j) { return decision_from_json(j).has_value(); });
  broken(to_json(samples::plan_of(1, 1).head), [](const Json& j) { return plan_head_from_json(j).has_value(); });
}
