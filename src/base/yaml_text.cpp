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
  bool is_escape = false;
};

constexpr std::array<Translation, 13> translations{{
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
    {"unknown escape character", "unknown escape in a string", "write \\\\ for a backslash, or use single quotes",
     true},
    {"invalid unicode", "a surrogate escape", "write the character itself", true},
    {"unknown token", "a word cannot begin like this", "put the text in quotes"},
}};

// yaml-cpp trips over a tab in many ways, mostly behind it.
std::optional<std::size_t> tab_in_indentation(std::string_view text, std::size_t at) {
  if (at >= text.size()) return std::nullopt;
  const std::size_t line_break = text.rfind('\n', at);
  std::size_t start = line_break == at ? line_break : line_break + 1;  // npos + 1 is the start of the text
  while (start < text.size() && text[start] == ' ') ++start;
  return start < text.size() && text[start] == '\t' ? std::optional<std::size_t>(start) : std::nullopt;
}

}  // namespace

std::optional<Fault> find_yaml_byte_fault(std::string_view text) {
  const std::size_t bad = first_bad_utf8(text);
  std::size_t at = 0;
  for (; at < bad; ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '\r' && text.substr(at, 2) != "\r\n") {
      return Fault{at, 1, "a carriage return without a line feed", "save the file with LF or CRLF line ends"};
    }
    if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F) break;
  }
  return at < text.size() ? odd_byte(text, at) : std::nullopt;
}

std::size_t yaml_offset(const YAML::Mark& mark) { return mark.pos < 0 ? 0 : static_cast<std::size_t>(mark.pos); }

std::string_view plain_word(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {};
  text.remove_prefix(at);
  return text.substr(0, text.find_first_of(" \t\r\n,:[]{}\"#"));
}

std::size_t end_of_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == quote) {
      if (quote == '"' || at + 1 >= text.size() || text[at + 1] != quote) return at + 1;
      ++at;
    }
  }
  return std::string_view::npos;
}

bool is_closed(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = end_of_quoted(text, at);
      continue;
    }
    if (c == '[' || c == '{') ++depth;
    if ((c == ']' || c == '}') && --depth == 0) return true;
    ++at;
  }
  return false;
}

Fault yaml_fault(std::string_view text, const YAML::Mark& mark, const std::string& message) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  const std::size_t end = last == std::string_view::npos ? 0 : last + 1;
  const std::size_t at = std::min(yaml_offset(mark), end);
  if (const std::optional<std::size_t> tab = tab_in_indentation(text, at)) {
    return {*tab, 1, "a tab in the indentation", "indent with spaces"};
  }
  Fault fault{at, 1, message, "check the indentation and the quotes"};
  for (const Translation& known : translations) {
    if (!message.starts_with(known.theirs)) continue;
    fault.message = known.ours;
    fault.hint = known.hint;
    if (!known.is_escape) break;
    const std::size_t backslash = text.substr(0, at).rfind('\\');  // the mark stands behind the escape
    if (backslash != std::string_view::npos) fault.offset = backslash;
    break;
  }
  return fault;
}

}  // namespace headgate
