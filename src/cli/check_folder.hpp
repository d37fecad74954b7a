// Which folder a `check` works in, and what it takes over from earlier runs and checks of its gate.
#pragma once

#include <array>
#include <set>
#include <string>
#include <utility>

#include "headgate/config/gate_file.hpp"
#include "headgate/domain/evidence.hpp"
#include "headgate/domain/plan.hpp"
#include "start_run.hpp"

namespace headgate::cli {

// Older checks of the gate are removed when one starts: a check is asked again, never looked up.
inline constexpr std::size_t kept_checks = 20;

struct CheckWish {
  std::string reports;
  std::string command;  // for run.json
  std::size_t workers = 0;
  bool reuse_baseline = false;
  std::string carry_from;  // a check's folder: every equal cell of it is taken over; empty: none
};

struct StartedCheck {
  Started started;
  std::size_t baseline_reused = 0;  // cells
};

// An interrupted check of this very plan over the same recordings goes on; a finished one is asked again in a new
// folder. Fails as start_run does.
Result<StartedCheck> start_check(const Plan& plan, const std::array<config::Route, 2>& routes, const CheckWish& wish);

// Written last: marks the check as finished.
inline constexpr const char* check_file = "check.json";

// Cases by suite and id.
using CaseNames = std::set<std::pair<std::string, std::string>>;

// Cases that failed on the candidate, or of which a cell is not ok.
CaseNames failing_cases(const Evidence& evidence);

struct EarlierFailures {
  CaseNames cases;
  std::string of;  // run id
};
// Those of the newest run or check of that gate. Fails (input) where there is none, or nothing failed in it.
Result<EarlierFailures> latest_failures(const std::string& reports, const std::string& gate);

}  // namespace headgate::cli
