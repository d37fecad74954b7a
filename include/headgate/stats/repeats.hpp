// Several trials of one case: what a pass means then, and how much of the spread is the route's own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace headgate::stats {

// Of n trials, c passed.
struct Trials {
  std::uint64_t n = 0;
  std::uint64_t c = 0;
};

// Chance that k trials drawn without replacement contain at least one pass: 1 - C(n-c, k) / C(n, k) (Chen et al. 2021).
// Nothing when k > n or c > n: neither 1 nor 0 would be true.
std::optional<double> pass_at_k(Trials trials, std::uint64_t k);

// Chance that all k pass: C(c, k) / C(n, k) (Yao et al. 2024). Not (c/n)^k, which is biased upwards.
std::optional<double> pass_hat_k(Trials trials, std::uint64_t k);

struct VarianceComponents {
  std::optional<double> within;   // between trials of a case; absent with one trial
  std::optional<double> between;  // between cases, floored at 0; absent with one trial or one case
  std::optional<double> se_mean;  // of the mean over cases; absent with one case
  std::size_t flaky_cases = 0;    // cases whose mean is strictly between 0 and 1
};

// Balanced one-way analysis of variance by the method of moments (Searle, Casella and McCulloch 1992). `scores` holds
// `trials` scores of the first case, then of the second, and so on. Nothing when empty, when trials is 0 or does not
// divide the length, or a score is not finite.
std::optional<VarianceComponents> variance_components(std::span<const double> scores, std::size_t trials);

}  // namespace headgate::stats
