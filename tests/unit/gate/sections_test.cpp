// What a decision tells besides its findings: trials, classes, measures, rewordings, equal replies, whose grades.
#include <cmath>
#include <nlohmann/json.hpp>

#include "decided.hpp"
#include "headgate/base/json.hpp"
#include "headgate/domain/codec.hpp"

using namespace headgate;
using namespace headgate::gate;
using namespace headgate::test;

namespace {

constexpr std::uint16_t none = LabelColumns::none;

Observation said(Observation seen, std::uint64_t mark) {
  seen.said_mark = mark;
  return seen;
}

Decision told(EvidenceBuilder& builder) { return decided(builder, quality_rules()); }

// The same after being written and read.
Decision read_back(const Decision& decision) {
  const auto again = decision_from_json(to_json(decision));
  REQUIRE(again);
  CHECK(canonical(to_json(*again)) == canonical(to_json(decision)));
  return *again;
}

}  // namespace

TEST_CASE("sections: nothing is told of what is not there") {
  EvidenceBuilder builder;
  builder.add_many(10, "c", pass(), fail());
  const Decision decision = told(builder);
  CHECK_FALSE(decision.trials);
  CHECK(decision.classification.empty());
  CHECK(decision.measures.empty());
  CHECK(decision.variants.empty());
  CHECK(decision.duplicate_replies.empty());
  for (const char* key : {"trials", "classification", "measures", "variants", "duplicate_replies"}) {
    CHECK_FALSE(to_json(decision).contains(key));
  }
}

TEST_CASE("trials: how often each passes, and what k of them are worth") {
  EvidenceBuilder builder(4);
  // Published for an airline agent: successes per task 0:14 1:12 2:10 3:4 4:10 give these four numbers.
  const std::size_t tasks[] = {14, 12, 10, 4, 10};
  std::size_t number = 0;
  for (std::uint32_t passes = 0; passes <= 4; ++passes) {
    for (std::size_t i = 0; i < tasks[passes]; ++i, ++number) {
      const CaseIndex item = builder.add({"t" + std::to_string(number)}, pass(), fail());
      for (std::uint32_t trial = 0; trial < passes; ++trial) builder.at(item, trial, Arm::candidate) = pass();
    }
  }
  builder.at(0, 3, Arm::candidate) = broken(ErrorKind::step_limit);
  const Decision decision = read_back(told(builder));
  REQUIRE(decision.trials);
  CHECK(decision.trials->trials == 4);
  const TrialsSection::Arm& arm = decision.trials->arms[1];
  CHECK(arm.cases == 50);
  CHECK(arm.passed == std::vector<std::size_t>{36, 24, 14, 10});
  CHECK(arm.errors == 1);
  CHECK(arm.mean == Approx(0.42));
  const double hat[] = {0.42, 0.273333, 0.22, 0.2}, at[] = {0.42, 0.566667, 0.66, 0.72};
  REQUIRE(arm.pass_hat.size() == 4);
  REQUIRE(arm.pass_at.size() == 4);
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(arm.pass_hat[k] == Approx(hat[k]).margin(1e-6));
    CHECK(arm.pass_at[k] == Approx(at[k]).margin(1e-6));
  }
  CHECK(arm.flaky.total == 26);
  CHECK(arm.flaky.ids.size() == 26);
  CHECK(arm.flaky.ids.front() == "t14");
  CHECK(decision.trials->arms[0].flaky.total == 0);
  CHECK(decision.trials->arms[0].pass_hat == std::vector<double>(4, 1.0));
}

TEST_CASE("trials: a trial without a grade makes no case flaky") {
  EvidenceBuilder builder(3);
  const auto lost = builder.add({"lost"}, pass(), pass());
  builder.at(lost, 1, Arm::candidate) = broken(ErrorKind::timeout);
  const auto mixed = builder.add({"mixed"}, pass(), pass());
  builder.at(mixed, 1, Arm::candidate) = fail();
  builder.at(mixed, 2, Arm::candidate) = broken(ErrorKind::timeout);
  const auto failed = builder.add({"failed"}, pass(), fail());
  builder.at(failed, 2, Arm::candidate) = broken(ErrorKind::timeout);
  const Decision decision = told(builder);
  CHECK(decision.trials->arms[1].flaky.ids == std::vector<std::string>{"mixed"});
  CHECK(decision.trials->arms[1].errors == 3);
}

