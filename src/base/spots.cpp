#include "spots.hpp"

#include <nlohmann/json.hpp>

#include "headgate/base/json_pointer.hpp"
#include "json_lexis.hpp"

namespace headgate {
namespace {

bool descend(const Json& here, const Json& value, TreePath& path) {
  if (&here == &value) return true;
  if (here.is_object()) {
    for (const auto& [key, member] : here.get_ref<const Json::object_t&>()) {
      path.push_back({key, 0});
      if (descend(member, value, path)) return true;
      path.pop_back();
    }
  } else if (here.is_array()) {
    std::size_t index = 0;
    for (const Json& item : here) {
      path.push_back({std::nullopt, index++});
      if (descend(item, value, path)) return true;
      path.pop_back();
    }
  }
  return false;
}

}  // namespace

std::optional<TreePath> path_to(const Json& root, const Json& value) {
  TreePath path;
  if (!descend(root, value, path)) return std::nullopt;
  return path;
}

std::string pointer_text(const TreePath& path) {
  std::string out;
  for (const PathStep& step : path) {
    if (!step.key) {
      out.append("/" + std::to_string(step.index));
      continue;
    }
    out.append(pointer_step(*step.key));
  }
  return out;
}

std::optional<std::size_t> offset_in_string(std::string_view text, std::size_t start, std::size_t inside) {
  if (start >= text.size()) return std::nullopt;
  const char quote = text[start];
  if (quote == '|' || quote == '>') return std::nullopt;
  std::size_t at = quote == '"' || quote == '\'' ? start + 1 : start;
  std::size_t decoded = 0;
  while (decoded < inside) {
    if (at >= text.size() || text[at] == '\n' || text[at] == '\r') return std::nullopt;
    if (quote == '\'' && text.substr(at, 2) == "''") {
      at += 2;
      ++decoded;
    } else if (quote == '"' && text[at] == '\\') {
      // One escape (two for a surrogate pair), read as a string of its own.
      constexpr std::string_view pair = "\\uD800\\uDC00";
      const bool is_unicode = text.substr(at, 2) == "\\u";
      const bool is_pair = is_unicode && text.substr(at + 6, 2) == "\\u" && at + 4 <= text.size() &&
                           (text[at + 2] == 'd' || text[at + 2] == 'D') && text[at + 3] >= '8';
      const std::size_t length = is_pair ? pair.size() : is_unicode ? 6 : 2;
      const std::string quoted = "\"" + std::string(text.substr(at, length)) + "\"";
      std::string meaning;
      if (read_json_string(quoted, 0, meaning).fault) return std::nullopt;
      at += length;
      decoded += meaning.size();
    } else {
      ++at;
      ++decoded;
    }
  }
  return at;
}

}  // namespace headgate
