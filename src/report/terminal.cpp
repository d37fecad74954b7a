#include <algorithm>

#include "headgate/base/text.hpp"
#include "headgate/report/render.hpp"
#include "layout.hpp"
#include "sections.hpp"
#include "words.hpp"

namespace headgate::report {
namespace {

// Columns of a quoted text before it is elided; whole replies are in the run folder.
constexpr std::size_t most_quoted_columns = 300;
constexpr std::size_t most_notes = 12;
constexpr std::size_t most_section_rows = 20;

Hue hue_of(Outlook answer) {
  switch (answer) {
    case Outlook::eligible:
      return Hue::good;
    case Outlook::not_eligible:
      return Hue::bad;
    case Outlook::inconclusive:
      return Hue::open;
  }
  return Hue::plain;
}

Hue hue_of(const Finding& finding) {
  switch (finding.verdict) {
    case Verdict::pass:
      return Hue::good;
    case Verdict::fail:
      return finding.advisory ? Hue::open : Hue::bad;
    case Verdict::inconclusive:
      return Hue::open;
  }
  return Hue::plain;
}

std::string spaced(Action action) {
  std::string words = name(action);
  std::ranges::replace(words, '_', ' ');
  return words;
}

std::string quotable(const std::string& text) { return elide(terminal_line(text), most_quoted_columns); }

void print_answer(Page& page, const Decision& decision, const RunFacts& facts) {
  page.line(page.painted(terminal_line(headline(decision)), hue_of(decision.answer)));
  if (!decision.reasons.empty()) {
    const Reason& main = decision.reasons.front();
    page.item(terminal_line(main.rule) + ":", main.text);
  }
  if (!facts.stopped.empty()) page.item("stopped:", facts.stopped, Hue::open);
  if (!facts.origin.empty()) page.item("replies:", facts.origin);
  if (!facts.changes.empty()) page.item("against it:", facts.changes);
  page.blank();
  if (!decision.release_question.empty()) page.item("  question ", decision.release_question);
  page.item("  action   ", spaced(decision.action));
  page.item("  holds for", stages_of(decision));
  for (std::size_t i = 1; i < decision.reasons.size(); ++i) {
    const Reason& reason = decision.reasons[i];
    page.item("  also     ", reason.rule + ": " + reason.text);
  }
}

void print_arms(Page& page, const Decision& decision, const Story& story) {
  Table table;
  table.right = {false, false, true, true, true, true, true, true, true, true};
  table.elastic = 1;
  table.rows.push_back({{"arm"},
                        {"route"},
                        {"cells"},
                        {"pass"},
                        {"fail"},
                        {"route err"},
                        {"provider"},
                        {"ungraded"},
                        {"not run"},
                        {"score"}});
  for (const Arm arm : both_arms) {
    const ArmSummary& each = decision.arms[static_cast<std::size_t>(arm)];
    const auto count = [](std::size_t n, Hue hue) { return Cell{std::to_string(n), n > 0 ? hue : Hue::plain}; };
    table.rows.push_back({{name(arm)},
                          {each.route},
                          {std::to_string(each.cells)},
                          {std::to_string(each.passed)},
                          {std::to_string(each.failed)},
                          count(each.route_errors, Hue::open),
                          count(each.provider_errors, Hue::open),
                          count(each.ungraded, Hue::open),
                          count(each.not_run, Hue::open),
                          {each.score_mean ? fixed(*each.score_mean, 3) : "-"}});
  }
  page.blank();
  print(page, table);
  std::string differ =
      decision.route_diff.empty() ? "nothing that a route's digest covers" : join_words(decision.route_diff);
  page.item("  arms differ in", differ);
  if (const std::string times = reply_times(story); !times.empty()) page.item("  reply time", times);
  if (const std::string times = first_token_times(story); !times.empty()) page.item("  first token", times);
}

void print_findings(Page& page, const Decision& decision) {
  Table table;
  table.right = {false, false, true, true, true, true};
  table.elastic = 1;
  table.rows.push_back({{"verdict"}, {"rule"}, {"estimate"}, {"interval"}, {"limit"}, {"cases"}});
  for (const Finding& finding : decision.findings) {
    const Figures figures = figures_of(finding);
    table.rows.push_back({{name(finding.verdict), hue_of(finding)},
                          {row_title(decision, finding)},
                          {figures.estimate},
                          {figures.interval},
                          {figures.limit},
                          {std::to_string(finding.n)}});
  }
  page.blank();
  print(page, table);
}

void print_cell(Page& page, const char* label, const std::string& result, const CellQuote& cell) {
  page.item("    " + std::string(label) + " " + result + ":", cell.text.empty() ? "(no text)" : quotable(cell.text),
            Hue::faint);
}

void print_quote(Page& page, const Decision& decision, const CaseQuote& quote) {
  page.item("  x",
            quote.id + " (" + quote.suite + (facts_of(quote).empty() ? "" : "; " + facts_of(quote)) +
                (is_known(decision, quote) ? "; known failure" : "") + ")",
            Hue::bad);
  if (!quote.input.empty()) page.item("    input:", quotable(quote.input), Hue::faint);
  if (!quote.expected.empty()) page.item("    expected:", quotable(quote.expected), Hue::faint);
  print_cell(page, "baseline", baseline_result(quote), quote.baseline);
  print_cell(page, "candidate", candidate_result(quote), quote.candidate);
  for (const CellQuote::Why& why : quote.candidate.grades) {
    if (!why.pass) page.item("    because", quotable(because(quote.candidate, why)), Hue::faint);
  }
}

void print_severe(Page& page, const Decision& decision, const Story& story) {
  if (story.severe.empty()) return;
  page.heading("new severe failures: " + std::to_string(story.severe_total));
  for (const CaseQuote& quote : story.severe) print_quote(page, decision, quote);
  if (story.severe_total > story.severe.size()) {
    page.item("  ", "and " + std::to_string(story.severe_total - story.severe.size()) + " more");
  }
}

void print_flips(Page& page, const Decision& decision, const Story& story) {
  const std::size_t total = decision.flips.regressions + decision.flips.improvements;
  if (total == 0) return;
  page.heading("flips: " + flip_counts(decision) + ", worst first");
  Table table;
  table.right = {false, false, false, false};
  table.elastic = 1;
  table.rows.push_back({{"flip"}, {"case"}, {"baseline -> candidate"}, {""}});
  for (const CaseQuote& quote : story.flips) {
    table.rows.push_back({{quote.regression ? "regression" : "improvement", quote.regression ? Hue::bad : Hue::good},
                          {quote.id},
                          {baseline_result(quote) + " -> " + candidate_result(quote)},
                          {elide(terminal_line(facts_of(quote)), page.width() / 2)}});
  }
  print(page, table);
  if (total > story.flips.size()) {
    page.item("  ", "and " + std::to_string(total - story.flips.size()) + " more: headgate show --flips");
  }
}

void print_sections(Page& page, const Decision& decision, const Story& story) {
  for (const Section& section : sections_of(decision, story, most_section_rows)) {
    std::string title = section.title;
    title[0] = static_cast<char>(title[0] - 'A' + 'a');  // ours, and a capital
    page.heading(title);
    Table table;
    table.right = section.right;
    for (const std::vector<std::string>& row : section.rows) {
      std::vector<Cell>& cells = table.rows.emplace_back();
      for (const std::string& text : row) cells.push_back({text});
    }
    print(page, table);
    for (const std::string& line : section.lines) page.item("  -", line, Hue::faint);
  }
}

void print_list(Page& page, const char* heading, const std::vector<std::string>& items) {
  if (items.empty()) return;
  page.heading(heading);
  for (std::size_t i = 0; i < std::min(items.size(), most_notes); ++i) page.item("  -", items[i]);
  if (items.size() > most_notes) page.item("  -", "and " + std::to_string(items.size() - most_notes) + " more");
}

std::vector<std::string> known_failures(const Decision& decision) {
  std::vector<std::string> out;
  for (const KnownFailure& each : decision.known_failures) out.push_back(known_failure(each));
  return out;
}

}  // namespace

std::string terminal(const Decision& decision, const Story& story, const RunFacts& facts, const Style& style) {
  Page page(style.width, style.colour);
  print_answer(page, decision, facts);
  print_findings(page, decision);
  print_arms(page, decision, story);
  print_severe(page, decision, story);
  print_flips(page, decision, story);
  print_sections(page, decision, story);
  print_list(page, "known failures", known_failures(decision));
  print_list(page, "notes", notes_of(decision));
  print_list(page, "what the next stage lacks", decision.next_stage);
  page.blank();
  if (!decision.not_asked.empty())
    page.item("not asked:", join_words(decision.not_asked, decision.not_asked.size()), Hue::faint);
  if (!facts.run_id.empty()) page.item("run:", facts.run_id + ", " + measured(facts), Hue::faint);
  if (!facts.calls.empty()) page.item("calls:", facts.calls, Hue::faint);
  const std::string where = facts.folder.empty() ? "" : terminal_line(facts.folder) + "/";
  page.line("report: " + where + "summary.md" +
            (facts.run_id.empty() ? "" : "  (headgate show " + terminal_line(facts.run_id) + ")"));
  return page.take();
}

}  // namespace headgate::report
