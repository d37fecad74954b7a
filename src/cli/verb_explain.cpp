#include "verb_options.hpp"

namespace headgate::cli {
namespace {

Result<ExitCode> explain_verb(const Context&) { return failure(ErrorCode::input, "'explain' is not in this version"); }

}  // namespace

Verb explain_row() {
  return {.name = "explain",
          .group = looking,
          .summary = "why a run was decided as it was, down to the replies",
          .operands = "[RUN] [CASE]",
          .least_operands = 0,
          .most_operands = 2,
          .options = {},
          .details = {},
          .examples = {"headgate explain"},
          .run = explain_verb};
}

}  // namespace headgate::cli
