#include "headgate/cli/exit_code.hpp"

#include "headgate/base/assert.hpp"

namespace headgate::cli {

ExitCode exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::input:
      return ExitCode::refused;
    case ErrorCode::environment:
      return ExitCode::environment;
    case ErrorCode::untrusted:
      return ExitCode::untrusted;
    case ErrorCode::locked:
      return ExitCode::locked;
  }
  HG_ASSERT(false && "an error code without an exit status");
}

ExitCode exit_code(Outlook answer) {
  switch (answer) {
    case Outlook::eligible:
      return ExitCode::yes;
    case Outlook::not_eligible:
      return ExitCode::no;
    case Outlook::inconclusive:
      return ExitCode::inconclusive;
  }
  HG_ASSERT(false && "a decision without an exit status");
}

std::span<const ExitMeaning> exit_table() {
  static constexpr ExitMeaning table[] = {
      {ExitCode::yes, "eligible, or the command did what was asked"},
      {ExitCode::no, "not eligible"},
      {ExitCode::inconclusive, "inconclusive: the evidence does not settle it"},
      {ExitCode::refused, "input refused (usage, gate, route, suite, lock); nothing was run"},
      {ExitCode::environment, "could not run or could not record (disk, permission, key, quota)"},
      {ExitCode::untrusted, "the evidence does not hold (plan, journal, decision)"},
      {ExitCode::locked, "the run directory is in use"},
      {ExitCode::bug, "a mistake in headgate"},
      {ExitCode::interrupted, "interrupted (Ctrl-C)"},
      {ExitCode::terminated, "terminated"},
  };
  return table;
}

}  // namespace headgate::cli
