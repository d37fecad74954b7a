// The folder that `init` writes: a gate that runs at once and is meant to be rewritten.
#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace headgate::cli {

inline constexpr std::size_t starter_cases = 100;
inline constexpr std::size_t most_starter_cases = 10'000;

// Relative path to content, without suite.lock. Thresholds are what `cases` can carry: the smallest max_loss that an
// equal candidate meets with about 80 % chance where the routes differ on a fifth of the cases. Fewer than 100 cases carry
// shadow only.
std::map<std::string, std::string> starter_files(std::size_t cases);

}  // namespace headgate::cli
