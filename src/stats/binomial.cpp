#include "headgate/stats/binomial.hpp"

#include <cmath>

#include "headgate/stats/distributions.hpp"

namespace headgate::stats {

namespace {

constexpr double largest_exact_count = 9007199254740992.0;  // 2^53

bool valid(Events events, double alpha) {
  return std::isfinite(events.n) && events.x >= 0.0 && events.x <= events.n && is_level(alpha);
}

}  // namespace

std::optional<Bounds> clopper_pearson(Events events, double alpha) {
  if (!valid(events, alpha)) return std::nullopt;
  const auto [x, n] = events;
  Bounds bounds{0.0, 1.0};
  if (x > 0.0) bounds.lower = beta_quantile(alpha, x, n - x + 1.0);
  if (x < n) bounds.upper = beta_upper_quantile(alpha, x + 1.0, n - x);
  return bounds;
}

std::optional<Bounds> wilson(Events events, double alpha) {
  if (!valid(events, alpha)) return std::nullopt;
  const auto [x, n] = events;
  if (n == 0.0) return Bounds{0.0, 1.0};
  const double z = normal_upper_quantile(alpha);
  const double p = x / n;
  const double scale = 1.0 + z * z / n;
  const double centre = (p + z * z / (2.0 * n)) / scale;
  const double half = z * std::sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n)) / scale;
  return Bounds{x > 0.0 ? centre - half : 0.0, x < n ? centre + half : 1.0};
}

std::optional<Bounds> jeffreys(Events events, double alpha) {
  if (!valid(events, alpha)) return std::nullopt;
  const auto [x, n] = events;
  Bounds bounds{0.0, 1.0};
  if (x > 0.0) bounds.lower = beta_quantile(alpha, x + 0.5, n - x + 0.5);
  if (x < n) bounds.upper = beta_upper_quantile(alpha, x + 0.5, n - x + 0.5);
  return bounds;
}

std::optional<std::uint64_t> min_n_zero_failures(double p_max, double alpha) {
  if (!is_level(alpha) || !(p_max > 0.0)) return std::nullopt;
  if (p_max >= 1.0) return 1;
  const double log_miss = std::log1p(-p_max);
  const double real_n = std::ceil(std::log(alpha) / log_miss);
  if (!(real_n < largest_exact_count)) return std::nullopt;
  // The division can land on the wrong side of an integer by one rounding; the definition settles it. The power is
  // right where both numbers are short (one half squared is one quarter), the exponential where p_max is tiny.
  const auto enough = [&](std::uint64_t cases) {
    const auto c = static_cast<double>(cases);
    return std::pow(1.0 - p_max, c) <= alpha || std::exp(c * log_miss) <= alpha;
  };
  auto n = static_cast<std::uint64_t>(real_n);
  if (n > 1 && enough(n - 1)) --n;
  if (!enough(n)) ++n;
  return n;
}

std::int64_t max_failures_allowed(std::uint64_t n, double p_max, double alpha) {
  if (!is_level(alpha) || std::isnan(p_max) || p_max < 0.0) return -1;
  const auto acceptable = [&](std::int64_t x) {
    const auto bounds = clopper_pearson({static_cast<double>(x), static_cast<double>(n)}, alpha);
    return bounds && bounds->upper <= p_max;
  };
  std::int64_t good = -1;
  std::int64_t bad = static_cast<std::int64_t>(n) + 1;
  while (bad - good > 1) {
    const std::int64_t middle = good + (bad - good) / 2;
    (acceptable(middle) ? good : bad) = middle;
  }
  return good;
}

}  // namespace headgate::stats
