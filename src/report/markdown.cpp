#include <array>

#include "headgate/base/text.hpp"
#include "headgate/report/render.hpp"
#include "sections.hpp"
#include "words.hpp"

namespace headgate::report {
namespace {

constexpr std::size_t most_quoted_columns = 600;
constexpr std::size_t most_section_rows = 200;

// Every text goes through markdown_cell, also outside tables: it leaves one line without markup.
std::string safe(std::string_view text) { return markdown_cell(text); }
std::string excerpt(std::string_view text) { return safe(elide(terminal_line(text), most_quoted_columns)); }

class Markdown {
 public:
  void heading(std::string_view title) { out_ += "\n## " + safe(title) + "\n\n"; }
  void line(std::string_view harmless) { out_ += std::string(harmless) + "\n"; }
  void bullet(std::string_view text) { out_ += "- " + safe(text) + "\n"; }
  void head(std::initializer_list<const char*> titles) {
    std::string rule;
    out_ += '|';
    for (const char* title : titles) {
      out_ += ' ' + std::string(title) + " |";
      rule += " --- |";
    }
    out_ += "\n|" + rule + "\n";
  }
  // Cells are harmless already, so that ours may hold markup.
  void row(std::initializer_list<std::string> cells) {
    out_ += '|';
    for (const std::string& cell : cells) out_ += ' ' + cell + " |";
    out_ += '\n';
  }
  // The first row is its heading. Texts are made harmless here.
  void table(const std::vector<std::vector<std::string>>& rows) {
    for (const std::vector<std::string>& row : rows) {
      out_ += '|';
      for (const std::string& text : row) out_ += ' ' + safe(text) + " |";
      out_ += '\n';
      if (&row != &rows.front()) continue;
      out_ += '|';
      for (std::size_t i = 0; i < row.size(); ++i) out_ += " --- |";
      out_ += '\n';
    }
  }
  void bullets(const char* title, const std::vector<std::string>& items) {
    if (items.empty()) return;
    heading(title);
    for (const std::string& each : items) bullet(each);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

void write_answer(Markdown& page, const Decision& decision, const RunFacts& facts) {
  page.line("# " + safe(headline(decision)));
  page.line("");
  if (!decision.reasons.empty()) {
    page.line("**" + safe(decision.reasons.front().rule) + "**: " + safe(decision.reasons.front().text));
    page.line("");
  }
  if (!facts.stopped.empty()) page.bullet("stopped: " + facts.stopped);
  if (!facts.origin.empty()) page.bullet("replies: " + facts.origin);
  if (!facts.changes.empty()) page.bullet("against it: " + facts.changes);
  if (!decision.release_question.empty()) page.bullet("question: " + decision.release_question);
  page.bullet("action: " + std::string(name(decision.action)));
  page.bullet("holds for: " + stages_of(decision));
  for (std::size_t i = 1; i < decision.reasons.size(); ++i) {
    page.bullet("also: " + decision.reasons[i].rule + ": " + decision.reasons[i].text);
  }
}

void write_findings(Markdown& page, const Decision& decision) {
  page.heading("Findings");
  page.head({"verdict", "rule", "estimate", "interval", "limit", "cases", "in words"});
  for (const Finding& finding : decision.findings) {
    const Figures figures = figures_of(finding);
    const std::string verdict = name(finding.verdict);
    page.row({finding.verdict == Verdict::pass ? verdict : "**" + verdict + "**", safe(row_title(decision, finding)),
              safe(figures.estimate), safe(figures.interval), safe(figures.limit), std::to_string(finding.n),
              safe(finding.sentence)});
  }
}

void write_arms(Markdown& page, const Decision& decision, const Story& story) {
  page.heading("Arms");
  page.head({"arm", "route", "cells", "pass", "fail", "route errors", "provider errors", "ungraded", "not run",
             "mean score"});
  for (const Arm arm : both_arms) {
    const ArmSummary& each = decision.arms[static_cast<std::size_t>(arm)];
    page.row({name(arm), safe(each.route), std::to_string(each.cells), std::to_string(each.passed),
              std::to_string(each.failed), std::to_string(each.route_errors), std::to_string(each.provider_errors),
              std::to_string(each.ungraded), std::to_string(each.not_run),
              each.score_mean ? fixed(*each.score_mean, 3) : "-"});
  }
  page.line("");
  page.line(
      "The arms differ in " +
      safe(decision.route_diff.empty() ? "nothing that a route's digest covers" : join_words(decision.route_diff)) +
      ".");
  const std::string replies = reply_times(story);
  const std::string first_tokens = first_token_times(story);
  if (!replies.empty() || !first_tokens.empty()) page.line("");
  if (!replies.empty()) page.bullet("reply time: " + replies);
  if (!first_tokens.empty()) page.bullet("first token: " + first_tokens);
}

void write_quote(Markdown& page, const Decision& decision, const CaseQuote& quote) {
  page.line("<details><summary>" + safe(quote.id) + " (" + safe(quote.suite) +
            (facts_of(quote).empty() ? "" : "; " + safe(facts_of(quote))) +
            (is_known(decision, quote) ? "; known failure" : "") + ")</summary>");
  page.line("");
  page.head({"", "text"});
  if (!quote.input.empty()) page.row({"input", excerpt(quote.input)});
  if (!quote.expected.empty()) page.row({"expected", excerpt(quote.expected)});
  page.row({"baseline " + baseline_result(quote), excerpt(quote.baseline.text)});
  page.row({"candidate " + candidate_result(quote), excerpt(quote.candidate.text)});
  for (const CellQuote::Why& why : quote.candidate.grades) {
    if (!why.pass) page.row({"because " + safe(why.shown()), excerpt(why.reason)});
  }
  page.line("");
  page.line("</details>");
  page.line("");
}

void write_severe(Markdown& page, const Decision& decision, const Story& story) {
  if (story.severe.empty()) return;
  page.heading("New severe failures: " + std::to_string(story.severe_total));
  for (const CaseQuote& quote : story.severe) write_quote(page, decision, quote);
  if (story.severe_total > story.severe.size()) {
    page.line("and " + std::to_string(story.severe_total - story.severe.size()) + " more");
  }
}

void write_flips(Markdown& page, const Decision& decision, const Story& story) {
  const std::size_t total = decision.flips.regressions + decision.flips.improvements;
  if (total == 0) return;
  page.heading("Flips: " + flip_counts(decision));
  page.head({"flip", "case", "suite", "baseline", "candidate", "facts"});
  for (const CaseQuote& quote : story.flips) {
    page.row({quote.regression ? "**regression**" : "improvement", safe(quote.id), safe(quote.suite),
              baseline_result(quote), candidate_result(quote), safe(facts_of(quote))});
  }
  if (total > story.flips.size()) {
    page.line("");
    page.line("and " + std::to_string(total - story.flips.size()) + " more");
  }
}

void write_sections(Markdown& page, const Decision& decision, const Story& story) {
  for (const Section& section : sections_of(decision, story, most_section_rows)) {
    page.heading(section.title);
    page.table(section.rows);
    page.line("");
    for (const std::string& line : section.lines) page.bullet(line);
  }
}

void write_suites(Markdown& page, const Decision& decision) {
  page.heading("What was judged");
  page.head({"suite", "version", "cases", "state", "digest"});
  for (const SuiteHead& suite : decision.suites) {
    page.row({safe(suite.name), safe(suite.version), std::to_string(suite.cases),
              suite.released ? "released" : "**draft**", suite.digest.text()});
  }
  page.line("");
  page.line("- plan: " + decision.plan_digest.text());
  page.line("- rules: " + decision.policy_digest.text() + (decision.rules_as_sealed ? "" : " (not as sealed)"));
  page.line("- records: " + decision.records_digest.text());
}

}  // namespace

std::string markdown(const Decision& decision, const Story& story, const RunFacts& facts) {
  Markdown page;
  write_answer(page, decision, facts);
  write_findings(page, decision);
  write_arms(page, decision, story);
  write_severe(page, decision, story);
  write_flips(page, decision, story);
  write_sections(page, decision, story);
  std::vector<std::string> known;
  for (const KnownFailure& each : decision.known_failures) known.push_back(known_failure(each));
  page.bullets("Known failures", known);
  page.bullets("Notes", notes_of(decision));
  page.bullets("What the next stage lacks", decision.next_stage);
  write_suites(page, decision);
  if (!decision.not_asked.empty()) {
    page.line("");
    page.line("Not asked: " + safe(join_words(decision.not_asked, decision.not_asked.size())) + ".");
  }
  if (!facts.run_id.empty()) {
    page.line("");
    page.line("Run " + safe(facts.run_id) + ": " + safe(measured(facts)) + ".");
  }
  if (!facts.calls.empty()) {
    page.line("");
    page.line("Calls: " + safe(facts.calls) + ".");
  }
  return page.take();
}

}  // namespace headgate::report
