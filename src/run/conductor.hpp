// What a run does next. A pure step function on one thread: it owns the state of every cell, sees no clock, file or
// thread, and passes records, requests and replies through as bytes and opaque payloads. The driver feeds it; the
// simulation feeds it too.
//
// A cell goes from hand to hand. A worker takes a task, and either finishes the cell or gives it back with calls to
// make; the conductor sends them when their lane has room, collects what arrives, and hands both to a worker again. To
// the conductor the call that asks a route for its reply and one that a grader asks are the same. A call stays with the
// conductor until a worker has made something of its answer, so that it can be sent again.
//
// Cells of a case whose graders compare the two arms' replies are graded as one. Each is asked for its reply by itself,
// and that is recorded at once; then its worker says `awaits`. When both of a pair await, a worker gets both in one
// task, under the baseline's cell, which makes all their calls from then on, and finishes both in one piece of news.
// Where the other cell ended without a reply, the one that waits goes on alone. A cell that waits keeps its place among
// those begun: cells are begun in the order of the plan, where pairs stand together, so the other one was begun before
// any place could be lacking for it, or is the very next.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "headgate/base/clock.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/domain/reply.hpp"
#include "headgate/domain/status.hpp"
#include "headgate/journal/record.hpp"
#include "headgate/run/observer.hpp"
#include "lanes.hpp"

namespace headgate::run {

enum class CellState : std::uint8_t {
  waiting,
  replied,  // a result is recorded, its grade is not
  begun,
  done,
  left,  // begun, and not to be finished by this start
};

// A call that came back: which of its cell's it was, and what the transport brought.
struct Arrived {
  Ticket ticket = 0;  // comes back in Read
  std::size_t slot = 0;
  Payload what;                          // null where `failed` says all
  std::optional<CallError> failed = {};  // no further try will be made
  bool last = true;                      // one that does not read cannot be sent again
  journal::CallFacts facts = {};         // what it counts for unless it tells its cost
};
// What a worker made of one arrival. Of each there is one, with the first news of the task or a later one.
struct Read {
  Ticket ticket = 0;
  std::optional<CallError> again = {};  // it did not read, and was not the last; its try is among the records
  std::optional<double> cost_usd = {};  // absent: unknown
  std::optional<double> tokens = {};    // that it took
};

enum class Work : std::uint8_t {
  whole,    // find the reply and grade it
  grade,    // the reply is recorded
  prepare,  // make the request for a live route
  go_on,    // with what arrived
};
struct Task {
  CellIndex cell = 0;
  Work work = Work::whole;
  Payload held = nullptr;   // go_on: what the worker gave back before
  Payload other = nullptr;  // go_on, once: of the other cell of the pair, when both await
  std::vector<Arrived> arrived = {};
};
struct Job {
  std::uint32_t id = 0;
  std::vector<Task> tasks;
};

enum class Fate : std::uint8_t { passed, failed, error };

// What a worker made of one task. While it is `at_work` there are only records, and more comes in a later part.
enum class Hand : std::uint8_t {
  at_work,
  given_back,
  awaits,  // the other cell of its pair; without calls
  finished,
};
struct CellNews {
  CellIndex cell = 0;
  Hand hand = Hand::finished;
  Fate fate = Fate::error;           // finished
  std::optional<Fate> other = {};    // finished: the other cell of the pair with it, of which `held` was handed over
  std::vector<std::string> records;  // bodies
  std::vector<Outgoing> calls;       // given back
  Payload held;                      // given back, awaits
  std::vector<Read> reads;
  bool is_cached = false;          // its reply came from the response cache
  std::size_t answers_cached = 0;  // so did so many answers to its graders
};

// Events. A job comes back in one or more parts; the last one says so.
struct Begin {};
struct Part {
  std::uint32_t job = 0;
  std::vector<CellNews> cells;
  bool last = true;
};
struct Returned {
  Ticket ticket = 0;
  ErrorKind not_run = ErrorKind::none;  // interrupted, breaker: there was no call, and there is no payload
  Payload what = nullptr;
  std::optional<route::TrySays> says = {};  // of a lane in a pool
  bool timed_out = false;
  double latency_ms = 0.0;
  std::optional<std::string> not_sent = {};  // with not_run: nobody can have been paid for it, and why
};
struct Interrupt {};    // the first one drains, the second one stops
struct Tick {};         // the end of a turn: now work is handed out
struct WriteFailed {};  // records could not be written
struct DiskFull {};     // they could, for the last time: nothing new is begun or sent
using Event = std::variant<Begin, Part, Returned, Interrupt, Tick, WriteFailed, DiskFull>;

enum class End : std::uint8_t {
  complete,
  interrupted,
  broken,     // a lane or a pool that answers nothing any more
  budget,     // the money does not suffice for the next call
  deadline,   // the time of this start is over
  refused,    // a provider refuses the key, or its quota is used up
  disk_full,  // what was out is recorded
  write_failed,
};

struct Actions {
  std::vector<std::string> append;  // in this order, before anything is sent or submitted
  std::vector<Sending> send;        // their intents are appended after `append`
  std::vector<Job> submit;
  std::optional<End> end;  // once, and nothing after it
  // At the end of a turn: the next Tick should come no later than this. Absent: nothing but events matters.
  std::optional<Instant> wake;
};

struct Bounds {
  std::size_t jobs_in_flight = 8;
  std::size_t workers = 2;           // while so many jobs are out, arrivals are gathered
  std::size_t cells_a_job = 64;      // a job costs about a microsecond of hand-over; a recorded cell about ten
  std::size_t stop_after_cells = 0;  // begin no more than so many, then behave as if interrupted; 0: no such bound
  std::size_t begun_ahead = 64;      // live cells of an arm that are begun beyond those its lane can have out
  std::size_t asking = 256;          // recorded cells that wait for what their graders asked
  Millis drain{10'000};
  std::optional<Millis> deadline;  // from Begin
  std::array<bool, 2> live{};      // by Arm: cells of it need a call on the lane of the same number
  LaneSetup lanes;
};

// Nobody will answer on that lane in this run, or on another with its key.
struct Refusal {
  std::size_t lane = 0;
  CallError why;
};

class Conductor {
 public:
  // `order` must outlive the conductor. `states` has one for every cell: waiting, replied or done. `progress` counts
  // what is done already.
  Conductor(std::span<const CellIndex> order, std::vector<CellState> states, const Progress& progress,
            const Bounds& bounds);

