// One thing wrong with a text, before it has a file and a line.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "headgate/base/result.hpp"
#include "headgate/base/tree.hpp"

namespace headgate {

// `width` bytes from `offset`.
struct Fault {
  std::size_t offset = 0;
  std::size_t width = 1;
  std::string message;
  std::string hint;
};

// The text, or one of its lines, is longer than the limits say.
std::optional<Fault> size_fault(std::string_view text, const TextLimits& limits);

Error fault_error(std::string_view name, std::string_view text, std::size_t first_line, Fault fault);

}  // namespace headgate
