#include "pool.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "seconds.hpp"
#include "try_class.hpp"

using namespace headgate;
using namespace headgate::run;
using What = After::What;

namespace {

Instant at(double s) { return after_seconds(Instant{}, 1000.0 + s); }
double s_of(Instant instant) { return seconds_between(at(0), instant); }

route::TrySays says(ErrorKind kind, int status = 0, std::uint64_t fingerprint = 0) {
  route::TrySays out;
  out.kind = kind;
  out.http_status = status;
  out.fingerprint = fingerprint;
  out.message = kind == ErrorKind::none ? "" : name(kind);
  return out;
}

route::TrySays turned_away(std::optional<double> retry_after_s = std::nullopt, int status = 429) {
  route::TrySays out = says(status == 429 ? ErrorKind::rate_limited : ErrorKind::overloaded, status, 99);
  out.rate.retry_after_s = retry_after_s;
  return out;
}

route::PoolLimits wide() {
  route::PoolLimits limits;
  limits.in_flight = 1000;
  return limits;
}

// One call goes out, and comes back after `takes_s`.
After one(Pool& pool, CallHistory& history, double now, const route::TrySays& said, double takes_s = 0.01) {
  REQUIRE(pool.may_send(at(now), 0.0));
  pool.sent(at(now), 0.0, history);
  return pool.came(at(now + takes_s), at(now), 0.0, std::nullopt, said, history);
}

After fresh(Pool& pool, double now, const route::TrySays& said, double takes_s = 0.01) {
  CallHistory history;
  return one(pool, history, now, said, takes_s);
}

// The same call again and again, with nothing else going on: how often it goes before it is done.
std::size_t tries(Pool& pool, const route::TrySays& said, double now = 0.0) {
  CallHistory history;
  for (std::size_t sent = 1; sent < 100; ++sent) {
    const After after = one(pool, history, now, said);
    if (after.what != What::again_at) return sent;
    now = std::max(now + 0.01, s_of(after.at));
  }
  return 100;
}

}  // namespace

TEST_CASE("every kind of error has its number of tries") {
  for (const ErrorKind kind : {ErrorKind::server_error, ErrorKind::connect, ErrorKind::reset, ErrorKind::dns}) {
    Pool pool(wide(), 1);
    INFO(name(kind));
    CHECK(tries(pool, says(kind)) == 4);
  }
  for (const ErrorKind kind : {ErrorKind::timeout, ErrorKind::tls}) {
    Pool pool(wide(), 1);
    INFO(name(kind));
    CHECK(tries(pool, says(kind)) == 2);
  }
  for (const ErrorKind kind : {ErrorKind::malformed_reply, ErrorKind::truncated}) {
    Pool pool(wide(), 1);
    INFO(name(kind));
    CHECK(tries(pool, says(kind, 200)) == 3);
  }
  for (const ErrorKind kind :
       {ErrorKind::none, ErrorKind::request_rejected, ErrorKind::context_too_long, ErrorKind::content_filter,
        ErrorKind::too_large, ErrorKind::child_died, ErrorKind::interrupted}) {
    Pool pool(wide(), 1);
    INFO(name(kind));
    CHECK(tries(pool, says(kind)) == 1);
  }
}

TEST_CASE("every kind of error has a class") {
  for (const ErrorKind kind : all_error_kinds()) {
    route::TrySays said = says(kind);
    if (attribution(kind) == Attribution::provider) {
      CHECK(class_of(said) != TryClass::reply);
      CHECK(class_of(said) != TryClass::refused);
    }
  }
  CHECK(class_of(says(ErrorKind::server_error, 500)) == TryClass::failed);
  CHECK(class_of(says(ErrorKind::server_error, 503)) == TryClass::turned_away);
  CHECK(class_of(says(ErrorKind::server_error, 529)) == TryClass::turned_away);
  CHECK(class_of(says(ErrorKind::quota, 429)) == TryClass::refused);
}

