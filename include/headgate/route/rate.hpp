// What a provider says about how fast it may be called.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "headgate/route/transport.hpp"

namespace headgate::route {

// Absent: not said, or not understood. Seconds are finite, >= 0 and cut at a day.
struct RateSays {
  std::optional<double> retry_after_s;  // Retry-After (seconds, decimals, HTTP date), retry-after-ms
  struct Window {
    std::optional<double> limit, remaining, reset_s;
  };
  Window requests, tokens;  // x-ratelimit-*-{requests,tokens}, anthropic-ratelimit-{requests,tokens,input-tokens,…}-*

  bool says_nothing() const;
};

// Dates count from the reply's own Date header where it has one, else from `wall_seconds`: no clock need agree with
// the provider's. Pure; for hostile headers.
RateSays read_rate(const HttpAnswer& answer, std::int64_t wall_seconds);

// "1s", "6m0s", "1h2m3.5s", "250ms", or bare seconds.
std::optional<double> read_duration_s(std::string_view text);
// "Fri, 20 Nov 2026 12:00:00 GMT" and RFC 3339 stamps, as seconds since 1970.
std::optional<double> read_http_date(std::string_view text);
std::optional<double> read_rfc3339(std::string_view text);

}  // namespace headgate::route
