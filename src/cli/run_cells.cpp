#include "run_cells.hpp"

#include <algorithm>
#include <csignal>
#include <thread>
#include <utility>

#include "headgate/base/clock.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/log.hpp"
#include "headgate/base/version.hpp"

namespace headgate::cli {
namespace {

void record(const run::DriveResult& driven, RunFile& run) {
  run.ended = utc_stamp(real_clock().wall_seconds());
  run.cells_run = driven.cells_run;
  run.cells_reused = driven.cells_reused;
  run.calls += driven.calls;
  run.calls_maybe_repeated += driven.maybe_repeated;
  run.seconds = driven.seconds;
}

}  // namespace

Result<Ran> run_cells(const CellsJob& job, const std::string& folder, RunFile& run, journal::Writer& writer,
                      const InterruptWatch& watch) {
  ProgressPrinter printer(job.progress, real_clock());
  run::DriveOptions options;
  options.workers = job.workers;
  options.observer = &printer;
  options.helpers.plugins = job.plugins;
  options.offline = job.offline;
  options.retry_errors = job.retry_errors;
  options.interrupted = [&watch] { return watch.asked(); };
  auto driven = run::drive(job.plan, job.routes, folder, writer, options);
  printer.finish();
  if (!driven) {
    log(LogLevel::error, driven.error().message);
    if (driven.error().hint.empty() && !job.to_go_on.empty()) driven.error().hint = "then go on: " + job.to_go_on;
    return failure(std::move(driven).error());
  }
  record(*driven, run);
  if (job.is_kept) HG_CHECK(write_run_file(folder, run));
  if (driven->interrupted) log(LogLevel::warning, "interrupted");
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
