#include "headgate/gate/flips.hpp"

#include "decided.hpp"

using namespace headgate;
using namespace headgate::test;

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

}  // namespace

TEST_CASE("flips: regressions first, severe before major before normal, then the larger change") {
  EvidenceBuilder builder;
  builder.add(named("improved"), fail(), pass());
  builder.add(named("same"), pass(), pass());
  builder.add(named("slightly"), graded(0.9, true), graded(0.6, false));
  builder.add(named("badly"), pass(), fail());
  builder.add(named("major", Severity::major), graded(0.9, true), graded(0.8, false));
  builder.add(named("severe", Severity::severe), graded(0.9, true), graded(0.85, false));
  CHECK(ids(builder.evidence(), gate::flips(builder.evidence())) ==
        std::vector<std::string>{"severe", "major", "badly", "slightly", "improved"});
}

TEST_CASE("flips: all trials must pass, errors are no pass of the candidate and no failure of the baseline") {
  EvidenceBuilder builder(3);
  builder.add(named("shaky"), pass(), pass());
  builder.add(named("timeout"), pass(), pass());
  builder.add(named("baseline_down"), broken(ErrorKind::timeout), fail());
  builder.add(named("baseline_shaky"), pass(), pass());
  builder.add(named("cut off"), pass(), broken(ErrorKind::interrupted));
  builder.at(0, 2, Arm::candidate) = fail();
  builder.at(1, 1, Arm::candidate) = broken(ErrorKind::timeout);
  builder.at(3, 1, Arm::baseline) = fail();
  const auto flips = gate::flips(builder.evidence());
  CHECK(ids(builder.evidence(), flips) ==
        std::vector<std::string>{"baseline_down", "shaky", "timeout", "baseline_shaky"});
  CHECK(flips[0].change == -1.0);
  CHECK(flips[1].trial == 2);
  CHECK(flips[2].trial == 1);
  CHECK_FALSE(flips[3].regression);
  CHECK(flips[3].trial == 1);
}

TEST_CASE("flips: severe failures are graded ones, new ones first, and shown by the trial that fails") {
  EvidenceBuilder builder(2);
  builder.add(named("old", Severity::severe), fail(), fail());
  builder.add(named("new", Severity::severe), pass(), fail());
  builder.add(named("errored", Severity::severe), pass(), broken(ErrorKind::timeout));
  builder.add(named("both", Severity::severe), pass(), broken(ErrorKind::timeout));
  builder.at(3, 1, Arm::candidate) = fail();
  builder.add(named("normal"), pass(), fail());
  const auto severe = gate::severe_failures(builder.evidence());
  CHECK(ids(builder.evidence(), severe) == std::vector<std::string>{"new", "both", "old"});
  CHECK(severe[1].trial == 1);
  CHECK_FALSE(severe[2].regression);
}

TEST_CASE("flips: of several trials that show it, the first does") {
  EvidenceBuilder builder(3);
  builder.add_many(1, "lost-", pass(), fail());
  builder.add_many(1, "gained-", fail(), pass());
  const auto found = gate::flips(builder.evidence());
  REQUIRE(found.size() == 2);
  CHECK(found[0].trial == 0);
  CHECK(found[1].trial == 0);
  builder.at(0, 0, Arm::candidate) = pass();
  CHECK(gate::flips(builder.evidence())[0].trial == 1);
}
