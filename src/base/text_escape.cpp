#include <array>
#include <charconv>
#include <cstdint>

#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "utf8.hpp"

namespace headgate {
namespace {

// Bidirectional controls reorder what a reader sees; separators break lines in some programs.
bool is_invisible(char32_t point) {
  return (point >= 0x80 && point <= 0x9F) || point == 0x061C || point == 0x200E || point == 0x200F ||
         (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

std::string hex(std::uint32_t value, std::size_t least_digits) {
  char buffer[16];
  const auto written = std::to_chars(buffer, buffer + sizeof buffer, value, 16);
  const std::string digits(buffer, written.ptr);
  return std::string(digits.size() < least_digits ? least_digits - digits.size() : 0, '0') + digits;
}

void append_visible_control(std::string& out, unsigned char byte) {
  switch (byte) {
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '\t':
      out.append("\\t");
      return;
    default:
      out.append("\\x").append(hex(byte, 2));
      return;
  }
}

std::string made_visible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Step step = utf8_step(text, at);
    if (!step.valid) {
      for (std::size_t i = 0; i < step.length; ++i) {
        out.append("\\x").append(hex(static_cast<unsigned char>(text[at + i]), 2));
      }
    } else if (step.point < 0x20 || step.point == 0x7F) {
      append_visible_control(out, static_cast<unsigned char>(step.point));
    } else if (is_invisible(step.point)) {
      out.append("\\u{").append(hex(step.point, 1)).append("}");
    } else {
      out.append(text, at, step.length);
    }
    at += step.length;
  }
  return out;
}

bool starts_with_no_case(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

// GitHub reads `::` at the start of a line, white space before it ignored; the older `##[` and Azure's `##vso[` are
// looked for anywhere in a line, so these get a backslash inside as well.
std::string without_commands(std::string_view line) {
  constexpr std::array<std::string_view, 2> anywhere{"##[", "##vso["};
  std::string out;
  out.reserve(line.size() + 2);
  const std::string_view body = trimmed(line);
  const std::size_t indent = body.empty() ? line.size() : static_cast<std::size_t>(body.data() - line.data());
  for (std::size_t at = 0; at < line.size(); ++at) {
    const std::string_view rest = line.substr(at);
    if (at == indent && rest.substr(0, 2) == "::") out.push_back('\\');
    bool command = false;
    for (const std::string_view mark : anywhere) {
      if (!starts_with_no_case(rest, mark)) continue;
      if (at == indent) out.push_back('\\');
      out.append(rest, 0, mark.size() - 1).append("\\[");
      at += mark.size() - 1;
      command = true;
      break;
    }
    if (!command) out.push_back(line[at]);
  }
  return out;
}

bool is_word(std::string_view text, std::size_t at) {
  if (at >= text.size()) return false;
  const char c = text[at];
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_xml_character(char32_t point) {
  if (point < 0x20) return point == '\t' || point == '\n' || point == '\r';
  return point != 0xFFFE && point != 0xFFFF;
}

// A character reference stands for itself in Markdown text and starts nothing.
void append_reference(std::string& out, char c) {
  out.append("&#").append(std::to_string(static_cast<unsigned>(c))).push_back(';');
}

}  // namespace

std::string terminal_line(std::string_view text) { return without_commands(made_visible(text)); }

std::string terminal_text(std::string_view text) {
  std::string out;
  while (true) {
    const std::size_t end = text.find('\n');
    out.append(terminal_line(text.substr(0, end)));
    if (end == std::string_view::npos) return out;
    out.push_back('\n');
    text.remove_prefix(end + 1);
  }
}

std::string xml_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Step step = utf8_step(text, at);
    switch (step.point) {
      case '&':
        out.append("&amp;");
        break;
      case '<':
        out.append("&lt;");
        break;
      case '>':
        out.append("&gt;");
        break;
      case '"':
        out.append("&quot;");
        break;
      case '\'':
        out.append("&#39;");
        break;
      default:
        append_utf8(out, is_xml_character(step.point) ? step.point : U'\uFFFD');
        break;
    }
    at += step.length;
  }
  return out;
}

std::string markdown_cell(std::string_view text) {
  constexpr std::string_view special = "&<>|`[]!*~\\#$\"";
  std::string one_line;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool pair = text.substr(at, 2) == "\r\n";
    if (text[at] == '\n' || text[at] == '\r') {
      one_line.push_back(' ');
      if (pair) ++at;
    } else {
      one_line.push_back(text[at]);
    }
  }
  const std::string visible = made_visible(one_line);
  const std::string_view all(visible);
  std::string out;
  for (std::size_t at = 0; at < all.size(); ++at) {
    const char c = all[at];
    const bool emphasis = c == '_' && (at == 0 || !is_word(all, at - 1) || !is_word(all, at + 1));
    const bool address = (c == ':' && all.substr(at, 3) == "://") || c == '@' ||
                         (c == '.' && at >= 3 && starts_with_no_case(all.substr(at - 3), "www."));
    if (special.find(c) != std::string_view::npos || emphasis || address) {
      append_reference(out, c);
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string csv_cell(std::string_view text) {
  std::string clean = repair_utf8(text);
  for (std::size_t at = clean.find('\0'); at != std::string::npos; at = clean.find('\0', at)) {
    clean.replace(at, 1, "\xEF\xBF\xBD");
  }
  if (!clean.empty() && std::string_view("=+-@\t\r").find(clean.front()) != std::string_view::npos) {
    clean.insert(clean.begin(), '\'');
  }
  if (clean.find_first_of(",\"\r\n") == std::string::npos) return clean;
  std::string out = "\"";
  for (const char c : clean) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
  return out;
}

}  // namespace headgate
