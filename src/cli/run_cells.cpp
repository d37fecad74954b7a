#include "run_cells.hpp"

#include <algorithm>
#include <csignal>
#include <thread>
#include <utility>

#include "call_facts.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/log.hpp"
#include "headgate/base/version.hpp"
#include "output.hpp"

namespace headgate::cli {
namespace {

// What this start measured, on top of what earlier ones did.
void record(const run::DriveResult& driven, RunFile& run) {
  run.ended = utc_stamp(real_clock().wall_seconds());
  run.cells_run = driven.cells_run;
  run.cells_reused = driven.cells_reused;
  run.calls += driven.calls;
  run.calls_maybe_repeated += driven.maybe_repeated;
  run.seconds = driven.seconds;
  run.stopped = driven.stopped;
  run.cells_cached += driven.cells_cached;
  run.tries += driven.tries;
  run.spent_usd = driven.spent_usd;
  // What was out when an earlier start was killed may have been billed; nobody will ever know.
  run.spent_is_known = run.spent_is_known && driven.spent_is_known && driven.maybe_repeated == 0;
  run.asked.calls += driven.asked.calls;
  run.asked.cached += driven.asked.cached;
  run.asked.spent_usd = driven.asked.spent_usd;
  run.asked.spent_is_known = run.asked.spent_is_known && driven.asked.spent_is_known && driven.maybe_repeated == 0;
  run.answering_s += driven.time.answering_s;
  run.failing_s += driven.time.failing_s;
  run.queued_s += driven.time.queued_s;
  run.paused_s += driven.time.paused_s;
}

// The name of a live route that is no longer what the plan says it is, or "". Children that were started after the edit
// answered as another route than the one they are recorded for.
std::string edited_route(const CellsJob& job) {
  std::vector<const config::Route*> called;
  for (const config::Route& route : job.routes) called.push_back(&route);
  for (const auto& [name, judge] : job.helpers.judges) called.push_back(&judge);
  for (const auto& [name, embedding] : job.helpers.embeddings) called.push_back(&embedding);
  for (const config::Route* route : called) {
    if (!route->is_live() || route->replies) continue;
    Complaints complaints;
    const auto now = config::load_route(route->file, {}, real_files(), complaints, real_environment());
    if (!now || now->use.digest != route->use.digest) return route->use.name;
  }
  return {};
}

std::vector<std::string> whom_of(const run::Helpers& helpers) {
  std::vector<std::string> whom;
  for (const auto& [name, judge] : helpers.judges) whom.push_back("judge " + name);
  for (const auto& [name, embedding] : helpers.embeddings) whom.push_back("embedding " + name);
  return whom;
}

Error edited_error(const std::string& route, const std::string& folder) {
  return {ErrorCode::untrusted,
          "route '" + route + "' was edited while it was running, so replies of both stand in " + folder, Place{},
          "nothing is decided from them; the same command asks anew"};
}

}  // namespace

Result<Ran> run_cells(const CellsJob& job, const std::string& folder, RunFile& run, journal::Writer& writer,
                      const InterruptWatch& watch) {
  ProgressPrinter printer(job.progress, real_clock());
  run::DriveOptions options;
  options.workers = job.workers;
  options.observer = &printer;
  options.helpers = job.helpers;
  options.offline = job.calls.offline;
  options.max_usd = job.calls.budget.max_usd;
  options.deadline = job.calls.budget.deadline;
  options.fail_fast = job.calls.fail_fast;
  HG_TRY(cache, open_cache(job.calls));
  options.cache = cache.get();
  options.retry_errors = job.retry_errors;
  options.interrupted = [&watch] { return watch.asked(); };
  auto driven = run::drive(job.plan, job.routes, folder, writer, options);
  printer.finish();
  if (!driven) {
    log(LogLevel::error, driven.error().message);
    std::string& hint = driven.error().hint;
    const bool is_for_later = hint.empty() || driven.error().code == ErrorCode::environment;
    if (is_for_later && !job.to_go_on.empty())
      hint += (hint.empty() ? "then go on: " : "; then go on: ") + job.to_go_on;
    return failure(std::move(driven).error());
  }
  record(*driven, run);
  run.asked.whom = whom_of(job.helpers);
  run.max_usd = job.calls.budget.max_usd;
  if (driven->calls > 0) run.edited = edited_route(job);
  if (job.is_kept) HG_CHECK(write_run_file(folder, run));
  if (!run.edited.empty()) return failure(edited_error(run.edited, folder));
  if (driven->interrupted) log(LogLevel::warning, "interrupted");
  if (!job.progress.silent) {
    const std::string calls = words_of_calls(run);
    if (!calls.empty()) say(calls);
    const std::string time = words_of_time(run);
    if (!time.empty()) say(time);
  }
  return Ran{*driven, printer.last()};
}

Result<FolderLog> FolderLog::open(const std::string& folder, const std::string& command) {
  HG_CHECK(open_log(join_path(folder, "headgate.log"), LogLevel::info));
  log(LogLevel::info, "headgate " + std::string(version()) + ": " + command);
  return FolderLog();
}

FolderLog::~FolderLog() {
  if (is_open_) close_log();
}

std::size_t workers_of(const Context& context) {
  const auto asked = context.arguments.whole("--jobs");
  constexpr std::uint64_t most = 1024;
  if (asked) return static_cast<std::size_t>(std::min(*asked, most));
  return std::max(1u, std::thread::hardware_concurrency());
}

ProgressPrinter::Style progress_style(const Context& context) {
  const bool silent = context.arguments.flag("--quiet") || context.arguments.flag("--no-progress");
  return {silent, context.terminal.err_is_tty, context.terminal.width};
}

ExitCode interrupted_code(const InterruptWatch& watch) {
  return watch.signal() == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
}

}  // namespace headgate::cli
