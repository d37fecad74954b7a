#include "decided.hpp"

using namespace headgate;
using namespace headgate::test;

namespace {

Rules segment_rules(double max_loss = 0.0) {
  Rules rules = quality_rules();
  rules.segments = SegmentsRule{{"task"}, max_loss, 30, {}, false};
  return rules;
}

CaseFacts in(const std::string& task) {
  CaseFacts facts;
  facts.segments = {{"task", task}};
  return facts;
}

void add_segment(EvidenceBuilder& builder, const std::string& task, std::size_t same, std::size_t gains,
                 std::size_t losses) {
  builder.add_many(same, task + "-same-", pass(), pass(), in(task));
  builder.add_many(gains, task + "-gain-", fail(), pass(), in(task));
  builder.add_many(losses, task + "-loss-", pass(), fail(), in(task));
}

}  // namespace

TEST_CASE("segments: harm in one part fails whatever the average says, after Holm over all parts") {
  EvidenceBuilder builder;
  // Fifteen tasks as two prompts of a published model compare on them: gains, losses, size.
  const std::vector<std::tuple<std::string, std::size_t, std::size_t, std::size_t>> tasks{
      {"boolean_expressions", 20, 9, 250},
      {"causal_judgement", 28, 46, 187},
      {"date_understanding", 69, 10, 250},
      {"dyck_languages", 65, 40, 250},
      {"logical_deduction", 99, 12, 250},
      {"multistep_arithmetic", 117, 1, 250},
      {"navigate", 122, 7, 250},
      {"object_counting", 122, 2, 250},
      {"penguins", 40, 21, 146},
      {"ruin_names", 25, 42, 250},
      {"snarks", 32, 35, 178},
      {"sports", 67, 5, 250},
      {"tracking", 120, 18, 250},
      {"web_of_lies", 113, 4, 250},
      {"word_sorting", 19, 44, 250}};
  for (const auto& [task, gains, losses, n] : tasks) add_segment(builder, task, n - gains - losses, gains, losses);
  const Decision decision = decided(builder, segment_rules());
  CHECK(decision.answer == Outlook::not_eligible);
  CHECK(finding(decision, "quality").verdict == Verdict::pass);
  CHECK(finding(decision, "segments").code == "segments_harm");
  const Finding& harmed = finding(decision, "segments", "task=word_sorting");
  CHECK(*harmed.p_harm == Approx(0.0123).margin(5e-5));
  CHECK(harmed.verdict == Verdict::fail);
  CHECK(harmed.cases.front() == "word_sorting-loss-0");
  std::size_t details = 0;
  for (const Finding& each : decision.findings) details += (each.rule == "segments" && each.segment) ? 1U : 0U;
  CHECK(details == 1);
  REQUIRE(decision.reasons.size() == 1);
  CHECK(decision.reasons[0].code == "segment_harm");
  CHECK(decision.reasons[0].text.find("word_sorting") != std::string::npos);
}

TEST_CASE("segments: what is too small to test narrows the exposure, or stops it where it is required") {
  EvidenceBuilder builder;
  builder.plan().suites[0].segments = {{"task", {"sorting", "adding", "naming"}}};
  add_segment(builder, "sorting", 300, 10, 0);
  add_segment(builder, "adding", 29, 0, 0);
  Rules rules = segment_rules(0.1);
  const Decision narrow = decided(builder, rules);
  CHECK(narrow.answer == Outlook::eligible);
  CHECK(narrow.action == Action::narrow);
  CHECK(mentions(finding(narrow, "segments").notes, "task=adding and task=naming"));
  rules.segments->required = {"task=adding"};
  const Decision stopped = decided(builder, rules);
  CHECK(stopped.answer == Outlook::inconclusive);
  CHECK(finding(stopped, "segments").code == "segments_required_too_small");
  CHECK(finding(stopped, "segments", "task=adding").code == "segment_few_cases");
  CHECK(finding(stopped, "segments", "task=adding").needed_n == 30);
  add_segment(builder, "more", 40, 0, 0);
  rules.segments->required = {"task=sorting"};
  CHECK(decided(builder, rules).answer == Outlook::eligible);
}

TEST_CASE("segments: nothing to test is no pass") {
  EvidenceBuilder builder;
  add_pairs(builder, 300, 0, 0, 0);
  CHECK(finding(decided(builder, segment_rules()), "segments").code == "segments_none_tested");
  EvidenceBuilder one_cluster_each;
  for (int task = 0; task < 3; ++task) {
    CaseFacts facts = in("t" + std::to_string(task));
    facts.cluster = "c" + std::to_string(task);
    one_cluster_each.add_many(100, facts.cluster + "-", pass(), fail(), facts);
  }
  CHECK(finding(decided(one_cluster_each, segment_rules()), "segments").code == "segments_none_tested");
}

TEST_CASE("segments: errors neither prove harm nor hide it") {
  EvidenceBuilder builder;
  add_segment(builder, "sorting", 400, 60, 0);
  add_segment(builder, "adding", 60, 0, 0);
  builder.add_many(12, "broken-", pass(), broken(ErrorKind::timeout), in("adding"));
  const Decision decision = decided(builder, segment_rules(0.05));
  CHECK(finding(decision, "segments").code == "segments_missing_decides");
  CHECK(finding(decision, "segments", "task=adding").verdict == Verdict::inconclusive);
  CHECK(decision.answer == Outlook::inconclusive);
}

TEST_CASE("segments: several dimensions are one family") {
  EvidenceBuilder builder;
  CaseFacts facts;
  facts.segments = {{"language", "de"}, {"task", "sorting"}};
  builder.add_many(200, "a-", pass(), pass(), facts);
  facts.segments = {{"language", "ja"}, {"task", "adding"}};
  builder.add_many(200, "b-", fail(), pass(), facts);
  Rules rules = segment_rules(0.1);
  rules.segments->by = {"language", "task"};
  const Finding found = finding(decided(builder, rules), "segments");
  CHECK(found.verdict == Verdict::pass);
  CHECK(found.n == 400);
  CHECK(found.sentence.find("4 tested segments") != std::string::npos);
  CHECK(found.sentence.find("no assurance") != std::string::npos);
}

TEST_CASE("segments: the figure is that of the worst segment, by name") {
  EvidenceBuilder builder;
  const auto steps = [](const char* value) {
    CaseFacts facts;
    facts.segments = {{"steps", value}};
    return facts;
  };
  add_pairs(builder, 30, 15, 0, 5, steps("2"));
  builder.add_many(48, "w-", pass(), pass(), steps("3"));
  builder.add_many(2, "l-", pass(), fail(), steps("3"));
  Rules rules = quality_rules();
  rules.segments = SegmentsRule{{"steps"}, 0.1, 30, {}, false};
  const Decision decision = decided(builder, rules);
  const Finding& found = finding(decision, "segments");
  CHECK(found.verdict == Verdict::pass);
  CHECK(found.estimate == Approx(-0.04));
  CHECK(found.estimand == "worst_segment steps=3");
}
