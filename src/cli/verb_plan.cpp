// Says what a run would do, and first whether it could decide anything.

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "headgate/base/file.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/domain/codec.hpp"
#include "headgate/journal/fold.hpp"
#include "headgate/journal/plan_file.hpp"
#include "headgate/run/estimate.hpp"
#include "headgate/run/folder.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "plan_report.hpp"
#include "settle.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

// Earlier runs whose journals are read for how often the routes differ.
constexpr std::size_t most_runs_tried = 10;
// Earlier runs whose journals are read for how long a reply takes.
constexpr std::size_t most_runs_measured = 3;

Result<Measured> assumed(const std::string& written) {
  double share = 0.0;
  const char* const end = written.data() + written.size();
  const auto [stopped, trouble] = std::from_chars(written.data(), end, share);
  if (trouble != std::errc{} || stopped != end || !(share >= 0.0 && share <= 1.0)) {
    return failure(ErrorCode::input, "--discordance takes a share from 0 to 1, not '" + written + "'",
                   "as in: --discordance 0.1");
  }
  Measured measured;
  measured.pairs.push_back({std::nullopt, share, 0, std::nullopt});
  return measured;
}

// Of the newest run of the gate that was run whole and can be read; what it says is used to plan with, never to decide.
std::optional<Measured> measured_before(const std::string& reports, const PlanHead& plan) {
  std::size_t read = 0;
  for (const run::RunFolder& folder : run::list_runs(reports, plan.gate)) {
    if (!folder.decided) continue;
    const auto head = journal::read_plan_head(folder.path);
    if (!head || head->partial || head->gate != plan.gate) continue;
    if (read++ == most_runs_tried) return std::nullopt;
    const auto evidence = journal::read_evidence(folder.path);
    if (!evidence) continue;
    if (auto measured = gate::measured_in(*evidence, folder.run_id, plan)) return measured;
  }
  return std::nullopt;
}

void note_missing(const config::Gate& gate) {
  std::vector<std::string> said;
  std::vector<const config::Route*> routes = config::asked_routes(gate);
  routes.insert(routes.begin(), {&gate.routes[0], &gate.routes[1]});
  for (const config::Route* route : routes) {
    for (const std::string& what : route->missing) {
      if (std::find(said.begin(), said.end(), what) != said.end()) continue;
      say("note: " + terminal_line(what) + ": a run would be refused");
      said.push_back(what);
    }
  }
}

// The middle of what the replies took that were asked for in that run; nothing where none tells.
std::array<std::optional<double>, 2> median_seconds(const Evidence& evidence) {
  std::array<std::vector<double>, 2> taken;
  for (std::size_t i = 0; i < evidence.observations.size(); ++i) {
    const Observation& cell = evidence.observations[i];
    if (cell.status == Status::ok && cell.latency_ms && !cell.cached) taken[i % 2].push_back(*cell.latency_ms / 1000.0);
  }
  std::array<std::optional<double>, 2> medians;
  for (std::size_t arm = 0; arm < 2; ++arm) {
    if (taken[arm].empty()) continue;
    const auto middle = taken[arm].begin() + static_cast<std::ptrdiff_t>(taken[arm].size() / 2);
    std::ranges::nth_element(taken[arm], middle);
    medians[arm] = *middle;
  }
  return medians;
}

// How long a reply of these very routes took in the gate's latest runs that say so.
void measure_seconds(const std::string& reports, const PlanHead& plan, const std::array<config::Route, 2>& routes,
                     run::EstimateOptions& options, Forecast& forecast) {
  std::size_t read = 0;
  for (const run::RunFolder& folder : run::list_runs(reports, plan.gate)) {
    std::array<bool, 2> wanted{};
    const auto head = journal::read_plan_head(folder.path);
    for (std::size_t arm = 0; arm < 2; ++arm) {
      wanted[arm] = head && routes[arm].is_live() && !options.seconds_a_reply[arm] &&
                    head->routes[arm].digest == plan.routes[arm].digest;
    }
    if (!wanted[0] && !wanted[1]) continue;
    if (read++ == most_runs_measured) return;
    const auto evidence = journal::read_evidence(folder.path);
    if (!evidence) continue;
    const auto medians = median_seconds(*evidence);
    for (std::size_t arm = 0; arm < 2; ++arm) {
      if (!wanted[arm] || !medians[arm]) continue;
      options.seconds_a_reply[arm] = medians[arm];
      forecast.measured_in[arm] = folder.run_id;
    }
  }
}

Result<Forecast> forecast_of(const Context& context, const Plan& plan, const config::Gate& gate) {
  Forecast forecast;
  forecast.now = plan.head.as_of;
  forecast.budget = gate.budget;
  const std::string reports = reports_folder(context);
  run::EstimateOptions options;
  std::vector<bool> taken(plan.cells());
  if (!plan.head.baseline_reuse.empty() && gate.routes[0].is_live()) {
    HG_TRY(runs, runs_to_reuse(reports, plan.head.gate, plan.head.baseline_reuse));
    HG_TRY(reused, reuse_baseline(runs, plan, gate.routes, nullptr, taken));
    forecast.reused = std::move(reused);
  }
  options.taken = &taken;
  const run::Helpers helpers = run::helpers_of(gate);
  options.helpers = &helpers;
  measure_seconds(reports, plan.head, gate.routes, options, forecast);
  HG_TRY(sum, run::estimate(plan, gate.routes, options));
  forecast.estimate = std::move(sum);
  return forecast;
}

Result<ExitCode> plan_verb(const Context& context) {
  ExitCode refused = ExitCode::refused;
  auto gate = load_gate(context, context.arguments.operands[0], 0, refused, config::RouteNeed::plan);
  if (!gate) return refused;
  note_missing(*gate);
  HG_TRY(plan, deciding_plan_of(context, std::move(*gate)));
  std::optional<Measured> measured;
  if (const auto written = context.arguments.text("--discordance")) {
    HG_TRY(by_hand, assumed(*written));
    measured = std::move(by_hand);
  } else {
    measured = measured_before(reports_folder(context), plan.head);
  }
  const Feasibility able = feasibility(plan, measured);
  HG_TRY(forecast, forecast_of(context, plan, *gate));
  const PlanReport report{plan, gate->routes, measured, able, forecast};
  write_out(context.arguments.flag("--json") ? canonical_pretty(plan_json(report)) : plan_text(report));
  return ExitCode::yes;
}

}  // namespace

Verb plan_row() {
  return {
      .name = "plan",
      .group = judging,
      .summary = "say what a run would do, and whether this gate can say eligible at all",
      .operands = "GATE",
      .least_operands = 1,
      .most_operands = 1,
      .options = with(with(plan_options(), {reduce_option()}),
                      {text("--discordance", "SHARE",
                            "share of cases on which the routes are assumed to differ (default: what the latest "
                            "run measured)"),
                       reports_option()}),
      .details =
          "A line a rule: whether these cases carry it, how many it needs, the tightest threshold they could carry\n"
          "with 80 % power, and the chance that a candidate exactly as good as the baseline passes. How often the\n"
          "routes differ is taken from the gate's latest run of all its cases; without one 10 % and 20 % are shown,\n"
          "and 20 % counts. Then calls, tokens, money and time, with what they are estimated from and which limit\n"
          "dominates. Reads and checks everything, runs nothing, writes nothing. Exits 0 also where the gate\n"
          "cannot carry a decision: the first line says so.",
      .examples = {"headgate plan support.gate.yaml", "headgate plan support.gate.yaml --discordance 0.05 --json"},
      .run = plan_verb,
      .paged = true};
}

}  // namespace headgate::cli
