// What a plugin is asked and what it answers, on the wire.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "headgate/base/json_text.hpp"
#include "headgate/domain/reply.hpp"

namespace headgate::route {

// The request of one consultation as a JSON object on one line: `id` first, then the members of `json`, which is
// the text of an object without `id` (grade::Consult).
std::string consult_line(std::string_view id, std::string_view json);

// The answer as canonical JSON, `id` left out, or plugin_failed where it is no JSON object. Whether it is a verdict is
// for the grader to say. Thread-safe.
std::variant<JsonText, CallError> read_consult_line(std::string_view line);

}  // namespace headgate::route
