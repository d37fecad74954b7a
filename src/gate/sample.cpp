#include "sample.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "headgate/base/text.hpp"
#include "headgate/stats/planning.hpp"

namespace headgate::gate {
namespace {

template <class Value>
Sample sample_of(const View& view, std::span<const CaseIndex> cases, Value value) {
  Sample sample;
  sample.adverse.reserve(cases.size());
  sample.clusters.reserve(cases.size());
  bool weighted = false;
  for (const CaseIndex item : cases) {
    sample.adverse.push_back(value(item, Completion::adverse));
    sample.clusters.push_back(view.facts(item).cluster);
    sample.complete = sample.complete && view.complete(item);
    weighted = weighted || view.facts(item).weight != view.facts(cases.front()).weight;
  }
  if (!sample.complete) {
    sample.favourable.reserve(cases.size());
    for (const CaseIndex item : cases) sample.favourable.push_back(value(item, Completion::favourable));
  }
  if (weighted) {
    sample.weights.reserve(cases.size());
    for (const CaseIndex item : cases) sample.weights.push_back(view.facts(item).weight);
  }
  return sample;
}

}  // namespace

Sample differences(const View& view, std::span<const CaseIndex> cases, Metric metric) {
  return sample_of(view, cases,
                   [&](CaseIndex item, Completion completion) { return view.difference(item, metric, completion); });
}

Sample candidate_pass_rates(const View& view, std::span<const CaseIndex> cases) {
  Sample sample = sample_of(view, cases, [&](CaseIndex item, Completion completion) {
    return view.value(item, Arm::candidate, Metric::pass, completion);
  });
  sample.lo = 0.0;
  sample.neutral = std::nullopt;
  return sample;
}

stats::ScoreInput input_of(const Sample& sample, Completion completion) {
  const bool filled = completion == Completion::favourable && !sample.complete;
  return {filled ? sample.favourable : sample.adverse,
          sample.weights,
          sample.clusters,
          sample.lo,
          sample.hi,
          sample.neutral};
}

std::optional<stats::ScoreResult> test(const Sample& sample, Completion completion, stats::ScoreQuestion question) {
  return stats::score_test(input_of(sample, completion), question);
}

bool few_cases(const stats::ScoreResult& result) { return result.n_eff < min_effective_cases; }
bool few_clusters(const stats::ScoreResult& result) { return result.clustered && result.clusters < min_clusters; }

namespace {
bool believed(const stats::ScoreResult& result) { return !few_cases(result) && !few_clusters(result); }
}  // namespace

bool proves_above(const stats::ScoreResult& result) { return believed(result) && result.statistic >= result.critical; }

bool proves_below(const stats::ScoreResult& result) { return believed(result) && result.statistic <= -result.critical; }

void describe(Finding& finding, const stats::ScoreResult& result, const char* plain_method) {
  finding.estimate = result.estimate;
  finding.lower = result.lower;
  finding.upper = result.upper;
  finding.n = result.n;
  finding.n_eff = result.n_eff;
  finding.clusters = result.clusters;
  if (result.df && std::isfinite(*result.df)) finding.df = result.df;
  finding.statistic = result.statistic;
  finding.method = finding.df && !result.clustered ? "score_weighted" : plain_method;
  if (!result.clustered) return;
  finding.method = "score_clustered";
  finding.informative_clusters = result.informative_clusters;
  if (result.guarded && result.informative_clusters > 0) {
    // Of differences those that are not 0 tell something; of pass rates, those unlike the commonest.
    const bool paired = plain_method == std::string_view("score_paired");
    const std::string few = "only " + plural(result.informative_clusters, "cluster") +
                            (result.informative_clusters == 1 ? " has" : " have");
    finding.notes.push_back(few + (paired ? " a case on which the arms differ" : " a case unlike most others") +
                            ", so each cluster counts as one case");
  }
}

std::optional<std::size_t> cases_to_settle(const stats::ScoreResult& result, double theta0) {
  stats::NeededN question;
  question.distance = result.estimate - theta0;
  question.null_variance = result.null_variance;
  question.design_effect = static_cast<double>(result.n) * result.var_ratio;
  question.alpha = alpha;
  const std::optional<std::uint64_t> needed = stats::needed_n(question);
  if (!needed) return std::nullopt;
  const double least = std::ceil(min_effective_cases * question.design_effect);
  return std::max({static_cast<std::size_t>(*needed), static_cast<std::size_t>(least), result.n + 1});
}

}  // namespace headgate::gate
