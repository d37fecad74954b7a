// Writes a gate that works, to begin from.

#include <nlohmann/json.hpp>

#include "command_text.hpp"
#include "diagnostics.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/text.hpp"
#include "headgate/suite/release.hpp"
#include "output.hpp"
#include "starter.hpp"
#include "verb_options.hpp"
#include "verbs.hpp"

namespace headgate::cli {
namespace {

using Files = std::map<std::string, std::string>;

Result<void> refuse_overwriting(const std::string& folder, const Files& files) {
  std::vector<std::string> there;
  for (const auto& [path, content] : files) {
    if (real_files().exists(join_path(folder, path))) there.push_back(join_path(folder, path));
  }
  if (there.empty()) return {};
  return failure(ErrorCode::input, "would overwrite " + join_words(there, 3), "name another folder: headgate init DIR");
}

Result<void> write_all(const std::string& folder, const Files& files) {
  for (const auto& [path, content] : files) {
    const std::string full = join_path(folder, path);
    HG_CHECK(make_folders(folder_of(full), Access::everyone));
    HG_CHECK(write_file_atomically(full, content, Access::everyone));
  }
  return {};
}

// What to do with it, once it has been seen to work.
std::string advice(const std::string& folder, const std::string& gate) {
  const std::string suite = join_path(folder, "eval_suites/starter");
  return "then put your own questions into " + terminal_line(suite) + "/cases.jsonl and your routes' replies into " +
         terminal_line(join_path(folder, "replies")) +
         "/,\nraise version in suite.yaml, say why in CHANGELOG.md, and " + "release it:\n  " +
         command_text(std::vector<std::string>{"suite", "release", suite}) + "\n  " +
         command_text(std::vector<std::string>{"plan", gate}) + "   # what so many cases can decide\n";
}

Result<ExitCode> init_verb(const Context& context) {
  const std::string folder = context.arguments.operands.empty() ? "." : context.arguments.operands[0];
  const auto cases = static_cast<std::size_t>(context.arguments.whole("--cases").value_or(starter_cases));
  if (cases > most_starter_cases) {
    return failure(ErrorCode::input, "--cases takes at most " + std::to_string(most_starter_cases));
  }
  const Files files = starter_files(cases);
  HG_CHECK(refuse_overwriting(folder, files));
  HG_CHECK(write_all(folder, files));

  Complaints complaints;
  const auto released = suite::release(join_path(folder, "eval_suites/starter"), "",
                                       utc_date(real_clock().wall_seconds()), suite::LoadOptions{}, complaints);
  if (!complaints.empty()) return report(std::move(complaints), context.terminal);
  if (!released) return failure(released.error());

  std::vector<std::string> written;
  for (const auto& [path, content] : files) written.push_back(join_path(folder, path));
  written.push_back(join_path(folder, "eval_suites/starter/suite.lock"));

  const std::string gate = join_path(folder, "starter.gate.yaml");
  const std::vector<std::string> next = {"run", gate};
  if (context.arguments.flag("--json")) {
    write_out(canonical_pretty({{"format", "headgate/init/1"}, {"files", written}, {"next", command_text(next)}}));
    return ExitCode::yes;
  }
  for (const std::string& path : written) write_out("wrote " + terminal_line(path) + "\n");
  write_out("next: " + command_text(next) + "\n" + advice(folder, gate));
  return ExitCode::yes;
}

}  // namespace

Verb init_row() {
  return {.name = "init",
          .group = writing,
          .summary = "write a working gate, two recorded routes and a starter suite",
          .operands = "[DIR]",
          .least_operands = 0,
          .most_operands = 1,
          .options = {whole("--cases", "N", 20,
                            "cases of the starter suite; thresholds are what N can carry (default: 100)")},
          .details = "What it writes runs at once; replace cases and replies with your own. Nothing is overwritten.",
          .examples = {"headgate init my_gate && headgate run my_gate/starter.gate.yaml"},
          .run = init_verb};
}

}  // namespace headgate::cli
