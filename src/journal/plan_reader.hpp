// plan.jsonl in one pass, held against every digest it carries.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "headgate/domain/plan.hpp"

namespace headgate::journal {

std::string plan_path(const std::string& folder);

// What a reader wants of a plan. Cases come in order; they are given away.
struct PlanVisitor {
  std::function<void(Case&& item, std::uint32_t suite, std::uint64_t offset)> on_case;
  std::function<void(CellIndex cell)> on_cell;  // may be empty
};

// Returns the head, and the digests of all cases in `case_digests`. Fails with untrusted when the plan does not hold.
Result<PlanHead> visit_plan(const std::string& folder, const PlanVisitor& visitor, std::vector<Digest>& case_digests);

}  // namespace headgate::journal
