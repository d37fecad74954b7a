#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "provider.hpp"

using namespace headgate;
using namespace headgate::sim;

namespace {

constexpr std::uint64_t seeds = 20;
constexpr std::uint64_t rough_seeds = 3000;

// What many seeds made of one provider.
struct Row {
  double makespan = 0.0, worst = 0.0;  // divided by the ideal
  double per_100 = 0.0, worst_per_100 = 0.0;
  std::size_t failed = 0;
};

Row row(const Provider& provider, const route::PoolLimits& limits) {
  Row out;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    ClientOptions options;
    options.limits = limits;
    options.seed = seed;
    const Played played = play(provider, options);
    INFO(provider.name << ", seed " << seed << ": " << played.stopped << played.broken);
    CHECK(played.done == provider.jobs);
    CHECK(played.broken.empty());
    const double makespan = played.makespan_s / provider.ideal_s;
    const double per_100 = 100.0 * static_cast<double>(played.turned_away) / static_cast<double>(provider.jobs);
    out.makespan += makespan / static_cast<double>(seeds);
    out.per_100 += per_100 / static_cast<double>(seeds);
    out.worst = std::max(out.worst, makespan);
    out.worst_per_100 = std::max(out.worst_per_100, per_100);
    out.failed += played.failed;
  }
  return out;
}

Provider named(const std::string& begins) {
  for (Provider& provider : providers()) {
    if (provider.name.starts_with(begins)) return provider;
  }
  FAIL("no provider " << begins);
  return {};
}

void print(const Provider& provider, const std::string& written, const route::PoolLimits& limits) {
  const Row of = row(provider, limits);
  CHECK(of.failed == 0);
  std::printf("| %s | %s | %.2f | %.2f | %.1f |\n", provider.name.c_str(), written.c_str(), of.makespan, of.worst,
              of.per_100);
}

route::PoolLimits with_in_flight(std::size_t most) {
  route::PoolLimits limits;
  limits.in_flight = most;
  return limits;
}

route::PoolLimits with_rpm(double a_minute) {
  route::PoolLimits limits;
  limits.requests_per_minute = a_minute;
  return limits;
}

route::PoolLimits with_policy(route::RetryAfter policy) {
  route::PoolLimits limits;
  limits.retry_after = policy;
  return limits;
}

// A provider that turns away, fails, hangs and lies as its seed has it.
Ask rough(std::uint64_t seed) {
  Random shape(seed, 1);
  const double rate = std::exp2(shape.uniform() * 9.0 - 3.0), burst = 1.0 + static_cast<double>(shape.below(30));
  const double refuses = shape.coin() ? 0.0 : shape.uniform() * 0.5, fails = shape.coin() ? 0.0 : shape.uniform();
  const double down_from = shape.uniform() * 60.0, down_until = down_from + shape.uniform() * 100.0;
  const bool goes_down = shape.coin(), tells = shape.coin(), lies = shape.below(4) == 0;
  const std::uint64_t retry_after = shape.below(5);
  const Ask bucket = dripping([rate](double) { return rate; }, burst, shape.coin() ? 0.0 : 1.0,
                              [=](double s) -> std::optional<double> {
                                if (retry_after == 0) return std::nullopt;
                                if (retry_after == 1) return std::ceil(s);
                                return retry_after == 2 ? 0.0 : retry_after == 3 ? s : 200.0;
                              });
  return [=, random = Random(seed, 2)](double now) mutable {
    Taken taken = bucket(now);
    if (taken.says.kind == ErrorKind::none && random.uniform() < refuses) taken = turns_away(std::nullopt);
    if (tells)
      taken.says.rate.requests = {rate * 60.0, lies ? random.uniform() * 3.0 : 1000.0, random.uniform() * 90.0};
    if (taken.says.kind != ErrorKind::none) return taken;
    const bool is_down = goes_down && now >= down_from && now < down_until;
    if (!is_down && random.uniform() >= fails * fails) {
      taken.takes_s = random.uniform() * 3.0;
      return taken;
    }
    constexpr ErrorKind kinds[] = {ErrorKind::connect,      ErrorKind::reset,     ErrorKind::dns,
                                   ErrorKind::tls,          ErrorKind::timeout,   ErrorKind::request_rejected,
                                   ErrorKind::server_error, ErrorKind::truncated, ErrorKind::overloaded};
    taken.says.kind = is_down ? ErrorKind::connect : kinds[random.below(std::size(kinds))];
    taken.says.message = name(taken.says.kind);
    taken.says.fingerprint = random.below(3);
    if (taken.says.kind == ErrorKind::server_error) taken.says.http_status = 500;
    if (taken.says.kind == ErrorKind::timeout) taken.takes_s = 30.0;
    return taken;
  };
}

