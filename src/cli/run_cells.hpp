// Doing a plan in an open folder: progress on stderr, interrupts, the folder's log and run.json. What `run`, `check`,
// `try` and `regrade` share.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "call_options.hpp"
#include "headgate/config/gate_file.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/journal/writer.hpp"
#include "headgate/run/drive.hpp"
#include "progress.hpp"
#include "run_file.hpp"
#include "signals.hpp"
#include "verbs.hpp"

namespace headgate::cli {

// Borrows everything; lives as long as one call of run_cells.
struct CellsJob {
  const Plan& plan;
  const std::array<config::Route, 2>& routes;
  const run::Helpers& helpers;  // of the gate: whom graders may ask
  std::size_t workers = 0;
  CallWish calls = {};
  bool retry_errors = false;
  ProgressPrinter::Style progress = {};
  std::string to_go_on = {};  // the command that resumes, for the hint of an error; empty: none
  bool is_kept = true;        // false: the folder goes away at once, and run.json is not written
};

struct Ran {
  run::DriveResult driven;
  run::Progress progress;  // at its end
};

// `folder` holds the sealed plan and `writer` its open journal. What was measured goes into `run`, and from there into
// run.json of the folder. Notes of the runner go to stderr. `watch` is the caller's, so that what it does around the
// run can be interrupted too.
Result<Ran> run_cells(const CellsJob& job, const std::string& folder, RunFile& run, journal::Writer& writer,
                      const InterruptWatch& watch);

// headgate.log of a run folder, open while this lives.
class FolderLog {
 public:
  // Says first which command this is.
  static Result<FolderLog> open(const std::string& folder, const std::string& command);
  FolderLog(FolderLog&& other) noexcept : is_open_(other.is_open_) { other.is_open_ = false; }
  FolderLog& operator=(FolderLog&&) = delete;
  ~FolderLog();

 private:
  FolderLog() = default;
  bool is_open_ = true;
};

// What the options say, the same for every verb that has them.
std::size_t workers_of(const Context& context);                 // --jobs
ProgressPrinter::Style progress_style(const Context& context);  // --quiet, --no-progress
ExitCode interrupted_code(const InterruptWatch& watch);         // 130 or 143

}  // namespace headgate::cli
