#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>

#include "headgate/base/assert.hpp"
#include "headgate/base/fields.hpp"
#include "headgate/base/sorted_fields.hpp"

namespace headgate {
namespace {

Json own_json(const std::string& text) {
  Result<Json> value = parse_own(text);
  HG_ASSERT(value.has_value());
  return std::move(*value);
}

// Whole bounds as integers, so that "minimum": 0 does not look like a fraction.
Json bound(double value) {
  if (std::fabs(value) > 1e15) return value;
  const auto whole = static_cast<std::int64_t>(value);
  return static_cast<double>(whole) == value ? Json(whole) : Json(value);
}

Json required(const std::vector<std::string>& keys) { return {{"required", keys}}; }

class SchemaWriter {
 public:
  Json write(const FieldTable& root) {
    names_.emplace(&root, "");
    return finished(object(root));
  }

  Json write(const Variants& root) {
    names_.emplace(&root, "");
    return finished(variants(root));
  }

 private:
  Json finished(Json schema) {
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
    if (!definitions_.empty()) schema["$defs"] = std::move(definitions_);
    return schema;
  }

  Json object(const FieldTable& table) {
    Json schema{{"type", "object"}, {"title", table.name}};
    if (!table.open) schema["additionalProperties"] = false;
    if (!table.help.empty()) schema["description"] = table.help;
    Json& properties = schema["properties"] = Json::object();
    std::vector<std::string> needed;
    for (const Field& field : table.fields) {
      // What several fields of one name take is said for each word below.
      properties[field.name] = is_one_of_several(field, table) ? Json::object() : property(field);
      if (field.required && field.only_for.empty()) needed.push_back(field.name);
    }
    if (!needed.empty()) schema["required"] = std::move(needed);
    for (const KeyDemand& demand : table.demands) schema["allOf"].push_back(this->demand(demand));
    for (const std::string& word : choices_of(table, table.sorted_by)) schema["allOf"].push_back(sorted(table, word));
    return schema;
  }

  Json property(const Field& field) {
    Json property = shape(field.shape);
    if (!field.help.empty()) property["description"] = field.help;
    if (!field.fallback.empty()) property["default"] = own_json(field.fallback);
    if (!field.example.empty()) property["examples"] = Json::array({own_json(field.example)});
    return property;
  }

  static std::vector<std::string> choices_of(const FieldTable& table, const std::string& key) {
    for (const Field& field : table.fields) {
      if (field.name == key) return field.shape.choices;
    }
    return {};
  }

  static bool is_one_of_several(const Field& field, const FieldTable& table) {
    return std::ranges::count(table.fields, field.name, &Field::name) > 1;
  }

  // With that word of the deciding key, the fields that belong to another are not welcome.
  Json sorted(const FieldTable& table, const std::string& word) {
    Json meant = required({table.sorted_by});
    meant["properties"][table.sorted_by] = {{"const", word}};
    Json then{{"properties", Json::object()}};
    std::vector<std::string> needed;
    for (const Field& field : table.fields) {
      if (field.only_for.empty()) continue;
      if (!belongs_to(field, word)) {
        if (!has_field(table, word, field.name)) then["properties"][field.name] = false;
        continue;
      }
      if (is_one_of_several(field, table)) then["properties"][field.name] = property(field);
      if (field.required) needed.push_back(field.name);
    }
    if (!needed.empty()) then["required"] = std::move(needed);
    return {{"if", std::move(meant)}, {"then", std::move(then)}};
  }

  static Json demand(const KeyDemand& demand) {
    Json ways = Json::array();
    for (const std::string& key : demand.keys) ways.push_back(required({key}));
    return {{demand.count == KeyDemand::Count::exactly_one ? "oneOf" : "anyOf", std::move(ways)},
            {"description", demand.message}};
  }

