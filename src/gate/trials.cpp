// Several trials of each case: how often each passes, and what k of them together are worth.
#include <algorithm>

#include "headgate/stats/repeats.hpp"
#include "sections.hpp"

namespace headgate::gate {
namespace {

using Chance = std::optional<double> (*)(stats::Trials, std::uint64_t);

// `by_passes`: how many cases pass so many of their trials. Equal cases are equal summands, so few are added up.
std::vector<double> by_k(const std::vector<std::size_t>& by_passes, std::size_t cases, Chance chance) {
  const std::uint64_t trials = by_passes.size() - 1;
  std::vector<double> means;
  for (std::uint64_t k = 1; k <= std::min<std::uint64_t>(trials, TrialsSection::max_k); ++k) {
    double sum = 0.0;
    for (std::uint64_t c = 0; c <= trials; ++c) {
      sum += static_cast<double>(by_passes[c]) * chance({trials, c}, k).value_or(0.0);
    }
    means.push_back(sum / static_cast<double>(cases));
  }
  return means;
}

TrialsSection::Arm of_arm(const View& view, Arm arm) {
  TrialsSection::Arm out;
  out.cases = view.cases();
  out.passed.resize(view.trials());
  std::vector<std::size_t> by_passes(view.trials() + 1);
  std::size_t all = 0;
  for (CaseIndex item = 0; item < view.cases(); ++item) {
    const ArmOfCase& mine = view.of(item, arm);
    ++by_passes[mine.passed];
    all += mine.passed;
    out.errors += view.trials() - mine.graded;
    if (mine.passed > 0 && mine.failed() > 0) name_case(out.flaky, view, item);  // no grade is no failing trial
    for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
      if (passed(view.evidence().at(item, trial, arm))) ++out.passed[trial];
    }
  }
  if (out.cases == 0) return out;
  out.mean = static_cast<double>(all) / static_cast<double>(out.cases * view.trials());
  out.pass_at = by_k(by_passes, out.cases, stats::pass_at_k);
  out.pass_hat = by_k(by_passes, out.cases, stats::pass_hat_k);
  return out;
}

}  // namespace

std::optional<TrialsSection> trials_section(const View& view) {
  if (view.trials() < 2) return std::nullopt;
  TrialsSection out;
  out.trials = view.trials();
  out.reduce = view.reduce();
  for (const Arm arm : both_arms) out.arms[static_cast<std::size_t>(arm)] = of_arm(view, arm);
  return out;
}

}  // namespace headgate::gate
