#include "decided.hpp"

using namespace headgate;
using namespace headgate::test;

TEST_CASE("quality: a clear gain passes, with the score interval and the paired table") {
  EvidenceBuilder builder;
  add_pairs(builder, 436, 306, 79, 498);  // two published models on one arithmetic test set
  const Decision decision = decided(builder, quality_rules(0.01));
  CHECK(decision.answer == Outlook::eligible);
  const Finding& quality = finding(decision, "quality");
  CHECK(quality.verdict == Verdict::pass);
  CHECK(quality.code == "quality_noninferior");
  CHECK(quality.method == "score_paired");
  CHECK(*quality.estimate == Approx(0.1721).margin(5e-6));
  CHECK(*quality.lower == Approx(0.14458).margin(5e-6));
  CHECK(*quality.upper == Approx(0.19995).margin(5e-6));
  CHECK(quality.threshold == -0.01);
  CHECK(quality.n == 1319);
  CHECK(quality.clusters == 1319);
  CHECK(quality.suite == "support_triage");
  REQUIRE(quality.discordant);
  CHECK(quality.discordant->both == 436);
  CHECK(quality.discordant->candidate_only == 306);
  CHECK(quality.discordant->baseline_only == 79);
  CHECK(quality.discordant->neither == 498);
  CHECK_FALSE(quality.missing);
  CHECK_FALSE(quality.route_errors);
  CHECK(quality.cases_total == 79);
  CHECK(quality.cases.size() == Finding::max_cases);
  CHECK(quality.cases.front() == "loss-0");
}

TEST_CASE(
    "quality: proven harm fails and an equal candidate in few cases is undecided, with the number that is needed") {
  EvidenceBuilder worse;
  add_pairs(worse, 306, 152, 209, 652);
  const Decision rejected = decided(worse, quality_rules(0.01));
  CHECK(rejected.answer == Outlook::not_eligible);
  CHECK(rejected.action == Action::reject);
  CHECK(finding(rejected, "quality").code == "quality_harm");
  CHECK(*finding(rejected, "quality").lower == Approx(-0.07146).margin(5e-6));
  CHECK(*finding(rejected, "quality").upper == Approx(-0.01505).margin(5e-6));

  EvidenceBuilder few;
  add_pairs(few, 180, 10, 10, 0);
  const Decision open = decided(few, quality_rules(0.03));
  CHECK(open.answer == Outlook::inconclusive);
  CHECK(open.action == Action::collect_evidence);
  const Finding& quality = finding(open, "quality");
  CHECK(quality.code == "quality_undecided");
  REQUIRE(quality.needed_n);
  CHECK(*quality.needed_n > 700);  // 7.85 * 0.1 / 0.03^2 = 872 by the planning formula; the null variance is near it
  CHECK(*quality.needed_n < 1200);
  CHECK(quality.sentence.find(std::to_string(*quality.needed_n)) != std::string::npos);
}

TEST_CASE("quality: where the estimate is beyond the margin more cases are not offered") {
  EvidenceBuilder builder;
  add_pairs(builder, 100, 2, 8, 40);
  const Decision decision = decided(builder, quality_rules(0.03));
  const Finding& quality = finding(decision, "quality");
  CHECK(quality.verdict == Verdict::inconclusive);
  CHECK_FALSE(quality.needed_n);
  CHECK(quality.sentence.find("more cases will not help") != std::string::npos);
}

TEST_CASE("quality: ten equal pairs prove nothing, nor does a day of one cluster") {
  EvidenceBuilder ten;
  add_pairs(ten, 10, 0, 0, 0);
  const Decision decision = decided(ten, quality_rules(0.5));
  CHECK(finding(decision, "quality").code == "quality_few_cases");
  CHECK(decision.answer == Outlook::inconclusive);

  EvidenceBuilder one_cluster;
  CaseFacts facts;
  facts.cluster = "day";
  add_pairs(one_cluster, 400, 100, 0, 0, facts);
  const Decision clustered = decided(one_cluster, quality_rules(0.03));
  CHECK(finding(clustered, "quality").code == "quality_few_clusters");
  CHECK(finding(clustered, "quality").clusters == 1);
  CHECK(clustered.answer == Outlook::inconclusive);
}

TEST_CASE("quality: fewer than twenty clusters leave the interval and take the verdict") {
  EvidenceBuilder builder;
  for (int i = 0; i < 15; ++i) {
    CaseFacts facts;
    facts.cluster = "task-" + std::to_string(i);
    add_pairs(builder, 30, 10 + static_cast<std::size_t>(i), 1, 5, facts);
  }
  const Finding quality = finding(decided(builder, quality_rules(0.03)), "quality");
  CHECK(quality.verdict == Verdict::inconclusive);
  CHECK(quality.code == "quality_few_clusters");
  CHECK(quality.method == "score_clustered");
  CHECK(quality.clusters == 15);
  CHECK(*quality.informative_clusters == 15);
  CHECK(*quality.n_eff < 30.0);
  CHECK(quality.df.has_value());
  CHECK(*quality.lower < *quality.estimate);
  CHECK(*quality.upper > *quality.estimate);
}

TEST_CASE("quality: a loss inside the margin passes and says so") {
  EvidenceBuilder builder;
  add_pairs(builder, 9800, 20, 90, 90);
  const Finding quality = finding(decided(builder, quality_rules(0.03)), "quality");
  CHECK(quality.verdict == Verdict::pass);
  CHECK(*quality.upper < 0.0);
  CHECK(mentions(quality.notes, "worse_within_margin"));
}

