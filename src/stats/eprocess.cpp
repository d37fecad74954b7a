#include "headgate/stats/eprocess.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headgate::stats {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// Geometric from .03 to .9. Small stakes earn on large suites with small margins, large ones on clear candidates.
std::array<double, e_process_stakes> stakes() {
  constexpr double smallest = 0.03;
  constexpr double largest = 0.9;
  std::array<double, e_process_stakes> values{};
  for (std::size_t j = 0; j < values.size(); ++j) {
    values[j] = smallest * std::pow(largest / smallest, static_cast<double>(j) / (e_process_stakes - 1.0));
  }
  return values;
}

double log_mean_exp(const std::array<double, e_process_stakes>& logs) {
  const double largest = *std::max_element(logs.begin(), logs.end());
  double sum = 0.0;
  for (const double value : logs) sum += std::exp(value - largest);
  return largest + std::log(sum / e_process_stakes);
}

}  // namespace

std::optional<EProcess> EProcess::start(const EProcessPlan& plan) {
  if (!(plan.margin > -1.0 && plan.margin < 1.0)) return std::nullopt;
  return EProcess(plan);
}

EProcess::EProcess(const EProcessPlan& plan)
    : plan_(plan), null_mean_(plan.side == BetSide::admit ? (1.0 - plan.margin) / 2.0 : (1.0 + plan.margin) / 2.0) {}

// The mean that the null leaves to the cases still unseen; below 0 when what was seen already refutes it.
double EProcess::null_mean() const {
  if (plan_.population == 0) return null_mean_;
  const auto population = static_cast<double>(plan_.population);
  const double left = population * null_mean_ - seen_;
  // A remainder of rounding is not a refutation.
  if (std::abs(left) <= 1e-12 * population) return 0.0;
  return std::min(1.0, left / (population - static_cast<double>(steps_)));
}

double EProcess::step(double d) {
  if (!(d >= -1.0 && d <= 1.0) || (plan_.population > 0 && steps_ >= plan_.population)) return log_e_;
  static const std::array<double, e_process_stakes> bets = stakes();
  const double x = plan_.side == BetSide::admit ? (d + 1.0) / 2.0 : (1.0 - d) / 2.0;
  const double mean = null_mean();
  seen_ += x;
  ++steps_;
  if (log_e_ == infinity) return log_e_;
  if (mean < 0.0 || (mean == 0.0 && x > 0.0)) {
    log_e_ = infinity;
    return log_e_;
  }
  const double gain = mean > 0.0 ? x / mean - 1.0 : -1.0;
  for (std::size_t j = 0; j < bets.size(); ++j) log_fortunes_[j] += std::log1p(bets[j] * gain);
  log_e_ = log_mean_exp(log_fortunes_);
  return log_e_;
}

bool EProcess::rejects(double alpha) const { return alpha > 0.0 && log_e_ >= -std::log(alpha); }

}  // namespace headgate::stats
