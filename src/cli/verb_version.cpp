#include <nlohmann/json.hpp>

#include "headgate/base/version.hpp"
#include "headgate/domain/codec.hpp"
#include "output.hpp"
#include "verb_options.hpp"
#include "verbs.hpp"

namespace headgate::cli {

namespace {

Result<ExitCode> version_verb(const Context& context) {
  if (!context.arguments.flag("--json")) {
    write_out("headgate " + std::string(version()) + "\n");
    return ExitCode::yes;
  }
  const Json value = {{"format", "headgate/version/1"},
                      {"name", "headgate"},
                      {"version", std::string(version())},
                      {"formats", {decision_format, plan_format, journal_format, lock_format}}};
  write_out(canonical_pretty(value));
  return ExitCode::yes;
}

}  // namespace

Verb version_row() {
  return {.name = "version",
          .group = about,
          .summary = "the version of this program and of its file formats",
          .operands = {},
          .options = {},
          .details = {},
          .examples = {"headgate version --json"},
          .run = version_verb};
}

}  // namespace headgate::cli
