// What a run does next. A pure step function on one thread: it owns the state of every cell, sees no clock, file or
// thread, and passes records through as bytes. The driver feeds it; the simulation feeds it too.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "headgate/base/clock.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/run/observer.hpp"

namespace headgate::run {

enum class CellState : std::uint8_t {
  waiting,
  replied,  // a result is recorded, its grade is not
  in_flight,
  done,
};

// One cell's work: the reply and its grade, or the grade alone.
struct Task {
  CellIndex cell = 0;
  bool grade_only = false;
};
struct Job {
  std::uint32_t id = 0;
  std::vector<Task> tasks;
};

enum class Fate : std::uint8_t { passed, failed, error };

// What a worker made of one cell: bodies of records, either of which may be empty.
struct CellDone {
  CellIndex cell = 0;
  Fate fate = Fate::error;
  std::string result;
  std::string grade;
};

// Events. A job comes back in one or more parts; the last one says so.
struct Begin {};
struct Part {
  std::uint32_t job = 0;
  std::vector<CellDone> cells;
  bool last = true;
};
struct Interrupt {};    // the first one drains, the second one stops
struct Tick {};         // time has passed
struct WriteFailed {};  // records could not be written
using Event = std::variant<Begin, Part, Interrupt, Tick, WriteFailed>;

enum class End : std::uint8_t { complete, interrupted, write_failed };

struct Actions {
  std::vector<std::string> append;  // in this order, before anything is submitted
  std::vector<Job> submit;
  std::optional<End> end;  // once, and nothing after it
};

struct Bounds {
  std::size_t jobs_in_flight = 8;
  std::size_t cells_a_job = 64;      // a job costs about a microsecond of hand-over; a recorded cell about ten
  std::size_t stop_after_cells = 0;  // submit no more than so many, then behave as if interrupted; 0: no such bound
  Millis drain{10'000};
};

class Conductor {
 public:
  // `order` must outlive the conductor. `states` has one for every cell, none in flight. `progress` counts what is done
  // already.
  Conductor(std::span<const CellIndex> order, std::vector<CellState> states, const Progress& progress,
            const Bounds& bounds);

  // Appends to `out`. Asserts on events that no honest driver sends: a part of an unknown job, a cell twice.
  void step(Event&& event, Instant now, Actions& out);

  const Progress& progress() const { return progress_; }
  bool is_over() const { return over_; }

 private:
  void take(Part&& part, Actions& out);
  void finish_cell(CellDone&& cell, Actions& out);
  void interrupt(Instant now, Actions& out);
  void top_up(Actions& out);
  std::vector<Task> next_tasks();
  void end(End how, Actions& out);

  std::span<const CellIndex> order_;
  std::vector<CellState> states_;
  Progress progress_;
  Bounds bounds_;
  std::size_t next_ = 0;       // into order_: everything before it was handed out or done at the start
  std::size_t submitted_ = 0;  // cells
  std::uint32_t next_job_ = 0;
  std::map<std::uint32_t, std::size_t> jobs_;  // cells still out, by job; at most jobs_in_flight of them
  bool draining_ = false;
  Instant drain_until_{};
  bool over_ = false;
};

}  // namespace headgate::run
