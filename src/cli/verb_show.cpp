// Shows what was decided: the recorded decision, after checking that it is what the evidence gives.

#include "flip_list.hpp"
#include "headgate/base/text.hpp"
#include "headgate/run/folder.hpp"
#include "headgate/run/quotes.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "settle.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

Error not_decided(const run::RunFolder& folder) {
  Error error{ErrorCode::input, "run " + folder.run_id + " of gate '" + folder.gate + "' has no decision", Place{},
              "it was interrupted or is still running"};
  if (const auto run = read_run_file(folder.path); run && !run->command.empty()) {
    error.hint += "; to go on: " + run->command;
  }
  return error;
}

Result<ExitCode> show_verb(const Context& context) {
  const auto& operands = context.arguments.operands;
  HG_TRY(found, run::find_run(reports_folder(context), operands.empty() ? "" : operands[0]));
  if (!found.decided) return failure(not_decided(found));
  HG_TRY(settled, settle(found.path));
  if (!holds(settled)) {
    return failure(ErrorCode::untrusted, "decision.json in " + found.path + " is not what its evidence gives",
                   "`headgate decide " + found.run_id + "` decides again from the evidence");
  }
  print(context, settled, facts_of(found.path, read_run_file(found.path)));
  const bool full = context.arguments.flag("--full");
  if ((full || context.arguments.flag("--flips")) && !context.arguments.flag("--json")) {
    write_out(flip_list(settled.evidence, run::quotes_of(found.path, settled.evidence), full));
  }
  return exit_code(settled.decision.answer);
}

}  // namespace

Verb show_row() {
  return {.name = "show",
          .group = looking,
          .summary = "show the decision of a run: the answer, the reasons, what flipped",
          .operands = "[RUN]",
          .least_operands = 0,
          .most_operands = 1,
          .options = {flag("--flips", "list every case whose pass or fail differs between the arms"),
                      flag("--full", "with input, expected answer, both replies and every grader's reason"),
                      reports_option()},
          .details =
              "RUN is a run folder, a run id or its beginning; the latest run by default. With --json the bytes of\n"
              "decision.json. Exits as the decision says.",
          .examples = {"headgate show", "headgate show 20261120T12 --flips --full"},
          .run = show_verb};
}

}  // namespace headgate::cli
