#include <cmath>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>

#include "headgate/base/assert.hpp"
#include "headgate/base/fields.hpp"

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

class SchemaWriter {
 public:
  Json write(const FieldTable& root) {
    names_.emplace(&root, "");
    Json schema = object(root);
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
    if (!definitions_.empty()) schema["$defs"] = std::move(definitions_);
    return schema;
  }

 private:
  Json object(const FieldTable& table) {
    Json schema{{"type", "object"}, {"title", table.name}, {"additionalProperties", false}};
    if (!table.help.empty()) schema["description"] = table.help;
    Json& properties = schema["properties"] = Json::object();
    Json required = Json::array();
    for (const Field& field : table.fields) {
      Json property = shape(field.shape);
      if (!field.help.empty()) property["description"] = field.help;
      if (!field.fallback.empty()) property["default"] = own_json(field.fallback);
      if (!field.example.empty()) property["examples"] = Json::array({own_json(field.example)});
      if (field.required) required.push_back(field.name);
      properties[field.name] = std::move(property);
    }
    if (!required.empty()) schema["required"] = std::move(required);
    return schema;
  }

  // Tables may contain themselves, so each is written once and referred to by name.
  Json reference(const FieldTable& table) {
    const auto known = names_.find(&table);
    if (known != names_.end()) return {{"$ref", known->second.empty() ? "#" : "#/$defs/" + known->second}};
    std::string name = table.name;
    for (char& c : name) {
      if (c == ' ' || c == '/' || c == '~') c = '_';
    }
    std::string unique = name;
    for (std::size_t n = 2; definitions_.contains(unique); ++n) unique = name + "_" + std::to_string(n);
    names_.emplace(&table, unique);
    definitions_[unique] = Json::object();  // takes the name before its own fields are written
    definitions_[unique] = object(table);
    return {{"$ref", "#/$defs/" + unique}};
  }

  Json shape(const Shape& shape) {
    switch (shape.kind) {
      case Shape::Kind::any:
        return Json::object();
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
        return reference(*shape.table);
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
    if (shape.min) schema["minLength"] = bound(*shape.min);
    if (shape.max) schema["maxLength"] = bound(*shape.max);
    return schema;
  }

  static Json number(const Shape& shape, const char* type) {
    Json schema{{"type", type}};
    if (shape.min) schema[shape.above_min ? "exclusiveMinimum" : "minimum"] = bound(*shape.min);
    if (shape.max) schema["maximum"] = bound(*shape.max);
    return schema;
  }

  Json list(const Shape& shape) {
    Json schema{{"type", "array"}, {"items", this->shape(shape.of.front())}};
    if (shape.min) schema["minItems"] = bound(*shape.min);
    if (shape.max) schema["maxItems"] = bound(*shape.max);
    return schema;
  }

  std::map<const FieldTable*, std::string> names_;
  Json definitions_ = Json::object();
};

}  // namespace

Json schema(const FieldTable& table) { return SchemaWriter().write(table); }

}  // namespace headgate
