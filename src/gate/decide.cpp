#include "headgate/gate/decide.hpp"

#include "headgate/gate/flips.hpp"
#include "judgement.hpp"
#include "judges.hpp"
#include "outcome.hpp"
#include "reading.hpp"
#include "sections.hpp"

namespace headgate::gate {
namespace {

// Judges one rule, which may add several findings, and marks them all advisory where it is.
template <class Rule>
void ask(const Context& context, const Rule& rule, void (*judge)(const Context&, const Rule&, Judgements&),
         Judgements& out) {
  const std::size_t before = out.size();
  judge(context, rule, out);
  for (std::size_t i = before; i < out.size(); ++i) out[i].finding.advisory = rule.advisory;
}

Judgements judge_all(const Context& context) {
  const Rules& rules = context.rules;
  Judgements out;
  if (rules.quality) ask(context, *rules.quality, judge_quality, out);
  if (rules.floor) ask(context, *rules.floor, judge_floor, out);
  for (const SevereRule& rule : rules.severe) ask(context, rule, judge_severe, out);
  if (rules.must_pass) ask(context, *rules.must_pass, judge_must_pass, out);
  if (rules.segments) ask(context, *rules.segments, judge_segments, out);
  if (rules.latency) ask(context, *rules.latency, judge_latency, out);
  if (rules.cost) ask(context, *rules.cost, judge_cost, out);
  if (rules.errors) ask(context, *rules.errors, judge_errors, out);
  if (rules.fallback_rate) ask(context, *rules.fallback_rate, judge_fallback_rate, out);
  judge_evidence(context, out);
  judge_gate(context, out);
  return out;
}

// The judgements, as far as the judges that they rest on may be believed.
Judgements judge_believed(const Context& context) {
  Judgements out = judge_all(context);
  correct_for_judge(context, out);
  const Evidence& evidence = context.view.evidence();
  if (all_admissible(evidence, context.rules.evidence.judges)) return out;
  const Evidence bare = without_judges(evidence);
  const View view(bare, context.rules.reduce);
  hold_back(out, judge_all({view, context.rules, context.excused}));
  return out;
}

Decision::Flips count_flips(const View& view) {
  Decision::Flips counts;
  for (const Flip& flip : flips(view)) ++(flip.regression ? counts.regressions : counts.improvements);
  return counts;
}

}  // namespace

Decision decide(const Evidence& evidence, const Rules& rules) {
  const View view(evidence, rules.reduce);
  const Context context{view, rules, excused_cases(view, rules.known_failures)};
  const Judgements judgements = judge_believed(context);
  const std::vector<const Judgement*> required = required_of(judgements);

  Decision decision;
  const PlanHead& plan = evidence.plan;
  decision.gate = plan.gate;
  decision.release_question = plan.release_question;
  decision.stage = plan.stage;
  decision.arms = {view.summary(Arm::baseline), view.summary(Arm::candidate)};
  decision.route_diff = route_diff(plan.routes[0].parts, plan.routes[1].parts);
  decision.known_failures = rules.known_failures;
  decision.flips = count_flips(view);
  decision.policy_digest = policy_digest(rules);
  decision.records_digest = records_digest(evidence);
  decision.plan_digest = plan.digest;
  decision.suites = plan.suites;
  decision.rules_as_sealed = decision.policy_digest == policy_digest(plan.rules);

  decision.eligible_for = stages_that_hold(view, required);
  decision.answer = answer_for(plan.stage, decision.eligible_for, combine(required));
  decision.action = action_for(decision.answer, required, judgements);
  decision.reasons = reasons_for(decision, judgements);
  decision.next_stage = lacking_for_next(view, decision.eligible_for, required);
  decision.not_asked = not_asked(rules, plan);
  decision.trials = trials_section(view);
  decision.classification = classifications(view);
  decision.measures = measures(view);
  decision.variants = variant_agreement(view);
  decision.duplicate_replies = duplicate_replies(view);
  decision.notes = notes_for(context, decision);
  for (const Judgement& each : judgements) decision.findings.push_back(each.finding);
  return decision;
}

}  // namespace headgate::gate