TEST_CASE("trials: the list of flaky cases is bounded") {
  EvidenceBuilder builder(2);
  for (int i = 0; i < 80; ++i) {
    builder.at(builder.add({"c" + std::to_string(i)}, pass(), pass()), 1, Arm::candidate) = fail();
  }
  const Decision decision = told(builder);
  CHECK(decision.trials->arms[1].flaky.total == 80);
  CHECK(decision.trials->arms[1].flaky.ids.size() == NamedCases::most);
}

TEST_CASE("classification: precision, recall, F1 and confusion of each arm") {
  EvidenceBuilder builder;
  // Candidate, true class by given class: refund 6 right, 2 said to be login; login 3 right, 1 nonsense, 1 without a
  // grade. The baseline is always right.
  const std::uint16_t login = 1, refund = 2, nonsense = 0;
  struct Row {
    std::uint16_t expected, given;
    int n;
  };
  LabelColumns& labels = builder.evidence().labels;
  labels.names = {"<b>nonsense</b>", "login", "refund"};
  int number = 0;
  for (const Row& row : {Row{refund, refund, 6}, Row{refund, login, 2}, Row{login, login, 3}, Row{login, nonsense, 1},
                         Row{login, none, 1}}) {
    for (int i = 0; i < row.n; ++i) {
      const bool graded = row.given != none;
      builder.add({"c" + std::to_string(number++)}, pass(), graded ? pass() : broken(ErrorKind::timeout));
      labels.expected.insert(labels.expected.end(), {row.expected, graded ? row.expected : none});
      labels.given.insert(labels.given.end(), {row.expected, row.given});
    }
  }
  builder.add({"unlabelled"}, broken(ErrorKind::timeout), broken(ErrorKind::timeout));
  labels.expected.insert(labels.expected.end(), {none, none});
  labels.given.insert(labels.given.end(), {none, none});

  const Decision decision = read_back(told(builder));
  REQUIRE(decision.classification.size() == 2);
  const Classification& all = decision.classification[1];
  CHECK(all.candidate);
  CHECK(all.suite == "support_triage");
  CHECK(all.n == 13);
  CHECK(all.correct == 9);
  CHECK(all.unread == 1);
  CHECK(all.unknown == 1);
  REQUIRE(all.classes.size() == 3);
  const auto& of_login = all.classes[0];
  CHECK(of_login.name == "login");
  CHECK(of_login.recall.hits == 3);
  CHECK(of_login.recall.n == 5);
  CHECK(of_login.precision.n == 5);
  REQUIRE(of_login.f1);
  CHECK(*of_login.f1 == Approx(0.6));
  // Clopper-Pearson of 3 of 5, each side 2.5 %.
  CHECK(of_login.recall.lower == Approx(0.14663).margin(1e-5));
  CHECK(of_login.recall.upper == Approx(0.94726).margin(1e-5));
  CHECK(all.classes[1].name == "refund");
  CHECK(all.classes[1].precision.hits == 6);
  CHECK(all.classes[1].precision.n == 6);
  CHECK(all.classes[1].f1.value() == Approx(12.0 / 14.0));
  CHECK(all.classes[2].name == "<b>nonsense</b>");  // said, and nowhere true
  CHECK(all.classes[2].recall.n == 0);
  CHECK_FALSE(all.classes[2].recall.value());
  CHECK(all.macro_f1.value() == Approx((0.6 + 12.0 / 14.0) / 2));
  REQUIRE(all.confusion.size() == 5);
  std::size_t sum = 0;
  for (const auto& each : all.confusion) sum += each.n;
  CHECK(sum == all.n);
  CHECK(all.confusion.back().expected == "refund");
  CHECK(decision.classification[0].macro_f1 == 1.0);
  CHECK(decision.classification[0].correct == 13);
}

