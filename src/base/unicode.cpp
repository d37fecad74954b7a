#include "headgate/base/unicode.hpp"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

#include "headgate/base/assert.hpp"
#include "utf8.hpp"

namespace headgate {
namespace {

bool is_space(char32_t point) {
  if (point < 0x80) return point == ' ' || (point >= '\t' && point <= '\r');
  const utf8proc_category_t kind = utf8proc_category(static_cast<utf8proc_int32_t>(point));
  return point == 0x85 || kind == UTF8PROC_CATEGORY_ZS || kind == UTF8PROC_CATEGORY_ZL || kind == UTF8PROC_CATEGORY_ZP;
}

std::string mapped(std::string_view text, unsigned options) {
  utf8proc_uint8_t* raw = nullptr;
  const utf8proc_ssize_t length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &raw, static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(raw, &std::free);
  HG_ASSERT(length >= 0);
  return {reinterpret_cast<const char*>(raw), static_cast<std::size_t>(length)};
}

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

bool is_ascii(std::string_view text) {
  unsigned char seen = 0;
  for (const char c : text) seen = static_cast<unsigned char>(seen | static_cast<unsigned char>(c));
  return seen < 0x80;
}

bool is_utf8(std::string_view text) { return first_bad_utf8(text) == text.size(); }

std::string repair_utf8(std::string_view text, bool* repaired) {
  std::string out;
  bool changed = false;
  while (true) {
    const std::size_t good = first_bad_utf8(text);
    out.append(text.substr(0, good));
    if (good == text.size()) break;
    changed = true;
    append_utf8(out, U'\uFFFD');
    text.remove_prefix(good + utf8_step(text, good).length);
  }
  if (repaired != nullptr) *repaired = changed;
  return out;
}

std::string normalised(std::string_view text, bool fold_case) {
  if (is_ascii(text)) return fold_case ? ascii_lower(text) : std::string(text);
  constexpr unsigned compose = static_cast<unsigned>(UTF8PROC_STABLE) | static_cast<unsigned>(UTF8PROC_COMPOSE);
  std::string composed = mapped(text, compose);
  if (!fold_case) return composed;
  return mapped(composed, compose | static_cast<unsigned>(UTF8PROC_CASEFOLD));
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += is_continuation(c) ? 0U : 1U;
  return count;
}

bool is_blank(std::string_view text) {
  utf8proc_ssize_t at = 0;
  const auto size = static_cast<utf8proc_ssize_t>(text.size());
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  while (at < size) {
    utf8proc_int32_t character = 0;
    const utf8proc_ssize_t length = utf8proc_iterate(bytes + at, size - at, &character);
    if (length <= 0) return false;  // not UTF-8: something is there
    switch (utf8proc_category(character)) {
      case UTF8PROC_CATEGORY_CC:
      case UTF8PROC_CATEGORY_CF:
      case UTF8PROC_CATEGORY_ZS:
      case UTF8PROC_CATEGORY_ZL:
      case UTF8PROC_CATEGORY_ZP:
        break;
      default:
        return false;
    }
    at += length;
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty()) {
    const Utf8Step step = utf8_step(text, 0);
    if (!step.valid || !is_space(step.point)) break;
    text.remove_prefix(step.length);
  }
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && text.size() - start < 4 && is_continuation(text[start])) --start;
    const Utf8Step step = utf8_step(text, start);
    if (!step.valid || start + step.length != text.size() || !is_space(step.point)) break;
    text = text.substr(0, start);
  }
  return text;
}

}  // namespace headgate
