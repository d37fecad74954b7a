#include <array>

#include "headgate/base/text.hpp"
#include "headgate/domain/recorded_by.hpp"
#include "sections.hpp"
#include "sentences.hpp"

namespace headgate::gate {
namespace {

// Where no more cases share the reply than may rightly do so, the table of the report is enough.
void note_duplicates(const DuplicateReplies& same, std::vector<std::string>& notes) {
  if (same.count <= same.most_expected) return;
  std::string text = std::string(same.candidate ? "the candidate" : "the baseline") +
                     " gives one and the same reply to " + std::to_string(same.count) + " of " +
                     plural(same.replied, "case") + " (" +
                     percent(static_cast<double>(same.count) / static_cast<double>(same.replied)) + ")";
  if (same.most_expected == 1) {
    text += ", no two of which expect the same answer";
  } else if (same.most_expected > 1) {
    text += "; only " + std::to_string(same.most_expected) + " of these cases expect the same answer";
  }
  notes.push_back(text + "; a reply that does not depend on the question can please a judge, and answers nobody");
}

}  // namespace

void note_sections(const Decision& decision, std::vector<std::string>& notes) {
  for (const DuplicateReplies& same : decision.duplicate_replies) note_duplicates(same, notes);
}

void note_foreign_grades(const View& view, std::vector<std::string>& notes) {
  const Evidence& evidence = view.evidence();
  if (evidence.plan.unsandboxed) {
    notes.emplace_back(
        "programs that the replies wrote ran without a sandbox (--unsafe-no-sandbox): they could read, change and send "
        "what this user can, also what was graded, so these grades deserve less trust");
  }
  std::vector<RecordedBy> of_suite;
  for (const SuiteHead& suite : evidence.plan.suites) of_suite.push_back(recorded_by(suite.graders));
  std::size_t graded = 0, recorded = 0;
  std::array<std::size_t, all_recorders.size()> by{};
  for (CaseIndex item = 0; item < view.cases(); ++item) {
    const RecordedBy who = of_suite[view.facts(item).suite] | view.facts(item).recorded_by;
    for (const Arm arm : both_arms) {
      const std::size_t cells = view.of(item, arm).graded;
      graded += cells;
      if (who == RecordedBy::nobody) continue;
      recorded += cells;
      for (std::size_t i = 0; i < by.size(); ++i) by[i] += has(who, all_recorders[i]) ? cells : 0;
    }
  }
  if (recorded > 0) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < by.size(); ++i) {
      if (by[i] > 0) names.push_back(std::string(name(all_recorders[i])) + ": " + std::to_string(by[i]));
    }
    notes.push_back(std::to_string(recorded) + " of " + plural(graded, "graded cell") +
                    (recorded == 1 ? " rests" : " rest") + " on recorded verdicts (" + join_words(names) +
                    "): they came with the replies and were not made here");
  }
  if (evidence.measures_left_out) {
    notes.push_back("graders measured more than " + std::to_string(max_measure_columns) +
                    " things; the first by their names are told, and all are in the journal");
  }
  if (evidence.labels.too_many) {
    notes.emplace_back("a classification names more classes than can be told apart, so no table of classes is made");
  }
}

}  // namespace headgate::gate
