#include "prose.hpp"

#include <re2/re2.h>

#include <algorithm>

namespace headgate::grade {
namespace {

struct Fence {
  char mark = '\0';
  std::size_t length = 0;
  bool bare = false;  // nothing behind the marks: such a one ends a block
};

// What the line opens or closes; a length of 0 where it does neither.
Fence fence_of(std::string_view line) {
  constexpr std::size_t most_indent = 3, least_marks = 3;
  const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
  line.remove_prefix(indent);
  if (indent > most_indent || line.empty() || (line.front() != '`' && line.front() != '~')) return {};
  const std::size_t length = std::min(line.find_first_not_of(line.front()), line.size());
  const std::string_view behind = line.substr(length);
  if (length < least_marks || (line.front() == '`' && behind.find('`') != behind.npos)) return {};
  return {line.front(), length, behind.find_first_not_of(" \t\r\n") == behind.npos};
}

// Longer spans are none, so that a line of backticks is not searched to its end from each of them.
constexpr std::size_t max_span_bytes = 4096;

// Behind the run of exactly `marks` backticks that closes what opened before `at`; npos where there is none near.
std::size_t end_of_span(std::string_view line, std::size_t at, std::size_t marks) {
  line = line.substr(0, at + max_span_bytes);
  while (true) {
    const std::size_t close = line.find('`', at);
    if (close == line.npos) return line.npos;
    at = std::min(line.find_first_not_of('`', close), line.size());
    if (at - close == marks) return at;
  }
}

// Adds a line without its code spans: what stands between two runs of as many backticks.
void append_prose(std::string& out, std::string_view line) {
  while (true) {
    const std::size_t open = line.find('`');
    if (open == line.npos) break;
    const std::size_t inside = std::min(line.find_first_not_of('`', open), line.size());
    const std::size_t marks = inside - open;
    const std::size_t end = end_of_span(line, inside, marks);
    out += line.substr(0, open);
    out += ' ';
    line.remove_prefix(end == line.npos ? inside : end);
  }
  out += line;
}

}  // namespace

std::string without_code(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  Fence open;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    const Fence fence = fence_of(line);
    if (open.length > 0) {
      if (fence.bare && fence.mark == open.mark && fence.length >= open.length) open = {};
    } else if (fence.length > 0) {
      open = fence;
      out += '\n';
    } else {
      append_prose(out, line);
    }
  }
  return out;
}

std::string without_addresses(std::string_view text) {
  static const RE2 address(
      R"((?i)(?:[a-z][a-z0-9+.-]{1,20}://|www\.)[!#-;=?-Z_a-z~\[\]]+|mailto:|[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+)");
  std::string out(text);
  RE2::GlobalReplace(&out, address, " ");
  return out;
}

}  // namespace headgate::grade