TEST_CASE("quality: min_gain asks for a gain") {
  Rules rules;
  rules.quality = QualityRule{Metric::pass, std::nullopt, 0.05, false, false};
  EvidenceBuilder gain, same;
  add_pairs(gain, 200, 100, 10, 90);
  add_pairs(same, 600, 10, 10, 80);
  CHECK(finding(decided(gain, rules), "quality").code == "quality_superior");
  const Decision none = decided(same, rules);
  CHECK(finding(none, "quality").code == "quality_gain_too_small");
  CHECK(none.answer == Outlook::not_eligible);
  CHECK(finding(none, "quality").threshold == 0.05);
}

TEST_CASE("quality: the metric is the score or the pass, by case means over trials") {
  EvidenceBuilder builder(2);
  builder.add_many(200, "a-", graded(0.5, false), graded(0.7, false));
  Rules rules = quality_rules();
  CHECK(*finding(decided(builder, rules), "quality").estimate == Approx(0.2));
  rules.quality->metric = Metric::pass;
  CHECK(*finding(decided(builder, rules), "quality").estimate == 0.0);
  CHECK(finding(decided(builder, rules), "quality").n == 200);
}

TEST_CASE("quality: targeted cases do not count") {
  EvidenceBuilder builder;
  add_pairs(builder, 150, 0, 0, 0);
  CaseFacts facts;
  facts.sampling = Sampling::targeted;
  builder.add_many(300, "incident-", fail(), pass(), facts);
  const Decision decision = decided(builder, quality_rules());
  CHECK(finding(decision, "quality").n == 150);
  CHECK(*finding(decision, "quality").estimate == 0.0);
  CHECK(finding(decision, "evidence.min_cases").n == 150);
  CHECK(decision.flips.improvements == 300);
}

TEST_CASE("quality: per suite, one finding each, and a suite without random cases is not passed over") {
  EvidenceBuilder builder;
  builder.suite("faq");
  add_pairs(builder, 400, 0, 0, 0);
  CaseFacts faq;
  faq.suite = 1;
  builder.add_many(300, "faq-", pass(), fail(), faq);
  Rules rules = quality_rules();
  rules.quality->per_suite = true;
  const Decision decision = decided(builder, rules);
  REQUIRE(decision.findings[0].suite == "support_triage");
  REQUIRE(decision.findings[1].suite == "faq");
  CHECK(decision.findings[0].verdict == Verdict::pass);
  CHECK(decision.findings[1].verdict == Verdict::fail);
  CHECK(decision.answer == Outlook::not_eligible);

  EvidenceBuilder targeted;
  targeted.suite("incidents");
  add_pairs(targeted, 400, 0, 0, 0);
  CaseFacts facts;
  facts.suite = 1;
  facts.sampling = Sampling::targeted;
  targeted.add_many(40, "incident-", pass(), pass(), facts);
  const Decision open = decided(targeted, rules);
  CHECK(open.findings[1].code == "quality_no_cases");
  CHECK(open.answer == Outlook::inconclusive);
}

TEST_CASE("quality: missing cells count against the candidate for a pass and for it for a fail") {
  // 480 clean pairs and 20 without a candidate's grade: adverse difference -0.04, favourable 0.
  EvidenceBuilder builder;
  add_pairs(builder, 480, 0, 0, 0);
  builder.add_many(20, "broken-", pass(), broken(ErrorKind::judge_failed));
  const Finding quality = finding(decided(builder, quality_rules()), "quality");
  CHECK(quality.verdict == Verdict::inconclusive);
  CHECK(quality.code == "quality_missing_decides");
  CHECK(*quality.estimate == Approx(-0.04));
  REQUIRE(quality.missing);
  CHECK(quality.missing->candidate == 20);
  CHECK(quality.missing->baseline == 0);
  CHECK(mentions(quality.notes, "against the candidate"));

  EvidenceBuilder all_broken;
  add_pairs(all_broken, 300, 0, 0, 0);
  all_broken.add_many(200, "broken-", pass(), broken(ErrorKind::timeout));
  const Decision errors = decided(all_broken, quality_rules());
  CHECK(finding(errors, "quality").verdict == Verdict::inconclusive);  // an error proves nothing of quality
  CHECK(finding(errors, "quality").route_errors->candidate == 200);
}

TEST_CASE("quality: a baseline that breaks down does not admit a candidate") {
  EvidenceBuilder builder;
  add_pairs(builder, 270, 0, 0, 0);
  builder.add_many(30, "broken-", broken(ErrorKind::timeout), fail());
  const Decision decision = decided(builder, quality_rules());
  CHECK(finding(decision, "quality").code == "baseline_errors_decide_verdict");
  CHECK(decision.answer == Outlook::inconclusive);
  CHECK(decision.action == Action::repair);
}

TEST_CASE("quality: weights count, and unequal ones reduce what the cases are worth") {
  EvidenceBuilder builder;
  CaseFacts heavy;
  heavy.weight = 9.0;
  builder.add_many(50, "heavy-", pass(), fail(), heavy);
  builder.add_many(450, "light-", pass(), pass());
  const Finding quality = finding(decided(builder, quality_rules()), "quality");
  CHECK(*quality.estimate == Approx(-0.5));
  CHECK(*quality.n_eff < 200.0);
  CHECK(quality.method == "score_weighted");
}

TEST_CASE("quality: a score that is no score is ungraded") {
  EvidenceBuilder builder;
  add_pairs(builder, 200, 0, 0, 0);
  for (const double score : {std::nan(""), -0.1, 1.5, HUGE_VAL}) {
    builder.at(0, 0, Arm::candidate).score = score;
    const Decision decision = decided(builder, quality_rules());
    CHECK(decision.arms[1].ungraded == 1);
    CHECK(finding(decision, "quality").missing->candidate == 1);
  }
}
