#include <nlohmann/json.hpp>

#include "headgate/base/version.hpp"
#include "headgate/domain/codec.hpp"
#include "output.hpp"
#include "verbs.hpp"

namespace headgate::cli {

Result<ExitCode> verb_version(const Context& context) {
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

}  // namespace headgate::cli
