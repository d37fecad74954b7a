// Completion scripts, and the question they ask.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "completion.hpp"
#include "headgate/base/text.hpp"
#include "output.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

// `completion words -- WORD…`: what could stand where the last word is.
constexpr const char* asked_by_scripts = "words";

Result<ExitCode> completion_verb(const Context& context) {
  const auto& operands = context.arguments.operands;
  if (operands[0] == asked_by_scripts) {
    write_out(completion_lines(complete(std::span(operands).subspan(1), context.environment)));
    return ExitCode::yes;
  }
  if (operands.size() > 1) {
    return failure(ErrorCode::input, "unexpected '" + operands[1] + "' after 'completion " + operands[0] + "'",
                   "as in: headgate completion bash");
  }
  const std::vector<std::string> shells = {"bash", "zsh", "fish"};
  if (std::ranges::count(shells, operands[0]) == 0) {
    const std::string guess = did_you_mean(operands[0], shells);
    return failure(ErrorCode::input, "there is no completion for the shell '" + operands[0] + "'",
                   guess.empty() ? "there are bash, zsh and fish" : guess);
  }
  const std::string script = completion_script(operands[0]);
  write_out(context.arguments.flag("--json")
                ? canonical_pretty({{"format", "headgate/completion/1"}, {"shell", operands[0]}, {"script", script}})
                : script);
  return ExitCode::yes;
}

}  // namespace

Verb completion_row() {
  return {
      .name = "completion",
      .group = about,
      .summary = "a script that completes headgate commands in bash, zsh or fish",
      .operands = "SHELL",
      .least_operands = 1,
      .most_operands = any_number,
      .options = {},
      .details =
          "Completes verbs, options and their values, gate files, run ids, suites, graders and schemas. To have it\n"
          "in every bash: headgate completion bash > ~/.local/share/bash-completion/completions/headgate; in zsh\n"
          "write it to a file _headgate in a folder of $fpath; in fish to ~/.config/fish/completions/headgate.fish.",
      .examples = {"source <(headgate completion bash)"},
      .run = completion_verb,
      .takes_empty_words = true};
}

}  // namespace headgate::cli
