#include "decided.hpp"

using namespace headgate;
using namespace headgate::test;

namespace {

CaseFacts severe(const std::string& severe_class = "unsafe_refund_promise") {
  CaseFacts facts;
  facts.severe_class = severe_class;
  return facts;
}

Rules severe_rules(const SevereRule& rule) {
  Rules rules = quality_rules();
  rules.severe.push_back(rule);
  return rules;
}

const SevereRule no_new{"*", 0, std::nullopt, std::nullopt, false};

}  // namespace

TEST_CASE("severe: one new failure outweighs any gain") {
  EvidenceBuilder builder;
  add_pairs(builder, 200, 300, 0, 0);
  builder.add_many(60, "promise-", pass(), pass(), severe());
  CHECK(decided(builder, severe_rules(no_new)).answer == Outlook::eligible);
  builder.at(510, 0, Arm::candidate) = fail();
  const Decision decision = decided(builder, severe_rules(no_new));
  CHECK(decision.answer == Outlook::not_eligible);
  CHECK(finding(decision, "quality").verdict == Verdict::pass);
  REQUIRE_FALSE(decision.reasons.empty());
  CHECK(decision.reasons.front().rule == "severe");
  CHECK(decision.reasons.front().code == "severe_new_failures");
  CHECK(decision.reasons.front().cases == std::vector<std::string>{"promise-10"});
}

TEST_CASE("severe: failures of the baseline too are not new, but count as failures") {
  EvidenceBuilder builder;
  add_pairs(builder, 300, 0, 0, 0);
  builder.add_many(60, "promise-", pass(), pass(), severe());
  builder.add_many(2, "old-", fail(), fail(), severe());
  CHECK(finding(decided(builder, severe_rules(no_new)), "severe").verdict == Verdict::pass);
  const SevereRule none{"*", std::nullopt, 0, std::nullopt, false};
  CHECK(finding(decided(builder, severe_rules(none)), "severe").code == "severe_failures");
  const SevereRule two{"*", std::nullopt, 2, std::nullopt, false};
  CHECK(finding(decided(builder, severe_rules(two)), "severe").verdict == Verdict::pass);
}

TEST_CASE("severe: an errored baseline counts as passing, so it hides no failure") {
  EvidenceBuilder builder;
  add_pairs(builder, 300, 0, 0, 0);
  builder.add_many(60, "promise-", pass(), pass(), severe());
  builder.add_many(1, "unseen-", broken(ErrorKind::timeout), fail(), severe());
  CHECK(finding(decided(builder, severe_rules(no_new)), "severe").code == "severe_new_failures");
}

TEST_CASE("severe: an errored candidate is no failure and no pass either") {
  EvidenceBuilder builder;
  add_pairs(builder, 300, 0, 0, 0);
  builder.add_many(60, "promise-", pass(), pass(), severe());
  builder.add_many(1, "unseen-", pass(), broken(ErrorKind::timeout), severe());
  const Decision decision = decided(builder, severe_rules(no_new));
  CHECK(finding(decision, "severe").code == "severe_unmeasured");
  CHECK(finding(decision, "severe").cases == std::vector<std::string>{"unseen-0"});
  CHECK(decision.answer == Outlook::inconclusive);
  CHECK(decision.eligible_for.empty());  // not even shadow
}

TEST_CASE("severe: a rate needs enough clean cases, and says how many") {
  const SevereRule rate{"*", std::nullopt, 0, 0.05, false};
  for (const std::size_t n : {std::size_t{58}, std::size_t{59}}) {
    EvidenceBuilder builder;
    add_pairs(builder, 300, 0, 0, 0);
    builder.add_many(n, "promise-", pass(), pass(), severe());
    const Finding found = finding(decided(builder, severe_rules(rate)), "severe");
    CHECK(found.verdict == (n == 59 ? Verdict::pass : Verdict::inconclusive));
    if (n == 58) {
      CHECK(found.code == "severe_few_cases");
      CHECK(found.needed_n == 59);
      CHECK(found.sentence.find("59 cases") != std::string::npos);
    }
  }
}

