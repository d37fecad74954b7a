#include "headgate/stats/mcnemar.hpp"

#include <algorithm>

#include "headgate/stats/distributions.hpp"

namespace headgate::stats {

McNemar mcnemar(std::uint64_t gains, std::uint64_t losses) {
  const auto b = static_cast<double>(gains);
  const auto c = static_cast<double>(losses);
  const double n = b + c;
  if (n == 0.0) return {};
  const double fewer = std::min(b, c);
  const double twice = 2.0 * binomial_cdf(fewer, n, 0.5);
  const double point = binomial_pmf(fewer, n, 0.5);
  McNemar result;
  result.p_exact = std::min(1.0, twice);
  result.p_mid = b == c ? 1.0 - point : std::clamp(twice - point, 0.0, 1.0);
  result.p_harm = binomial_upper_tail(c, n, 0.5);
  return result;
}

}  // namespace headgate::stats
