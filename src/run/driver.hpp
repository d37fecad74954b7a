// The loop of a run, on the conductor's thread: it takes what happened, lets the conductor step, and carries out what
// that wants done.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cell_work.hpp"
#include "conductor.hpp"
#include "event_queue.hpp"
#include "forecast.hpp"
#include "headgate/journal/writer.hpp"
#include "headgate/route/transport.hpp"
#include "headgate/run/drive.hpp"
#include "headgate/run/workers.hpp"
#include "lane_plan.hpp"
#include "standing.hpp"
#include "syncer.hpp"
#include "watchdog.hpp"

namespace headgate::run {

// What one start of a run works with.
struct Setting {
  const Plan& plan;
  const std::array<config::Route, 2>& routes;
  LanePlan lanes;
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
  const Lanes& lanes() const { return conductor_.lanes(); }
  // Why a lane or a pool answers nothing any more; empty: all do.
  const std::string& broken() const { return broken_.empty() ? conductor_.stopped() : broken_; }
  const std::optional<Refusal>& refusal() const { return conductor_.refusal(); }

 private:
  void feed(Event event);
  void take_events();
  std::chrono::milliseconds wait() const;
  void take_arrivals(std::vector<route::Arrival>&& arrivals);
  Returned returned_of(route::Arrival&& arrival) const;
  void take_interrupts();
  Result<void> carry_out();
  // Before the first intent: from here on, what is recorded may have been paid for.
  Result<void> go_live();
  void send(std::vector<Sending>&& sendings);
  Result<void> look_after_syncer();
  Result<void> stop_calls();
  void show(bool last);
  Progress shown(Instant now);
  PoolProgress pool_progress(std::size_t number, Instant now) const;
  std::size_t calls_left(std::size_t pool) const;
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
  Forecast forecast_;
  std::string broken_;  // why a lane answers nothing any more
  bool is_full_ = false;
  std::optional<Syncer> syncer_;
  std::unique_ptr<route::Transport> transport_;  // after the queue: delivers nothing once it is gone
};

}  // namespace headgate::run