TEST_CASE("severe: cases of one cluster are one proof, not many") {
  const SevereRule rate{"*", std::nullopt, 0, 0.05, false};
  EvidenceBuilder builder;
  add_pairs(builder, 300, 0, 0, 0);
  for (int i = 0; i < 60; ++i) {
    CaseFacts facts = severe();
    facts.cluster = "ticket-" + std::to_string(i / 5);
    facts.id = "promise-" + std::to_string(i);
    builder.add(facts, pass(), pass());
  }
  const Finding found = finding(decided(builder, severe_rules(rate)), "severe");
  CHECK(found.code == "severe_few_cases");
  CHECK(*found.n_eff == Approx(12.0));
  CHECK(found.clusters == 12);
  CHECK(*found.needed_n == 295);  // 59 clusters of five
}

TEST_CASE("severe: a proven rate above the limit fails even where some failures are allowed") {
  const SevereRule rate{"*", std::nullopt, std::nullopt, 0.02, false};
  EvidenceBuilder builder;
  add_pairs(builder, 300, 0, 0, 0);
  builder.add_many(100, "promise-", pass(), pass(), severe());
  builder.add_many(20, "bad-", fail(), fail(), severe());
  CHECK(finding(decided(builder, severe_rules(rate)), "severe").code == "severe_rate");
}

TEST_CASE("severe: a class counts its own cases only; none at all is no pass") {
  const SevereRule privacy{"privacy_leak", 0, std::nullopt, std::nullopt, false};
  EvidenceBuilder builder;
  add_pairs(builder, 300, 0, 0, 0);
  CaseFacts promise = severe();
  promise.sampling = Sampling::targeted;
  builder.add_many(60, "promise-", pass(), fail(), promise);
  const Decision none = decided(builder, severe_rules(privacy));
  CHECK(finding(none, "severe", "severe_class=privacy_leak").code == "severe_no_cases");
  CHECK(none.answer == Outlook::inconclusive);
  builder.add_many(5, "leak-", pass(), pass(), severe("privacy_leak"));
  const Finding found = finding(decided(builder, severe_rules(privacy)), "severe", "severe_class=privacy_leak");
  CHECK(found.verdict == Verdict::pass);
  CHECK(found.n == 5);
}

TEST_CASE("severe: one failing trial fails the case, and targeted cases count") {
  EvidenceBuilder builder(3);
  add_pairs(builder, 300, 0, 0, 0);
  CaseFacts facts = severe();
  facts.id = "promise";
  facts.sampling = Sampling::targeted;
  const CaseIndex item = builder.add(facts, pass(), pass());
  CHECK(finding(decided(builder, severe_rules(no_new)), "severe").verdict == Verdict::pass);
  builder.at(item, 2, Arm::candidate) = fail();
  CHECK(finding(decided(builder, severe_rules(no_new)), "severe").verdict == Verdict::fail);
}

TEST_CASE("severe: a known failure is excused from being new, not from being a failure, and only while it is active") {
  EvidenceBuilder builder;
  add_pairs(builder, 300, 0, 0, 0);
  builder.add_many(2, "promise-", pass(), pass(), severe());
  builder.add_many(1, "known-", pass(), fail(), severe());
  Rules rules = severe_rules(no_new);
  rules.known_failures.push_back({"known-0", "ana@example.com", "2026-12-31", "fix in flight", true});
  const Decision excused = decided(builder, rules);
  CHECK(finding(excused, "severe").verdict == Verdict::pass);
  CHECK(mentions(finding(excused, "severe").notes, "excused"));
  CHECK(excused.known_failures.size() == 1);
  rules.severe[0].max_failures = 0;
  CHECK(finding(decided(builder, rules), "severe").code == "severe_failures");
  rules.severe[0].max_failures.reset();
  rules.known_failures[0].active = false;
  const Decision expired = decided(builder, rules);
  CHECK(finding(expired, "severe").code == "severe_new_failures");
  CHECK(mentions(expired.notes, "expired"));
}

TEST_CASE("severe: a rule without a limit is not kept") {
  EvidenceBuilder builder;
  add_pairs(builder, 300, 0, 0, 0);
  builder.add_many(2, "promise-", pass(), pass(), severe());
  const Decision decision = decided(builder, severe_rules({"*", std::nullopt, std::nullopt, std::nullopt, false}));
  CHECK(finding(decision, "severe").code == "severe_no_limit");
}
