// What a suite is made of, and what its size can decide.

#include <nlohmann/json.hpp>
#include <set>

#include "columns.hpp"
#include "headgate/base/text.hpp"
#include "output.hpp"
#include "suite_input.hpp"

namespace headgate::cli {
namespace {

std::string dimension_text(const suite::DimensionMix& mix) {
  bool has_traffic = false;
  for (const auto& part : mix.parts) has_traffic = has_traffic || part.traffic.has_value();
  std::vector<std::string> head = {terminal_line(mix.name), "cases", "targeted", "share", "carries max_loss"};
  if (has_traffic) head.insert(head.begin() + 4, "traffic");
  Columns table(head);
  for (const auto& part : mix.parts) {
    std::vector<std::string> row = {terminal_line(part.value), std::to_string(part.cases),
                                    std::to_string(part.targeted), percent(part.share), carries_text(part.power)};
    if (has_traffic) row.insert(row.begin() + 4, part.traffic ? percent(*part.traffic) : "-");
    table.add(std::move(row));
  }
  std::string text = "\n" + table.text();
  if (mix.without > 0) text += "  " + plural(mix.without, "case") + " without " + terminal_line(mix.name) + "\n";
  return text;
}

std::string crossing_text(const suite::Crossing& crossing) {
  std::set<std::string> across;
  for (const auto& [down, row] : crossing.cases) {
    for (const auto& [value, cases] : row) across.insert(value);
  }
  if (across.empty()) return "";
  std::vector<std::string> head = {terminal_line(crossing.down) + " \\ " + terminal_line(crossing.across)};
  for (const std::string& value : across) head.push_back(terminal_line(value));
  Columns table(head);
  for (const auto& [down, cases] : crossing.cases) {
    std::vector<std::string> row = {terminal_line(down)};
    for (const std::string& value : across) {
      const auto found = cases.find(value);
      row.push_back(found == cases.end() ? "." : std::to_string(found->second));
    }
    table.add(std::move(row));
  }
  return "\n" + table.text();
}

std::string severity_text(const suite::Stats& stats) {
  std::string text = "\nseverity: ";
  bool first = true;
  for (const char* each : {"normal", "major", "severe"}) {
    text += std::string(first ? "" : ", ") + std::to_string(stats.severities.at(each)) + " " + each;
    first = false;
  }
  text += "\n";
  if (stats.severe_classes.empty()) return text;
  Columns table({"severe class", "cases", "all clean shows at most"});
  for (const auto& each : stats.severe_classes) {
    table.add({terminal_line(each.name), std::to_string(each.cases), percent(each.rate_shown, 2)});
  }
  return text + table.text();
}

std::string listed(const std::string& what, const std::vector<std::string>& ids) {
  std::vector<std::string> safe;
  for (const std::string& id : ids) safe.push_back(terminal_line(id));
  return "  " + what + ": " + join_words(safe) + "\n";
}

std::string rest_text(const suite::Stats& stats) {
  std::string text = "\nclusters: ";
  text += stats.clusters == 0 ? "every case is its own"
                              : plural(stats.clustered_cases, "case") + " share " + plural(stats.clusters, "cluster") +
                                    ", at most " + std::to_string(stats.largest_cluster) + " one";
  text += "\ntags: ";
  std::vector<std::string> tags;
  for (const auto& [tag, cases] : stats.tags) tags.push_back(terminal_line(tag) + " " + std::to_string(cases));
  text += tags.empty() ? "none" : join_words(tags, 20);
  text += "\n\n";
  Columns graders({"grader", "cases", "asked by"});
  for (const auto& each : stats.graders) {
    graders.add({terminal_line(each.kind), std::to_string(each.cases), each.of_suite ? "the suite" : "cases"});
  }
  text += graders.text() + "\n";
  text += "without expected: " + plural(stats.without_expected.size(), "case") + "\n";
  if (!stats.without_expected.empty()) text += listed("they are", stats.without_expected);
  text += "the very same input: " + plural(stats.same_input.size(), "group") + " of cases\n";
  constexpr std::size_t most_groups = 20;
  for (std::size_t i = 0; i < std::min(stats.same_input.size(), most_groups); ++i) {
    text += listed("group", stats.same_input[i]);
  }
  if (stats.same_input.size() > most_groups) {
    text += "  and " + plural(stats.same_input.size() - most_groups, "more group", "more groups") + "\n";
  }
  return text;
}

std::string text_of(const suite::Stats& stats) {
  std::string text = suite_line(stats.head) + "\n";
  text += std::to_string(stats.random) + " sampled at random, " + std::to_string(stats.targeted) + " targeted\n";
  text += "they carry max_loss " + carries_text(stats.power) +
          " where the routes differ on 10 % / 20 % of cases (80 % of equal candidates pass)";
  if (stats.power.effective + 0.5 < static_cast<double>(stats.power.cases)) {
    text += ", counted as " + fixed(stats.power.effective, 0) + " independent ones";
  }
  text += "\n";
  for (const auto& mix : stats.dimensions) text += dimension_text(mix);
  for (const auto& crossing : stats.crossings) text += crossing_text(crossing);
  return text + severity_text(stats) + rest_text(stats);
}

Result<ExitCode> suite_stats_verb(const Context& context) {
  HG_TRY(options, suite_options(context));
  HG_TRY(named, find_suite(context.arguments.operands[0]));
  ExitCode refused = ExitCode::refused;
  const auto loaded = load_suite(context, named, options, refused);
  if (!loaded) return refused;
  const suite::Stats stats = suite::stats_of(*loaded);
  if (context.arguments.flag("--json")) {
    Json out = stats_json(stats);
    out["format"] = "headgate/suite-stats/1";
    write_out(canonical_pretty(out));
  } else {
    write_out(text_of(stats));
  }
  return ExitCode::yes;
}

}  // namespace

Verb suite_stats_row() {
  return {
      .name = "suite stats",
      .group = writing,
      .summary = "what a suite is made of, and how small a loss its cases can rule out",
      .operands = "SUITE",
      .least_operands = 1,
      .most_operands = 1,
      .options = {data_option()},
      .details =
          "SUITE is a folder, or a name[@range] looked up in the nearest eval_suites/. Shows the mix by segment, "
          "alone\n"
          "and crossed, severities and classes, sampling, clusters, tags, graders, cases without an expected answer,\n"
          "and cases that ask the very same (case and white space aside).",
      .examples = {"headgate suite stats support_triage", "headgate suite stats support_triage@draft --json"},
      .run = suite_stats_verb,
      .paged = true};
}

}  // namespace headgate::cli
