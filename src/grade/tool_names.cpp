#include "tool_names.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "verdict.hpp"

namespace headgate::grade {

// The usual two fingers: on a mismatch, go back to the last star and let it take one character more.
bool matches_wildcards(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

ToolNames ToolNames::read(const Json* written, std::vector<std::string> fallback) {
  if (written == nullptr) return ToolNames(std::move(fallback));
  if (written->is_string()) return ToolNames({written->get<std::string>()});
  std::vector<std::string> all;
  for (const Json& one : *written) all.push_back(one.get<std::string>());
  return ToolNames(std::move(all));
}

bool ToolNames::match(std::string_view name) const {
  return std::ranges::any_of(patterns_, [&](const std::string& pattern) { return matches_wildcards(pattern, name); });
}

std::string ToolNames::text() const {
  std::string out;
  for (const std::string& pattern : patterns_) {
    if (!out.empty()) out += &pattern == &patterns_.back() ? " or " : ", ";
    out += in_quotes(pattern);
  }
  return out;
}

Shape tool_names_shape() { return either({string_shape(), list_of(string_shape()).at_least(1)}); }

}  // namespace headgate::grade
