// Replies of a fallback, forced or not; replies of the response cache; replies of an earlier run.
#include <algorithm>

#include "decided.hpp"
#include "headgate/gate/feasibility.hpp"
#include "headgate/gate/part.hpp"

using namespace headgate;
using namespace headgate::gate;
using namespace headgate::test;

namespace {

Observation by_fallback(Observation seen) {
  seen.fallback = true;
  return seen;
}
Observation timed(double latency_ms) {
  Observation seen = pass();
  seen.latency_ms = latency_ms;
  return seen;
}
Observation cached() {
  Observation seen = pass();
  seen.cached = true;
  return seen;
}

// Both routes are called; the candidate's has a fallback.
EvidenceBuilder live(std::uint32_t trials = 1) {
  EvidenceBuilder builder(trials);
  for (RouteUse& route : builder.plan().routes) {
    route.kind = "openai";
    route.recorded = false;
  }
  RouteUse& candidate = builder.plan().routes[1];
  candidate.fallback = "support_a";
  candidate.parts.fallback.text = "\"sha256:00\"";
  candidate.digest = route_digest(candidate.parts);
  return builder;
}

Rules with_rate(double most) {
  Rules rules = quality_rules();
  rules.fallback_rate = RateRule{most, false};
  return rules;
}

Finding rated(EvidenceBuilder& builder, double most) {
  return finding(decided(builder, with_rate(most)), "fallback_rate");
}

// The note that has these words; empty where none has.
std::string note_with(const Decision& decision, const std::string& part) {
  const auto found = std::ranges::find_if(
      decision.notes, [&](const std::string& note) { return note.find(part) != std::string::npos; });
  return found == decision.notes.end() ? std::string() : *found;
}

Plan plan_of(std::size_t cases, const std::vector<std::string>& tested, const std::string& fallback) {
  Plan plan;
  plan.head.routes[0].name = "a";
  plan.head.routes[1].name = "b";
  plan.head.routes[1].fallback = fallback;
  plan.head.suites.emplace_back();
  plan.head.fallback_tested = tested;
  plan.head.rules = with_rate(0.05);
  plan.head.rules.latency = LatencyRule{1000.0, false};
  plan.head.rules.cost = CostRule{1.0, false};
  for (std::size_t i = 0; i < cases; ++i) {
    Case item;
    item.id = "c" + std::to_string(i);
    plan.cases.push_back(item);
    plan.case_suite.push_back(0);
  }
  return plan;
}

const Need& need(const Feasibility& all, const std::string& rule) {
  for (const Need& each : all.needs) {
    if (each.rule == rule) return each;
  }
  FAIL("no need of " << rule);
  return all.needs.front();
}

}  // namespace

TEST_CASE("fallback_rate: exact bounds of the share of cases that the fallback answered") {
  EvidenceBuilder builder = live();
  builder.add_many(190, "own-", pass(), pass());
  builder.add_many(10, "fell-", pass(), by_fallback(pass()));
  const Finding within = rated(builder, 0.10);
  CHECK(within.verdict == Verdict::pass);
  CHECK(within.code == "fallback_rate_within");
  CHECK(within.n == 200);
  CHECK(*within.estimate == Approx(0.05));
  CHECK(*within.lower == Approx(0.024235).margin(5e-6));  // Clopper-Pearson of 10 in 200, 2.5 % a side
  CHECK(*within.upper == Approx(0.090028).margin(5e-6));
  CHECK(within.method == "clopper_pearson");
  CHECK(within.cases_total == 10);
  CHECK(within.cases.front() == "fell-0");
  CHECK(within.sentence == "The candidate's fallback answers 5.0 % of 200 cases (at most 9.0 %); 10.0 % are allowed.");
  const Finding above = rated(builder, 0.02);
  CHECK(above.verdict == Verdict::fail);
  CHECK(above.code == "fallback_rate_above");
  const Finding open = rated(builder, 0.06);
  CHECK(open.code == "fallback_rate_undecided");
  CHECK(open.needed_n.value_or(0) > 200);
  CHECK(decided(builder, with_rate(0.02)).answer == Outlook::not_eligible);
}

