// evidence: what must hold before any number may speak. None of it can fail a candidate; all of it can keep it waiting.
#include <algorithm>
#include <functional>
#include <map>

#include "headgate/base/text.hpp"
#include "judgement.hpp"
#include "judges.hpp"
#include "reading.hpp"
#include "sample.hpp"
#include "sentences.hpp"

namespace headgate::gate {
namespace {

Judgement checked(const View& view, const char* rule, std::span<const CaseIndex> cases) {
  Judgement judgement;
  judgement.finding = finding_over(view, rule, cases);
  judgement.finding.method = "deterministic";
  judgement.finding.estimand = "suite";
  return judgement;
}

// A check whose only purpose is to stand in the way.
void object(const View& view, const char* rule, const char* code, std::string sentence, Judgements& out) {
  Judgement judgement = checked(view, rule, {});
  settle(judgement, Verdict::inconclusive, code);
  judgement.remedy = Remedy::repair;
  judgement.carries_shadow = false;
  judgement.finding.sentence = std::move(sentence);
  out.push_back(std::move(judgement));
}

void judge_min_cases(const Context& context, Judgements& out) {
  const View& view = context.view;
  std::vector<CaseIndex> measured;
  const std::vector<CaseIndex> planned = random_cases(view);
  std::ranges::copy_if(planned, std::back_inserter(measured), [&](CaseIndex item) { return view.measured(item); });
  Judgement judgement = checked(view, "evidence.min_cases", measured);
  Finding& finding = judgement.finding;
  const long least = context.rules.evidence.min_cases;
  finding.estimate = static_cast<double>(measured.size());
  finding.threshold = static_cast<double>(least);
  const Metric metric = context.rules.quality ? context.rules.quality->metric : Metric::score;
  const auto score = test(differences(view, measured, metric), Completion::adverse, {0.0, alpha});
  finding.n_eff = score ? score->n_eff : 0.0;
  const std::string has = cases_of(measured.size()) + " sampled at random " + (measured.size() == 1 ? "was" : "were") +
                          " measured on both arms";
  if (static_cast<long long>(measured.size()) < least) {
    settle(judgement, Verdict::inconclusive, "few_cases");
    finding.needed_n = static_cast<std::size_t>(least);
    // Planned cases that an error took away come back by repair, not by more cases.
    if (static_cast<long long>(planned.size()) >= least) judgement.remedy = Remedy::repair;
    finding.sentence = "Only " + has + ", and " + std::to_string(least) + " are needed to decide.";
    if (measured.empty())
      finding.sentence = "No case sampled at random was measured on both arms, and " + std::to_string(least) +
                         " are needed to decide.";
  } else if (*finding.n_eff < min_effective_cases) {
    settle(judgement, Verdict::inconclusive, "few_effective_cases");
    finding.sentence = has + ", but they count as only " + fixed(*finding.n_eff, 1) +
                       " independent ones (30 are needed), because cases share clusters or weights differ.";
  } else {
    settle(judgement, Verdict::pass, "enough_cases");
    finding.sentence = has + "; " + std::to_string(least) + " are needed.";
  }
  out.push_back(std::move(judgement));
}

struct Share {
  const char* rule;
  const char* code;
  const char* words;  // "ended in a provider error"
  double limit;
  std::size_t ArmSummary::*total;
  std::uint16_t ArmOfCase::*of_case;
};

void judge_share(const Context& context, const Share& share, Judgements& out) {
  const View& view = context.view;
  const std::vector<CaseIndex> cases = all_cases(view);
  Judgement judgement = checked(view, share.rule, cases);
  Finding& finding = judgement.finding;
  double worst = 0.0;
  std::vector<std::string> seen;
  for (const Arm arm : both_arms) {
    const ArmSummary& total = view.summary(arm);
    if (total.cells > 0)
      worst = std::max(worst, static_cast<double>(total.*share.total) / static_cast<double>(total.cells));
    seen.push_back(std::to_string(total.*share.total) + " of " + std::to_string(total.cells) + " " + name(arm) +
                   " cells");
  }
  finding.estimate = worst;
  finding.threshold = share.limit;
  const bool kept = worst <= share.limit;
  settle(judgement, kept ? Verdict::pass : Verdict::inconclusive, kept ? "within_limit" : share.code);
  judgement.remedy = Remedy::repair;
  judgement.carries_shadow = kept;
  finding.sentence = join_words(seen) + " " + share.words + "; " + rate(share.limit) + " of an arm are allowed.";
  std::vector<CaseIndex> named;
  std::ranges::copy_if(cases, std::back_inserter(named), [&](CaseIndex item) {
    return view.of(item, Arm::baseline).*share.of_case + view.of(item, Arm::candidate).*share.of_case > 0;
  });
  name_cases(finding, view, named);
  out.push_back(std::move(judgement));
}

void judge_complete(const Context& context, Judgements& out) {
  const View& view = context.view;
  const std::vector<CaseIndex> cases = all_cases(view);
  Judgement judgement = checked(view, "evidence.complete", cases);
  Finding& finding = judgement.finding;
  const std::size_t missing = view.summary(Arm::baseline).not_run + view.summary(Arm::candidate).not_run;
  const std::size_t cells = view.summary(Arm::baseline).cells + view.summary(Arm::candidate).cells;
  finding.estimate = static_cast<double>(missing);
  finding.threshold = 0.0;
  judgement.remedy = Remedy::repair;
  const bool all = missing == 0 && cells > 0;
  settle(judgement, all ? Verdict::pass : Verdict::inconclusive,
         all          ? "complete"
         : cells == 0 ? "no_cells"
                      : "not_run");
  judgement.carries_shadow = all;
  finding.sentence = all          ? "All " + plural(cells, "planned cell") + (cells == 1 ? " was run." : " were run.")
                     : cells == 0 ? "The plan has no cell: nothing was measured."
                                  : std::to_string(missing) + " of " + plural(cells, "planned cell") + " " +
                                        (missing == 1 ? "was" : "were") + " not run; going on runs the rest.";
  std::vector<CaseIndex> named;
  std::ranges::copy_if(cases, std::back_inserter(named), [&](CaseIndex item) {
    return view.of(item, Arm::baseline).not_run + view.of(item, Arm::candidate).not_run > 0;
  });
  name_cases(finding, view, named);
  out.push_back(std::move(judgement));
}

// What most of an arm's cells without a grade ended with.
struct Trouble {
  ErrorKind kind = ErrorKind::none;
  std::size_t cells = 0;
};

Trouble most_frequent_error(const View& view, Arm arm) {
  std::map<ErrorKind, std::size_t> counts;
  for (CaseIndex item = 0; item < view.cases(); ++item) {
    for (std::uint32_t trial = 0; trial < view.trials(); ++trial) {
      const Observation& seen = view.evidence().at(item, trial, arm);
      if (seen.error != ErrorKind::none) ++counts[seen.error];
    }
  }
  Trouble most;
  for (const auto& [kind, cells] : counts) {
    if (cells > most.cells) most = {kind, cells};
  }
  return most;
}

std::string why(const Trouble& trouble, std::size_t unanswered) {
  if (attribution(trouble.kind) != Attribution::grading || 2 * trouble.cells <= unanswered) {
    return ": a route that is down can be neither admitted nor beaten.";
  }
  return ", most of them for " + std::string(name(trouble.kind)) + " (" + std::to_string(trouble.cells) +
         "): what nobody could judge says nothing of the route.";
}

void judge_available(const View& view, Judgements& out) {
  for (const Arm arm : both_arms) {
    const OwnAnswers own = own_answers(view, arm);
    if (own.cells == 0 || own.was_up()) continue;
    const std::string by = own.by_fallback > 0
                               ? " by the route itself (its fallback answered " + std::to_string(own.by_fallback) + ")"
                               : "";
    object(view, "evidence.available", arm == Arm::baseline ? "baseline_unavailable" : "candidate_unavailable",
           std::string("Only ") + std::to_string(own.graded) + " of " + plural(own.cells, "cell") + " of the " +
               name(arm) + " were answered" + by + " and graded" +
               why(most_frequent_error(view, arm), own.cells - own.graded),
           out);
  }
}

void judge_released(const Context& context, Judgements& out) {
  if (!context.rules.evidence.released) return;
  std::vector<std::string> drafts;
  for (const SuiteHead& suite : context.view.evidence().plan.suites) {
    if (!suite.released) drafts.push_back(suite.name);
  }
  Judgement judgement = checked(context.view, "evidence.released", {});
  judgement.remedy = Remedy::repair;
  const bool all = drafts.empty();
  settle(judgement, all ? Verdict::pass : Verdict::inconclusive, all ? "released" : "draft_suite");
  judgement.carries_shadow = all;
  judgement.finding.sentence = all ? "Every suite is released as it stands."
                                   : "This gate decides on released suites only, and " + join_words(drafts) +
                                         (drafts.size() == 1 ? " is a draft." : " are drafts.");
  out.push_back(std::move(judgement));
}

}  // namespace

void judge_evidence(const Context& context, Judgements& out) {
  const View& view = context.view;
  const Evidence& evidence = view.evidence();
  if (!evidence.plan_intact) {
    object(view, "evidence.plan", "plan_not_intact",
           "The plan was changed after it was sealed, so this is not what was agreed to run.", out);
  }
  if (evidence.plan.partial) {
    object(view, "evidence.selection", "partial_selection",
           "A filter or limit left cases out; a part of the suites never makes a candidate eligible.", out);
  }
  judge_complete(context, out);
  judge_available(view, out);
  const EvidenceRules& limits = context.rules.evidence;
  judge_share(context,
              {"evidence.provider_errors", "provider_errors_above", "ended in a provider error",
               limits.provider_errors_max_rate, &ArmSummary::provider_errors, &ArmOfCase::provider_errors},
              out);
  judge_share(context,
              {"evidence.ungraded", "ungraded_above", "could not be graded", limits.ungraded_max_rate,
               &ArmSummary::ungraded, &ArmOfCase::ungraded},
              out);
  judge_min_cases(context, out);
  judge_released(context, out);
  judge_judges(context, out);
}

}  // namespace headgate::gate
