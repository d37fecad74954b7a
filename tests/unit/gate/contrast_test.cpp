#include "headgate/gate/contrast.hpp"

#include "decided.hpp"

using namespace headgate;
using namespace headgate::gate;
using namespace headgate::test;

namespace {

Observation replied(std::uint64_t mark, bool passes) {
  Observation seen = passes ? pass() : fail();
  seen.reply_mark = mark;
  return seen;
}

Digest digest(std::uint8_t byte) {
  Digest out;
  out.bytes[0] = byte;
  return out;
}

CaseIndex add(EvidenceBuilder& builder, const std::string& id, const Observation& baseline,
              const Observation& candidate) {
  CaseFacts facts;
  facts.id = id;
  return builder.add(facts, baseline, candidate);
}

const ArmContrast& candidate_of(const Contrast& both) { return both.arms[1]; }

}  // namespace

TEST_CASE("the state of a case is the worst of its trials, an error being no failure") {
  EvidenceBuilder builder(3);
  const CaseIndex item = add(builder, "c", pass(), pass());
  const auto candidate = [&] { return words_of(state_of(builder.evidence(), item, Arm::candidate)); };
  CHECK(candidate() == "pass");
  CHECK_FALSE(is_failed(builder.evidence(), item));
  builder.at(item, 1, Arm::candidate) = broken(ErrorKind::timeout);
  CHECK(candidate() == "timeout");
  CHECK(is_failed(builder.evidence(), item));
  builder.at(item, 0, Arm::candidate) = broken(ErrorKind::interrupted);
  CHECK(candidate() == "interrupted");
  builder.at(item, 2, Arm::candidate) = fail();
  CHECK(candidate() == "fail");
  CHECK(telling_trial(builder.evidence(), item) == 0);
  builder.at(item, 0, Arm::candidate) = builder.at(item, 1, Arm::candidate) = pass();
  CHECK(telling_trial(builder.evidence(), item) == 2);
  builder.at(item, 2, Arm::baseline) = fail();
  builder.at(item, 1, Arm::baseline) = fail();
  CHECK(telling_trial(builder.evidence(), item) == 2);
  builder.at(item, 2, Arm::candidate) = pass();
  CHECK(telling_trial(builder.evidence(), item) == 1);
  CHECK_FALSE(is_failed(builder.evidence(), item));
  builder.at(item, 1, Arm::baseline) = broken(ErrorKind::connect);
  CHECK(is_failed(builder.evidence(), item));
}

TEST_CASE("cases are matched by suite and id, and told apart by what they hold") {
  EvidenceBuilder a, b;
  for (const char* id : {"same", "edited", "gone"}) add(a, id, pass(), pass());
  for (const char* id : {"new", "edited", "same"}) add(b, id, pass(), pass());
  b.suite("other");
  CaseFacts elsewhere;
  elsewhere.id = "gone";
  elsewhere.suite = 1;
  b.add(elsewhere, pass(), pass());
  const std::vector<Digest> in_a{digest(1), digest(2), digest(3)};
  const std::vector<Digest> in_b{digest(4), digest(5), digest(1), digest(3)};
  const Contrast both = contrast(a.evidence(), in_a, b.evidence(), in_b);
  REQUIRE(both.common.size() == 1);
  CHECK(both.common[0].a == 0);
  CHECK(both.common[0].b == 2);
  REQUIRE(both.changed.size() == 1);
  CHECK(both.changed[0].b == 1);
  CHECK(both.added == std::vector<CaseIndex>{0, 3});
  CHECK(both.removed == std::vector<CaseIndex>{2});
}

TEST_CASE("changes on an arm come worse first, and errors are neither") {
  EvidenceBuilder a, b;
  const auto put = [&](const char* id, const Observation& before, const Observation& now) {
    add(a, id, pass(), before);
    add(b, id, pass(), now);
  };
  put("stays", fail(), fail());
  put("better", fail(), pass());
  put("other", fail(), broken(ErrorKind::timeout));
  put("broke", pass(), broken(ErrorKind::timeout));
  put("worse", pass(), fail());
  const std::vector<Digest> digests{digest(1), digest(2), digest(3), digest(4), digest(5)};
  const Contrast both = contrast(a.evidence(), digests, b.evidence(), digests);
  const ArmContrast& arm = candidate_of(both);
  CHECK(both.arms[0].changes.empty());
  CHECK(arm.passed_a == 2);
  CHECK(arm.passed_b == 1);
  CHECK(arm.worse == 2);
  CHECK(arm.better == 1);
  std::vector<std::string> order;
  for (const auto& change : arm.changes) {
    order.push_back(std::string(b.evidence().cases.id(change.item.b)) + " " + words_of(change.b));
  }
  CHECK(order == std::vector<std::string>{"broke timeout", "worse fail", "better pass", "other timeout"});
}

