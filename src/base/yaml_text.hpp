// The text beneath yaml-cpp's events: bytes it must not see, its marks, and its complaints in our words.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "fault.hpp"

namespace YAML {
struct Mark;
}

namespace headgate {

// Ill-formed UTF-8 (yaml-cpp would repair it silently), NUL and other control characters, and a carriage return alone
// (YAML calls it a line end, yaml-cpp takes it for text).
std::optional<Fault> find_yaml_byte_fault(std::string_view text);

// yaml-cpp counts positions in bytes of UTF-8 text without a byte-order mark; measured, and held by a test.
std::size_t yaml_offset(const YAML::Mark& mark);

// The run of bytes at `at` up to white space or YAML's punctuation; may be empty.
std::string_view plain_word(std::string_view text, std::size_t at);

// The offset just after the quoted text that begins at `at`, or npos when its quote is never closed.
std::size_t end_of_quoted(std::string_view text, std::size_t at);

// Whether the bracket at `at` has its partner; quotes are skipped, comments are not known.
bool is_closed(std::string_view text, std::size_t at);

// yaml-cpp's message and mark as a fault.
Fault yaml_fault(std::string_view text, const YAML::Mark& mark, const std::string& message);

}  // namespace headgate
