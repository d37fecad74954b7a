// quality: is the candidate not worse than the baseline by more than allowed, or better by enough? The score test of
// the mean paired difference decides; nothing is dropped.
#include <algorithm>
#include <numeric>

#include "headgate/base/text.hpp"
#include "judgement.hpp"
#include "sample.hpp"
#include "sentences.hpp"

namespace headgate::gate {
namespace {

struct Test {
  double theta0 = 0.0;  // the difference against which is tested
  bool gain = false;    // asked for a gain, not for "not worse"
};

Test test_of(const QualityRule& rule) {
  return rule.min_gain ? Test{*rule.min_gain, true} : Test{-rule.max_loss.value_or(0.0), false};
}

// "The candidate scores 17.2 points better than the baseline on 1319 cases (95 % interval 14.5 to 20.0)"
std::string comparison(const View& view, const Finding& finding, Metric metric) {
  const double estimate = finding.estimate.value_or(0.0);
  const std::string size = points(std::abs(estimate));
  const std::string on = " on " + cases_of(finding.n) + by_reducer(view) + interval_in_points(finding);
  if (size == "0.0") {
    return std::string("The candidate ") + (metric == Metric::score ? "scores" : "passes") +
           (metric == Metric::score ? " the same as" : " as often as") + " the baseline" + on;
  }
  const bool better = estimate > 0.0;
  if (metric == Metric::score) {
    return "The candidate scores " + size + " points " + (better ? "better" : "worse") + " than the baseline" + on;
  }
  return "The candidate passes " + size + " points " + (better ? "more" : "less") + " often than the baseline" + on;
}

std::string allowed(const Test& test) {
  if (test.gain) return "a gain of at least " + points(test.theta0) + " points";
  return test.theta0 == 0.0 ? "any loss" : "a loss of more than " + points(-test.theta0) + " points";
}

std::string ending(const Finding& finding, const Test& test) {
  switch (finding.verdict) {
    case Verdict::pass:
      return ": " + allowed(test) + (test.gain ? " is shown." : " is ruled out.");
    case Verdict::fail:
      if (test.gain) return ": " + allowed(test) + " is ruled out.";
      return test.theta0 == 0.0 ? ": it is worse."
                                : ": worse by more than the " + points(-test.theta0) + " points allowed.";
    case Verdict::inconclusive:
      break;
  }
  const std::string open = ": " + allowed(test) + " is neither shown nor ruled out";
  if (finding.code == "quality_few_cases") return open + "; this counts as fewer than 30 independent cases.";
  if (finding.code == "quality_few_clusters") {
    return open + "; " + plural(finding.clusters, "cluster") + is_or_are(finding.clusters) +
           " too few, at least 20 are needed.";
  }
  if (finding.code == "quality_missing_decides") return open + ", because cells without a grade could decide it.";
  if (finding.code == "baseline_errors_decide_verdict") return open + ", because the baseline's errors decide it.";
  return open + outlook_of(finding) + ".";
}

// Cases on which the candidate lost, worst first; severe before major before normal where they lost the same.
std::vector<CaseIndex> losses(const View& view, std::span<const CaseIndex> cases, Metric metric) {
  std::vector<std::pair<double, CaseIndex>> lost;
  for (const CaseIndex item : cases) {
    const double change = view.difference(item, metric, Completion::adverse);
    if (change < 0.0) lost.emplace_back(change, item);
  }
  std::ranges::sort(lost, [&](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first < b.first;
    const Severity x = view.facts(a.second).severity;
    const Severity y = view.facts(b.second).severity;
    return x != y ? x > y : a.second < b.second;
  });
  std::vector<CaseIndex> out(lost.size());
  std::ranges::transform(lost, out.begin(), [](const auto& each) { return each.second; });
  return out;
}

// Which of the two arms' missing cells keep the rule from passing.
const char* undecided_code(const Sample& sample, const stats::ScoreResult& favourable, const Finding& finding) {
  if (sample.complete || !proves_above(favourable)) return "quality_undecided";
  const bool baseline_only = finding.missing && finding.missing->candidate == 0 && finding.missing->both == 0;
  return baseline_only ? "baseline_errors_decide_verdict" : "quality_missing_decides";
}

Judgement judge(const View& view, const QualityRule& rule, std::span<const CaseIndex> cases) {
  const Test asked = test_of(rule);
  Judgement judgement;
  Finding& finding = judgement.finding;
  finding = finding_over(view, "quality", cases);
  finding.threshold = asked.theta0;
  finding.method = "score_paired";
  const Sample sample = differences(view, cases, rule.metric);
  const auto adverse = test(sample, Completion::adverse, {asked.theta0, alpha});
  const auto favourable = test(sample, Completion::favourable, {asked.theta0, alpha});
  if (!adverse || !favourable) {
    settle(judgement, Verdict::inconclusive, "quality_no_cases");
    finding.sentence =
        "No randomly sampled case compares the candidate with the baseline, so nothing is known of quality.";
    return judgement;
  }
  describe(finding, *adverse, "score_paired");
  finding.p_pass = adverse->p_above;
  finding.p_harm = favourable->p_below;
  finding.discordant = discordance(view, cases);
  name_cases(finding, view, losses(view, cases, rule.metric));

  if (proves_above(*adverse)) {
    settle(judgement, Verdict::pass, asked.gain ? "quality_superior" : "quality_noninferior");
  } else if (proves_below(*favourable)) {
    settle(judgement, Verdict::fail, asked.gain ? "quality_gain_too_small" : "quality_harm");
  } else if (few_clusters(*adverse)) {
    settle(judgement, Verdict::inconclusive, "quality_few_clusters");
  } else if (few_cases(*adverse)) {
    settle(judgement, Verdict::inconclusive, "quality_few_cases");
  } else {
    settle(judgement, Verdict::inconclusive, undecided_code(sample, *favourable, finding));
    if (finding.code != "quality_undecided") judgement.remedy = Remedy::repair;
  }
  if (finding.verdict == Verdict::inconclusive && judgement.remedy == Remedy::more_cases && !few_clusters(*adverse)) {
    finding.needed_n = cases_to_settle(*adverse, asked.theta0);
  }
  if (finding.verdict == Verdict::pass && adverse->upper < 0.0) {
    finding.notes.push_back("worse_within_margin: the candidate is worse, though by less than is allowed");
  }
  if (!sample.complete) finding.notes.push_back(missing_note(finding));
  note_reducer(view, finding);
  finding.sentence = comparison(view, finding, rule.metric) + ending(finding, asked);
  return judgement;
}

}  // namespace

void judge_quality(const Context& context, const QualityRule& rule, Judgements& out) {
  if (!rule.per_suite) {
    out.push_back(judge(context.view, rule, random_cases(context.view)));
    return;
  }
  const std::vector<SuiteHead>& suites = context.view.evidence().plan.suites;
  for (std::uint32_t suite = 0; suite < suites.size(); ++suite) {
    out.push_back(judge(context.view, rule, random_cases(context.view, suite)));
    out.back().finding.suite = suites[suite].name;
  }
}

}  // namespace headgate::gate
