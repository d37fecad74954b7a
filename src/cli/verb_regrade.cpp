#include "verb_options.hpp"

namespace headgate::cli {
namespace {

Result<ExitCode> regrade_verb(const Context&) { return failure(ErrorCode::input, "'regrade' is not in this version"); }

}  // namespace

Verb regrade_row() {
  return {.name = "regrade",
          .group = looking,
          .summary = "grade the recorded replies of a run again, into a new run",
          .operands = "RUN",
          .least_operands = 1,
          .most_operands = 1,
          .options = {},
          .details = {},
          .examples = {"headgate regrade"},
          .run = regrade_verb};
}

}  // namespace headgate::cli
