#include "headgate/gate/check.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>

#include "headgate/base/assert.hpp"
#include "view.hpp"

namespace headgate::gate {
namespace {

// Whether `worse` passes a smaller share of its graded trials than the other arm. A case that wobbles on the baseline
// can still get worse.
bool is_worse(const View& view, CaseIndex item, Arm worse) {
  const auto& low = view.of(item, worse);
  const auto& high = view.of(item, worse == Arm::candidate ? Arm::baseline : Arm::candidate);
  return low.graded > 0 && high.graded > 0 &&
         std::uint32_t{low.passed} * high.graded < std::uint32_t{high.passed} * low.graded;
}

// Mean score over the graded trials, candidate minus baseline.
double change(const View& view, CaseIndex item) {
  const auto mean = [&](Arm arm) { return view.of(item, arm).score_sum / view.of(item, arm).graded; };
  return mean(Arm::candidate) - mean(Arm::baseline);
}

// The first trial in which `worse` fails; where possible one in which the other arm has a reply to hold against it.
std::uint32_t showing_trial(const View& view, CaseIndex item, Arm worse) {
  const Arm other = worse == Arm::candidate ? Arm::baseline : Arm::candidate;
  std::optional<std::uint32_t> first;
  for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
    if (!failed(view.evidence().at(item, trial, worse))) continue;
    if (passed(view.evidence().at(item, trial, other))) return trial;
    if (!first) first = trial;
  }
  HG_ASSERT(first.has_value());
  return *first;
}

void put_worst_first(const View& view, std::vector<Flip>& flips) {
  std::ranges::sort(flips, {}, [&](const Flip& flip) {
    return std::tuple(-static_cast<int>(view.facts(flip.item).severity), flip.regression ? flip.change : -flip.change,
                      flip.item);
  });
}

// As for must_pass: who failed to mend a case in time has until then. What is severe is never excused.
std::vector<bool> excused_cases(const View& view) {
  std::set<std::string_view> ids;
  for (const KnownFailure& known : view.evidence().plan.rules.known_failures) {
    if (known.active) ids.insert(known.case_id);
  }
  std::vector<bool> excused(view.cases());
  for (CaseIndex item = 0; item < view.cases() && !ids.empty(); ++item) {
    excused[item] = view.facts(item).severity != Severity::severe && ids.contains(view.evidence().cases.id(item));
  }
  return excused;
}

std::vector<CellRef> not_ok(const View& view) {
  std::vector<CellRef> cells;
  for (CaseIndex item = 0; item < view.cases(); ++item) {
    if (view.complete(item)) continue;
    for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
      for (const Arm arm : both_arms) {
        if (status_of(view.evidence().at(item, trial, arm)) != Status::ok) cells.push_back({item, trial, arm});
      }
    }
  }
  return cells;
}

}  // namespace

const char* name(CheckAnswer answer) {
  switch (answer) {
    case CheckAnswer::none_seen:
      return "none_seen";
    case CheckAnswer::regression:
      return "regression";
    case CheckAnswer::not_measured:
      return "not_measured";
  }
  return "";
}

Check check(const Evidence& evidence) {
  const View view(evidence);
  const std::vector<bool> excused = excused_cases(view);
  Check check;
  check.cases = view.cases();
  for (CaseIndex item = 0; item < view.cases(); ++item) {
    if (view.of(item, Arm::baseline).passed > 0) ++check.baseline_passes;
    if (is_worse(view, item, Arm::candidate)) {
      const Flip flip{item, showing_trial(view, item, Arm::candidate), true, change(view, item)};
      (excused[item] ? check.known_failures : check.regressions).push_back(flip);
    } else if (is_worse(view, item, Arm::baseline)) {
      check.improvements.push_back({item, showing_trial(view, item, Arm::baseline), false, change(view, item)});
    }
  }
  for (auto* flips : {&check.regressions, &check.improvements, &check.known_failures}) put_worst_first(view, *flips);
  check.unmeasured = not_ok(view);
  if (!check.regressions.empty()) {
    check.answer = CheckAnswer::regression;
  } else if (check.unmeasured.empty() && check.cases > 0) {
    check.answer = CheckAnswer::none_seen;
  }
  return check;
}

}  // namespace headgate::gate
