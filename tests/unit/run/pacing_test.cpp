// The parts of a pool that say when: bucket, pacer, pause, concurrency, token allowance.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "bucket.hpp"
#include "concurrency.hpp"
#include "pacer.hpp"
#include "pause.hpp"
#include "rolling_count.hpp"
#include "seconds.hpp"
#include "token_allowance.hpp"

using namespace headgate;
using namespace headgate::run;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

Instant at(double s) { return after_seconds(Instant{}, 1000.0 + s); }

route::RateSays says(std::optional<double> retry_after_s) {
  route::RateSays out;
  out.retry_after_s = retry_after_s;
  return out;
}

route::RateSays left(double remaining, double reset_s) {
  route::RateSays out;
  out.requests.remaining = remaining;
  out.requests.reset_s = reset_s;
  return out;
}

// Sends whenever it may until then; the times.
std::vector<double> send_all(Pacer& pacer, double from_s, double until_s) {
  std::vector<double> sent;
  Instant now = at(from_s);
  while (now < at(until_s)) {
    while (pacer.has_room(now)) {
      pacer.sent(now);
      sent.push_back(seconds_between(at(0), now));
    }
    now = pacer.next_chance(now);
  }
  return sent;
}

}  // namespace

TEST_CASE("seconds become points in time without overflow, rounded up") {
  CHECK(after_seconds(Instant{}, 1.5).time_since_epoch() == std::chrono::milliseconds(1500));
  CHECK(after_seconds(Instant{}, 1e-12).time_since_epoch() == std::chrono::nanoseconds(1));
  CHECK(after_seconds(Instant{}, -1.0) == Instant{});
  CHECK(after_seconds(Instant{}, std::nan("")) == Instant{});
  CHECK(after_seconds(Instant{}, inf) == after_seconds(Instant{}, 1e8));
}

TEST_CASE("a rolling count forgets whole slots, and can take back") {
  RollingCount count(Millis(1000), 3);
  CHECK(count.sum(at(0)) == 0.0);
  count.add(at(0.1), 1);
  count.add(at(0.9), 1);
  count.add(at(1.5), 5);
  count.add(at(0.5), -1);
  CHECK(count.sum(at(1.6)) == 6.0);
  CHECK(count.sum(at(2.9)) == 6.0);
  CHECK(count.sum(at(3.0)) == 5.0);
  count.add(at(3.1), 2);
  count.add(at(0.1), 7);  // its slot is another's by now
  CHECK(count.sum(at(3.1)) == 7.0);
  CHECK(count.sum(at(1e6)) == 0.0);
  count.clear();
  CHECK(count.sum(at(3.1)) == 0.0);
}

TEST_CASE("a bucket fills with time, and owes what it gave too much") {
  Bucket bucket(2.0, 4.0);
  CHECK(bucket.has(at(0), 4.0));
  bucket.take(at(0), 4.0);
  CHECK_FALSE(bucket.has(at(0), 1.0));
  CHECK(bucket.when(at(0), 1.0) == at(0.5));
  CHECK(bucket.has(at(0.5), 1.0));
  CHECK(bucket.has(at(1e6), 4.0));
  bucket.take(at(1e6), 10.0);  // more than it holds goes when it is full, and then is waited off
  CHECK(bucket.when(at(1e6), 1.0) == at(1e6 + 3.5));
  CHECK(bucket.when(at(1e6), 100.0) == at(1e6 + 5.0));
  bucket.give_back(at(1e6), 100.0);
  CHECK(bucket.has(at(1e6), 4.0));
}

