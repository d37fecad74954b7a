#include "partial_report.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <system_error>

#include "headgate/base/file.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/text.hpp"
#include "headgate/gate/decide.hpp"
#include "headgate/gate/flips.hpp"
#include "headgate/journal/fold.hpp"
#include "output.hpp"

namespace headgate::cli {
namespace {

constexpr std::size_t most_flips = 20;
constexpr const char* headline = "INTERRUPTED: no decision";

std::string cells_done(const Partial& partial) {
  return std::to_string(partial.done) + " of " + plural(partial.cells, "cell") + " done";
}

std::string main_line(const Partial& partial) {
  return cells_done(partial) + "; what follows is partial and decides nothing";
}

std::string arm_line(const ArmSummary& arm, Arm which) {
  const std::size_t errors = arm.route_errors + arm.provider_errors + arm.ungraded;
  return std::string(name(which)) + " " + arm.route + ": " + std::to_string(arm.passed) + " pass, " +
         std::to_string(arm.failed) + " fail, " + std::to_string(errors) + " error, " + std::to_string(arm.not_run) +
         " not run, of " + std::to_string(arm.cells);
}

std::string flip_line(const Partial::Flip& flip) {
  std::string text = std::string(flip.regression ? "regression  " : "improvement ") + flip.id;
  if (flip.severity != Severity::normal) text += " (" + std::string(name(flip.severity)) + ")";
  return text;
}

std::string flips_line(const Partial& partial) {
  const auto worse = std::ranges::count(partial.flips, true, &Partial::Flip::regression);
  const auto better = partial.flips.size() - static_cast<std::size_t>(worse);
  return "flips so far: " + plural(static_cast<std::size_t>(worse), "regression") + ", " +
         plural(better, "improvement");
}

// The rule and its sentence; a verdict would be taken for one.
std::string finding_line(const Partial& partial, const Finding& finding) {
  std::string rule = finding.rule;
  if (finding.suite && partial.so_far.suites.size() > 1) rule += " of " + *finding.suite;
  if (finding.segment) rule += " " + *finding.segment;
  return rule + " (partial): " + finding.sentence;
}

// What is said of the cases that are not done would be false: that none of the gate's is severe, that a listed one is
// missing, that a segment is too small. So are evidence.* findings, which are about the plan as a whole.
bool holds_so_far(const Finding& finding) {
  constexpr std::array about_the_rest = {"must_pass_unknown_case", "segment_few_cases", "segments_required_too_small"};
  return finding.n > 0 && !finding.rule.starts_with("evidence.") &&
         std::ranges::count(about_the_rest, finding.code) == 0;
}

std::string list(const Partial& partial, std::string (*line)(std::string_view), const char* before) {
  std::string text;
  for (const Arm arm : both_arms) {
    text += before + line(arm_line(partial.so_far.arms[static_cast<std::size_t>(arm)], arm)) + "\n";
  }
  text += before + line(flips_line(partial)) + "\n";
  for (std::size_t i = 0; i < std::min(partial.flips.size(), most_flips); ++i) {
    text += std::string("  ") + before + line(flip_line(partial.flips[i])) + "\n";
  }
  if (partial.flips.size() > most_flips) {
    text += std::string("  ") + before + "and " + std::to_string(partial.flips.size() - most_flips) + " more\n";
  }
  if (partial.so_far.findings.empty()) return text;
  text += before +
          line("so far, on " + std::to_string(partial.whole_cases) + " of " + plural(partial.cases, "case") + ":") +
          "\n";
  for (const Finding& finding : partial.so_far.findings)
    text += std::string("  ") + before + line(finding_line(partial, finding)) + "\n";
  return text;
}

// A case as its facts say: all that rules look at.
Case case_of(const Evidence& evidence, CaseIndex index) {
  const CaseTable& cases = evidence.cases;
  const CaseTable::Facts& facts = cases[index];
  Case item;
  item.id = cases.id(index);
  item.cluster = std::to_string(facts.cluster);
  item.segments = cases.segment_values(facts.segments);
  item.tags = cases.tag_names(facts.tags);
  item.severity = facts.severity;
  if (facts.severe_class != CaseTable::no_class) item.severe_class = cases.severe_class_name(facts.severe_class);
  item.sampling = facts.sampling;
  item.weight = facts.weight;
  return item;
}

// The evidence as if only these cases had been planned. What has not been run says nothing about either route, and
// would only drown what has.
Evidence whole_cases(const Evidence& all) {
  Evidence part;
  part.plan = all.plan;
  for (CaseIndex item = 0; item < all.cases.size(); ++item) {
    const auto cells = all.of_case(item);
    if (std::ranges::count(cells, Status::not_run, &Observation::status) > 0) continue;
    part.cases.add(case_of(all, item), all.cases[item].suite, all.cases[item].plan_offset);
    part.observations.insert(part.observations.end(), cells.begin(), cells.end());
  }
  return part;
}

}  // namespace

Partial partial_of(const Evidence& evidence, const std::string& folder, const std::string& to_go_on) {
  Partial partial;
  const Evidence whole = whole_cases(evidence);
  partial.whole_cases = whole.cases.size();
  const auto arms = gate::decide(evidence, evidence.plan.rules).arms;
  partial.so_far = gate::decide(whole, evidence.plan.rules);
  partial.so_far.arms = arms;
  std::erase_if(partial.so_far.findings, [](const Finding& finding) { return !holds_so_far(finding); });
  partial.cases = evidence.cases.size();
  partial.cells = evidence.observations.size();
  partial.done = static_cast<std::size_t>(std::ranges::count_if(
      evidence.observations, [](const Observation& cell) { return cell.status != Status::not_run; }));
  for (const gate::Flip& flip : gate::flips(evidence)) {
    partial.flips.push_back(
        {std::string(evidence.cases.id(flip.item)), evidence.cases[flip.item].severity, flip.regression});
  }
  partial.run_id = name_of(folder);
  partial.folder = folder;
  partial.to_go_on = to_go_on;
  return partial;
}

std::string partial_text(const Partial& partial, bool brief) {
  const std::string last = "to go on: " + partial.to_go_on + "\n";
  if (brief) return std::string(headline) + "\n" + cells_done(partial) + "\n" + last;
  return std::string(headline) + "\n" + main_line(partial) + "\n\n" + list(partial, terminal_line, "  ") +
         "\nreport: " + terminal_line(join_path(partial.folder, "partial.md")) + "\n" + last;
}

std::string partial_markdown(const Partial& partial) {
  return std::string("# ") + headline + "\n\n" + main_line(partial) + ". Run " + markdown_cell(partial.run_id) +
         " of gate " + markdown_cell(partial.so_far.gate) + ".\n\n" + list(partial, markdown_cell, "- ") +
         "\nTo go on: " + markdown_cell(partial.to_go_on) + "\n";
}

std::string partial_json(const Partial& partial) {
  Json arms = Json::object();
  for (const Arm arm : both_arms) {
    const ArmSummary& each = partial.so_far.arms[static_cast<std::size_t>(arm)];
    arms[name(arm)] = {{"route", each.route},
                       {"cells", each.cells},
                       {"passed", each.passed},
                       {"failed", each.failed},
                       {"route_errors", each.route_errors},
                       {"provider_errors", each.provider_errors},
                       {"ungraded", each.ungraded},
                       {"not_run", each.not_run}};
  }
  Json flips = Json::array();
  for (const Partial::Flip& flip : partial.flips) {
    flips.push_back({{"case", flip.id},
                     {"severity", name(flip.severity)},
                     {"change", flip.regression ? "regression" : "improvement"}});
  }
  Json findings = Json::array();
  for (const Finding& finding : partial.so_far.findings) {
    findings.push_back({{"rule", finding.rule}, {"partial", true}, {"sentence", finding.sentence}, {"n", finding.n}});
  }
  const Json all = {
      {"format", "headgate/partial/1"}, {"answer", "interrupted"},     {"decision", nullptr},
      {"cells", partial.cells},         {"done", partial.done},        {"whole_cases", partial.whole_cases},
      {"arms", std::move(arms)},        {"flips", std::move(flips)},   {"findings", std::move(findings)},
      {"folder", partial.folder},       {"to_go_on", partial.to_go_on}};
  return canonical(all) + "\n";
}

Result<void> report_partial(const Context& context, const std::string& folder, const std::string& to_go_on) {
  HG_TRY(evidence, journal::read_evidence(folder));
  const Partial partial = partial_of(evidence, folder, to_go_on);
  HG_CHECK(write_file_atomically(join_path(folder, "partial.md"), partial_markdown(partial)));
  write_out(context.arguments.flag("--json") ? partial_json(partial)
                                             : partial_text(partial, context.arguments.flag("--quiet")));
  return {};
}

Result<void> remove_partial_report(const std::string& folder) {
  const std::string path = join_path(folder, "partial.md");
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return failure(ErrorCode::environment, "cannot remove '" + path + "': " + std::generic_category().message(errno));
}

}  // namespace headgate::cli
