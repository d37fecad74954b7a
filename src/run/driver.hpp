// The loop of a run, on the conductor's thread: it takes what happened, lets the conductor step, and carries out what
// that wants done.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cell_work.hpp"
#include "conductor.hpp"
#include "event_queue.hpp"
#include "headgate/journal/writer.hpp"
#include "headgate/route/transport.hpp"
#include "headgate/run/drive.hpp"
#include "headgate/run/workers.hpp"
#include "standing.hpp"
#include "syncer.hpp"
#include "watchdog.hpp"

namespace headgate::run {

// What one start of a run works with.
struct Setting {
  const Plan& plan;
  const std::array<config::Route, 2>& routes;
  std::vector<route::ProgramSpec> lanes;
  const CellWork& work;
  journal::Writer& writer;
  const DriveOptions& options;
};

// One turn: take events, step, write all records with one write, then send and submit. Used once.
class Driver {
 public:
  Driver(Setting setting, Standing& standing);
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  // To an end, or to what cannot be recorded (environment). Throws what a worker threw.
  Result<End> run();
  const Progress& progress() const { return conductor_.progress(); }
  std::size_t calls() const { return calls_; }
  const std::string& broken() const { return broken_; }

 private:
  void feed(Event event);
  void take_events();
  void take_arrivals(std::vector<route::Arrival>&& arrivals);
  void take_interrupts();
  Result<void> carry_out();
  // Before the first intent: from here on, what is recorded may have been paid for.
  Result<void> go_live();
  void send(std::vector<Sending>&& sendings);
  Result<void> look_after_syncer();
  Result<void> stop_calls();
  void show(bool last);
  void tell(const std::string& text);
  void watch();

  Setting set_;
  EventQueue queue_;
  Workers workers_;  // after the queue: its jobs end before the queue does
  Conductor conductor_;
  Actions actions_;
  std::vector<Message> messages_;
  End end_ = End::interrupted;
  int interrupts_ = 0;
  Instant shown_{};
  Watchdog watchdog_;
  std::size_t out_before_ = 0;
  std::size_t calls_ = 0;
  std::string broken_;  // why a lane answers nothing any more
  bool is_full_ = false;
  std::optional<Syncer> syncer_;
  std::unique_ptr<route::Transport> transport_;  // after the queue: delivers nothing once it is gone
};

}  // namespace headgate::run
