// The walk over a schema when it is built: is each keyword well formed, does each reference lead somewhere?
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "schema_prepared.hpp"

namespace headgate::grade {
namespace {

// What the value of a keyword has to be.
enum class Need {
  schema,
  schema_or_list,
  schemas,
  schema_map,
  pattern_map,
  dependencies,  // sub-schemas below
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
  refused,
};

struct Keyword {
  std::string_view name;
  Need need;
};

constexpr std::array keywords = {
    Keyword{"$defs", Need::schema_map},
    Keyword{"$dynamicRef", Need::refused},
    Keyword{"$recursiveRef", Need::refused},
    Keyword{"$ref", Need::reference},
    Keyword{"additionalItems", Need::schema},
    Keyword{"additionalProperties", Need::schema},
    Keyword{"allOf", Need::schemas},
    Keyword{"anyOf", Need::schemas},
    Keyword{"contains", Need::schema},
    Keyword{"definitions", Need::schema_map},
    Keyword{"dependencies", Need::dependencies},
    Keyword{"dependentRequired", Need::name_map},
    Keyword{"dependentSchemas", Need::schema_map},
    Keyword{"else", Need::schema},
    Keyword{"enum", Need::list},
    Keyword{"exclusiveMaximum", Need::number},
    Keyword{"exclusiveMinimum", Need::number},
    Keyword{"if", Need::schema},
    Keyword{"items", Need::schema_or_list},
    Keyword{"maxContains", Need::count},
    Keyword{"maxItems", Need::count},
    Keyword{"maxLength", Need::count},
    Keyword{"maxProperties", Need::count},
    Keyword{"maximum", Need::number},
    Keyword{"minContains", Need::count},
    Keyword{"minItems", Need::count},
    Keyword{"minLength", Need::count},
    Keyword{"minProperties", Need::count},
    Keyword{"minimum", Need::number},
    Keyword{"multipleOf", Need::positive},
    Keyword{"not", Need::schema},
    Keyword{"oneOf", Need::schemas},
    Keyword{"pattern", Need::pattern},
    Keyword{"patternProperties", Need::pattern_map},
    Keyword{"prefixItems", Need::schemas},
    Keyword{"properties", Need::schema_map},
    Keyword{"propertyNames", Need::schema},
    Keyword{"required", Need::names},
    Keyword{"then", Need::schema},
    Keyword{"type", Need::type},
    Keyword{"unevaluatedItems", Need::refused},
    Keyword{"unevaluatedProperties", Need::refused},
    Keyword{"uniqueItems", Need::boolean},
};

constexpr std::array<std::string_view, 7> type_names = {"array",  "boolean", "integer", "null",
                                                        "number", "object",  "string"};

bool is_type_name(const Json& value) {
  if (!value.is_string()) return false;
  for (const std::string_view name : type_names) {
    if (value == name) return true;
  }
  return false;
}

bool is_whole(const Json& value) {
  return value.is_number() && value.get<double>() >= 0 && value.get<double>() <= 9e15 &&
         value.get<double>() == static_cast<double>(value.get<std::int64_t>());
}

bool are_names(const Json& value) {
  if (!value.is_array()) return false;
  for (const Json& one : value) {
    if (!one.is_string()) return false;
  }
  return true;
}

// "%25" to "%"; references are URI fragments.
std::string percent_decoded(std::string_view text) {
  const auto hex = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

class Walk {
 public:
  Walk(const Json& root, Schema::Prepared& prepared, const SchemaComplaint& complain)
      : root_(root), prepared_(prepared), complain_(complain) {}

  void schema(const Json& value) {
    if (value.is_boolean() || !seen_.insert(&value).second) return;
    if (!value.is_object()) return fault(value, "a schema must be an object, true or false");
    // Up to draft 7 a reference hides whatever stands beside it, its faults too.
    const bool alone = prepared_.references_stand_alone && value.contains("$ref");
    for (const Keyword& keyword : keywords) {
      const auto found = value.find(std::string(keyword.name));
      if (found == value.end()) continue;
      if (alone && keyword.need != Need::reference && keyword.name != "definitions") continue;
      one(keyword, *found);
    }
    if (!alone && &value != &root_ && value.contains("$id") && value["$id"].is_string()) {
      fault(value["$id"], "a schema inside a schema may not have an `$id` of its own", "use #/$defs/… references");
    }
  }

 private:
  void fault(const Json& at, std::string message, std::string hint = {}, At where = At::value) {
    complain_(at, 0, std::move(message), std::move(hint), where);
  }

  void need(bool good, const Keyword& keyword, const Json& value, const char* what) {
    if (!good) fault(value, "`" + std::string(keyword.name) + "` must be " + what);
  }

  void one(const Keyword& keyword, const Json& value) {
    switch (keyword.need) {
      case Need::schema:
        return schema(value);
      case Need::schema_or_list:
        return value.is_array() ? list(value) : schema(value);
      case Need::schemas:
        need(value.is_array() && !value.empty(), keyword, value, "a list of schemas");
        return list(value);
      case Need::schema_map:
        need(value.is_object(), keyword, value, "an object of schemas");
        return members(value);
      case Need::pattern_map:
        need(value.is_object(), keyword, value, "an object of schemas by pattern");
        for (const auto& [key, member] : value.items()) pattern(key, member, At::key);
        return members(value);
      case Need::dependencies:
        return dependencies(keyword, value);
      case Need::type:
        return type(keyword, value);
      case Need::list:
        return need(value.is_array() && !value.empty(), keyword, value, "a list of values");
      case Need::number:
        return need(value.is_number(), keyword, value, "a number");
      case Need::positive:
        return need(value.is_number() && value.get<double>() > 0, keyword, value, "a number above 0");
      case Need::count:
        return need(is_whole(value), keyword, value, "a whole number, 0 or more");
      case Need::boolean:
        return need(value.is_boolean(), keyword, value, "true or false");
      case Need::names:
        return need(are_names(value), keyword, value, "a list of names");
      case Need::name_map:
        need(value.is_object(), keyword, value, "an object of lists of names");
        if (!value.is_object()) return;
        for (const Json& member : value) need(are_names(member), keyword, member, "an object of lists of names");
        return;
      case Need::pattern:
        need(value.is_string(), keyword, value, "a pattern");
        if (value.is_string()) pattern(value.get_ref<const std::string&>(), value, At::value);
        return;
      case Need::reference:
        return reference(keyword, value);
      case Need::refused:
        return fault(value, "`" + std::string(keyword.name) + "` is not supported", {}, At::key);
    }
  }

  void list(const Json& value) {
    if (!value.is_array()) return;
    for (const Json& one : value) schema(one);
  }

  void members(const Json& value) {
    if (!value.is_object()) return;
    for (const Json& one : value) schema(one);
  }

  void type(const Keyword& keyword, const Json& value) {
    bool good = is_type_name(value);
    if (value.is_array() && !value.empty()) {
      good = true;
      for (const Json& one : value) good = good && is_type_name(one);
    }
    if (!good)
      fault(value, "`" + std::string(keyword.name) + "` must be a type or a list of types",
            "array, boolean, integer, null, number, object, string");
  }

  void dependencies(const Keyword& keyword, const Json& value) {
    need(value.is_object(), keyword, value, "an object");
    if (!value.is_object()) return;
    for (const Json& member : value) {
      if (member.is_array()) {
        need(are_names(member), keyword, member, "an object of names or schemas");
      } else {
        schema(member);
      }
    }
  }

  void pattern(const std::string& text, const Json& at, At where) {
    auto compiled = Pattern::compile(text);
    if (compiled) {
      prepared_.patterns.emplace(&at, std::move(*compiled));
    } else {
      complain_(at, where == At::value ? compiled.error().offset : 0, "bad pattern: " + compiled.error().message,
                compiled.error().hint, where);
    }
  }

  void reference(const Keyword& keyword, const Json& value) {
    need(value.is_string(), keyword, value, "a reference");
    if (!value.is_string()) return;
    const auto& text = value.get_ref<const std::string&>();
    constexpr const char* hint = "only references within the schema are followed: #, #/$defs/name, #/definitions/name";
    if (!text.starts_with('#')) return fault(value, "the reference leads outside the schema", hint);
    if (text.size() > 1 && text[1] != '/') return fault(value, "the reference is to an anchor, not to a place", hint);
    try {
      const Json::json_pointer pointer(percent_decoded(std::string_view(text).substr(1)));
      if (root_.contains(pointer)) {
        const Json& target = root_.at(pointer);
        prepared_.references[&value] = &target;
        return schema(target);
      }
    } catch (const Json::exception&) {  // not a pointer: said below
    }
    fault(value, "the reference leads nowhere", hint);
  }

  const Json& root_;
  Schema::Prepared& prepared_;
  const SchemaComplaint& complain_;
  std::set<const Json*> seen_;
};

// draft-04, -06 and -07 say so in $schema; without a word it is 2020-12.
bool is_old_draft(const Json& root) {
  if (!root.is_object() || !root.contains("$schema") || !root["$schema"].is_string()) return false;
  const auto& name = root["$schema"].get_ref<const std::string&>();
  return name.find("draft-04") != name.npos || name.find("draft-06") != name.npos || name.find("draft-07") != name.npos;
}

}  // namespace

void prepare_schema(const Json& root, Schema::Prepared& prepared, const SchemaComplaint& complain) {
  prepared.references_stand_alone = is_old_draft(root);
  Walk(root, prepared, complain).schema(root);
}

}  // namespace headgate::grade
