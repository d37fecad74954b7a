#include "field_values.hpp"

#include "headgate/base/assert.hpp"
#include "judged.hpp"
#include "reply_values.hpp"

namespace headgate::route {

using simdjson::dom::element;

namespace {

constexpr std::size_t most_quoted_columns = 40;

// What a map has a value under: a text bare, all else as canonical JSON.
std::string key_of(element value) { return value.is_string() ? text_of(value, "a value") : canonical_text(value); }

}  // namespace

element FieldValues::parsed(const JsonText& json) {
  std::unique_ptr<Parsed>& known = parsed_[json.text];
  if (known == nullptr) {
    known = std::make_unique<Parsed>();
    HG_ASSERT(known->parser.parse(simdjson::padded_string(json.text)).get(known->value) == simdjson::SUCCESS);
  }
  return known->value;
}

std::optional<element> FieldValues::at(element line, const ReplyFields::From& from) {
  if (!from.constant.absent()) return parsed(from.constant);
  const std::optional<element> found = route::at(line, from.pointer);
  if (from.map.empty() || !found || found->is_null()) return found;
  const std::string key = key_of(*found);
  const auto known = from.map.find(key);
  if (known == from.map.end()) {
    throw Malformed{"the map for " + from.pointer + " has no " + quoted(key, most_quoted_columns)};
  }
  return parsed(known->second);
}

std::optional<element> FieldValues::recorded(element line, const ReplyFields::From& from) {
  std::optional<element> found = at(line, from);
  return found && !found->is_null() ? found : std::nullopt;
}

}  // namespace headgate::route
