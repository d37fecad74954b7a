// The words of JSON: strings, numbers, literals, and what people write in their place.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "fault.hpp"

namespace headgate {

inline bool is_json_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The length of the run of bytes up to white space or punctuation, at least 1.
std::size_t json_word_length(std::string_view text);

struct JsonString {
  std::size_t end = 0;  // just after the closing quote
  std::optional<Fault> fault;
};

// Reads the string whose opening quote is at `start`, with its escapes decoded into `decoded`.
JsonString read_json_string(std::string_view text, std::size_t start, std::string& decoded);

// What is wrong with the number or literal at `at`.
std::optional<Fault> scalar_fault(std::string_view text, std::size_t at);

// A byte that can never stand between JSON values: NUL, a control character, ill-formed UTF-8, a comment.
std::optional<Fault> odd_byte(std::string_view text, std::size_t at);

}  // namespace headgate