TEST_CASE("fallback_rate: one trial of a case is enough, and shared clusters count for less") {
  EvidenceBuilder trials = live(3);
  trials.add_many(100, "a-", pass(), pass());
  trials.at(7, 2, Arm::candidate) = by_fallback(pass());
  trials.at(7, 1, Arm::candidate) = by_fallback(pass());
  CHECK(*rated(trials, 0.1).estimate == Approx(0.01));
  CHECK(rated(trials, 0.1).cases == std::vector<std::string>{"a-7"});
  EvidenceBuilder clustered = live();
  for (int i = 0; i < 40; ++i) {
    CaseFacts facts;
    facts.cluster = "c" + std::to_string(i);
    clustered.add_many(5, facts.cluster + "-", pass(), i < 4 ? by_fallback(pass()) : pass(), facts);
  }
  CHECK(rated(clustered, 0.3).method == "clopper_pearson_clustered");
  CHECK(*rated(clustered, 0.3).upper > 0.2);
}

TEST_CASE("fallback_rate: a cell without a reply proves nothing, and keeps a pass from being claimed") {
  for (const ErrorKind kind : {ErrorKind::timeout, ErrorKind::server_error, ErrorKind::interrupted}) {
    CAPTURE(name(kind));
    EvidenceBuilder builder = live();
    builder.add_many(285, "own-", pass(), pass());
    builder.add_many(15, "lost-", pass(), broken(kind));
    const Finding open = rated(builder, 0.05);
    CHECK(open.code == "fallback_rate_missing_decides");
    CHECK(open.cases_total == 0);
    const Finding lost = rated(builder, 0.01);
    CHECK(lost.verdict == Verdict::inconclusive);  // and never a fail
  }
  // What could not be graded was answered all the same.
  EvidenceBuilder builder = live();
  builder.add_many(285, "own-", pass(), pass());
  builder.add_many(15, "odd-", pass(), broken(ErrorKind::judge_failed));
  CHECK(rated(builder, 0.05).verdict == Verdict::pass);
  EvidenceBuilder odd = live();
  odd.add_many(285, "own-", pass(), pass());
  odd.add_many(15, "odd-", pass(), by_fallback(broken(ErrorKind::judge_failed)));
  CHECK(*rated(odd, 0.05).estimate == Approx(0.05));
}

TEST_CASE("fallback_rate: where the fallback answers most, the route was down") {
  EvidenceBuilder builder = live();
  builder.add_many(60, "own-", pass(), pass());
  builder.add_many(140, "fell-", pass(), by_fallback(pass()));
  const Decision decision = decided(builder, with_rate(0.05));
  CHECK(finding(decision, "fallback_rate").code == "fallback_rate_route_down");
  CHECK(decision.answer == Outlook::inconclusive);
  CHECK(decision.action == Action::repair);
}

TEST_CASE("fallback_rate: nothing is known where there is no fallback, no record of one, or no case") {
  EvidenceBuilder none = live();
  none.plan().routes[1].fallback.clear();
  none.add_many(300, "a-", pass(), pass());
  CHECK(rated(none, 0.05).code == "fallback_rate_no_fallback");
  CHECK_FALSE(rated(none, 0.05).upper.has_value());
  EvidenceBuilder recorded;
  recorded.add_many(300, "a-", pass(), pass());
  CHECK(rated(recorded, 0.05).code == "fallback_rate_not_recorded");
  recorded.at(0, 0, Arm::candidate) = by_fallback(pass());  // replies of an earlier run say who answered
  CHECK(rated(recorded, 0.05).verdict == Verdict::pass);
  EvidenceBuilder empty = live();
  CHECK(rated(empty, 0.05).code == "fallback_rate_no_cases");
}

