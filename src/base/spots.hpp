// Where in its text a value of a parsed tree stands. Runs only when something is wrong.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/json.hpp"
#include "headgate/base/tree.hpp"

namespace headgate {

struct PathStep {
  std::optional<std::string> key;  // of an object, else
  std::size_t index = 0;           // of a list

  friend bool operator==(const PathStep&, const PathStep&) = default;
};
using TreePath = std::vector<PathStep>;

// The way from `root` to `value`, by identity; nothing when it is not inside.
std::optional<TreePath> path_to(const Json& root, const Json& value);
std::string pointer_text(const TreePath& path);  // RFC 6901

struct Spot {
  std::size_t offset = 0;
  std::size_t width = 1;
};

// The path must exist in the text, which must have been parsed without a fault.
Spot find_in_json(std::string_view text, const TreePath& path, At at);
Spot find_in_yaml(std::string_view text, const TreePath& path, At at);

// The offset in the text of byte `inside` of a decoded string that stands at `start`; nothing when the way it is
// written (a block scalar, an escape unknown to JSON) leaves it open.
std::optional<std::size_t> offset_in_string(std::string_view text, std::size_t start, std::size_t inside);

}  // namespace headgate
