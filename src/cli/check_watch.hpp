// `check --watch`: a check, and another one whenever a file of the gate changes.
#pragma once

#include "verbs.hpp"

namespace headgate::cli {

// Ends with 130 or 143 when it is interrupted. Complaints about the files are shown and do not end it.
Result<ExitCode> watch_checks(const Context& context);

}  // namespace headgate::cli