  // Appends to `out`. Work is handed out at Begin and Tick only. Asserts on events that no honest driver sends: a part
  // of an unknown job, a cell twice, an arrival of what is not out.
  void step(Event&& event, Instant now, Actions& out);

  const Progress& progress() const { return progress_; }
  bool is_over() const { return over_; }
  const Lanes& lanes() const { return lanes_; }
  const std::string& stopped() const { return stopped_; }  // why a pool got nowhere; empty: none did
  const std::optional<Refusal>& refusal() const { return refusal_; }

 private:
  // A cell with calls, or with a worker that may make some.
  struct Going {
    Payload held;
    std::vector<Arrived> arrived;
    std::size_t calls = 0;  // waiting in a lane or out
    bool with_worker = false;
    bool queued = false;     // in to_go_on_
    bool dropped = false;    // one of its calls will never come back
    bool is_live = false;    // counted in live_begun_
    bool preparing = false;  // counted in preparing_
    bool awaits = false;     // counted in recorded_awaiting_, unless is_live
    Payload other;           // on its way to a worker
  };
  using Goings = std::unordered_map<CellIndex, Going>;

  void take(Part&& part, Instant now, Actions& out);
  void take(CellNews&& news, Instant now, Actions& out);
  void take(Read&& read, Going& going, Instant now);
  void take(Returned&& returned, Instant now, Actions& out);
  bool concludes(Returned& returned, Instant now, Actions& out);
  void arrive(CellIndex cell, Arrived&& arrived);
  Arrived arrived_of(Ticket ticket) const;
  void take_back(Going& going, CellNews&& news, Instant now);
  void finish(CellIndex cell, Fate fate);
  void drop_call(CellIndex cell);
  void look_after(Goings::iterator going);
  void await(Goings::iterator going, Payload held);
  void end_wait(Goings::iterator going);
  void hand_on(Goings::iterator going);
  void finish_other(CellIndex cell, Fate fate);
  void leave(Goings::iterator going);
  void forget(Goings::iterator going);
  void begin(Instant now);
  void interrupt(Instant now, Actions& out);
  void drain(End why);
  void drain_until(Instant instant);
  void drop_waiting();
  void look_at_time(Instant now);
  void send(Instant now, Actions& out);
  void hand_out(Instant now, Actions& out);
  void submit(std::vector<Task>&& tasks, Actions& out);
  std::vector<Task> next_arrivals();
  std::vector<Task> next_cells();
  bool wants_arrivals() const;
  bool wants_cells();
  bool has_room(CellIndex cell) const;
  bool needs_call(CellIndex cell) const { return bounds_.live[cell & 1U] && states_[cell] == CellState::waiting; }
  Task begin(CellIndex cell);
  bool is_idle() const;
  void end_as_it_is(Actions& out);
  void end(End how, Actions& out);

  std::span<const CellIndex> order_;
  std::vector<CellState> states_;
  Progress progress_;
  Bounds bounds_;
  Lanes lanes_;
  Goings going_;
  std::deque<CellIndex> to_go_on_;           // with arrivals, and no worker
  std::array<std::size_t, 2> live_begun_{};  // by Arm: in going_
  std::array<std::size_t, 2> preparing_{};
  std::size_t recorded_awaiting_ = 0;  // in going_
  std::size_t next_ = 0;               // into order_: everything before it was begun, or done at the start
  std::size_t begun_ = 0;              // cells
  std::uint32_t next_job_ = 0;
  std::map<std::uint32_t, std::size_t> jobs_;  // cells still out, by job; at most jobs_in_flight of them
  std::optional<End> draining_;                // how the run will end
  std::optional<Instant> drain_until_;
  std::optional<Instant> end_at_;  // of the deadline
  bool is_interrupted_ = false;
  std::string stopped_;
  std::optional<Refusal> refusal_;
  bool over_ = false;
};

}  // namespace headgate::run
