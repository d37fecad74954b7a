// Who may send when. Calls wait in the order added, in one queue for all lanes that share a provider's limits; a
// program's lane has a queue and a bound of its own. Money is set aside before a call goes out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "calls.hpp"
#include "headgate/route/dialect.hpp"
#include "headgate/route/limits.hpp"
#include "headgate/run/drive.hpp"
#include "spend.hpp"

namespace headgate::run {

struct LaneBounds {
  std::size_t most_out = 1;         // of a program's
  std::optional<std::size_t> pool;  // whose limits it shares; absent: a program's lane, whose calls have one try
  Millis timeout{30'000};           // of one try
  bool is_free = false;             // nobody is paid for its calls
};

struct PoolSetup {
  route::PoolLimits limits;
  std::string name = {};  // the routes that share it: "support_a, support_b"
};

struct LaneSetup {
  std::vector<LaneBounds> lanes;
  std::vector<PoolSetup> pools;
  std::uint64_t seed = 0;  // of the waits before trying again
  std::optional<double> max_usd;
  double spent_before_usd = 0.0;
};

// A call that goes out now.
struct Sending {
  Ticket ticket = 0;
  std::size_t lane = 0;
  std::string intent;  // the body of its record
  Payload request;
  std::optional<Millis> timeout;  // shorter than its own and its lane's: what is left of its time or of the run's
};

// Single-threaded and pure.
class Lanes {
 public:
  explicit Lanes(const LaneSetup& setup);

  // Nothing that goes out may take longer than until then.
  void end_at(Instant instant) { end_ = instant; }
  void add(CellIndex cell, Outgoing&& call, Instant now);
  // What may go out now. False: the money does not suffice for the next one, and nothing that is out could change that.
  bool send(Instant now, std::vector<Sending>& out);
  // When something may go out or be tried again without anything coming back; absent: not before something comes back.
  std::optional<Instant> next_chance(Instant now) const;

  const HeldCall& out_call(Ticket ticket) const { return calls_[calls_.find(ticket, CallState::out)]; }
  // It came back, and goes to a worker: it is held until settle() or again().
  void read(Ticket ticket, double latency_ms);
  // The try of a call in a pool came back. done: it goes to a worker; again, again_at: it waits for that; run_ends: it
  // is gone. `spent`: what the failed try counts for.
  struct Came {
    After::What what = After::What::done;
    std::optional<double> spent;
  };
  Came came(Ticket ticket, Instant now, const route::TrySays& says, double latency_ms);
  // It will never come back, or came back for nothing: the end of the run cut it.
  // `was_sent`: it may have been paid for.
  void lose(Ticket ticket, bool was_sent = true);
  bool may_reread(Ticket ticket, Instant now) const;

  // What a worker made of it. `tokens`: what it took.
  void settle(Ticket ticket, Instant now, std::optional<double> cost_usd, std::optional<double> tokens);
  // It did not read. True: it waits to be tried again. False: it may not, and is still with its reader, who is to be
  // told so; its ticket stays.
  bool again(Ticket ticket, Instant now, CallError why);
  // Takes away one that waited for its next try longer than it may, which goes to a worker then.
  std::optional<Ticket> next_expired(Instant now);

  // Takes away what waits; `each` is told whose it was.
  void drop_waiting(const std::function<void(CellIndex)>& each);
  // Why a pool that has something to do will get nowhere, in one sentence; else empty.
  std::string stopped(Instant now) const;

  const HeldCall& call(Ticket ticket) const { return calls_[calls_.find(ticket, CallState::reading)]; }
  double waited_ms(Ticket ticket) const;
  // The first few cells with a call out on that lane, in the order sent.
  std::vector<CellIndex> cells_out(std::size_t lane, std::size_t most) const;
  // The call that has been out longest: its cell, and since when.
  std::optional<std::pair<CellIndex, Instant>> longest_out() const;

