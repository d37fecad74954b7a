// A reply's table against an expected one.
#pragma once

#include <string>
#include <vector>

#include "decimal.hpp"
#include "headgate/base/json.hpp"
#include "table_in_text.hpp"
#include "verdict.hpp"

namespace headgate::grade {

inline constexpr std::size_t max_table_pairs = 4'000'000;  // of rows, where all are tried with all

struct WantedTable {
  std::vector<std::string> columns;
  std::vector<std::vector<Json>> rows;  // texts, numbers, true, false; null is an empty cell
};

// From CSV text (a string), a list of objects, or a list of lists whose first names the columns.
tl::expected<WantedTable, std::string> wanted_table(const Json& value);

struct TableComparison {
  std::vector<std::string> keys;  // columns that say which rows belong together; empty: their position
  bool any_order = false;         // without keys: whichever rows fit
  bool numeric = false;           // texts that are numbers on both sides are compared as numbers
  Tolerance tolerance;
};

struct TableLikeness {
  std::size_t rows = 0, matching_rows = 0;    // of the longer table
  std::size_t cells = 0, matching_cells = 0;  // of the wanted columns in as many rows
  std::string first_difference;               // a sentence without a full stop; empty: none
};

// Compares the columns that are wanted. Fails (grader_failed) where the wanted table is too long to be tried.
Judged<TableLikeness> likeness(const TextTable& found, const WantedTable& wanted, const TableComparison& how);

}  // namespace headgate::grade
