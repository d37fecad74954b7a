// What graders will ask of judges and embeddings, found out by letting them ask.
#pragma once

#include "headgate/run/estimate.hpp"

namespace headgate::run {

// Adds judges and embeddings to `out`, and their calls and money to its sums. The arms are there already.
Result<void> add_questions(const Plan& plan, const std::array<config::Route, 2>& routes, const EstimateOptions& options,
                           Estimate& out);

}  // namespace headgate::run
