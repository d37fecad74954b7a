#include "decided.hpp"

using namespace headgate;
using namespace headgate::test;

namespace {

Rules must_pass_rules(std::vector<std::string> tags, std::vector<std::string> cases = {}) {
  Rules rules = quality_rules();
  rules.must_pass = MustPassRule{std::move(tags), std::move(cases), false};
  return rules;
}

void add_tagged(EvidenceBuilder& builder, std::size_t n, const std::string& prefix, const Observation& candidate) {
  CaseFacts facts;
  facts.tags = {"old", "regression"};
  facts.sampling = Sampling::targeted;
  builder.add_many(n, prefix, pass(), candidate, facts);
}

}  // namespace

TEST_CASE("must_pass: all of the tagged and named cases must pass") {
  EvidenceBuilder builder;
  add_pairs(builder, 300, 0, 0, 0);
  add_tagged(builder, 5, "r-", pass());
  const Decision clean = decided(builder, must_pass_rules({"regression"}, {"both-7"}));
  CHECK(finding(clean, "must_pass").code == "must_pass_clean");
  CHECK(finding(clean, "must_pass").n == 6);
  CHECK(clean.answer == Outlook::eligible);
  builder.at(302, 0, Arm::candidate) = fail();
  const Decision broken_again = decided(builder, must_pass_rules({"regression"}));
  CHECK(broken_again.answer == Outlook::not_eligible);
  CHECK(finding(broken_again, "must_pass").cases == std::vector<std::string>{"r-2"});
}

TEST_CASE("must_pass: an error is not a failure and not a pass, unless another case fails") {
  EvidenceBuilder builder;
  add_pairs(builder, 300, 0, 0, 0);
  add_tagged(builder, 3, "r-", pass());
  for (const ErrorKind kind : {ErrorKind::timeout, ErrorKind::server_error, ErrorKind::judge_failed}) {
    builder.at(300, 0, Arm::candidate) = broken(kind);
    const Decision decision = decided(builder, must_pass_rules({"regression"}));
    CHECK(finding(decision, "must_pass").code == "must_pass_unmeasured");
    CHECK(decision.answer == Outlook::inconclusive);
    CHECK(decision.action == Action::repair);
  }
  builder.at(301, 0, Arm::candidate) = fail();
  CHECK(finding(decided(builder, must_pass_rules({"regression"})), "must_pass").verdict == Verdict::fail);
}

TEST_CASE("must_pass: selecting nothing, or a case that is not there, is no pass") {
  EvidenceBuilder builder;
  add_pairs(builder, 300, 0, 0, 0);
  CHECK(finding(decided(builder, must_pass_rules({"regression"})), "must_pass").code == "must_pass_no_cases");
  CHECK(finding(decided(builder, must_pass_rules({}, {"both-1", "gone"})), "must_pass").code ==
        "must_pass_unknown_case");
  CHECK(decided(builder, must_pass_rules({"regression"})).answer == Outlook::inconclusive);
}

TEST_CASE("must_pass: known failures are excused, and excusing all leaves nothing") {
  EvidenceBuilder builder;
  add_pairs(builder, 300, 0, 0, 0);
  add_tagged(builder, 1, "r-", fail());
  Rules rules = must_pass_rules({"regression"});
  rules.known_failures.push_back({"r-0", "ana@example.com", "2026-12-31", "fix in flight", true});
  CHECK(finding(decided(builder, rules), "must_pass").code == "must_pass_all_excused");
  add_tagged(builder, 1, "s-", pass());
  CHECK(finding(decided(builder, rules), "must_pass").verdict == Verdict::pass);
}

TEST_CASE("must_pass: every trial must pass") {
  EvidenceBuilder builder(2);
  add_pairs(builder, 300, 0, 0, 0);
  add_tagged(builder, 1, "r-", pass());
  builder.at(300, 1, Arm::candidate) = fail();
  CHECK(finding(decided(builder, must_pass_rules({"regression"})), "must_pass").verdict == Verdict::fail);
}
