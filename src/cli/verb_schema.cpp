// The published form of the field tables: the JSON Schema for editors, the reference page for people.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "file_kinds.hpp"
#include "output.hpp"
#include "reference_page.hpp"
#include "verb_options.hpp"

namespace headgate::cli {
namespace {

std::string list_text() {
  std::size_t width = 0;
  for (const FileKind& kind : file_kinds()) width = std::max(width, kind.name.size());
  std::string text;
  for (const FileKind& kind : file_kinds()) {
    text += kind.name + std::string(width - kind.name.size() + 2, ' ') + kind.files + ": " + kind.what + "\n";
  }
  return text;
}

Json list_json() {
  Json all = Json::array();
  for (const FileKind& kind : file_kinds()) {
    all.push_back({{"name", kind.name}, {"files", kind.files}, {"what", kind.what}});
  }
  return {{"format", "headgate/schemas/1"}, {"schemas", std::move(all)}};
}

Result<ExitCode> schema_verb(const Context& context) {
  const auto& operands = context.arguments.operands;
  const bool json = context.arguments.flag("--json");
  const bool markdown = context.arguments.flag("--markdown");
  if (operands.empty()) {
    if (markdown) return failure(ErrorCode::input, "--markdown goes with a NAME", "`headgate schema` lists them");
    write_out(json ? canonical_pretty(list_json()) : list_text());
    return ExitCode::yes;
  }
  HG_TRY(kind, find_file_kind(operands[0]));
  if (markdown && json) return failure(ErrorCode::input, "--markdown and --json exclude each other");
  write_out(markdown ? reference_page(kind->page) : canonical_pretty(schema_of(*kind)));
  return ExitCode::yes;
}

}  // namespace

Verb schema_row() {
  return {
      .name = "schema",
      .group = about,
      .summary = "the JSON Schema of a file that people write, for editors",
      .operands = "[NAME]",
      .least_operands = 0,
      .most_operands = 1,
      .options = {flag("--markdown", "the page of the reference that NAME is on, instead of the schema")},
      .details =
          "Without a NAME, which there are. The schema (JSON Schema 2020-12) is made from the same table that checks\n"
          "the file; what no table can say, such as a suite that is not there, only `headgate lint` finds.",
      .examples = {"headgate schema", "headgate schema gate > gate.schema.json"},
      .run = schema_verb};
}

}  // namespace headgate::cli
