#include "verb_options.hpp"

namespace headgate::cli {
namespace {

Result<ExitCode> schema_verb(const Context&) { return failure(ErrorCode::input, "'schema' is not in this version"); }

}  // namespace

Verb schema_row() {
  return {.name = "schema",
          .group = about,
          .summary = "the JSON Schema of a file that people write",
          .operands = "[NAME]",
          .least_operands = 0,
          .most_operands = 1,
          .options = {},
          .details = {},
          .examples = {"headgate schema"},
          .run = schema_verb};
}

}  // namespace headgate::cli
