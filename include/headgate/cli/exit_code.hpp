// The one table of exit statuses. "The gate said no", "the gate could not tell" and "the gate broke" are different
// numbers, and no kind of trouble shares 0.
#pragma once

#include <span>

#include "headgate/base/result.hpp"
#include "headgate/domain/decision.hpp"

namespace headgate::cli {

enum class ExitCode : int {
  yes = 0,           // eligible, or: the command did what was asked
  no = 1,            // not eligible
  inconclusive = 2,  // the evidence does not settle it; never 0
  refused = 3,       // usage, gate, route or suite files, lock: nothing was run
  environment = 4,   // could not run, or could not record: disk, permission
  untrusted = 5,     // journal, plan or decision does not hold
  locked = 6,        // the run directory is in use
  bug = 70,          // ours
  interrupted = 130,
  terminated = 143,
};

constexpr int status(ExitCode code) { return static_cast<int>(code); }

ExitCode exit_code(ErrorCode code);
ExitCode exit_code(Outlook answer);

struct ExitMeaning {
  ExitCode code;
  const char* meaning;
};
// In ascending order, as help prints it.
std::span<const ExitMeaning> exit_table();

}  // namespace headgate::cli
