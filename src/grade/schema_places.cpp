#include "schema_places.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "headgate/base/json_pointer.hpp"
#include "headgate/base/text.hpp"
#include "schema_words.hpp"

namespace headgate::grade {
namespace {

constexpr std::string_view draft7_uri = "http://json-schema.org/draft-07/schema";

// What draft-07 asks of a schema, said in draft-07.
const Json& draft7_schema() {
  static const Json schema = Json::parse(R"({
    "$id": "http://json-schema.org/draft-07/schema#",
    "type": ["object", "boolean"],
    "default": true,
    "definitions": {
      "count": {"type": "integer", "minimum": 0},
      "schemas": {"type": "array", "minItems": 1, "items": {"$ref": "#"}},
      "map": {"type": "object", "additionalProperties": {"$ref": "#"}},
      "names": {"type": "array", "items": {"type": "string"}, "uniqueItems": true},
      "type": {"enum": ["array", "boolean", "integer", "null", "number", "object", "string"]}
    },
    "properties": {
      "$id": {"type": "string"}, "$schema": {"type": "string"}, "$ref": {"type": "string"},
      "$comment": {"type": "string"}, "title": {"type": "string"}, "description": {"type": "string"},
      "readOnly": {"type": "boolean"}, "examples": {"type": "array"}, "format": {"type": "string"},
      "contentMediaType": {"type": "string"}, "contentEncoding": {"type": "string"},
      "multipleOf": {"type": "number", "exclusiveMinimum": 0},
      "maximum": {"type": "number"}, "exclusiveMaximum": {"type": "number"},
      "minimum": {"type": "number"}, "exclusiveMinimum": {"type": "number"},
      "maxLength": {"$ref": "#/definitions/count"}, "minLength": {"$ref": "#/definitions/count"},
      "maxItems": {"$ref": "#/definitions/count"}, "minItems": {"$ref": "#/definitions/count"},
      "maxProperties": {"$ref": "#/definitions/count"}, "minProperties": {"$ref": "#/definitions/count"},
      "pattern": {"type": "string"}, "uniqueItems": {"type": "boolean"},
      "required": {"$ref": "#/definitions/names"},
      "enum": {"type": "array"}, "const": true,
      "type": {"anyOf": [{"$ref": "#/definitions/type"},
                         {"type": "array", "items": {"$ref": "#/definitions/type"}, "minItems": 1, "uniqueItems": true}]},
      "additionalItems": {"$ref": "#"}, "items": {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/schemas"}]},
      "contains": {"$ref": "#"}, "additionalProperties": {"$ref": "#"}, "propertyNames": {"$ref": "#"},
      "definitions": {"$ref": "#/definitions/map"}, "properties": {"$ref": "#/definitions/map"},
      "patternProperties": {"$ref": "#/definitions/map"},
      "dependencies": {"type": "object",
                       "additionalProperties": {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/names"}]}},
      "if": {"$ref": "#"}, "then": {"$ref": "#"}, "else": {"$ref": "#"}, "not": {"$ref": "#"},
      "allOf": {"$ref": "#/definitions/schemas"}, "anyOf": {"$ref": "#/definitions/schemas"},
      "oneOf": {"$ref": "#/definitions/schemas"}
    }
  })");
  return schema;
}

const std::string* text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || !found->is_string() ? nullptr : &found->get_ref<const std::string&>();
}

bool is_anchor(std::string_view text) {
  const auto is_good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.' || c == ':';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_good);
}

}  // namespace

void SchemaPlaces::fault(const Json& at, std::string message, std::string hint) const {
  complain_(at, 0, std::move(message), std::move(hint), At::value);
}

bool SchemaPlaces::add_document(const Json& root) {
  resources_.push_back({{}, &root, {}, false});
  by_uri_.emplace("", 0);
  index(root, 0);
  return good_;
}

bool SchemaPlaces::is_shipped(const Json& schema) const {
  const auto found = resource_of_.find(&schema);
  return found != resource_of_.end() && resources_[found->second].shipped;
}

// Recursion is bounded by the depth of the file.
void SchemaPlaces::index(const Json& value, std::size_t resource) {
  if (!value.is_object() || resource_of_.contains(&value)) return;
  const bool alone = prepared_.references_stand_alone() && value.contains("$ref");
  if (!alone) resource = own_resource(value, resource);
  resource_of_.emplace(&value, resource);
  if (!alone && prepared_.knows(dialect::newer)) {
    for (const char* name : {"$anchor", "$dynamicAnchor"}) {
      if (const auto found = value.find(name); found != value.end()) {
        add_anchor(*found, found->is_string() ? found->get_ref<const std::string&>() : "", value, resource);
      }
    }
  }
  index_below(value, resource);
}

void SchemaPlaces::index_below(const Json& value, std::size_t resource) {
  for (const Keyword& keyword : schema_keywords) {
    const auto found = value.find(std::string(keyword.name));
    if (found == value.end()) continue;
    switch (keyword.need) {
      case Need::schema:
        index(*found, resource);
        break;
      case Need::schema_or_list:
      case Need::schemas:
      case Need::schema_map:
      case Need::pattern_map:
      case Need::dependencies:
        if (keyword.need == Need::schema_or_list && found->is_object()) {
          index(*found, resource);
        } else if (found->is_structured()) {
          for (const Json& one : *found) index(one, resource);
        }
        break;
      default:
        break;
    }
  }
}

// The resource that `value` begins by its `$id`, or the one it stands in.
std::size_t SchemaPlaces::own_resource(const Json& value, std::size_t outer) {
  const std::string* id = text_at(value, "$id");
  if (id == nullptr) return outer;
  Uri named = Uri::of(*id);
  // Up to draft 7 an `$id` that is only a fragment names a place.
  if (id->starts_with('#') && id->size() > 1 && prepared_.knows(dialect::old)) {
    add_anchor(value["$id"], std::string_view(*id).substr(1), value, outer);
    return outer;
  }
  if (named.fragment && !named.fragment->empty()) {
    fault(value["$id"], "an `$id` may have no fragment", "name places by `$anchor`");
    good_ = false;
    return outer;
  }
  named.fragment.reset();
  const Uri base = resolved(resources_[outer].base, named);
  if (&value == resources_[outer].root) {
    resources_[outer].base = base;
    by_uri_.emplace(base.without_fragment(), outer);
    return outer;
  }
  if (!by_uri_.emplace(base.without_fragment(), resources_.size()).second) {
    fault(value["$id"], "two schemas have this `$id`");
    good_ = false;
    return outer;
  }
  resources_.push_back({base, &value, {}, shipping_});
  return resources_.size() - 1;
}

void SchemaPlaces::add_anchor(const Json& name, std::string_view anchor, const Json& schema, std::size_t resource) {
  if (!is_anchor(anchor)) {
    fault(name, "an anchor must be a name", "letters, digits and - _ . :");
    good_ = false;
  } else if (!resources_[resource].anchors.emplace(anchor, &schema).second) {
    fault(name, "two schemas have this anchor");
    good_ = false;
  }
}

const Json* SchemaPlaces::target(const Json& schema, const Json& reference) {
  if (!reference.is_string()) {
    fault(reference, "`$ref` must be a reference");
    return nullptr;
  }
  const auto known = resource_of_.find(&schema);
  const std::size_t here = known == resource_of_.end() ? 0 : known->second;
  const Uri uri = resolved(resources_[here].base, Uri::of(reference.get_ref<const std::string&>()));
  const std::string document = uri.without_fragment();
  auto resource = by_uri_.find(document);
  if (resource == by_uri_.end() && document == draft7_uri) {
    resources_.push_back({Uri::of(draft7_uri), &draft7_schema(), {}, true});
    resource = by_uri_.emplace(document, resources_.size() - 1).first;
    shipping_ = true;
    index(draft7_schema(), resource->second);
    shipping_ = false;
  }
  if (resource == by_uri_.end()) {
    fault(reference, "the reference leads outside the schema",
          "nothing is fetched: bring the other schema along under `$defs`, with its `$id`");
    return nullptr;
  }
  const Json* found = follow(resource->second, percent_decoded(uri.fragment.value_or("")));
  if (found == nullptr) {
    fault(reference, "the reference leads nowhere", "write #, #/$defs/name, #/definitions/name, or # and an `$anchor`");
  }
  return found;
}

// By anchor or pointer. A place that no keyword knows becomes a schema by being named, in the resource it lies in.
const Json* SchemaPlaces::follow(std::size_t resource, const std::string& fragment) {
  if (!fragment.empty() && fragment[0] != '/') {
    const auto found = resources_[resource].anchors.find(fragment);
    return found == resources_[resource].anchors.end() ? nullptr : found->second;
  }
  const Json* at = resources_[resource].root;
  for (const std::string& key : pointer_keys(fragment)) {
    if (const auto known = resource_of_.find(at); known != resource_of_.end()) resource = known->second;
    if (at->is_object() && at->contains(key)) {
      at = &(*at)[key];
    } else if (const auto place = list_index(key); at->is_array() && place && *place < at->size()) {
      at = &(*at)[*place];
    } else {
      return nullptr;
    }
  }
  index(*at, resource);
  return at;
}

}  // namespace headgate::grade
