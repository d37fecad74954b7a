#include "yaml_text.hpp"

#include <yaml-cpp/mark.h>

#include <algorithm>
#include <array>

#include "json_lexis.hpp"
#include "utf8.hpp"

namespace headgate {
namespace {

struct Translation {
  std::string_view theirs;  // how yaml-cpp's message begins
  std::string_view ours;
  std::string_view hint;
};

constexpr std::array<Translation, 14> translations{{
    {"illegal tab", "a tab in the indentation", "indent with spaces"},
    {"illegal map value", "an unexpected ':'", "quote the text, or check the indentation"},
    {"illegal map key", "an unexpected key", "check the indentation"},
    {"illegal block entry", "an unexpected '-'", "check the indentation"},
    {"illegal flow end", "a closing bracket without an opening one", "remove it, or quote the text"},
    {"end of map flow not found", "expected ',' or '}'", "a bracket or a comma may be missing"},
    {"end of sequence flow not found", "expected ',' or ']'", "a bracket or a comma may be missing"},
    {"end of map not found", "expected a key at this indentation", "check the indentation, or write 'key: value'"},
    {"end of sequence not found", "expected '-' at this indentation", "check the indentation"},
    {"illegal EOF in scalar", "unexpected end of text in a string", "a closing quote is missing"},
    {"illegal document indicator", "'---' or '...' in a string", "a closing quote is missing"},
    {"unknown escape character", "unknown escape in a string", "write \\\\ for a backslash, or use single quotes"},
    {"invalid unicode", "a surrogate escape", "write the character itself"},
    {"unknown token", "a word cannot begin like this", "put the text in quotes"},
}};

}  // namespace

std::optional<Fault> find_yaml_byte_fault(std::string_view text) {
  const std::size_t bad = first_bad_utf8(text);
  const auto control = std::find_if(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
  });
  const std::size_t first = std::min(bad, static_cast<std::size_t>(control - text.begin()));
  return first < text.size() ? odd_byte(text, first) : std::nullopt;
}

std::size_t yaml_offset(const YAML::Mark& mark) { return mark.pos < 0 ? 0 : static_cast<std::size_t>(mark.pos); }

std::string_view plain_word(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {};
  text.remove_prefix(at);
  return text.substr(0, text.find_first_of(" \t\r\n,:[]{}\"#"));
}

Fault yaml_fault(std::string_view text, const YAML::Mark& mark, const std::string& message) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  const std::size_t end = last == std::string_view::npos ? 0 : last + 1;
  Fault fault{std::min(yaml_offset(mark), end), 1, message, "check the indentation and the quotes"};
  for (const Translation& known : translations) {
    if (!message.starts_with(known.theirs)) continue;
    fault.message = known.ours;
    fault.hint = known.hint;
    break;
  }
  return fault;
}

}  // namespace headgate
