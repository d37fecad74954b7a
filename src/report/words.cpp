#include "words.hpp"

#include <algorithm>
#include <cmath>

#include "headgate/base/text.hpp"

namespace headgate::report {
namespace {

enum class Unit { points, percent, milliseconds, dollars, count };

Unit unit_of(const Finding& finding) {
  if (finding.rule == "quality" || finding.rule == "segments") return Unit::points;
  if (finding.rule == "latency") return Unit::milliseconds;
  if (finding.rule == "cost") return Unit::dollars;
  if (finding.rule == "floor" || finding.rule == "errors" || finding.rule == "fallback_rate") return Unit::percent;
  if (finding.rule == "evidence.provider_errors" || finding.rule == "evidence.ungraded") return Unit::percent;
  if (finding.rule == "evidence.judges") return Unit::percent;  // the judge's recall
  return finding.rule == "severe" && finding.method != "deterministic" ? Unit::percent : Unit::count;
}

std::string figure(double value, Unit unit, bool signs) {
  if (!std::isfinite(value)) return shortest(value);
  switch (unit) {
    case Unit::points: {
      std::string text = fixed(value * 100.0, 1);
      if (text == "-0.0") text = "0.0";
      return signs && value > 0.0 ? "+" + text : text;
    }
    case Unit::percent:
      return percent(value, value != 0.0 && std::abs(value) < 0.01 ? 2 : 1);
    case Unit::milliseconds:
      return fixed(value, 0) + " ms";
    case Unit::dollars:
      return "$" + fixed(value, value != 0.0 && std::abs(value) < 0.01 ? 6 : 4);
    case Unit::count:
      return fixed(value, value == std::floor(value) ? 0 : 1);
  }
  return {};
}

// "812 ms", "12.3 s".
std::string span_of(double ms) {
  constexpr double long_ms = 10'000.0;
  if (ms >= long_ms) return fixed(ms / 1000.0, 1) + " s";
  return fixed(ms, ms < 10.0 ? 1 : 0) + " ms";
}

std::string times_in_words(const Story& story, Times ArmTimes::*which, bool with_cached) {
  std::string out;
  bool any = false;
  for (const Arm arm : both_arms) {
    const ArmTimes& mine = story.times[static_cast<std::size_t>(arm)];
    const Times& times = mine.*which;
    any = any || times.n > 0;
    out += std::string(out.empty() ? "" : "; ") + name(arm) + " ";
    out +=
        times.n == 0 ? "not recorded" : "median " + span_of(times.median_ms) + ", 95 % within " + span_of(times.p95_ms);
    if (with_cached && mine.cached > 0) {
      out += " (" + plural(mine.cached, "cached reply has", "cached replies have") + " none)";
    }
  }
  return any ? out : std::string();
}

const char* loud(Outlook answer) {
  switch (answer) {
    case Outlook::eligible:
      return "ELIGIBLE";
    case Outlook::not_eligible:
      return "NOT ELIGIBLE";
    case Outlook::inconclusive:
      return "INCONCLUSIVE";
  }
  return "INCONCLUSIVE";
}

}  // namespace

std::string headline(const Decision& decision) {
  return std::string(loud(decision.answer)) + " for " + name(decision.stage) + ": " + decision.gate;
}

std::string stages_of(const Decision& decision) {
  std::vector<std::string> stages;
  for (const Stage stage : decision.eligible_for) stages.emplace_back(name(stage));
  return stages.empty() ? "no stage" : join_words(stages);
}

std::string title_of(const Decision& decision, const Finding& finding) {
  constexpr std::string_view class_prefix = "severe_class=";  // says no more than the rule's name
  std::string title = finding.rule;
  if (finding.segment) {
    const bool is_class = finding.segment->starts_with(class_prefix);
    title += " " + finding.segment->substr(is_class ? class_prefix.size() : 0);
  }
  if (finding.rule == "quality" && finding.suite && decision.suites.size() > 1) title += " of " + *finding.suite;
  if (finding.advisory) title += " (advisory)";
  return title;
}

std::string worst_segment(const Finding& finding) {
  constexpr std::string_view prefix = "worst_segment ";
  return finding.estimand.starts_with(prefix) ? finding.estimand.substr(prefix.size()) : std::string();
}

std::string row_title(const Decision& decision, const Finding& finding) {
  const std::string worst = worst_segment(finding);
  return title_of(decision, finding) + (worst.empty() ? "" : " (worst: " + worst + ")");
}

std::vector<std::string> notes_of(const Decision& decision) {
  std::vector<std::string> notes = decision.notes;
  for (const Finding& finding : decision.findings) {
    for (const std::string& note : finding.notes) notes.push_back(title_of(decision, finding) + ": " + note);
  }
  return notes;
}

bool is_known(const Decision& decision, const CaseQuote& quote) {
  return std::ranges::any_of(decision.known_failures,
                             [&](const KnownFailure& known) { return known.active && known.case_id == quote.id; });
}

Figures figures_of(const Finding& finding) {
  const Unit unit = unit_of(finding);
  Figures figures;
  if (finding.estimate) {
    figures.estimate = figure(*finding.estimate, unit, true);
    if (unit == Unit::points) figures.estimate += " points";
  }
  if (finding.lower && finding.upper) {
    figures.interval = figure(*finding.lower, unit, false) + " to " + figure(*finding.upper, unit, false);
  } else if (finding.upper) {
    figures.interval = "at most " + figure(*finding.upper, unit, false);
  }
  if (finding.threshold) figures.limit = figure(*finding.threshold, unit, true);
  return figures;
}

std::string result_of(const CellQuote& cell, bool passes) {
  if (cell.status == Status::ok) return passes ? "pass" : "fail";
  return cell.error == ErrorKind::none ? name(cell.status) : name(cell.error);
}

std::string baseline_result(const CaseQuote& quote) { return result_of(quote.baseline, quote.regression); }
// The candidate of a quote passes exactly where it improves on a baseline; in a severe failure that is not new both
// fail.
std::string candidate_result(const CaseQuote& quote) { return result_of(quote.candidate, !quote.regression); }

std::string facts_of(const CaseQuote& quote) {
  std::vector<std::string> facts;
  if (quote.severity != Severity::normal) {
    facts.push_back(std::string(name(quote.severity)) + (quote.severe_class.empty() ? "" : " " + quote.severe_class));
  }
  for (const SegmentValue& segment : quote.segments) facts.push_back(segment.dimension + "=" + segment.value);
  std::string out;
  for (const std::string& each : facts) out += (out.empty() ? "" : ", ") + each;
  return out;
}

std::string flip_counts(const Decision& decision) {
  return plural(decision.flips.regressions, "regression") + " and " +
         plural(decision.flips.improvements, "improvement");
}

std::string known_failure(const KnownFailure& known) {
  return known.case_id + ", " + known.owner + ", until " + known.until + (known.active ? "" : " (expired)") + ": " +
         known.reason;
}

std::string reply_times(const Story& story) { return times_in_words(story, &ArmTimes::reply, true); }
std::string first_token_times(const Story& story) { return times_in_words(story, &ArmTimes::first_token, false); }

std::string dollars(double amount) {
  constexpr double least = 1e12;  // parts of a dollar that anybody asks for
  const double rounded = std::round(amount * least) / least;
  return "$" + shortest(std::isfinite(rounded) ? rounded : amount);
}

std::string call_of(const CellQuote& cell) {
  std::vector<std::string> facts;
  if (!cell.via.empty()) facts.push_back("answered by the fallback " + cell.via);
  if (cell.cached) facts.emplace_back("from the response cache");
  if (cell.tries > 1) facts.push_back(plural(cell.tries, "try", "tries"));
  if (cell.waited_ms > 0.0) facts.push_back("waited " + span_of(cell.waited_ms));
  if (cell.first_token_ms) facts.push_back("first token after " + span_of(*cell.first_token_ms));
  if (cell.spent_usd) facts.push_back(dollars(*cell.spent_usd) + " against the budget");
  if (!cell.request_id.empty()) facts.push_back("request id " + cell.request_id);
  std::string out;
  for (const std::string& each : facts) out += (out.empty() ? "" : ", ") + each;
  return out;
}

std::string failed_try(const CellQuote::Try& tried) {
  return std::string(name(tried.error)) +
         (tried.http_status > 0 ? " (HTTP " + std::to_string(tried.http_status) + ")" : "") + " after " +
         span_of(tried.latency_ms) + (tried.message.empty() ? "" : ": " + tried.message);
}

std::string measured(const RunFacts& facts) {
  return plural(facts.cells_run, "cell") + " run, " + std::to_string(facts.cells_reused) + " reused, " +
         fixed(facts.seconds, 1) + " s on " + plural(facts.workers, "worker");
}

}  // namespace headgate::report
