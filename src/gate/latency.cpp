// latency: is the candidate's 95th percentile within budget? Distribution-free: an order statistic bounds it.
//
// A case is as slow as its slowest trial. An errored or unrecorded latency is endless for a pass and nothing for a
// fail, and so is that of a fallback that answered instead.
#include <algorithm>
#include <cmath>
#include <limits>

#include "headgate/base/text.hpp"
#include "headgate/stats/clusters.hpp"
#include "headgate/stats/quantile.hpp"
#include "judgement.hpp"
#include "rates.hpp"
#include "reading.hpp"
#include "sentences.hpp"

namespace headgate::gate {
namespace {

constexpr double quantile = 0.95;
constexpr double endless = std::numeric_limits<double>::infinity();

struct Sides {
  bool within = false;
  bool above = false;
  bool within_if_known = false;  // if what is not known were fast
};

double order_statistic(const std::vector<double>& sorted, std::uint64_t rank) {
  return sorted[static_cast<std::size_t>(rank) - 1];
}

Sides judge_ranks(const std::vector<double>& adverse, std::vector<double> favourable, double budget, Finding& finding) {
  std::sort(favourable.begin(), favourable.end());
  const stats::QuantileRanks ranks = stats::quantile_ranks(adverse.size(), quantile, alpha);
  finding.method = "order_statistic";
  if (ranks.lower > 0) finding.lower = order_statistic(adverse, ranks.lower);
  finding.upper = ranks.upper > 0 ? order_statistic(adverse, ranks.upper) : endless;
  return {ranks.upper > 0 && *finding.upper <= budget,
          ranks.lower > 0 && order_statistic(favourable, ranks.lower) > budget,
          ranks.upper > 0 && order_statistic(favourable, ranks.upper) <= budget};
}

// Cases that share clusters: the same statement, made of the share of cases above the budget.
Sides judge_exceedance(const View& view, std::span<const CaseIndex> cases, double budget, Finding& finding) {
  const auto above = [&](Completion completion) {
    return rate_bounds(
        view, cases, [&](CaseIndex item) { return slowest(view, item, completion) > budget; }, alpha);
  };
  const RateBounds adverse = above(Completion::adverse);
  finding.method = "exceedance_clustered";
  finding.n_eff = adverse.n_eff;
  finding.informative_clusters = adverse.informative_clusters;
  finding.notes.push_back(
      "cases share clusters, so the share of cases above the budget decides: " + rate(adverse.share()) + ", interval " +
      rate(adverse.bounds.lower) + " to " + rate(adverse.bounds.upper));
  const RateBounds favourable = above(Completion::favourable);
  return {adverse.bounds.upper <= 1.0 - quantile, favourable.bounds.lower > 1.0 - quantile,
          favourable.bounds.upper <= 1.0 - quantile};
}

std::string milliseconds(double value) { return std::isfinite(value) ? fixed(value, 0) + " ms" : "without end"; }

constexpr const char* without_cache = "a run without the response cache measures them";

std::string from_cache(std::size_t cases) {
  return cases_of(cases) + (cases == 1 ? " was" : " were") +
         " answered from the response cache, and a cached reply has no latency of its own";
}

std::string by_fallback(std::size_t cases) {
  return cases_of(cases) + (cases == 1 ? " was" : " were") +
         " answered by the fallback, whose latency is not the route's";
}

std::string bounds_of(const Finding& finding) {
  if (finding.lower && finding.upper) {
    return " (95 % interval " + milliseconds(*finding.lower) + " to " + milliseconds(*finding.upper) + ")";
  }
  return finding.upper ? " (at most " + milliseconds(*finding.upper) + ")" : "";
}

// So many of its cases take longer than the budget: more of the like would show that few enough do.
RateBounds exceeding(const Finding& finding, std::size_t slow) {
  RateBounds rates;
  rates.hits = static_cast<double>(slow);
  rates.n = finding.n;
  rates.n_eff = finding.n_eff.value_or(static_cast<double>(finding.n));
  return rates;
}

// The least number of independent cases for which an upper bound of the percentile exists.
std::size_t least_cases() {
  std::size_t n = 1;
  while (stats::quantile_ranks(n, quantile, alpha).upper == 0) ++n;
  return n;
}

}  // namespace

void judge_latency(const Context& context, const LatencyRule& rule, Judgements& out) {
  const View& view = context.view;
  const std::vector<CaseIndex> cases = unforced_cases(view);
  Judgement judgement;
  Finding& finding = judgement.finding;
  finding = finding_over(view, "latency", cases);
  finding.threshold = rule.p95_max_ms;
  finding.method = "order_statistic";

  std::vector<double> adverse, favourable;
  std::vector<std::uint32_t> clusters;
  std::vector<std::pair<double, CaseIndex>> slow;
  const std::size_t fallen = fallen_back(view, cases);
  std::size_t known = 0, unknown = 0, cached = 0;
  for (const CaseIndex item : cases) {
    adverse.push_back(slowest(view, item, Completion::adverse));
    favourable.push_back(slowest(view, item, Completion::favourable));
    clusters.push_back(view.facts(item).cluster);
    ++(std::isfinite(adverse.back()) ? known : unknown);
    if (any_cached(view, item)) ++cached;
    if (adverse.back() > rule.p95_max_ms) slow.emplace_back(-adverse.back(), item);
  }
  if (known == 0) {
    settle(judgement, Verdict::inconclusive, "latency_not_recorded");
    judgement.remedy = Remedy::repair;
    finding.sentence =
        cached == 0 ? "No latency of the candidate is recorded, so its speed is unknown."
                    : "No latency of the candidate is known: " + from_cache(cached) + ", so its speed is unknown.";
    if (cached > 0) finding.notes.emplace_back(without_cache);
    if (fallen > 0) finding.notes.push_back(by_fallback(fallen));
    out.push_back(std::move(judgement));
    return;
  }
  std::ranges::sort(slow);
  std::vector<CaseIndex> named;
  for (const auto& [minus_ms, item] : slow) named.push_back(item);
  name_cases(finding, view, named);
  std::vector<double> sorted = adverse;
  std::sort(sorted.begin(), sorted.end());
  finding.estimate = stats::quantile_type7(sorted, quantile);
  const Sides sides = stats::shares_clusters(clusters) ? judge_exceedance(view, cases, rule.p95_max_ms, finding)
                                                       : judge_ranks(sorted, favourable, rule.p95_max_ms, finding);
  const std::string seen = "95 % of the candidate's cases take at most " +
                           milliseconds(finding.estimate.value_or(endless)) + bounds_of(finding) + " on " +
                           cases_of(finding.n);
  const std::string budget = milliseconds(rule.p95_max_ms);
  if (sides.within) {
    settle(judgement, Verdict::pass, "latency_within");
    finding.sentence = seen + ", within the " + budget + " allowed.";
  } else if (sides.above) {
    settle(judgement, Verdict::fail, "latency_above");
    finding.sentence = seen + ", above the " + budget + " allowed.";
  } else if (cases.size() < least_cases()) {
    settle(judgement, Verdict::inconclusive, "latency_few_cases");
    finding.needed_n = least_cases();
    finding.sentence = seen + "; a bound needs at least " + cases_of(least_cases()) + ".";
  } else {
    finding.needed_n = cases_to_show(exceeding(finding, slow.size()), 1.0 - quantile, alpha, Hope::steady);
    const bool missing_decides = unknown > 0 && sides.within_if_known;
    settle(judgement, Verdict::inconclusive, missing_decides ? "latency_missing_decides" : "latency_undecided");
    if (missing_decides) judgement.remedy = Remedy::repair;
    finding.sentence =
        seen + (missing_decides
                    ? "; " + cases_of(unknown) + " without a latency " + (unknown == 1 ? "keeps " : "keep ") + budget +
                          " from being shown" + (cached > 0 ? " (" + from_cache(cached) + ")." : ".")
                    : "; that " + budget + " is kept is neither shown nor ruled out.");
  }
  if (unknown > 0) {
    finding.notes.push_back(cases_of(unknown) + " without a latency " + (unknown == 1 ? "counts" : "count") +
                            " as endless");
  }
  if (fallen > 0) finding.notes.push_back(by_fallback(fallen));
  if (cached > 0) finding.notes.push_back(from_cache(cached) + "; " + without_cache);
  out.push_back(std::move(judgement));
}

}  // namespace headgate::gate
