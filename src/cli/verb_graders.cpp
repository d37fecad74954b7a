// The reference of graders, which the registry that builds them writes itself.

#include <nlohmann/json.hpp>

#include "headgate/grade/help.hpp"
#include "output.hpp"
#include "verb_options.hpp"
#include "verbs.hpp"

namespace headgate::cli {
namespace {

Json with_format(Json value) {
  value["format"] = "headgate/graders/1";
  return value;
}

Result<ExitCode> graders_verb(const Context& context) {
  const bool json = context.arguments.flag("--json");
  const grade::Registry& registry = grade::registry();
  if (context.arguments.operands.empty()) {
    write_out(json ? canonical_pretty(with_format(grade::help_json(registry))) : grade::help_text(registry));
    return ExitCode::yes;
  }
  HG_TRY(kind, registry.look_up(context.arguments.operands[0]));
  write_out(json ? canonical_pretty(with_format(grade::help_json(registry, *kind)))
                 : grade::help_text(registry, *kind));
  return ExitCode::yes;
}

}  // namespace

Verb graders_row() {
  return {.name = "graders",
          .group = about,
          .summary = "what graders there are, with options and an example each",
          .operands = "[KIND]",
          .least_operands = 0,
          .most_operands = 1,
          .options = {},
          .details = "Every kind also has a not_ form; it never passes where there is no reply.\n"
                     "`headgate graders try` shows one at work.",
          .examples = {"headgate graders", "headgate graders number"},
          .run = graders_verb,
          .paged = true,
          .explains_operand = true};
}

}  // namespace headgate::cli
