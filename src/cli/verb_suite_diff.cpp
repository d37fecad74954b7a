#include "verb_options.hpp"

namespace headgate::cli {
namespace {

Result<ExitCode> suite_diff_verb(const Context&) {
  return failure(ErrorCode::input, "'suite diff' is not in this version");
}

}  // namespace

Verb suite_diff_row() {
  return {.name = "suite diff",
          .group = writing,
          .summary = "what changed between two versions of a suite",
          .operands = "SUITE V1 V2",
          .least_operands = 3,
          .most_operands = 3,
          .options = {},
          .details = {},
          .examples = {"headgate suite diff"},
          .run = suite_diff_verb};
}

}  // namespace headgate::cli
