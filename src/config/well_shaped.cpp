#include "well_shaped.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "headgate/base/sorted_fields.hpp"

namespace headgate::config {
namespace {

Json fitting(const Json& value, const Shape& shape);

bool is_in_bounds(double number, const Shape& shape) {
  const bool low = shape.min && (shape.above_min ? number <= *shape.min : number < *shape.min);
  const bool high = shape.max && (shape.below_max ? number >= *shape.max : number > *shape.max);
  return !low && !high;
}

bool is_word_of(const std::string& text, const Shape& shape) {
  if (shape.choices.empty()) return !text.empty() || !shape.min;
  return std::find(shape.choices.begin(), shape.choices.end(), text) != shape.choices.end();
}

Json fitting_object(const Json& value, const FieldTable& table) {
  Json out = Json::object();
  for (const auto& [key, each] : value.get_ref<const Json::object_t&>()) {
    if (const Field* field = field_of(table, value, key)) {
      out[key] = fitting(each, field->shape);
    } else if (table.open) {
      out[key] = each;
    }
  }
  return out;
}

Json fitting_list(const Json& value, const Shape& shape) {
  if (value.empty() && shape.min) return {};
  Json out = Json::array();
  for (const Json& each : value) out.push_back(fitting(each, shape.of.front()));
  return out;
}

Json fitting_map(const Json& value, const Shape& shape) {
  Json out = Json::object();
  for (const auto& [key, each] : value.get_ref<const Json::object_t&>()) out[key] = fitting(each, shape.of.front());
  return out;
}

Json fitting_either(const Json& value, const Shape& shape) {
  for (const Shape& alternative : shape.of) {
    Json out = fitting(value, alternative);
    if (!out.is_null()) return out;
  }
  return {};
}

Json fitting(const Json& value, const Shape& shape) {
  bool fits = false;
  switch (shape.kind) {
    case Shape::Kind::any:
    case Shape::Kind::variant:
      return value;
    case Shape::Kind::null:
      break;
    case Shape::Kind::string:
      fits = value.is_string() && is_word_of(value.get_ref<const std::string&>(), shape);
      break;
    case Shape::Kind::integer:
      fits = value.is_number_integer() && is_in_bounds(value.get<double>(), shape);
      break;
    case Shape::Kind::number:
      fits = value.is_number() && is_in_bounds(value.get<double>(), shape);
      break;
    case Shape::Kind::boolean:
      fits = value.is_boolean();
      break;
    case Shape::Kind::object:
      return value.is_object() ? fitting_object(value, *shape.table) : Json();
    case Shape::Kind::map:
      return value.is_object() ? fitting_map(value, shape) : Json();
    case Shape::Kind::list:
      return value.is_array() ? fitting_list(value, shape) : Json();
    case Shape::Kind::either:
      return fitting_either(value, shape);
  }
  return fits ? value : Json();
}

}  // namespace

Tree well_shaped(const Tree& tree, const FieldTable& table) {
  return tree.with_root(tree.root().is_object() ? fitting_object(tree.root(), table) : Json::object());
}

const Json* member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

}  // namespace headgate::config