ClientOptions rough_options(std::uint64_t seed) {
  Random random(seed, 3);
  ClientOptions options;
  options.seed = seed;
  options.oversleeps_s = random.coin() ? 0.0 : random.uniform() * 0.3;
  options.round_trip_s = 0.001 + random.uniform() * 0.2;
  route::PoolLimits& limits = options.limits;
  if (random.coin()) limits.in_flight = 1 + random.below(100);
  if (random.coin()) limits.requests_per_minute = std::exp2(random.uniform() * 12.0 - 1.0);
  if (random.coin()) limits.tokens_per_minute = std::exp2(10.0 + random.uniform() * 8.0);
  limits.retry_after = static_cast<route::RetryAfter>(random.below(3));
  limits.retry_after_cap = Millis(random.below(20'000));
  limits.no_progress = Millis(20'000 + random.below(300'000));
  limits.deadline = Millis(60'000 + random.below(600'000));
  limits.retries = random.below(8) != 0;
  return options;
}

// In no stretch of time more than the highest rate of that time allows, and what may go at once.
std::string faster_than_its_rate(const std::vector<Sent>& sends) {
  for (std::size_t i = 0; i < sends.size(); ++i) {
    double highest = 0.0;
    for (std::size_t k = i; k < sends.size(); ++k) {
      if (!sends[k].rate) break;  // before the first cut there may be none
      highest = std::max(highest, *sends[k].rate);
      const double most = highest * (sends[k].at_s - sends[i].at_s) + std::max(1.0, highest * run::Pacer::burst_s);
      if (static_cast<double>(k - i + 1) > most + 1e-3)
        return "faster than its rate from " + std::to_string(sends[i].at_s);
    }
  }
  return {};
}

std::string within_a_pause(const Played& played) {
  for (const Forbidden& pause : played.pauses) {
    for (const Sent& sent : played.sends) {
      if (sent.at_s > pause.from_s + 1e-6 && sent.at_s < pause.until_s - 1e-6) {
        return "sent in a pause, at " + std::to_string(sent.at_s);
      }
    }
  }
  return {};
}

std::string more_tokens_than_written(const Played& played, double a_minute) {
  for (std::size_t i = 0; i < played.sends.size(); ++i) {
    double tokens = 0.0;
    std::size_t k = i;
    for (; k < played.sends.size() && played.sends[k].at_s < played.sends[i].at_s + 60.0; ++k) {
      tokens += played.sends[k].tokens;
    }
    // A single call may be larger than a minute's allowance, and is waited off.
    if (k - i > 1 && tokens > a_minute + played.sends[i].tokens) return "more tokens than a minute has";
  }
  return {};
}

std::string broken_promise(const Played& played, const ClientOptions& options, std::size_t jobs) {
  if (!played.broken.empty()) return played.broken;
  if (played.done != jobs && played.stopped.empty()) return "neither done nor stopped";
  if (played.most_out > options.limits.in_flight.value_or(64)) return "more in flight than allowed";
  if (const std::string why = within_a_pause(played); !why.empty()) return why;
  return faster_than_its_rate(played.sends);
}

}  // namespace

TEST_CASE("the pool is quick and gentle with providers that limit") {
  std::size_t quick = 0;
  for (const char letter : {'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'}) {
    const Row of = row(named({letter, ':'}), {});
    INFO(letter << " " << of.makespan << " " << of.per_100);
    CHECK(of.failed == 0);
    CHECK(of.per_100 <= 20.0);
    if (of.makespan <= 1.2) ++quick;
  }
  CHECK(quick >= 6);
  const Row quarter = row(named("as A"), {});
  CHECK(quarter.failed == 0);
  CHECK(quarter.makespan <= 1.2);
  CHECK(quarter.per_100 <= 5.0);
}

