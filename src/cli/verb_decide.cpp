// Decides again from recorded evidence. Under the sealed rules the run's files are written anew; under others nothing
// of the run changes unless asked.

#include "diagnostics.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/text.hpp"
#include "headgate/report/render.hpp"
#include "headgate/run/folder.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "settle.hpp"
#include "start_lock.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

Result<ExitCode> under_other_rules(const Context& context, const std::string& folder, const std::string& gate_file) {
  Complaints complaints;
  const auto rules = config::load_rules(gate_file, gate_options(context, 1), complaints);
  if (!rules || !complaints.empty()) return report(std::move(complaints), context.terminal);
  HG_TRY(settled, settle(folder, &*rules));
  say(settled.decision.rules_as_sealed
          ? "the rules of " + terminal_line(gate_file) + " are the sealed ones"
          : "decided under the rules of " + terminal_line(gate_file) + ", which are not the sealed ones");
  if (context.arguments.flag("--write")) {
    const std::string path = join_path(folder, "decision.other.json");
    HG_CHECK(write_file_atomically(path, report::decision_json(settled.decision)));
    say("written to " + terminal_line(path));
  }
  print(context, settled, facts_of(folder, read_run_file(folder)));
  return exit_code(settled.decision.answer);
}

Result<ExitCode> under_sealed_rules(const Context& context, const std::string& folder) {
  HG_TRY(settled, settle(folder));
  const auto facts = facts_of(folder, read_run_file(folder));
  if (!holds(settled)) {
    HG_CHECK(run::set_aside_decision(folder));
    HG_CHECK(write_reports(settled, facts));
    say("decision.json in " + terminal_line(folder) + " is new; an earlier one is kept as decision.previous.json");
  }
  print(context, settled, facts);
  return exit_code(settled.decision.answer);
}

Result<ExitCode> decide_verb(const Context& context) {
  const auto gate_file = context.arguments.text("--gate");
  if (context.arguments.flag("--write") && !gate_file) {
    return failure(ErrorCode::input, "--write goes with --gate",
                   "under the sealed rules decision.json is written anyway");
  }
  HG_TRY(found, run::find_run(reports_folder(context), context.arguments.operands[0]));
  if (const auto run = read_run_file(found.path); found.check || (run && run->check)) {
    return failure(ErrorCode::input, "'" + found.path + "' is a check, which decides nothing",
                   "`headgate run GATE` runs the gate and decides");
  }
  HG_CHECK(check_not_running(found.path));
  return gate_file ? under_other_rules(context, found.path, *gate_file) : under_sealed_rules(context, found.path);
}

}  // namespace

Verb decide_row() {
  return {
      .name = "decide",
      .group = looking,
      .summary = "decide again from a run's recorded evidence, also under other rules",
      .operands = "RUN",
      .least_operands = 1,
      .most_operands = 1,
      .options = {text("--gate", "FILE", "decide under the rules of this gate file instead of the sealed ones"),
                  flag("--write", "with --gate: also write decision.other.json into the run folder"), reports_option()},
      .details =
          "RUN is a run folder, a run id or its beginning. Under the sealed rules the reports and decision.json\n"
          "are written anew; under other rules the decision says so and is only printed.",
      .examples = {"headgate decide reports/support/20261120T120000Z-1a2b3c4d",
                   "headgate decide 20261120T12 --gate stricter.gate.yaml"},
      .run = decide_verb};
}

}  // namespace headgate::cli