TEST_CASE("fallback_rate: is missed only where there is a fallback, and advisory it never decides") {
  EvidenceBuilder builder = live();
  builder.add_many(200, "a-", pass(), by_fallback(pass()));
  builder.add_many(300, "b-", pass(), pass());
  CHECK(mentions(decided(builder, quality_rules()).not_asked, "fallback_rate"));
  CHECK_FALSE(mentions(decided(builder, with_rate(0.9)).not_asked, "fallback_rate"));
  EvidenceBuilder recorded;
  recorded.add_many(200, "a-", pass(), pass());
  CHECK_FALSE(mentions(decided(recorded, quality_rules()).not_asked, "fallback_rate"));
  Rules advisory = with_rate(0.05);
  advisory.fallback_rate->advisory = true;
  const Decision decision = decided(builder, advisory);
  CHECK(finding(decision, "fallback_rate").verdict == Verdict::fail);
  CHECK(decision.answer == Outlook::eligible);
}

TEST_CASE("a score that the fallback earned is shown apart") {
  EvidenceBuilder builder = live();
  builder.plan().routes[0].fallback = "old";
  builder.add_many(150, "own-", pass(), pass());
  builder.add_many(50, "lost-", by_fallback(pass()), fail());
  builder.add_many(3, "fell-", pass(), by_fallback(pass()));
  builder.add_many(1, "fell-half-", pass(), by_fallback(graded(0.5, false)));
  builder.add_many(1, "fell-odd-", pass(), by_fallback(broken(ErrorKind::judge_failed)));
  const Decision decision = decided(builder, quality_rules());
  std::string candidate = note_with(decision, "candidate cells were answered by the fallback");
  CHECK(candidate ==
        "5 candidate cells were answered by the fallback support_a (fell-0, fell-1, fell-2, fell-half-0 and "
        "fell-odd-0): they pass 75.0 "
        "% with a mean score of 0.875; the 200 that the route answered itself pass 75.0 % with a mean score of 0.750");
  std::string baseline = note_with(decision, "baseline cells were answered by the fallback old");
  CHECK(baseline.find("50 baseline cells") == 0);
  EvidenceBuilder plain = live();
  plain.add_many(200, "own-", pass(), pass());
  CHECK(note_with(decided(plain, quality_rules()), "answered by").empty());
}

TEST_CASE("a route that is down is not made eligible by the replies of its fallback") {
  const auto costing = [](double usd) {
    Observation seen = timed(100);
    seen.cost_usd = usd;
    return seen;
  };
  Rules rules = quality_rules();
  rules.errors = RateRule{0.05, false};
  rules.latency = LatencyRule{1000, false};
  rules.cost = CostRule{1.0, false};
  EvidenceBuilder own = live();
  own.add_many(300, "a-", costing(0.5), costing(0.5));
  CHECK(decided(own, rules).answer == Outlook::eligible);

  EvidenceBuilder dead = live();
  dead.add_many(300, "a-", costing(0.5), by_fallback(costing(0.5)));
  const Decision decision = decided(dead, rules);
  CHECK(decision.answer == Outlook::inconclusive);
  CHECK(decision.action == Action::repair);
  CHECK(decision.eligible_for.empty());
  const Finding available = finding(decision, "evidence.available");
  CHECK(available.code == "candidate_unavailable");
  CHECK(available.sentence ==
        "Only 0 of 300 cells of the candidate were answered by the route itself (its fallback answered 300) and "
        "graded: a "
        "route that is down can be neither admitted nor beaten.");
  const Finding errors = finding(decision, "errors");
  CHECK(errors.code == "errors_route_down");
  CHECK(errors.estimate == 1.0);
  CHECK(mentions(errors.notes, "the fallback answered on 300 cases, and that is counted as a breakdown of the route"));
  CHECK(finding(decision, "latency").code == "latency_not_recorded");
  CHECK(mentions(finding(decision, "latency").notes, "300 cases were answered by the fallback"));
  CHECK(finding(decision, "cost").code == "cost_unknown");
  CHECK(mentions(finding(decision, "cost").notes, "300 cases were answered by the fallback"));
  for (const Part& part : parts_of(dead.evidence(), rules, 0)) {
    CAPTURE(part.rule);
    if (part.rule == "errors") CHECK(part.value == 1.0);
    if (part.rule == "latency" || part.rule == "cost") CHECK_FALSE(part.value.has_value());
  }

  // A baseline that its fallback speaks for cannot be beaten either.
  EvidenceBuilder beaten = live();
  beaten.plan().routes[0].fallback = "old";
  beaten.add_many(300, "a-", by_fallback(costing(0.5)), costing(0.5));
  CHECK(finding(decided(beaten, rules), "evidence.available").code == "baseline_unavailable");
}

