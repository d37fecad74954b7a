#include "pool.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "headgate/base/assert.hpp"
#include "seconds.hpp"
#include "try_class.hpp"

namespace headgate::run {
namespace {

constexpr std::size_t first_in_flight = 16, most_found_in_flight = 64;
constexpr double of_written_rate = 0.95;  // their clock is not ours
constexpr double first_wait_s = 0.5, longest_wait_s = 20.0;
constexpr unsigned enough_doublings = 6;
constexpr std::uint32_t most_timeouts = 2;  // each has cost all of its time
constexpr std::uint32_t most_rereads = 2;
constexpr std::uint32_t same_is_permanent = 3;

std::optional<double> positive(std::optional<double> number) {
  return number && std::isfinite(*number) && *number > 0.0 ? number : std::nullopt;
}

std::optional<double> written_rate(const route::PoolLimits& limits) {
  const auto a_minute = positive(limits.requests_per_minute);
  return a_minute ? std::optional(*a_minute / 60.0 * of_written_rate) : std::nullopt;
}

Concurrency concurrency_of(const route::PoolLimits& limits) {
  if (limits.in_flight) return {*limits.in_flight, *limits.in_flight};
  return {written_rate(limits) ? most_found_in_flight : first_in_flight, most_found_in_flight};
}

std::string plain(double number) { return std::to_string(static_cast<long long>(std::llround(number))); }

}  // namespace

Pool::Pool(const route::PoolLimits& limits, std::uint64_t seed, std::string name)
    : limits_(limits),
      name_(std::move(name)),
      random_(seed),
      pacer_(written_rate(limits), !limits.in_flight),
      pause_(limits),
      concurrency_(concurrency_of(limits)),
      tokens_(positive(limits.tokens_per_minute)) {}

std::size_t Pool::most_in_flight() const { return concurrency_.most(); }
std::optional<double> Pool::rate() const { return pacer_.rate(); }

bool Pool::may_send(Instant now, double tokens) {
  if (in_flight_ >= most_in_flight() || !pause_.is_over(now) || !breaker_.lets_through(now)) return false;
  if (!stopped(now).empty()) return false;
  return tokens_.has_room(now, tokens) && pacer_.has_room(now);
}

std::optional<Instant> Pool::next_chance(Instant now, double tokens) const {
  if (in_flight_ >= most_in_flight() || !stopped(now).empty()) return std::nullopt;
  const auto breaker = breaker_.next_chance(now);
  if (!breaker) return std::nullopt;
  return std::max({now, *breaker, pause_.until(), tokens_.next_chance(now, tokens), pacer_.next_chance(now)});
}

void Pool::sent(Instant now, double tokens, CallHistory& history) {
  stall_.begin(now);
  pass_time(now);
  ++in_flight_;
  ++history.sends;
  if (!history.first_sent) history.first_sent = now;
  tokens_.sent(now, tokens);
  pacer_.sent(now);
  breaker_.sent(now);
}

After Pool::came(Instant now, Instant sent_at, double tokens, std::optional<double> used, const route::TrySays& says,
                 CallHistory& history) {
  HG_ASSERT(in_flight_ > 0);
  pass_time(now);
  const std::size_t out = in_flight_--;
  const TryClass what = class_of(says);
  pacer_.told(now, says.rate.requests);
  if (limits_.retries) pause_.told(now, says.rate);
  tokens_.came(now, tokens, what == TryClass::turned_away ? std::optional(used.value_or(0.0)) : used);
  if (what != TryClass::reply && !says.message.empty()) last_error_ = says.message;
  After after;
  if (what == TryClass::reply || what == TryClass::turned_away) {
    pattern_.came(history.sends, what == TryClass::turned_away);
  }
  switch (what) {
    case TryClass::reply:
      succeeded(now, sent_at, out);
      break;
    case TryClass::turned_away:
      after = turned_away(now, sent_at, says, history);
      break;
    case TryClass::failed:
      after = failed(now, sent_at, says, history);
      break;
    case TryClass::unreadable:
      breaker_.answered(now);
      if (may_reread(now, history)) after = unreadable(now, history);
      break;
    case TryClass::final:
      breaker_.answered(now);
      break;
    case TryClass::refused:
      after = refused(says);
      break;
  }
  return after;
}

void Pool::succeeded(Instant now, Instant sent_at, std::size_t out) {
  last_success_ = now;
  stall_.succeeded();
  quota_.succeeded();
  breaker_.answered(now);
  pause_.succeeded(sent_at);
  concurrency_.succeeded(out);
}

After Pool::turned_away(Instant now, Instant sent_at, const route::TrySays& says, const CallHistory& history) {
  breaker_.turned_away();
  if (!limits_.retries) return {};  // nobody wants to wait for a provider that has room again
  if (pattern_.holds()) {
    pacer_.lift(now);
    concurrency_.lift();
  } else {
    pacer_.turned_away(now, sent_at, pause_.obeyed_s(says.rate.retry_after_s));
    concurrency_.turned_away(now);
  }
  pause_.turned_away(now, sent_at, says.rate);
  if (is_late(pause_.until(), history)) return {};
  return {After::What::again, {}};
}

After Pool::failed(Instant now, Instant sent_at, const route::TrySays& says, CallHistory& history) {
  // Who wants no second try does not want to wait for a better time either.
  if (breaker_.failed(now, sent_at) && (!last_success_ || !limits_.retries)) stopped_ = why_open(now);
  ++history.failures;
  if (says.kind == ErrorKind::timeout) ++history.timeouts;
  const bool is_same = says.http_status != 0 && says.fingerprint != 0 && says.fingerprint == history.fingerprint;
  history.same = is_same ? history.same + 1 : 1;
  history.fingerprint = says.http_status != 0 ? says.fingerprint : 0;
  if (is_permanent(history) || !may_try_again(says.kind, history)) return {};
  const After after = again_later(now, history);
  const int cost = says.kind == ErrorKind::timeout ? RetryQuota::a_timeout : RetryQuota::a_retry;
  return after.what == After::What::done || quota_.take(cost) ? after : After{};
}

std::string Pool::why_open(Instant now) const {
  const double finished = breaker_.finished(now), errors = breaker_.errors(now);
  const std::string last = plain(finished) + " " + calls();
  if (errors < finished) return plain(errors) + " of the last " + last + " failed: " + last_error_;
  return "the last " + last + " all failed: " + last_error_;
}

// Others were answered in the meantime, so it is this request that the provider cannot bear.
bool Pool::is_permanent(const CallHistory& history) const {
  return history.same >= same_is_permanent && last_success_ && *last_success_ >= history.first_sent;
}

bool Pool::may_try_again(ErrorKind kind, const CallHistory& history) const {
  return limits_.retries && history.failures < most_tries(kind) && history.timeouts < most_timeouts;
}

// Full jitter: many calls that failed together do not come back together.
After Pool::again_later(Instant now, const CallHistory& history) {
  const unsigned doublings = std::min(std::max(history.failures, 1U) - 1, enough_doublings);
  const double longest = std::min(longest_wait_s, first_wait_s * std::exp2(doublings));
  const Instant at = after_seconds(now, longest * random_.uniform());
  if (is_late(at, history)) return {};
  return {After::What::again_at, at};
}

After Pool::refused(const route::TrySays& says) {
  const char* what = says.kind == ErrorKind::quota ? "a quota or spend cap is used up" : "the key was refused";
  stopped_ = what + (says.message.empty() ? std::string() : ": " + says.message);
  return {After::What::run_ends, {}};
}

bool Pool::may_reread(Instant now, const CallHistory& history) const {
  return limits_.retries && history.unreadable < most_rereads &&
         history.failures + 1 < most_tries(ErrorKind::malformed_reply) && quota_.has(RetryQuota::a_retry) &&
         !is_late(now, history) && stopped(now).empty();
}

// What may_reread() has promised holds, whatever happened since: the worker that found it unreadable did not conclude.
After Pool::unreadable(Instant now, CallHistory& history) {
  if (!limits_.retries || history.unreadable >= most_rereads) return {};
  ++history.unreadable;
  ++history.failures;
  history.same = 0;
  history.fingerprint = 0;
  quota_.take(RetryQuota::a_retry);
  After after = again_later(now, history);
  return after.what == After::What::done ? After{After::What::again_at, now} : after;
}

void Pool::dropped() {
  HG_ASSERT(in_flight_ > 0);
  if (--in_flight_ == 0) breaker_.nothing_out();
}

bool Pool::is_late(Instant now, const CallHistory& history) const {
  return history.first_sent && now >= *history.first_sent + limits_.deadline;
}

Instant Pool::held_until(Instant now) const {
  if (in_flight_ > 0) return now;
  const auto breaker = breaker_.is_open() ? breaker_.next_chance(Instant{}) : std::nullopt;
  return std::max(pause_.until(), breaker.value_or(Instant{}));
}

void Pool::pass_time(Instant now) { stall_.pass(now, held_until(now)); }

double Pool::stalled_s(Instant now) const { return stall_.seconds(now, held_until(now)); }

std::string Pool::calls() const { return name_.empty() ? "calls" : "calls to " + name_; }

std::string Pool::stopped(Instant now) const {
  if (!stopped_.empty()) return stopped_;
  const double stalled = stalled_s(now);
  if (stalled < seconds_of(limits_.no_progress)) return {};
  return "no call" + (name_.empty() ? std::string() : " to " + name_) + " has succeeded for " + plain(stalled) +
         " s; " + (last_error_.empty() ? "no answer came" : "the last error: " + last_error_);
}

double Pool::pause_s(Instant now) const {
  const auto breaker = breaker_.is_open() ? breaker_.next_chance(now) : std::nullopt;
  return std::max(0.0, seconds_between(now, std::max(pause_.until(), breaker.value_or(now))));
}

std::string Pool::why_paused(Instant now) const {
  if (!pause_.is_over(now)) return pause_.why();
  return breaker_.is_open() ? "not answering" : "";
}

}  // namespace headgate::run
