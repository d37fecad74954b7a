// The part that one case has in a decision: for every rule of the gate, whether it counts there, and with what.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "headgate/domain/evidence.hpp"

namespace headgate::gate {

enum class Role : std::uint8_t {
  left_out,  // the rule is not about this case
  counts,    // one of the cases that the rule adds up
  decides,   // by itself it keeps the rule from passing
};
const char* name(Role role);  // "left_out"

struct Part {
  std::string rule;                    // as in the finding: "severe", "evidence.complete"
  std::optional<std::string> suite;    // of a rule that is asked per suite
  std::optional<std::string> segment;  // "language=de", "severe_class=unsafe_refund_promise"
  Role role = Role::left_out;
  std::optional<double> value;  // what it adds, where that is a number: a difference, a rate, milliseconds, dollars
  std::string sentence;         // "candidate 0 - baseline 1 = -1; one of 200 cases"
};

// In the order of the findings. Cases that count or decide are those of the finding's n. Pure; texts are from the
// evidence and may be hostile.
std::vector<Part> parts_of(const Evidence& evidence, const Rules& rules, CaseIndex item);

}  // namespace headgate::gate
