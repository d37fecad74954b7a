// The reference of graders, which the registry that builds them writes itself.

#include <nlohmann/json.hpp>

#include "headgate/grade/help.hpp"
#include "output.hpp"
#include "verbs.hpp"

namespace headgate::cli {
namespace {

Json with_format(Json value) {
  value["format"] = "headgate/graders/1";
  return value;
}

}  // namespace

Result<ExitCode> verb_graders(const Context& context) {
  const bool json = context.arguments.flag("--json");
  const grade::Registry& registry = grade::registry();
  if (context.arguments.operands.empty()) {
    write_out(json ? canonical_pretty(with_format(grade::help_json(registry))) : grade::help_text(registry));
    return ExitCode::yes;
  }
  HG_TRY(kind, registry.look_up(context.arguments.operands[0]));
  write_out(json ? canonical_pretty(with_format(grade::help_json(registry, *kind))) : grade::help_text(registry, *kind));
  return ExitCode::yes;
}

}  // namespace headgate::cli
