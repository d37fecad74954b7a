// Names of tools as an option writes them: `*` stands for any characters, `?` for one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/fields.hpp"
#include "headgate/base/json.hpp"

namespace headgate::grade {

// Linear in the name, whatever the pattern.
bool matches_wildcards(std::string_view pattern, std::string_view name);

class ToolNames {
 public:
  ToolNames() = default;  // none
  explicit ToolNames(std::vector<std::string> patterns) : patterns_(std::move(patterns)) {}
  // From a text or a list of texts that has passed tool_names_shape(); nullptr: `fallback`.
  static ToolNames read(const Json* written, std::vector<std::string> fallback = {});

  bool empty() const { return patterns_.empty(); }
  bool match(std::string_view name) const;
  std::string text() const;  // "'refund*' or 'pay'"

 private:
  std::vector<std::string> patterns_;
};

Shape tool_names_shape();

}  // namespace headgate::grade
