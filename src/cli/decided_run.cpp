#include "decided_run.hpp"

#include "headgate/base/text.hpp"
#include "inputs.hpp"
#include "output.hpp"

namespace headgate::cli {
namespace {

Error not_decided(const run::RunFolder& folder, const std::optional<RunFile>& file) {
  if (folder.check || (file && file->check)) {
    return {ErrorCode::input, "'" + folder.path + "' is a check, which decides nothing", Place{},
            "`headgate run GATE` runs the gate and decides"};
  }
  Error error{ErrorCode::input, "run " + folder.run_id + " of gate '" + folder.gate + "' has no decision", Place{},
              "it was interrupted or is still running"};
  if (file && !file->command.empty()) error.hint += "; to go on: " + file->command;
  return error;
}

}  // namespace

Result<run::RunFolder> find_decided(const Context& context, const std::string& run) {
  const std::string reports = reports_folder(context);
  HG_TRY(found, run::find_decided_run(reports, run));
  const auto newest = run::find_run(reports, run);
  if (newest && newest->path != found.path) {
    const auto file = read_run_file(newest->path);
    say("note: run " + terminal_line(newest->run_id) + " is newer and unfinished" +
        (file && !file->command.empty() ? "; to go on: " + terminal_line(file->command) : ""));
  }
  return std::move(found);
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
  HG_TRY(found, find_decided(context, run));
  return open_decided(std::move(found));
}

}  // namespace headgate::cli
