#include "verb_options.hpp"

namespace headgate::cli {
namespace {

Result<ExitCode> compare_verb(const Context&) { return failure(ErrorCode::input, "'compare' is not in this version"); }

}  // namespace

Verb compare_row() {
  return {.name = "compare",
          .group = looking,
          .summary = "what changed between two runs",
          .operands = "RUN RUN",
          .least_operands = 2,
          .most_operands = 2,
          .options = {},
          .details = {},
          .examples = {"headgate compare"},
          .run = compare_verb};
}

}  // namespace headgate::cli
