#include "headgate/route/rate.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "headgate/base/unicode.hpp"

namespace headgate::route {
namespace {

constexpr double day_s = 86400.0;
// Bare numbers this great are moments since 1970 (in seconds, or in milliseconds), lesser ones are spans.
constexpr double least_epoch_s = 1e9;
constexpr double least_epoch_ms = 1e12;
constexpr std::size_t longest_value = 64;

// Finite and not negative, all of the text.
std::optional<double> number(std::string_view text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value) || value < 0.0) return std::nullopt;
  return value;
}

std::optional<double> date(std::string_view text) {
  if (const auto http = read_http_date(text)) return http;
  return read_rfc3339(text);
}

double within_a_day(double seconds) { return std::clamp(seconds, 0.0, day_s); }

class Reader {
 public:
  Reader(const HttpAnswer& answer, std::int64_t wall_seconds)
      : answer_(answer), now_(static_cast<double>(wall_seconds)) {
    if (const auto said = value("date")) {
      if (const auto moment = date(*said)) now_ = *moment;
    }
  }

  std::optional<double> retry_after() const {
    if (const auto ms = count("retry-after-ms")) return within_a_day(*ms / 1000.0);
    const auto said = value("retry-after");
    if (!said) return std::nullopt;
    if (const auto seconds = number(*said)) return within_a_day(*seconds);
    if (const auto moment = date(*said)) return within_a_day(*moment - now_);
    return std::nullopt;
  }

  // The two orders of words: <family>-limit-<what>, and <family>-<what>-limit.
  RateSays::Window openai(std::string_view family, std::string_view what) const {
    const auto header = [&](std::string_view part) { return joined(family, part, what); };
    return {count(header("limit")), count(header("remaining")), reset(header("reset"))};
  }
  RateSays::Window anthropic(std::string_view what) const {
    const auto header = [&](std::string_view part) { return joined("anthropic-ratelimit", what, part); };
    return {count(header("limit")), count(header("remaining")), reset(header("reset"))};
  }

 private:
  static std::string joined(std::string_view a, std::string_view b, std::string_view c) {
    std::string out(a);
    for (const std::string_view part : {b, c}) {
      if (!part.empty()) out.append("-").append(part);
    }
    return out;
  }

  std::optional<std::string_view> value(std::string_view header) const {
    const std::string* said = answer_.header(header);
    if (said == nullptr || said->size() > longest_value) return std::nullopt;
    return trimmed(*said);
  }

  std::optional<double> count(std::string_view header) const {
    const auto said = value(header);
    return said ? number(*said) : std::nullopt;
  }

  std::optional<double> reset(std::string_view header) const {
    const auto said = value(header);
    if (!said) return std::nullopt;
    if (const auto bare = number(*said)) {
      if (*bare > least_epoch_ms) return within_a_day(*bare / 1000.0 - now_);
      return within_a_day(*bare > least_epoch_s ? *bare - now_ : *bare);
    }
    if (const auto span = read_duration_s(*said)) return within_a_day(*span);
    if (const auto moment = date(*said)) return within_a_day(*moment - now_);
    return std::nullopt;
  }

  const HttpAnswer& answer_;
  double now_;
};

bool says_nothing(const RateSays::Window& window) { return !window.limit && !window.remaining && !window.reset_s; }

// Which share of its limit is left; windows that do not say come after all that do.
double left_of(const RateSays::Window& window) {
  if (!window.remaining) return 2.0;
  return window.limit && *window.limit > 0.0 ? std::min(1.0, *window.remaining / *window.limit) : 1.0;
}

}  // namespace

bool RateSays::says_nothing() const {
  return !retry_after_s && route::says_nothing(requests) && route::says_nothing(tokens);
}

RateSays read_rate(const HttpAnswer& answer, std::int64_t wall_seconds) {
  const Reader reader(answer, wall_seconds);
  RateSays out;
  out.retry_after_s = reader.retry_after();
  const RateSays::Window requests[] = {reader.openai("x-ratelimit", "requests"), reader.anthropic("requests"),
                                       reader.openai("x-ratelimit", ""), reader.openai("ratelimit", "")};
  for (const RateSays::Window& window : requests) {
    if (says_nothing(window)) continue;
    out.requests = window;
    break;
  }
  // Providers count tokens of several kinds; the one of which the least is left holds calls back first.
  const RateSays::Window tokens[] = {reader.openai("x-ratelimit", "tokens"), reader.anthropic("tokens"),
                                     reader.anthropic("input-tokens"), reader.anthropic("output-tokens")};
  for (const RateSays::Window& window : tokens) {
    if (says_nothing(window)) continue;
    if (says_nothing(out.tokens) || left_of(window) < left_of(out.tokens)) out.tokens = window;
  }
  return out;
}

std::optional<double> read_duration_s(std::string_view text) {
  if (text.empty() || text.size() > longest_value) return std::nullopt;
  if (const auto bare = number(text)) return bare;
  struct Unit {
    std::string_view word;
    double seconds;
  };
  // From great to small; longer words before those they begin with.
  constexpr Unit units[] = {{"d", day_s}, {"h", 3600.0}, {"ms", 1e-3}, {"m", 60.0},
                            {"s", 1.0},   {"us", 1e-6},  {"µs", 1e-6}, {"ns", 1e-9}};
  double total = 0.0;
  double last = std::numeric_limits<double>::infinity();
  while (!text.empty()) {
    const std::size_t digits = text.find_first_not_of("0123456789.");
    if (digits == 0 || digits == text.npos) return std::nullopt;
    const auto value = number(text.substr(0, digits));
    text.remove_prefix(digits);
    const auto unit =
        std::find_if(std::begin(units), std::end(units), [&](const Unit& each) { return text.starts_with(each.word); });
    if (!value || unit == std::end(units) || unit->seconds >= last) return std::nullopt;
    last = unit->seconds;
    total += *value * unit->seconds;
    text.remove_prefix(unit->word.size());
  }
  if (!std::isfinite(total)) return std::nullopt;
  return total;
}

}  // namespace headgate::route
