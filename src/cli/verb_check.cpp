#include "verb_options.hpp"

namespace headgate::cli {
namespace {

Result<ExitCode> check_verb(const Context&) { return failure(ErrorCode::input, "'check' is not in this version"); }

}  // namespace

Verb check_row() {
  return {.name = "check",
          .group = judging,
          .summary = "ask of a change: is any case worse now?",
          .operands = "GATE",
          .least_operands = 1,
          .most_operands = 1,
          .options = {},
          .details = {},
          .examples = {"headgate check"},
          .run = check_verb};
}

}  // namespace headgate::cli
