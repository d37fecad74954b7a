#include "json_in_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "headgate/base/tree.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate::grade {
namespace {

constexpr std::size_t max_depth = 64;
// Starts that lead nowhere are scanned again and again; in all at most this many times the text.
constexpr std::size_t max_scans = 16;
constexpr std::string_view fence = "```";

tl::expected<Json, std::string> parse(std::string_view text) {
  TextLimits limits;
  limits.max_depth = max_depth;
  Complaints complaints;
  auto tree = parse_json("reply", std::string(text), complaints, 1, limits);
  if (tree) return tree->root();
  return tl::unexpected("is not valid JSON: " + complaints.errors().front().message);
}

struct Block {
  std::string_view mark;  // what follows the fence: "json"
  std::string_view content;
};

// The next ``` block at or after `at`; one that never closes reaches to the end.
std::optional<Block> next_block(std::string_view text, std::size_t& at) {
  const std::size_t start = text.find(fence, at);
  if (start == text.npos) return std::nullopt;
  const std::size_t line_end = std::min(text.find('\n', start), text.size());
  const std::size_t content = std::min(line_end + 1, text.size());
  const std::size_t end = std::min(text.find(fence, content), text.size());
  at = std::min(end + fence.size(), text.size());
  return Block{trimmed(text.substr(start + fence.size(), line_end - start - fence.size())),
               text.substr(content, end - content)};
}

bool is_json_mark(std::string_view mark) {
  std::string lower(mark.substr(0, mark.find(' ')));
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower == "json" || lower == "jsonc" || lower == "json5";
}

std::optional<std::string_view> fenced_block(std::string_view text) {
  std::optional<std::string_view> first;
  std::size_t at = 0;
  while (const auto block = next_block(text, at)) {
    if (is_json_mark(block->mark)) return block->content;
    if (!first) first = block->content;
  }
  return first;
}

// The end of the brackets that open at `start`, strings skipped; npos when they never close. Counts what it read.
std::size_t balanced_end(std::string_view text, std::size_t start, std::size_t& scanned) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = start; i < text.size(); ++i, ++scanned) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        in_string = false;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        return text.npos;  // no JSON string goes over a line end
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > max_depth) return text.npos;
    } else if (c == '}' || c == ']') {
      if (--depth == 0) return i + 1;
    }
  }
  return text.npos;
}

tl::expected<Json, std::string> balanced_json(std::string_view text) {
  const std::size_t budget = max_scans * (text.size() + 1'024);
  std::size_t scanned = 0;
  for (std::size_t at = text.find_first_of("{["); at != text.npos; at = text.find_first_of("{[", at + 1)) {
    const std::size_t end = balanced_end(text, at, scanned);
    if (end != text.npos) {
      scanned += end - at;
      if (auto found = parse(text.substr(at, end - at))) return found;
    }
    if (scanned > budget) return tl::unexpected(std::string("opens too many brackets to find JSON in"));
  }
  return tl::unexpected(std::string("has no JSON object or list in it"));
}

}  // namespace

tl::expected<Json, std::string> find_json(std::string_view text, JsonFrom from) {
  if (from == JsonFrom::whole) return parse(text);
  const auto block = fenced_block(text);
  if (from == JsonFrom::fenced) {
    if (!block) return tl::unexpected(std::string("has no ``` block"));
    return parse(*block);
  }
  if (block) {
    if (auto found = parse(*block)) return found;
  }
  return balanced_json(text);
}

}  // namespace headgate::grade
