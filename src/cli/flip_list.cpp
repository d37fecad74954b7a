#include "flip_list.hpp"

#include <algorithm>

#include "headgate/base/text.hpp"

namespace headgate::cli {
namespace {

std::string indented(std::string_view label, const std::string& text) {
  std::string out = "    " + std::string(label) + ":\n";
  const std::string safe = terminal_text(text);
  for (std::size_t from = 0; from <= safe.size();) {
    const std::size_t end = std::min(safe.find('\n', from), safe.size());
    out += "      | " + safe.substr(from, end - from) + "\n";
    from = end + 1;
  }
  return out;
}

std::string cell_text(std::string_view label, const report::CellQuote& cell) {
  std::string heading = std::string(label) + ", " + name(cell.status);
  if (cell.error != ErrorKind::none) heading += " (" + std::string(name(cell.error)) + ")";
  if (!cell.via.empty()) heading += ", answered by the fallback " + terminal_line(cell.via);
  std::string text = indented(heading, cell.text);
  for (const auto& grade : cell.grades) {
    text += "      " + std::string(grade.pass ? "pass " : "fail ") + terminal_line(report::because(cell, grade)) + "\n";
  }
  return text;
}

}  // namespace

std::string flip_line(const Evidence& evidence, const gate::Flip& flip) {
  const auto& facts = evidence.cases[flip.item];
  std::string text = std::string("  ") + (flip.regression ? "regression   " : "improvement  ") +
                     terminal_line(evidence.cases.id(flip.item));
  if (facts.severity != Severity::normal) text += " (" + std::string(name(facts.severity)) + ")";
  for (const auto& segment : evidence.cases.segment_values(facts.segments)) {
    text += " " + terminal_line(segment.dimension + "=" + segment.value);
  }
  return text + " (score " + (flip.change > 0 ? "+" : "") + fixed(flip.change, 3) + ")\n";
}

std::string case_texts(const std::optional<report::CaseQuote>& quote) {
  if (!quote) return "    (its texts are gone)\n";
  std::string text = indented("input", quote->input);
  if (!quote->expected.empty()) text += indented("expected", quote->expected);
  return text + cell_text("baseline", quote->baseline) + cell_text("candidate", quote->candidate);
}

std::string flip_list(const Evidence& evidence, const report::Quotes& quotes, bool full) {
  const auto all = gate::flips(evidence);
  std::string text = "\n" + plural(all.size(), "flip") + ":\n";
  for (const auto& flip : all) {
    text += flip_line(evidence, flip);
    if (full) text += case_texts(quotes(flip.item, flip.trial));
  }
  return text;
}

}  // namespace headgate::cli
