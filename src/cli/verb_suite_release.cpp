// Locks a version of a suite.

#include <nlohmann/json.hpp>

#include "diagnostics.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/text.hpp"
#include "headgate/run/workers.hpp"
#include "headgate/suite/release.hpp"
#include "output.hpp"
#include "verb_options.hpp"
#include "verbs.hpp"

namespace headgate::cli {
namespace {

std::string line(const suite::Released& released) {
  if (released.already) return released.name + " " + released.version + " was released before and is unchanged\n";
  return "released " + released.name + " " + released.version + ": " + plural(released.cases, "case") + ", " +
         released.digest + "\n";
}

Json to_json(const suite::Released& released) {
  return {{"format", "headgate/release/1"}, {"suite", released.name},    {"version", released.version},
          {"cases", released.cases},        {"digest", released.digest}, {"already", released.already}};
}

Result<ExitCode> suite_release_verb(const Context& context) {
  const std::string date = context.arguments.text("--date").value_or(utc_date(real_clock().wall_seconds()));
  if (!is_date(date)) {
    return failure(ErrorCode::input, "--date takes a calendar date, not '" + date + "'", "as in: --date 2026-11-20");
  }
  suite::LoadOptions options;
  options.for_each = run::parallel(0);
  Complaints complaints;
  const auto released = suite::release(context.arguments.operands[0], context.arguments.text("--version").value_or(""),
                                       date, options, complaints);
  if (!complaints.empty()) return report(std::move(complaints), context.terminal);
  if (!released) return failure(released.error());
  write_out(context.arguments.flag("--json") ? canonical_pretty(to_json(*released)) : line(*released));
  return ExitCode::yes;
}

}  // namespace

Verb suite_release_row() {
  return {.name = "suite release",
          .group = writing,
          .summary = "lock a version of a suite, so that it can be run again and an edited one is refused",
          .operands = "FOLDER",
          .least_operands = 1,
          .most_operands = 1,
          .options = {text("--version", "V", "the version to lock (default: what suite.yaml says)"),
                      text("--date", "YYYY-MM-DD", "date of release (default: today, UTC)")},
          .details =
              "Writes suite.lock: digests of the version's cases, graders and referenced files. CHANGELOG.md of the\n"
              "suite must say something about the version.",
          .examples = {"headgate suite release eval_suites/support_triage --version 1.4.0"},
          .run = suite_release_verb};
}

}  // namespace headgate::cli
