#include "verb_options.hpp"

namespace headgate::cli {
namespace {

Result<ExitCode> suite_show_verb(const Context&) {
  return failure(ErrorCode::input, "'suite show' is not in this version");
}

}  // namespace

Verb suite_show_row() {
  return {.name = "suite show",
          .group = writing,
          .summary = "what is in a suite, or one of its cases",
          .operands = "SUITE [CASE]",
          .least_operands = 1,
          .most_operands = 2,
          .options = {},
          .details = {},
          .examples = {"headgate suite show"},
          .run = suite_show_verb};
}

}  // namespace headgate::cli