TEST_CASE("a fallback's reply is a breakdown of the route, and its time and price are not the route's") {
  const auto costing = [](double ms, double usd) {
    Observation seen = timed(ms);
    seen.cost_usd = usd;
    return seen;
  };
  Rules rules = quality_rules();
  rules.errors = RateRule{0.05, false};
  rules.latency = LatencyRule{1000, false};
  rules.cost = CostRule{1.0, false};
  EvidenceBuilder builder = live();
  builder.add_many(240, "own-", costing(100, 0.5), costing(100, 0.5));
  builder.add_many(60, "fell-", costing(100, 0.5), by_fallback(costing(1, 0.0)));
  const Decision decision = decided(builder, rules);
  CHECK(finding(decision, "errors").code == "errors_above");
  CHECK(*finding(decision, "errors").estimate == Approx(0.2));
  CHECK(finding(decision, "errors").cases_total == 60);
  CHECK(finding(decision, "latency").code == "latency_missing_decides");
  CHECK(finding(decision, "latency").cases_total == 60);
  CHECK(finding(decision, "cost").code == "cost_unknown");
  CHECK(decision.answer == Outlook::not_eligible);

  // A reply of the fallback that could not be graded shows the same.
  EvidenceBuilder odd = live();
  odd.add_many(240, "own-", costing(100, 0.5), costing(100, 0.5));
  odd.add_many(60, "odd-", costing(100, 0.5), by_fallback(broken(ErrorKind::judge_failed)));
  CHECK(finding(decided(odd, rules), "errors").code == "errors_above");

  // Where the route was made to fail, none of it is the route's doing.
  for (int i = 0; i < 60; ++i) builder.plan().fallback_tested.push_back("fell-" + std::to_string(i));
  const Decision forced = decided(builder, rules);
  CHECK(finding(forced, "errors").code == "errors_within");
  CHECK(finding(forced, "errors").notes.empty());
  CHECK(finding(forced, "latency").code == "latency_within");
  CHECK(finding(forced, "cost").code == "cost_within");
  CHECK(finding(forced, "cost").n == 240);
  CHECK(*finding(forced, "cost").estimate == Approx(0.5));
  CHECK(forced.answer == Outlook::eligible);

  // And replies to forced cases do not make a route that is down look available.
  EvidenceBuilder hidden = live();
  hidden.add_many(100, "fell-", costing(100, 0.5), by_fallback(costing(1, 0.0)));
  hidden.add_many(40, "own-", costing(100, 0.5), costing(100, 0.5));
  hidden.add_many(60, "lost-", costing(100, 0.5), by_fallback(costing(1, 0.0)));
  for (int i = 0; i < 100; ++i) hidden.plan().fallback_tested.push_back("fell-" + std::to_string(i));
  CHECK(finding(decided(hidden, rules), "evidence.available").code == "candidate_unavailable");
}

