#include "inputs.hpp"

#include <algorithm>

#include "command_text.hpp"
#include "diagnostics.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/config/languages.hpp"
#include "headgate/run/workers.hpp"

namespace headgate::cli {
namespace {

constexpr std::uint64_t most_trials = 1000;  // more is a typing mistake: cells are cases * trials * 2

}  // namespace

config::GateOptions gate_options(const Context& context, std::size_t jobs) {
  config::GateOptions options;
  options.for_each = run::parallel(jobs);
  options.today = utc_date(real_clock().wall_seconds());
  options.environment = context.environment;
  constexpr const char* unsafe = "--unsafe-no-sandbox";
  options.unsafe_no_sandbox = context.arguments.knows(unsafe) && context.arguments.flag(unsafe);
  return options;
}

std::optional<config::Gate> load_gate(const Context& context, const std::string& path, std::size_t jobs, ExitCode& code,
                                      config::RouteNeed routes) {
  config::GateOptions options = gate_options(context, jobs);
  options.routes = routes;
  options.overrides = context.arguments.texts("--set");
  Complaints complaints;
  auto gate = config::load_gate(path, options, complaints);
  // Before anything is paid; a verb that runs nothing need not try.
  if (gate && complaints.empty() && routes != config::RouteNeed::plan) {
    if (const auto probed = config::probe_languages(gate->languages); !probed) complaints.add(probed.error());
  }
  if (gate && complaints.empty()) return gate;
  // Where there is more than one thing to mend, a way to look again without starting anything.
  std::string again;
  if (complaints.total() > 1)
    again = "`" + command_text(std::vector<std::string>{"lint", path}) + "` checks these files again and runs nothing";
  code = report(std::move(complaints), context.terminal, again);
  return std::nullopt;
}

Result<std::optional<std::uint32_t>> trials_of(const Context& context) {
  const auto trials = context.arguments.whole("--trials");
  if (!trials) return std::nullopt;
  if (*trials > most_trials) return failure(ErrorCode::input, "--trials takes at most " + std::to_string(most_trials));
  return static_cast<std::uint32_t>(*trials);
}

namespace {

// Part of the rules, so it is told like any other value of the gate file that the command line overrides.
Result<void> take_reduce(const Context& context, config::Gate& gate) {
  const auto word = context.arguments.text("--reduce");
  if (!word) return {};
  if (!parse(*word, gate.rules.reduce)) {
    return failure(ErrorCode::input, "--reduce takes no '" + *word + "'",
                   "mean, pass@K, pass^K, majority, worst or best");
  }
  gate.overrides.push_back("trials.reduce=" + *word);
  return {};
}

}  // namespace

Result<void> check_reduce(const Plan& plan) {
  const std::string problem = reduce_problem(plan.head.rules.reduce, plan.head.trials);
  if (problem.empty()) return {};
  return failure(ErrorCode::input, problem, "run more trials: --trials " + std::to_string(plan.head.rules.reduce.k));
}

Result<Plan> plan_of(const Context& context, config::Gate&& gate, run::PlanOptions narrowed) {
  run::PlanOptions options = std::move(narrowed);
  HG_TRY(trials, trials_of(context));
  if (trials) options.trials = trials;
  options.filter = context.arguments.text("--filter").value_or("");
  options.limit = static_cast<std::size_t>(context.arguments.whole("--limit").value_or(0));
  options.seed = context.arguments.whole("--seed");
  options.as_of = utc_stamp(real_clock().wall_seconds());
  return run::make_plan(std::move(gate), options);
}

Result<Plan> deciding_plan_of(const Context& context, config::Gate&& gate) {
  HG_CHECK(take_reduce(context, gate));
  HG_TRY(plan, plan_of(context, std::move(gate)));
  HG_CHECK(check_reduce(plan));
  return plan;
}

std::string reports_folder(const Context& context) {
  if (const auto given = context.arguments.text("--reports")) return *given;
  const auto set = context.environment("HEADGATE_REPORTS");
  return set && !set->empty() ? *set : "reports";
}

}  // namespace headgate::cli
