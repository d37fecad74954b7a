// A text as its Unicode characters, and what kind of character each is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headgate {

inline constexpr std::uint32_t ascii_end = 0x80;

std::uint32_t next_wide_point(std::string_view text, std::size_t& at);
// Decodes the character of valid UTF-8 at `at`, which is inside, and moves `at` behind it.
inline std::uint32_t next_point(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead >= ascii_end) return next_wide_point(text, at);
  ++at;
  return lead;
}
std::vector<std::uint32_t> code_points(std::string_view text);
void append_point(std::string& out, std::uint32_t point);

bool is_letter_or_digit(std::uint32_t point);  // general category L* or N*
bool is_mark(std::uint32_t point);             // M*
bool is_numeral(std::uint32_t point);          // N*
bool is_punctuation(std::uint32_t point);      // P*
bool is_symbol(std::uint32_t point);           // S*
bool is_wide_space(std::uint32_t point);
// What Python's str.split() splits at.
inline bool is_space(std::uint32_t point) {
  if (point >= ascii_end) return is_wide_space(point);
  return point == ' ' || (point >= '\t' && point <= '\r') || (point >= 0x1C && point <= 0x1F);
}
bool is_ideographic(std::uint32_t point);  // of Han, Hiragana and Katakana: scripts without spaces between words

// Lower case as Unicode maps it, of İ and of a Σ at the end of a word too. Borrows `text` where nothing changes, else
// fills `scratch`.
std::string_view lower_case(std::string_view text, std::string& scratch);

}  // namespace headgate
