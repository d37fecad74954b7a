// One step through UTF-8 text, the same for validity, repair, escaping and counting.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace headgate {

struct Utf8Step {
  char32_t point;      // U+FFFD where ill-formed
  std::size_t length;  // bytes; of the longest ill-formed prefix where not valid, so that one U+FFFD stands for it
  bool valid;
};

// The step at `at`, which is less than text.size().
Utf8Step utf8_step(std::string_view text, std::size_t at);

// The offset of the first ill-formed byte, or text.size().
std::size_t first_bad_utf8(std::string_view text);

// `point` is a scalar value.
void append_utf8(std::string& out, char32_t point);

inline bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

}  // namespace headgate
