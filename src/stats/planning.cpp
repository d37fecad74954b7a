#include "headgate/stats/planning.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "headgate/stats/bounds.hpp"
#include "headgate/stats/distributions.hpp"
#include "tango.hpp"

namespace headgate::stats {

namespace {

constexpr double largest_exact_count = 9007199254740992.0;  // 2^53

bool is_power(double power) { return power > 0.5 && power < 1.0; }

bool possible(const PairedPlan& plan) {
  return plan.discordance >= 0.0 && plan.discordance <= 1.0 && std::abs(plan.true_delta) <= plan.discordance;
}

double both_quantiles(double alpha, double power) {
  return normal_upper_quantile(alpha) + normal_upper_quantile(1.0 - power);
}

std::optional<std::uint64_t> whole(double n) {
  if (!(n >= 0.0 && n < largest_exact_count)) return std::nullopt;
  return static_cast<std::uint64_t>(std::max(1.0, std::ceil(n)));
}

// log p^k, also where p is 0.
double log_power(double log_p, double k) { return k == 0.0 ? 0.0 : k * log_p; }

struct Window {
  std::size_t first = 0;
  std::size_t last = 0;  // inclusive
};

// All that Bin(n, p) can come to but for a chance of at most 1e-15 (Bernstein's inequality, both tails).
Window likely(double n, double p) {
  constexpr double rare = 36.0;  // exp(-36) is 2e-16
  const double reach = rare / 1.5 + std::sqrt(rare * rare / 2.25 + 2.0 * rare * n * p * (1.0 - p));
  const double middle = n * p;
  return {static_cast<std::size_t>(std::max(0.0, std::floor(middle - reach))),
          static_cast<std::size_t>(std::min(n, std::ceil(middle + reach)))};
}

// The usual normal approximation, with the variance that the hypothesis allows in T and the true one in the sample.
ExactPower normal_power(double n, const PairedPlan& plan) {
  const double b = n * (plan.discordance + plan.true_delta) / 2.0;
  const double c = n * (plan.discordance - plan.true_delta) / 2.0;
  const double z = normal_upper_quantile(plan.alpha) * std::sqrt(tango_variance(b, c, n, -plan.margin));
  const double distance = n * (plan.true_delta + plan.margin);
  const double spread = std::sqrt(n * (plan.discordance - plan.true_delta * plan.true_delta));
  if (spread == 0.0) return {distance >= z ? 1.0 : 0.0, distance <= -z ? 1.0 : 0.0};
  return {normal_cdf((distance - z) / spread), normal_cdf((-distance - z) / spread)};
}

}  // namespace

std::optional<std::uint64_t> plan_n_paired(const PairedPlan& plan) {
  if (!possible(plan) || !is_level(plan.alpha) || !is_power(plan.power)) return std::nullopt;
  const double distance = plan.true_delta + plan.margin;
  const double variance = plan.discordance - plan.true_delta * plan.true_delta;
  const double quantiles = both_quantiles(plan.alpha, plan.power);
  if (!(distance > 0.0)) return std::nullopt;
  return whole(quantiles * quantiles * variance / (distance * distance));
}

std::optional<double> smallest_margin(std::uint64_t n, double discordance, double alpha, double power) {
  if (n == 0 || !(discordance >= 0.0 && discordance <= 1.0) || !is_level(alpha) || !is_power(power)) {
    return std::nullopt;
  }
  return both_quantiles(alpha, power) * std::sqrt(discordance / static_cast<double>(n));
}

std::optional<std::uint64_t> needed_n(const NeededN& question) {
  if (!is_level(question.alpha) || !is_power(question.power) || !(question.distance > 0.0) ||
      !(question.null_variance >= 0.0) || !(question.design_effect > 0.0)) {
    return std::nullopt;
  }
  const double quantiles = both_quantiles(question.alpha, question.power);
  return whole(quantiles * quantiles * question.null_variance * question.design_effect /
               (question.distance * question.distance));
}

std::optional<ExactPower> exact_power_paired(std::uint64_t n, const PairedPlan& plan) {
  if (!possible(plan) || !is_level(plan.alpha) || !(plan.margin > -1.0 && plan.margin < 1.0)) return std::nullopt;
  if (n > most_exact_pairs) return std::nullopt;
  if (n == 0) return ExactPower{};

  std::vector<double> log_factorial(n + 1, 0.0);
  for (std::size_t k = 1; k <= n; ++k) log_factorial[k] = log_factorial[k - 1] + std::log(static_cast<double>(k));
  const double log_tie = std::log1p(-plan.discordance);
  const double z = normal_upper_quantile(plan.alpha);
  const auto size = static_cast<double>(n);

  const double gain = (plan.discordance + plan.true_delta) / 2.0;
  const double loss = (plan.discordance - plan.true_delta) / 2.0;
  const double log_gain = std::log(gain);
  const double log_loss = std::log(loss);
  const Window all_gains = likely(size, gain);
  ExactPower power;
  for (std::size_t gains = all_gains.first; gains <= all_gains.last; ++gains) {
    const auto b = static_cast<double>(gains);
    const double log_first = log_factorial[n] - log_factorial[gains] + log_power(log_gain, b);
    // What is left is no gain, so a loss is likelier among it.
    const Window all_losses = likely(size - b, gain < 1.0 ? std::min(1.0, loss / (1.0 - gain)) : 0.0);
    for (std::size_t losses = all_losses.first; losses <= all_losses.last; ++losses) {
      const auto c = static_cast<double>(losses);
      const std::size_t ties = n - gains - losses;
      const double log_p = log_first - log_factorial[losses] - log_factorial[ties] + log_power(log_loss, c) +
                           log_power(log_tie, static_cast<double>(ties));
      const double t = tango_statistic(b, c, size, -plan.margin);
      if (t >= z) {
        power.p_pass += std::exp(log_p);
      } else if (t <= -z) {
        power.p_fail += std::exp(log_p);
      }
    }
  }
  return power;
}

std::optional<ExactPower> power_paired(std::uint64_t n, const PairedPlan& plan) {
  if (n <= most_exact_pairs) return exact_power_paired(n, plan);
  if (!possible(plan) || !is_level(plan.alpha) || !(plan.margin > -1.0 && plan.margin < 1.0)) return std::nullopt;
  return normal_power(static_cast<double>(n), plan);
}

}  // namespace headgate::stats
