// The gate itself: read everything, seal the plan, run it, decide, report.

#include <optional>

#include "command_text.hpp"
#include "diagnostics.hpp"
#include "feasibility.hpp"
#include "headgate/base/log.hpp"
#include "headgate/base/text.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "partial_report.hpp"
#include "run_cells.hpp"
#include "settle.hpp"
#include "start_run.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

struct Job {
  const Context& context;
  Plan plan;
  std::array<config::Route, 2> routes;
  run::Helpers helpers;
  StartWish wish;
  CallWish calls;
};

bool quiet(const Context& context) { return context.arguments.flag("--quiet"); }

StartWish wish_of(const Context& context) {
  StartWish wish;
  wish.reports = reports_folder(context);
  wish.again = context.arguments.flag("--again");
  wish.resume = context.arguments.text("--resume").value_or("");
  wish.retry_errors = context.arguments.flag("--retry-errors");
  wish.even_if_undecidable = context.arguments.flag("--even-if-undecidable");
  wish.command = command_text(context.arguments.words);
  wish.workers = workers_of(context);
  return wish;
}

// Ends as the finished run did.
ExitCode show_finished(const Context& context, const Started& started) {
  say("already decided in " + terminal_line(started.folder) + "; --again runs a new attempt");
  print(context, *started.finished, facts_of(started.folder, started.run), quiet(context));
  return exit_code(started.finished->decision.answer);
}

std::string announcement(const Plan& plan, const Started& started) {
  return std::string(started.resumed ? "going on with " : "running ") + plural(plan.cells(), "cell") + " (" +
         plural(plan.cases.size(), "case") + " on 2 arms, " + plural(plan.head.trials, "trial") + ") in " +
         terminal_line(started.folder);
}

// A gate that cannot say eligible whatever the replies are is refused before anything is paid. Who leaves cases out on
// purpose knows that nothing will be decided.
Result<void> refuse_undecidable(const Context& context, const Plan& plan) {
  if (context.arguments.flag("--even-if-undecidable") || plan.head.partial) return {};
  const Feasibility able = feasibility(plan);
  if (able.carry != Carry::cannot) return {};
  say(terminal_line(able.headline));
  const bool is_shadow = plan.head.stage == Stage::shadow;
  for (const Need& need : able.needs) {
    if (need.carry != Carry::cannot || (is_shadow && need.statistical)) continue;
    say("  " + terminal_line(need.rule) + ": " + terminal_line(need.says) +
        (need.needs ? " (needs " + std::to_string(*need.needs) + ", has " + std::to_string(need.has) + ")" : ""));
  }
  return failure(
      ErrorCode::input, "no replies could make this gate say eligible, so nothing was run",
      "mend the gate or its suites (`headgate plan` says what each rule needs), ask for a lower stage, or run "
      "it all the same with --even-if-undecidable");
}

ExitCode interrupted(const Job& job, const Started& started, const Ran& ran, ExitCode code) {
  const std::string to_go_on = resume_command(job.context.arguments.words);
  if (!quiet(job.context)) say("interrupted, no decision was made; recorded: " + progress_line(ran.progress, 0.0));
  // What cannot be shown does not change what happened.
  if (const auto shown = report_partial(job.context, started.folder, to_go_on); !shown) {
    report(shown.error(), job.context.terminal);
  }
  // The report's last line says it, where it is text and not out of sight of whoever sits at the terminal.
  const Terminal& terminal = job.context.terminal;
  const bool out_of_sight = terminal.err_is_tty && !terminal.out_is_tty;
  if (out_of_sight || job.context.arguments.flag("--json")) say("to go on: " + to_go_on);
  return code;
}

Result<ExitCode> conclude(const Context& context, const Started& started) {
  HG_TRY(settled, settle(started.folder));
  const auto facts = facts_of(started.folder, started.run);
  HG_CHECK(write_reports(settled, facts));
  log(LogLevel::info, std::string("decided: ") + name(settled.decision.answer));
  print(context, settled, facts, quiet(context));
  return exit_code(settled.decision.answer);
}

