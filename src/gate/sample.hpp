// Columns for the score test: one value a case, once completed against the candidate and once for it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "headgate/stats/score.hpp"
#include "judgement.hpp"

namespace headgate::gate {

struct Sample {
  std::vector<double> adverse;
  std::vector<double> favourable;  // equal to adverse where nothing is missing
  std::vector<double> weights;     // empty: all equal
  std::vector<std::uint32_t> clusters;
  bool complete = true;  // the two columns are equal
  double lo = -1.0;
  double hi = 1.0;
  std::optional<double> neutral = 0.0;
};

// Paired differences of case means, in [-1, 1].
Sample differences(const View& view, std::span<const CaseIndex> cases, Metric metric);
// The candidate's pass rates, in [0, 1].
Sample candidate_pass_rates(const View& view, std::span<const CaseIndex> cases);

stats::ScoreInput input_of(const Sample& sample, Completion completion);
// Nothing for an empty sample or a hypothesis outside the range.
std::optional<stats::ScoreResult> test(const Sample& sample, Completion completion, stats::ScoreQuestion question);

// Too few effective cases, or clusters, for the test to be believed.
bool few_cases(const stats::ScoreResult& result);
bool few_clusters(const stats::ScoreResult& result);
// Whether the test proves the mean above (below) the hypothesis, and is to be believed.
bool proves_above(const stats::ScoreResult& result);
bool proves_below(const stats::ScoreResult& result);

// Estimate, interval, n, clusters, df, statistic and method.
void describe(Finding& finding, const stats::ScoreResult& result, const char* plain_method);

// Cases that would settle an undecided test with 80 % power, if the estimate holds; nothing when no number would.
std::optional<std::size_t> cases_to_settle(const stats::ScoreResult& result, double theta0);

}  // namespace headgate::gate
