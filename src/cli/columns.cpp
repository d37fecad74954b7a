#include "columns.hpp"

#include <cstdint>
#include <vector>

namespace headgate::cli {
namespace {

struct Range {
  std::uint32_t from, to;
};
// Blocks, not the full Unicode tables: a caret one column off in a rare script is no harm.
constexpr Range wide[] = {{0x1100, 0x115F},  {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xA960, 0xA97C},
                          {0xAC00, 0xD7A3},  {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                          {0xFFE0, 0xFFE6},  {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF},
                          {0x20000, 0x3FFFD}};
constexpr Range combining[] = {
    {0x0300, 0x036F}, {0x1AB0, 0x1AFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0x200D, 0x200D}};

bool within(std::uint32_t point, const Range& range) { return point >= range.from && point <= range.to; }

std::size_t width_of(std::uint32_t point) {
  for (const auto& range : combining) {
    if (within(point, range)) return 0;
  }
  for (const auto& range : wide) {
    if (within(point, range)) return 2;
  }
  return 1;
}

struct Glyph {
  std::size_t begin;
  std::size_t columns;
};

std::vector<Glyph> glyphs(std::string_view text) {
  std::vector<Glyph> all;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::uint32_t point = length == 1 ? lead : lead & (0xFFu >> (length + 1));
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k) {
      point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3Fu);
    }
    all.push_back({i, width_of(point)});
    i += length;
  }
  return all;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t sum = 0;
  for (const auto& glyph : glyphs(text)) sum += glyph.columns;
  return sum;
}

std::string first_columns(std::string_view text, std::size_t most) {
  std::size_t sum = 0;
  for (const auto& glyph : glyphs(text)) {
    sum += glyph.columns;
    if (sum > most) return std::string(text.substr(0, glyph.begin));
  }
  return std::string(text);
}

std::string last_columns(std::string_view text, std::size_t most) {
  const auto all = glyphs(text);
  std::size_t sum = 0;
  std::size_t begin = text.size();
  for (std::size_t i = all.size(); i-- > 0;) {
    sum += all[i].columns;
    if (sum > most) break;
    begin = all[i].begin;
  }
  return std::string(text.substr(begin));
}

}  // namespace headgate::cli
