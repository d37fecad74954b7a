#include "code_blocks.hpp"

#include <algorithm>

namespace headgate::grade {
namespace {

constexpr std::size_t shortest_fence = 3;

std::size_t run_at(std::string_view text, std::size_t at) {
  const std::size_t end = std::min(text.find_first_not_of(text[at], at), text.size());
  return end - at;
}

bool begins_line(std::string_view text, std::size_t at) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at;
  return at == 0 || text[at - 1] == '\n';
}

// Where the next fence opens; npos where none does.
std::size_t opening(std::string_view text, std::size_t at) {
  for (at = text.find_first_of("`~", at); at < text.size(); at = text.find_first_of("`~", at)) {
    const std::size_t length = run_at(text, at);
    if (length >= shortest_fence && (text[at] == '`' || begins_line(text, at))) return at;
    at += length;
  }
  return text.npos;
}

bool is_mark(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '+' || c == '#' || c == '.';
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// A fence that closes within the line of its opening.
std::optional<std::size_t> closing_within(std::string_view line, char mark, std::size_t length) {
  for (std::size_t at = line.find(mark); at != line.npos; at = line.find(mark, at)) {
    const std::size_t run = run_at(line, at);
    if (run >= length) return at;
    at += run;
  }
  return std::nullopt;
}

struct Closing {
  std::size_t content_end, behind;
};

Closing closing_below(std::string_view text, std::size_t from, char mark, std::size_t length) {
  for (std::size_t line = from; line < text.size();) {
    const std::size_t start = std::min(text.find_first_not_of(" \t", line), text.size());
    if (start < text.size() && text[start] == mark && run_at(text, start) >= length) {
      return {line, start + run_at(text, start)};
    }
    line = std::min(text.find('\n', start), text.size() - 1) + 1;
  }
  return {text.size(), text.size()};
}

}  // namespace

std::optional<CodeBlock> next_block(std::string_view text, std::size_t& at) {
  const std::size_t open = opening(text, at);
  if (open == text.npos) return std::nullopt;
  const char fence = text[open];
  const std::size_t length = run_at(text, open), inside = open + length;
  const std::size_t line_end = std::min(text.find('\n', inside), text.size());
  const std::string_view line = text.substr(inside, line_end - inside);
  const auto mark_length = static_cast<std::size_t>(std::find_if_not(line.begin(), line.end(), is_mark) - line.begin());
  if (const auto end = closing_within(line, fence, length)) {
    // ```json {"a": 1}``` has a mark, ```{"a": 1}``` and ```null``` have none.
    const bool marked = mark_length > 0 && mark_length < *end && line[mark_length] == ' ';
    at = inside + *end + run_at(line, *end);
    const std::size_t start = marked ? mark_length : 0;
    return CodeBlock{line.substr(0, start), line.substr(start, *end - start)};
  }
  const std::size_t content = std::min(line_end + 1, text.size());
  const Closing end = closing_below(text, content, fence, length);
  at = end.behind;
  const std::size_t word = std::min(line.find_first_not_of(" \t{."), line.size());
  std::string_view mark = line.substr(word);
  mark = mark.substr(0, static_cast<std::size_t>(std::find_if_not(mark.begin(), mark.end(), is_mark) - mark.begin()));
  return CodeBlock{mark, text.substr(content, end.content_end - content)};
}

bool is_marked(const CodeBlock& block, std::string_view word) {
  return std::equal(block.mark.begin(), block.mark.end(), word.begin(), word.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace headgate::grade