TEST_CASE("classification: trials of one case and cases of one cluster are not separate evidence") {
  const auto width = [](std::uint32_t trials, const std::string& cluster) {
    EvidenceBuilder builder(trials);
    LabelColumns& labels = builder.evidence().labels;
    labels.names = {"a", "b"};
    for (std::size_t i = 0; i < 400; ++i) {
      const std::string shared = cluster.empty() ? cluster : cluster + std::to_string(i % 80);
      builder.add({"c" + std::to_string(i), 0, {}, {}, shared}, pass(), pass());
      for (std::uint32_t cell = 0; cell < trials * 2; ++cell) {
        labels.expected.push_back(0);
        labels.given.push_back(i % 80 < 20 ? 1 : 0);
      }
    }
    const Decision decision = told(builder);
    const CountedShare recall = decision.classification.at(1).classes.at(0).recall;
    CHECK(recall.value().value() == Approx(0.75));
    return recall.upper - recall.lower;
  };
  CHECK(width(5, "") == Approx(width(1, "")).epsilon(0.1));
  CHECK(width(1, "doc") > 1.5 * width(1, ""));
}

TEST_CASE("measures: means of both arms, and the difference where both have it") {
  EvidenceBuilder builder(2);
  const float unknown = std::nanf("");
  MeasureColumn tone{"judge.tone", {}};
  for (int i = 0; i < 10; ++i) {
    builder.add({"c" + std::to_string(i)}, pass(), pass());
    const float base = static_cast<float>(i % 2), better = base + (i < 5 ? 1.0F : 0.5F);
    // trial 0: baseline, candidate; trial 1: the same; the candidate of c9 was never measured
    tone.values.insert(tone.values.end(), {base, i == 9 ? unknown : better, base, i == 9 ? unknown : better});
  }
  builder.evidence().measures.push_back(tone);
  builder.evidence().measures_left_out = true;
  const Decision decision = read_back(told(builder));
  REQUIRE(decision.measures.size() == 1);
  const MeasureSummary& measure = decision.measures[0];
  CHECK(measure.name == "judge.tone");
  CHECK(measure.arms[0].cases == 10);
  CHECK(measure.arms[0].mean.value() == Approx(0.5));
  CHECK(measure.arms[1].cases == 9);
  CHECK(measure.pairs == 9);
  CHECK(measure.difference.value() == Approx(7.0 / 9));
  // mean ± t(8, .975) s / sqrt(9), s = 0.263523
  CHECK(measure.lower.value() == Approx(7.0 / 9 - 2.306004 * 0.2635231 / 3).margin(1e-5));
  CHECK(measure.upper.value() == Approx(7.0 / 9 + 2.306004 * 0.2635231 / 3).margin(1e-5));
  CHECK(mentions(decision.notes, "measured more than 64 things"));
}

TEST_CASE("measures: where nothing varies there is no interval") {
  EvidenceBuilder builder;
  builder.add_many(3, "c", pass(), pass());
  builder.evidence().measures.push_back({"x.y", {1, 2, 1, 2, 1, 2}});
  const Decision decision = told(builder);
  CHECK(decision.measures.at(0).difference == 1.0);
  CHECK_FALSE(decision.measures.at(0).lower);
  CHECK_FALSE(decision.measures.at(0).upper);
}

TEST_CASE("variants: whether a rewording fares like its parent, on each arm") {
  EvidenceBuilder builder(2);
  const auto variant = [&](const char* id, const char* of, const Observation& candidate) {
    CaseFacts facts{id};
    facts.cluster = of;
    facts.variant_of = of;
    return builder.add(facts, pass(), candidate);
  };
  builder.add({"parent", 0, {}, {}, "parent"}, pass(), pass());
  variant("same", "parent", pass());
  variant("worse", "parent", fail());
  builder.at(variant("wobbles", "parent", pass()), 1, Arm::candidate) = fail();
  variant("broken", "parent", broken(ErrorKind::timeout));
  builder.add({"failing", 0, {}, {}, "failing"}, pass(), fail());
  variant("fails too", "failing", fail());
  variant("orphan", "nowhere", fail());
  builder.evidence().cases.link_variants();
  const Decision decision = read_back(told(builder));
  REQUIRE(decision.variants.size() == 2);
  const VariantAgreement& candidate = decision.variants[1];
  CHECK(candidate.candidate);
  CHECK(candidate.agreement.hits == 2);
  CHECK(candidate.agreement.n == 4);
  CHECK(candidate.unmeasured == 1);
  CHECK(candidate.disagreeing.ids == std::vector<std::string>{"worse", "wobbles"});
  CHECK(candidate.agreement.lower < 0.5);
  CHECK(candidate.agreement.upper > 0.5);
  CHECK(decision.variants[0].agreement.hits == 5);
}

