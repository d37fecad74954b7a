#include "reply_values.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "headgate/base/json.hpp"
#include "headgate/base/json_append.hpp"

namespace headgate::route {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

namespace {

// Up to so many keys are compared each with each; more are sorted.
constexpr std::size_t few_keys = 12;

JsonText json_string(std::string_view text) {
  JsonText out;
  append_json_string(out.text, text);
  return out;
}

// Arguments that come as a string of JSON are taken for that JSON.
JsonText arguments_of(element value) {
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS) return arguments_of_text(text);
  return {canonical_text(value)};
}

std::optional<std::string_view> twice_in(object members) {
  std::string_view few[few_keys];
  std::size_t count = 0;
  for (const auto field : members) {
    if (count == few_keys) {
      count = few_keys + 1;
      break;
    }
    if (std::find(few, few + count, field.key) != few + count) return field.key;
    few[count++] = field.key;
  }
  if (count <= few_keys) return std::nullopt;
  std::vector<std::string_view> keys;
  for (const auto field : members) keys.push_back(field.key);
  std::sort(keys.begin(), keys.end());
  const auto twice = std::adjacent_find(keys.begin(), keys.end());
  if (twice == keys.end()) return std::nullopt;
  return *twice;
}

// As deep as the parser went, which has a bound.
std::optional<std::string_view> find_twice(element value) {
  if (value.is_object()) {
    const object members = object_of(value, "a value");
    if (auto twice = twice_in(members)) return twice;
    for (const auto field : members) {
      if (auto twice = find_twice(field.value)) return twice;
    }
  } else if (value.is_array()) {
    for (const element each : array_of(value, "a value")) {
      if (auto twice = find_twice(each)) return twice;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<element> at(element root, const std::string& pointer) {
  element found;
  if (pointer.empty() || root.at_pointer(pointer).get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

std::optional<element> recorded(element root, const std::string& pointer) {
  std::optional<element> found = at(root, pointer);
  return found && !found->is_null() ? found : std::nullopt;
}

std::optional<element> get(object members, std::string_view key) {
  element found;
  if (members.at_key(key).get(found) != simdjson::SUCCESS || found.is_null()) return std::nullopt;
  return found;
}

object object_of(element value, const char* what) {
  object members;
  if (value.get_object().get(members) != simdjson::SUCCESS) throw Malformed{std::string(what) + " is not an object"};
  return members;
}

array array_of(element value, const char* what) {
  array elements;
  if (value.get_array().get(elements) != simdjson::SUCCESS) throw Malformed{std::string(what) + " is not a list"};
  return elements;
}

std::string_view words_of(element value, const char* what) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) throw Malformed{std::string(what) + " is not a string"};
  return text;
}

std::string text_of(element value, const char* what) { return std::string(words_of(value, what)); }

std::string id_text(element value, const char* what) {
  return value.is_int64() || value.is_uint64() ? simdjson::minify(value) : text_of(value, what);
}

std::string canonical_text(element value) {
  Result<Json> json = parse_own(simdjson::minify(value));
  if (!json) throw Malformed{"a value cannot be read again"};
  return canonical(*json);
}

std::string_view word_at(object members, std::string_view key) {
  std::string_view text;
  return members.at_key(key).get_string().get(text) == simdjson::SUCCESS ? text : std::string_view();
}

JsonText arguments_of_text(std::string_view text) {
  if (Result<Json> inner = parse_own(text); inner && inner->is_object()) return to_text(*inner);
  return json_string(text);
}

ToolCall tool_call_of(element value) {
  object call = object_of(value, "a tool call");
  ToolCall out;
  if (const auto id = get(call, "id")) out.id = id_text(*id, "the id of a tool call");
  const char* arguments_key = "arguments";
  if (const auto function = get(call, "function")) {
    call = object_of(*function, "the function of a tool call");
  } else if (const auto custom = get(call, "custom")) {
    call = object_of(*custom, "the custom tool of a tool call");
    arguments_key = "input";
  }
  const auto name = get(call, "name");
  if (!name) throw Malformed{"a tool call has no name"};
  out.name = text_of(*name, "the name of a tool call");
  if (const auto arguments = get(call, arguments_key)) out.arguments = arguments_of(*arguments);
  return out;
}

ToolCall recorded_call_of(element value) {
  if (!value.is_string()) return tool_call_of(value);
  ToolCall out;
  out.name = text_of(value, "a tool call");
  if (out.name.empty()) throw Malformed{"a tool call has no name"};
  return out;
}

JsonText transcript_of(element value) {
  if (!value.is_array()) throw Malformed{"the transcript is not a list"};
  return {canonical_text(value)};
}

Passage passage_of(element value) {
  Passage out;
  if (value.is_string()) {
    out.text = text_of(value, "a document");
    return out;
  }
  const object document = object_of(value, "a document");
  if (const auto id = get(document, "id")) out.id = id_text(*id, "the id of a document");
  if (const auto text = get(document, "text")) out.text = text_of(*text, "the text of a document");
  if (const auto score = get(document, "score")) {
    double number = 0.0;
    if (score->get_double().get(number) != simdjson::SUCCESS)
      throw Malformed{"the score of a document is not a number"};
    out.score = number;
  }
  return out;
}

std::optional<std::string> repeated_key(element value) {
  if (const auto twice = find_twice(value)) return std::string(*twice);
  return std::nullopt;
}

}  // namespace headgate::route