TEST_CASE("tries of different kinds add up") {
  Pool pool(wide(), 1);
  CallHistory history;
  CHECK(one(pool, history, 0, says(ErrorKind::server_error, 500)).what == What::again_at);
  CHECK(one(pool, history, 30, says(ErrorKind::timeout)).what == What::again_at);
  CHECK(one(pool, history, 60, says(ErrorKind::reset)).what == What::again_at);
  CHECK(one(pool, history, 90, says(ErrorKind::connect)).what == What::done);
  CHECK(history.sends == 4);
  CHECK(history.failures == 4);
  CHECK(history.timeouts == 1);
  CHECK(history.first_sent == at(0));

  CallHistory two;
  one(pool, two, 120, says(ErrorKind::timeout));
  one(pool, two, 150, says(ErrorKind::server_error, 500));
  CHECK(one(pool, two, 180, says(ErrorKind::timeout)).what == What::done);
}

TEST_CASE("waits between tries are random, bounded, and the same for the same seed") {
  const auto waits = [](std::uint64_t seed) {
    Pool pool(wide(), seed);
    std::vector<double> out;
    for (int i = 0; i < 30; ++i) {
      CallHistory history;
      for (const double longest : {0.5, 1.0, 2.0}) {
        const double now = 10.0 * static_cast<double>(out.size());
        const After after = one(pool, history, now, says(ErrorKind::reset), 0.0);
        if (after.what != What::again_at) return out;
        out.push_back(s_of(after.at) - now);
        CHECK(out.back() >= 0.0);
        CHECK(out.back() <= longest);
      }
      fresh(pool, 10.0 * static_cast<double>(out.size()), says(ErrorKind::none));
    }
    return out;
  };
  const auto one_seed = waits(1);
  CHECK(one_seed.size() > 60);
  CHECK(one_seed == waits(1));
  CHECK(one_seed != waits(2));
}

TEST_CASE("the same error three times, while others succeed, is this request's") {
  const auto same = says(ErrorKind::server_error, 500, 7);
  Pool alone(wide(), 1);
  CHECK(tries(alone, same) == 4);

  Pool pool(wide(), 1);
  CallHistory history;
  one(pool, history, 0, same);
  one(pool, history, 10, same);
  fresh(pool, 15, says(ErrorKind::none));
  CHECK(one(pool, history, 20, same).what == What::done);
  CHECK(history.same == 3);

  // A success before its first sending is no sign, and another error in between begins anew.
  CallHistory later;
  one(pool, later, 30, same);
  one(pool, later, 40, same);
  CHECK(one(pool, later, 50, same).what == What::again_at);
  CallHistory mixed;
  one(pool, mixed, 60, same);
  fresh(pool, 61, says(ErrorKind::none));
  one(pool, mixed, 70, says(ErrorKind::server_error, 502, 8));
  CHECK(one(pool, mixed, 80, same).what == What::again_at);
  // Errors without an answer have no fingerprint.
  CallHistory cut;
  for (const double now : {90.0, 100.0}) one(pool, cut, now, says(ErrorKind::reset));
  fresh(pool, 105, says(ErrorKind::none));
  CHECK(one(pool, cut, 110, says(ErrorKind::reset)).what == What::again_at);
}

TEST_CASE("an outage uses up what trying again may cost") {
  Pool pool(wide(), 1);
  fresh(pool, 0, says(ErrorKind::none));
  // 500 tokens at 10 for a time-out; nothing of it comes back. Slow enough for the breaker to stay closed.
  std::size_t again = 0;
  for (int i = 0; i < 120; ++i) {
    const double now = 1.0 + 2.0 * i;
    if (fresh(pool, now, says(ErrorKind::timeout)).what == What::again_at) ++again;
  }
  CHECK(again == 50);
  for (int i = 0; i < 9; ++i) fresh(pool, 250.0 + i, says(ErrorKind::none));
  CHECK(fresh(pool, 260, says(ErrorKind::timeout)).what == What::done);
  CHECK(fresh(pool, 261, says(ErrorKind::reset)).what == What::again_at);  // 9 are enough for 5
  CallHistory history;
  one(pool, history, 262, says(ErrorKind::reset));  // with the one before, 4 are left
  CHECK(history.failures == 1);
  CHECK_FALSE(pool.may_reread(at(263), CallHistory{}));
}

