#include "json_in_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "code_blocks.hpp"
#include "headgate/base/tree.hpp"
#include "same_json.hpp"

namespace headgate::grade {
namespace {

constexpr std::size_t max_depth = 64;
// Starts that lead nowhere are scanned again and again; in all at most this many times the text.
constexpr std::size_t max_scans = 16;

using Found = tl::expected<Json, std::string>;

Found parse(std::string_view text) {
  TextLimits limits;
  limits.max_depth = max_depth;
  Complaints complaints;
  auto tree = parse_json("reply", std::string(text), complaints, 1, limits);
  if (tree) return tree->root();
  return tl::unexpected("is not valid JSON: " + complaints.errors().front().message);
}

bool is_json(const CodeBlock& block) {
  return is_marked(block, "json") || is_marked(block, "jsonc") || is_marked(block, "json5");
}

// Several answers become one, or a sentence that says why not.
class Choice {
 public:
  explicit Choice(Pick pick) : pick_(pick) {}

  bool is_settled() const { return pick_ == Pick::first && one_; }
  bool empty() const { return !one_; }

  void add(Found found) {
    if (is_settled()) return;
    if (pick_ == Pick::only && one_ && differs(found)) differ_ = true;
    one_ = std::move(found);
  }

  Found result() const {
    if (differ_) return tl::unexpected(std::string("has more than one JSON, and they differ"));
    return *one_;
  }

 private:
  bool differs(const Found& found) const {
    return one_->has_value() != found.has_value() || (found && !same_json(**one_, *found));
  }

  Pick pick_;
  std::optional<Found> one_;
  bool differ_ = false;
};

// Blocks marked json come before others. With `good_only` those that are no JSON do not count.
Choice from_blocks(std::string_view text, Pick pick, bool good_only) {
  Choice marked(pick), any(pick);
  std::size_t at = 0;
  while (const auto block = next_block(text, at)) {
    const bool is_marked = is_json(*block);
    if (!is_marked && (!marked.empty() || any.is_settled())) continue;
    // Of the last of many the others need no parsing, but which is the last is not known yet.
    Found found = parse(block->content);
    if (good_only && !found) continue;
    (is_marked ? marked : any).add(std::move(found));
    if (marked.is_settled()) break;
  }
  return marked.empty() ? any : marked;
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

Found from_brackets(std::string_view text, Pick pick) {
  const std::size_t budget = max_scans * (text.size() + 1'024);
  std::size_t scanned = 0;
  Choice choice(pick);
  for (std::size_t at = text.find_first_of("{["); at != text.npos && !choice.is_settled();
       at = text.find_first_of("{[", at)) {
    const std::size_t end = balanced_end(text, at, scanned);
    ++at;
    if (end != text.npos) {
      scanned += end - at;
      if (Found found = parse(text.substr(at - 1, end - at + 1))) {
        choice.add(std::move(found));
        at = end;
      }
    }
    if (scanned > budget) return tl::unexpected(std::string("opens too many brackets to find JSON in"));
  }
  if (choice.empty()) return tl::unexpected(std::string("has no JSON object or list in it"));
  return choice.result();
}

}  // namespace

tl::expected<Json, std::string> find_json(std::string_view text, JsonFrom from, Pick pick) {
  if (from == JsonFrom::whole) return parse(text);
  const Choice blocks = from_blocks(text, pick, from == JsonFrom::prose);
  if (!blocks.empty()) return blocks.result();
  if (from == JsonFrom::fenced) return tl::unexpected(std::string("has no ``` block"));
  return from_brackets(text, pick);
}

}  // namespace headgate::grade
