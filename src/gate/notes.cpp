#include <nlohmann/json.hpp>
#include <set>

#include "headgate/base/text.hpp"
#include "headgate/domain/codec.hpp"
#include "live_notes.hpp"
#include "outcome.hpp"
#include "sections.hpp"

namespace headgate::gate {
namespace {

std::vector<std::string> keys_that_differ(const Rules& used, const Rules& sealed) {
  const Json a = to_json(used);
  const Json b = to_json(sealed);
  std::set<std::string> keys;
  for (const auto& [key, value] : a.items()) {
    if (!b.contains(key) || b.at(key) != value) keys.insert(key);
  }
  for (const auto& [key, value] : b.items()) {
    if (!a.contains(key)) keys.insert(key);
  }
  return {keys.begin(), keys.end()};
}

void note_drafts(const Evidence& evidence, std::vector<std::string>& notes) {
  std::vector<std::string> drafts;
  for (const SuiteHead& suite : evidence.plan.suites) {
    if (!suite.released) drafts.push_back(suite.name + "@" + suite.version);
  }
  if (drafts.empty()) return;
  notes.push_back("draft: " + join_words(drafts) + (drafts.size() == 1 ? " is" : " are") +
                  " not released as used here, so nobody can run the same suite by its version");
}

// A suite somebody edited and raised, while the gate still runs what was released before.
void note_unreleased(const Evidence& evidence, std::vector<std::string>& notes) {
  for (const SuiteHead& suite : evidence.plan.suites) {
    if (suite.unreleased.empty()) continue;
    notes.push_back(suite.name + ": suite.yaml says " + suite.unreleased + ", which is not released; this gate uses " +
                    suite.version + " (" + suite.name + "@draft uses the files as they are)");
  }
}

// Where nothing passes on the baseline, a grader that is too strict looks like a great candidate.
void note_baseline(const View& view, std::vector<std::string>& notes) {
  const ArmSummary& baseline = view.summary(Arm::baseline);
  if (baseline.passed == 0 && baseline.failed > 0) {
    notes.emplace_back("the baseline passes nothing at all: are the graders what you meant?");
  }
}

void note_routes(const Decision& decision, std::vector<std::string>& notes) {
  if (decision.route_diff.empty()) {
    notes.emplace_back(
        "the arms differ in nothing that a route's digest covers (endpoint, key, price and limits are not in it); "
        "where "
        "they reach the same server, any difference is chance (an A/A run)");
  } else if (decision.route_diff.size() > 1) {
    notes.push_back("the arms differ in " + join_words(decision.route_diff) +
                    ": this tests the route as a whole and cannot attribute a difference to one part");
  }
}

void note_journal(const JournalHealth& journal, std::vector<std::string>& notes) {
  if (journal.damaged_total > 0) {
    std::vector<std::string> lines;
    for (const JournalHealth::Damage& each : journal.damaged)
      lines.push_back(std::to_string(each.line) + " (" + each.what + ")");
    notes.push_back(plural(journal.damaged_total, "damaged journal line") + " ignored: line " + join_words(lines));
  }
  const auto count = [&](std::size_t n, const char* what, const char* meaning) {
    if (n > 0) notes.push_back(plural(n, what) + " in the journal: " + meaning);
  };
  count(journal.gaps, "gap", "records that were written are missing");
  count(journal.foreign, "foreign record", "of calls that are not in the plan; ignored");
  count(journal.repeats, "repeated result", "the first ok result of a call stands");
  if (!journal.ended) notes.emplace_back("the journal has no end record: the run did not finish by itself");
}

void note_known_failures(const Context& context, std::vector<std::string>& notes) {
  for (const KnownFailure& known : context.rules.known_failures) {
    const std::string what = "known failure " + known.case_id;
    const auto item = context.view.evidence().cases.find(known.case_id);
    if (!item) {
      notes.push_back(what + " is in no case of this run");
    } else if (!known.active) {
      notes.push_back(what + " expired on " + known.until + " and is no longer excused");
    } else if (context.view.all_pass(*item, Arm::candidate)) {
      notes.push_back(what + " passes now; its entry can go");
    }
  }
}

}  // namespace

std::vector<std::string> notes_for(const Context& context, const Decision& decision) {
  const Evidence& evidence = context.view.evidence();
  std::vector<std::string> notes;
  if (!decision.rules_as_sealed) {
    notes.push_back("decided under other rules than were sealed; different: " +
                    join_words(keys_that_differ(context.rules, evidence.plan.rules)));
  }
  if (!evidence.plan.overrides.empty())
    notes.push_back("overridden on the command line: " + join_words(evidence.plan.overrides));
  note_foreign_grades(context.view, notes);
  note_drafts(evidence, notes);
  note_unreleased(evidence, notes);
  note_baseline(context.view, notes);
  note_routes(decision, notes);
  note_live(context, notes);
  note_sections(decision, notes);
  note_known_failures(context, notes);
  note_journal(evidence.journal, notes);
  notes.emplace_back(
      "no ledger: attempts are uncounted, so a candidate that is run again and again will pass by chance some day");
  return notes;
}

}  // namespace headgate::gate
