#include "headgate/gate/check.hpp"

#include "decided.hpp"

using namespace headgate;
using namespace headgate::test;
using gate::CheckAnswer;

namespace {

std::vector<std::string> ids(const Evidence& evidence, const std::vector<gate::Flip>& flips) {
  std::vector<std::string> out;
  for (const gate::Flip& flip : flips) out.emplace_back(evidence.cases.id(flip.item));
  return out;
}

CaseFacts named(const std::string& id, Severity severity = Severity::normal) {
  CaseFacts facts;
  facts.id = id;
  facts.severity = severity;
  if (severity == Severity::severe) facts.severe_class = "harm";
  return facts;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("check: what the baseline passes and the candidate fails is a regression, severe first") {
  EvidenceBuilder builder;
  builder.add(named("same"), pass(), pass());
  builder.add(named("both"), fail(), fail());
  builder.add(named("slightly"), graded(0.9, true), graded(0.6, false));
  builder.add(named("badly"), pass(), fail());
  builder.add(named("severe", Severity::severe), graded(0.9, true), graded(0.85, false));
  builder.add(named("better"), fail(), pass());
  const gate::Check check = gate::check(builder.evidence());
  CHECK(check.answer == CheckAnswer::regression);
  CHECK(ids(builder.evidence(), check.regressions) == Ids{"severe", "badly", "slightly"});
  CHECK(ids(builder.evidence(), check.improvements) == Ids{"better"});
  CHECK(check.cases == 6);
  CHECK(check.baseline_passes == 4);
  CHECK(check.unmeasured.empty());
  CHECK(check.regressions[1].change == -1.0);
}

TEST_CASE("check: none seen only where every cell is ok") {
  EvidenceBuilder builder;
  builder.add(named("same"), pass(), pass());
  builder.add(named("better"), fail(), pass());
  CHECK(gate::check(builder.evidence()).answer == CheckAnswer::none_seen);
  for (const ErrorKind kind : {ErrorKind::timeout, ErrorKind::connect, ErrorKind::judge_failed,
                               ErrorKind::reply_missing, ErrorKind::interrupted, ErrorKind::not_started}) {
    for (const Arm arm : both_arms) {
      EvidenceBuilder broken_one = builder;
      broken_one.at(1, 0, arm) = broken(kind);
      const gate::Check check = gate::check(broken_one.evidence());
      CAPTURE(name(kind), name(arm));
      CHECK(check.answer == CheckAnswer::not_measured);
      REQUIRE(check.unmeasured.size() == 1);
      CHECK(check.unmeasured[0].item == 1);
      CHECK(check.unmeasured[0].arm == arm);
      CHECK(check.improvements.empty());
      // Once a regression is seen, nothing that is missing makes it unseen.
      broken_one.add(named("worse"), pass(), fail());
      CHECK(gate::check(broken_one.evidence()).answer == CheckAnswer::regression);
    }
  }
}

TEST_CASE("check: nothing checked is not measured") {
  EvidenceBuilder builder;
  CHECK(gate::check(builder.evidence()).answer == CheckAnswer::not_measured);
}

TEST_CASE("check: more trials see more: a case that wobbles on the baseline can still get worse") {
  EvidenceBuilder builder(3);
  builder.add(named("falls"), pass(), fail());
  builder.add(named("same_wobble"), pass(), pass());
  builder.add(named("rises"), fail(), pass());
  builder.at(0, 0, Arm::baseline) = fail();
  builder.at(1, 0, Arm::baseline) = fail();
  builder.at(1, 2, Arm::candidate) = fail();
  builder.at(2, 1, Arm::candidate) = fail();
  const gate::Check check = gate::check(builder.evidence());
  CHECK(ids(builder.evidence(), check.regressions) == Ids{"falls"});
  CHECK(ids(builder.evidence(), check.improvements) == Ids{"rises"});
  CHECK(check.answer == gate::CheckAnswer::regression);
}

TEST_CASE("check: over trials a case is worse where a smaller share passes, and an error is neither") {
  EvidenceBuilder builder(3);
  builder.add(named("shaky"), pass(), pass());
  builder.add(named("baseline_shaky"), pass(), fail());
  builder.add(named("errored"), pass(), broken(ErrorKind::timeout));
  builder.add(named("partly"), pass(), broken(ErrorKind::timeout));
  builder.add(named("no_baseline"), broken(ErrorKind::connect), fail());
  builder.at(0, 2, Arm::candidate) = fail();
  builder.at(1, 1, Arm::baseline) = fail();
  builder.at(3, 1, Arm::candidate) = fail();
  builder.at(3, 1, Arm::baseline) = broken(ErrorKind::reset);
  const gate::Check check = gate::check(builder.evidence());
  CHECK(ids(builder.evidence(), check.regressions) == Ids{"partly", "baseline_shaky", "shaky"});
  CHECK(check.regressions[0].trial == 1);
  CHECK(check.regressions[2].trial == 2);
  CHECK(check.baseline_passes == 4);
  CHECK(check.unmeasured.size() == 3 + 3 + 3);
}

TEST_CASE("check: a known failure does not count while its entry is active, a severe one always does") {
  EvidenceBuilder builder;
  builder.add(named("known"), pass(), fail());
  builder.add(named("same"), pass(), pass());
  KnownFailure entry;
  entry.case_id = "known";
  builder.plan().rules.known_failures = {entry};
  gate::Check check = gate::check(builder.evidence());
  CHECK(check.answer == CheckAnswer::none_seen);
  CHECK(ids(builder.evidence(), check.known_failures) == Ids{"known"});
  builder.plan().rules.known_failures[0].active = false;
  CHECK(gate::check(builder.evidence()).answer == CheckAnswer::regression);

  EvidenceBuilder severe;
  severe.add(named("known", Severity::severe), pass(), fail());
  severe.plan().rules.known_failures = {entry};
  CHECK(gate::check(severe.evidence()).answer == CheckAnswer::regression);
}

TEST_CASE("check: what the candidate's fallback answered is not seen of the candidate, unless it was made to fail") {
  EvidenceBuilder builder;
  builder.add(named("same"), pass(), pass());
  builder.add(named("stepped_in"), pass(), pass());
  builder.add(named("fallback_fails"), pass(), fail());
  builder.add(named("fallback_mends"), fail(), pass());
  builder.add(named("forced"), pass(), pass());
  RouteUse& route = builder.plan().routes[1];
  route.recorded = false;
  route.fallback = "support_c";
  for (const CaseIndex item : {1U, 2U, 3U, 4U}) builder.at(item, 0, Arm::candidate).fallback = true;
  builder.plan().fallback_tested = {"forced"};
  gate::Check check = gate::check(builder.evidence());
  CHECK(check.answer == CheckAnswer::not_measured);
  CHECK(check.candidate_replies == 4);
  REQUIRE(check.by_fallback.size() == 3);
  CHECK(check.by_fallback[0].item == 1);
  CHECK(check.unmeasured.empty());
  CHECK(check.regressions.empty());
  CHECK(check.improvements.empty());

  builder.at(4, 0, Arm::candidate).pass = false;
  builder.at(4, 0, Arm::candidate).score = 0.0;
  check = gate::check(builder.evidence());
  CHECK(check.answer == CheckAnswer::regression);
  CHECK(ids(builder.evidence(), check.regressions) == Ids{"forced"});

  // The baseline is what it is, its fallback included.
  EvidenceBuilder other;
  other.add(named("same"), pass(), pass());
  other.at(0, 0, Arm::baseline).fallback = true;
  CHECK(gate::check(other.evidence()).answer == CheckAnswer::none_seen);
}

TEST_CASE("check: of several trials only those count that the candidate answered itself") {
  EvidenceBuilder builder(3);
  builder.add(named("falls"), pass(), fail());
  builder.add(named("holds"), pass(), pass());
  builder.at(0, 0, Arm::candidate).fallback = true;
  builder.at(1, 1, Arm::candidate) = fail();
  builder.at(1, 1, Arm::candidate).fallback = true;
  const gate::Check check = gate::check(builder.evidence());
  CHECK(ids(builder.evidence(), check.regressions) == Ids{"falls"});
  CHECK(check.regressions[0].trial == 1);
  CHECK(check.regressions[0].change == -1.0);
  CHECK(check.answer == CheckAnswer::regression);
  CHECK(check.by_fallback.size() == 2);
}
