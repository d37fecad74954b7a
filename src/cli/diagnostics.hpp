// The only place where errors become text:
//
//   eval_suites/billing/cases.jsonl:17:42: error: unknown grader 'regx' in case 'refund-017'
//     {"id": "refund-017", "graders": [{"kind": "regx", ...
//                                               ^~~~~~
//   hint: did you mean 'regex'? `headgate graders` lists all
#pragma once

#include <string>

#include "headgate/base/complaints.hpp"
#include "headgate/base/json.hpp"
#include "headgate/cli/exit_code.hpp"
#include "terminal.hpp"

namespace headgate::cli {

struct DiagnosticStyle {
  bool colour = false;
  std::size_t width = 100;
};

// Everything from outside in it is escaped; ends with a newline.
std::string diagnostic(const Error& error, const DiagnosticStyle& style);
// All of them, in order of place, then how many were not kept and a count.
std::string diagnostics(Complaints complaints, const DiagnosticStyle& style);
// {"file","line","column","message","hint"} each, for --json.
Json diagnostics_json(Complaints complaints);

// To stderr; returns the exit code the error stands for.
ExitCode report(const Error& error, const Terminal& terminal);
// `hint` is the next step after all of them.
ExitCode report(Complaints complaints, const Terminal& terminal, const std::string& hint = {});

}  // namespace headgate::cli
