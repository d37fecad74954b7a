#include "verb_options.hpp"

namespace headgate::cli {
namespace {

Result<ExitCode> completion_verb(const Context&) {
  return failure(ErrorCode::input, "'completion' is not in this version");
}

}  // namespace

Verb completion_row() {
  return {.name = "completion",
          .group = about,
          .summary = "a script that completes headgate commands in bash, zsh or fish",
          .operands = "SHELL",
          .least_operands = 1,
          .most_operands = 1,
          .options = {},
          .details = {},
          .examples = {"headgate completion"},
          .run = completion_verb};
}

}  // namespace headgate::cli
