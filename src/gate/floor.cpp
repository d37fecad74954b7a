// floor: does the candidate pass often enough, whatever the baseline does?
#include <algorithm>

#include "headgate/base/text.hpp"
#include "headgate/stats/binomial.hpp"
#include "headgate/stats/clusters.hpp"
#include "headgate/stats/distributions.hpp"
#include "judgement.hpp"
#include "rates.hpp"
#include "reduce.hpp"
#include "sample.hpp"
#include "sentences.hpp"

namespace headgate::gate {
namespace {

std::vector<CaseIndex> not_passing(const View& view, std::span<const CaseIndex> cases) {
  std::vector<CaseIndex> out;
  for (const CaseIndex item : cases) {
    if (!view.passes(item, Arm::candidate)) out.push_back(item);
  }
  std::ranges::stable_sort(out, [&](CaseIndex a, CaseIndex b) {
    const double x = view.value(a, Arm::candidate, Metric::pass, Completion::adverse);
    const double y = view.value(b, Arm::candidate, Metric::pass, Completion::adverse);
    return x != y ? x < y : view.facts(a).severity > view.facts(b).severity;
  });
  return out;
}

// What both methods answer: whether the rate is proven on either side of the floor.
struct Sides {
  bool above = false;
  bool below = false;
  bool few_clusters = false;
};

// One independent yes or no a case: exact.
Sides judge_exactly(const View& view, std::span<const CaseIndex> cases, double floor, Finding& finding) {
  const auto passing = [&](Completion completion) {
    return rate_bounds(
        view, cases, [&](CaseIndex item) { return view.value(item, Arm::candidate, Metric::pass, completion) >= 1.0; },
        alpha);
  };
  const RateBounds adverse = passing(Completion::adverse);
  const RateBounds favourable = passing(Completion::favourable);
  describe(finding, adverse);
  finding.p_pass = stats::binomial_upper_tail(adverse.hits, adverse.n_eff, floor);
  if (adverse.share() > floor) {
    RateBounds failing = adverse;  // the same question, asked of the failures
    failing.hits = static_cast<double>(adverse.n) - adverse.hits;
    finding.needed_n = cases_to_show(failing, 1.0 - floor, alpha, Hope::steady);
  }
  if (adverse.n_eff < min_effective_cases) return {};
  return {adverse.bounds.lower >= floor, favourable.bounds.upper < floor};
}

Sides judge_by_score(const Sample& sample, double floor, Finding& finding) {
  const auto adverse = test(sample, Completion::adverse, {floor, alpha});
  const auto favourable = test(sample, Completion::favourable, {floor, alpha});
  if (!adverse || !favourable) return {};
  describe(finding, *adverse, "score");
  finding.p_pass = adverse->p_above;
  finding.needed_n = cases_to_settle(*adverse, floor);
  return {proves_above(*adverse), proves_below(*favourable), few_clusters(*adverse)};
}

std::string sentence(const View& view, const Finding& finding, double floor) {
  const std::string seen = "The candidate passes " + percent(finding.estimate.value_or(0.0)) + " of " +
                           cases_of(finding.n) + by_reducer(view) + interval_in_points(finding) + "; the floor is " +
                           percent(floor);
  switch (finding.verdict) {
    case Verdict::pass:
      return seen + ", and it is above it.";
    case Verdict::fail:
      return seen + ", and it is below it.";
    case Verdict::inconclusive:
      break;
  }
  const std::string open = seen + ", and neither side of it is shown";
  if (finding.code == "floor_few_clusters") {
    return open + "; " + plural(finding.clusters, "cluster") + is_or_are(finding.clusters) +
           " too few, at least 20 are needed.";
  }
  return open + outlook_of(finding) + ".";
}

}  // namespace

void judge_floor(const Context& context, const FloorRule& rule, Judgements& out) {
  const View& view = context.view;
  const std::vector<CaseIndex> cases = random_cases(view);
  Judgement judgement;
  Finding& finding = judgement.finding;
  finding = finding_over(view, "floor", cases);
  finding.method = "clopper_pearson";
  finding.threshold = rule.min_pass_rate;
  if (cases.empty()) {
    settle(judgement, Verdict::inconclusive, "floor_no_cases");
    finding.sentence = "No randomly sampled case measures how often the candidate passes.";
    out.push_back(std::move(judgement));
    return;
  }
  const Sample sample = candidate_pass_rates(view, cases);
  const bool plain =
      is_yes_or_no(view.reduce(), view.trials()) && sample.weights.empty() && !stats::shares_clusters(sample.clusters);
  const Sides sides = plain ? judge_exactly(view, cases, rule.min_pass_rate, finding)
                            : judge_by_score(sample, rule.min_pass_rate, finding);
  settle(judgement,
         sides.above   ? Verdict::pass
         : sides.below ? Verdict::fail
                       : Verdict::inconclusive,
         sides.above          ? "floor_reached"
         : sides.below        ? "floor_missed"
         : sides.few_clusters ? "floor_few_clusters"
                              : "floor_undecided");
  if (finding.code != "floor_undecided") finding.needed_n.reset();
  if (finding.missing && finding.missing->candidate + finding.missing->both > 0)
    finding.notes.push_back(missing_note(finding));
  name_cases(finding, view, not_passing(view, cases));
  note_reducer(view, finding);
  finding.sentence = sentence(view, finding, rule.min_pass_rate);
  out.push_back(std::move(judgement));
}

}  // namespace headgate::gate