TEST_CASE("cases that are made to fall back count as targeted ones") {
  EvidenceBuilder builder = live();
  CaseFacts facts;
  facts.segments = {{"language", "en"}};
  builder.add_many(200, "own-", timed(100), timed(100), facts);
  CaseFacts severe = facts;
  severe.severe_class = "harm";
  severe.tags = {"regression"};
  severe.id = "forced-bad";
  builder.add(severe, timed(100), by_fallback(fail()));
  facts.id = "forced-good";
  builder.add(facts, timed(100), by_fallback(timed(90000)));
  Rules rules = with_rate(0.05);
  rules.floor = FloorRule{0.9, false};
  rules.segments = SegmentsRule{{"language"}, 0.1, 30, {}, false};
  rules.latency = LatencyRule{1000, false};
  rules.severe.push_back({"*", 0, std::nullopt, std::nullopt, false});
  rules.must_pass = MustPassRule{{"regression"}, {}, false};
  const auto sizes = [&](const Decision& decision) {
    std::vector<std::size_t> out;
    for (const char* rule : {"quality", "floor", "segments", "latency", "fallback_rate", "evidence.min_cases"}) {
      out.push_back(finding(decision, rule).n);
    }
    return out;
  };
  CHECK(sizes(decided(builder, rules)) == std::vector<std::size_t>(6, 202));

  builder.plan().fallback_tested = {"forced-bad", "forced-good"};
  const Decision decision = decided(builder, rules);
  CHECK(sizes(decision) == std::vector<std::size_t>(6, 200));
  CHECK(finding(decision, "fallback_rate").estimate == 0.0);
  CHECK(finding(decision, "latency").cases_total == 0);
  CHECK(finding(decision, "severe").verdict == Verdict::fail);
  CHECK(finding(decision, "must_pass").verdict == Verdict::fail);
  CHECK(decision.flips.regressions == 1);
  CHECK(finding(decision, "evidence.complete").n == 202);
  CHECK(note_with(decision, "candidate cells were answered by the fallback").empty());

  for (const Part& part : parts_of(builder.evidence(), rules, *builder.evidence().cases.find("forced-good"))) {
    const bool left_out = part.role == Role::left_out;
    const bool of_traffic = part.rule == "quality" || part.rule == "floor" || part.rule == "segments" ||
                            part.rule == "latency" || part.rule == "fallback_rate" || part.rule == "evidence.min_cases";
    CAPTURE(part.rule, part.sentence);
    CHECK((left_out || !of_traffic));
    if (part.rule == "quality") CHECK(part.sentence == "a case that is made to fall back never counts in an average");
  }

  // Nobody is made to fall back where there is no fallback.
  builder.plan().routes[1].fallback.clear();
  CHECK(finding(decided(builder, rules), "quality").n == 202);
}

TEST_CASE("a decision says what the fallback did on the cases it was tested on") {
  EvidenceBuilder builder = live(2);
  builder.add_many(100, "own-", pass(), pass());
  for (const auto& [id, seen] : {std::pair{"f-good", by_fallback(pass())}, std::pair{"f-bad", by_fallback(fail())},
                                 std::pair{"f-late", broken(ErrorKind::timeout)}, std::pair{"f-own", pass()}}) {
    CaseFacts facts;
    facts.id = id;
    builder.add(facts, pass(), seen);
  }
  builder.plan().fallback_tested = {"f-good", "f-bad", "f-late", "f-own", "f-gone"};
  const Decision decision = decided(builder, quality_rules());
  std::string note = note_with(decision, "was tested on");
  CHECK(note ==
        "the fallback support_a of the candidate was tested on 4 cases: it answered and passed on 1; it answered and "
        "did not pass on f-bad; no graded reply of it on f-late (timeout) and f-own");
  std::string gone = note_with(decision, "in no case of this run");
  CHECK(gone.find("f-gone") != std::string::npos);
  CHECK(std::ranges::count_if(decision.notes, [](const std::string& each) {
          return each.find("was tested on") != std::string::npos;
        }) == 1);  // the baseline has no fallback

  builder.plan().routes[1].fallback.clear();
  CHECK_FALSE(note_with(decided(builder, quality_rules()), "no fallback to test").empty());
}

TEST_CASE("one trial that did not pass, or was not the fallback's, is enough to say so") {
  EvidenceBuilder builder = live(2);
  builder.add_many(100, "own-", pass(), pass());
  CaseFacts facts;
  facts.id = "f";
  const CaseIndex item = builder.add(facts, pass(), by_fallback(pass()));
  builder.plan().fallback_tested = {"f"};
  CHECK_FALSE(note_with(decided(builder, quality_rules()), "passed on 1").empty());
  builder.at(item, 1, Arm::candidate) = by_fallback(fail());
  CHECK_FALSE(note_with(decided(builder, quality_rules()), "did not pass on f").empty());
  builder.at(item, 1, Arm::candidate) = broken(ErrorKind::connect);
  CHECK_FALSE(note_with(decided(builder, quality_rules()), "no graded reply of it on f (connect)").empty());
}

