// How many cases a threshold needs, so that a hopeless gate is told so before money is spent.
#pragma once

#include <cstdint>
#include <optional>

namespace headgate::stats {

// Shares of pairs on which two arms differ, as seen in practice: near relatives, and different models. Where nothing was
// measured the second is what to plan with.
inline constexpr double usual_discordances[] = {0.1, 0.2};

struct PairedPlan {
  double discordance = 0.2;  // psi: share of pairs on which the arms differ
  double margin = 0.0;       // m: the loss that is still allowed
  double true_delta = 0.0;   // what the candidate is really worth
  double alpha = 0.025;
  double power = 0.8;
};

// Pairs needed to prove "not worse than -margin": ceil((z_alpha + z_beta)^2 (psi - delta^2) / (delta + m)^2), at least
// 1 (the usual normal approximation; Tango 1999, Lu and Bean 1995). Multiply by the design effect n R for clusters.
// Nothing, meaning impossible, when delta + m <= 0; nothing either for psi outside [0, 1] or below |delta|, alpha
// outside (0, 1/2), power outside (1/2, 1), or an n beyond 2^53.
std::optional<std::uint64_t> plan_n_paired(const PairedPlan& plan);

// The smallest margin that n pairs can be expected to prove for an equal candidate: (z_alpha + z_beta) sqrt(psi / n).
// Nothing for n = 0 or arguments out of range.
std::optional<double> smallest_margin(std::uint64_t n, double discordance, double alpha = 0.025, double power = 0.8);

// What an inconclusive score test says about its own needs.
struct NeededN {
  double distance = 0.0;       // estimate - theta0: how far the estimate is on the good side
  double null_variance = 0.0;  // sigma0^2 at theta0
  double design_effect = 1.0;  // n * R
  double alpha = 0.025;
  double power = 0.8;
};

// Cases needed if the estimate holds. Nothing when distance <= 0 ("more cases will not help") or arguments are out of
// range.
std::optional<std::uint64_t> needed_n(const NeededN& question);

struct ExactPower {
  double p_pass = 0.0;  // T(-margin) >= z
  double p_fail = 0.0;  // T(-margin) <= -z
};

// Beyond this many pairs nothing is enumerated.
inline constexpr std::uint64_t most_exact_pairs = 20'000;

// Chances of the paired score test of `plan.margin` with n pairs, by enumerating every (gains, losses) but for tails of
// 1e-15: milliseconds for n = 5000, some tens for 20000. `plan.power` is not read; a negative margin asks for a gain.
// n = 0 has chance 0 of either. Nothing for discordance outside [0, 1] or below |true_delta|, margin outside (-1, 1),
// alpha outside (0, 1/2), or n > most_exact_pairs.
std::optional<ExactPower> exact_power_paired(std::uint64_t n, const PairedPlan& plan);

// The same for any n: beyond most_exact_pairs by normal approximation, which is within .004 of the exact chance there
// (compared at n = 20000 for margins of .002 to .02 and discordances of .01 to .4).
std::optional<ExactPower> power_paired(std::uint64_t n, const PairedPlan& plan);

}  // namespace headgate::stats
