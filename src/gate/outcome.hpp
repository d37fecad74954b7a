// From judged rules to one answer: stages, action, reasons, and what the next stage still lacks.
#pragma once

#include <string>
#include <vector>

#include "headgate/domain/decision.hpp"
#include "judgement.hpp"

namespace headgate::gate {

// What is exposed to nobody may be carried by this many measured cases.
inline constexpr std::size_t shadow_cases = 20;

// A rule that the gate cannot do without, or a stage it cannot yet reach, as judgements of their own.
void judge_gate(const Context& context, Judgements& out);

// Those that count: no details, nothing advisory.
std::vector<const Judgement*> required_of(const Judgements& judgements);

// Three-valued "and" over the required rules; nothing required is inconclusive.
Outlook combine(const std::vector<const Judgement*>& required);

// Every stage that holds, lowest first.
std::vector<Stage> stages_that_hold(const View& view, const std::vector<const Judgement*>& required);

// For the gate's own stage.
Outlook answer_for(Stage stage, const std::vector<Stage>& hold, Outlook combined);
Action action_for(Outlook answer, const std::vector<const Judgement*>& required, const Judgements& all);

// The main one first.
std::vector<Reason> reasons_for(const Decision& decision, const Judgements& judgements);
std::vector<std::string> lacking_for_next(const View& view, const std::vector<Stage>& hold,
                                          const std::vector<const Judgement*>& required);
// A rule on the fallback is only missed where there is one.
std::vector<std::string> not_asked(const Rules& rules, const PlanHead& plan);
std::vector<std::string> notes_for(const Context& context, const Decision& decision);

}  // namespace headgate::gate
