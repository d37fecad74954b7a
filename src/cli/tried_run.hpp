// A plan of one case, run in a folder that is not kept, and what it came to.
#pragma once

#include <optional>
#include <variant>

#include "call_options.hpp"
#include "headgate/config/gate_file.hpp"
#include "try_report.hpp"
#include "verbs.hpp"

namespace headgate::cli {

// `plan` is of `gate`, whose routes are called. Only what `only` names is read back, where it is set. An exit code
// where it was interrupted, which has been said.
Result<std::variant<Tried, ExitCode>> run_tried(const Context& context, const config::Gate& gate, const Plan& plan,
                                                const CallWish& calls, const std::optional<Arm>& only);

}  // namespace headgate::cli
