// Run folders: reports/<gate>/<run-id>/, and those of checks: reports/<gate>/checks/<run-id>/. A check is never the
// latest run, never gone on with by `run`, and never decided; only a path names it where a run is meant.
#pragma once

#include <cstdint>
#include <functional>
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
  bool check = false;    // of `check`, not of `run`
};

// All runs under `reports`, newest first; of one gate, or of all when `gate` is empty.
std::vector<RunFolder> list_runs(const std::string& reports, const std::string& gate = {});

// All checks of one gate, newest first.
std::vector<RunFolder> list_checks(const std::string& reports, const std::string& gate);
// Its runs and checks in one list, newest first.
std::vector<RunFolder> list_runs_and_checks(const std::string& reports, const std::string& gate);

// What `show`, `decide` … mean by RUN: a folder path; a run id, its beginning, or the beginning of the digest in it;
// the name of a gate, for its latest run; or empty for the latest of all. Fails (input) with what there is, or with all
// that are meant where several are.
Result<RunFolder> find_run(const std::string& reports, const std::string& run);
// The same, but the latest of a gate, or of all, is the latest that has a decision. Where none has, as find_run.
Result<RunFolder> find_decided_run(const std::string& reports, const std::string& run);

// The run of this very plan that a repeated command should go on with or show, if any; the newest.
// With `wanted`, the newest of which that holds.
std::optional<RunFolder> find_same_plan(const std::string& reports, const PlanHead& head,
                                        const std::function<bool(const RunFolder&)>& wanted = {});

// Creates the folder (0700) for a new run; a second one within the same second gets -2, -3 … Fails with environment.
Result<RunFolder> create_run(const std::string& reports, const PlanHead& head, std::int64_t wall_seconds);

// Removes what starts that were killed before they had a plan left of that gate. Only with the start lock held: a run
// folder without a plan is then nobody's.
void clear_killed_starts(const std::string& reports, const std::string& gate);

Result<RunFolder> create_check(const std::string& reports, const PlanHead& head, std::int64_t wall_seconds);

// Moves decision.json (and its companions) aside as decision.previous.json, so that a crash leaves no stale green.
Result<void> set_aside_decision(const std::string& folder);

}  // namespace headgate::run
