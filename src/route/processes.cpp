#include "headgate/route/processes.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "child.hpp"
#include "headgate/base/assert.hpp"
#include "inbox.hpp"
#include "lane.hpp"
#include "once_lane.hpp"
#include "reply_id.hpp"
#include "signals.hpp"
#include "worker_lane.hpp"

namespace headgate::route {
namespace {

constexpr Millis between_sweeps{500};
constexpr Millis between_last_sweeps{20};
constexpr Millis longest_last_grace{2000};
constexpr Millis longest_end{
    5000};  // after SIGKILL; a process in an uninterruptible call cannot be waited for for ever

class Processes : public Transport {
 public:
  Processes(std::vector<ProgramSpec> specs, Deliver deliver, std::function<void(std::string)> note);
  ~Processes() override;

  void send(std::vector<Call> calls) override;
  void stop(std::uint32_t grace_ms) override;

 private:
  void run();
  void turn();
  void wait();
  void hand_over();
  void stop_now(Millis grace);
  void finish();
  std::unique_ptr<Lane> lane_of(const ProgramSpec& spec);
  std::optional<Instant> next() const;

  const std::vector<ProgramSpec> specs_;
  const Deliver deliver_;
  const std::function<void(std::string)> note_;

  Floor floor_;  // of the thread alone, as what follows; others only wake its poller
  Inbox inbox_{floor_.poller};
  ReplyIds ids_;
  std::vector<Arrival> arrivals_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  bool is_stopped_ = false;
  bool finishes_ = false;
  std::optional<Instant> sweep_at_;

  std::thread thread_;  // last: it uses all of the above
};

Processes::Processes(std::vector<ProgramSpec> specs, Deliver deliver, std::function<void(std::string)> note)
    : specs_(std::move(specs)), deliver_(std::move(deliver)), note_(std::move(note)) {
  for (const ProgramSpec& spec : specs_) lanes_.push_back(lane_of(spec));
  thread_ = std::thread([this] { run(); });
}

Processes::~Processes() {
  inbox_.finish();
  thread_.join();
}

std::unique_ptr<Lane> Processes::lane_of(const ProgramSpec& spec) {
  const Desk desk{floor_, arrivals_, note_};
  if (spec.speaks == Speaks::json_lines) return std::make_unique<WorkerLane>(desk, spec, ids_);
  return std::make_unique<OnceLane>(desk, spec);
}

void Processes::send(std::vector<Call> calls) {
  for (const Call& call : calls) HG_ASSERT(call.lane < specs_.size());
  inbox_.send(std::move(calls));
}

void Processes::stop(std::uint32_t grace_ms) { inbox_.stop(Millis{grace_ms}); }

void Processes::run() {
  block_signals();
  while (!finishes_) {
    turn();
    if (!finishes_) wait();
  }
  finish();
}

// What was read is handed over first; that may bring new calls, which then go out together.
void Processes::turn() {
  hand_over();
  floor_.now = real_clock().now();
  Inbox::Left left = inbox_.take();
  for (Call& call : left.calls) lanes_[call.lane]->take(std::move(call));
  if (left.stop) stop_now(*left.stop);
  if (is_stopped_) {
    for (const auto& lane : lanes_) lane->stop(Millis{0});
  } else {
    for (const auto& lane : lanes_) lane->tick();
  }
  hand_over();
  finishes_ = left.finish;
  floor_.endings.tick(floor_.now);
  if (sweep_at_ && floor_.now >= *sweep_at_) {
    sweep_at_.reset();
    if (floor_.orphans.sweep() > 0) sweep_at_ = floor_.now + between_last_sweeps;
  }
  if (!sweep_at_ && floor_.orphans.has_children()) sweep_at_ = floor_.now + between_sweeps;
}

void Processes::hand_over() {
  if (!arrivals_.empty()) deliver_(std::exchange(arrivals_, {}));
}

std::optional<Instant> Processes::next() const {
  std::optional<Instant> soonest = sweep_at_;
  const auto consider = [&](std::optional<Instant> at) {
    if (at) soonest = soonest ? std::min(*soonest, *at) : *at;
  };
  for (const auto& lane : lanes_) consider(lane->next());
  consider(floor_.endings.next());
  return soonest;
}

void Processes::wait() {
  inbox_.sleep(next());
  floor_.now = real_clock().now();
  floor_.poller.call_watchers();
}

void Processes::stop_now(Millis grace) {
  is_stopped_ = true;
  for (std::size_t i = 0; i < lanes_.size(); ++i) lanes_[i]->stop(std::min(grace, specs_[i].limits.grace));
  floor_.endings.shorten(grace, floor_.now);
}

// Nothing is delivered any more. Every tree is ended, then what came to us as orphans.
void Processes::finish() {
  stop_now(longest_last_grace);
  lanes_.clear();
  const Instant give_up = floor_.now + longest_last_grace + longest_end;
  bool is_clean = false;
  while (!is_clean && floor_.now < give_up) {
    floor_.endings.tick(floor_.now);
    is_clean = floor_.endings.empty() && floor_.orphans.sweep() == 0;
    if (!is_clean) std::this_thread::sleep_for(Millis{1});
    floor_.now = real_clock().now();
  }
}

}  // namespace

std::unique_ptr<Transport> start_processes(std::vector<ProgramSpec> lanes, Deliver deliver,
                                           std::function<void(std::string)> note) {
  return std::make_unique<Processes>(std::move(lanes), std::move(deliver), std::move(note));
}

}  // namespace headgate::route
