#include "surrogates.hpp"

#include <cstdint>
#include <optional>

namespace headgate::route {
namespace {

constexpr std::size_t escape_bytes = 6;  // \uXXXX

// The code unit of the \u escape at `at`.
std::optional<std::uint32_t> unit_at(std::string_view text, std::size_t at) {
  if (at + escape_bytes > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  std::uint32_t unit = 0;
  for (std::size_t i = at + 2; i < at + escape_bytes; ++i) {
    const char c = text[i];
    std::uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<std::uint32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<std::uint32_t>(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<std::uint32_t>(c - 'A' + 10);
    } else {
      return std::nullopt;
    }
    unit = unit * 16 + digit;
  }
  return unit;
}

bool is_high(std::uint32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(std::uint32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

}  // namespace

std::string without_lone_surrogates(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\') {
      out += text[at++];
      continue;
    }
    const std::optional<std::uint32_t> unit = unit_at(text, at);
    if (!unit) {
      out += text.substr(at, 2);
      at += 2;
      continue;
    }
    const std::optional<std::uint32_t> next = unit_at(text, at + escape_bytes);
    const bool is_pair = is_high(*unit) && next && is_low(*next);
    const std::size_t length = is_pair ? 2 * escape_bytes : escape_bytes;
    const bool is_lone = !is_pair && (is_high(*unit) || is_low(*unit));
    out += is_lone ? std::string_view("\\ufffd") : text.substr(at, length);
    at += length;
  }
  return out;
}

}  // namespace headgate::route