TEST_CASE("a latency rule over cached replies says that they are why") {
  Rules rules = quality_rules();
  rules.latency = LatencyRule{1000, false};
  EvidenceBuilder all = live();
  all.add_many(200, "a-", pass(), cached());
  const Finding unknown = finding(decided(all, rules), "latency");
  CHECK(unknown.code == "latency_not_recorded");
  CHECK(unknown.sentence ==
        "No latency of the candidate is known: 200 cases were answered from the response cache, and a cached reply has "
        "no latency of its own, so its speed is unknown.");
  CHECK(mentions(unknown.notes, "without the response cache"));
  EvidenceBuilder some = live();
  some.add_many(180, "a-", pass(), timed(100));
  some.add_many(20, "b-", pass(), cached());
  const Finding open = finding(decided(some, rules), "latency");
  CHECK(open.code == "latency_missing_decides");
  CHECK(open.sentence.find("20 cases were answered from the response cache") != std::string::npos);
  CHECK(mentions(open.notes, "response cache"));
  EvidenceBuilder timeless = live();
  timeless.add_many(200, "a-", pass(), pass());
  CHECK(finding(decided(timeless, rules), "latency").sentence.find("cache") == std::string::npos);
}

TEST_CASE("reused replies of the baseline are named, with the rules they weaken") {
  EvidenceBuilder builder = live();
  builder.add_many(200, "a-", timed(100), timed(100));
  Rules rules = quality_rules();
  CHECK(note_with(decided(builder, rules), "reused").empty());
  builder.plan().baseline_reuse = "latest";
  std::string note = note_with(decided(builder, rules), "reused");
  CHECK(note ==
        "the baseline's replies are reused (latest), so the arms were not asked side by side: what changed at a "
        "provider in between counts as a difference of the routes in quality");
  rules.latency = LatencyRule{1000, false};
  rules.cost = CostRule{1.0, false};
  rules.severe.push_back({"*", 0, std::nullopt, std::nullopt, false});
  const Decision decision = decided(builder, rules);
  note = note_with(decision, "reused");
  for (const char* word : {"quality and severe", "latency has no pair in time", "prices may have changed"}) {
    CAPTURE(word);
    CHECK(note.find(word) != std::string::npos);
  }
}

TEST_CASE("a baseline that failed wholly is never beaten, whatever the candidate does") {
  for (const ErrorKind kind : {ErrorKind::connect, ErrorKind::timeout, ErrorKind::judge_failed, ErrorKind::breaker}) {
    CAPTURE(name(kind));
    EvidenceBuilder builder = live();
    builder.add_many(300, "a-", broken(kind), pass());
    Rules rules = quality_rules(0.9);
    rules.evidence.min_cases = 1;
    rules.evidence.provider_errors_max_rate = 1.0;
    rules.evidence.ungraded_max_rate = 1.0;
    for (const Stage stage : {Stage::shadow, Stage::internal}) {
      builder.plan().stage = stage;
      const Decision decision = decided(builder, rules);
      CHECK(decision.answer == Outlook::inconclusive);
      CHECK(decision.eligible_for.empty());
      CHECK(std::ranges::count(decision.reasons, "baseline_unavailable", &Reason::code) == 1);
    }
  }
}

TEST_CASE("a plan says what the rule needs, and forced cases are not among what it has") {
  const Feasibility enough = feasibility(plan_of(120, {"c0", "c1", "gone"}, "spare"));
  CHECK(need(enough, "fallback_rate").carry == Carry::can);
  CHECK(need(enough, "fallback_rate").has == 118);
  CHECK(need(enough, "fallback_rate").needs == 72);  // (1 - 0.05)^n <= 0.025
  CHECK(need(enough, "fallback_rate").says == "at most 1 of 118 cases may need the fallback");
  CHECK(need(enough, "latency").has == 118);
  CHECK(need(enough, "cost").has == 118);
  CHECK(need(enough, "quality").has == 118);
  CHECK(need(feasibility(plan_of(50, {}, "spare")), "fallback_rate").carry == Carry::cannot);
  const Feasibility none = feasibility(plan_of(120, {"c0"}, ""));
  CHECK(need(none, "fallback_rate").carry == Carry::cannot);
  CHECK(need(none, "fallback_rate").says.find("no fallback") != std::string::npos);
  CHECK(need(none, "quality").has == 120);
}
