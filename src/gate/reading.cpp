#include "reading.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace headgate::gate {
namespace {

constexpr double endless = std::numeric_limits<double>::infinity();

std::optional<double> latency_of(const Observation& seen) {
  const bool known =
      status_of(seen) == Status::ok && seen.latency_ms && std::isfinite(*seen.latency_ms) && *seen.latency_ms > 0.0;
  return known ? seen.latency_ms : std::nullopt;
}

// A cell that never got as far as the route's own doing might have been an error of the route: nobody saw it.
bool unseen(const Observation& seen) {
  switch (status_of(seen)) {
    case Status::provider_error:
    case Status::not_run:
      return true;
    case Status::ungraded:
      return seen.error == ErrorKind::reply_missing;
    case Status::ok:
    case Status::route_error:
      return false;
  }
  return true;
}

// The fallback answered for a route that failed of its own accord.
bool stood_in(const View& view, CaseIndex item, const Observation& seen) {
  return seen.fallback && has_reply(seen) && !view.is_forced(item);
}

template <class Property>
bool any_of_candidate(const View& view, CaseIndex item, Property property) {
  for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
    if (property(view.evidence().at(item, trial, Arm::candidate))) return true;
  }
  return false;
}

}  // namespace

std::vector<bool> excused_cases(const View& view, const std::vector<KnownFailure>& known) {
  std::set<std::string_view> ids;
  for (const KnownFailure& each : known) {
    if (each.active) ids.insert(each.case_id);
  }
  if (ids.empty()) return {};
  std::vector<bool> excused(view.cases());
  for (CaseIndex item = 0; item < view.cases(); ++item) excused[item] = ids.contains(view.evidence().cases.id(item));
  return excused;
}

bool of_severe_class(const View& view, CaseIndex item, const std::string& wanted) {
  const CaseTable::Facts& facts = view.facts(item);
  if (facts.severity != Severity::severe) return false;
  if (wanted == "*") return true;
  return facts.severe_class != CaseTable::no_class &&
         view.evidence().cases.severe_class_name(facts.severe_class) == wanted;
}

SevereCounts count_severe(const Context& context, const std::string& wanted) {
  const View& view = context.view;
  SevereCounts counts;
  std::vector<CaseIndex> old;
  for (CaseIndex item = 0; item < view.cases(); ++item) {
    if (!of_severe_class(view, item, wanted)) continue;
    counts.cases.push_back(item);
    if (!view.complete(item, Arm::candidate)) counts.unmeasured.push_back(item);
    if (view.of(item, Arm::candidate).failed() == 0) continue;
    const bool regression = view.all_pass(item, Arm::baseline);
    if (regression && context.is_excused(item)) ++counts.excused;
    (regression && !context.is_excused(item) ? counts.fresh : old).push_back(item);
  }
  counts.failing = counts.fresh;
  counts.failing.insert(counts.failing.end(), old.begin(), old.end());
  return counts;
}

bool has_must_pass_tag(const View& view, CaseIndex item, const MustPassRule& rule) {
  if (rule.tags.empty()) return false;
  const std::vector<std::string>& tags = view.evidence().cases.tag_names(view.facts(item).tags);
  return std::ranges::any_of(
      tags, [&](const std::string& tag) { return std::ranges::find(rule.tags, tag) != rule.tags.end(); });
}

double slowest(const View& view, CaseIndex item, Completion completion) {
  double worst = 0.0;
  for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
    const Observation& seen = view.evidence().at(item, trial, Arm::candidate);
    const std::optional<double> known = stood_in(view, item, seen) ? std::nullopt : latency_of(seen);
    worst = std::max(worst, known.value_or(completion == Completion::adverse ? endless : 0.0));
  }
  return worst;
}

// A cell that ended in an error may still have cost money; where that is recorded it counts.
CaseCost cost_of(const View& view, CaseIndex item) {
  std::vector<double> trials;
  for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
    const Observation& seen = view.evidence().at(item, trial, Arm::candidate);
    if (stood_in(view, item, seen)) continue;
    const std::optional<double>& cost = seen.cost_usd;
    if (cost && std::isfinite(*cost) && *cost >= 0.0) trials.push_back(*cost);
  }
  std::sort(trials.begin(), trials.end());  // the same sum for every order of the trials
  double sum = 0.0;
  for (const double each : trials) sum += each;
  return {sum / static_cast<double>(view.trials()), trials.size() == view.trials()};
}

bool any_unseen(const View& view, CaseIndex item) { return any_of_candidate(view, item, unseen); }

bool has_reply(const Observation& seen) {
  return seen.status == Status::ok || (seen.status == Status::ungraded && seen.error != ErrorKind::reply_missing);
}

bool any_fallback(const View& view, CaseIndex item) {
  return any_of_candidate(view, item, [](const Observation& seen) { return has_reply(seen) && seen.fallback; });
}

bool any_without_reply(const View& view, CaseIndex item) {
  return any_of_candidate(view, item, [](const Observation& seen) { return !has_reply(seen); });
}

bool fell_back(const View& view, CaseIndex item) { return !view.is_forced(item) && any_fallback(view, item); }

std::size_t fallen_back(const View& view, std::span<const CaseIndex> cases) {
  return static_cast<std::size_t>(std::ranges::count_if(cases, [&](CaseIndex item) { return fell_back(view, item); }));
}

OwnAnswers own_answers(const View& view, Arm arm) {
  OwnAnswers own;
  for (const CaseIndex item : unforced_cases(view)) {
    for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
      const Observation& seen = view.evidence().at(item, trial, arm);
      ++own.cells;
      if (stood_in(view, item, seen)) {
        ++own.by_fallback;
      } else if (status_of(seen) == Status::ok) {
        ++own.graded;
      }
    }
  }
  return own;
}

bool any_cached(const View& view, CaseIndex item) {
  return any_of_candidate(view, item, [](const Observation& seen) { return seen.cached && !latency_of(seen); });
}

}  // namespace headgate::gate
