// Intervals for the difference of two paired proportions, from counts.
//
// The score forms are the ones that decide. They are what `score.hpp` gives on {-1, 0, 1} data, in closed form, so they
// cost the same for ten items and ten million.
#pragma once

#include <cstdint>
#include <optional>

#include "headgate/stats/bounds.hpp"

namespace headgate::stats {

// Of n pairs, `gains` were passed by the candidate alone and `losses` by the baseline alone.
// Functions return nothing when n = 0 or gains + losses > n. n = 1 is regular.
struct PairedCounts {
  std::uint64_t gains = 0;
  std::uint64_t losses = 0;
  std::uint64_t n = 0;
};

// Tango's score statistic of difference = delta0 (Tango 1998), positive when the sample lies above delta0.
// Nothing unless -1 < delta0 < 1.
std::optional<double> paired_score_statistic(PairedCounts counts, double delta0);

// The differences at which that statistic is +z and -z. Always inside [-1, 1] and never of zero width: without any
// discordant pair it is +- z^2 / (n + z^2).
std::optional<Bounds> paired_score_bounds(PairedCounts counts, double alpha);

// The full table of n pairs. All four zero gives nothing.
struct PairedTable {
  std::uint64_t both = 0;
  std::uint64_t candidate_only = 0;
  std::uint64_t baseline_only = 0;
  std::uint64_t neither = 0;
};

// Square-and-add of two Wilson intervals with the phi correlation, continuity-corrected when positive (Newcombe 1998,
// method 10); phi is 0 when a margin is empty. Display only.
std::optional<Bounds> newcombe_paired(PairedTable table, double alpha);

}  // namespace headgate::stats
