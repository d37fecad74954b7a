#include "decided_run.hpp"

#include "headgate/base/text.hpp"
#include "inputs.hpp"
#include "output.hpp"

namespace headgate::cli {
namespace {

// The command of that run, such that it goes on; "; to go on: …" or "". A recorded command is text already.
std::string how_to_go_on(const std::optional<RunFile>& file) {
  if (!file || file->command.empty()) return {};
  std::string command = file->command + " ";
  const std::string again = " --again ";  // would begin another
  for (std::size_t at = command.find(again); at != std::string::npos; at = command.find(again)) {
    command.erase(at, again.size() - 1);
  }
  command.pop_back();
  return "; to go on: " + command;
}

Error not_decided(const run::RunFolder& folder, const std::optional<RunFile>& file) {
  if (folder.check || (file && file->check)) {
    return {ErrorCode::input, "'" + folder.path + "' is a check, which decides nothing", Place{},
            "`headgate run GATE` runs the gate and decides"};
  }
  Error error{ErrorCode::input, "run " + folder.run_id + " of gate '" + folder.gate + "' has no decision", Place{},
              "it was interrupted or is still running"};
  error.hint += how_to_go_on(file);
  return error;
}

}  // namespace

void note_unfinished(const Context& context, const std::string& run, const run::RunFolder& taken) {
  const auto newest = run::find_run(reports_folder(context), run);
  if (!newest || newest->path == taken.path || newest->decided) return;
  say("note: run " + terminal_line(newest->run_id) + " is newer and unfinished" +
      terminal_line(how_to_go_on(read_run_file(newest->path))));
}

Result<DecidedRun> open_decided(run::RunFolder folder) {
  auto file = read_run_file(folder.path);
  if (!folder.decided) return failure(not_decided(folder, file));
  HG_TRY(settled, settle(folder.path));
  if (!holds(settled)) {
    return failure(ErrorCode::untrusted, "decision.json in " + folder.path + " is not what its evidence gives",
                   "`headgate decide " + folder.run_id + "` decides again from the evidence");
  }
  return DecidedRun{std::move(folder), std::move(file), std::move(settled)};
}

Result<DecidedRun> open_decided(const Context& context, const std::string& run) {
  const std::string reports = reports_folder(context);
  HG_TRY(newest, run::find_run(reports, run));
  if (newest.decided || newest.check) return open_decided(std::move(newest));
  // Whoever obeys the exit status must not be given an older yes: it is named, never shown in the place of the newest.
  Error error = not_decided(newest, read_run_file(newest.path));
  const auto older = run::find_decided_run(reports, run);
  if (older && older->decided) error.hint += "; the latest decided run is " + older->run_id;
  return failure(std::move(error));
}

}  // namespace headgate::cli
