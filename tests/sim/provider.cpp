#include "provider.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace headgate::sim {
namespace {

std::function<std::optional<double>(double)> says_nothing() {
  return [](double) { return std::optional<double>(); };
}

std::function<double(double)> always(double rate) {
  return [rate](double) { return rate; };
}

// So many requests in each minute of its own clock.
Ask minutes(double most, bool says_when) {
  return [=, minute = -1.0, taken = 0.0](double now) mutable {
    const double this_minute = std::floor(now / 60.0);
    if (this_minute > minute) {
      minute = this_minute;
      taken = 0.0;
    }
    if (taken < most) {
      taken += 1.0;
      return Taken{};
    }
    return turns_away(says_when ? std::optional(std::ceil(60.0 * (minute + 1.0) - now)) : std::nullopt);
  };
}

constexpr double all_that_is_there = 1.0;

}  // namespace

Taken turns_away(std::optional<double> retry_after_s) {
  Taken taken;
  taken.says.kind = ErrorKind::rate_limited;
  taken.says.http_status = 429;
  taken.says.message = "HTTP 429: slow down";
  taken.says.rate.retry_after_s = retry_after_s;
  return taken;
}

Ask dripping(std::function<double(double)> rate_at, double burst, double rejected_costs,
             std::function<std::optional<double>(double)> retry_after_s) {
  return [=, level = burst, at = 0.0](double now) mutable {
    level = std::min(burst, level + rate_at(now) * (now - at));
    at = now;
    if (level >= 1.0) {
      level -= 1.0;
      return Taken{};
    }
    level = std::max(0.0, level - rejected_costs);
    return turns_away(retry_after_s((1.0 - level) / rate_at(now)));
  };
}

std::vector<Provider> providers() {
  const auto in_seconds = [](double s) { return std::optional(std::max(1.0, std::ceil(s))); };
  const auto thirty = [](double) { return std::optional(30.0); };
  const auto halves = [](double now) { return now < 40.0 ? 10.0 : 5.0; };
  const auto nothing = says_nothing();
  std::vector<Provider> all;
  const auto add = [&all](std::string name, std::size_t jobs, double last_taken_s, std::function<Ask()> make) -> auto& {
    Provider& provider = all.emplace_back();
    provider.name = std::move(name);
    provider.jobs = jobs;
    provider.ideal_s = last_taken_s + provider.median_s;
    provider.make = std::move(make);
    return provider;
  };
  add("A: 10/s, 10 at once, says nothing", 1200, 119.0, [=] { return dripping(always(10), 10, 0.0, nothing); });
  add("B: as A, and what is turned away counts", 1200, 119.0,
      [=] { return dripping(always(10), 10, all_that_is_there, nothing); });
  add("C: as A, with Retry-After in seconds", 1200, 119.0, [=] { return dripping(always(10), 10, 0.0, in_seconds); });
  add("D: as A, with Retry-After always 30", 1200, 119.0, [=] { return dripping(always(10), 10, 0.0, thirty); });
  add("E: 600 in each minute, with Retry-After", 1500, 120.0, [] { return minutes(600, true); });
  add("F: as A, from 40 s on 5/s", 1200, 40.0 + (1200.0 - 410.0) / 5.0,
      [=] { return dripping(halves, 10, 0.0, nothing); });
  add("G: 30 a minute, what is turned away counts", 120, 220.0,
      [=] { return dripping(always(0.5), 10, all_that_is_there, nothing); });
  add("H: 100/s, 100 at once", 3000, 29.0, [=] { return dripping(always(100), 100, 0.0, nothing); });
  Provider& quick = add("as A, what is turned away costs a quarter, replies in 200 ms", 300, 29.0,
                        [=] { return dripping(always(10), 10, 0.25, nothing); });
  quick.ideal_s = 29.2;
  quick.median_s = 0.2;
  quick.sigma = 0.0;
  quick.fails = 0.0;
  add("E without Retry-After", 1500, 120.0, [] { return minutes(600, false); });
  return all;
}

}  // namespace headgate::sim
