#include "verdict.hpp"

#include <algorithm>

namespace headgate::grade {
namespace {

constexpr std::size_t max_quoted = 80;                       // characters
constexpr std::size_t max_head = max_quoted / 2 - 1;         // before the … of a longer text
constexpr std::size_t max_tail = max_quoted - max_head - 1;  // behind it

bool is_plain(char c) { return c >= ' ' && c < '\x7f'; }
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Control characters become spaces, so that a reason stays one line.
void append_line(std::string& out, std::string_view text) {
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
}

// Where the first `count` characters end, and where the last `count` begin: a long reply is not walked for its ends.
std::size_t end_of_first(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (at < text.size() && (count > 0 || continues(text[at]))) count -= continues(text[at++]) ? 0U : 1U;
  return at;
}
std::size_t start_of_last(std::string_view text, std::size_t count) {
  std::size_t at = text.size();
  while (at > 0 && count > 0) count -= continues(text[--at]) ? 0U : 1U;
  return at;
}

}  // namespace

std::string in_quotes(std::string_view text) { return '"' + on_one_line(text) + '"'; }

std::string on_one_line(std::string_view text) {
  std::string out;
  if (text.size() <= max_quoted && std::all_of(text.begin(), text.end(), is_plain)) {
    out.append(text);
  } else if (end_of_first(text, max_quoted) == text.size()) {
    append_line(out, text);
  } else {
    append_line(out, text.substr(0, end_of_first(text, max_head)));
    out += "…";
    append_line(out, text.substr(start_of_last(text, max_tail)));
  }
  return out;
}

}  // namespace headgate::grade
