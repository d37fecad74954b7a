// A gate to a sealed plan.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "headgate/config/gate_file.hpp"
#include "headgate/domain/plan.hpp"

namespace headgate::run {

struct PlanOptions {
  std::optional<std::uint32_t> trials;
  std::string filter;  // grammar in filter.hpp
  // Not empty: of the cases that the filter leaves, only these. A plan that leaves cases out for it is partial.
  std::function<bool(const Case& item, const SuiteHead& suite)> only;
  std::size_t limit = 0;  // 0: none
  std::optional<std::uint64_t> seed;
  std::string as_of;  // UTC stamp
};

// Fails (input) when the filter does not parse or nothing is selected. Pure.
Result<Plan> make_plan(const config::Gate& gate, const PlanOptions& options);
// The same, but takes the cases out of the gate's suites instead of copying them: a plan may hold a million.
Result<Plan> make_plan(config::Gate&& gate, const PlanOptions& options);

// The same plan in another order: the pairs of these cases before all others. Seals it anew.
void run_first(Plan& plan, const std::function<bool(CaseIndex)>& wanted);

}  // namespace headgate::run
