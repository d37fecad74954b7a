#include "headgate/gate/flips.hpp"

#include <algorithm>
#include <tuple>

#include "view.hpp"

namespace headgate::gate {
namespace {

bool was_run(const View& view, CaseIndex item) {
  return view.of(item, Arm::baseline).not_run + view.of(item, Arm::candidate).not_run == 0;
}

// The first trial where the arm that does worse does so, and where possible the other does not.
std::uint32_t showing_trial(const View& view, CaseIndex item, bool regression) {
  std::optional<std::uint32_t> partly;
  for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
    const bool candidate = passed(view.evidence().at(item, trial, Arm::candidate));
    const bool baseline = !failed(view.evidence().at(item, trial, Arm::baseline));
    const bool worse = regression ? !candidate : !baseline;
    const bool better = regression ? baseline : candidate;
    if (worse && better) return trial;
    if (worse && !partly) partly = trial;
  }
  return partly.value_or(0);
}

Flip flip_of(const View& view, CaseIndex item, bool regression) {
  return {item, showing_trial(view, item, regression), regression,
          view.difference(item, Metric::score, Completion::adverse)};
}

void put_worst_first(const View& view, std::vector<Flip>& flips) {
  std::ranges::sort(flips, {}, [&](const Flip& flip) {
    const auto severity = -static_cast<int>(view.facts(flip.item).severity);
    return std::tuple(!flip.regression, severity, flip.regression ? flip.change : -flip.change, flip.item);
  });
}

}  // namespace

std::vector<Flip> flips(const Evidence& evidence) { return flips(View(evidence)); }

std::vector<Flip> flips(const View& view) {
  std::vector<Flip> out;
  for (CaseIndex item = 0; item < view.cases(); ++item) {
    const bool baseline = view.passes(item, Arm::baseline);
    const bool candidate = view.passes(item, Arm::candidate);
    if (baseline != candidate && was_run(view, item)) out.push_back(flip_of(view, item, baseline));
  }
  put_worst_first(view, out);
  return out;
}

std::vector<Flip> severe_failures(const Evidence& evidence) {
  const View view(evidence);
  std::vector<Flip> out;
  for (CaseIndex item = 0; item < view.cases(); ++item) {
    if (view.facts(item).severity != Severity::severe || view.of(item, Arm::candidate).failed() == 0) continue;
    Flip flip = flip_of(view, item, view.all_pass(item, Arm::baseline));
    // Shown by a graded failure, not by an error that stands before it.
    for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
      if (!failed(evidence.at(item, trial, Arm::candidate))) continue;
      flip.trial = trial;
      break;
    }
    out.push_back(flip);
  }
  std::ranges::sort(out, {}, [](const Flip& flip) { return std::tuple(!flip.regression, flip.change, flip.item); });
  return out;
}

}  // namespace headgate::gate