TEST_CASE("a call that is turned away goes again, in front, after the pause, and it is no failure") {
  Pool pool(wide(), 1);
  CallHistory history;
  for (int i = 0; i < 10; ++i) {
    const double now = 20.0 * i;
    CHECK(one(pool, history, now, turned_away(2.0)).what == What::again);
    CHECK_FALSE(pool.may_send(at(now + 2.0), 0.0));
    CHECK(pool.pause_s(at(now + 1.01)) == Approx(1.0));
    CHECK(pool.why_paused(at(now + 1.0)) == "the provider asked for it");
    CHECK(pool.next_chance(at(now + 0.02), 0.0) == at(now + 2.01));
    fresh(pool, now + 10.0, says(ErrorKind::none));
  }
  CHECK(history.failures == 0);
  CHECK(history.sends == 10);
  for (const int status : {503, 529}) {
    Pool busy(wide(), 1);
    CHECK(fresh(busy, 0, turned_away(2.0, status)).what == What::again);
    CHECK_FALSE(busy.may_send(at(2.0), 0.0));
  }
}

TEST_CASE("a call that is turned away past its deadline ends") {
  route::PoolLimits limits = wide();
  limits.deadline = Millis(60'000);
  limits.no_progress = Millis(10'000'000);
  Pool pool(limits, 1);
  CallHistory history;
  CHECK(one(pool, history, 0, turned_away(30)).what == What::again);
  CHECK(one(pool, history, 31, turned_away(30)).what == What::done);  // its pause would end after 61 s
  CallHistory other;
  CHECK(one(pool, other, 100, says(ErrorKind::reset), 59.0).what == What::again_at);
  CHECK(one(pool, other, 170, says(ErrorKind::reset)).what == What::done);
}

TEST_CASE("with fail-fast the first failure is the last, and nothing pauses") {
  route::PoolLimits limits = wide();
  limits.retries = false;
  for (const auto& said : {turned_away(30), turned_away(), says(ErrorKind::server_error, 500), says(ErrorKind::timeout),
                           says(ErrorKind::truncated, 200)}) {
    Pool pool(limits, 1);
    CHECK(fresh(pool, 0, said).what == What::done);
    CHECK(pool.pause_s(at(0.02)) == 0.0);
    CHECK_FALSE(pool.may_reread(at(1), CallHistory{}));
  }
  Pool turned(limits, 1);
  for (int i = 0; i < 100; ++i) fresh(turned, 0.1 * i, turned_away(30));
  CHECK_FALSE(turned.rate());  // a hundred are out as soon as one
  route::TrySays used_up = says(ErrorKind::none, 200);
  used_up.rate.requests.remaining = 0.0;
  used_up.rate.requests.reset_s = 60.0;
  Pool hasty(limits, 1), patient(wide(), 1);
  fresh(hasty, 0, used_up);
  fresh(patient, 0, used_up);
  CHECK(hasty.pause_s(at(0.01)) == 0.0);
  CHECK(patient.pause_s(at(0.01)) == Approx(60.0));
  Pool pool(limits, 1);
  fresh(pool, 0, says(ErrorKind::none));
  for (int i = 0; i < 18; ++i) fresh(pool, 0.1 * i, says(ErrorKind::connect));
  CHECK(pool.stopped(at(5)).empty());
  fresh(pool, 5, says(ErrorKind::connect));
  CHECK(pool.stopped(at(5)) == "19 of the last 20 calls failed: connect");
}

TEST_CASE("a refused key and a used-up quota end the run") {
  for (const ErrorKind kind : {ErrorKind::key_refused, ErrorKind::quota}) {
    Pool pool(wide(), 1);
    fresh(pool, 0, says(ErrorKind::none));
    CHECK(fresh(pool, 1, says(kind, 429)).what == What::run_ends);
    CHECK_FALSE(pool.may_send(at(2), 0.0));
    CHECK_FALSE(pool.next_chance(at(2), 0.0));
    CHECK_FALSE(pool.stopped(at(2)).empty());
  }
}

TEST_CASE("an unreadable reply goes again twice, and what was promised is kept") {
  Pool pool(wide(), 1);
  CallHistory history;
  for (int i = 0; i < 2; ++i) {
    CHECK(one(pool, history, 10.0 * i, says(ErrorKind::none)).what == What::done);
    REQUIRE(pool.may_reread(at(10.0 * i), history));
    CHECK(pool.unreadable(at(10.0 * i + 1.0), history).what == What::again_at);
  }
  one(pool, history, 30, says(ErrorKind::none));
  CHECK_FALSE(pool.may_reread(at(30), history));
  CHECK(pool.unreadable(at(30), history).what == What::done);
  CHECK(history.unreadable == 2);

  // The worker takes its time, and the call's is over meanwhile.
  CallHistory slow;
  one(pool, slow, 40, says(ErrorKind::none));
  REQUIRE(pool.may_reread(at(41), slow));
  CHECK(pool.unreadable(at(5000), slow).what == What::again_at);

  // It breaks a row of equal errors.
  const auto same = says(ErrorKind::server_error, 500, 7);
  CallHistory row;
  for (const double now : {5000.0, 5010.0}) one(pool, row, now, same);
  CHECK(row.same == 2);
  pool.unreadable(at(5020), row);
  CHECK(row.same == 0);

  // Together with failures no more than four tries.
  CallHistory mixed;
  for (const double now : {6000.0, 6010.0, 6020.0}) one(pool, mixed, now, says(ErrorKind::reset));
  one(pool, mixed, 6030, says(ErrorKind::none));
  CHECK_FALSE(pool.may_reread(at(6031), mixed));
}

TEST_CASE("the breaker stops a pool that never had an answer") {
  Pool pool(wide(), 1, "support_b");
  auto said = says(ErrorKind::connect);
  said.message = "connection refused";
  for (int i = 0; i < 19; ++i) {
    fresh(pool, 0.1 * i, said);
    CHECK(pool.stopped(at(2)).empty());
  }
  fresh(pool, 2, said);
  CHECK(pool.stopped(at(2.1)) == "the last 20 calls to support_b all failed: connection refused");
  CHECK_FALSE(pool.may_send(at(100), 0.0));
  CHECK_FALSE(pool.next_chance(at(100), 0.0));
}

TEST_CASE("twenty failures spread over more than 30 s open nothing, nor do nine in ten but one") {
  Pool slow(wide(), 1);
  for (int i = 0; i < 100; ++i) fresh(slow, 2.0 * i, says(ErrorKind::connect));
  CHECK(slow.stopped(at(200)).empty());

  Pool mixed(wide(), 1);
  for (int i = 0; i < 100; ++i) {
    const bool fails = i % 8 != 0;
    fresh(mixed, 0.1 * i, says(fails ? ErrorKind::server_error : ErrorKind::none, fails ? 500 : 200));
    CHECK(mixed.pause_s(at(0.1 * i + 0.05)) == 0.0);
  }
  // Neither do answers that are no, nor calls that are turned away.
  Pool no(wide(), 1);
  for (int i = 0; i < 40; ++i) fresh(no, 0.1 * i, says(ErrorKind::request_rejected, 400));
  for (int i = 0; i < 40; ++i) fresh(no, 100.0 * (i + 1), turned_away(1));
  CHECK(no.stopped(at(0)).empty());
}

TEST_CASE("an open breaker lets single calls through, ever more seldom, and closes with the first that is answered") {
  route::PoolLimits limits = wide();
  limits.no_progress = Millis(100'000'000);
  Pool pool(limits, 1);
  fresh(pool, 0, says(ErrorKind::none));
  for (int i = 0; i < 19; ++i) fresh(pool, 0.0, says(ErrorKind::connect), 0.0);
  CHECK(pool.stopped(at(1)).empty());
  double now = 0.0;
  for (const double wait : {5.0, 10.0, 20.0, 40.0, 60.0, 60.0}) {
    CHECK(pool.why_paused(at(now)) == "not answering");
    CHECK(pool.pause_s(at(now)) == Approx(wait));
    CHECK_FALSE(pool.may_send(at(now + wait - 0.001), 0.0));
    REQUIRE(pool.next_chance(at(now), 0.0) == at(now + wait));
    now += wait;
    CallHistory probe;
    REQUIRE(pool.may_send(at(now), 0.0));
    pool.sent(at(now), 0.0, probe);
    CHECK_FALSE(pool.may_send(at(now + 100), 0.0));  // one at a time
    CHECK_FALSE(pool.next_chance(at(now + 100), 0.0));
    pool.came(at(now), at(now), 0.0, std::nullopt, says(ErrorKind::connect), probe);
  }
  fresh(pool, now + 60.0, says(ErrorKind::none));
  CHECK(pool.may_send(at(now + 61), 0.0));
  CHECK(pool.pause_s(at(now + 61)) == 0.0);
  // The next time begins with the short waits again.
  now += 61.0;
  for (int i = 0; i < 19; ++i) fresh(pool, now, says(ErrorKind::connect), 0.0);
  CHECK(pool.pause_s(at(now)) == Approx(5.0));
  fresh(pool, now + 5.0, says(ErrorKind::connect), 0.0);
  CHECK(pool.pause_s(at(now + 5.0)) == Approx(10.0));
}

TEST_CASE("what a breaker saw before it closed counts no more") {
  Pool pool(wide(), 1);
  fresh(pool, 0, says(ErrorKind::none));
  for (int i = 0; i < 19; ++i) fresh(pool, 0.0, says(ErrorKind::connect), 0.0);
  fresh(pool, 5, says(ErrorKind::request_rejected, 400));  // an answer, though a no
  fresh(pool, 6, says(ErrorKind::connect));
  CHECK(pool.pause_s(at(7)) == 0.0);

  Pool away(wide(), 1);  // nor does a probe that is turned away leave it open
  fresh(away, 0, says(ErrorKind::none));
  for (int i = 0; i < 19; ++i) fresh(away, 0.0, says(ErrorKind::connect), 0.0);
  fresh(away, 5, turned_away(1.0));
  CHECK(away.pause_s(at(5.01)) == Approx(1.0));
  CHECK(away.why_paused(at(5.5)) == "the provider asked for it");
}

TEST_CASE("a probe that is lost leaves the way free for the next") {
  Pool pool(wide(), 1);
  fresh(pool, 0, says(ErrorKind::none));
  for (int i = 0; i < 19; ++i) fresh(pool, 0.0, says(ErrorKind::connect), 0.0);
  CallHistory probe;
  REQUIRE(pool.may_send(at(5), 0.0));
  pool.sent(at(5), 0.0, probe);
  CHECK_FALSE(pool.next_chance(at(6), 0.0));
  pool.dropped();
  CHECK(pool.in_flight() == 0);
  CHECK(pool.may_send(at(6), 0.0));
}

TEST_CASE("what was sent before the breaker opened does not count against its probe") {
  Pool pool(wide(), 1);
  fresh(pool, 0, says(ErrorKind::none));
  CallHistory early, probe;
  pool.sent(at(0), 0.0, early);
  for (int i = 0; i < 19; ++i) fresh(pool, 0.0, says(ErrorKind::connect), 0.0);
  pool.came(at(1), at(0), 0.0, std::nullopt, says(ErrorKind::timeout), early);
  CHECK(pool.next_chance(at(1), 0.0) == at(5));
}

TEST_CASE("a pool in which nothing succeeds stops, and says what came last") {
  route::PoolLimits limits = wide();
  limits.no_progress = Millis(300'000);
  Pool pool(limits, 1, "support_b");
  CallHistory history;
  double now = 5000.0;  // the time before the first sending does not count
  CHECK(pool.stopped(at(now)).empty());
  auto said = turned_away(60);
  said.message = "HTTP 429: slow down";
  std::vector<CallHistory> calls(100);
  for (std::size_t i = 0; pool.stopped(at(now)).empty(); ++i) {
    REQUIRE(i < calls.size());
    one(pool, calls[i], now, said);
    now = s_of(*pool.next_chance(at(now + 0.01), 0.0));
  }
  CHECK(now >= 5300.0);
  CHECK(now <= 5500.0);
  CHECK(pool.stopped(at(now)).starts_with("no call to support_b has succeeded for 3"));
  CHECK(pool.stopped(at(now)).ends_with(" s; the last error: HTTP 429: slow down"));
  CHECK_FALSE(pool.next_chance(at(now), 0.0));

  Pool silent(limits, 1);
  silent.sent(at(0), 0.0, history);
  CHECK(silent.stopped(at(299)).empty());
  CHECK(silent.stopped(at(300)) == "no call has succeeded for 300 s; no answer came");
}

TEST_CASE("time in which there is nothing to do, or only the written rate is waited for, is no lack of progress") {
  route::PoolLimits limits;
  limits.requests_per_minute = 0.1;
  Pool pool(limits, 1);
  CHECK(fresh(pool, 0, says(ErrorKind::server_error, 500), 10).what == What::again_at);
  const auto next = pool.next_chance(at(20), 0.0);
  REQUIRE(next);
  CHECK(s_of(*next) == Approx(600.0 / 0.95));
  CHECK(pool.stopped(*next).empty());
  CHECK(pool.may_send(*next, 0.0));

  Pool idle(wide(), 1);
  fresh(idle, 0, says(ErrorKind::none));
  fresh(idle, 1, says(ErrorKind::request_rejected, 400));
  CHECK(idle.stopped(at(10'000)).empty());
  CHECK(idle.may_send(at(10'000), 0.0));
}

TEST_CASE("a success begins the time without progress anew") {
  Pool pool(wide(), 1);
  CallHistory stuck;
  pool.sent(at(0), 0.0, stuck);
  fresh(pool, 299, says(ErrorKind::none));
  CHECK(pool.stopped(at(598)).empty());
  CHECK_FALSE(pool.stopped(at(600)).empty());
}

TEST_CASE("how many may be out") {
  Pool found(route::PoolLimits{}, 1);
  CHECK(found.most_in_flight() == 16);
  CHECK(found.rate() == 5.0);
  CHECK(Pool(wide(), 1).most_in_flight() == 1000);
  CHECK_FALSE(Pool(wide(), 1).rate());
  route::PoolLimits rpm;
  rpm.requests_per_minute = 600.0;
  CHECK(Pool(rpm, 1).most_in_flight() == 64);
  CHECK(*Pool(rpm, 1).rate() == Approx(9.5));

  route::PoolLimits two;
  two.in_flight = 2;
  Pool pool(two, 1);
  CallHistory a, b;
  REQUIRE(pool.may_send(at(0), 0.0));
  pool.sent(at(0), 0.0, a);
  REQUIRE(pool.may_send(at(0), 0.0));
  pool.sent(at(0), 0.0, b);
  CHECK_FALSE(pool.may_send(at(0), 0.0));
  CHECK_FALSE(pool.next_chance(at(0), 0.0));
  pool.dropped();
  CHECK(pool.may_send(at(0), 0.0));
}

TEST_CASE("a call that is turned away leaves room for fewer, and headers raise a rate in search") {
  Pool pool(wide(), 1);
  fresh(pool, 0, turned_away(1.0));
  CHECK(pool.most_in_flight() == 800);
  CHECK(pool.rate() == 5.0);

  Pool search(route::PoolLimits{}, 1);
  auto said = says(ErrorKind::none, 200);
  said.rate.requests.remaining = 3000.0;
  said.rate.requests.reset_s = 60.0;
  fresh(search, 0, said);
  CHECK(*search.rate() == Approx(50.0));
}

TEST_CASE("tokens a minute hold calls back; those turned away give theirs back") {
  route::PoolLimits limits = wide();
  limits.tokens_per_minute = 60'000.0;
  Pool pool(limits, 1);
  CallHistory history;
  REQUIRE(pool.may_send(at(0), 3000));
  pool.sent(at(0), 3000, history);
  CHECK_FALSE(pool.may_send(at(0), 950));
  CHECK(s_of(*pool.next_chance(at(0), 950)) == Approx(1.0));
  pool.came(at(0.1), at(0), 3000, std::nullopt, turned_away(0.0), history);
  CHECK(pool.may_send(at(0.2), 2900));
  pool.sent(at(0.2), 2900, history);
  pool.came(at(0.3), at(0.2), 2900, 100.0, says(ErrorKind::none), history);
  CHECK(pool.may_send(at(0.4), 2500));
}

TEST_CASE("absurd limits hold nothing up for ever") {
  for (const double a_minute : {1e-12, 1e15, 0.0, -1.0, std::nan("")}) {
    route::PoolLimits limits;
    limits.requests_per_minute = a_minute;
    limits.tokens_per_minute = a_minute;
    Pool pool(limits, 1);
    CHECK(fresh(pool, 0, says(ErrorKind::none)).what == What::done);
    const auto next = pool.next_chance(at(1), 1.0);
    REQUIRE(next);
    CHECK(*next >= at(1));
  }
}
