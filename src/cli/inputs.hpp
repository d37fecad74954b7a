// What several verbs read the same way: the gate, the plan that the options make of it, the place of the reports.
#pragma once

#include <optional>
#include <string>

#include "headgate/config/gate_file.hpp"
#include "headgate/run/plan.hpp"
#include "verbs.hpp"

namespace headgate::cli {

// With the overrides of --set and today's date; texts are parsed on `jobs` threads (0: one a processor). On complaints
// they are shown and nothing is returned.
std::optional<config::Gate> load_gate(const Context& context, const std::string& path, std::size_t jobs,
                                      ExitCode& code, config::RouteNeed routes = config::RouteNeed::calls);

config::GateOptions gate_options(const Context& context, std::size_t jobs);

// --trials; nothing where it is not given. Fails (input) where it is a typing mistake.
Result<std::optional<std::uint32_t>> trials_of(const Context& context);

// Fails (input) where the trials are too few to be reduced as the rules say. A check, which decides nothing, may have
// fewer.
Result<void> check_reduce(const Plan& plan);

// From --trials, --filter, --limit and --seed. Takes the cases out of the gate; its routes stay.
// `narrowed` says what else leaves cases out.
Result<Plan> plan_of(const Context& context, config::Gate&& gate, run::PlanOptions narrowed = {});
// The same from --reduce too, for what is to be decided.
Result<Plan> deciding_plan_of(const Context& context, config::Gate&& gate);

// --reports, else HEADGATE_REPORTS, else "reports".
std::string reports_folder(const Context& context);

}  // namespace headgate::cli
