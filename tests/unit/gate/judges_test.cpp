#include "decided.hpp"
#include "headgate/gate/calibrate.hpp"
#include "headgate/gate/feasibility.hpp"
#include "headgate/gate/part.hpp"

using namespace headgate;
using namespace headgate::gate;
using namespace headgate::test;

namespace {

Rules rules() {
  Rules out;
  out.quality = QualityRule{};
  out.quality->metric = Metric::pass;
  out.quality->max_loss = 0.05;
  return out;
}

Observation judged(Observation seen, bool fails_anyway = false) {
  seen.judged = true;
  seen.fails_anyway = fails_anyway;
  return seen;
}

// People's labels on which the judge is right, but for so many failures that it misses.
Calibration calibration(std::size_t missed = 0, std::size_t pairs = 0, double human = 0.0, double judge = 0.0) {
  LabelSet labels;
  for (std::size_t i = 0; i < 200; ++i) {
    LabelledReply one;
    one.item = std::to_string(i / 2);
    one.arm = i % 2 == 0 ? Arm::baseline : Arm::candidate;
    const bool fails = i < 80;
    one.raters = {fails ? 0U : 1U};
    one.judged = LabelledReply::Judged::read;
    one.verdict = fails && i >= missed ? 0 : 1;
    labels.replies.push_back(std::move(one));
  }
  Calibration out = calibrate(labels);
  out.use = {"rubric", sha256("rubric"), false};
  out.route = "judge_a";
  out.route_digest = sha256("judge_a");
  out.pairs.assign(pairs, {human, judge, 1.0});
  return out;
}

SealedJudge sealed(const std::optional<Calibration>& known) {
  const Calibration of = calibration();
  SealedJudge out{of.use, of.route, of.route_digest, std::nullopt, ""};
  if (!known) {
    out.why_not = never_calibrated;
  } else if (known->use == of.use && known->route_digest == of.route_digest) {
    out.calibration = known;
  } else {
    out.why_not = "its calibration is of another rubric";
  }
  return out;
}

EvidenceBuilder judged_builder(const SealedJudge& judge, const Observation& baseline, const Observation& candidate,
                               std::size_t n = 400) {
  EvidenceBuilder builder;
  builder.plan().judges = {judge};
  builder.plan().suites[0].graders = {{"judge", false, {"{}"}}};
  builder.add_many(n, "c", baseline, candidate);
  return builder;
}

}  // namespace

TEST_CASE("a calibrated judge carries a decision, and is named") {
  auto builder = judged_builder(sealed(calibration()), judged(pass()), judged(pass()));
  const Decision decision = decided(builder, rules());
  CHECK(decision.answer == Outlook::eligible);
  const Finding& found = finding(decision, "evidence.judges");
  CHECK(found.verdict == Verdict::pass);
  CHECK(found.code == "judge_calibrated");
  CHECK(found.sentence.find("judge 'rubric'") != std::string::npos);
  CHECK(found.n == 200);
}

TEST_CASE("without a judge nothing is asked of one") {
  EvidenceBuilder builder;
  builder.add_many(400, "c", pass(), pass());
  CHECK_FALSE(has_finding(decided(builder, rules()), "evidence.judges"));
}

TEST_CASE("a judge that may not be believed keeps the gate from passing, at every stage") {
  struct Row {
    std::optional<Calibration> known;
    std::string code;
  };
  Calibration other_rubric = calibration(), other_route = calibration();
  other_rubric.use.rubric = sha256("rubric 2");
  other_route.route_digest = sha256("judge_b");
  LabelSet few;
  Calibration small = calibrate(few);
  small.use = calibration().use;
  small.route = "judge_a";
  small.route_digest = calibration().route_digest;
  for (const Row& row :
       {Row{std::nullopt, "judge_uncalibrated"}, Row{other_rubric, "judge_changed"}, Row{other_route, "judge_changed"},
        Row{calibration(40), "judge_misses_failures"}, Row{small, "too_few_labels"}}) {
    for (const Stage stage : {Stage::shadow, Stage::internal}) {
      auto builder = judged_builder(sealed(row.known), judged(pass()), judged(pass()));
      builder.plan().stage = stage;
      const Decision decision = decided(builder, rules());
      INFO(row.code);
      CHECK(decision.answer == Outlook::inconclusive);
      CHECK(decision.eligible_for.empty());
      CHECK(finding(decision, "evidence.judges").code == row.code);
      CHECK(finding(decision, "evidence.judges").sentence.find("800 cells rest on its word alone") !=
            std::string::npos);
      CHECK(decision.reasons.front().rule == "evidence.judges");
    }
  }
  // Evidence that rests on a judge and names none is no better.
  auto builder = judged_builder(sealed(calibration()), judged(pass()), judged(pass()));
  builder.plan().judges.clear();
  CHECK(decided(builder, rules()).answer == Outlook::inconclusive);
}

