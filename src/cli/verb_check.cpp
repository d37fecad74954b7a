// The cheap question for every change: is any of these cases worse now? Spends no attempt and decides nothing.

#include "check_round.hpp"
#include "check_watch.hpp"
#include "command_text.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

Result<ExitCode> check_verb(const Context& context) {
  if (context.arguments.flag("--watch")) return watch_checks(context);
  ExitCode refused = ExitCode::refused;
  auto gate = load_gate(context, context.arguments.operands[0], workers_of(context), refused);
  if (!gate) return refused;
  HG_TRY(only, chosen_failures(context, gate->name));
  HG_TRY(job, check_job(context, std::move(*gate), only));
  gate.reset();
  const InterruptWatch watch;
  HG_TRY(done, check_round(job, nullptr, watch));
  if (!done.interrupted) return exit_code(done.answer);
  say("interrupted; to go on: " + command_text(context.arguments.words));
  return interrupted_code(watch);
}

Option one_of(std::string name, std::string value, std::string help) {
  Option option = text(std::move(name), value, std::move(help));
  option.choices = {std::move(value)};
  return option;
}

}  // namespace

Verb check_row() {
  return {
      .name = "check",
      .group = judging,
      .summary = "ask of a change: is any case worse now?",
      .operands = "GATE",
      .least_operands = 1,
      .most_operands = 1,
      .options = with(with(plan_options(), call_options()),
                      {one_of("--only", "failures", "only cases that failed in the latest run or check of this gate"),
                       one_of("--baseline", "reuse", "take the baseline's replies from earlier runs and checks"),
                       flag("--watch", "check again whenever a file of the gate changes; Ctrl-C ends"),
                       flag("--full", "every flip, with all texts"), jobs_option(), reports_option(),
                       flag("--quiet", "only the answer and the main reason", {"-q"}),
                       flag("--no-progress", "no progress on stderr")}),
      .details =
          "Runs both routes over the cases and compares them case by case. A regression is a case that the baseline\n"
          "passes and the candidate fails; in several trials, one of which the candidate passes a smaller share.\n"
          "Nothing is said about other cases, no decision is written, no attempt is spent: `headgate run` decides.\n"
          "Exits 0 where none was seen, 1 with a regression, 2 where some cell could not be measured, or was\n"
          "answered by the candidate's fallback.\n"
          "An interrupted check goes on when it is asked again, a finished one starts anew. The newest 20 of a gate\n"
          "are kept in the checks folder beside its runs. With --watch the cells that a changed file does not touch\n"
          "are taken over, what failed comes first.",
      .examples = {"headgate check support.gate.yaml", "headgate check support.gate.yaml --only failures --full",
                   "headgate check support.gate.yaml --watch"},
      .run = check_verb};
}

}  // namespace headgate::cli