  // The table is chosen by if and then, so that an editor speaks of the one that was meant, not of all.
  Json variants(const Variants& variants) {
    Json words = Json::array();
    Json choices = Json::array();
    for (const Variants::One& one : variants.all) {
      for (const std::string& word : one.words) words.push_back(word);
      Json meant = required({variants.key});
      meant["properties"][variants.key] = {{"enum", one.words}};
      choices.push_back({{"if", std::move(meant)},
                         {"then", reference(one.table, one.table->name, [&] { return object(*one.table); })}});
    }
    Json schema = required({variants.key});
    schema["type"] = "object";
    schema["title"] = variants.name;
    schema["properties"][variants.key] = {{"enum", std::move(words)}};
    schema["allOf"] = std::move(choices);
    return schema;
  }

  // What may contain itself is written once and referred to by name.
  template <class Write>
  Json reference(const void* what, std::string name, const Write& write) {
    const auto known = names_.find(what);
    if (known != names_.end()) return {{"$ref", known->second.empty() ? "#" : "#/$defs/" + known->second}};
    for (char& c : name) {
      if (c == ' ' || c == '/' || c == '~') c = '_';
    }
    std::string unique = name;
    for (std::size_t n = 2; definitions_.contains(unique); ++n) unique = name + "_" + std::to_string(n);
    names_.emplace(what, unique);
    definitions_[unique] = Json::object();  // takes the name before its own fields are written
    definitions_[unique] = write();
    return {{"$ref", "#/$defs/" + unique}};
  }

  Json shape(const Shape& shape) {
    switch (shape.kind) {
      case Shape::Kind::any:
        return Json::object();
      case Shape::Kind::null:
        return {{"type", "null"}};
      case Shape::Kind::string:
        return string(shape);
      case Shape::Kind::integer:
        return number(shape, "integer");
      case Shape::Kind::number:
        return number(shape, "number");
      case Shape::Kind::boolean:
        return {{"type", "boolean"}};
      case Shape::Kind::object:
        HG_ASSERT(shape.table != nullptr);
        return reference(shape.table, shape.table->name, [&] { return object(*shape.table); });
      case Shape::Kind::variant: {
        const Variants* all = shape.variants();
        return reference(all, all->name, [&] { return variants(*all); });
      }
      case Shape::Kind::list:
        return list(shape);
      case Shape::Kind::map:
        return {{"type", "object"}, {"additionalProperties", this->shape(shape.of.front())}};
      case Shape::Kind::either:
        break;
    }
    Json alternatives = Json::array();
    for (const Shape& alternative : shape.of) alternatives.push_back(this->shape(alternative));
    return {{"anyOf", std::move(alternatives)}};
  }

  static Json string(const Shape& shape) {
    Json schema{{"type", "string"}};
    if (!shape.choices.empty()) schema["enum"] = shape.choices;
    if (!shape.pattern.empty()) schema["pattern"] = shape.pattern;
    if (shape.min) schema["minLength"] = bound(*shape.min);
    if (shape.max) schema["maxLength"] = bound(*shape.max);
    return schema;
  }

  static Json number(const Shape& shape, const char* type) {
    Json schema{{"type", type}};
    if (shape.min) schema[shape.above_min ? "exclusiveMinimum" : "minimum"] = bound(*shape.min);
    if (shape.max) schema[shape.below_max ? "exclusiveMaximum" : "maximum"] = bound(*shape.max);
    return schema;
  }

  Json list(const Shape& shape) {
    Json schema{{"type", "array"}, {"items", this->shape(shape.of.front())}};
    if (shape.min) schema["minItems"] = bound(*shape.min);
    if (shape.max) schema["maxItems"] = bound(*shape.max);
    return schema;
  }

  std::map<const void*, std::string> names_;  // of tables and variants
  Json definitions_ = Json::object();
};

}  // namespace

Json schema(const FieldTable& table) { return SchemaWriter().write(table); }
Json schema(const Variants& variants) { return SchemaWriter().write(variants); }

}  // namespace headgate
