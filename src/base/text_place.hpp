// From a byte offset of a text to a Place a person can find.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "headgate/base/result.hpp"

namespace headgate {

// How much of a long line is quoted: enough to see where one is, little enough for a terminal.
inline constexpr std::size_t max_excerpt_bytes = 400;

std::size_t byte_order_mark_length(std::string_view text);  // 3 or 0

// `width` is cut at the end of the excerpt. A byte-order mark is no column.
Place place_at(std::string_view file, std::string_view text, std::size_t first_line, std::size_t offset,
               std::size_t width = 1);

}  // namespace headgate
