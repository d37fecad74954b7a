#include "headgate/base/code_points.hpp"

#include <utf8proc.h>

#include <algorithm>

#include "utf8.hpp"

namespace headgate {
namespace {

utf8proc_category_t category(std::uint32_t point) { return utf8proc_category(static_cast<utf8proc_int32_t>(point)); }

bool is_between(std::uint32_t point, std::uint32_t first, std::uint32_t last) {
  return point >= first && point <= last;
}

bool is_letter(std::uint32_t point) {
  const auto kind = category(point);
  return kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_LO;
}

// Whether the Σ that ends at `end` has a letter before it and none behind it.
bool ends_word(std::string_view text, std::uint32_t before, std::size_t end) {
  if (!is_letter(before)) return false;
  return end == text.size() || !is_letter(next_point(text, end));
}

}  // namespace

std::uint32_t next_wide_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(i < text.size() ? text[i] : '\0'); };
  const std::uint32_t lead = byte(at++);
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  std::uint32_t point = lead & (0x3FU >> more);
  for (int i = 0; i < more; ++i) point = point << 6 | (byte(at++) & 0x3FU);
  return point;
}

std::vector<std::uint32_t> code_points(std::string_view text) {
  std::vector<std::uint32_t> out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) out.push_back(next_point(text, at));
  return out;
}

void append_point(std::string& out, std::uint32_t point) { append_utf8(out, char32_t{point}); }

bool is_letter_or_digit(std::uint32_t point) {
  if (point < ascii_end) {
    return is_between(point, 'a', 'z') || is_between(point, 'A', 'Z') || is_between(point, '0', '9');
  }
  return is_letter(point) || is_numeral(point);
}

bool is_mark(std::uint32_t point) {
  const auto kind = category(point);
  return kind >= UTF8PROC_CATEGORY_MN && kind <= UTF8PROC_CATEGORY_ME;
}

bool is_numeral(std::uint32_t point) {
  const auto kind = category(point);
  return kind >= UTF8PROC_CATEGORY_ND && kind <= UTF8PROC_CATEGORY_NO;
}

bool is_punctuation(std::uint32_t point) {
  const auto kind = category(point);
  return kind >= UTF8PROC_CATEGORY_PC && kind <= UTF8PROC_CATEGORY_PO;
}

bool is_symbol(std::uint32_t point) {
  const auto kind = category(point);
  return kind >= UTF8PROC_CATEGORY_SM && kind <= UTF8PROC_CATEGORY_SO;
}

bool is_wide_space(std::uint32_t point) {
  if (point == 0x85) return true;
  const auto kind = category(point);
  return kind >= UTF8PROC_CATEGORY_ZS && kind <= UTF8PROC_CATEGORY_ZP;
}

bool is_ideographic(std::uint32_t point) {
  return is_between(point, 0x3005, 0x3007) || is_between(point, 0x3041, 0x30FF) || is_between(point, 0x31F0, 0x31FF) ||
         is_between(point, 0x3400, 0x4DBF) || is_between(point, 0x4E00, 0x9FFF) || is_between(point, 0xF900, 0xFAFF) ||
         is_between(point, 0x20000, 0x3FFFF);
}

std::string_view lower_case(std::string_view text, std::string& scratch) {
  const auto changes = [](char c) { return static_cast<unsigned char>(c) >= ascii_end || (c >= 'A' && c <= 'Z'); };
  if (std::none_of(text.begin(), text.end(), changes)) return text;
  scratch.clear();
  scratch.reserve(text.size());
  constexpr std::uint32_t dotted_i = 0x130, dot_above = 0x307, sigma = 0x3A3, final_sigma = 0x3C2;
  std::uint32_t before = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t point = next_point(text, at);
    if (point < ascii_end) {
      scratch += static_cast<char>(is_between(point, 'A', 'Z') ? point + 0x20 : point);
    } else if (point == dotted_i) {
      scratch += 'i';
      append_point(scratch, dot_above);
    } else if (point == sigma && ends_word(text, before, at)) {
      append_point(scratch, final_sigma);
    } else {
      append_point(scratch, static_cast<std::uint32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(point))));
    }
    before = point;
  }
  return scratch;
}

}  // namespace headgate
