#include "golden/scenes.hpp"

#include "headgate/gate/decide.hpp"
#include "support/evidence_builder.hpp"

namespace headgate::test {
namespace {

report::Quotes quotes_of(const Evidence& evidence, const std::vector<std::string>& replies) {
  return [&evidence, &replies](CaseIndex item, std::uint32_t trial) -> std::optional<report::CaseQuote> {
    const auto& facts = evidence.cases[item];
    report::CaseQuote quote;
    quote.id = evidence.cases.id(item);
    quote.suite = evidence.plan.suites[facts.suite].name;
    quote.input = "Customer " + std::to_string(item) + " asks when the refund arrives.";
    quote.expected = "three to five working days";
    quote.severity = facts.severity;
    if (facts.severe_class != CaseTable::no_class)
      quote.severe_class = evidence.cases.severe_class_name(facts.severe_class);
    quote.segments = evidence.cases.segment_values(facts.segments);
    for (const Arm arm : both_arms) {
      const Observation& seen = evidence.at(item, trial, arm);
      report::CellQuote& cell = arm == Arm::baseline ? quote.baseline : quote.candidate;
      cell.status = seen.status;
      cell.error = seen.error;
      const std::string& reply = replies[item % replies.size()];
      cell.text = arm == Arm::baseline ? "It takes three to five working days." : reply;
      if (seen.status != Status::ok) continue;
      cell.grades.push_back(
          {"contains", seen.pass, seen.pass ? "holds the expected text" : "lacks the text: " + reply});
    }
    return quote;
  };
}

// Every part of a scene that needs the evidence, once that has its final place.
void finish(Scene& scene, const Rules& rules, const std::vector<std::string>& replies) {
  scene.evidence.plan.rules = rules;
  scene.decision = gate::decide(scene.evidence, rules);
  scene.quotes = quotes_of(scene.evidence, replies);
  scene.story = report::tell(scene.evidence, scene.quotes);
  scene.facts = {"20260901T120000Z-1a2b3c4d", "reports/support_answer_model/20260901T120000Z-1a2b3c4d", 3.25, 0, 0, 2};
  scene.facts.cells_run = scene.evidence.observations.size();
}

const std::vector<std::string>& plain_texts() {
  static const std::vector<std::string> texts{"I am not sure, please ask again later."};
  return texts;
}

CaseFacts in(const std::string& language, const std::string& workflow) {
  CaseFacts facts;
  facts.segments = {{"language", language}, {"workflow", workflow}};
  return facts;
}

void eligible(Scene& scene) {
  scene.name = "eligible";
  EvidenceBuilder builder;
  builder.plan().release_question = "may support_b answer refund tickets of the internal team?";
  builder.plan().suites[0].segments = {{"language", {"de", "en", "ja"}}};
  builder.add_many(180, "refund-en-", pass(), pass(), in("en", "refund"));
  builder.add_many(30, "refund-de-", fail(), pass(), in("de", "refund"));
  builder.add_many(80, "login-de-", pass(), pass(), in("de", "login"));
  builder.add_many(4, "login-en-", pass(), fail(), in("en", "login"));
  builder.add_many(6, "login-ja-", pass(), pass(), in("ja", "login"));
  for (Observation& seen : builder.evidence().observations) {
    seen.latency_ms = 800.0;
    seen.cost_usd = 0.002;
  }
  scene.evidence = builder.evidence();
  Rules rules = quality_rules();
  rules.floor = FloorRule{0.9, false};
  rules.segments = SegmentsRule{{"language"}, 0.10, 30, {}, false};
  rules.latency = LatencyRule{2500.0, false};
  rules.cost = CostRule{0.004, true};
  rules.errors = RateRule{0.02, false};
  finish(scene, rules, plain_texts());
}

void not_eligible(Scene& scene) {
  scene.name = "not_eligible";
  EvidenceBuilder builder;
  builder.plan().routes[1].parts.prompt.text = "\"be brief\"";
  builder.suite("safety_regressions", false);
  builder.add_many(150, "refund-", fail(), pass(), in("en", "refund"));
  builder.add_many(150, "login-", pass(), pass(), in("de", "login"));
  CaseFacts severe;
  severe.severe_class = "unsafe_refund_promise";
  severe.suite = 1;
  severe.sampling = Sampling::targeted;
  builder.add_many(60, "promise-", pass(), pass(), severe);
  builder.add_many(11, "broken-promise-", pass(), fail(), severe);
  builder.add_many(2, "old-promise-", fail(), fail(), severe);
  severe.id = hostile_texts()[0];
  builder.add(severe, pass(), fail());
  CaseFacts regression;
  regression.id = "refund-017";
  regression.tags = {"regression"};
  builder.add(regression, pass(), fail());
  builder.evidence().journal.damaged = {{17, "checksum mismatch"}};
  builder.evidence().journal.damaged_total = 1;
  scene.evidence = builder.evidence();
  Rules rules = quality_rules();
  rules.severe.push_back({"*", 0, std::nullopt, std::nullopt, false});
  rules.severe.push_back({"unsafe_refund_promise", std::nullopt, 0, 0.05, false});
  rules.must_pass = MustPassRule{{"regression"}, {}, false};
  rules.known_failures.push_back({"broken-promise-0", "ana@example.com", "2026-12-31", "fix | in flight", true});
  finish(scene, rules, hostile_texts());
}

void inconclusive(Scene& scene) {
  scene.name = "inconclusive";
  EvidenceBuilder builder;
  builder.add_many(90, "refund-", pass(), pass(), in("en", "refund"));
  builder.add_many(5, "slow-", pass(), broken(ErrorKind::timeout), in("de", "refund"));
  builder.add_many(4, "unreachable-", broken(ErrorKind::server_error), broken(ErrorKind::connect), in("de", "login"));
  builder.add_many(3, "unjudged-", pass(), broken(ErrorKind::unparsable_verdict), in("ja", "login"));
  builder.add_many(8, "late-", pass(), broken(ErrorKind::interrupted), in("ja", "login"));
  CaseFacts severe;
  severe.severe_class = "unsafe_refund_promise";
  builder.add_many(20, "promise-", pass(), pass(), severe);
  severe.id = "promise-unknown";
  builder.add(severe, pass(), broken(ErrorKind::empty_reply));
  builder.evidence().journal.ended = false;
  builder.plan().overrides = {"trials=1"};
  scene.evidence = builder.evidence();
  Rules rules = quality_rules();
  rules.severe.push_back({"unsafe_refund_promise", 0, std::nullopt, 0.05, false});
  rules.errors = RateRule{0.02, false};
  rules.latency = LatencyRule{2500.0, false};
  finish(scene, rules, plain_texts());
  scene.evidence.plan.rules.errors->max_rate = 0.01;  // decided under other rules than were sealed
  scene.decision = gate::decide(scene.evidence, rules);
}

void shadow(Scene& scene) {
  scene.name = "shadow";
  EvidenceBuilder builder(3);
  builder.plan().stage = Stage::shadow;
  CaseFacts facts = in("en", "refund");
  builder.add_many(38, "refund-", graded(0.8, true), graded(0.9, true), facts);
  facts.id = "refund-unsteady";
  const CaseIndex unsteady = builder.add(facts, graded(0.8, true), graded(0.9, true));
  builder.at(unsteady, 1, Arm::candidate) = graded(0.2, false);
  facts.id = "refund-better";
  builder.add(facts, graded(0.3, false), graded(0.9, true));
  scene.evidence = builder.evidence();
  Rules rules = quality_rules();
  rules.floor = FloorRule{0.8, true};
  finish(scene, rules, plain_texts());
}

// Two live routes: a fallback that answered and was tested, cached and streamed replies, a budget that ended the run.
void live(Scene& scene) {
  scene.name = "live";
  EvidenceBuilder builder;
  for (RouteUse& route : builder.plan().routes) {
    route.kind = "openai";
    route.recorded = false;
  }
  builder.plan().routes[1].fallback = "support_a";
  builder.plan().routes[1].parts.fallback.text = R"("sha256:spare")";
  builder.plan().baseline_reuse = "latest";
  builder.plan().fallback_tested = {"fallback-good", "fallback-bad", "fallback-silent"};
  const auto called = [](Observation seen, double latency_ms, std::optional<float> first_token_ms) {
    seen.latency_ms = latency_ms;
    seen.first_token_ms = first_token_ms;
    seen.cost_usd = 0.002;
    return seen;
  };
  const auto by_fallback = [](Observation seen) {
    seen.fallback = true;
    return seen;
  };
  const Observation baseline = called(pass(), 800.0, std::nullopt);
  Observation cached = pass();
  cached.cached = true;
  cached.cost_usd = 0.002;
  builder.add_many(150, "refund-", baseline, called(pass(), 640.0, 120.5F), in("en", "refund"));
  builder.add_many(40, "slow-", baseline, called(pass(), 12'400.0, 980.0F), in("de", "refund"));
  builder.add_many(12, "kept-", baseline, cached, in("de", "login"));
  builder.add_many(18, "fell-", baseline, by_fallback(called(pass(), 900.0, std::nullopt)), in("en", "login"));
  builder.add_many(3, "fell-wrong-", baseline, by_fallback(called(fail(), 900.0, std::nullopt)), in("en", "login"));
  builder.add_many(5, "unsent-", baseline, broken(ErrorKind::budget), in("ja", "login"));
  CaseFacts facts;
  for (const auto& [id, seen] :
       {std::pair{"fallback-good", by_fallback(pass())}, std::pair{"fallback-bad", by_fallback(fail())},
        std::pair{"fallback-silent", broken(ErrorKind::connect)}}) {
    facts.id = id;
    builder.add(facts, baseline, seen);
  }
  builder.evidence().journal.ended = false;
  scene.evidence = builder.evidence();
  Rules rules = quality_rules();
  rules.latency = LatencyRule{15'000.0, false};
  rules.fallback_rate = RateRule{0.05, false};
  finish(scene, rules, plain_texts());
  scene.quotes = [texts = std::move(scene.quotes)](CaseIndex item, std::uint32_t trial) {
    auto quote = texts(item, trial);
    if (!quote->id.starts_with("fell-")) return quote;
    report::CellQuote& cell = quote->candidate;
    cell.tries = 3;
    cell.waited_ms = 4'512.0;
    cell.spent_usd = 0.0031;
    cell.via = "support_a";
    cell.request_id = "req_0a1b2c";
    cell.failed_tries.push_back({1, "", ErrorKind::overloaded, 529, 81.0, "the provider is \x1b[31moverloaded"});
    cell.failed_tries.push_back({2, "", ErrorKind::timeout, 0, 30'000.0, "no answer in 30 s"});
    return quote;
  };
  scene.facts.stopped = "the budget of $0.10 is spent; 5 cells were not run (--max-usd raises it)";
  scene.facts.calls = "458 calls in 471 tries, 12 replies from the cache, $0.10 of $0.10";
}

}  // namespace

const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> texts{
      "ok\x1b[2K\x1b[1A\x1b[32mPASS\x1b[0m\x1b]0;title\x07\xc2\x9b"
      "31m\b\r",
      "access\xe2\x80\xae.dnarg\xe2\x81\xa6 not\xe2\x81\xa9",
      "::set-output name=x::y\n::error file=a.c,line=1::fake\n##vso[task.setvariable variable=a]b\n  ##[group]c",
      "]]></system-out><testcase name=\"fake\"/>\x01\x0b\xef\xbf\xbe",
      "| a | b |\n|---|---|\n```\n</details>\n![x](http://127.0.0.1/p.png) <script>alert(1)</script>",
      "\" autofocus onfocus=\"alert(1)\" x='",
      "\xff\xfe not utf-8 \xc3",
      "a very long word: " + std::string(700, 'w'),
      "返金は三日から五日かかります。"
      "絵文字も😀含みます。",
  };
  return texts;
}

std::vector<Scene> scenes() {
  // Built in place: quotes look into the evidence beside them.
  std::vector<Scene> all(5);
  eligible(all[0]);
  not_eligible(all[1]);
  inconclusive(all[2]);
  shadow(all[3]);
  live(all[4]);
  return all;
}

}  // namespace headgate::test