TEST_CASE("drift is another answer of the same route to the same question, and nothing else") {
  EvidenceBuilder a, b;
  const auto put = [&](const char* id, const Observation& before, const Observation& now) {
    add(a, id, replied(1, true), before);
    add(b, id, replied(1, true), now);
  };
  put("same", replied(7, true), replied(7, true));
  put("reworded", replied(7, true), replied(8, true));
  put("wrong-now", replied(7, true), replied(8, false));
  put("times-out-now", replied(7, true), broken(ErrorKind::timeout));
  put("unreachable-now", replied(7, true), broken(ErrorKind::connect));  // nobody asked the route
  put("missing", replied(7, true), broken(ErrorKind::reply_missing));
  put("regraded", replied(7, true), replied(7, false));
  const std::vector<Digest> digests(7, digest(1));
  const Contrast both = contrast(a.evidence(), digests, b.evidence(), digests);
  const auto& drift = candidate_of(both).drift;
  CHECK(drift.asked == 5);
  CHECK(drift.other_reply == 3);
  CHECK(drift.other_outcome == 2);
  CHECK(drift.graded_otherwise == 1);
  CHECK(drift.cases.size() == 3);
  CHECK(both.arms[0].drift.asked == 7);
  CHECK(both.arms[0].drift.other_reply == 0);
  CHECK(both.arms[0].drift.graded_otherwise == 0);

  b.plan().routes[1].digest = digest(9);
  const Contrast other = contrast(a.evidence(), digests, b.evidence(), digests);
  CHECK_FALSE(candidate_of(other).same_route);
  CHECK(candidate_of(other).drift.asked == 0);
}

TEST_CASE("errors of a route are told apart as answers are, and a reply that could not be judged is one") {
  EvidenceBuilder a, b;
  const auto put = [&](const char* id, const Observation& before, const Observation& now) {
    add(a, id, replied(1, true), before);
    add(b, id, replied(1, true), now);
  };
  Observation unjudged = broken(ErrorKind::judge_failed);
  unjudged.reply_mark = 1;
  put("same error", broken(ErrorKind::timeout), broken(ErrorKind::timeout));
  put("another error", broken(ErrorKind::timeout), broken(ErrorKind::empty_reply));
  put("judged before", replied(1, true), unjudged);
  put("judged as failing before", replied(1, false), unjudged);
  put("judged now", unjudged, replied(2, true));
  put("never judged", unjudged, unjudged);
  put("no reply at all", broken(ErrorKind::judge_failed), replied(1, true));
  const std::vector<Digest> digests(7, digest(1));
  const Contrast both = contrast(a.evidence(), digests, b.evidence(), digests);
  const auto& drift = candidate_of(both).drift;
  CHECK(drift.asked == 6);
  CHECK(drift.other_reply == 2);       // another error; another reply than the one that was not judged
  CHECK(drift.other_outcome == 1);     // of these only the second passes on one side
  CHECK(drift.graded_otherwise == 2);  // the same reply, judged on one side
}

TEST_CASE("drift is looked for as far as both runs have trials") {
  EvidenceBuilder a(1), b(3);
  add(a, "c", replied(1, true), replied(1, true));
  add(b, "c", replied(1, true), replied(2, true));
  const std::vector<Digest> digests{digest(1)};
  const Contrast both = contrast(a.evidence(), digests, b.evidence(), digests);
  CHECK(both.other_trials);
  CHECK(candidate_of(both).drift.asked == 1);
}

TEST_CASE("changes of one kind come severe first, then in the order of the cases") {
  EvidenceBuilder a, b;
  const auto put = [&](const char* id, Severity severity, const Observation& before, const Observation& now) {
    CaseFacts facts;
    facts.id = id;
    facts.severity = severity;
    a.add(facts, pass(), before);
    b.add(facts, pass(), now);
  };
  put("plain", Severity::normal, pass(), fail());
  put("major", Severity::major, pass(), fail());
  put("severe", Severity::severe, pass(), fail());
  put("major too", Severity::major, pass(), fail());
  put("other", Severity::severe, fail(), broken(ErrorKind::timeout));
  put("mended", Severity::severe, fail(), pass());
  const std::vector<Digest> digests(6, digest(1));
  const Contrast both = contrast(a.evidence(), digests, b.evidence(), digests);
  std::vector<std::string> order;
  for (const auto& change : candidate_of(both).changes) {
    order.emplace_back(b.evidence().cases.id(change.item.b));
  }
  CHECK(order == std::vector<std::string>{"severe", "major", "major too", "plain", "mended", "other"});
}

TEST_CASE("grading again looks at the trials that both runs have") {
  EvidenceBuilder before(1), now(2);
  add(before, "c", pass(), pass());
  add(now, "c", fail(), fail());
  const Regraded cells = regraded(before.evidence(), now.evidence());
  CHECK(cells.cells == 2);
  CHECK(cells.fail_now == 2);
}

TEST_CASE("grading again is counted cell by cell") {
  EvidenceBuilder before, now;
  const auto put = [&](const char* id, const Observation& was, const Observation& is) {
    add(before, id, pass(), was);
    add(now, id, pass(), is);
  };
  put("same", fail(), fail());
  put("passes", fail(), pass());
  put("fails", pass(), fail());
  put("error stays", broken(ErrorKind::timeout), broken(ErrorKind::timeout));
  put("judged now", broken(ErrorKind::grader_failed), fail());
  put("unjudged now", pass(), broken(ErrorKind::plugin_failed));
  put("gone", broken(ErrorKind::interrupted), broken(ErrorKind::reply_missing));
  put("was missing", broken(ErrorKind::reply_missing), broken(ErrorKind::reply_missing));
  add(now, "new", broken(ErrorKind::reply_missing), broken(ErrorKind::reply_missing));
  const Regraded cells = regraded(before.evidence(), now.evidence());
  CHECK(cells.cells == 16);
  CHECK(cells.pass_now == 1);
  CHECK(cells.fail_now == 2);
  CHECK(cells.otherwise == 2);
  CHECK(cells.missing == 4);
  CHECK(cells.missing_cases == 3);
  CHECK_FALSE(cells.same());
  CHECK(regraded(before.evidence(), before.evidence()).same());
}
