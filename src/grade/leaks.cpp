#include "leaks.hpp"

#include <algorithm>

#include "find_numbers.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate::grade {
namespace {

struct Range {
  char32_t first, last;
};
// Characters that show nothing: soft hyphen, joiners, direction marks, variation selectors, byte-order mark.
constexpr Range invisible[] = {{0x00AD, 0x00AD}, {0x034F, 0x034F}, {0x061C, 0x061C}, {0x180E, 0x180E}, {0x200B, 0x200F},
                               {0x202A, 0x202E}, {0x2060, 0x206F}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}};

char32_t decode(std::string_view text, std::size_t at, std::size_t& length) {
  const auto byte = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(i < text.size() ? text[i] : '\0'));
  };
  const char32_t lead = byte(at);
  length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  char32_t point = length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) point = point << 6 | (byte(at + i) & 0x3FU);
  return point;
}

char ascii_of(char32_t point) {
  if (point >= 0xFF01 && point <= 0xFF5E) return static_cast<char>(point - 0xFF01 + 0x21);  // full-width
  if (point == 0x00A0 || (point >= 0x2000 && point <= 0x200A) || point == 0x202F || point == 0x3000) return ' ';
  if (point >= 0x2010 && point <= 0x2015) return '-';
  return '\0';
}

}  // namespace

const char* name(LeakKind kind) {
  switch (kind) {
    case LeakKind::secret:
      return "secret";
    case LeakKind::email:
      return "email";
    case LeakKind::phone:
      return "phone";
    case LeakKind::iban:
      return "iban";
    case LeakKind::card:
      return "card";
  }
  return "";
}

std::string searchable(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  std::string scratch;
  text = plain_digits(text, scratch);
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      out += text[at] == fixed_space ? ' ' : text[at];
      ++at;
      continue;
    }
    std::size_t length = 0;
    const char32_t point = decode(text, at, length);
    const bool hidden =
        std::ranges::any_of(invisible, [&](const Range& r) { return point >= r.first && point <= r.last; });
    if (const char plain = ascii_of(point); plain != '\0') {
      out += plain;
    } else if (!hidden) {
      out += text.substr(at, length);
    }
    at += length;
  }
  return out;
}

Digits digits_from(std::string_view text, std::size_t from, std::string_view between, std::size_t gap,
                   std::size_t most) {
  Digits out;
  std::size_t skipped = 0;
  for (std::size_t at = from; at < text.size() && out.count < most; ++at) {
    if (is_digit(text[at])) {
      out.signs[out.count] = text[at];
      out.ends[out.count++] = at + 1;
      skipped = 0;
    } else if (between.find(text[at]) == between.npos || ++skipped > gap) {
      break;
    }
  }
  return out;
}

std::vector<Leak> find_leaks(std::string_view text, const std::vector<LeakKind>& kinds) {
  std::vector<Leak> out;
  for (const LeakKind kind : kinds) {
    std::vector<Leak> found;
    switch (kind) {
      case LeakKind::secret:
        find_secrets(text, found);
        break;
      case LeakKind::email:
        find_emails(text, found);
        break;
      case LeakKind::phone:
        find_phones(text, found);
        break;
      case LeakKind::iban:
        find_ibans(text, found);
        break;
      case LeakKind::card:
        find_cards(text, found);
        break;
    }
    for (Leak& one : found) {
      one.kind = kind;
      out.push_back(std::move(one));
    }
  }
  std::ranges::stable_sort(out, {}, &Leak::at);
  return out;
}

}  // namespace headgate::grade
