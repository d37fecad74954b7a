#include "verb_options.hpp"

namespace headgate::cli {
namespace {

Result<ExitCode> suite_stats_verb(const Context&) {
  return failure(ErrorCode::input, "'suite stats' is not in this version");
}

}  // namespace

Verb suite_stats_row() {
  return {.name = "suite stats",
          .group = writing,
          .summary = "how a suite is made up",
          .operands = "SUITE",
          .least_operands = 1,
          .most_operands = 1,
          .options = {},
          .details = {},
          .examples = {"headgate suite stats"},
          .run = suite_stats_verb};
}

}  // namespace headgate::cli
