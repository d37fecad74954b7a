#include <algorithm>
#include <cmath>
#include <deque>
#include <queue>
#include <utility>

#include "provider.hpp"
#include "seconds.hpp"

namespace headgate::sim {
namespace {

using run::after_seconds;

struct Coming {
  Instant at;
  std::size_t job = 0;
  Instant sent_at;
  route::TrySays says;
};
struct Later {
  bool operator()(const Coming& a, const Coming& b) const { return a.at > b.at; }
};
using Comings = std::priority_queue<Coming, std::vector<Coming>, Later>;

bool is_turned_away(ErrorKind kind) { return kind == ErrorKind::rate_limited || kind == ErrorKind::overloaded; }

class Client {
 public:
  Client(const Provider& provider, const ClientOptions& options)
      : provider_(provider),
        options_(options),
        random_(options.seed, 7),
        pool_(options.limits, options.seed, "support_b"),
        ask_(provider.make()),
        jobs_(provider.jobs) {
    for (std::size_t i = 0; i < jobs_.size(); ++i) waiting_.push_back(i);
  }

  Played play() {
    while (played_.done < jobs_.size() && played_.stopped.empty() && played_.broken.empty()) {
      wake();
      take();
      send();
      played_.stopped = pool_.stopped(now_);
      if (played_.stopped.empty()) sleep();
    }
    return std::move(played_);
  }

 private:
  double now_s() const { return run::seconds_between(start_, now_); }
  void broken(const char* promise) { played_.broken = promise + (" at " + std::to_string(now_s()) + " s"); }

  // Calls whose wait between tries is over stand in front.
  void wake() {
    while (!again_.empty() && again_.top().at <= now_) {
      waiting_.push_front(again_.top().job);
      again_.pop();
    }
  }

  void take() {
    while (!coming_.empty() && coming_.top().at <= now_) {
      const Coming came = coming_.top();
      coming_.pop();
      note_pause(came.says);
      end_of_try(came);
      note_rate();
    }
  }

  void note_rate() {
    if (const auto rate = pool_.rate()) {
      highest_rate_ = std::max(highest_rate_.value_or(0.0), *rate);
    } else {
      had_none_ = true;
    }
  }

  // What the limits make of the provider's words, worked out apart from the pool.
  std::optional<double> obeyed_s(std::optional<double> asked_s) const {
    const route::PoolLimits& limits = options_.limits;
    if (!asked_s || limits.retry_after == route::RetryAfter::ignore) return std::nullopt;
    const double most = limits.retry_after == route::RetryAfter::cap
                            ? static_cast<double>(limits.retry_after_cap.count()) / 1000.0
                            : 120.0;
    return std::min({*asked_s, most, 120.0});
  }

  void note_pause(const route::TrySays& says) {
    if (!options_.limits.retries) return;
    std::optional<double> by;
    if (is_turned_away(says.kind)) by = obeyed_s(says.rate.retry_after_s).value_or(1.0);
    const route::RateSays::Window& left = says.rate.requests;
    if (left.remaining && *left.remaining < 1.0) by = std::max(by.value_or(0.0), obeyed_s(left.reset_s).value_or(0.0));
    if (by) played_.pauses.push_back({now_s(), now_s() + *by});
  }

  void end_of_try(const Coming& came) {
    const run::After after = pool_.came(now_, came.sent_at, provider_.tokens, std::nullopt, came.says, jobs_[came.job]);
    using What = run::After::What;
    if (after.what == What::again) return waiting_.push_front(came.job);
    if (after.what == What::again_at) return again_.push({after.at, came.job, {}, {}});
    ++played_.done;
    if (came.says.kind != ErrorKind::none) ++played_.failed;
    played_.makespan_s = now_s();
  }

  void send() {
    while (!waiting_.empty() && pool_.may_send(now_, provider_.tokens)) {
      note_rate();
      const std::size_t job = waiting_.front();
      waiting_.pop_front();
      pool_.sent(now_, provider_.tokens, jobs_[job]);
      if (pool_.in_flight() > pool_.most_in_flight()) broken("more in flight than may be");
      played_.most_out = std::max(played_.most_out, pool_.in_flight());
      played_.sends.push_back({now_s(), had_none_ ? std::nullopt : highest_rate_, provider_.tokens});
      highest_rate_ = pool_.rate();
      had_none_ = !highest_rate_;
      coming_.push(asked(job));
    }
  }

  Coming asked(std::size_t job) {
    Taken taken = ask_(now_s() + options_.round_trip_s / 2.0);
    if (is_turned_away(taken.says.kind)) ++played_.turned_away;
    double takes_s = options_.round_trip_s + taken.takes_s.value_or(0.0);
    if (taken.says.kind == ErrorKind::none) {
      if (!taken.takes_s) takes_s += service_s();
      if (random_.uniform() < provider_.fails) {
        taken.says.kind = ErrorKind::server_error;
        taken.says.http_status = 500;
        taken.says.message = "HTTP 500";
      }
    }
    return {after_seconds(now_, takes_s), job, now_, std::move(taken.says)};
  }

  double service_s() {
    const double u = 1.0 - random_.uniform(), v = random_.uniform();
    const double normal = std::sqrt(-2.0 * std::log(u)) * std::cos(6.283185307179586 * v);
    return provider_.median_s * std::exp(provider_.sigma * normal);
  }

  void sleep() {
    std::optional<Instant> next;
    const auto by = [&next](Instant at) { next = next ? std::min(*next, at) : at; };
    if (!coming_.empty()) by(coming_.top().at);
    if (!again_.empty()) by(again_.top().at);
    if (!waiting_.empty()) {
      const auto chance = pool_.next_chance(now_, provider_.tokens);
      if (chance && *chance <= now_) return broken("the next chance is now, and it may not send");
      if (chance) by(*chance);
      if (chance && *chance == *next && options_.oversleeps_s <= 0.0) must_send_at_ = chance;
    }
    if (!next) {
      if (played_.done < jobs_.size()) broken("calls wait, and nothing would ever wake them");
      return;
    }
    now_ = after_seconds(std::max(now_, *next), options_.oversleeps_s * random_.uniform());
    if (must_send_at_ && now_ == *must_send_at_ && (coming_.empty() || coming_.top().at > now_) &&
        (again_.empty() || again_.top().at > now_) && pool_.stopped(now_).empty() &&
        !pool_.may_send(now_, provider_.tokens)) {
      broken("its next chance has come, and it may not send");
    }
    must_send_at_.reset();
  }

  const Provider& provider_;
  const ClientOptions& options_;
  Random random_;
  run::Pool pool_;
  Ask ask_;
  std::vector<run::CallHistory> jobs_;
  std::deque<std::size_t> waiting_;
  Comings coming_, again_;
  const Instant start_ = after_seconds(Instant{}, 1000.0);
  Instant now_ = start_;
  std::optional<Instant> must_send_at_;
  std::optional<double> highest_rate_;
  bool had_none_ = false;  // since the last sending
  Played played_;
};

}  // namespace

Played play(const Provider& provider, const ClientOptions& options) { return Client(provider, options).play(); }

}  // namespace headgate::sim
