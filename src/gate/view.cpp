#include "view.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "headgate/base/assert.hpp"
#include "headgate/gate/forced.hpp"
#include "reduce.hpp"

namespace headgate::gate {
namespace {

// Differences below this are dust of adding the same scores in another grouping, not information.
constexpr double dust = 1e-12;

void count(ArmOfCase& arm, const Observation& seen) {
  switch (status_of(seen)) {
    case Status::ok:
      ++arm.graded;
      if (seen.pass) ++arm.passed;
      return;
    case Status::route_error:
      ++arm.route_errors;
      return;
    case Status::provider_error:
      ++arm.provider_errors;
      return;
    case Status::ungraded:
      ++arm.ungraded;
      return;
    case Status::not_run:
      ++arm.not_run;
      return;
  }
}

// Sorted before adding, so that the order of trials cannot reach the last bit of a mean.
double sum_of(std::vector<double>& scores) {
  if (scores.size() > 2) std::sort(scores.begin(), scores.end());
  return std::accumulate(scores.begin(), scores.end(), 0.0);
}

void add(ArmSummary& total, const ArmOfCase& arm) {
  total.passed += arm.passed;
  total.failed += arm.failed();
  total.route_errors += arm.route_errors;
  total.provider_errors += arm.provider_errors;
  total.ungraded += arm.ungraded;
  total.not_run += arm.not_run;
}

}  // namespace

Status status_of(const Observation& seen) {
  if (seen.status != Status::ok) return seen.status;
  const bool scored = seen.score && std::isfinite(*seen.score) && *seen.score >= 0.0 && *seen.score <= 1.0;
  return scored ? Status::ok : Status::ungraded;
}

bool passed(const Observation& seen) { return status_of(seen) == Status::ok && seen.pass; }
bool failed(const Observation& seen) { return status_of(seen) == Status::ok && !seen.pass; }

View::View(const Evidence& evidence, const Reducer& reduce)
    : evidence_(evidence), reduce_(reduce), arms_(evidence.cases.size() * 2) {
  HG_ASSERT(trials() > 0 && trials() <= max_trials);
  HG_ASSERT(evidence.observations.size() == cases() * trials() * 2);
  if (const auto ids = forced_ids(evidence.plan); !ids.empty()) {
    forced_.resize(cases());
    for (CaseIndex item = 0; item < cases(); ++item) forced_[item] = ids.contains(evidence.cases.id(item));
  }
  std::vector<double> scores;
  for (const Arm arm : both_arms) {
    ArmSummary& total = summaries_[static_cast<std::size_t>(arm)];
    double score_total = 0.0;
    for (CaseIndex item = 0; item < cases(); ++item) {
      ArmOfCase& mine = arms_[item * 2 + static_cast<std::size_t>(arm)];
      scores.clear();
      for (std::uint32_t trial = 0; trial < trials(); ++trial) {
        const Observation& seen = evidence.at(item, trial, arm);
        count(mine, seen);
        if (status_of(seen) == Status::ok) scores.push_back(*seen.score);
      }
      mine.score_sum = sum_of(scores);
      score_total += mine.score_sum;
      add(total, mine);
    }
    const RouteUse& route = evidence.plan.routes[static_cast<std::size_t>(arm)];
    total.route = route.name;
    total.digest = route.digest;
    total.cells = cases() * trials();
    const std::size_t graded = total.passed + total.failed;
    if (graded > 0) total.score_mean = score_total / static_cast<double>(graded);
  }
}

bool View::measured(CaseIndex item) const {
  return std::ranges::all_of(both_arms, [&](Arm arm) {
    const ArmOfCase& mine = of(item, arm);
    return mine.graded + mine.route_errors == trials();
  });
}

bool View::all_pass(CaseIndex item, Arm arm) const {
  const ArmOfCase& mine = of(item, arm);
  return arm == Arm::candidate ? mine.passed == trials() : mine.failed() == 0;
}

bool View::passes(CaseIndex item, Arm arm) const {
  if (reduce_.kind == Reducer::Kind::mean) return all_pass(item, arm);
  return value(item, arm, Metric::pass, Completion::adverse) >= 1.0;
}

double View::value(CaseIndex item, Arm arm, Metric metric, Completion completion) const {
  const ArmOfCase& mine = of(item, arm);
  const bool filled_with_one = (arm == Arm::baseline) == (completion == Completion::adverse);
  if (reduce_.kind == Reducer::Kind::mean) {
    const double known = metric == Metric::score ? mine.score_sum : static_cast<double>(mine.passed);
    const double filled = filled_with_one ? static_cast<double>(trials() - mine.graded) : 0.0;
    return (known + filled) / static_cast<double>(trials());
  }
  std::vector<double> values(trials(), filled_with_one ? 1.0 : 0.0);
  for (std::uint32_t trial = 0; trial < trials(); ++trial) {
    const Observation& seen = evidence_.at(item, trial, arm);
    if (status_of(seen) == Status::ok) values[trial] = metric == Metric::score ? *seen.score : (seen.pass ? 1.0 : 0.0);
  }
  std::sort(values.begin(), values.end());
  // Fewer trials than are drawn say nothing, as if they were missing.
  return reduced(values, reduce_).value_or(filled_with_one ? 1.0 : 0.0);
}

double View::difference(CaseIndex item, Metric metric, Completion completion) const {
  const double change =
      value(item, Arm::candidate, metric, completion) - value(item, Arm::baseline, metric, completion);
  return std::abs(change) < dust ? 0.0 : change;
}

std::vector<CaseIndex> random_cases(const View& view, std::optional<std::uint32_t> suite) {
  std::vector<CaseIndex> cases;
  for (CaseIndex item = 0; item < view.cases(); ++item) {
    if (view.is_random(item) && (!suite || view.facts(item).suite == *suite)) cases.push_back(item);
  }
  return cases;
}

std::vector<CaseIndex> all_cases(const View& view) {
  std::vector<CaseIndex> cases(view.cases());
  std::iota(cases.begin(), cases.end(), CaseIndex{0});
  return cases;
}

std::vector<CaseIndex> unforced_cases(const View& view) {
  std::vector<CaseIndex> cases = all_cases(view);
  std::erase_if(cases, [&](CaseIndex item) { return view.is_forced(item); });
  return cases;
}

std::optional<Finding::Missing> missing_pairs(const View& view, std::span<const CaseIndex> cases) {
  Finding::Missing missing;
  bool any = false;
  for (const CaseIndex item : cases) {
    if (view.complete(item)) continue;
    any = true;
    for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
      const bool baseline = status_of(view.evidence().at(item, trial, Arm::baseline)) != Status::ok;
      const bool candidate = status_of(view.evidence().at(item, trial, Arm::candidate)) != Status::ok;
      if (baseline && candidate) {
        ++missing.both;
      } else if (baseline) {
        ++missing.baseline;
      } else if (candidate) {
        ++missing.candidate;
      }
    }
  }
  return any ? std::optional(missing) : std::nullopt;
}

std::optional<Finding::RouteErrors> route_errors(const View& view, std::span<const CaseIndex> cases) {
  Finding::RouteErrors errors;
  for (const CaseIndex item : cases) {
    errors.candidate += view.of(item, Arm::candidate).route_errors;
    errors.baseline += view.of(item, Arm::baseline).route_errors;
  }
  return errors.candidate + errors.baseline > 0 ? std::optional(errors) : std::nullopt;
}

Finding::Discordant discordance(const View& view, std::span<const CaseIndex> cases) {
  Finding::Discordant table;
  for (const CaseIndex item : cases) {
    const bool baseline = view.passes(item, Arm::baseline);
    const bool candidate = view.passes(item, Arm::candidate);
    ++(candidate ? (baseline ? table.both : table.candidate_only) : (baseline ? table.baseline_only : table.neither));
  }
  return table;
}

}  // namespace headgate::gate
