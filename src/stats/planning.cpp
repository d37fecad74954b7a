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
constexpr std::uint64_t largest_enumeration = 20000;

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
  if (n > largest_enumeration) return std::nullopt;
  if (n == 0) return ExactPower{};

  std::vector<double> log_factorial(n + 1, 0.0);
  for (std::size_t k = 1; k <= n; ++k) log_factorial[k] = log_factorial[k - 1] + std::log(static_cast<double>(k));
  const double log_gain = std::log((plan.discordance + plan.true_delta) / 2.0);
  const double log_loss = std::log((plan.discordance - plan.true_delta) / 2.0);
  const double log_tie = std::log1p(-plan.discordance);
  const double z = normal_upper_quantile(plan.alpha);
  const auto size = static_cast<double>(n);

  // Half of n^2 outcomes lighter than this add up to less than 1e-18.
  constexpr double negligible = -60.0;
  ExactPower power;
  for (std::size_t gains = 0; gains <= n; ++gains) {
    const auto b = static_cast<double>(gains);
    const double log_first = log_factorial[n] - log_factorial[gains] + log_power(log_gain, b);
    for (std::size_t losses = 0; losses <= n - gains; ++losses) {
      const auto c = static_cast<double>(losses);
      const std::size_t ties = n - gains - losses;
      const double log_p = log_first - log_factorial[losses] - log_factorial[ties] + log_power(log_loss, c) +
                           log_power(log_tie, static_cast<double>(ties));
      if (log_p < negligible) continue;
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

}  // namespace headgate::stats
