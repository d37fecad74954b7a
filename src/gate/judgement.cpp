#include "judgement.hpp"

#include <algorithm>

namespace headgate::gate {
namespace {

// The suite all these cases are of, if it is one.
std::optional<std::string> only_suite(const View& view, std::span<const CaseIndex> cases) {
  const std::vector<SuiteHead>& suites = view.evidence().plan.suites;
  if (suites.size() == 1) return suites.front().name;
  if (cases.empty()) return std::nullopt;
  const std::uint32_t first = view.facts(cases.front()).suite;
  const bool one = std::ranges::all_of(cases, [&](CaseIndex item) { return view.facts(item).suite == first; });
  return one ? std::optional(suites[first].name) : std::nullopt;
}

std::size_t distinct_clusters(const View& view, std::span<const CaseIndex> cases) {
  std::vector<bool> seen(view.evidence().cases.clusters());
  std::size_t distinct = 0;
  for (const CaseIndex item : cases) {
    const std::uint32_t cluster = view.facts(item).cluster;
    if (!seen[cluster]) ++distinct;
    seen[cluster] = true;
  }
  return distinct;
}

}  // namespace

Finding finding_over(const View& view, std::string rule, std::span<const CaseIndex> cases) {
  Finding finding;
  finding.rule = std::move(rule);
  finding.suite = only_suite(view, cases);
  finding.n = cases.size();
  finding.n_eff = static_cast<double>(cases.size());
  finding.clusters = distinct_clusters(view, cases);
  finding.missing = missing_pairs(view, cases);
  finding.route_errors = route_errors(view, cases);
  return finding;
}

void settle(Judgement& judgement, Verdict verdict, std::string code) {
  judgement.finding.verdict = verdict;
  judgement.finding.code = std::move(code);
  judgement.carries_shadow = verdict != Verdict::fail;
}

void name_cases(Finding& finding, const View& view, std::span<const CaseIndex> cases) {
  finding.cases_total = cases.size();
  for (const CaseIndex item : cases.first(std::min(cases.size(), Finding::max_cases))) {
    finding.cases.push_back(view.id(item));
    finding.items.push_back(item);
  }
}

}  // namespace headgate::gate
