#include "judges.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "headgate/base/text.hpp"
#include "headgate/stats/distributions.hpp"
#include "headgate/stats/ppi.hpp"
#include "sentences.hpp"

namespace headgate::gate {
namespace {

constexpr std::size_t min_pairs = 50;  // fewer labelled pairs are advice, not evidence

constexpr const char* how_first =
    "a first run with --even-if-undecidable has the replies, `headgate judge sample` draws some for people to label, "
    "`headgate judge calibrate` makes the record, and `judges` of the gate names it as `calibration`";
// Labels are of replies, and outlive a rubric and a judge.
constexpr const char* how_again =
    "labels of the same replies still hold: `headgate regrade` that run with this gate, `headgate judge calibrate` "
    "again with them, and name the new record in the gate";

const char* code_of(Standing standing) {
  switch (standing) {
    case Standing::admissible:
      return "judge_calibrated";
    case Standing::too_few_labels:
      return "too_few_labels";
    case Standing::misses_failures:
      return "judge_misses_failures";
    case Standing::disagrees:
      return "judge_disagrees";
  }
  return "";
}

bool rests_on_judges(const Observation& seen) { return seen.status == Status::ok && seen.judged && !seen.fails_anyway; }

std::size_t resting(const Evidence& evidence) {
  return static_cast<std::size_t>(std::ranges::count_if(evidence.observations, rests_on_judges));
}

using Key = std::tuple<std::string, std::optional<std::string>, std::optional<std::string>>;
Key key_of(const Judgement& judgement) {
  return {judgement.finding.rule, judgement.finding.suite, judgement.finding.segment};
}

// Whether every cell's pass is the judge's own: one judge, one grader a suite, and nothing that fails without it. Then
// the labels are of the very thing that quality averages.
bool is_the_judges_own(const Evidence& evidence) {
  if (evidence.plan.judges.size() != 1 || evidence.plan.rules.reduce != Reducer{}) return false;
  const bool alone = std::ranges::all_of(evidence.plan.suites, [](const SuiteHead& suite) {
    return suite.graders.size() == 1 && suite.pass.kind == PassRule::Kind::all;
  });
  return alone && std::ranges::all_of(evidence.observations, [](const Observation& seen) {
           return seen.status != Status::ok || (seen.judged && !seen.fails_anyway);
         });
}

std::string signed_points(double share) { return (share < 0 ? "" : "+") + points(share); }

}  // namespace

JudgeStanding standing_of(const SealedJudge& judge, const JudgesRule& rule) {
  const std::string who = "judge '" + judge.use.judge + "'";
  if (!judge.calibration) {
    const bool never = judge.why_not.empty() || judge.why_not == never_calibrated;
    return {false, never ? "judge_uncalibrated" : "judge_changed",
            who + " is not calibrated: " + (judge.why_not.empty() ? never_calibrated : judge.why_not),
            never ? how_first : how_again};
  }
  Admission found = admission(*judge.calibration, rule);
  return {found.standing == Standing::admissible, code_of(found.standing), who + ": " + found.says,
          std::move(found.remedy)};
}

bool all_admissible(const Evidence& evidence, const JudgesRule& rule) {
  const std::vector<SealedJudge>& judges = evidence.plan.judges;
  if (judges.empty()) return resting(evidence) == 0;
  return std::ranges::all_of(judges, [&](const SealedJudge& judge) { return standing_of(judge, rule).admissible; });
}

void judge_judges(const Context& context, Judgements& out) {
  const Evidence& evidence = context.view.evidence();
  const std::vector<SealedJudge>& judges = evidence.plan.judges;
  const std::size_t cells = resting(evidence);
  if (judges.empty() && cells == 0) return;
  const JudgesRule& rule = context.rules.evidence.judges;
  Judgement judgement;
  Finding& finding = judgement.finding;
  finding = finding_over(context.view, "evidence.judges", {});
  finding.method = "clopper_pearson";
  finding.alpha_pass = alpha_calibration;
  finding.alpha_fail = alpha_calibration;
  finding.threshold = rule.min_recall;
  std::optional<JudgeStanding> open;
  std::size_t not_admitted = 0;
  std::vector<std::string> said;
  for (const SealedJudge& judge : judges) {
    JudgeStanding standing = standing_of(judge, rule);
    if (judge.calibration) {
      finding.n += judge.calibration->labels;
      const auto& recall = judge.calibration->all.recall;
      // One number for several judges is that of the weakest.
      if (recall && (!finding.lower || recall->lower < *finding.lower)) {
        finding.estimate = recall->estimate;
        finding.lower = recall->lower;
        finding.upper = recall->upper;
        finding.n_eff = recall->n_eff;
      }
    }
    said.push_back(standing.says);
    if (standing.admissible) continue;
    ++not_admitted;
    if (!open) open = std::move(standing);
  }
  finding.notes = said;
  if (judges.empty()) open = JudgeStanding{false, "judge_uncalibrated", "plan names no judge", "seal it again"};
  if (!open) {
    settle(judgement, Verdict::pass, "judge_calibrated");
    finding.sentence = judges.size() == 1 ? "The " + said.front() + "."
                                          : "All " + std::to_string(judges.size()) + " judges are calibrated.";
  } else {
    settle(judgement, Verdict::inconclusive, open->code);
    judgement.remedy = Remedy::repair;
    judgement.carries_shadow = false;
    finding.sentence = "The " + open->says + ". " +
                       (cells == 0 ? "No cell rests" : plural(cells, "cell") + (cells == 1 ? " rests" : " rest")) +
                       " on its word alone, which decides nothing until then: " + open->remedy + ".";
    if (not_admitted > 1) finding.sentence += " So it is with " + plural(not_admitted - 1, "further judge") + ".";
  }
  out.push_back(std::move(judgement));
}

Evidence without_judges(const Evidence& evidence) {
  Evidence out = evidence;
  for (Observation& seen : out.observations) {
    if (!rests_on_judges(seen)) continue;
    seen.status = Status::ungraded;
    seen.error = ErrorKind::judge_failed;
    seen.pass = false;
    seen.score.reset();
  }
  return out;
}

void hold_back(Judgements& judgements, const Judgements& without) {
  std::map<Key, std::vector<const Judgement*>> theirs;
  for (const Judgement& each : without) theirs[key_of(each)].push_back(&each);
  std::map<Key, std::size_t> met;
  for (Judgement& each : judgements) {
    const std::vector<const Judgement*>& same = theirs[key_of(each)];
    const std::size_t index = met[key_of(each)]++;
    if (each.finding.verdict != Verdict::fail) continue;
    if (index < same.size() && same[index]->finding.verdict == Verdict::fail) {
      each.finding.notes.push_back("fails also without the judges' word");
      continue;
    }
    settle(each, Verdict::inconclusive, "judge_decides");
    each.remedy = Remedy::repair;
    each.carries_shadow = false;
    each.finding.sentence += " That rests on the word of a judge that may not decide (evidence.judges).";
  }
}

void correct_for_judge(const Context& context, Judgements& out) {
  const Evidence& evidence = context.view.evidence();
  if (!context.rules.quality || context.rules.quality->metric != Metric::pass || !is_the_judges_own(evidence)) return;
  const auto& calibration = evidence.plan.judges.front().calibration;
  if (!calibration) return;
  for (Judgement& judgement : out) {
    Finding& finding = judgement.finding;
    if (finding.rule != "quality" || !finding.threshold || finding.n == 0) continue;
    if (calibration->pairs.size() < min_pairs) {
      finding.notes.push_back("judge_bias: " + plural(calibration->pairs.size(), "case") +
                              " labelled on both arms are too few to correct for the judge's error (" +
                              std::to_string(min_pairs) + " are needed)");
      continue;
    }
    std::optional<std::uint32_t> suite;
    for (std::uint32_t i = 0; finding.suite && i < evidence.plan.suites.size(); ++i) {
      if (context.rules.quality->per_suite && evidence.plan.suites[i].name == *finding.suite) suite = i;
    }
    std::vector<double> human, judged, weights, all;
    for (const Calibration::Pair& pair : calibration->pairs) {
      human.push_back(pair.human);
      judged.push_back(pair.judged);
      weights.push_back(pair.weight);
    }
    for (const CaseIndex item : random_cases(context.view, suite)) {
      if (context.view.complete(item)) all.push_back(context.view.difference(item, Metric::pass, Completion::adverse));
    }
    // The labels may be of an earlier run: what carries over is the judge's error, not how good those replies were.
    const auto corrected = stats::ppi_mean({human, judged, all, weights, 1.0});
    if (!corrected) continue;
    const double reach = stats::t_upper_quantile(alpha, static_cast<double>(corrected->df)) * corrected->se;
    const double lower = corrected->mean - reach, upper = corrected->mean + reach;
    finding.notes.push_back("judge_bias: corrected by " + plural(calibration->pairs.size(), "labelled pair") +
                            ", the difference is " + signed_points(corrected->mean) + " points (95 % interval " +
                            signed_points(lower) + " to " + signed_points(upper) + ")");
    const bool above = lower >= *finding.threshold, below = upper <= *finding.threshold;
    const bool turned = (finding.verdict == Verdict::pass && !above) || (finding.verdict == Verdict::fail && !below);
    if (!turned) continue;
    settle(judgement, Verdict::inconclusive, "judge_bias_decides");
    finding.sentence += " Corrected by people's labels for what the judge gets wrong, that is not shown (" +
                        signed_points(lower) + " to " + signed_points(upper) +
                        " points): more labelled pairs settle it.";
  }
}

}  // namespace headgate::gate
