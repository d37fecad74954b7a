#include "code_block.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace headgate::grade {
namespace {

constexpr std::size_t least_marks = 3;
constexpr std::size_t most_indent = 3;

struct Names {
  std::string_view language;
  std::array<std::string_view, 6> also;
};
constexpr Names usual_names[] = {
    {"python", {"python", "python3", "py", "py3", "python 3", ""}},
    {"cpp", {"cpp", "c++", "cc", "cxx", "c++17", "c++20"}},
};

struct Line {
  std::string_view text;  // without its newline
  std::size_t begin = 0;
  std::size_t end = 0;  // behind its newline
};

Line line_at(std::string_view text, std::size_t begin) {
  const std::size_t newline = text.find('\n', begin);
  const std::size_t end = newline == text.npos ? text.size() : newline + 1;
  std::string_view line = text.substr(begin, (newline == text.npos ? text.size() : newline) - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return {line, begin, end};
}

struct Fence {
  char mark = '`';
  std::size_t marks = 0;
  std::size_t indent = 0;
  std::string_view info;
};

std::optional<Fence> fence_of(std::string_view line) {
  const std::size_t indent = line.find_first_not_of(' ');
  if (indent == line.npos || indent > most_indent) return std::nullopt;
  const char mark = line[indent];
  if (mark != '`' && mark != '~') return std::nullopt;
  std::size_t end = line.find_first_not_of(mark, indent);
  if (end == line.npos) end = line.size();
  if (end - indent < least_marks) return std::nullopt;
  std::string_view info = line.substr(end);
  while (info.starts_with(' ')) info.remove_prefix(1);
  while (info.ends_with(' ')) info.remove_suffix(1);
  if (mark == '`' && info.find('`') != info.npos) return std::nullopt;  // a word in backticks
  return Fence{mark, end - indent, indent, info};
}

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_in(std::string_view info, std::string_view language) {
  if (info.starts_with('{')) info.remove_prefix(info.starts_with("{.") ? 2 : 1);
  const std::string_view word = info.substr(0, info.find_first_of(" \t,{}:"));
  if (word.empty() || same_word(word, language)) return true;
  for (const Names& names : usual_names) {
    if (names.language != language) continue;
    return std::ranges::any_of(names.also,
                               [&](std::string_view also) { return !also.empty() && same_word(word, also); });
  }
  return false;
}

struct Blocks {
  bool any = false;
  std::vector<std::string_view> of_language;
};

Blocks blocks_in(std::string_view reply, std::string_view language) {
  Blocks out;
  for (std::size_t at = 0; at < reply.size();) {
    const Line opening = line_at(reply, at);
    at = opening.end;
    const std::optional<Fence> open = fence_of(opening.text);
    if (!open) continue;
    out.any = true;
    const std::size_t begin = at;
    std::size_t end = reply.size();
    while (at < reply.size()) {
      const Line line = line_at(reply, at);
      at = line.end;
      const std::optional<Fence> close = fence_of(line.text);
      if (!close || close->mark != open->mark || close->marks < open->marks || !close->info.empty()) continue;
      end = line.begin;
      break;
    }
    if (is_in(open->info, language)) out.of_language.push_back(reply.substr(begin, end - begin));
  }
  return out;
}

}  // namespace

std::optional<std::string> code_in(std::string_view reply, std::string_view language, Block which) {
  if (which == Block::whole) return std::string(reply);
  const Blocks blocks = blocks_in(reply, language);
  if (!blocks.any) return std::string(reply);
  const auto& found = blocks.of_language;
  if (found.empty()) return std::nullopt;
  switch (which) {
    case Block::first:
      return std::string(found.front());
    case Block::last:
      return std::string(found.back());
    case Block::longest:
      return std::string(*std::ranges::max_element(found, {}, &std::string_view::size));
    case Block::all:
    case Block::whole:
      break;
  }
  std::string all;
  for (const std::string_view one : found) {
    if (!all.empty()) all += '\n';
    all += one;
  }
  return all;
}

}  // namespace headgate::grade
