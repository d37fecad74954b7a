// The trials of a case as one outcome.
#pragma once

#include <optional>
#include <span>

#include "headgate/domain/rules.hpp"

namespace headgate::gate {

// `values` are all of a case's trials, ascending, each in [0, 1]. One definition serves passes and scores: of passes
// (0 and 1) each gives what its name says.
// - mean, worst, best: of the values.
// - pass@k, pass^k: what the best, the worst of k trials is on average over all ways to draw k of them. Of passes that
//   are the unbiased forms (stats/repeats.hpp), 0 or 1 where k is the number of trials.
// - majority: the lower median. Of passes: more than half pass, so a tie fails.
// Nothing for no trials, or fewer than k.
std::optional<double> reduced(std::span<const double> values, const Reducer& reduce);

// Whether a case that passes or fails in each trial also does so as a whole, and is not something between.
bool is_yes_or_no(const Reducer& reduce, std::uint32_t trials);

}  // namespace headgate::gate
