// How fast, how many at once and how often again, for all calls with one host, key and model family: pacing, pauses,
// concurrency, tries and the breaker. Pure: sees no clock, file or thread; the conductor tells it what happens.
//
// The algorithms and why they are these: docs/limits.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "attempt_pattern.hpp"
#include "breaker.hpp"
#include "concurrency.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/random.hpp"
#include "headgate/route/dialect.hpp"
#include "headgate/route/limits.hpp"
#include "pacer.hpp"
#include "pause.hpp"
#include "retry_quota.hpp"
#include "stall.hpp"
#include "token_allowance.hpp"

namespace headgate::run {

// What a pool remembers of one call between its tries. The conductor keeps it with the call.
struct CallHistory {
  std::uint32_t sends = 0;     // all of them
  std::uint32_t failures = 0;  // that count as tries: not those a provider turned away with a pause
  std::uint32_t timeouts = 0;
  std::uint32_t unreadable = 0;
  std::uint64_t fingerprint = 0;  // of the last failure
  std::uint32_t same = 0;         // how often that came in a row
  std::optional<Instant> first_sent;
};

// What is to be done with a call whose try has come back.
struct After {
  enum class What : std::uint8_t {
    done,      // it ends with what came
    again,     // it goes to the front of the queue; the pool's pause and rate are its waiting
    again_at,  // it goes again at `at`, in front of what waits then
    run_ends,  // nobody will answer in this run: key refused, quota used up
  };
  What what = What::done;
  Instant at{};
};

class Pool {
 public:
  // `seed` is of the waits between tries. `name` is for stopped(): the routes that share the pool, "support_b".
  Pool(const route::PoolLimits& limits, std::uint64_t seed, std::string name = {});

  // Whether a call with so many tokens may go out now. Says no while paused, while the breaker is open (but for its
  // probe), at the most in flight, or ahead of the rate.
  bool may_send(Instant now, double tokens);
  // When may_send could say yes for the call in front, without anything coming back; absent: only something coming
  // back can change it.
  std::optional<Instant> next_chance(Instant now, double tokens) const;
  void sent(Instant now, double tokens, CallHistory& history);

  // A try came back. `tokens` as it was sent; `used` where the reply says. For kind none the call is done unless it
  // proves unreadable, which `unreadable` tells then.
  After came(Instant now, Instant sent_at, double tokens, std::optional<double> used, const route::TrySays& says,
             CallHistory& history);
  // What a call that came back took in truth, which only whoever reads it finds out.
  void used(Instant now, double tokens, double used) { tokens_.came(now, tokens, used); }
  // A reply that came proved unreadable, cut or an error in itself: whether the call may go again.
  bool may_reread(Instant now, const CallHistory& history) const;
  After unreadable(Instant now, CallHistory& history);
  // A call that was out is gone without an answer (interrupted).
  void dropped();

  // Nothing will come of waiting any longer: the breaker opened before any success, or nothing succeeded for
  // `no_progress`. Why, in one sentence with what came last; empty: all is well.
  std::string stopped(Instant now) const;

  std::size_t in_flight() const { return in_flight_; }
  std::size_t most_in_flight() const;
  std::optional<double> rate() const;         // calls a second; absent: none
  double pause_s(Instant now) const;          // until it may send again, of pauses and the breaker
  std::string why_paused(Instant now) const;  // "the provider asked for it"

 private:
  bool is_late(Instant now, const CallHistory& history) const;
  void pass_time(Instant now);
  Instant held_until(Instant now) const;
  double stalled_s(Instant now) const;
  void succeeded(Instant now, Instant sent_at, std::size_t out);
  After turned_away(Instant now, Instant sent_at, const route::TrySays& says, const CallHistory& history);
  After failed(Instant now, Instant sent_at, const route::TrySays& says, CallHistory& history);
  bool is_permanent(const CallHistory& history) const;
  bool may_try_again(ErrorKind kind, const CallHistory& history) const;
  After again_later(Instant now, const CallHistory& history);
  After refused(const route::TrySays& says);
  std::string why_open(Instant now) const;
  std::string calls() const;  // "calls to support_b"

  route::PoolLimits limits_;
  std::string name_;
  Random random_;
  Pacer pacer_;
  Pause pause_;
  Concurrency concurrency_;
  TokenAllowance tokens_;
  RetryQuota quota_;
  Breaker breaker_;
  AttemptPattern pattern_;
  Stall stall_;
  std::size_t in_flight_ = 0;
  std::optional<Instant> last_success_;
  std::string last_error_;
  std::string stopped_;  // for good
};

}  // namespace headgate::run
