#include "headgate/base/lookalike.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "headgate/base/assert.hpp"
#include "headgate/base/unicode.hpp"
#include "utf8.hpp"

namespace headgate {
namespace {

struct Look {
  char32_t point;
  char like;
};

// Before decomposition, which would tear an acute accent that stands by itself into a blank and a mark.
constexpr std::array marks = {
    Look{U'\u00A0', ' '},  Look{U'\u00AD', '\0'}, Look{U'\u00B4', '\''}, Look{U'\u02B9', '\''}, Look{U'\u02BB', '\''},
    Look{U'\u02BC', '\''}, Look{U'\u02BD', '\''}, Look{U'\u02C8', '\''}, Look{U'\u055A', '\''}, Look{U'\u05F3', '\''},
    Look{U'\u2010', '-'},  Look{U'\u2011', '-'},  Look{U'\u2012', '-'},  Look{U'\u2013', '-'},  Look{U'\u2014', '-'},
    Look{U'\u2015', '-'},  Look{U'\u2018', '\''}, Look{U'\u2019', '\''}, Look{U'\u201A', '\''}, Look{U'\u201B', '\''},
    Look{U'\u201C', '"'},  Look{U'\u201D', '"'},  Look{U'\u201E', '"'},  Look{U'\u201F', '"'},  Look{U'\u2032', '\''},
    Look{U'\u2033', '"'},  Look{U'\u2035', '\''}, Look{U'\u2212', '-'},  Look{U'\u301D', '"'},  Look{U'\u301E', '"'},
    Look{U'\uFF02', '"'},  Look{U'\uFF07', '\''}, Look{U'\uFF40', '\''}};

// Letters whose usual shape is a Latin letter's, after the Unicode confusables table (UTS 39), by code point.
constexpr std::array letters = {
    Look{U'\u0131', 'i'}, Look{U'\u017F', 's'}, Look{U'\u0251', 'a'}, Look{U'\u0261', 'g'}, Look{U'\u0269', 'i'},
    Look{U'\u0391', 'A'}, Look{U'\u0392', 'B'}, Look{U'\u0395', 'E'}, Look{U'\u0396', 'Z'}, Look{U'\u0397', 'H'},
    Look{U'\u0399', 'I'}, Look{U'\u039A', 'K'}, Look{U'\u039C', 'M'}, Look{U'\u039D', 'N'}, Look{U'\u039F', 'O'},
    Look{U'\u03A1', 'P'}, Look{U'\u03A4', 'T'}, Look{U'\u03A5', 'Y'}, Look{U'\u03A7', 'X'}, Look{U'\u03B1', 'a'},
    Look{U'\u03B9', 'i'}, Look{U'\u03BA', 'k'}, Look{U'\u03BD', 'v'}, Look{U'\u03BF', 'o'}, Look{U'\u03C1', 'p'},
    Look{U'\u03C4', 't'}, Look{U'\u03C5', 'u'}, Look{U'\u03C7', 'x'}, Look{U'\u03F2', 'c'}, Look{U'\u03F3', 'j'},
    Look{U'\u0405', 'S'}, Look{U'\u0406', 'I'}, Look{U'\u0408', 'J'}, Look{U'\u0410', 'A'}, Look{U'\u0412', 'B'},
    Look{U'\u0415', 'E'}, Look{U'\u041A', 'K'}, Look{U'\u041C', 'M'}, Look{U'\u041D', 'H'}, Look{U'\u041E', 'O'},
    Look{U'\u0420', 'P'}, Look{U'\u0421', 'C'}, Look{U'\u0422', 'T'}, Look{U'\u0423', 'Y'}, Look{U'\u0425', 'X'},
    Look{U'\u0430', 'a'}, Look{U'\u0432', 'b'}, Look{U'\u0435', 'e'}, Look{U'\u043A', 'k'}, Look{U'\u043C', 'm'},
    Look{U'\u043D', 'h'}, Look{U'\u043E', 'o'}, Look{U'\u0440', 'p'}, Look{U'\u0441', 'c'}, Look{U'\u0442', 't'},
    Look{U'\u0443', 'y'}, Look{U'\u0445', 'x'}, Look{U'\u0455', 's'}, Look{U'\u0456', 'i'}, Look{U'\u0458', 'j'},
    Look{U'\u04AE', 'Y'}, Look{U'\u04AF', 'y'}, Look{U'\u04BB', 'h'}, Look{U'\u04C0', 'I'}, Look{U'\u04CF', 'l'},
    Look{U'\u0501', 'd'}, Look{U'\u051A', 'Q'}, Look{U'\u051B', 'q'}, Look{U'\u051C', 'W'}, Look{U'\u051D', 'w'}};

static_assert(std::ranges::is_sorted(marks, {}, &Look::point) && std::ranges::is_sorted(letters, {}, &Look::point));

template <std::size_t count>
const Look* find(const std::array<Look, count>& table, char32_t point) {
  const auto found = std::lower_bound(table.begin(), table.end(), point,
                                      [](const Look& look, char32_t wanted) { return look.point < wanted; });
  return found != table.end() && found->point == point ? &*found : nullptr;
}

// Every code point that the table knows in its like; '\0' is nothing at all.
template <std::size_t count>
std::string replaced(std::string_view text, const std::array<Look, count>& table) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Step step = utf8_step(text, at);
    const Look* look = step.point < 0x80 ? nullptr : find(table, step.point);
    if (look == nullptr) {
      out += text.substr(at, step.length);
    } else if (look->like != '\0') {
      out += look->like;
    }
    at += step.length;
  }
  return out;
}

std::string mapped(const std::string& text, unsigned options) {
  utf8proc_uint8_t* raw = nullptr;
  const utf8proc_ssize_t length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &raw, static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(raw, &std::free);
  HG_ASSERT(length >= 0);
  return {reinterpret_cast<const char*>(raw), static_cast<std::size_t>(length)};
}

// Blanks and tabs in a row are one blank; a carriage return is none.
std::string with_single_blanks(std::string text) {
  std::size_t kept = 0;
  for (const char c : text) {
    const char plain = c == '\t' || c == '\r' || c == '\v' || c == '\f' ? ' ' : c;
    if (plain == ' ' && kept > 0 && text[kept - 1] == ' ') continue;
    text[kept++] = plain;
  }
  text.resize(kept);
  return text;
}

}  // namespace

std::string look_folded(std::string_view text) {
  std::string out;
  if (is_ascii(text)) {
    out = normalised(text, true);
  } else {
    constexpr unsigned bare = static_cast<unsigned>(UTF8PROC_STABLE) | static_cast<unsigned>(UTF8PROC_COMPAT) |
                              static_cast<unsigned>(UTF8PROC_DECOMPOSE) | static_cast<unsigned>(UTF8PROC_IGNORE) |
                              static_cast<unsigned>(UTF8PROC_STRIPMARK);
    out = replaced(mapped(replaced(text, marks), bare), letters);
    out = mapped(out, bare | static_cast<unsigned>(UTF8PROC_CASEFOLD));
  }
  std::replace(out.begin(), out.end(), '`', '\'');
  return with_single_blanks(std::move(out));
}

}  // namespace headgate
