// How often, how many at once, how long and how dear: what an operator allows a route.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "headgate/base/clock.hpp"
#include "headgate/domain/reply.hpp"

namespace headgate::route {

enum class RetryAfter : std::uint8_t {
  honour,  // wait as long as the provider asks, at most two minutes
  cap,     // at most `retry_after_cap`
  ignore,  // as if it had not been said
};

// Of one pool: all calls with one host, key and model family, of both arms and of judges. Where lanes that share a pool
// were given different numbers, the strictest of each counts.
struct PoolLimits {
  std::optional<std::size_t> in_flight;  // written: how many may be out from the start; absent: found out, up to 64
  std::optional<double> requests_per_minute;
  std::optional<double> tokens_per_minute;
  RetryAfter retry_after = RetryAfter::honour;
  Millis retry_after_cap{10'000};
  Millis no_progress{300'000};  // without any success for so long, the pool stops
  Millis deadline{600'000};     // of one call, waiting and all its tries included, from its first sending
  bool retries = true;          // false (--fail-fast): one try, and a pause is an error
};
PoolLimits strictest(const PoolLimits& a, const PoolLimits& b);

// USD. Absent: unknown, which is not zero.
struct Price {
  std::optional<double> input_per_mtok, output_per_mtok, cached_input_per_mtok;
  std::optional<double> per_call;

  bool is_written() const { return input_per_mtok || output_per_mtok || cached_input_per_mtok || per_call; }
};

// What a reply cost; nothing where a price or a count that it needs is unknown. Cached input tokens are part of the
// input tokens; without a price of their own they cost as much.
std::optional<double> cost_of(const Price& price, const Usage& usage);

// An estimate for what is not sent yet: a token for every four bytes of text, rounded up, and four for each message.
double estimated_tokens(std::size_t text_bytes, std::size_t messages);

// The most a call is expected to cost: the estimate of its input and a fifth more, and all of `max_output_tokens`.
// Nothing where no price is known, or the output costs and has no bound.
std::optional<double> worst_cost(const Price& price, double input_tokens, std::optional<double> max_output_tokens);

// "$0.84", "$25.00", "$0.000026": cents, and as many digits more as keep it within half a percent, so that a small
// amount is not shown as nothing and a cap not as another.
std::string usd(double amount);

}  // namespace headgate::route
