// RFC 4180 in and out. Reading keeps the line of each row so that complaints have a place.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/complaints.hpp"

namespace headgate {

struct CsvRow {
  std::size_t line;  // where the row starts, from 1
  std::vector<std::string> cells;
};

// The first row is the header and comes back first. Unclosed quotes, text after a closing quote, NUL, invalid UTF-8,
// and a row with another number of cells than the header are complaints; then nothing is returned.
std::optional<std::vector<CsvRow>> parse_csv(const std::string& name, std::string_view text, Complaints& complaints,
                                             char separator = ',');

// What separates the cells of a file that a spreadsheet wrote: the one of comma, semicolon and tab that stands most
// often in its header; the comma where none does.
char csv_separator(std::string_view text);

}  // namespace headgate
