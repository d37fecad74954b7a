// The table in a reply: CSV of any separator, or Markdown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/result.hpp"

namespace headgate::grade {

inline constexpr std::size_t max_table_cells = 1'000'000;

struct TextTable {
  std::vector<std::string> columns;            // trimmed, no two alike
  std::vector<std::vector<std::string>> rows;  // trimmed, each as wide as the columns
};

// RFC 4180 with `separator` between cells; blank lines count for nothing, and white space around cells neither. Fails,
// in a clause, on an open quote, text around a quoted cell, rows of another width, a column named twice.
tl::expected<TextTable, std::string> read_separated(std::string_view text, char separator);

// The first pipe table of a Markdown text: a row, a line of dashes of the same width, rows up to the first line without
// a pipe. \| is a pipe in a cell.
tl::expected<TextTable, std::string> read_markdown_table(std::string_view text);

}  // namespace headgate::grade
