#include "check_round.hpp"

#include "check_report.hpp"
#include "command_text.hpp"
#include "headgate/base/assert.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/log.hpp"
#include "headgate/base/text.hpp"
#include "headgate/journal/fold.hpp"
#include "headgate/run/quotes.hpp"
#include "inputs.hpp"
#include "output.hpp"

namespace headgate::cli {
namespace {

CheckWish wish_of(const CheckJob& job, const CheckBefore* before) {
  const Arguments& arguments = job.context.arguments;
  CheckWish wish;
  wish.reports = reports_folder(job.context);
  wish.command = command_text(arguments.words);
  wish.workers = workers_of(job.context);
  const bool gate_says_so = !job.plan.head.baseline_reuse.empty();
  wish.reuse_baseline = (gate_says_so || arguments.text("--baseline") == "reuse") && before == nullptr;
  if (before != nullptr) wish.carry_from = before->folder;
  return wish;
}

std::string announcement(const CheckJob& job, const Started& started) {
  std::string text = std::string(started.resumed ? "going on with the check of " : "checking ") +
                     plural(job.plan.cases.size(), "case") + " on 2 arms, " + plural(job.plan.head.trials, "trial");
  if (started.run.cells_carried > 0) text += "; " + plural(started.run.cells_carried, "cell") + " taken over";
  return text;
}

void put_failing_first(Plan& plan, const CaseNames& failing) {
  if (failing.empty()) return;
  run::run_first(plan, [&](CaseIndex item) {
    return failing.contains({plan.head.suites[plan.case_suite[item]].name, plan.cases[item].id});
  });
}

// What is on disk, read back as anybody could later.
Result<CheckDone> answer(const CheckJob& job, const StartedCheck& check, const CheckBefore* before, bool interrupted) {
  const std::string& folder = check.started.folder;
  HG_TRY(evidence, journal::read_evidence(folder));
  const gate::Check found = gate::check(evidence);
  const CheckStory story{.evidence = evidence,
                         .check = found,
                         .quotes = run::quotes_of(folder, evidence),
                         .folder = folder,
                         .baseline_reused = check.baseline_reused,
                         .replies_since = check.started.run.replies_since,
                         .selected_by = job.selected_by,
                         .interrupted = interrupted,
                         .failing_before = before != nullptr ? &before->failing : nullptr};
  const std::string json = check_json(story);
  if (!interrupted) HG_CHECK(write_file_atomically(join_path(folder, check_file), json));
  const Arguments& arguments = job.context.arguments;
  write_out(arguments.flag("--json") ? json
                                     : check_text(story, {job.context.terminal.out_colour, arguments.flag("--full"),
                                                          arguments.flag("--quiet")}));
  return CheckDone{folder, found.answer, failing_cases(evidence), interrupted};
}

}  // namespace

Result<std::optional<EarlierFailures>> chosen_failures(const Context& context, const std::string& gate) {
  if (!context.arguments.text("--only")) return std::nullopt;
  HG_TRY(latest, latest_failures(reports_folder(context), gate));
  return latest;
}

Result<CheckJob> check_job(const Context& context, config::Gate&& gate, const std::optional<EarlierFailures>& only) {
  run::PlanOptions options;
  if (only) {
    options.only = [&only](const Case& item, const SuiteHead& suite) {
      return only->cases.contains({suite.name, item.id});
    };
  }
  HG_TRY(calls, call_wish(context, gate.budget));
  HG_CHECK(check_prices(calls, gate));
  run::Helpers helpers = run::helpers_of(gate);
  HG_TRY(plan, plan_of(context, std::move(gate), std::move(options)));
  return CheckJob{context,
                  std::move(plan),
                  std::move(gate.routes),
                  std::move(helpers),
                  std::move(calls),
                  only ? "what failed in " + only->of : std::string()};
}

Result<CheckDone> check_round(CheckJob& job, const CheckBefore* before, const InterruptWatch& watch) {
  if (before != nullptr) put_failing_first(job.plan, before->failing);
  HG_TRY(check, start_check(job.plan, job.routes, wish_of(job, before)));
  Started& started = check.started;
  HG_TRY(run_log, FolderLog::open(started.folder, started.run.command));
  const auto style = progress_style(job.context);
  if (!style.silent) say(announcement(job, started));
  const CellsJob cells{.plan = job.plan,
                       .routes = job.routes,
                       .helpers = job.helpers,
                       .workers = workers_of(job.context),
                       .calls = job.calls,
                       .progress = style};
  auto ran = run_cells(cells, started.folder, started.run, *started.writer, watch);
  if (!ran) {
    if (ran.error().code == ErrorCode::input) discard_if_empty(started);
    return failure(std::move(ran).error());
  }
  HG_TRY(done, answer(job, check, before, ran->driven.interrupted));
  log(LogLevel::info, done.interrupted ? "interrupted" : std::string("answered: ") + gate::name(done.answer));
  return done;
}

ExitCode exit_code(gate::CheckAnswer answer) {
  switch (answer) {
    case gate::CheckAnswer::none_seen:
      return ExitCode::yes;
    case gate::CheckAnswer::regression:
      return ExitCode::no;
    case gate::CheckAnswer::not_measured:
      return ExitCode::inconclusive;
  }
  HG_ASSERT(false && "an answer without an exit status");
}

}  // namespace headgate::cli
