#include "headgate/route/limits.hpp"

#include <algorithm>
#include <cmath>

#include "headgate/base/text.hpp"

namespace headgate::route {
namespace {

constexpr double tokens_per_price = 1e6;
constexpr double bytes_per_token = 4.0;
constexpr double tokens_per_message = 4.0;
constexpr double input_margin = 1.2;
constexpr int most_digits = 12;  // of an amount in dollars, after the point

template <class T>
std::optional<T> least(const std::optional<T>& a, const std::optional<T>& b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

// A bill is a finite sum from zero on; anything else is not known.
std::optional<double> bill(double usd) {
  if (!std::isfinite(usd) || usd < 0.0) return std::nullopt;
  return usd;
}

bool per_token(const Price& price) {
  return price.input_per_mtok || price.output_per_mtok || price.cached_input_per_mtok;
}

}  // namespace

PoolLimits strictest(const PoolLimits& a, const PoolLimits& b) {
  PoolLimits out;
  out.in_flight = least(a.in_flight, b.in_flight);
  out.requests_per_minute = least(a.requests_per_minute, b.requests_per_minute);
  out.tokens_per_minute = least(a.tokens_per_minute, b.tokens_per_minute);
  // The words of RetryAfter stand from the longest wait to the shortest.
  out.retry_after = std::min(a.retry_after, b.retry_after);
  const bool both_cap = a.retry_after == b.retry_after;
  out.retry_after_cap = both_cap                           ? std::max(a.retry_after_cap, b.retry_after_cap)
                        : a.retry_after == out.retry_after ? a.retry_after_cap
                                                           : b.retry_after_cap;
  out.no_progress = std::min(a.no_progress, b.no_progress);
  out.deadline = std::min(a.deadline, b.deadline);
  out.retries = a.retries && b.retries;
  return out;
}

std::optional<double> cost_of(const Price& price, const Usage& usage) {
  if (!per_token(price)) return price.per_call ? bill(*price.per_call) : std::nullopt;
  if (!price.input_per_mtok || !price.output_per_mtok || !usage.input_tokens || !usage.output_tokens) {
    return std::nullopt;
  }
  const auto input = static_cast<double>(*usage.input_tokens);
  const auto output = static_cast<double>(*usage.output_tokens);
  double usd = price.per_call.value_or(0.0) + output * *price.output_per_mtok / tokens_per_price;
  if (!price.cached_input_per_mtok) return bill(usd + input * *price.input_per_mtok / tokens_per_price);
  if (!usage.cached_input_tokens || *usage.cached_input_tokens > *usage.input_tokens) return std::nullopt;
  const auto cached = static_cast<double>(*usage.cached_input_tokens);
  usd += (input - cached) * *price.input_per_mtok / tokens_per_price;
  return bill(usd + cached * *price.cached_input_per_mtok / tokens_per_price);
}

double estimated_tokens(std::size_t text_bytes, std::size_t messages) {
  return std::ceil(static_cast<double>(text_bytes) / bytes_per_token) +
         tokens_per_message * static_cast<double>(messages);
}

std::optional<double> worst_cost(const Price& price, double input_tokens, std::optional<double> max_output_tokens) {
  if (!per_token(price)) return price.per_call ? bill(*price.per_call) : std::nullopt;
  if (!price.input_per_mtok || !price.output_per_mtok) return std::nullopt;
  const bool output_costs = *price.output_per_mtok != 0.0;
  if (output_costs && !max_output_tokens) return std::nullopt;
  // Which of it will be cached nobody knows before: the dearer of the two input prices counts.
  const double input_price = std::max(*price.input_per_mtok, price.cached_input_per_mtok.value_or(0.0));
  const double output = output_costs ? *max_output_tokens * *price.output_per_mtok : 0.0;
  return bill(price.per_call.value_or(0.0) + (input_margin * input_tokens * input_price + output) / tokens_per_price);
}

std::string usd(double amount) {
  if (!std::isfinite(amount)) return "an unknown amount";
  constexpr double tolerance = 0.005;
  double unit = 0.01;
  int digits = 2;
  for (; digits < most_digits && std::abs(std::round(amount / unit) * unit - amount) > tolerance * std::abs(amount);
       ++digits) {
    unit /= 10.0;
  }
  return "$" + fixed(amount, digits);
}

}  // namespace headgate::route
