// What is unknown stays in the sample: a missing score is filled in once against the candidate and once for it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace headgate::stats {

struct Completion {
  std::vector<double> adverse;        // differences with every missing score against the candidate
  std::vector<double> favourable;     // the same, for it
  std::size_t missing_candidate = 0;  // pairs that miss only the candidate's score
  std::size_t missing_baseline = 0;   // pairs that miss only the baseline's
  std::size_t missing_both = 0;
};

// Manski's worst-case bounds (1989) pair by pair: candidate -> 0 or 1, baseline -> 1 or 0, both -> -1 or +1. A score
// that is not finite or outside [0, 1] is missing. No pair gives no difference; lengths that differ give nothing.
std::optional<Completion> complete_differences(std::span<const std::optional<double>> candidate,
                                               std::span<const std::optional<double>> baseline);

}  // namespace headgate::stats
