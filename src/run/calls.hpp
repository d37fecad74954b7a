// The calls of a run between the worker that prepared them and the worker that made something of their answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "headgate/base/clock.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/domain/reply.hpp"
#include "payload.hpp"
#include "pool.hpp"

namespace headgate::run {

using Ticket = std::uint64_t;

// A call that a worker prepared.
struct Outgoing {
  std::size_t lane = 0;
  std::size_t slot = 0;  // which of its cell's calls; comes back with what arrives
  CallId id;             // as the journal knows it; two of one id are never out together on a program's lane
  std::string ask;       // of a grader's question: its key; empty: the cell's own call
  Payload request;
  double tokens = 0.0;              // an estimate of what it takes, the reply included
  std::optional<double> worst_usd;  // the most it is expected to cost; absent: no bound is known
  std::optional<Millis> timeout;    // instead of the lane's
};

enum class CallState : std::uint8_t {
  free,
  waiting,  // in the queue of its lane's group
  later,    // waits for its time to be tried again
  out,
  reading,  // what it ended with is on its way through a worker
};

struct HeldCall {
  CallState state = CallState::free;
  CellIndex cell = 0;
  Outgoing what;
  CallHistory history;
  Ticket ticket = 0;  // of its last sending
  std::uint64_t birth = 0;
  Instant wished{};       // when it was first ready to go
  Instant queued{};       // since when it has been waiting
  double paused_s = 0.0;  // of the group's clock of pauses, when it began to wait
  Instant sent_at{};
  double reserved = 0.0;
  bool is_settled = true;   // nothing is reserved for it
  bool cut_by_run = false;  // its time-out is the end of the run's time, not the route's
  bool may_expire = false;
  CallError failure;  // what its last try ended with
};

// Slots that are used again; a ticket names one sending of one slot. Single-threaded.
class Calls {
 public:
  std::uint32_t add(CellIndex cell, Outgoing&& what);
  void free(std::uint32_t index);
  Ticket new_ticket(std::uint32_t index);
  // Asserts that this is the last ticket given to the call, and that the call is in that state.
  std::uint32_t find(Ticket ticket, CallState state) const;

  HeldCall& operator[](std::uint32_t index) { return calls_[index]; }
  const HeldCall& operator[](std::uint32_t index) const { return calls_[index]; }
  std::size_t size() const { return calls_.size(); }  // free slots too
  std::size_t sent() const { return sent_; }

 private:
  std::deque<HeldCall> calls_;
  std::vector<std::uint32_t> free_;
  std::uint64_t born_ = 0;
  std::size_t sent_ = 0;
};

}  // namespace headgate::run
