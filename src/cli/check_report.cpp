#include "check_report.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "flip_list.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/text.hpp"

namespace headgate::cli {
namespace {

constexpr std::size_t most_quoted_columns = 200;
constexpr std::size_t most_errors_shown = 5;

using Flips = std::vector<gate::Flip>;

std::string quoted(const std::string& text) {
  return text.empty() ? "(no text)" : "\"" + elide(terminal_line(text), most_quoted_columns) + "\"";
}

std::pair<std::string, std::string> name_of_case(const Evidence& evidence, CaseIndex item) {
  return {evidence.plan.suites[evidence.cases[item].suite].name, std::string(evidence.cases.id(item))};
}

bool was_failing(const CheckStory& story, CaseIndex item) {
  return story.failing_before != nullptr && story.failing_before->contains(name_of_case(story.evidence, item));
}

// As they are to be read: what failed before first, else as the check orders them.
Flips in_reading_order(const CheckStory& story, Flips flips) {
  std::ranges::stable_partition(flips, [&](const gate::Flip& flip) { return was_failing(story, flip.item); });
  return flips;
}

// "c1", or "suite/c1" where the plan has several suites.
std::string spoken(const Evidence& evidence, CaseIndex item) {
  const auto [suite, id] = name_of_case(evidence, item);
  return evidence.plan.suites.size() > 1 ? suite + "/" + id : id;
}

std::string facts(const CheckStory& story, const gate::Flip& flip) {
  const Evidence& evidence = story.evidence;
  const CaseTable::Facts& item = evidence.cases[flip.item];
  std::string text;
  if (item.severity != Severity::normal) text += " (" + std::string(name(item.severity));
  if (item.severe_class != CaseTable::no_class) text += " " + evidence.cases.severe_class_name(item.severe_class);
  if (!text.empty()) text += ")";
  for (const SegmentValue& segment : evidence.cases.segment_values(item.segments)) {
    text += " " + segment.dimension + "=" + segment.value;
  }
  if (evidence.plan.trials > 1) text += " trial " + std::to_string(flip.trial);
  if (story.failing_before != nullptr && flip.regression && !was_failing(story, flip.item)) text += " (new)";
  return text;
}

// The failing graders of a cell, as one sentence.
std::string why(const report::CellQuote& cell) {
  std::string text;
  for (const auto& grade : cell.grades) {
    if (!grade.pass) text += (text.empty() ? "" : "; ") + report::because(cell, grade);
  }
  return text;
}

std::string cell_words(const Evidence& evidence, const CellRef& ref) {
  const Observation& seen = evidence.at(ref.item, ref.trial, ref.arm);
  std::string text = spoken(evidence, ref.item) + ", " + name(ref.arm);
  if (evidence.plan.trials > 1) text += ", trial " + std::to_string(ref.trial);
  return text + ": " + name(seen.status) +
         (seen.error == ErrorKind::none ? "" : " (" + std::string(name(seen.error)) + ")");
}

const report::CellQuote& side(const report::CaseQuote& quote, Arm arm) {
  return arm == Arm::baseline ? quote.baseline : quote.candidate;
}

// The message of a call that failed, or why its reply could not be graded.
std::string message_of(const CheckStory& story, const CellRef& ref) {
  const auto quote = story.quotes(ref.item, ref.trial);
  if (!quote) return {};
  const report::CellQuote& cell = side(*quote, ref.arm);
  return cell.grades.empty() ? cell.text : why(cell);
}

// "candidate timeout 2, baseline reply_missing 1"
std::string error_counts(const CheckStory& story) {
  std::map<std::pair<Arm, ErrorKind>, std::size_t> counts;
  for (const CellRef& ref : story.check.unmeasured) {
    ++counts[{ref.arm, story.evidence.at(ref.item, ref.trial, ref.arm).error}];
  }
  std::string text;
  for (const auto& [what, count] : counts) {
    text += (text.empty() ? "" : ", ") + std::string(name(what.first)) + " " + name(what.second) + " " +
            std::to_string(count);
  }
  return text;
}

// "12 of 40 candidate replies came from its fallback demo_c"; empty where none did.
std::string fallback_words(const CheckStory& story) {
  const std::size_t count = story.check.by_fallback.size();
  if (count == 0) return {};
  const std::string& fallback = story.evidence.plan.routes[1].fallback;
  return std::to_string(count) + " of " +
         plural(story.check.candidate_replies, "candidate reply", "candidate replies") + " came from its fallback" +
         (fallback.empty() ? "" : " " + fallback);
}

std::string counted(const CheckStory& story) {
  return plural(story.check.regressions.size(), "regression") + ", " +
         plural(story.check.improvements.size(), "improvement");
}

std::string what_is_missing(const CheckStory& story) {
  const std::string fallback = fallback_words(story);
  if (!fallback.empty() && story.check.unmeasured.empty()) return fallback;
  return std::to_string(story.check.unmeasured.size()) + " of " + plural(story.evidence.observations.size(), "cell") +
         " not ok (" + error_counts(story) + ")" + (fallback.empty() ? "" : ", " + fallback);
}

std::string answer_line(const CheckStory& story) {
  const gate::Check& check = story.check;
  const std::size_t cells = story.evidence.observations.size();
  if (story.interrupted) {
    return "INTERRUPTED: no answer; " + std::to_string(cells - check.unmeasured.size()) + " of " +
           plural(cells, "cell") + " measured, " + counted(story) + " so far";
  }
  switch (check.answer) {
    case gate::CheckAnswer::regression:
      return "REGRESSION: " + std::to_string(check.regressions.size()) + " of " +
             plural(check.baseline_passes, "case that the baseline passes", "cases that the baseline passes") +
             (check.regressions.size() == 1 ? " fails" : " fail") + " on the candidate";
    case gate::CheckAnswer::none_seen:
      return "none seen: " + plural(check.cases, "case") + ", " + counted(story);
    case gate::CheckAnswer::not_measured:
      return "not measured: " + what_is_missing(story) + "; no regression among the rest";
  }
  return {};
}

std::size_t not_run(const CheckStory& story) {
  return static_cast<std::size_t>(
      std::ranges::count(story.evidence.observations, Status::not_run, &Observation::status));
}

std::string reason_line(const CheckStory& story, const Flips& regressions) {
  if (!regressions.empty()) {
    const gate::Flip& worst = regressions.front();
    const auto quote = story.quotes(worst.item, worst.trial);
    return terminal_line(spoken(story.evidence, worst.item) + facts(story, worst)) + ": " +
           (quote ? quoted(quote->candidate.text) + "; " +
                        elide(terminal_line(why(quote->candidate)), most_quoted_columns)
                  : "its texts are gone");
  }
  if (const std::size_t open = not_run(story); story.interrupted && open > 0) {
    const std::size_t cells = story.evidence.observations.size();
    return "interrupted: " + std::to_string(open) + " of " + plural(cells, "cell") + (open == 1 ? " was" : " were") +
           " not run";
  }
  if (!story.check.unmeasured.empty()) {
    const CellRef& first = story.check.unmeasured.front();
    const std::string message = elide(terminal_line(message_of(story, first)), most_quoted_columns);
    return terminal_line(cell_words(story.evidence, first)) + (message.empty() ? "" : ": " + message);
  }
  if (!story.check.by_fallback.empty()) {
    const RouteUse& route = story.evidence.plan.routes[1];
    const CellRef& first = story.check.by_fallback.front();
    return terminal_line(spoken(story.evidence, first.item) + ", candidate: answered by the fallback" +
                         (route.fallback.empty() ? "" : " " + route.fallback) + ", not by route " + route.name);
  }
  if (story.check.baseline_passes == 0) return "the baseline passes none of them, so no case could get worse";
  return (story.check.baseline_passes == 1
              ? "the one case that the baseline passes passes"
              : "all " + std::to_string(story.check.baseline_passes) + " cases that the baseline passes pass") +
         std::string(" on the candidate, in ") + plural(story.evidence.plan.trials, "trial") +
         (story.check.known_failures.empty()
              ? ""
              : ", but for " + plural(story.check.known_failures.size(), "known failure"));
}

std::string flip_words(const CheckStory& story, const gate::Flip& flip, const char* what, bool full) {
  std::string text =
      std::string("  ") + what + "  " + terminal_line(spoken(story.evidence, flip.item) + facts(story, flip)) + "\n";
  const auto quote = story.quotes(flip.item, flip.trial);
  if (full) return text + case_texts(quote);
  if (!quote) return text + "    (its texts are gone)\n";
  for (const Arm arm : both_arms) {
    const report::CellQuote& cell = side(*quote, arm);
    text += "    " + std::string(name(arm)) + ": " + quoted(cell.text) + "\n";
    if (const std::string reason = why(cell); !reason.empty()) {
      text += "      because " + elide(terminal_line(reason), most_quoted_columns) + "\n";
    }
  }
  return text;
}

std::string flips_text(const CheckStory& story, const Flips& regressions, bool full) {
  struct Kind {
    const char* what;
    const Flips& flips;
  };
  std::string text;
  std::size_t shown = 0, left = 0;
  for (const auto& [what, flips] : {Kind{"regression", regressions}, Kind{"known failure", story.check.known_failures},
                                    Kind{"improvement", story.check.improvements}}) {
    for (const gate::Flip& flip : flips) {
      if (full || shown < most_flips_shown) {
        text += flip_words(story, flip, what, full);
        ++shown;
      } else {
        ++left;
      }
    }
  }
  if (left > 0) text += "  and " + std::to_string(left) + " more; --full shows them all\n";
  return text.empty() ? text : "\n" + text;
}

std::string errors_text(const CheckStory& story, bool full) {
  std::vector<CellRef> cells = story.check.unmeasured;
  // What was interrupted before it began is counted above, and no error.
  if (story.interrupted) {
    std::erase_if(cells, [&](const CellRef& ref) {
      return story.evidence.at(ref.item, ref.trial, ref.arm).status == Status::not_run;
    });
  }
  if (cells.empty()) return {};
  std::string text = "\n" + plural(cells.size(), "cell") + " not measured:\n";
  const std::size_t most = full ? cells.size() : std::min(cells.size(), most_errors_shown);
  for (std::size_t i = 0; i < most; ++i) {
    const std::string message = elide(terminal_line(message_of(story, cells[i])), most_quoted_columns);
    text += "  " + terminal_line(cell_words(story.evidence, cells[i])) + (message.empty() ? "" : ": " + message) + "\n";
  }
  if (most < cells.size()) text += "  and " + std::to_string(cells.size() - most) + " more\n";
  return text;
}

std::string scope_text(const CheckStory& story) {
  std::string text = "\nthese " + plural(story.check.cases, "case") + " only (estimand: suite): it decides nothing";
  if (!story.selected_by.empty()) text += "; " + terminal_line(story.selected_by);
  text += "\n";
  if (const std::string fallback = fallback_words(story); !fallback.empty()) {
    text += terminal_line(fallback) + ": such a reply says nothing of the candidate\n";
  }
  if (story.baseline_reused > 0) {
    text += "baseline: " + std::to_string(story.baseline_reused) + " of " +
            plural(story.evidence.observations.size() / 2, "cell") + " reused, recorded since " + story.replies_since +
            "\n";
  }
  return text;
}

const char* colour_of(const CheckStory& story) {
  if (story.check.answer == gate::CheckAnswer::regression) return "1;31";
  return story.interrupted || story.check.answer == gate::CheckAnswer::not_measured ? "1;33" : "1;32";
}

Json reasons_json(const report::CellQuote& cell) {
  Json reasons = Json::array();
  for (const auto& grade : cell.grades) {
    if (!grade.pass) reasons.push_back({{"grader", grade.kind}, {"reason", grade.reason}});
  }
  return reasons;
}

Json regression_json(const CheckStory& story, const gate::Flip& flip) {
  const Evidence& evidence = story.evidence;
  const CaseTable::Facts& facts = evidence.cases[flip.item];
  const auto [suite, id] = name_of_case(evidence, flip.item);
  Json value = {{"case", id},
                {"suite", suite},
                {"severity", name(facts.severity)},
                {"trial", flip.trial},
                {"score_change", flip.change},
                {"reply", nullptr},
                {"baseline_reply", nullptr},
                {"reason", nullptr},
                {"graders", Json::array()}};
  if (facts.severe_class != CaseTable::no_class) {
    value["severe_class"] = evidence.cases.severe_class_name(facts.severe_class);
  }
  if (const auto quote = story.quotes(flip.item, flip.trial)) {
    value["reply"] = quote->candidate.text;
    value["baseline_reply"] = quote->baseline.text;
    value["reason"] = why(quote->candidate);
    value["graders"] = reasons_json(quote->candidate);
  }
  return value;
}

Json error_json(const CheckStory& story, const CellRef& ref) {
  const Observation& seen = story.evidence.at(ref.item, ref.trial, ref.arm);
  const auto [suite, id] = name_of_case(story.evidence, ref.item);
  return {{"case", id},
          {"suite", suite},
          {"arm", name(ref.arm)},
          {"trial", ref.trial},
          {"status", name(seen.status)},
          {"kind", name(seen.error)},
          {"message", message_of(story, ref)}};
}

Json cells_json(const CheckStory& story, const std::vector<CellRef>& refs) {
  Json cells = Json::array();
  for (const CellRef& ref : refs) {
    const auto [suite, id] = name_of_case(story.evidence, ref.item);
    cells.push_back({{"case", id}, {"suite", suite}, {"trial", ref.trial}});
  }
  return cells;
}

Json ids_json(const CheckStory& story, const Flips& flips) {
  Json ids = Json::array();
  for (const gate::Flip& flip : flips) ids.push_back(spoken(story.evidence, flip.item));
  return ids;
}

}  // namespace

std::string check_text(const CheckStory& story, const CheckStyle& style) {
  const Flips regressions = in_reading_order(story, story.check.regressions);
  std::string text = terminal_line(answer_line(story));
  if (style.colour) text = "\x1b[" + std::string(colour_of(story)) + "m" + text + "\x1b[0m";
  text += "\n" + reason_line(story, regressions) + "\n";
  if (style.brief) return text;
  text += flips_text(story, regressions, style.full) + errors_text(story, style.full) + scope_text(story);
  return text + "replies and grades: " + terminal_line(story.folder) + "\n";
}

std::string check_json(const CheckStory& story) {
  Json regressions = Json::array(), errors = Json::array();
  for (const gate::Flip& flip : in_reading_order(story, story.check.regressions)) {
    regressions.push_back(regression_json(story, flip));
  }
  for (const CellRef& ref : story.check.unmeasured) errors.push_back(error_json(story, ref));
  const Json all = {{"format", "headgate/check/1"},
                    {"answer", story.interrupted ? "interrupted" : gate::name(story.check.answer)},
                    {"estimand", "suite"},
                    {"gate", story.evidence.plan.gate},
                    {"cases", story.check.cases},
                    {"trials", story.evidence.plan.trials},
                    {"baseline_passes", story.check.baseline_passes},
                    {"baseline_reused", story.baseline_reused},
                    {"candidate_replies", story.check.candidate_replies},
                    {"answered_by_fallback", cells_json(story, story.check.by_fallback)},
                    {"selected_by", story.selected_by},
                    {"regressions", std::move(regressions)},
                    {"improvements", ids_json(story, story.check.improvements)},
                    {"known_failures", ids_json(story, story.check.known_failures)},
                    {"errors", std::move(errors)},
                    {"folder", story.folder}};
  return canonical(all) + "\n";
}

}  // namespace headgate::cli
