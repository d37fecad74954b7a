// Run folders: reports/<gate>/<run-id>/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "headgate/domain/plan.hpp"

namespace headgate::run {

struct RunFolder {
  std::string path;  // reports/<gate>/<run-id>
  std::string gate;
  std::string run_id;    // 20261120T120000Z-1a2b3c4d: when, and the plan's brief digest
  bool decided = false;  // decision.json is there
};

// All runs under `reports`, newest first; of one gate, or of all when `gate` is empty.
std::vector<RunFolder> list_runs(const std::string& reports, const std::string& gate = {});

// What `show`, `decide` … mean by RUN: a folder path, a run id or its prefix, or empty for the latest. Fails (input)
// with what there is.
Result<RunFolder> find_run(const std::string& reports, const std::string& run);

// The run of this very plan that a repeated command should go on with or show, if any; the newest.
std::optional<RunFolder> find_same_plan(const std::string& reports, const PlanHead& head);

// Creates the folder (0700) for a new run; a second one within the same second gets -2, -3 … Fails with environment.
Result<RunFolder> create_run(const std::string& reports, const PlanHead& head, std::int64_t wall_seconds);

// Moves decision.json (and its companions) aside as decision.previous.json, so that a crash leaves no stale green.
Result<void> set_aside_decision(const std::string& folder);

}  // namespace headgate::run
