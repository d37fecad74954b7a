// Shows what was decided: the recorded decision, after checking that it is what the evidence gives; and lists its
// cases.

#include "case_list.hpp"
#include "decided_run.hpp"
#include "headgate/base/text.hpp"
#include "headgate/report/render.hpp"
#include "headgate/run/quotes.hpp"
#include "output.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

// Cases of a list that a terminal is given; whoever reads the text by program gets them all.
constexpr std::size_t most_on_a_terminal = 50;

CaseListWish wish_of(const Context& context) {
  return {context.arguments.flag("--flips"), context.arguments.flag("--failed"),
          context.arguments.text("--where").value_or("")};
}

Result<ExitCode> show_verb(const Context& context) {
  const auto& operands = context.arguments.operands;
  CaseListWish wish = wish_of(context);
  const bool full = context.arguments.flag("--full");
  const bool json = context.arguments.flag("--json");
  if (full && !wish.any()) wish.flips = true;
  HG_TRY(run, open_decided(context, operands.empty() ? "" : operands[0]));
  const Settled& settled = run.settled;
  if (!wish.any()) {
    print(context, settled, run.facts());
    return exit_code(settled.decision.answer);
  }
  HG_TRY(list, list_cases(settled.evidence, wish));
  const auto quotes = run::quotes_of(settled.folder, settled.evidence);
  if (json) {
    write_out(case_list_json(list, settled.evidence, quotes, report::decision_json(settled.decision)));
    return exit_code(settled.decision.answer);
  }
  const bool bounded = context.terminal.out_is_tty && !full;
  print(context, settled, run.facts(), true);
  write_out(case_list_text(list, settled.evidence, quotes, full, bounded ? most_on_a_terminal : 0));
  write_out("\nthe whole decision: headgate show " + terminal_line(run.folder.run_id) + "\n");
  return exit_code(settled.decision.answer);
}

}  // namespace

Verb show_row() {
  return {
      .name = "show",
      .group = looking,
      .summary = "show the decision of a run: the answer, the reasons, what flipped, what failed",
      .operands = "[RUN]",
      .least_operands = 0,
      .most_operands = 1,
      .options = {flag("--flips", "list the cases whose pass or fail differs between the arms"),
                  flag("--failed", "list the cases that the candidate fails, or that ended in an error"),
                  text("--where", "EXPR",
                       "only cases like these, as 'language=de,severity=severe' or 'via=NAME' for what the candidate's "
                       "fallback NAME answered ('via=route': the route itself); alone: all of them"),
                  flag("--full", "with input, expected answer, both replies and every grader's reason"),
                  reports_option()},
      .details =
          "RUN is a run folder; a run id, its beginning, or the beginning of the digest in it; or the name of a gate,\n"
          "for its latest run; of all by default. With --json the bytes of decision.json, or with a\n"
          "list {\"format\":\"headgate/show/1\",\"decision\":…,\"cases\":[…]}. Exits as the decision says.",
      .examples = {"headgate show", "headgate show --failed --where language=de --full",
                   "headgate show 20261120T12 --flips --json"},
      .run = show_verb,
      .paged = true};
}

}  // namespace headgate::cli
