#include "attempt_pattern.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <optional>

#include "pool.hpp"
#include "seconds.hpp"

using namespace headgate;
using namespace headgate::run;

namespace {

Instant at(double s) { return after_seconds(Instant{}, 1000.0 + s); }

// A server that turns every call away `times` times, whatever the rate: how long `calls` of them take.
double seconds_for(const route::PoolLimits& limits, std::size_t calls, std::uint32_t times, double retry_after_s) {
  struct Out {
    CallHistory history;
    double sent = 0.0;
  };
  Pool pool(limits, 1);
  std::deque<CallHistory> waiting(calls);
  std::multimap<double, Out> out;
  std::size_t done = 0;
  double now = 0.0;
  while (done < calls && now < 5000.0) {
    while (!waiting.empty() && pool.may_send(at(now), 0.0)) {
      Out one{waiting.front(), now};
      waiting.pop_front();
      pool.sent(at(now), 0.0, one.history);
      out.emplace(now + 0.05, one);
    }
    std::optional<double> next;
    if (!out.empty()) next = out.begin()->first;
    const auto chance = waiting.empty() ? std::nullopt : pool.next_chance(at(now), 0.0);
    if (chance) next = std::min(next.value_or(1e9), std::max(now + 1e-4, seconds_between(at(0.0), *chance)));
    REQUIRE(next);
    now = *next;
    while (!out.empty() && out.begin()->first <= now) {
      Out one = out.begin()->second;
      out.erase(out.begin());
      route::TrySays says;
      if (one.history.sends <= times) {
        says.kind = ErrorKind::rate_limited;
        says.http_status = 429;
        says.rate.retry_after_s = retry_after_s;
      }
      const After after = pool.came(at(now), at(one.sent), 0.0, std::nullopt, says, one.history);
      if (after.what == After::What::again) waiting.push_front(one.history);
      if (after.what == After::What::done) ++done;
    }
  }
  return now;
}

}  // namespace

TEST_CASE("a pattern is what always happens to first tries and never to later ones") {
  AttemptPattern pattern;
  CHECK_FALSE(pattern.holds());
  for (int i = 0; i < 20; ++i) pattern.came(1, true);
  CHECK_FALSE(pattern.holds());  // nobody was taken yet
  for (int i = 0; i < 9; ++i) pattern.came(2, false);
  CHECK_FALSE(pattern.holds());  // too few to tell
  pattern.came(2, false);
  CHECK(pattern.holds());
  pattern.came(1, false);
  CHECK_FALSE(pattern.holds());
  for (int i = 0; i < 32; ++i) pattern.came(1, true);
  CHECK(pattern.holds());  // what was long ago counts no more
  pattern.came(2, true);
  CHECK_FALSE(pattern.holds());
}

TEST_CASE("a provider that turns every call away a few times is not met with ever fewer calls") {
  route::PoolLimits written;
  written.in_flight = 64;
  for (const double retry_after_s : {0.3, 1.0, 2.0}) {
    INFO("Retry-After " << retry_after_s);
    CHECK(seconds_for(written, 2000, 1, retry_after_s) < 150.0);  // 32 volleys, and the time to find out
    CHECK(seconds_for(written, 2000, 2, retry_after_s) < 300.0);
    CHECK(seconds_for({}, 1000, 1, retry_after_s) < 250.0);
  }
}
