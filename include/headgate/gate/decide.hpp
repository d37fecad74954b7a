// Evidence and rules to a decision. Reads nothing else: same evidence and rules give the same bytes on any machine.
#pragma once

#include "headgate/domain/decision.hpp"
#include "headgate/domain/evidence.hpp"

namespace headgate::gate {

// `rules` may differ from evidence.plan.rules; then the decision says so (rules_as_sealed).
Decision decide(const Evidence& evidence, const Rules& rules);

}  // namespace headgate::gate
