#include "headgate/report/compare.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "case_json.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/text.hpp"
#include "headgate/domain/codec.hpp"
#include "outline.hpp"
#include "words.hpp"

namespace headgate::report {
namespace {

constexpr std::size_t most_quoted_columns = 300;
constexpr std::size_t most_lines = 40;

using Change = gate::ArmContrast::Change;

const gate::ArmContrast& side(const gate::Contrast& contrast, Arm arm) {
  return contrast.arms[static_cast<std::size_t>(arm)];
}
const CellQuote& side(const CaseQuote& quote, Arm arm) {
  return arm == Arm::baseline ? quote.baseline : quote.candidate;
}

// The first trial that the arm does not pass, else the first.
std::uint32_t trial_of(const Evidence& evidence, CaseIndex item, Arm arm) {
  for (std::uint32_t trial = 0; trial < evidence.plan.trials; ++trial) {
    const Observation& seen = evidence.at(item, trial, arm);
    if (seen.status != Status::ok || !seen.pass) return trial;
  }
  return 0;
}

// ---- rules

std::string key_of(std::string pointer) {
  std::string key;
  for (const char c : pointer.substr(1)) key += c == '/' ? '.' : c;
  return key;
}

// ---- the first two lines

std::string answer_line(const ComparedRun& a, const ComparedRun& b) {
  const auto answer = [](const Decision& decision) {
    return std::string(name(decision.answer)) + " for " + name(decision.stage);
  };
  if (identical(a.decision, b.decision)) return "IDENTICAL: " + answer(a.decision) + " in both runs";
  if (answer(a.decision) == answer(b.decision)) return "SAME ANSWER: " + answer(a.decision) + " in both runs";
  return "THE ANSWER CHANGED: " + answer(a.decision) + " -> " + answer(b.decision);
}

// Suites of one name whose version or graders differ: "suite demo 1.0.0 -> 1.1.0", "the graders of demo".
struct SuiteChange {
  const SuiteHead* a;
  const SuiteHead* b;
  bool same_graders() const { return a->graders_digest == b->graders_digest; }
};
std::vector<SuiteChange> suite_changes(const ComparedRun& a, const ComparedRun& b) {
  std::vector<SuiteChange> out;
  for (const SuiteHead& now : b.evidence.plan.suites) {
    const auto& suites = a.evidence.plan.suites;
    const auto before = std::ranges::find(suites, now.name, &SuiteHead::name);
    if (before == suites.end()) continue;
    const SuiteChange change{&*before, &now};
    if (before->version != now.version || !change.same_graders()) out.push_back(change);
  }
  return out;
}

// "the candidate route, 2 rules and 3 cases"
std::string what_differs(const ComparedRun& a, const ComparedRun& b, const gate::Contrast& contrast) {
  std::vector<std::string> parts;
  if (a.decision.gate != b.decision.gate) parts.emplace_back("the gate");
  for (const Arm arm : both_arms) {
    if (!side(contrast, arm).same_route) parts.push_back("the " + std::string(name(arm)) + " route");
  }
  for (const SuiteChange& change : suite_changes(a, b)) {
    if (change.a->version != change.b->version) {
      parts.push_back("the version of " + change.b->name + " (" + change.a->version + " -> " + change.b->version + ")");
    }
    if (!change.same_graders()) parts.push_back("the graders of " + change.b->name);
  }
  const std::size_t rules = rule_changes(a.evidence.plan.rules, b.evidence.plan.rules).size();
  if (rules > 0) parts.push_back(plural(rules, "rule value"));
  const std::size_t cases = contrast.changed.size() + contrast.added.size() + contrast.removed.size();
  if (cases > 0) parts.push_back(plural(cases, "case"));
  if (contrast.other_trials) parts.emplace_back("the number of trials");
  return parts.empty() ? "" : join_words(parts, parts.size());
}

std::string flips_of(const gate::ArmContrast& arm) {
  return std::to_string(arm.worse) + " no longer " + (arm.worse == 1 ? "passes" : "pass") + ", " +
         std::to_string(arm.better) + " now " + (arm.better == 1 ? "passes" : "pass");
}

std::string main_line(const ComparedRun& a, const ComparedRun& b, const gate::Contrast& contrast) {
  if (identical(a.decision, b.decision)) {
    return "the same plan, and the same replies and grades in all " + plural(a.evidence.observations.size(), "cell");
  }
  const std::string differs = what_differs(a, b, contrast);
  std::string text = differs.empty() ? "plan and rules are the same" : "between them: " + differs;
  if (contrast.common.empty()) return text + "; they have no case in common";
  text += "; of " + plural(contrast.common.size(), "common case") + " on the candidate, " +
          flips_of(side(contrast, Arm::candidate));
  for (const Arm arm : both_arms) {
    const auto& drift = side(contrast, arm).drift;
    if (drift.other_reply == 0) continue;
    text += "; the unchanged " + std::string(name(arm)) + " route answers " + std::to_string(drift.other_reply) +
            " of " + plural(drift.asked, "question") + " differently";
  }
  return text;
}

// ---- the page

void print_runs(Page& page, const ComparedRun& a, const ComparedRun& b) {
  const auto line = [&](const char* label, const ComparedRun& run) {
    page.item(std::string("  ") + label, run.facts.run_id + (run.started.empty() ? "" : ", of " + run.started) +
                                             ", gate " + run.decision.gate +
                                             (run.facts.origin.empty() ? "" : "; replies " + run.facts.origin));
  };
  line("A", a);
  line("B", b);
}

std::string names(const Evidence& evidence, const std::vector<CaseIndex>& items, bool full) {
  std::string text;
  const std::size_t shown = full ? items.size() : std::min(items.size(), max_compared);
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + std::string(evidence.cases.id(items[i]));
  if (shown < items.size()) text += " and " + std::to_string(items.size() - shown) + " more";
  return text;
}

void print_cases(Page& page, const ComparedRun& a, const ComparedRun& b, const gate::Contrast& contrast, bool full) {
  page.heading("cases: " + std::to_string(contrast.common.size()) + " common, " +
               std::to_string(contrast.changed.size()) + " changed, " + std::to_string(contrast.added.size()) +
               " added, " + std::to_string(contrast.removed.size()) + " removed");
  std::vector<CaseIndex> changed;
  for (const gate::SharedCase& each : contrast.changed) changed.push_back(each.b);
  if (!changed.empty()) page.item("  changed", names(b.evidence, changed, full));
  if (!contrast.added.empty()) page.item("  added  ", names(b.evidence, contrast.added, full));
  if (!contrast.removed.empty()) page.item("  removed", names(a.evidence, contrast.removed, full));
  if (contrast.other_trials) {
    page.item("  trials ", std::to_string(a.evidence.plan.trials) + " -> " + std::to_string(b.evidence.plan.trials) +
                               "; cells are compared as far as both go");
  }
}

void print_arms(Page& page, const ComparedRun& a, const ComparedRun& b, const gate::Contrast& contrast) {
  Table table;
  table.right = {false, false, true, true, true, true};
  table.elastic = 1;
  table.rows.push_back({{"arm"}, {"route"}, {"A passes"}, {"B passes"}, {"no longer"}, {"now"}});
  for (const Arm arm : both_arms) {
    const auto index = static_cast<std::size_t>(arm);
    const gate::ArmContrast& each = contrast.arms[index];
    const std::string& before = a.decision.arms[index].route;
    const std::string& now = b.decision.arms[index].route;
    const std::string route =
        (before == now ? now : before + " -> " + now) + (each.same_route ? " (same)" : " (changed)");
    table.rows.push_back({{name(arm)},
                          {route},
                          {std::to_string(each.passed_a)},
                          {std::to_string(each.passed_b)},
                          {std::to_string(each.worse), each.worse > 0 ? Hue::bad : Hue::plain},
                          {std::to_string(each.better), each.better > 0 ? Hue::good : Hue::plain}});
  }
  page.heading("on the common cases");
  print(page, table);
}

void print_drift(Page& page, const ComparedRun& b, const gate::Contrast& contrast, bool full) {
  for (const Arm arm : both_arms) {
    const gate::ArmContrast& each = side(contrast, arm);
    if (!each.same_route) continue;
    const auto& drift = each.drift;
    const std::string label = "  " + std::string(name(arm)) + " drift:";
    if (drift.other_reply > 0) {
      std::vector<CaseIndex> items;
      for (const gate::SharedCase& item : drift.cases) items.push_back(item.b);
      page.item(label,
                "the route answers differently to the same question: " + std::to_string(drift.other_reply) + " of " +
                    plural(drift.asked, "cell") + ", " + std::to_string(drift.other_outcome) +
                    " with another outcome (" + names(b.evidence, items, full) + ")",
                Hue::open);
    } else if (drift.asked > 0) {
      page.item(label, "none: the same answer in all " + plural(drift.asked, "cell"));
    }
    if (drift.graded_otherwise > 0) {
      page.item("  " + std::string(name(arm)) + " grades:",
                "the same reply was graded otherwise in " + plural(drift.graded_otherwise, "cell"), Hue::open);
    }
  }
}

void print_reply(Page& page, const char* label, const CellQuote& cell) {
  page.line(std::string("    ") + label + ":");
  draw_text(page, cell.text.empty() ? "(no text)" : cell.text, 6, most_lines);
  for (const CellQuote::Why& why : cell.grades) {
    if (!why.pass)
      page.item("      because", elide(terminal_line(because(cell, why)), most_quoted_columns), Hue::faint);
  }
}

void print_change(Page& page, const ComparedRun& a, const ComparedRun& b, Arm arm, const Change& change, bool full) {
  const std::uint32_t trial_a = trial_of(a.evidence, change.item.a, arm);
  const std::uint32_t trial_b = trial_of(b.evidence, change.item.b, arm);
  const CaseQuote before = quote_of(a.evidence, change.item.a, trial_a, a.quotes);
  const CaseQuote now = quote_of(b.evidence, change.item.b, trial_b, b.quotes);
  std::string text = now.id + ": " + gate::words_of(change.a) + " -> " + gate::words_of(change.b);
  if (const std::string facts = facts_of(now); !facts.empty()) text += " (" + facts + ")";
  page.item(change.worse ? "  -" : "  +", text, change.worse ? Hue::bad : Hue::good);
  if (!full) return;
  page.line("    input:");
  draw_text(page, now.input, 6, most_lines);
  print_reply(page, "A", side(before, arm));
  print_reply(page, "B", side(now, arm));
}

void print_changes(Page& page, const ComparedRun& a, const ComparedRun& b, const gate::Contrast& contrast, bool full) {
  for (const Arm arm : {Arm::candidate, Arm::baseline}) {
    const std::vector<Change>& changes = side(contrast, arm).changes;
    if (changes.empty()) continue;
    page.heading(std::string(name(arm)) + ", A -> B: " + plural(changes.size(), "case"));
    const std::size_t shown = full ? changes.size() : std::min(changes.size(), max_compared);
    for (std::size_t i = 0; i < shown; ++i) print_change(page, a, b, arm, changes[i], full);
    if (shown < changes.size()) {
      page.line("    and " + std::to_string(changes.size() - shown) + " more; --full or --json shows all");
    }
  }
}

// ---- findings

struct Match {
  const Finding* a = nullptr;
  const Finding* b = nullptr;
};

// By rule, suite, segment, and which of these it is.
std::vector<Match> matched(const Decision& a, const Decision& b) {
  using Key = std::tuple<std::string, std::string, std::string, std::size_t>;
  const auto keys_of = [](const Decision& decision) {
    std::map<Key, std::size_t> seen;
    std::vector<Key> keys;
    for (const Finding& each : decision.findings) {
      const Key key{each.rule, each.suite.value_or(""), each.segment.value_or(""), 0};
      keys.emplace_back(each.rule, each.suite.value_or(""), each.segment.value_or(""), seen[key]++);
    }
    return keys;
  };
  const std::vector<Key> in_a = keys_of(a);
  const std::vector<Key> in_b = keys_of(b);
  std::vector<Match> out;
  for (std::size_t i = 0; i < in_b.size(); ++i) {
    const auto found = std::ranges::find(in_a, in_b[i]);
    const Finding* before = found == in_a.end() ? nullptr : &a.findings[static_cast<std::size_t>(found - in_a.begin())];
    out.push_back({before, &b.findings[i]});
  }
  for (std::size_t i = 0; i < in_a.size(); ++i) {
    if (std::ranges::find(in_b, in_a[i]) == in_b.end()) out.push_back({&a.findings[i], nullptr});
  }
  return out;
}

std::string arrow(const std::string& a, const std::string& b) { return a == b ? a : a + " -> " + b; }

void print_findings(Page& page, const ComparedRun& a, const ComparedRun& b) {
  Table table;
  table.right = {false, false, false, false};
  table.elastic = 1;
  table.rows.push_back({{"verdict"}, {"rule"}, {"estimate"}, {"limit"}});
  for (const Match& match : matched(a.decision, b.decision)) {
    const auto verdict = [](const Finding* each) { return each ? std::string(name(each->verdict)) : "not asked"; };
    const Figures before = match.a ? figures_of(*match.a) : Figures{};
    const Figures now = match.b ? figures_of(*match.b) : Figures{};
    const auto shown = [](const std::string& text) { return text.empty() ? std::string("-") : text; };
    const std::string verdicts = arrow(verdict(match.a), verdict(match.b));
    const bool changed = verdict(match.a) != verdict(match.b);
    table.rows.push_back({{verdicts, changed ? Hue::strong : Hue::plain},
                          {match.b ? title_of(b.decision, *match.b) : title_of(a.decision, *match.a)},
                          {arrow(shown(before.estimate), shown(now.estimate))},
                          {arrow(shown(before.limit), shown(now.limit))}});
  }
  page.heading("findings, A -> B");
  print(page, table);
}

void print_rules(Page& page, const ComparedRun& a, const ComparedRun& b) {
  const std::vector<RuleChange> changes = rule_changes(a.evidence.plan.rules, b.evidence.plan.rules);
  if (changes.empty()) return;
  page.heading("rules, A -> B");
  for (const RuleChange& change : changes) page.item("  -", change.key + ": " + change.a + " -> " + change.b);
}

// ---- JSON

Json run_value(const ComparedRun& run) {
  return {{"run", text_json(run.facts.run_id)},
          {"folder", text_json(run.facts.folder)},
          {"gate", text_json(run.decision.gate)},
          {"started", run.started.empty() ? Json(nullptr) : Json(run.started)},
          {"stage", name(run.decision.stage)},
          {"answer", name(run.decision.answer)},
          {"trials", run.evidence.plan.trials},
          {"plan_digest", run.decision.plan_digest.text()},
          {"policy_digest", run.decision.policy_digest.text()},
          {"records_digest", run.decision.records_digest.text()}};
}

Json ids_value(const Evidence& evidence, const std::vector<CaseIndex>& items) {
  Json out = Json::array();
  for (const CaseIndex item : items) {
    out.push_back({{"suite", text_json(evidence.plan.suites[evidence.cases[item].suite].name)},
                   {"id", text_json(std::string(evidence.cases.id(item)))}});
  }
  return out;
}

Json arm_value(const ComparedRun& a, const ComparedRun& b, const gate::ArmContrast& arm, Arm which) {
  const auto index = static_cast<std::size_t>(which);
  Json changes = Json::array();
  for (const Change& change : arm.changes) {
    const std::uint32_t trial_a = trial_of(a.evidence, change.item.a, which);
    const std::uint32_t trial_b = trial_of(b.evidence, change.item.b, which);
    const CaseQuote before = quote_of(a.evidence, change.item.a, trial_a, a.quotes);
    const CaseQuote now = quote_of(b.evidence, change.item.b, trial_b, b.quotes);
    changes.push_back({{"suite", text_json(now.suite)},
                       {"id", text_json(now.id)},
                       {"severity", name(now.severity)},
                       {"from", gate::words_of(change.a)},
                       {"to", gate::words_of(change.b)},
                       {"a", cell_json(a.evidence.at(change.item.a, trial_a, which), side(before, which))},
                       {"b", cell_json(b.evidence.at(change.item.b, trial_b, which), side(now, which))}});
  }
  std::vector<CaseIndex> drifting;
  for (const gate::SharedCase& item : arm.drift.cases) drifting.push_back(item.b);
  return {{"same_route", arm.same_route},
          {"route_a", text_json(a.decision.arms[index].route)},
          {"route_b", text_json(b.decision.arms[index].route)},
          {"passed_a", arm.passed_a},
          {"passed_b", arm.passed_b},
          {"no_longer_pass", arm.worse},
          {"now_pass", arm.better},
          {"changes", std::move(changes)},
          {"drift",
           {{"asked", arm.drift.asked},
            {"other_reply", arm.drift.other_reply},
            {"other_outcome", arm.drift.other_outcome},
            {"graded_otherwise", arm.drift.graded_otherwise},
            {"cases", ids_value(b.evidence, drifting)}}}};
}

Json finding_value(const Finding* finding) {
  if (finding == nullptr) return nullptr;
  const Json whole = to_json(*finding);
  return {{"verdict", name(finding->verdict)},
          {"code", finding->code},
          {"estimate", whole.at("estimate")},
          {"lower", whole.at("lower")},
          {"upper", whole.at("upper")},
          {"threshold", whole.at("threshold")},
          {"n", finding->n},
          {"sentence", text_json(finding->sentence)}};
}

}  // namespace

bool identical(const Decision& a, const Decision& b) {
  return a.plan_digest == b.plan_digest && a.policy_digest == b.policy_digest && a.records_digest == b.records_digest;
}

std::vector<RuleChange> rule_changes(const Rules& a, const Rules& b) {
  const Json before = to_json(a).flatten();
  const Json now = to_json(b).flatten();
  std::map<std::string, std::pair<std::string, std::string>> values;
  // Flattened, an empty list is null: then there is nothing to tell.
  for (const auto& [key, value] : before.items()) values[key].first = value.is_null() ? "" : canonical(value);
  for (const auto& [key, value] : now.items()) values[key].second = value.is_null() ? "" : canonical(value);
  std::vector<RuleChange> out;
  for (const auto& [key, value] : values) {
    if (value.first == value.second) continue;
    const auto said = [](const std::string& text) { return text.empty() ? std::string("not asked") : text; };
    out.push_back({key_of(key), said(value.first), said(value.second)});
  }
  return out;
}

std::string comparison(const ComparedRun& a, const ComparedRun& b, const gate::Contrast& contrast, const Style& style,
                       bool full) {
  Page page(style.width, style.colour);
  page.line(terminal_line(answer_line(a, b)));
  page.paragraph(main_line(a, b, contrast), 0);
  page.blank();
  print_runs(page, a, b);
  print_cases(page, a, b, contrast, full);
  print_arms(page, a, b, contrast);
  print_drift(page, b, contrast, full);
  print_changes(page, a, b, contrast, full);
  print_findings(page, a, b);
  print_rules(page, a, b);
  page.blank();
  page.line("each of them: headgate explain " + terminal_line(a.facts.run_id) + "   headgate explain " +
            terminal_line(b.facts.run_id));
  return page.take();
}

std::string comparison_json(const ComparedRun& a, const ComparedRun& b, const gate::Contrast& contrast) {
  Json rules = Json::array();
  for (const RuleChange& change : rule_changes(a.evidence.plan.rules, b.evidence.plan.rules)) {
    rules.push_back({{"key", text_json(change.key)}, {"a", text_json(change.a)}, {"b", text_json(change.b)}});
  }
  Json findings = Json::array();
  for (const Match& match : matched(a.decision, b.decision)) {
    const Finding& either = match.b ? *match.b : *match.a;
    findings.push_back({{"rule", either.rule},
                        {"suite", either.suite ? text_json(*either.suite) : Json(nullptr)},
                        {"segment", either.segment ? text_json(*either.segment) : Json(nullptr)},
                        {"a", finding_value(match.a)},
                        {"b", finding_value(match.b)}});
  }
  Json suites = Json::array();
  for (const SuiteChange& change : suite_changes(a, b)) {
    suites.push_back({{"name", text_json(change.b->name)},
                      {"version_a", change.a->version},
                      {"version_b", change.b->version},
                      {"same_graders", change.same_graders()}});
  }
  std::vector<CaseIndex> changed;
  for (const gate::SharedCase& each : contrast.changed) changed.push_back(each.b);
  const Json out = {{"format", "headgate/compare/1"},
                    {"identical", identical(a.decision, b.decision)},
                    {"same_answer", a.decision.answer == b.decision.answer && a.decision.stage == b.decision.stage},
                    {"a", run_value(a)},
                    {"b", run_value(b)},
                    {"cases",
                     {{"common", contrast.common.size()},
                      {"changed", ids_value(b.evidence, changed)},
                      {"added", ids_value(b.evidence, contrast.added)},
                      {"removed", ids_value(a.evidence, contrast.removed)}}},
                    {"arms",
                     {{"baseline", arm_value(a, b, side(contrast, Arm::baseline), Arm::baseline)},
                      {"candidate", arm_value(a, b, side(contrast, Arm::candidate), Arm::candidate)}}},
                    {"findings", std::move(findings)},
                    {"rules", std::move(rules)},
                    {"suites_changed", std::move(suites)}};
  return canonical(out) + "\n";
}

}  // namespace headgate::report