TEST_CASE("a bucket does not drift however often it is asked") {
  Bucket bucket(0.1, 1.0);
  bucket.take(at(0), 1.0);
  for (int i = 0; i < 100'000; ++i) CHECK_FALSE(bucket.has(at(i * 9.9e-5), 1.0));
  CHECK(bucket.has(at(10.0), 1.0));
}

TEST_CASE("what a bucket says about time comes true, for tiny and huge rates") {
  for (const double rate : {1e-9, 1e-4, 0.3, 7.0, 1e4, 1e9}) {
    Bucket bucket(rate, std::max(1.0, rate / 10.0));
    Instant now = at(0);
    for (int i = 0; i < 30; ++i) {
      const Instant next = bucket.when(now, 1.0);
      CHECK(next >= now);
      if (rate * 1e8 > 2.0) CHECK(bucket.has(next, 1.0));  // else three years were not enough
      bucket.take(next, bucket.capacity());
      now = next;
    }
  }
}

TEST_CASE("a search begins at 5 a second and doubles every 2 s while it holds calls back") {
  Pacer pacer(std::nullopt, true);
  CHECK(pacer.rate() == 5.0);
  const auto sent = send_all(pacer, 0.0, 6.0);
  CHECK(*pacer.rate() == Approx(5.0 * 8.0).epsilon(0.1));
  // The integral of 5 * 2^(t/2) over 6 s is 101.
  CHECK(sent.size() >= 85);
  CHECK(sent.size() <= 105);
}

TEST_CASE("a rate that holds nothing back does not grow") {
  Pacer pacer(std::nullopt, true);
  for (int s = 0; s < 100; ++s) {
    CHECK(pacer.has_room(at(s)));
    pacer.sent(at(s));
  }
  CHECK(pacer.rate() == 5.0);
}

TEST_CASE("a machine that slept for an hour while a call waited finds no rate from nowhere") {
  Pacer pacer(std::nullopt, true);
  while (pacer.has_room(at(0))) pacer.sent(at(0));
  CHECK(pacer.has_room(at(3600)));
  CHECK(*pacer.rate() <= 10.0);
}

TEST_CASE("a written rate is the start and never exceeded") {
  Pacer pacer(9.5, true);
  const auto sent = send_all(pacer, 0.0, 60.0);
  CHECK(pacer.rate() == 9.5);
  CHECK(sent.size() <= 571);
  CHECK(sent.size() >= 570);
  pacer.told(at(60), left(10'000, 1).requests);
  CHECK(pacer.rate() == 9.5);
}

TEST_CASE("a call that is turned away cuts the rate to what was accepted, between a half and nine tenths") {
  Pacer pacer(10.0, true);
  send_all(pacer, 0.0, 20.0);
  pacer.turned_away(at(20), at(19.9), std::nullopt);
  CHECK(*pacer.rate() == Approx(9.0).epsilon(0.02));
  // Of calls sent before the cut nothing is learnt again.
  pacer.turned_away(at(20.1), at(19.95), std::nullopt);
  pacer.turned_away(at(20.1), at(20.0), std::nullopt);
  CHECK(*pacer.rate() == Approx(9.0).epsilon(0.02));
  // Half a minute later nothing has been accepted for 12 s.
  pacer.turned_away(at(50), at(49.9), std::nullopt);
  CHECK(*pacer.rate() == Approx(4.5).epsilon(0.02));
}

TEST_CASE("after a cut the rate grows by 2 % a second") {
  Pacer pacer(std::nullopt, true);
  send_all(pacer, 0.0, 2.0);
  pacer.turned_away(at(2), at(1.9), std::nullopt);
  const double cut = *pacer.rate();
  send_all(pacer, 2.0, 12.0);
  CHECK(*pacer.rate() == Approx(cut * std::pow(1.02, 10.0)).epsilon(0.02));
}

TEST_CASE("without a rate there is none until a call is turned away, and all that are make the guess") {
  Pacer pacer(std::nullopt, false);
  for (int i = 0; i < 64; ++i) {
    CHECK(pacer.has_room(at(0)));
    pacer.sent(at(0));
  }
  CHECK_FALSE(pacer.rate());
  CHECK(pacer.next_chance(at(0)) == at(0));
  for (int i = 0; i < 54; ++i) pacer.turned_away(at(0.1), at(0), std::nullopt);
  CHECK(*pacer.rate() == Approx(9.0));
}

TEST_CASE("a first guess is never less than where a search begins") {
  Pacer pacer(std::nullopt, false);
  pacer.sent(at(0));
  pacer.turned_away(at(0.1), at(0), std::nullopt);
  CHECK(pacer.rate() == 5.0);
}

TEST_CASE("a rate is not cut below what the provider's Retry-After allows") {
  const auto cut_often = [](double rate, std::optional<double> retry_after_s) {
    Pacer pacer(rate, true);
    for (int i = 1; i < 50; ++i) pacer.turned_away(at(i * 200.0), at(i * 200.0 - 1.0), retry_after_s);
    return *pacer.rate();
  };
  CHECK(cut_often(10.0, 4.0) == Approx(0.25));
  CHECK(cut_often(10.0, 0.0) == Approx(0.5));
  CHECK(cut_often(10.0, 86'400.0) == Approx(0.01));
  CHECK(cut_often(0.1, 4.0) == Approx(0.1));  // written: never raised
}

TEST_CASE("nothing cuts a rate to nothing") {
  Pacer pacer(std::nullopt, true);
  for (int i = 1; i < 200; ++i) pacer.turned_away(at(i * 200.0), at(i * 200.0 - 1.0), std::nullopt);
  CHECK(*pacer.rate() >= 0.009);
  Pacer slow(0.001, true);
  for (int i = 1; i < 200; ++i) slow.turned_away(at(i * 2000.0), at(i * 2000.0 - 1.0), std::nullopt);
  CHECK(*slow.rate() > 0.0);
  CHECK(*slow.rate() <= 0.001);
}

TEST_CASE("what a provider says is left raises a search, and nothing else") {
  Pacer pacer(std::nullopt, true);
  pacer.told(at(0), left(3, 60).requests);
  CHECK(pacer.rate() == 5.0);
  pacer.told(at(0), left(3000, 60).requests);
  CHECK(*pacer.rate() == Approx(50.0));
  pacer.told(at(0), left(9000, 0.006).requests);  // to a full bucket: less than a second says nothing
  CHECK(*pacer.rate() == Approx(9000.0));
  pacer.told(at(0), left(inf, 1).requests);
  CHECK(*pacer.rate() == Approx(9000.0));
  pacer.turned_away(at(1), at(0.5), std::nullopt);
  const double cut = *pacer.rate();
  pacer.told(at(1), left(90'000, 1).requests);
  CHECK(*pacer.rate() == cut);
}

TEST_CASE("a pause is as long as the provider asks, at most two minutes") {
  route::PoolLimits limits;
  Pause pause(limits);
  CHECK(pause.is_over(at(0)));
  pause.turned_away(at(0), at(-1), says(2.5));
  CHECK(pause.until() == at(2.5));
  CHECK_FALSE(pause.is_over(at(2.499)));
  CHECK(pause.is_over(at(2.5)));
  CHECK(pause.why() == std::string("the provider asked for it"));
  pause.turned_away(at(1), at(-1), says(0.5));  // never shorter
  CHECK(pause.until() == at(2.5));
  pause.turned_away(at(1), at(-1), says(3600));
  CHECK(pause.until() == at(121));
}

TEST_CASE("retry_after: cap and ignore") {
  route::PoolLimits limits;
  limits.retry_after = route::RetryAfter::cap;
  limits.retry_after_cap = Millis(10'000);
  Pause capped(limits);
  capped.turned_away(at(0), at(-1), says(30));
  CHECK(capped.until() == at(10));
  capped.told(at(20), left(0, 60));
  CHECK(capped.until() == at(30));

  limits.retry_after = route::RetryAfter::ignore;
  Pause deaf(limits);
  deaf.told(at(0), left(0, 60));
  CHECK(deaf.is_over(at(0)));
  deaf.turned_away(at(0), at(-1), says(30));
  CHECK(deaf.until() == at(1));
}

TEST_CASE("without Retry-After pauses double until something sent after one succeeds") {
  Pause pause{route::PoolLimits{}};
  double now = 0.0;
  for (const double length : {1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0}) {
    pause.turned_away(at(now), at(now - 0.1), says(std::nullopt));
    pause.turned_away(at(now), at(now - 0.2), says(std::nullopt));  // the same episode
    CHECK(seconds_between(at(now), pause.until()) == Approx(length));
    now = seconds_between(at(0), pause.until()) + 0.1;
  }
  pause.succeeded(at(0));  // sent long before
  pause.turned_away(at(now), at(now - 0.05), says(std::nullopt));
  CHECK(seconds_between(at(now), pause.until()) == Approx(60.0));
  now += 60.5;
  pause.succeeded(at(now));
  pause.turned_away(at(now + 1), at(now), says(std::nullopt));
  CHECK(seconds_between(at(now + 1), pause.until()) == Approx(1.0));
}

TEST_CASE("a window with nothing left pauses until it is reset") {
  Pause pause{route::PoolLimits{}};
  pause.told(at(0), left(1, 30));
  CHECK(pause.is_over(at(0)));
  pause.told(at(0), left(0, 30));
  CHECK(pause.until() == at(30));
  CHECK(pause.why() == std::string("the provider's limit is used up until it resets"));
  route::RateSays tokens;
  tokens.tokens.remaining = 0.5;
  tokens.tokens.reset_s = 300.0;
  pause.told(at(0), tokens);
  CHECK(pause.until() == at(120));
  tokens.tokens.reset_s.reset();
  pause.told(at(200), tokens);
  CHECK(pause.is_over(at(200)));
}

TEST_CASE("concurrency grows by one a round while it is used, and falls by a fifth at most every 2 s") {
  Concurrency found(16, 64);
  CHECK(found.most() == 16);
  for (int i = 0; i < 100; ++i) found.succeeded(12);  // 12 of 16 is not used
  CHECK(found.most() == 16);
  for (int i = 0; i < 17; ++i) found.succeeded(16);
  CHECK(found.most() == 17);
  for (int i = 0; i < 10'000; ++i) found.succeeded(64);
  CHECK(found.most() == 64);
  found.turned_away(at(0));
  found.turned_away(at(1.9));
  CHECK(found.most() == 51);
  found.turned_away(at(2));
  CHECK(found.most() == 40);
  for (int i = 1; i < 100; ++i) found.turned_away(at(i * 10));
  CHECK(found.most() == 1);
  CHECK(Concurrency(0, 0).most() == 1);
  CHECK(Concurrency(9, 4).most() == 4);
}

TEST_CASE("tokens are reserved, corrected and given back") {
  TokenAllowance none{std::nullopt};
  CHECK(none.has_room(at(0), 1e12));
  CHECK(none.next_chance(at(0), 1e12) == at(0));

  TokenAllowance allowance{60'000.0};  // 950 a second, 3,000 at once
  CHECK(allowance.has_room(at(0), 1000));
  allowance.sent(at(0), 3000);
  CHECK_FALSE(allowance.has_room(at(0), 950));
  CHECK(allowance.next_chance(at(0), 950) == at(1));
  allowance.came(at(0), 3000, 100.0);
  CHECK(allowance.has_room(at(0), 2900));
  allowance.sent(at(0), 2900);
  allowance.came(at(0), 2900, 2900.0 + 1900.0);
  CHECK(seconds_between(at(0), allowance.next_chance(at(0), 950)) == Approx(3.0));
}

TEST_CASE("a call larger than what fits in goes when the allowance is full") {
  TokenAllowance allowance{60'000.0};
  CHECK(allowance.has_room(at(0), 50'000));
  allowance.sent(at(0), 50'000);
  const Instant next = allowance.next_chance(at(0), 50'000);
  CHECK(seconds_between(at(0), next) == Approx(50'000 / 950.0));
  CHECK(allowance.has_room(next, 50'000));
}

TEST_CASE("no count of tokens that a provider invents stops a pool") {
  for (const double used : {1e300, inf, -5.0, std::nan("")}) {
    TokenAllowance allowance{60'000.0};
    allowance.sent(at(0), 100);
    allowance.came(at(0), 100, used);
    CHECK(seconds_between(at(0), allowance.next_chance(at(0), 100)) < 64.0);
  }
  TokenAllowance allowance{60'000.0};
  allowance.sent(at(0), std::nan(""));
  allowance.sent(at(0), -1e9);
  CHECK(allowance.has_room(at(0), 3000));
}

TEST_CASE("no minute sees more tokens than were written") {
  TokenAllowance allowance{60'000.0};
  std::vector<double> sent;
  Instant now = at(0);
  while (now < at(180)) {
    while (allowance.has_room(now, 700)) {
      allowance.sent(now, 700);
      sent.push_back(seconds_between(at(0), now));
    }
    now = allowance.next_chance(now, 700);
  }
  for (std::size_t i = 0; i < sent.size(); ++i) {
    std::size_t last = i;
    while (last < sent.size() && sent[last] < sent[i] + 60.0) ++last;
    CHECK(static_cast<double>(last - i) * 700.0 <= 60'000.0);
  }
  CHECK(static_cast<double>(sent.size()) * 700.0 >= 0.94 * 180'000.0);
}
