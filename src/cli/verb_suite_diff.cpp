// What differs between two versions of a suite.

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "columns.hpp"
#include "headgate/base/text.hpp"
#include "headgate/suite/diff.hpp"
#include "output.hpp"
#include "suite_input.hpp"

namespace headgate::cli {
namespace {

constexpr std::size_t shown_columns = 100;  // of a value, in the text; --json has it whole

bool is_inside_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Where a reader should begin, so that the first difference of long values is seen.
std::size_t begin_of_difference(const std::string& before, const std::string& after) {
  constexpr std::size_t lead = 30;
  const auto [a, b] = std::ranges::mismatch(before, after);
  const auto same = static_cast<std::size_t>(a - before.begin());
  const bool fits = std::max(columns_of(before), columns_of(after)) <= shown_columns;
  if (fits || same <= lead || before.empty() || after.empty()) return 0;
  std::size_t from = same - lead;
  while (from > 0 && is_inside_character(before[from])) --from;
  return from;
}

std::string value_text(const std::string& safe, std::size_t from) {
  if (safe.empty()) return "(none)";
  const std::string rest = safe.substr(from);
  const std::string shown = first_columns(rest, shown_columns);
  return (from > 0 ? "…" : "") + shown + (shown.size() < rest.size() ? "…" : "");
}

std::string change_text(const suite::Change& change, const std::string& indent) {
  const std::string before = terminal_line(change.before), after = terminal_line(change.after);
  const std::size_t from = begin_of_difference(before, after);
  return indent + change.what + "\n" + indent + "  - " + value_text(before, from) + "\n" + indent + "  + " +
         value_text(after, from) + "\n";
}

std::string ids_text(const char* what, const std::vector<std::string>& ids) {
  std::string text = ids.empty() ? "" : plural(ids.size(), "case") + " " + what + "\n";
  for (const std::string& id : ids) text += "  " + terminal_line(id) + "\n";
  return text;
}

std::string arrow(std::size_t before, std::size_t after) {
  return before == after ? std::to_string(after) : std::to_string(before) + " -> " + std::to_string(after);
}

// Mix and power of each part, before and after.
std::string mix_text(const suite::Diff& diff) {
  Columns table({"", "cases", "random", "carries max_loss before", "after"});
  table.add({"whole", arrow(diff.before.head.cases, diff.after.head.cases),
             arrow(diff.before.random, diff.after.random), carries_text(diff.before.power),
             carries_text(diff.after.power)});
  std::map<std::string, std::map<std::string, std::pair<suite::Part, suite::Part>>> parts;
  for (const auto* stats : {&diff.before, &diff.after}) {
    for (const auto& mix : stats->dimensions) {
      for (const auto& part : mix.parts) {
        auto& both = parts[mix.name][part.value];
        (stats == &diff.before ? both.first : both.second) = part;
      }
    }
  }
  for (const auto& [dimension, values] : parts) {
    for (const auto& [value, both] : values) {
      table.add({terminal_line(dimension + "=" + value), arrow(both.first.cases, both.second.cases),
                 arrow(both.first.power.cases, both.second.power.cases), carries_text(both.first.power),
                 carries_text(both.second.power)});
    }
  }
  return table.text();
}

std::string text_of(const suite::Diff& diff) {
  std::string text = suite_line(diff.before.head) + "\n" + suite_line(diff.after.head) + "\n";
  if (diff.same()) return text + "no difference\n";
  if (!diff.head.empty()) text += "\nthe suite itself\n";
  for (const auto& change : diff.head) text += change_text(change, "  ");
  const std::string cases = ids_text("added", diff.added) + ids_text("removed", diff.removed);
  if (!cases.empty()) text += "\n" + cases;
  if (!diff.changed.empty()) text += "\n" + plural(diff.changed.size(), "case") + " changed\n";
  for (const auto& item : diff.changed) {
    text += "  " + terminal_line(item.id) + "\n";
    for (const auto& change : item.changes) text += change_text(change, "    ");
  }
  return text + "\nmix, and the loss that it rules out where the routes differ on 10 % / 20 % of cases\n" +
         mix_text(diff);
}

Json changes_json(const std::vector<suite::Change>& changes) {
  Json all = Json::array();
  for (const auto& change : changes) {
    all.push_back({{"what", change.what}, {"before", change.before}, {"after", change.after}});
  }
  return all;
}

Json json_of(const suite::Diff& diff) {
  Json changed = Json::array();
  for (const auto& item : diff.changed) changed.push_back({{"id", item.id}, {"changes", changes_json(item.changes)}});
  return {{"format", "headgate/suite-diff/1"}, {"same", diff.same()},
          {"before", stats_json(diff.before)}, {"after", stats_json(diff.after)},
          {"suite", changes_json(diff.head)},  {"added", diff.added},
          {"removed", diff.removed},           {"changed", std::move(changed)}};
}

// SUITE V1 V2, or two references as gates write them.
Result<std::pair<NamedSuite, NamedSuite>> sides_of(const std::vector<std::string>& operands) {
  if (operands.size() == 2) {
    HG_TRY(before, find_suite(operands[0]));
    HG_TRY(after, find_suite(operands[1]));
    return std::pair(before, after);
  }
  HG_TRY(suite, suite::parse_reference(operands[0]));
  if (!suite.range.empty()) {
    return failure(ErrorCode::input, "'" + operands[0] + "' names a version, and so do the words after it",
                   "write: headgate suite diff " + suite.target + " V1 V2");
  }
  const auto at = [&](std::string version) {
    if (version.starts_with('@')) version.erase(0, 1);
    return find_suite(suite.target + "@" + version);
  };
  HG_TRY(before, at(operands[1]));
  HG_TRY(after, at(operands[2]));
  return std::pair(before, after);
}

Result<ExitCode> suite_diff_verb(const Context& context) {
  HG_TRY(options, suite_options(context));
  HG_TRY(sides, sides_of(context.arguments.operands));
  ExitCode refused = ExitCode::refused;
  const auto before = load_suite(context, sides.first, options, refused);
  if (!before) return refused;
  const auto after = load_suite(context, sides.second, options, refused);
  if (!after) return refused;
  const suite::Diff diff = suite::diff(*before, *after);
  write_out(context.arguments.flag("--json") ? canonical_pretty(json_of(diff)) : text_of(diff));
  return ExitCode::yes;
}

}  // namespace

Verb suite_diff_row() {
  return {
      .name = "suite diff",
      .group = writing,
      .summary = "what differs between two versions of a suite: cases, graders, mix, and what it can decide",
      .operands = "SUITE V1 V2",
      .least_operands = 2,
      .most_operands = 3,
      .options = {data_option()},
      .details =
          "SUITE is a folder, or a name looked up in the nearest eval_suites/; versions are those of suite.lock, or\n"
          "draft for the files as they stand. Two whole references work too: name@1.3.0 name@draft.",
      .examples = {"headgate suite diff support_triage 1.3.0 1.4.0",
                   "headgate suite diff support_triage@1.4.0 support_triage@draft"},
      .run = suite_diff_verb,
      .paged = true};
}

}  // namespace headgate::cli
