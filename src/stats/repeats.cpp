#include "headgate/stats/repeats.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "numbers.hpp"

namespace headgate::stats {

namespace {

// C(from, k) / C(n, k) for from <= n, as a product of factors below 1, so nothing overflows.
double share_of_draws(std::uint64_t from, std::uint64_t n, std::uint64_t k) {
  if (k > from) return 0.0;
  double share = 1.0;
  // C(from, k) / C(n, k) = C(n-k, n-from) / C(n, n-from): the shorter of the two products is taken.
  const std::uint64_t others = n - from;
  const std::uint64_t factors = std::min(k, others);
  const std::uint64_t gap = std::max(k, others);
  for (std::uint64_t i = 0; i < factors; ++i) {
    share *= static_cast<double>(n - gap - i) / static_cast<double>(n - i);
  }
  return share;
}

}  // namespace

std::optional<double> pass_at_k(Trials trials, std::uint64_t k) {
  if (k > trials.n || trials.c > trials.n) return std::nullopt;
  return 1.0 - share_of_draws(trials.n - trials.c, trials.n, k);
}

std::optional<double> pass_hat_k(Trials trials, std::uint64_t k) {
  if (k > trials.n || trials.c > trials.n) return std::nullopt;
  return share_of_draws(trials.c, trials.n, k);
}

std::optional<VarianceComponents> variance_components(std::span<const double> scores, std::size_t trials) {
  if (scores.empty() || trials == 0 || scores.size() % trials != 0 || !all_finite(scores)) return std::nullopt;
  const std::size_t cases = scores.size() / trials;
  const double k = real(trials);

  VarianceComponents result;
  std::vector<double> means;
  double squares_within = 0.0;
  for (std::size_t i = 0; i < cases; ++i) {
    const auto own = scores.subspan(i * trials, trials);
    means.push_back(all_equal(own) ? own.front() : mean_of(own));
    squares_within += squares_about(own, means.back());
    if (means.back() > 0.0 && means.back() < 1.0) ++result.flaky_cases;
  }
  if (trials > 1) result.within = squares_within / (real(cases) * (k - 1.0));
  if (cases > 1) {
    const double variance = all_equal(means) ? 0.0 : squares_about(means, mean_of(means)) / (real(cases) - 1.0);
    result.se_mean = std::sqrt(variance / real(cases));
    if (result.within) result.between = std::max(0.0, (k * variance - *result.within) / k);
  }
  return result;
}

}  // namespace headgate::stats
