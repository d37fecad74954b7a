#include "case_list.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "flip_list.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/text.hpp"
#include "headgate/gate/case_state.hpp"
#include "headgate/report/explain.hpp"
#include "headgate/run/filter.hpp"

namespace headgate::cli {
namespace {

std::vector<std::string> dimensions_of(const PlanHead& plan) {
  std::set<std::string> dimensions;
  for (const SuiteHead& suite : plan.suites) {
    for (const auto& [dimension, values] : suite.segments) dimensions.insert(dimension);
  }
  return {dimensions.begin(), dimensions.end()};
}

// Who answered on the candidate's side: the name of its fallback, or "route". Suites that have a dimension of that name
// keep it to themselves.
constexpr const char* via_key = "via";

std::vector<SegmentValue> via_of(const Evidence& evidence, CaseIndex item) {
  const RouteUse& route = evidence.plan.routes[static_cast<std::size_t>(Arm::candidate)];
  bool by_route = false;
  bool by_fallback = false;
  for (std::uint32_t trial = 0; trial < evidence.plan.trials; ++trial) {
    const Observation& seen = evidence.at(item, trial, Arm::candidate);
    by_fallback = by_fallback || seen.fallback;
    by_route = by_route || (!seen.fallback && seen.status == Status::ok);
  }
  std::vector<SegmentValue> out;
  if (by_route) out.push_back({via_key, "route"});
  if (by_fallback) out.push_back({via_key, route.fallback.empty() ? "fallback" : route.fallback});
  return out;
}

// As much of a case as a filter looks at.
Case facts_of(const Evidence& evidence, CaseIndex item) {
  const CaseTable::Facts& facts = evidence.cases[item];
  Case out;
  out.id = evidence.cases.id(item);
  out.segments = evidence.cases.segment_values(facts.segments);
  out.tags = evidence.cases.tag_names(facts.tags);
  out.severity = facts.severity;
  out.sampling = facts.sampling;
  if (facts.severe_class != CaseTable::no_class)
    out.severe_class = evidence.cases.severe_class_name(facts.severe_class);
  return out;
}

using Wanted = std::function<bool(CaseIndex)>;

Result<Wanted> wanted_by(const Evidence& evidence, const std::string& where) {
  if (where.empty()) return Wanted([](CaseIndex) { return true; });
  std::vector<std::string> dimensions = dimensions_of(evidence.plan);
  const bool with_via = std::ranges::find(dimensions, via_key) == dimensions.end();
  if (with_via) dimensions.emplace_back(via_key);
  auto filter = run::parse_filter(where, dimensions);
  if (!filter) {
    filter.error().place.file = "--where";
    return failure(std::move(filter).error());
  }
  return Wanted([&evidence, with_via, holds = std::move(*filter)](CaseIndex item) {
    Case facts = facts_of(evidence, item);
    if (with_via) std::ranges::move(via_of(evidence, item), std::back_inserter(facts.segments));
    return holds(facts, evidence.plan.suites[evidence.cases[item].suite]);
  });
}

std::string states(const Evidence& evidence, CaseIndex item) {
  return gate::words_of(gate::state_of(evidence, item, Arm::baseline)) + " -> " +
         gate::words_of(gate::state_of(evidence, item, Arm::candidate));
}

std::string case_line(const Evidence& evidence, CaseIndex item) {
  const CaseTable::Facts& facts = evidence.cases[item];
  std::string text = "  " + states(evidence, item) + "  " + terminal_line(evidence.cases.id(item));
  if (evidence.plan.suites.size() > 1) text += " (" + terminal_line(evidence.plan.suites[facts.suite].name) + ")";
  if (facts.severity != Severity::normal) text += " (" + std::string(name(facts.severity)) + ")";
  for (const SegmentValue& each : evidence.cases.segment_values(facts.segments)) {
    text += " " + terminal_line(each.dimension + "=" + each.value);
  }
  return text + "\n";
}

struct Section {
  std::string heading;
  std::size_t size = 0;
  std::function<std::string(std::size_t)> line;
  std::function<std::pair<CaseIndex, std::uint32_t>(std::size_t)> shown;
};

std::string section_text(const Section& section, const report::Quotes& quotes, bool full, std::size_t most) {
  std::string text = "\n" + section.heading + (section.size == 0 ? "\n" : ":\n");
  const std::size_t shown = most == 0 ? section.size : std::min(section.size, most);
  for (std::size_t i = 0; i < shown; ++i) {
    text += section.line(i);
    const auto [item, trial] = section.shown(i);
    if (full) text += case_texts(quotes(item, trial));
  }
  if (shown < section.size) {
    text += "  and " + std::to_string(section.size - shown) + " more, --full or --json shows all\n";
  }
  return text;
}

Section of_cases(std::string heading, const Evidence& evidence, const std::vector<CaseIndex>& items) {
  return {std::move(heading), items.size(), [&](std::size_t i) { return case_line(evidence, items[i]); },
          [&](std::size_t i) { return std::pair(items[i], gate::telling_trial(evidence, items[i])); }};
}

}  // namespace

Result<CaseList> list_cases(const Evidence& evidence, const CaseListWish& wish) {
  HG_TRY(wanted, wanted_by(evidence, wish.where));
  CaseList list{wish, {}, {}, {}};
  if (wish.flips) {
    for (const gate::Flip& flip : gate::flips(evidence)) {
      if (wanted(flip.item)) list.flips.push_back(flip);
    }
  }
  const bool only_where = !wish.flips && !wish.failed;
  for (CaseIndex item = 0; item < evidence.cases.size(); ++item) {
    if (wish.failed && gate::is_failed(evidence, item) && wanted(item)) list.failed.push_back(item);
    if (only_where && wanted(item)) list.matching.push_back(item);
  }
  std::ranges::stable_sort(list.failed, {},
                           [&](CaseIndex item) { return -static_cast<int>(evidence.cases[item].severity); });
  return list;
}

std::string case_list_text(const CaseList& list, const Evidence& evidence, const report::Quotes& quotes, bool full,
                           std::size_t most) {
  const std::string where = list.wish.where.empty() ? "" : " where " + terminal_line(list.wish.where);
  std::string text;
  if (list.wish.flips) {
    const auto heading = list.flips.empty() ? "no flip" + where : plural(list.flips.size(), "flip") + where;
    text += section_text({heading, list.flips.size(), [&](std::size_t i) { return flip_line(evidence, list.flips[i]); },
                          [&](std::size_t i) { return std::pair(list.flips[i].item, list.flips[i].trial); }},
                         quotes, full, most);
  }
  if (list.wish.failed) {
    const auto heading = list.failed.empty()
                             ? "no case that fails or errs" + where
                             : plural(list.failed.size(), "case that fails or errs", "cases that fail or err") + where;
    text += section_text(of_cases(heading, evidence, list.failed), quotes, full, most);
  }
  if (!list.wish.flips && !list.wish.failed) {
    const auto heading = list.matching.empty() ? "no case" + where : plural(list.matching.size(), "case") + where;
    text += section_text(of_cases(heading, evidence, list.matching), quotes, full, most);
  }
  return text;
}

std::string case_list_json(const CaseList& list, const Evidence& evidence, const report::Quotes& quotes,
                           const std::string& decision) {
  std::map<CaseIndex, const char*> kinds;
  for (const gate::Flip& flip : gate::flips(evidence))
    kinds[flip.item] = flip.regression ? "regression" : "improvement";
  std::string text = "{\"cases\":[";
  std::set<CaseIndex> told;
  const auto tell = [&](CaseIndex item, std::uint32_t trial) {
    if (!told.insert(item).second) return;
    Json value = report::case_json(evidence, item, trial, quotes);
    const auto kind = kinds.find(item);
    value["flip"] = kind == kinds.end() ? Json(nullptr) : Json(kind->second);
    text += (told.size() > 1 ? "," : "") + canonical(value);
  };
  for (const gate::Flip& flip : list.flips) tell(flip.item, flip.trial);
  for (const CaseIndex item : list.failed) tell(item, gate::telling_trial(evidence, item));
  for (const CaseIndex item : list.matching) tell(item, gate::telling_trial(evidence, item));
  std::string whole = decision;
  while (whole.ends_with('\n')) whole.pop_back();
  return text + "],\"decision\":" + whole + ",\"format\":\"headgate/show/1\"}\n";
}

}  // namespace headgate::cli
