// plan.jsonl: the sealed plan, one object a line: head, then every case as used, then the order, then an end line with
// the digest of all bytes before it.
#pragma once

#include <functional>
#include <string>

#include "headgate/domain/plan.hpp"

namespace headgate::journal {

// Writes temp + fsync + rename into the folder. Fails with environment.
Result<void> write_plan(const std::string& folder, const Plan& plan);

// Reads it whole. Fails with untrusted when a digest does not hold, environment when it cannot be read.
Result<Plan> read_plan(const std::string& folder);

// Only the head (first line): enough to tell which plan a run folder belongs to.
Result<PlanHead> read_plan_head(const std::string& folder);

// The case whose line starts at `offset` (CaseTable::Facts::plan_offset).
Result<Case> read_case(const std::string& folder, std::uint64_t offset);

}  // namespace headgate::journal
