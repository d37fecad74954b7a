// Why a text is not JSON, in our words, and where. Used on texts that build_json has refused.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "headgate/base/tree.hpp"

namespace headgate {

// One fault of a text: `width` bytes from `offset`.
struct Fault {
  std::size_t offset = 0;
  std::size_t width = 1;
  std::string message;
  std::string hint;
};

// The first fault, or nothing when the text is good (build_json then agrees).
std::optional<Fault> find_json_fault(std::string_view text, const TextLimits& limits);

}  // namespace headgate
