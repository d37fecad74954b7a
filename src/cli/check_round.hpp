// One check from a read gate to its answer on stdout. `check` does one, `check --watch` one a change.
#pragma once

#include <optional>
#include <string>

#include "check_folder.hpp"
#include "headgate/gate/check.hpp"
#include "run_cells.hpp"
#include "verbs.hpp"

namespace headgate::cli {

struct CheckJob {
  const Context& context;
  Plan plan;
  std::array<config::Route, 2> routes;
  run::Helpers helpers;
  CallWish calls;
  std::string selected_by;  // what --only left out cases for
};

// What --only failures means now: those of the newest run or check. Nothing without that option.
Result<std::optional<EarlierFailures>> chosen_failures(const Context& context, const std::string& gate);

// From the options of `check`. Takes the cases and routes out of the gate.
Result<CheckJob> check_job(const Context& context, config::Gate&& gate, const std::optional<EarlierFailures>& only);

struct CheckDone {
  std::string folder;
  gate::CheckAnswer answer = gate::CheckAnswer::not_measured;
  CaseNames failing;
  bool interrupted = false;
};

struct CheckBefore {
  std::string folder;  // equal cells of it are taken over
  CaseNames failing;   // run first and shown first
};

// `before` may be null. Fails where nothing could be run or recorded; an answer of any kind is no failure.
Result<CheckDone> check_round(CheckJob& job, const CheckBefore* before, const InterruptWatch& watch);

ExitCode exit_code(gate::CheckAnswer answer);

}  // namespace headgate::cli
