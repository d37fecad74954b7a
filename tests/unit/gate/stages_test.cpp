#include "decided.hpp"

using namespace headgate;
using namespace headgate::test;

TEST_CASE("stages: forty cases carry shadow and no more") {
  EvidenceBuilder builder;
  add_pairs(builder, 40, 0, 0, 0);
  const Decision internal = decided(builder, quality_rules());
  CHECK(internal.answer == Outlook::inconclusive);
  CHECK(internal.eligible_for == std::vector<Stage>{Stage::shadow});
  CHECK(mentions(internal.next_stage, "internal: quality"));
  builder.plan().stage = Stage::shadow;
  const Decision shadow = decided(builder, quality_rules());
  CHECK(shadow.answer == Outlook::eligible);
  CHECK(shadow.action == Action::advance);
  CHECK(shadow.reasons.front().code == "shadow_holds");
}

TEST_CASE("stages: nineteen cases carry nothing, and the decision says what is lacking") {
  EvidenceBuilder builder;
  add_pairs(builder, 19, 0, 0, 0);
  builder.plan().stage = Stage::shadow;
  const Decision decision = decided(builder, quality_rules());
  CHECK(decision.answer == Outlook::inconclusive);
  CHECK(decision.eligible_for.empty());
  CHECK(mentions(decision.next_stage, "19 cases fully graded"));
}

TEST_CASE("stages: a failing rule stops shadow too") {
  EvidenceBuilder builder;
  add_pairs(builder, 100, 0, 300, 0);
  builder.plan().stage = Stage::shadow;
  const Decision decision = decided(builder, quality_rules());
  CHECK(decision.answer == Outlook::not_eligible);
  CHECK(decision.eligible_for.empty());
  CHECK(mentions(decision.next_stage, "shadow: quality"));
}

TEST_CASE("stages: internal holds when all rules pass, canary waits for its readiness") {
  EvidenceBuilder builder;
  add_pairs(builder, 500, 300, 0, 0);
  const Decision internal = decided(builder, quality_rules());
  CHECK(internal.answer == Outlook::eligible);
  CHECK(internal.eligible_for == std::vector<Stage>{Stage::shadow, Stage::internal});
  CHECK(mentions(internal.next_stage, "canary: its readiness"));
  builder.plan().stage = Stage::canary;
  const Decision canary = decided(builder, quality_rules());
  CHECK(canary.answer == Outlook::inconclusive);
  CHECK(canary.eligible_for == std::vector<Stage>{Stage::shadow, Stage::internal});
  CHECK(canary.reasons.front().code == "readiness_not_written");
}

TEST_CASE("stages: readiness is asked of a canary and keeps nobody from the stages before it") {
  EvidenceBuilder builder;
  add_pairs(builder, 40, 0, 0, 0);
  builder.plan().stage = Stage::canary;
  const Decision decision = decided(builder, quality_rules());
  CHECK(decision.eligible_for == std::vector<Stage>{Stage::shadow});
  CHECK(mentions(decision.next_stage, "internal: evidence.min_cases"));
  CHECK_FALSE(mentions(decision.next_stage, "readiness"));
}

TEST_CASE("stages: a gate that asks nothing binding of quality admits nothing") {
  EvidenceBuilder builder;
  add_pairs(builder, 500, 300, 0, 0);
  CHECK(decided(builder, Rules{}).answer == Outlook::inconclusive);
  CHECK(decided(builder, Rules{}).reasons.front().code == "no_quality_rule");
  Rules advisory = quality_rules();
  advisory.quality->advisory = true;
  CHECK(decided(builder, advisory).answer == Outlook::inconclusive);
  Rules floor;
  floor.floor = FloorRule{0.5, false};
  CHECK(decided(builder, floor).answer == Outlook::inconclusive);
  CHECK(decided(builder, floor).eligible_for.empty());
}

TEST_CASE("stages: advisory rules are reported and never counted") {
  EvidenceBuilder builder;
  add_pairs(builder, 500, 300, 0, 0);
  Rules rules = quality_rules();
  rules.floor = FloorRule{0.999999, true};
  rules.latency = LatencyRule{1000.0, true};
  const Decision decision = decided(builder, rules);
  CHECK(decision.answer == Outlook::eligible);
  CHECK(finding(decision, "floor").advisory);
  CHECK(finding(decision, "floor").verdict != Verdict::pass);
  for (const Reason& reason : decision.reasons) CHECK(reason.rule == "quality");
}

TEST_CASE("decide: says what was not asked, which parts differ, and that attempts are uncounted") {
  EvidenceBuilder builder;
  add_pairs(builder, 500, 300, 0, 0);
  builder.plan().routes[1].parts.prompt.text = "\"be brief\"";
  const Decision decision = decided(builder, quality_rules());
  CHECK(decision.not_asked ==
        std::vector<std::string>{"floor", "severe", "must_pass", "segments", "latency", "cost", "errors"});
  CHECK(decision.route_diff == std::vector<std::string>{"model", "prompt"});
  CHECK(mentions(decision.notes, "cannot attribute"));
  CHECK(mentions(decision.notes, "uncounted"));
  CHECK(decision.arms[0].passed == 500);
  CHECK(decision.arms[1].passed == 800);
  CHECK(*decision.arms[0].score_mean == Approx(0.625));
}

TEST_CASE("decide: under other rules than were sealed it names the keys") {
  EvidenceBuilder builder;
  add_pairs(builder, 500, 300, 0, 0);
  builder.plan().rules = quality_rules(0.03);
  Rules other = quality_rules(0.05);
  other.floor = FloorRule{0.5, false};
  const Decision decision = gate::decide(builder.evidence(), other);
  CHECK_FALSE(decision.rules_as_sealed);
  CHECK(mentions(decision.notes, "different: floor and quality"));
  builder.plan().rules.errors = RateRule{0.1, false};  // sealed, and not asked now
  builder.plan().rules.floor = other.floor;
  CHECK(mentions(gate::decide(builder.evidence(), other).notes, "different: errors and quality"));
  builder.plan().rules = quality_rules(0.03);
  CHECK(gate::decide(builder.evidence(), quality_rules(0.03)).rules_as_sealed);
}

TEST_CASE("decide: the same route twice is an A/A run, and it is said") {
  EvidenceBuilder builder;
  add_pairs(builder, 500, 3, 3, 0);
  builder.plan().routes[1] = builder.plan().routes[0];
  const Decision decision = decided(builder, quality_rules());
  CHECK(decision.route_diff.empty());
  CHECK(mentions(decision.notes,
                 "the arms differ in nothing that a route's digest covers (endpoint, key, price and limits are not in "
                 "it); where they reach the same server, any difference is chance (an A/A run)"));
}
