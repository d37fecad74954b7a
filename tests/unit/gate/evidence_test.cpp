#include "decided.hpp"

using namespace headgate;
using namespace headgate::test;

TEST_CASE("evidence: cases are counted that were measured on both arms") {
  EvidenceBuilder builder;
  add_pairs(builder, 99, 0, 0, 0);
  builder.add_many(1, "x-", pass(), broken(ErrorKind::server_error));
  Rules rules = quality_rules(0.2);
  const Decision decision = decided(builder, rules);
  CHECK(finding(decision, "evidence.min_cases").code == "few_cases");
  CHECK(finding(decision, "evidence.min_cases").n == 99);
  CHECK(decision.action == Action::repair);
  CHECK(decision.answer == Outlook::inconclusive);
  builder.at(99, 0, Arm::candidate) = pass();
  CHECK(decided(builder, rules).answer == Outlook::eligible);
  rules.evidence.min_cases = 101;
  CHECK(decided(builder, rules).action == Action::collect_evidence);
}

TEST_CASE("evidence: provider errors and ungraded cells have limits of their own in either arm") {
  for (const Arm arm : both_arms) {
    EvidenceBuilder builder;
    add_pairs(builder, 1000, 900, 0, 0);
    for (CaseIndex i = 0; i < 39; ++i) builder.at(i, 0, arm) = broken(ErrorKind::rate_limited);
    const Decision above = decided(builder, quality_rules());
    CHECK(finding(above, "evidence.provider_errors").code == "provider_errors_above");
    CHECK(finding(above, "quality").verdict == Verdict::pass);
    CHECK(above.answer == Outlook::inconclusive);
    CHECK(above.reasons.front().code == "provider_errors_above");
    builder.at(38, 0, arm) = pass();
    CHECK(decided(builder, quality_rules()).answer == Outlook::eligible);  // 38 of 1900 are 2 %
    for (CaseIndex i = 100; i < 139; ++i) builder.at(i, 0, arm) = broken(ErrorKind::unparsable_verdict);
    CHECK(finding(decided(builder, quality_rules()), "evidence.ungraded").code == "ungraded_above");
  }
}

TEST_CASE("evidence: one cell that was not run keeps everything waiting") {
  EvidenceBuilder builder;
  add_pairs(builder, 500, 300, 0, 0);
  builder.at(7, 0, Arm::baseline) = broken(ErrorKind::interrupted);
  const Decision decision = decided(builder, quality_rules());
  CHECK(decision.answer == Outlook::inconclusive);
  CHECK(decision.reasons.front().code == "not_run");
  CHECK(decision.reasons.front().cases == std::vector<std::string>{"both-7"});
  CHECK(decision.eligible_for.empty());
  CHECK(decision.arms[0].not_run == 1);
}

TEST_CASE("evidence: a filtered run, a plan that was changed and a draft where released suites are asked") {
  EvidenceBuilder builder;
  add_pairs(builder, 500, 300, 0, 0);
  builder.plan().partial = true;
  CHECK(decided(builder, quality_rules()).reasons.front().code == "partial_selection");
  CHECK(decided(builder, quality_rules()).eligible_for.empty());
  builder.plan().partial = false;
  builder.evidence().plan_intact = false;
  CHECK(decided(builder, quality_rules()).reasons.front().code == "plan_not_intact");
  builder.evidence().plan_intact = true;
  builder.plan().suites[0].released = false;
  const Decision noted = decided(builder, quality_rules());
  CHECK(noted.answer == Outlook::eligible);
  CHECK(mentions(noted.notes, "draft"));
  Rules rules = quality_rules();
  rules.evidence.released = true;
  CHECK(finding(decided(builder, rules), "evidence.released").code == "draft_suite");
  CHECK(decided(builder, rules).answer == Outlook::inconclusive);
}

TEST_CASE("evidence: a baseline that is down cannot be beaten") {
  EvidenceBuilder builder;
  builder.add_many(300, "a-", broken(ErrorKind::timeout), pass());
  const Decision decision = decided(builder, quality_rules());
  CHECK(decision.answer == Outlook::inconclusive);
  CHECK(finding(decision, "evidence.available").code == "baseline_unavailable");
  CHECK_FALSE(decision.arms[0].score_mean);
}

TEST_CASE("evidence: no case at all") {
  EvidenceBuilder builder;
  const Decision decision = decided(builder, quality_rules());
  CHECK(decision.answer == Outlook::inconclusive);
  CHECK(finding(decision, "evidence.complete").code == "no_cells");
  CHECK(decision.eligible_for.empty());
}

TEST_CASE("evidence: what is wrong with the journal is said") {
  EvidenceBuilder builder;
  add_pairs(builder, 500, 300, 0, 0);
  builder.evidence().journal.damaged = {{17, "checksum mismatch"}};
  builder.evidence().journal.damaged_total = 1;
  builder.evidence().journal.repeats = 2;
  builder.evidence().journal.ended = false;
  const Decision decision = decided(builder, quality_rules());
  CHECK(mentions(decision.notes, "line 17 (checksum mismatch)"));
  CHECK(mentions(decision.notes, "2 repeated results"));
  CHECK(mentions(decision.notes, "no end record"));
}
