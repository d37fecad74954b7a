#include "verb_options.hpp"

namespace headgate::cli {
namespace {

Result<ExitCode> try_verb(const Context&) { return failure(ErrorCode::input, "'try' is not in this version"); }

}  // namespace

Verb try_row() {
  return {.name = "try",
          .group = judging,
          .summary = "one case on both arms: prompt, reply, every grader's reason",
          .operands = "GATE CASE",
          .least_operands = 2,
          .most_operands = 2,
          .options = {},
          .details = {},
          .examples = {"headgate try"},
          .run = try_verb};
}

}  // namespace headgate::cli
