// The gate itself: read everything, seal the plan, run it, decide, report.

#include <algorithm>
#include <csignal>
#include <thread>

#include "command_text.hpp"
#include "diagnostics.hpp"
#include "feasibility.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/log.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/version.hpp"
#include "headgate/run/drive.hpp"
#include "inputs.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "settle.hpp"
#include "signals.hpp"
#include "start_run.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

struct Job {
  const Context& context;
  Plan plan;
  std::array<config::Route, 2> routes;
  StartWish wish;
};

bool quiet(const Context& context) { return context.arguments.flag("--quiet"); }

std::size_t workers(const Context& context) {
  const auto asked = context.arguments.whole("--jobs");
  constexpr std::uint64_t most = 1024;
  if (asked) return static_cast<std::size_t>(std::min(*asked, most));
  return std::max(1u, std::thread::hardware_concurrency());
}

StartWish wish_of(const Context& context) {
  StartWish wish;
  wish.reports = reports_folder(context);
  wish.again = context.arguments.flag("--again");
  wish.resume = context.arguments.text("--resume").value_or("");
  wish.command = command_text(context.arguments.words);
  wish.workers = workers(context);
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

ExitCode interrupted(const Job& job, const Started& started, const run::Progress& progress, int signal) {
  say("interrupted, no decision was made; recorded: " + progress_line(progress, 0.0));
  say("to go on: " + resume_command(job.context.arguments.words));
  log(LogLevel::warning, "interrupted in " + started.folder);
  return signal == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
}

Result<run::DriveResult> drive(const Job& job, Started& started, ProgressPrinter& printer, InterruptWatch& watch) {
  run::DriveOptions options;
  options.workers = job.wish.workers;
  options.observer = &printer;
  options.interrupted = [&watch] { return watch.asked(); };
  auto driven = run::drive(job.plan, job.routes, started.folder, *started.writer, options);
  printer.finish();
  return driven;
}

void record(RunFile& run, const run::DriveResult& driven) {
  run.ended = utc_stamp(real_clock().wall_seconds());
  run.cells_run = driven.cells_run;
  run.cells_reused = driven.cells_reused;
  run.seconds = driven.seconds;
}

ProgressPrinter::Style progress_style(const Context& context) {
  const bool silent = quiet(context) || context.arguments.flag("--no-progress");
  return {silent, context.terminal.err_is_tty, context.terminal.width};
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
  HG_CHECK(open_log(join_path(started.folder, "headgate.log"), LogLevel::info));
  log(LogLevel::info, "headgate " + std::string(version()) + ": " + started.run.command);
  for (const auto& note : started.notes) log(LogLevel::info, note);
  const auto style = progress_style(job.context);
  if (!style.silent) say(announcement(job.plan, started));

  ProgressPrinter printer(style, real_clock());
  InterruptWatch watch;
  auto driven = drive(job, started, printer, watch);
  if (!driven) {
    log(LogLevel::error, driven.error().message);
    if (driven.error().hint.empty()) driven.error().hint = "then go on: " + resume_command(job.context.arguments.words);
    return failure(std::move(driven).error());
  }
  record(started.run, *driven);
  HG_CHECK(write_run_file(started.folder, started.run));
  if (driven->interrupted) return interrupted(job, started, printer.last(), watch.signal());

  // The evidence is read back from disk; what was needed to make it can go first.
  job.plan = {};
  job.routes = {};
  return conclude(job.context, started);
}

Result<ExitCode> run_verb(const Context& context) {
  ExitCode refused = ExitCode::refused;
  auto gate = load_gate(context, context.arguments.operands[0], workers(context), refused);
  if (!gate) return refused;
  HG_TRY(plan, plan_of(context, std::move(*gate)));
  if (const auto able = feasibility(plan); able.carry == Carry::cannot && !quiet(context)) {
    say("warning: " + terminal_line(able.headline) + " `headgate plan` says what it needs.");
  }
  Job job{context, std::move(plan), std::move(gate->routes), wish_of(context)};
  gate.reset();

  HG_TRY(started, start_run(job.plan, job.routes, job.wish));
  for (const auto& note : started.notes) say("note: " + terminal_line(note));
  if (started.finished) return show_finished(context, started);
  auto code = carry_out(job, started);
  close_log();
  return code;
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
      .options =
          with(plan_options(), {jobs_option(), flag("--again", "a new attempt, even where this very plan has been run"),
                                text("--resume", "RUN", "carry equal cells of that run into this (changed) plan"),
                                reports_option(), flag("--quiet", "only the answer and the main reason", {"-q"}),
                                flag("--no-progress", "no progress on stderr")}),
      .details =
          "Everything is read and checked before the first cell. The plan is sealed in a new folder under the reports\n"
          "directory; replies and grades are appended to its journal; decision.json is written last. An interrupted "
          "or\n"
          "killed run of the same plan goes on where it stopped when the same command is given again; a finished one "
          "is\n"
          "shown again.",
      .examples = {"headgate run support.gate.yaml",
                   "headgate run support.gate.yaml --trials 3 --set rules.quality.max_loss=0.02 --json"},
      .run = run_verb};
}

}  // namespace headgate::cli