  std::size_t waiting() const { return waiting_; }  // for their first or another try
  std::size_t waiting(std::size_t lane) const { return lanes_[lane].waiting; }
  std::size_t out() const { return out_; }
  std::size_t out(std::size_t lane) const { return lanes_[lane].out; }
  std::size_t most_out(std::size_t lane) const;  // at best
  std::size_t count() const { return lanes_.size(); }
  std::size_t sent() const { return calls_.sent(); }  // tries
  std::size_t begun() const { return begun_; }        // calls, of which each was sent at least once
  std::size_t begun(std::size_t lane) const { return lanes_[lane].begun; }
  const Spend& spend() const { return spend_; }
  // What nothing that is out could make room for: the call for whose sake send() said that the money does not suffice.
  struct Unpaid {
    std::size_t lane = 0;
    std::optional<double> most_usd;  // absent: nobody knows
  };
  const std::optional<Unpaid>& unpaid() const { return unpaid_; }
  const TimeSpent& time() const { return time_; }

  std::size_t pools() const { return pools_; }
  const Pool& pool(std::size_t number) const { return *groups_[number].pool; }
  std::size_t pool_waiting(std::size_t number) const;

 private:
  struct Later {
    Instant at;
    std::uint32_t call = 0;
  };
  struct Expiry {
    Instant at;
    std::uint32_t call = 0;
    std::uint64_t birth = 0;
    friend bool operator>(const Expiry& a, const Expiry& b) { return a.at > b.at; }
  };
  // Lanes that share one queue. The pools come first, then the programs' lanes.
  struct Group {
    std::optional<Pool> pool;
    std::size_t most_out = 0;  // without a pool
    Millis deadline{0};        // with one
    std::set<CallId> ids;      // without one: of what is out, since a program's reply is matched by its id
    std::deque<std::uint32_t> waiting;
    std::vector<Later> later;  // the soonest first
    bool lacks_money = false;
    double paused_s = 0.0;    // how long it was paused so far, while something waited
    std::size_t reading = 0;  // came back, and no worker has concluded them yet
  };
  struct Lane {
    LaneBounds bounds;
    std::size_t group = 0;
    std::size_t waiting = 0, out = 0, begun = 0;
  };

  Group& group_of(const HeldCall& call) { return groups_[lanes_[call.what.lane].group]; }
  const Group& group_of(const HeldCall& call) const { return groups_[lanes_[call.what.lane].group]; }
  bool send_of(Group& group, Instant now, std::size_t most, std::vector<Sending>& out);
  std::deque<std::uint32_t>::iterator next_of(Group& group, Instant now);
  void send_one(Group& group, std::uint32_t index, Instant now, std::vector<Sending>& out);
  std::optional<Millis> cut(HeldCall& call, const Group& group, Instant now) const;
  void count_waiting(const HeldCall& call, bool comes);
  void wait_again(std::uint32_t index, const After& after, Instant now);
  void recall(Group& group, Instant now);
  // With what is not concluded: a run that is killed has no more to ask again than it may have out.
  static bool is_full(const Group& group) {
    return group.pool->in_flight() + group.reading >= group.pool->most_in_flight();
  }
  void came_back(std::uint32_t index);
  void begin_reading(HeldCall& call);
  void end_reading(const HeldCall& call) { --group_of(call).reading; }
  void settle_try(HeldCall& call, std::optional<double> cost);
  void let_time_pass(Instant now);

  std::vector<Lane> lanes_;
  std::vector<Group> groups_;
  std::size_t pools_ = 0;
  Calls calls_;
  Spend spend_;
  std::optional<Unpaid> unpaid_;
  TimeSpent time_;
  std::vector<Expiry> expiries_;  // a heap, the soonest first
  std::optional<Instant> end_;
  std::optional<Instant> looked_;
  std::size_t waiting_ = 0, out_ = 0, begun_ = 0;
};

}  // namespace headgate::run
