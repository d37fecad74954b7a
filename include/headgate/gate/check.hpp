// The cheap question of every pull request: is any of these cases worse now? It is about these very cases (estimand
// "suite"): no test is made, nothing is said about traffic, and it never makes a candidate eligible.
#pragma once

#include <cstddef>
#include <vector>

#include "headgate/domain/evidence.hpp"
#include "headgate/gate/flips.hpp"

namespace headgate::gate {

enum class CheckAnswer { none_seen, regression, not_measured };
const char* name(CheckAnswer answer);  // "none_seen"

struct Check {
  CheckAnswer answer = CheckAnswer::not_measured;
  std::size_t cases = 0;
  std::size_t baseline_passes = 0;    // cases that the baseline passes in some graded trial
  std::vector<Flip> regressions;      // severe first, then by change of the score, then by case
  std::vector<Flip> improvements;     // in the same order
  std::vector<Flip> known_failures;   // regressions that do not count: an active entry of the gate, and not severe
  std::vector<CellRef> unmeasured;    // cells that are not ok, by case, trial, arm
  std::size_t candidate_replies = 0;  // replies to the candidate's cells, those made to fall back aside
  std::vector<CellRef> by_fallback;   // which of them its fallback gave: they say nothing of the candidate
};

// A regression is a case that passes a smaller share of its graded trials on the candidate than on the baseline: an
// error is no trial of either kind, and what the candidate's fallback answered is no trial of the candidate, unless the
// route was made to fail there (forced.hpp). One that was seen counts whatever else could not be measured; without one,
// any cell that is not ok, or not of the candidate itself, leaves the question open, and so does a plan without cases.
Check check(const Evidence& evidence);

}  // namespace headgate::gate
