#include <algorithm>

#include "headgate/base/text.hpp"
#include "headgate/gate/forced.hpp"
#include "headgate/stats/combine.hpp"
#include "outcome.hpp"

namespace headgate::gate {
namespace {

std::size_t fully_graded(const View& view) {
  std::size_t n = 0;
  for (CaseIndex item = 0; item < view.cases(); ++item) {
    if (view.complete(item)) ++n;
  }
  return n;
}

Judgement standing_in_the_way(const char* rule, const char* code, std::string sentence) {
  Judgement judgement;
  judgement.finding.rule = rule;
  judgement.finding.method = "deterministic";
  judgement.finding.estimand = "suite";
  settle(judgement, Verdict::inconclusive, code);
  judgement.remedy = Remedy::repair;
  judgement.finding.sentence = std::move(sentence);
  return judgement;
}

stats::Trilean trilean(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return stats::Trilean::yes;
    case Verdict::fail:
      return stats::Trilean::no;
    case Verdict::inconclusive:
      return stats::Trilean::unknown;
  }
  return stats::Trilean::unknown;
}

std::string item(const Judgement& judgement) {
  const Finding& finding = judgement.finding;
  std::string text = finding.rule;
  if (finding.segment) text += " (" + *finding.segment + ")";
  return text + ": " + finding.sentence;
}

}  // namespace

void judge_gate(const Context& context, Judgements& out) {
  if (!context.rules.quality || context.rules.quality->advisory) {
    out.push_back(
        standing_in_the_way("quality", "no_quality_rule",
                            "This gate asks nothing binding of quality, and a gate that asks nothing admits nothing."));
    out.back().carries_shadow = false;
  }
  if (context.view.evidence().plan.stage == Stage::canary) {
    out.push_back(standing_in_the_way(
        "readiness", "readiness_not_written",
        "A canary needs readiness (fallback tested, telemetry, rollback), which this gate does not state."));
  }
}

std::vector<const Judgement*> required_of(const Judgements& judgements) {
  std::vector<const Judgement*> required;
  for (const Judgement& each : judgements) {
    if (each.counted && !each.finding.advisory) required.push_back(&each);
  }
  return required;
}

Outlook combine(const std::vector<const Judgement*>& required) {
  std::vector<stats::Trilean> answers;
  for (const Judgement* each : required) answers.push_back(trilean(each->finding.verdict));
  switch (stats::all_of(answers)) {
    case stats::Trilean::no:
      return Outlook::not_eligible;
    case stats::Trilean::unknown:
      return Outlook::inconclusive;
    case stats::Trilean::yes:
      return Outlook::eligible;
  }
  return Outlook::inconclusive;
}

std::vector<Stage> stages_that_hold(const View& view, const std::vector<const Judgement*>& required) {
  // Readiness is asked of a canary only.
  const auto holds = [&](auto property) {
    return std::ranges::all_of(
        required, [&](const Judgement* each) { return each->finding.rule == "readiness" || property(*each); });
  };
  const bool something = !required.empty();
  std::vector<Stage> hold;
  if (something && holds([](const Judgement& each) { return each.carries_shadow; }) &&
      fully_graded(view) >= shadow_cases) {
    hold.push_back(Stage::shadow);
  }
  if (something && holds([](const Judgement& each) { return each.finding.verdict == Verdict::pass; })) {
    hold.push_back(Stage::internal);
  }
  return hold;
}

Outlook answer_for(Stage stage, const std::vector<Stage>& hold, Outlook combined) {
  if (combined == Outlook::not_eligible) return combined;
  return std::ranges::find(hold, stage) != hold.end() ? Outlook::eligible : Outlook::inconclusive;
}

Action action_for(Outlook answer, const std::vector<const Judgement*>& required, const Judgements& all) {
  if (answer == Outlook::not_eligible) return Action::reject;
  if (answer == Outlook::eligible) {
    return std::ranges::any_of(all, [](const Judgement& each) { return !each.uncovered.empty(); }) ? Action::narrow
                                                                                                   : Action::advance;
  }
  const bool broken = std::ranges::any_of(required, [](const Judgement* each) {
    return each->finding.verdict == Verdict::inconclusive && each->remedy == Remedy::repair;
  });
  return broken ? Action::repair : Action::collect_evidence;
}

std::vector<std::string> lacking_for_next(const View& view, const std::vector<Stage>& hold,
                                          const std::vector<const Judgement*>& required) {
  std::vector<std::string> lacking;
  const bool shadow = std::ranges::find(hold, Stage::shadow) != hold.end();
  const bool internal = std::ranges::find(hold, Stage::internal) != hold.end();
  if (internal) {
    return {"canary: its readiness (fallback, telemetry, rollback) and handoff; this version does not judge them yet"};
  }
  for (const Judgement* each : required) {
    if (each->finding.rule == "readiness") continue;
    const bool wanting = shadow ? each->finding.verdict != Verdict::pass : !each->carries_shadow;
    if (wanting) lacking.push_back((shadow ? "internal: " : "shadow: ") + item(*each));
  }
  if (!shadow) {
    if (const std::size_t graded = fully_graded(view); graded < shadow_cases) {
      lacking.push_back("shadow: " + plural(graded, "case") + " fully graded on both arms, " +
                        std::to_string(shadow_cases) + " are needed");
    }
  }
  return lacking;
}

std::vector<std::string> not_asked(const Rules& rules, const PlanHead& plan) {
  std::vector<std::string> names;
  const auto asked = [&](bool present, const char* name) {
    if (!present) names.emplace_back(name);
  };
  asked(rules.quality.has_value(), "quality");
  asked(rules.floor.has_value(), "floor");
  asked(!rules.severe.empty(), "severe");
  asked(rules.must_pass.has_value(), "must_pass");
  asked(rules.segments.has_value(), "segments");
  asked(rules.latency.has_value(), "latency");
  asked(rules.cost.has_value(), "cost");
  asked(rules.errors.has_value(), "errors");
  const bool falls = falls_back(plan.routes[static_cast<std::size_t>(Arm::candidate)]);
  asked(rules.fallback_rate.has_value() || !falls, "fallback_rate");
  return names;
}

}  // namespace headgate::gate