TEST_CASE("what fails only on such a judge's word is open, and what fails without it fails") {
  Rules asked = rules();
  asked.severe = {{"*", 0, std::nullopt, std::nullopt, false}};
  const auto with = [&](const SealedJudge& judge, const Observation& lost) {
    auto builder = judged_builder(judge, judged(pass()), judged(pass()), 300);
    builder.add_many(60, "lost", judged(pass()), lost);
    builder.add_many(2, "severe", judged(pass()), lost, {.id = "", .severe_class = "harm"});
    return decided(builder, asked);
  };
  const Decision believed = with(sealed(calibration()), judged(fail()));
  CHECK(believed.answer == Outlook::not_eligible);
  CHECK(finding(believed, "severe").verdict == Verdict::fail);

  const Decision open = with(sealed(std::nullopt), judged(fail()));
  CHECK(open.answer == Outlook::inconclusive);
  for (const char* rule : {"quality", "severe"}) {
    CHECK(finding(open, rule).verdict == Verdict::inconclusive);
    CHECK(finding(open, rule).code == "judge_decides");
  }
  // Another grader fails these too.
  const Decision fails = with(sealed(std::nullopt), judged(fail(), true));
  CHECK(fails.answer == Outlook::not_eligible);
  CHECK(finding(fails, "severe").verdict == Verdict::fail);
  CHECK(mentions(finding(fails, "severe").notes, "without the judges' word"));
}

TEST_CASE("floors of the rules decide, and are the gate's to set") {
  auto builder = judged_builder(sealed(calibration(16)), judged(pass()), judged(pass()));
  Rules asked = rules();
  CHECK(decided(builder, asked).answer == Outlook::inconclusive);  // 64 of 80 found: 80 % is not shown
  asked.evidence.judges.min_recall = 0.6;
  CHECK(decided(builder, asked).answer == Outlook::eligible);
  asked.evidence.judges.min_labels = 1000;
  CHECK(finding(decided(builder, asked), "evidence.judges").code == "too_few_labels");
}

TEST_CASE("a verdict that people's labels turn is open") {
  // By the judge both arms are alike; on labelled pairs people find the candidate worse where the judge does not.
  Calibration biased = calibration(0, 100, 0.0, 0.0);
  for (std::size_t i = 0; i < 20; ++i) biased.pairs[i].human = -1.0;
  auto builder = judged_builder(sealed(biased), judged(pass()), judged(pass()));
  const Decision turned = decided(builder, rules());
  CHECK(turned.answer == Outlook::inconclusive);
  CHECK(finding(turned, "quality").code == "judge_bias_decides");
  CHECK(mentions(finding(turned, "quality").notes, "-20.0 points"));

  auto fair = judged_builder(sealed(calibration(0, 100, 0.0, 0.0)), judged(pass()), judged(pass()));
  CHECK(decided(fair, rules()).answer == Outlook::eligible);
  CHECK(mentions(finding(decided(fair, rules()), "quality").notes, "judge_bias: corrected by 100 labelled pairs"));

  // Labels of an earlier run with a better candidate say nothing of this one but what the judge gets wrong.
  auto worse = judged_builder(sealed(calibration(0, 100, 0.0, 0.0)), judged(pass()), judged(pass()), 300);
  worse.add_many(100, "lost", judged(pass()), judged(fail()));
  CHECK(finding(decided(worse, rules()), "quality").verdict == Verdict::fail);

  // Few pairs are advice: they are told and turn nothing.
  Calibration few = biased;
  few.pairs.resize(49);
  auto advice = judged_builder(sealed(few), judged(pass()), judged(pass()));
  CHECK(decided(advice, rules()).answer == Outlook::eligible);
  CHECK(mentions(finding(decided(advice, rules()), "quality").notes, "too few to correct"));

  // A fail that people's labels take back is open as well.
  Calibration harsh = calibration(0, 100, 0.0, -1.0);
  for (std::size_t i = 0; i < 50; ++i) harsh.pairs[i] = {0.0, 0.0, 1.0};
  auto failing = judged_builder(sealed(harsh), judged(pass()), judged(pass()), 200);
  failing.add_many(200, "lost", judged(pass()), judged(fail()));
  CHECK(finding(decided(failing, rules()), "quality").code == "judge_bias_decides");

  // Where other graders judge too, the labels are of something else, and nothing is corrected.
  auto mixed = judged_builder(sealed(biased), judged(pass()), judged(pass()));
  mixed.plan().suites[0].graders.push_back({"length", false, {"{}"}});
  CHECK(decided(mixed, rules()).answer == Outlook::eligible);
}

TEST_CASE("a plan says before a call is paid that its judge is not calibrated") {
  Plan plan;
  plan.head.rules = rules();
  SuiteHead suite;
  suite.name = "s";
  plan.head.suites = {suite};
  for (std::size_t i = 0; i < 500; ++i) {
    Case item;
    item.id = std::to_string(i);
    plan.cases.push_back(item);
    plan.case_suite.push_back(0);
  }
  plan.head.judges = {sealed(std::nullopt)};
  const Feasibility cannot = feasibility(plan);
  CHECK(cannot.carry == Carry::cannot);
  CHECK(cannot.headline.find("evidence.judges") != std::string::npos);
  const auto need =
      std::ranges::find_if(cannot.needs, [](const Need& each) { return each.rule == "evidence.judges judge=rubric"; });
  REQUIRE(need != cannot.needs.end());
  CHECK(need->says.find("is not calibrated") != std::string::npos);
  plan.head.judges = {sealed(calibration())};
  CHECK(feasibility(plan).carry != Carry::cannot);
}

TEST_CASE("the story of a case says whose word it rests on") {
  auto builder = judged_builder(sealed(calibration()), judged(pass()), pass());
  const auto parts = parts_of(builder.evidence(), rules(), 0);
  const auto part = std::ranges::find(parts, "evidence.judges", &Part::rule);
  REQUIRE(part != parts.end());
  CHECK(part->sentence == "1 cell rests on a judge's word alone");
}
