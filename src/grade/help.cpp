#include "headgate/grade/help.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "headgate/base/text.hpp"

namespace headgate::grade {
namespace {

Json example_of(const Kind& kind) { return Json::parse(kind.example); }

// The table of an object among what a field may be, so that `extract` is explained where it is used.
const FieldTable* inner_table(const Shape& shape) {
  if (shape.kind == Shape::Kind::object) return shape.table;
  for (const Shape& one : shape.of) {
    if (const FieldTable* table = inner_table(one)) return table;
  }
  return nullptr;
}

void append_fields(std::string& out, const std::vector<Field>& fields, const std::string& indent) {
  std::size_t width = 0;
  for (const Field& field : fields) width = std::max(width, field.name.size());
  for (const Field& field : fields) {
    out += indent + field.name + std::string(width - field.name.size() + 2, ' ') + field.help;
    out += " (" + in_words(field.shape);
    if (field.required) out += "; required";
    if (!field.fallback.empty()) out += "; default " + field.fallback;
    out += ")\n";
    if (const FieldTable* table = inner_table(field.shape)) append_fields(out, table->fields, indent + "    ");
  }
}

Json fields_json(const std::vector<Field>& fields) {
  Json out = Json::array();
  for (const Field& field : fields) {
    Json one = {
        {"name", field.name}, {"help", field.help}, {"takes", in_words(field.shape)}, {"required", field.required}};
    if (!field.fallback.empty()) one["default"] = Json::parse(field.fallback);
    if (const FieldTable* table = inner_table(field.shape)) one["fields"] = fields_json(table->fields);
    out.push_back(std::move(one));
  }
  return out;
}

const std::vector<Field>& own_fields(const Kind& kind) {
  static const std::vector<Field> none;
  return kind.options == nullptr ? none : kind.options->fields;
}

}  // namespace

std::string aliases_text(const Kind& kind) {
  std::vector<std::string> all;
  for (const Alias& alias : kind.aliases) {
    all.push_back("`" + alias.name + "`" + (alias.options.empty() ? "" : " (with " + alias.options + ")"));
  }
  return "Other tools call it " + join_words(all, all.size());
}

std::string help_text(const Registry& registry) {
  std::size_t name_width = 0, basis_width = 0;
  for (const Kind& kind : registry.kinds()) {
    name_width = std::max(name_width, kind.name.size());
    basis_width = std::max(basis_width, std::string_view(name(kind.basis)).size());
  }
  const auto column = [](std::string_view text, std::size_t width) {
    return std::string(text) + std::string(width - text.size() + 2, ' ');
  };
  std::string out = column("kind", name_width) + column("by", basis_width) + "passes when\n";
  std::set<Basis> used;
  for (const Kind& kind : registry.kinds()) {
    used.insert(kind.basis);
    out += column(kind.name, name_width) + column(name(kind.basis), basis_width) + kind.summary + "\n";
  }
  out += "\nMay it block a release?\n";
  for (const Basis basis : used) out += "  " + column(name(basis), basis_width) + std::string(may_decide(basis)) + "\n";
  out += "\nEvery kind has a not_ form that passes where the kind fails; what cannot be judged passes in neither.\n";
  out += "`headgate graders KIND` has options and an example; promptfoo's names are understood where they mean the same.\n";
  return out;
}

std::string help_text(const Registry&, const Kind& kind) {
  std::string out = kind.name + ": " + kind.summary + "\n\n" + kind.help + "\n\n";
  if (!own_fields(kind).empty()) {
    out += "options:\n";
    append_fields(out, own_fields(kind), "  ");
    out += "\n";
  }
  out += "example:\n  " + kind.example + "\n\nnot_" + kind.name + " passes where this fails. It " +
         std::string(may_decide(kind.basis)) + ".\n";
  if (!kind.aliases.empty()) out += aliases_text(kind) + ".\n";
  return out;
}

Json help_json(const Registry& registry) {
  Json all = Json::array();
  for (const Kind& kind : registry.kinds()) {
    all.push_back({{"kind", kind.name}, {"summary", kind.summary}, {"basis", name(kind.basis)}});
  }
  return {{"graders", std::move(all)}};
}

Json help_json(const Registry& registry, const Kind& kind) {
  Json aliases = Json::array();
  for (const Alias& alias : kind.aliases) {
    aliases.push_back({{"name", alias.name}, {"options", alias.options.empty() ? Json::object() : Json::parse(alias.options)}});
  }
  return {{"kind", kind.name},
          {"summary", kind.summary},
          {"help", kind.help},
          {"basis", name(kind.basis)},
          {"may_decide", may_decide(kind.basis)},
          {"aliases", std::move(aliases)},
          {"negated", "not_" + kind.name},
          {"options", fields_json(own_fields(kind))},
          {"example", example_of(kind)},
          {"schema", schema(registry.fields(kind))}};
}

}  // namespace headgate::grade
