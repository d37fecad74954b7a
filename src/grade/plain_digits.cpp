// How numbers look in other scripts, as ASCII.
#include <array>
#include <utility>

#include "find_numbers.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate::grade {
namespace {

struct Rewrite {
  std::string_view from, to;
};

// \x1f stands for a space of fixed width inside a number, so that it is not taken for a space between two.
constexpr std::array rewrites = {
    Rewrite{"−", "-"},         Rewrite{"–", "-"},         Rewrite{"﹣", "-"},        Rewrite{"－", "-"},
    Rewrite{"＋", "+"},        Rewrite{"．", "."},        Rewrite{"，", ","},        Rewrite{"％", "%"},
    Rewrite{"／", "/"},        Rewrite{"⁄", "/"},         Rewrite{"∕", "/"},         Rewrite{"’", "'"},
    Rewrite{"٫", "."},         Rewrite{"٬", ","},         Rewrite{"٪", "%"},         Rewrite{"×", "*"},
    Rewrite{"·", "*"},         Rewrite{"⋅", "*"},         Rewrite{"（", "("},        Rewrite{"）", ")"},
    Rewrite{"€", "$"},         Rewrite{"£", "$"},         Rewrite{"¥", "$"},         Rewrite{"￥", "$"},
    Rewrite{"＄", "$"},        Rewrite{"¢", "$"},         Rewrite{"₹", "$"},         Rewrite{"₩", "$"},
    Rewrite{"₽", "$"},       Rewrite{"₺", "$"},         Rewrite{"₫", "$"},         Rewrite{"₴", "$"},
    Rewrite{"₪", "$"},         Rewrite{"₱", "$"},         Rewrite{"฿", "$"},         Rewrite{"\u00A0", "\x1f"},
    Rewrite{"\u202F", "\x1f"}, Rewrite{"\u2009", "\x1f"}, Rewrite{"\u2007", "\x1f"}, Rewrite{"½", " 1/2"},
    Rewrite{"⅓", " 1/3"},      Rewrite{"⅔", " 2/3"},      Rewrite{"¼", " 1/4"},      Rewrite{"¾", " 3/4"},
    Rewrite{"⅕", " 1/5"},      Rewrite{"⅖", " 2/5"},      Rewrite{"⅗", " 3/5"},      Rewrite{"⅘", " 4/5"},
    Rewrite{"⅙", " 1/6"},      Rewrite{"⅚", " 5/6"},      Rewrite{"⅛", " 1/8"},      Rewrite{"⅜", " 3/8"},
    Rewrite{"⅝", " 5/8"},      Rewrite{"⅞", " 7/8"}};

constexpr std::array<std::string_view, 11> superscripts = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹", "⁻"};

// The zeros of digit blocks in use: Arabic, Persian, Devanagari, Bengali, full width.
constexpr std::array<std::string_view, 5> zeros = {"٠", "۰", "०", "০", "０"};

std::size_t length_of(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// The digit of `character` in one of the blocks: they differ from their zero in the last byte only.
std::optional<char> digit_of(std::string_view character) {
  for (const std::string_view zero : zeros) {
    if (character.size() != zero.size() || character.substr(0, zero.size() - 1) != zero.substr(0, zero.size() - 1))
      continue;
    const int value = static_cast<unsigned char>(character.back()) - static_cast<unsigned char>(zero.back());
    if (value >= 0 && value <= 9) return static_cast<char>('0' + value);
  }
  return std::nullopt;
}

std::optional<char> superscript_of(std::string_view character) {
  for (std::size_t i = 0; i < superscripts.size(); ++i) {
    if (character == superscripts[i]) return "0123456789-"[i];
  }
  return std::nullopt;
}

}  // namespace

std::string_view plain_digits(std::string_view text, std::string& scratch) {
  if (is_ascii(text)) return text;
  std::string out;
  out.reserve(text.size());
  bool raised = false;  // inside a run of superscripts, which begins with ^
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view character = text.substr(at, length_of(text[at]));
    at += character.size();
    if (character.size() == 1) {
      out += character;
      raised = false;
      continue;
    }
    if (const auto power = superscript_of(character)) {
      if (!std::exchange(raised, true)) out += '^';
      out += *power;
      continue;
    }
    raised = false;
    if (const auto digit = digit_of(character)) {
      out += *digit;
      continue;
    }
    std::string_view to = character;
    for (const Rewrite& rewrite : rewrites) {
      if (rewrite.from == character) to = rewrite.to;
    }
    out += to;
  }
  scratch = std::move(out);
  return scratch;
}

}  // namespace headgate::grade
