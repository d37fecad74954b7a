// One line of a journal: what stands at its end, and whether it is whole. No JSON parser is needed for that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace headgate::journal {

inline constexpr std::string_view sequence_key = ",\"q\":";

// Appends the checksum of everything from `start`, the closing brace, and the newline.
void append_checksum(std::string& out, std::size_t start);

struct LineCheck {
  const char* fault = nullptr;  // why the line is not a whole record; null when it is one
  std::uint64_t sequence = 0;
};

// `line` is without its newline.
LineCheck check_line(std::string_view line);

}  // namespace headgate::journal
