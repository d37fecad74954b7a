// Distances between sequences of symbols, 64 cells of the table at a time.
#pragma once

#include <cstdint>
#include <optional>

#include "symbols.hpp"

namespace headgate::grade {

// Cells of the table, lengths multiplied: some seconds on a slow machine. A reply of 16 MB against a reference of a
// thousand characters is within it.
inline constexpr std::uint64_t max_table_cells = std::uint64_t{1} << 34;

// Nothing where the table would have more than max_table_cells.
//
// Insertions, deletions and substitutions of one symbol, each at the price of 1 (Levenshtein 1966), by the bit vectors
// of Myers (1999) in the blocks of Hyyrö (2003).
std::optional<std::size_t> levenshtein_distance(Symbols a, Symbols b);
// The length of the longest common subsequence, by the bit vectors of Hyyrö (2004).
std::optional<std::size_t> common_subsequence(Symbols a, Symbols b);

}  // namespace headgate::grade
