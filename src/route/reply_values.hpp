// Values inside a reply's JSON: what recordings, programs and model servers write alike. For the readers of replies
// alone, hence simdjson in a header.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "headgate/base/json_text.hpp"
#include "headgate/domain/reply.hpp"

namespace headgate::route {

// Thrown by the functions below where a value has another shape than it must have. Whoever reads a reply catches it: it
// becomes malformed_reply.
struct Malformed {
  std::string what;
};

// The value at a JSON pointer; nothing where the pointer is empty or leads nowhere.
std::optional<simdjson::dom::element> at(simdjson::dom::element root, const std::string& pointer);
// The same, and null is nothing too.
std::optional<simdjson::dom::element> recorded(simdjson::dom::element root, const std::string& pointer);
// A member that is there and not null.
std::optional<simdjson::dom::element> get(simdjson::dom::object members, std::string_view key);

simdjson::dom::object object_of(simdjson::dom::element value, const char* what);
simdjson::dom::array array_of(simdjson::dom::element value, const char* what);
std::string_view words_of(simdjson::dom::element value, const char* what);  // borrows from the parser
std::string text_of(simdjson::dom::element value, const char* what);
std::string id_text(simdjson::dom::element value, const char* what);  // a string, or a whole number as written
std::string canonical_text(simdjson::dom::element value);

// The member as text, where it is a string that is not empty; else nothing, whatever it is.
std::string_view word_at(simdjson::dom::object members, std::string_view key);

// Arguments of a tool call as a text of JSON, the way chat APIs send them. A text that is no JSON object stays a text.
JsonText arguments_of_text(std::string_view text);
// {id, name, arguments}, {id, function: {name, arguments}} or {id, custom: {name, input}}.
ToolCall tool_call_of(simdjson::dom::element value);
// The same as recordings and programs write it: also a name alone.
ToolCall recorded_call_of(simdjson::dom::element value);
// A list of turns, as grade/transcript.hpp reads them; null inside a longer value stays what it is.
JsonText transcript_of(simdjson::dom::element value);
Passage passage_of(simdjson::dom::element value);

// A key that stands twice in one object, anywhere in the value: which of the two was meant nobody knows.
std::optional<std::string> repeated_key(simdjson::dom::element value);

}  // namespace headgate::route
