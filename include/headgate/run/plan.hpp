// A gate to a sealed plan.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "headgate/config/gate_file.hpp"
#include "headgate/domain/plan.hpp"

namespace headgate::run {

struct PlanOptions {
  std::optional<std::uint32_t> trials;
  std::string filter;     // grammar in filter.hpp
  std::size_t limit = 0;  // 0: none
  std::optional<std::uint64_t> seed;
  std::string as_of;  // UTC stamp
};

// Fails (input) when the filter does not parse or nothing is selected. Pure.
Result<Plan> make_plan(const config::Gate& gate, const PlanOptions& options);
// The same, but takes the cases out of the gate's suites instead of copying them: a plan may hold a million.
Result<Plan> make_plan(config::Gate&& gate, const PlanOptions& options);

}  // namespace headgate::run