Result<ExitCode> carry_out(Job& job, Started& started) {
  HG_TRY(run_log, FolderLog::open(started.folder, started.run.command));
  for (const auto& note : started.notes) log(LogLevel::info, note);
  const auto style = progress_style(job.context);
  if (!style.silent) say(announcement(job.plan, started));

  std::optional<InterruptWatch> watch(std::in_place);
  const CellsJob cells{.plan = job.plan,
                       .routes = job.routes,
                       .helpers = job.helpers,
                       .workers = job.wish.workers,
                       .calls = job.calls,
                       .retry_errors = job.wish.retry_errors,
                       .progress = style,
                       .to_go_on = resume_command(job.context.arguments.words)};
  auto ran = run_cells(cells, started.folder, started.run, *started.writer, *watch);
  if (!ran) {
    if (ran.error().code == ErrorCode::input) discard_if_empty(started);
    return failure(std::move(ran).error());
  }
  const ExitCode code = interrupted_code(*watch);
  watch.reset();  // from here on a signal ends the process: everything is on disk
  // The evidence is read back from disk; what was needed to make it can go first.
  job.plan = {};
  job.routes = {};
  if (ran->driven.interrupted) return interrupted(job, started, *ran, code);
  return conclude(job.context, started);
}

Result<ExitCode> run_verb(const Context& context) {
  ExitCode refused = ExitCode::refused;
  auto gate = load_gate(context, context.arguments.operands[0], workers_of(context), refused);
  if (!gate) return refused;
  HG_TRY(calls, call_wish(context, gate->budget));
  HG_CHECK(check_prices(calls, *gate));
  run::Helpers helpers = run::helpers_of(*gate);
  HG_TRY(plan, deciding_plan_of(context, std::move(*gate)));
  HG_CHECK(refuse_undecidable(context, plan));
  Job job{context,          std::move(plan), std::move(gate->routes), std::move(helpers),
          wish_of(context), std::move(calls)};
  gate.reset();

  HG_TRY(started, start_run(job.plan, job.routes, job.wish));
  for (const auto& note : started.notes) say("note: " + terminal_line(note));
  if (started.finished) return show_finished(context, started);
  return carry_out(job, started);
}

}  // namespace

Verb run_row() {
  return {
      .name = "run",
      .group = judging,
      .summary = "run both routes over the gate's suites, grade, compare, decide",
      .operands = "GATE",
      .least_operands = 1,
      .most_operands = 1,
      .options = with(with(with(plan_options(), {reduce_option()}), call_options()),
                      {jobs_option(), flag("--again", "a new attempt, even where this very plan has been run"),
                       text("--resume", "RUN", "carry equal cells of that run into this (changed) plan"),
                       flag("--retry-errors", "ask again for the cells of this plan's run that ended in errors"),
                       flag("--even-if-undecidable", "run a gate that cannot say eligible whatever comes"),
                       reports_option(), flag("--quiet", "only the answer and the main reason", {"-q"}),
                       flag("--no-progress", "no progress on stderr")}),
      .details =
          "Everything is read and checked before the first cell. The plan is sealed in a new folder under the reports\n"
          "directory; replies and grades are appended to its journal; decision.json is written last. An interrupted "
          "or\n"
          "killed run of the same plan goes on where it stopped when the same command is given again; a finished one "
          "is\n"
          "shown again. Interrupted (Ctrl-C), it ends what is in flight, writes partial.md and makes no decision.\n"
          "A gate that cannot say eligible, whatever the replies, is refused before anything is paid.\n"
          "Calls are paced, tried again and paid for as docs/limits.md says; what a budget or a deadline leaves out "
          "is\n"
          "not run, and the same command goes on.",
      .examples = {"headgate run support.gate.yaml",
                   "headgate run support.gate.yaml --trials 3 --set rules.quality.max_loss=0.02 --json"},
      .run = run_verb};
}

}  // namespace headgate::cli
