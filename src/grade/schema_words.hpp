// The keywords of JSON Schema that judge values, and what each has to be.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "schema_prepared.hpp"

namespace headgate::grade {

// What the value of a keyword has to be.
enum class Need : std::uint8_t {
  schema,
  schema_or_list,
  schemas,
  schema_map,
  pattern_map,
  dependencies,  // schemas or lists of names, by name
  type,
  list,
  number,
  positive,
  count,
  boolean,
  pattern,
  names,
  name_map,
  reference,
  anchor,
  format,
  refused,
};

struct Keyword {
  std::string_view name;
  Need need;
  std::uint8_t dialects = dialect::any;  // where it says anything
  bool in_place = false;                 // its schemas judge the very value, not a part of it
};

inline constexpr std::array schema_keywords = {
    Keyword{"$anchor", Need::anchor, dialect::newer},
    Keyword{"$defs", Need::schema_map},
    Keyword{"$dynamicAnchor", Need::anchor, dialect::d2020},
    Keyword{"$dynamicRef", Need::refused, dialect::d2020},
    Keyword{"$recursiveRef", Need::refused, dialect::d2019},
    Keyword{"$ref", Need::reference, dialect::any, true},
    Keyword{"additionalItems", Need::schema, dialect::old | dialect::d2019},
    Keyword{"additionalProperties", Need::schema},
    Keyword{"allOf", Need::schemas, dialect::any, true},
    Keyword{"anyOf", Need::schemas, dialect::any, true},
    Keyword{"contains", Need::schema},
    Keyword{"definitions", Need::schema_map},
    Keyword{"dependencies", Need::dependencies, dialect::old, true},
    Keyword{"dependentRequired", Need::name_map, dialect::newer},
    Keyword{"dependentSchemas", Need::schema_map, dialect::newer, true},
    Keyword{"else", Need::schema, dialect::any, true},
    Keyword{"enum", Need::list},
    Keyword{"exclusiveMaximum", Need::number},
    Keyword{"exclusiveMinimum", Need::number},
    Keyword{"format", Need::format},
    Keyword{"if", Need::schema, dialect::any, true},
    Keyword{"items", Need::schema_or_list},
    Keyword{"maxContains", Need::count, dialect::newer},
    Keyword{"maxItems", Need::count},
    Keyword{"maxLength", Need::count},
    Keyword{"maxProperties", Need::count},
    Keyword{"maximum", Need::number},
    Keyword{"minContains", Need::count, dialect::newer},
    Keyword{"minItems", Need::count},
    Keyword{"minLength", Need::count},
    Keyword{"minProperties", Need::count},
    Keyword{"minimum", Need::number},
    Keyword{"multipleOf", Need::positive},
    Keyword{"not", Need::schema, dialect::any, true},
    Keyword{"oneOf", Need::schemas, dialect::any, true},
    Keyword{"pattern", Need::pattern},
    Keyword{"patternProperties", Need::pattern_map},
    Keyword{"prefixItems", Need::schemas, dialect::d2020},
    Keyword{"properties", Need::schema_map},
    Keyword{"propertyNames", Need::schema},
    Keyword{"required", Need::names},
    Keyword{"then", Need::schema, dialect::any, true},
    Keyword{"type", Need::type},
    Keyword{"unevaluatedItems", Need::schema, dialect::newer},
    Keyword{"unevaluatedProperties", Need::schema, dialect::newer},
    Keyword{"uniqueItems", Need::boolean},
};

}  // namespace headgate::grade