TEST_CASE("what an operator writes helps") {
  CHECK(row(named("A:"), with_rpm(600)).per_100 == 0.0);
  CHECK(row(named("A:"), with_rpm(600)).makespan <= 1.1);
  CHECK(row(named("A:"), with_in_flight(64)).makespan <= 1.15);
  CHECK(row(named("H:"), with_in_flight(400)).makespan <= 1.4);
  CHECK(row(named("D:"), with_policy(route::RetryAfter::ignore)).makespan <= 1.2);
}

TEST_CASE("the pool keeps every promise with every provider") {
  std::size_t sends = 0, stopped = 0, done = 0, turned_away = 0, pauses = 0;
  for (std::uint64_t seed = 1; seed <= rough_seeds; ++seed) {
    const ClientOptions options = rough_options(seed);
    Provider provider;
    provider.jobs = 20 + seed % 150;
    provider.fails = 0.0;
    provider.make = [seed] { return rough(seed); };
    if (options.limits.tokens_per_minute)
      provider.tokens = *options.limits.tokens_per_minute / static_cast<double>(1 + seed % 700);
    const Played played = play(provider, options);
    std::string broken = broken_promise(played, options, provider.jobs);
    // Tokens of calls that were turned away are given back.
    if (broken.empty() && options.limits.tokens_per_minute && played.turned_away == 0) {
      broken = more_tokens_than_written(played, *options.limits.tokens_per_minute);
    }
    if (!broken.empty()) FAIL("seed " << seed << ": " << broken);
    sends += played.sends.size();
    turned_away += played.turned_away;
    pauses += played.pauses.size();
    ++(played.stopped.empty() ? done : stopped);
  }
  // The worlds are rough enough to mean something, and not so rough that nothing gets through.
  CHECK(sends > rough_seeds * 20);
  CHECK(turned_away > rough_seeds * 5);
  CHECK(pauses > rough_seeds * 5);
  CHECK(stopped > rough_seeds / 20);
  CHECK(done > rough_seeds / 3);
}

TEST_CASE("a provider that never takes anything is given up in bounded time") {
  const auto never = [](const Ask& ask) {
    Provider provider;
    provider.jobs = 200;
    provider.make = [ask] { return ask; };
    return play(provider, {});
  };
  const auto failing = [](ErrorKind kind, double takes_s) {
    return [=](double) {
      Taken taken;
      taken.says.kind = kind;
      taken.says.message = name(kind);
      taken.takes_s = takes_s;
      return taken;
    };
  };
  const Played refused = never(failing(ErrorKind::connect, 0.0));
  CHECK(refused.stopped == "the last 20 calls to support_b all failed: connect");
  CHECK(refused.sends.size() < 80);
  const Played hung = never(failing(ErrorKind::timeout, 60.0));
  CHECK_FALSE(hung.stopped.empty());
  CHECK(hung.sends.size() < 200);
  for (const std::optional<double> retry_after_s : {std::optional<double>(), std::optional(2.0), std::optional(30.0)}) {
    const Played away = never([=](double) { return turns_away(retry_after_s); });
    CHECK(away.stopped.starts_with("no call to support_b has succeeded for "));
    CHECK(away.sends.size() < 200);
  }
}

// headgate_sim_tests "[.table]" prints what docs/limits.md shows.
TEST_CASE("the table of providers", "[.table]") {
  std::printf(
      "| provider | written | time / ideal | worst seed | 429s per 100 jobs |\n| --- | --- | --- | --- | --- |\n");
  for (const Provider& provider : providers()) print(provider, "", {});
  print(named("A:"), "`requests_per_minute: 600`", with_rpm(600));
  print(named("A:"), "`in_flight: 64`", with_in_flight(64));
  print(named("D:"), "`retry_after: ignore`", with_policy(route::RetryAfter::ignore));
  print(named("D:"), "`retry_after: cap` (10 s)", with_policy(route::RetryAfter::cap));
  print(named("G:"), "`requests_per_minute: 30`", with_rpm(30));
  print(named("H:"), "`in_flight: 64`", with_in_flight(64));
  print(named("H:"), "`in_flight: 400`", with_in_flight(400));
  print(named("H:"), "`requests_per_minute: 6000`", with_rpm(6000));
}
