#include "headgate/gate/check.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>

#include "headgate/base/assert.hpp"
#include "reading.hpp"
#include "view.hpp"

namespace headgate::gate {
namespace {

// A reply that somebody else than the candidate gave, where the candidate was free to answer.
bool is_by_fallback(const View& view, const CellRef& ref) {
  const Observation& seen = view.evidence().at(ref.item, ref.trial, ref.arm);
  return ref.arm == Arm::candidate && seen.fallback && has_reply(seen) && !view.is_forced(ref.item);
}

struct Trials {
  std::uint32_t graded = 0, passed = 0;
  double score_sum = 0.0;
};

// The graded trials that say something of the arm.
Trials own_trials(const View& view, CaseIndex item, Arm arm) {
  const ArmOfCase& all = view.of(item, arm);
  Trials own{all.graded, all.passed, all.score_sum};
  for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
    const Observation& seen = view.evidence().at(item, trial, arm);
    if (status_of(seen) != Status::ok || !is_by_fallback(view, {item, trial, arm})) continue;
    --own.graded;
    own.passed -= passed(seen) ? 1U : 0U;
    own.score_sum -= seen.score.value_or(0.0);
  }
  return own;
}

// Whether `worse` passes a smaller share of its graded trials than the other arm. A case that wobbles on the baseline
// can still get worse.
bool is_worse(const View& view, CaseIndex item, Arm worse) {
  const Trials low = own_trials(view, item, worse);
  const Trials high = own_trials(view, item, worse == Arm::candidate ? Arm::baseline : Arm::candidate);
  return low.graded > 0 && high.graded > 0 && low.passed * high.graded < high.passed * low.graded;
}

// Mean score over the graded trials, candidate minus baseline.
double change(const View& view, CaseIndex item) {
  const auto mean = [&](Arm arm) {
    const Trials own = own_trials(view, item, arm);
    return own.score_sum / own.graded;
  };
  return mean(Arm::candidate) - mean(Arm::baseline);
}

// The first trial in which `worse` fails; where possible one in which the other arm has a reply to hold against it.
std::uint32_t showing_trial(const View& view, CaseIndex item, Arm worse) {
  const Arm other = worse == Arm::candidate ? Arm::baseline : Arm::candidate;
  std::optional<std::uint32_t> first;
  for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
    if (is_by_fallback(view, {item, trial, worse}) || !failed(view.evidence().at(item, trial, worse))) continue;
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

void count_replies(const View& view, Check& check) {
  for (CaseIndex item = 0; item < view.cases(); ++item) {
    if (view.is_forced(item)) continue;
    for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
      const CellRef ref{item, trial, Arm::candidate};
      if (has_reply(view.evidence().at(item, trial, Arm::candidate))) ++check.candidate_replies;
      if (is_by_fallback(view, ref)) check.by_fallback.push_back(ref);
    }
  }
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
  count_replies(view, check);
  if (!check.regressions.empty()) {
    check.answer = CheckAnswer::regression;
  } else if (check.unmeasured.empty() && check.by_fallback.empty() && check.cases > 0) {
    check.answer = CheckAnswer::none_seen;
  }
  return check;
}

}  // namespace headgate::gate
