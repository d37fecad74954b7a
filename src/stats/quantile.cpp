#include "headgate/stats/quantile.hpp"

#include <cmath>

#include "headgate/stats/bounds.hpp"
#include "headgate/stats/distributions.hpp"
#include "numbers.hpp"

namespace headgate::stats {

QuantileRanks quantile_ranks(std::uint64_t n, double q, double alpha) {
  if (n == 0 || !(q > 0.0 && q < 1.0) || !is_level(alpha)) return {};
  const auto size = static_cast<double>(n);
  // Both tests are on the small tail, where alpha is not lost in 1 - alpha.
  const auto reaches_above = [&](std::uint64_t r) {
    return binomial_upper_tail(static_cast<double>(r), size, q) <= alpha;
  };
  const auto reaches_below = [&](std::uint64_t r) {
    return binomial_cdf(static_cast<double>(r) - 1.0, size, q) <= alpha;
  };

  QuantileRanks ranks;
  if (reaches_above(n)) {
    std::uint64_t no = 0;
    std::uint64_t yes = n;
    while (yes - no > 1) {
      const std::uint64_t middle = no + (yes - no) / 2;
      (reaches_above(middle) ? yes : no) = middle;
    }
    ranks.upper = yes;
  }
  if (reaches_below(1)) {
    std::uint64_t yes = 1;
    std::uint64_t no = n + 1;
    while (no - yes > 1) {
      const std::uint64_t middle = yes + (no - yes) / 2;
      (reaches_below(middle) ? yes : no) = middle;
    }
    ranks.lower = yes;
  }
  return ranks;
}

std::optional<double> quantile_type7(std::span<const double> sorted, double p) {
  if (sorted.empty() || !(p >= 0.0 && p <= 1.0)) return std::nullopt;
  const double position = p * real(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const double share = position - real(below);
  const double low = sorted[below];
  if (share == 0.0 || below + 1 == sorted.size()) return low;
  const double high = sorted[below + 1];
  return std::isinf(low) || low == high ? low : low + share * (high - low);
}

}  // namespace headgate::stats
