// A small appender for records on the hot path, where building a Json value for each would double the cost.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace headgate {

// Appends `text` as a JSON string with quotes. `text` must be valid UTF-8 (repair first). Escapes `"`, `\`, control
// characters, DEL and U+2028/2029, nothing else.
void append_json_string(std::string& out, std::string_view text);

// Shortest round-trip digits in ECMAScript layout (1e+21, 0.001, -0 as 0); finite values only (asserted).
void append_json_number(std::string& out, double value);
void append_json_number(std::string& out, std::int64_t value);
void append_json_number(std::string& out, std::uint64_t value);

}  // namespace headgate
