#include "headgate/base/json_append.hpp"

#include <array>
#include <charconv>
#include <cstddef>

#include "json_string.hpp"
#include "numbers.hpp"

namespace headgate {
namespace {

enum class Care : std::uint8_t { none, escape, separator };

constexpr std::array<Care, 256> make_table(bool separators) {
  std::array<Care, 256> table{};
  for (std::size_t byte = 0; byte < 0x20; ++byte) table[byte] = Care::escape;
  table['"'] = table['\\'] = Care::escape;
  if (separators) {
    table[0x7F] = Care::escape;
    table[0xE2] = Care::separator;  // the first byte of U+2028 and U+2029
  }
  return table;
}

constexpr auto canonical_table = make_table(false);
constexpr auto careful_table = make_table(true);

void append_escape(std::string& out, unsigned char byte) {
  constexpr std::string_view hex = "0123456789abcdef";
  switch (byte) {
    case '"':
      out.append("\\\"");
      return;
    case '\\':
      out.append("\\\\");
      return;
    case '\b':
      out.append("\\b");
      return;
    case '\t':
      out.append("\\t");
      return;
    case '\n':
      out.append("\\n");
      return;
    case '\f':
      out.append("\\f");
      return;
    case '\r':
      out.append("\\r");
      return;
    default:
      break;
  }
  out.append("\\u00").push_back(hex[byte >> 4U]);
  out.push_back(hex[byte & 0xFU]);
}

void append_quoted(std::string& out, std::string_view text, const std::array<Care, 256>& table) {
  out.push_back('"');
  std::size_t from = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const Care care = table[byte];
    if (care == Care::none) continue;
    if (care == Care::separator) {
      const std::string_view rest = text.substr(at, 3);
      if (rest != "\xE2\x80\xA8" && rest != "\xE2\x80\xA9") continue;
      out.append(text, from, at - from).append(rest.back() == '\xA8' ? "\\u2028" : "\\u2029");
      at += 2;
    } else {
      out.append(text, from, at - from);
      append_escape(out, byte);
    }
    from = at + 1;
  }
  out.append(text, from);
  out.push_back('"');
}

template <class Integer>
void append_integer(std::string& out, Integer value) {
  char buffer[24];
  const auto written = std::to_chars(buffer, buffer + sizeof buffer, value);
  out.append(buffer, static_cast<std::size_t>(written.ptr - buffer));
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) { append_quoted(out, text, careful_table); }
void append_canonical_string(std::string& out, std::string_view text) { append_quoted(out, text, canonical_table); }

void append_json_number(std::string& out, double value) { append_ecmascript(out, value); }
void append_json_number(std::string& out, std::int64_t value) { append_integer(out, value); }
void append_json_number(std::string& out, std::uint64_t value) { append_integer(out, value); }

}  // namespace headgate
