// cost: is the candidate's mean cost a case within budget? Hall's bounds, because cost is skewed and has no known cap.
// Where the fallback answered, what the route would have cost is unknown; cases made to fall back are left out.
#include <algorithm>
#include <cmath>

#include "headgate/base/text.hpp"
#include "headgate/stats/clusters.hpp"
#include "headgate/stats/mean_cost.hpp"
#include "judgement.hpp"
#include "reading.hpp"
#include "sentences.hpp"

namespace headgate::gate {
namespace {

// Hall's bounds cannot be trusted either for samples too skewed for their size.
constexpr double skew_factor = 10.0;

struct Costs {
  std::vector<double> known;  // mean a case over its trials; what is unknown counts as nothing
  std::vector<std::uint32_t> clusters;
  std::vector<CaseIndex> unknown;
};

Costs costs_of(const View& view, std::span<const CaseIndex> cases) {
  Costs costs;
  for (const CaseIndex item : cases) {
    const CaseCost cost = cost_of(view, item);
    if (!cost.complete) costs.unknown.push_back(item);
    costs.known.push_back(cost.known);
    costs.clusters.push_back(view.facts(item).cluster);
  }
  return costs;
}

// One value a cluster, whose mean is the mean over cases and whose spread is that of independent clusters.
std::vector<double> by_cluster(const Costs& costs) {
  double mean = 0.0;
  for (const double each : costs.known) mean += each;
  mean /= static_cast<double>(costs.known.size());
  std::vector<double> sums;
  std::vector<std::size_t> slot;
  for (std::size_t i = 0; i < costs.known.size(); ++i) {
    const std::uint32_t cluster = costs.clusters[i];
    if (cluster >= slot.size()) slot.resize(cluster + 1, 0);
    if (slot[cluster] == 0) {
      sums.push_back(0.0);
      slot[cluster] = sums.size();
    }
    sums[slot[cluster] - 1] += costs.known[i] - mean;
  }
  const double scale = static_cast<double>(sums.size()) / static_cast<double>(costs.known.size());
  for (double& each : sums) each = mean + scale * each;
  return sums;
}

std::string dollars(double value) { return "$" + fixed(value, value != 0.0 && std::abs(value) < 0.01 ? 6 : 4); }

}  // namespace

void judge_cost(const Context& context, const CostRule& rule, Judgements& out) {
  const View& view = context.view;
  const std::vector<CaseIndex> cases = unforced_cases(view);
  Judgement judgement;
  Finding& finding = judgement.finding;
  finding = finding_over(view, "cost", cases);
  finding.threshold = rule.max_per_case_usd;
  finding.method = "hall";
  const Costs costs = costs_of(view, cases);
  if (const std::size_t fallen = fallen_back(view, cases); fallen > 0) {
    finding.notes.push_back(cases_of(fallen) + (fallen == 1 ? " was" : " were") +
                            " answered by the fallback, whose cost is not the route's");
  }
  if (costs.unknown.size() == cases.size()) {
    settle(judgement, Verdict::inconclusive, "cost_unknown");
    judgement.remedy = Remedy::repair;
    finding.sentence = "No cost of the candidate is known, so its budget cannot be checked.";
    out.push_back(std::move(judgement));
    return;
  }
  const bool clustered = stats::shares_clusters(costs.clusters);
  const std::vector<double> values = clustered ? by_cluster(costs) : costs.known;
  const auto hall = stats::hall_mean_bounds(values, alpha);
  const double budget = rule.max_per_case_usd;
  std::string seen = "The candidate's cost could not be bounded";
  bool trusted = false;
  std::size_t least = min_costs;
  if (hall) {
    finding.estimate = hall->mean;
    finding.lower = hall->bounds.lower;
    finding.upper = hall->bounds.upper;
    finding.n_eff = static_cast<double>(values.size());
    if (clustered) finding.method = "hall_clustered";
    const double skewed = hall->skew * hall->skew * skew_factor;
    trusted = values.size() >= min_costs && skewed <= static_cast<double>(values.size());
    // Where cases share clusters, the clusters are what is counted: as many more cases as a cluster has.
    const double a_value = static_cast<double>(cases.size()) / static_cast<double>(values.size());
    least = static_cast<std::size_t>(std::min(std::max(static_cast<double>(min_costs), std::ceil(skewed)), 1e12));
    finding.needed_n = static_cast<std::size_t>(std::ceil(static_cast<double>(least) * a_value));
    seen = "A case costs " + dollars(hall->mean) + " on the candidate (95 % interval " + dollars(hall->bounds.lower) +
           " to " + dollars(hall->bounds.upper) + ")";
  }
  if (trusted && costs.unknown.empty() && hall->bounds.upper <= budget) {
    settle(judgement, Verdict::pass, "cost_within");
    finding.sentence = seen + ", within the " + dollars(budget) + " allowed.";
  } else if (trusted && hall->bounds.lower > budget) {
    settle(judgement, Verdict::fail, "cost_above");
    finding.sentence = seen + ", above the " + dollars(budget) + " allowed.";
  } else if (!costs.unknown.empty()) {
    settle(judgement, Verdict::inconclusive, "cost_unknown");
    judgement.remedy = Remedy::repair;
    finding.sentence =
        "The cost of " + cases_of(costs.unknown.size()) + " is unknown, so the budget cannot be checked.";
    finding.notes.push_back("estimate and interval count an unknown cost as nothing");
    name_cases(finding, view, costs.unknown);
  } else if (!trusted) {
    settle(judgement, Verdict::inconclusive, "cost_few_cases");
    finding.sentence = seen +
                       (least > min_costs ? "; costs this uneven need" : "; the mean of costs without a cap takes") +
                       " at least " + plural(least, clustered ? "independent case" : "case") + ".";
  } else {
    settle(judgement, Verdict::inconclusive, "cost_undecided");
    finding.sentence = seen + "; that " + dollars(budget) + " is kept is neither shown nor ruled out.";
  }
  if (finding.code != "cost_few_cases") finding.needed_n.reset();
  out.push_back(std::move(judgement));
}

}  // namespace headgate::gate