TEST_CASE("duplicate replies: one reply to many cases is told with its share") {
  EvidenceBuilder builder;
  for (std::uint64_t i = 0; i < 40; ++i) {
    CaseFacts facts{"c" + std::to_string(i)};
    facts.expected = "\"" + std::to_string(i % 20) + "\"";
    builder.add(facts, said(pass(), 100 + i), said(pass(), i < 12 ? 7 : 100 + i));
  }
  const Decision decision = read_back(told(builder));
  REQUIRE(decision.duplicate_replies.size() == 1);
  const DuplicateReplies& same = decision.duplicate_replies[0];
  CHECK(same.candidate);
  CHECK(same.count == 12);
  CHECK(same.replied == 40);
  CHECK(same.most_expected == 2);
  CHECK(same.cases.ids.front() == "c0");
  CHECK(same.cases.total == 12);
  CHECK(mentions(decision.notes, "the candidate gives one and the same reply to 12 of 40 cases (30.0 %)"));
  CHECK(mentions(decision.notes, "only 2 of these cases expect the same"));
}

TEST_CASE("duplicate replies: few are chance, and where as many cases expect the same nothing is noted") {
  const auto with = [](std::uint64_t equal, std::uint64_t cases, const char* expected) {
    EvidenceBuilder builder;
    for (std::uint64_t i = 0; i < cases; ++i) {
      CaseFacts facts{"c" + std::to_string(i)};
      facts.expected = expected;
      builder.add(facts, pass(), said(pass(), i < equal ? 7 : 100 + i));
    }
    return told(builder);
  };
  CHECK(with(4, 10, "").duplicate_replies.empty());   // too few
  CHECK(with(9, 100, "").duplicate_replies.empty());  // under a tenth
  CHECK(with(10, 100, "").duplicate_replies.size() == 1);
  CHECK(mentions(with(10, 100, "").notes, "answers nobody"));
  const Decision rightly = with(60, 100, "\"no\"");
  CHECK(rightly.duplicate_replies.size() == 1);
  CHECK(rightly.duplicate_replies[0].most_expected == 100);
  CHECK_FALSE(mentions(rightly.notes, "one and the same reply"));
}

TEST_CASE("duplicate replies: a case is counted once, whatever its trials say, and errors say nothing") {
  EvidenceBuilder builder(3);
  builder.add_many(6, "c", said(pass(), 7), said(fail(), 9));
  builder.at(0, 0, Arm::candidate) = broken(ErrorKind::timeout);
  builder.add_many(4, "d", broken(ErrorKind::timeout), broken(ErrorKind::timeout));
  const Decision decision = told(builder);
  REQUIRE(decision.duplicate_replies.size() == 2);
  CHECK(decision.duplicate_replies[0].count == 6);
  CHECK(decision.duplicate_replies[0].replied == 6);
  CHECK(decision.duplicate_replies[1].count == 6);
}

TEST_CASE("grades that were not made here, and programs without a sandbox, are said") {
  EvidenceBuilder builder;
  builder.plan().suites[0].graders = {
      {"all_of", false, {R"({"graders":[{"by":"human","from":"/h","kind":"recorded"},{"kind":"length","max":9}]})"}}};
  builder.suite("other");
  builder.add_many(3, "c", pass(), pass());
  builder.add({"d", 1}, pass(), broken(ErrorKind::timeout));
  CaseFacts own{"e", 1};
  own.graders = {{"recorded", true, {R"({"judge":"gpt4"})"}}};
  builder.add(own, pass(), pass());
  builder.plan().unsandboxed = true;
  const Decision decision = told(builder);
  CHECK(mentions(decision.notes, "8 of 9 graded cells rest on recorded verdicts (human: 6 and judge: 2)"));
  CHECK(mentions(decision.notes, "without a sandbox"));
  EvidenceBuilder plain;
  plain.plan().suites[0].graders = {{"equals", false, {R"({"value":"recorded"})"}}};
  plain.add_many(3, "c", pass(), pass());
  const Decision other = told(plain);
  CHECK_FALSE(mentions(other.notes, "recorded verdicts"));
  CHECK_FALSE(mentions(other.notes, "sandbox"));
}
