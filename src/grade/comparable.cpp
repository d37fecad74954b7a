#include "comparable.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "headgate/base/code_points.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate::grade {
namespace {

struct Range {
  std::uint32_t first, last;
};

// Whole ranges in which every character is its own NFC form and joins with no other of these ranges: Latin, Greek and
// Cyrillic letters, punctuation, currency, arrows, kana, Han, Hangul syllables, full-width forms, emoji. A text of
// these needs no normalisation, which spares replies with a curly quote or in Japanese a full pass.
constexpr std::array stable_ranges = {
    Range{0x0000, 0x02FF}, Range{0x0388, 0x03FF}, Range{0x0400, 0x0482}, Range{0x200B, 0x2027},
    Range{0x2030, 0x205E}, Range{0x20A0, 0x20BF}, Range{0x2190, 0x2328}, Range{0x2500, 0x27BF},
    Range{0x3001, 0x3029}, Range{0x3041, 0x3096}, Range{0x30A1, 0x30FF}, Range{0x4E00, 0x9FFF},
    Range{0xAC00, 0xD7A3}, Range{0xFE0F, 0xFE0F}, Range{0xFF01, 0xFF5E}, Range{0x1F300, 0x1FAFF}};

bool is_stable(std::uint32_t point) {
  return std::any_of(stable_ranges.begin(), stable_ranges.end(),
                     [&](const Range& range) { return point >= range.first && point <= range.last; });
}

bool is_surely_nfc(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
    } else if (!is_stable(next_point(text, at))) {
      return false;
    }
  }
  return true;
}

// Folds what can be folded by arithmetic: ASCII, Latin-1 and Cyrillic letters, and scripts and signs without case.
// False at anything else, which is left to the full tables at twenty times the price.
bool fold_simply(std::string_view text, std::string& out) {
  out.clear();
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (static_cast<unsigned char>(c) < 0x80) {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      ++at;
      continue;
    }
    const std::size_t start = at;
    const std::uint32_t point = next_point(text, at);
    const bool caseless = (point >= 0x200B && point < 0xFF00) || point >= 0x1F000;
    if (point == 0xDF) {
      out += "ss";
    } else if (point >= 0xC0 && point <= 0xDE && point != 0xD7) {
      append_point(out, point + 0x20);
    } else if (point >= 0x0410 && point <= 0x042F) {
      append_point(out, point + 0x20);
    } else if (point >= 0x0400 && point <= 0x040F) {
      append_point(out, point + 0x50);
    } else if ((point <= 0xFF && point != 0xB5) || (point >= 0x0430 && point <= 0x045F) ||
               (caseless && is_stable(point))) {
      out += text.substr(start, at - start);
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string_view comparable(std::string_view text, bool fold_case, std::string& scratch) {
  if (!fold_case && is_surely_nfc(text)) return text;
  if (!fold_case || !fold_simply(text, scratch)) scratch = normalised(text, fold_case);
  return scratch;
}

std::string comparable_copy(std::string_view text, bool fold_case) {
  std::string scratch;
  const std::string_view out = comparable(text, fold_case, scratch);
  return out.data() == scratch.data() ? std::move(scratch) : std::string(out);
}

}  // namespace headgate::grade
