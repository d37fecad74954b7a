// The sign-flip permutation test: were these differences symmetric about 0? For reports.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace headgate::stats {

// 2^20 sums take a few milliseconds; beyond that the Monte Carlo form is the one to use.
inline constexpr std::size_t max_exact_sign_flips = 20;

struct SignFlip {
  double p_greater = 1.0;
  double p_less = 1.0;
  double p_two_sided = 1.0;
};

// All 2^n sign patterns (Fisher 1935; Pitman 1937); a sum within 1e-9 of the observed one, in units of sum |d|, counts
// as equal. n = 0 gives 1 everywhere, n = 1 one half on its own side. Nothing for n > max_exact_sign_flips or a value
// that is not finite.
std::optional<SignFlip> sign_flip_exact(std::span<const double> d);

// (1 + hits) / (1 + draws) from seeded random patterns, so never 0 (Phipson and Smyth 2010). Same seed, same answer.
// Nothing for draws = 0 or a value that is not finite.
std::optional<SignFlip> sign_flip_monte_carlo(std::span<const double> d, std::uint32_t draws, std::uint64_t seed);

}  // namespace headgate::stats
