#include "headgate/gate/feasibility.hpp"

#include <algorithm>
#include <cmath>

#include "headgate/base/text.hpp"
#include "need.hpp"
#include "outcome.hpp"

namespace headgate::gate {
namespace {

template <class Rule>
bool counts(const std::optional<Rule>& rule) {
  return rule && !rule->advisory;
}

// What no rule says but the gate as a whole asks.
void need_gate(const Plan& plan, Needs& out) {
  const auto add = [&](const char* rule, std::string says, bool statistical) {
    Need need;
    need.rule = rule;
    need.carry = Carry::cannot;
    need.has = plan.cases.size();
    need.says = std::move(says);
    need.statistical = statistical;
    out.push_back(std::move(need));
  };
  if (std::string problem = reduce_problem(plan.head.rules.reduce, plan.head.trials); !problem.empty()) {
    add("trials", std::move(problem), false);
  }
  if (!counts(plan.head.rules.quality)) {
    add("quality", "nothing binding is asked of quality, and a gate that asks nothing admits nothing", false);
  }
  if (plan.head.stage == Stage::canary) {
    add("readiness", "a canary needs readiness (fallback, telemetry, rollback), which this gate does not state", true);
  }
  if (plan.cases.size() < shadow_cases) {
    add("shadow", "even shadow takes " + std::to_string(shadow_cases) + " measured cases", false);
    out.back().needs = shadow_cases;
  }
}

Needs all_needs(const Plan& plan, const Earlier& measured) {
  const Rules& rules = plan.head.rules;
  Needs needs;
  if (counts(rules.quality)) need_quality(plan, *rules.quality, measured, needs);
  if (counts(rules.floor)) need_floor(plan, *rules.floor, measured, needs);
  for (const SevereRule& rule : rules.severe) {
    if (!rule.advisory) need_severe(plan, rule, needs);
  }
  if (counts(rules.must_pass)) need_must_pass(plan, *rules.must_pass, needs);
  if (counts(rules.segments)) need_segments(plan, *rules.segments, measured, needs);
  if (counts(rules.latency)) need_latency(plan, *rules.latency, needs);
  if (counts(rules.cost)) need_cost(plan, *rules.cost, needs);
  if (counts(rules.errors)) need_errors(plan, *rules.errors, measured, needs);
  if (counts(rules.fallback_rate)) need_fallback_rate(plan, *rules.fallback_rate, needs);
  need_evidence(plan, needs);
  need_gate(plan, needs);
  return needs;
}

bool bears(const Need& need, Stage stage) { return stage != Stage::shadow || !need.statistical; }

Carry worst(const Needs& needs, Stage stage) {
  Carry carry = Carry::can;
  for (const Need& need : needs) {
    if (bears(need, stage)) carry = std::max(carry, need.carry);
  }
  return carry;
}

std::string named(const Needs& needs, Carry carry, Stage stage) {
  std::vector<std::string> names;
  for (const Need& need : needs) {
    if (need.carry == carry && bears(need, stage)) names.push_back(need.rule);
  }
  return join_words(names);
}

std::string headline(const Feasibility& all, Stage stage) {
  const std::string what = std::string("say eligible for ") + name(stage);
  switch (all.carry) {
    case Carry::can:
      return "This gate can " + what + "." +
             (worst(all.needs, Stage::internal) == Carry::cannot
                  ? " For internal it could not: " + named(all.needs, Carry::cannot, Stage::internal) + "."
                  : "");
    case Carry::hardly:
      return "This gate can " + what +
             ", but hardly for a candidate that is only as good: " + named(all.needs, Carry::hardly, stage) + ".";
    case Carry::cannot:
      break;
  }
  std::string text = "This gate cannot " + what + ": " + named(all.needs, Carry::cannot, stage) + ".";
  if (stage != Stage::shadow && worst(all.needs, Stage::shadow) != Carry::cannot) {
    text += " For shadow it could.";
  }
  return text;
}

}  // namespace

const char* name(Carry carry) {
  switch (carry) {
    case Carry::can:
      return "can";
    case Carry::hardly:
      return "hardly";
    case Carry::cannot:
      return "cannot";
  }
  return "";
}

const Measured::Pairs* Measured::of(const std::optional<std::string>& suite) const {
  if (pairs.size() == 1 && !(suite && pairs[0].suite && *suite != *pairs[0].suite)) return &pairs[0];
  const auto found = std::ranges::find(pairs, suite, &Pairs::suite);
  return found == pairs.end() ? nullptr : &*found;
}

Feasibility feasibility(const Plan& plan, const std::optional<Measured>& measured) {
  Feasibility all;
  all.needs = all_needs(plan, measured);
  all.carry = worst(all.needs, plan.head.stage);
  all.headline = headline(all, plan.head.stage);
  return all;
}

}  // namespace headgate::gate
