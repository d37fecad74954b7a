// What the rules of a gate name in its suites: a rule about something that is not there would demand nothing.
#pragma once

#include <span>
#include <string>

#include "headgate/base/complaints.hpp"
#include "headgate/base/tree.hpp"
#include "headgate/domain/rules.hpp"
#include "headgate/domain/suite.hpp"

namespace headgate::config {

// Empty names in the rules stand for values that were complained about.
void check_references(const Tree& tree, const Rules& rules, std::span<const Suite> suites, Complaints& complaints);

// The same of readiness.fallback_tested.
void check_tested_cases(const Tree& tree, std::span<const std::string> cases, std::span<const Suite> suites,
                        Complaints& complaints);

}  // namespace headgate::config
