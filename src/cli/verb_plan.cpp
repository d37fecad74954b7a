// Says what a run would do, and first whether it could decide anything.

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "headgate/base/file.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/domain/codec.hpp"
#include "headgate/run/folder.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "plan_report.hpp"
#include "settle.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

constexpr std::size_t most_decision_bytes = std::size_t{64} << 20;

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

// Of the newest finished run of the gate whose decision can be read; what it says is used to plan with, never to
// decide.
std::optional<Measured> measured_before(const std::string& reports, const PlanHead& plan) {
  for (const run::RunFolder& folder : run::list_runs(reports, plan.gate)) {
    if (!folder.decided) continue;
    const auto text = recorded_decision(folder.path);
    if (!text || text->size() > most_decision_bytes) continue;
    Complaints complaints;
    const auto tree = parse_json("decision.json", *text, complaints);
    if (!tree) continue;
    const auto decision = decision_from_json(tree->root());
    if (!decision || decision->gate != plan.gate) continue;
    if (auto measured = gate::measured_by(*decision, folder.run_id, plan)) return measured;
  }
  return std::nullopt;
}

void note_missing(const config::Gate& gate) {
  std::vector<std::string> said;
  for (const config::Route& route : gate.routes) {
    for (const std::string& what : route.missing) {
      if (std::find(said.begin(), said.end(), what) != said.end()) continue;
      say("note: " + terminal_line(what) + ": a run would be refused");
      said.push_back(what);
    }
  }
}

Result<ExitCode> plan_verb(const Context& context) {
  ExitCode refused = ExitCode::refused;
  auto gate = load_gate(context, context.arguments.operands[0], 0, refused, config::RouteNeed::plan);
  if (!gate) return refused;
  note_missing(*gate);
  HG_TRY(plan, plan_of(context, std::move(*gate)));
  std::optional<Measured> measured;
  if (const auto written = context.arguments.text("--discordance")) {
    HG_TRY(by_hand, assumed(*written));
    measured = std::move(by_hand);
  } else {
    measured = measured_before(reports_folder(context), plan.head);
  }
  const Feasibility able = feasibility(plan, measured);
  const PlanReport report{plan, gate->routes, measured, able};
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
      .options = with(plan_options(),
                      {text("--discordance", "SHARE",
                            "share of cases on which the routes are assumed to differ (default: what the latest "
                            "run measured)"),
                       reports_option()}),
      .details =
          "A line a rule: whether these cases carry it, how many it needs, the tightest threshold they could carry\n"
          "with 80 % power, and the chance that a candidate exactly as good as the baseline passes. How often the\n"
          "routes differ is taken from the gate's latest finished run; without one 10 % and 20 % are shown, and\n"
          "20 % counts. Reads and checks everything, runs nothing, writes nothing. Exits 0 also where the gate\n"
          "cannot carry a decision: the first line says so.",
      .examples = {"headgate plan support.gate.yaml", "headgate plan support.gate.yaml --discordance 0.05 --json"},
      .run = plan_verb,
      .paged = true};
}

}  // namespace headgate::cli
