#include "driver.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "headgate/base/clock.hpp"
#include "headgate/route/processes.hpp"

namespace headgate::run {
namespace {

// A worker hands over what it has when it has so much, so that large replies do not pile up in one job.
constexpr std::size_t part_bytes = std::size_t{1} << 20;
// Enough that no worker waits while the conductor writes, few enough to bound what is in memory.
constexpr std::size_t jobs_a_worker = 2;
constexpr std::size_t max_cells_a_job = 64;
// How long a turn waits for news: signals and the drain's end are seen within it.
constexpr std::chrono::milliseconds turn_wait{50};
constexpr std::chrono::milliseconds observer_pause{100};

// What children get to end by themselves when a drained run stops them; after a second interrupt they get nothing.
constexpr std::uint32_t stop_grace_ms = 300;
constexpr std::size_t most_named_cases = 4;

std::size_t bytes_of(const CellNews& news) {
  std::size_t bytes = sizeof news;
  for (const std::string& body : news.records) bytes += body.size();
  return bytes;
}

// One job on a worker's thread. What was paid for is handed over first, whatever becomes of it then.
void work(Job& job, const CellWork& cell_work, EventQueue& queue) {
  Part part{job.id, {}, false};
  std::size_t bytes = 0;
  const auto add = [&](CellNews&& news) {
    bytes += bytes_of(news);
    part.cells.push_back(std::move(news));
    if (bytes < part_bytes) return;
    queue.push(std::exchange(part, Part{job.id, {}, false}), std::exchange(bytes, 0));
  };
  for (Task& task : job.tasks) {
    if (auto news = cell_work.receive(task)) add(std::move(*news));
  }
  if (!part.cells.empty()) queue.push(std::exchange(part, Part{job.id, {}, false}), std::exchange(bytes, 0));
  for (Task& task : job.tasks) {
    if (queue.is_closed()) return;
    add(cell_work.finish(task));
  }
  part.last = true;
  queue.push(std::move(part), bytes);
}

void work_safely(Job& job, const CellWork& cell_work, EventQueue& queue) noexcept {
  try {
    work(job, cell_work, queue);
  } catch (...) {
    queue.push(Broken{std::current_exception()}, 0);
  }
}

Bounds bounds_of(const DriveOptions& options, std::size_t workers, std::size_t cells,
                 const std::array<config::Route, 2>& routes, const std::vector<route::ProgramSpec>& lanes) {
  Bounds bounds;
  bounds.jobs_in_flight = workers * jobs_a_worker + 1;
  bounds.workers = workers;
  bounds.cells_a_job = std::clamp<std::size_t>(cells / (workers * 4), 1, max_cells_a_job);
  bounds.stop_after_cells = options.stop_after_cells;
  bounds.drain = Millis(static_cast<Millis::rep>(options.drain_seconds * 1000.0));
  for (std::size_t arm = 0; arm < 2; ++arm) bounds.live[arm] = routes[arm].program.has_value();
  for (const route::ProgramSpec& lane : lanes) bounds.lanes.push_back(std::max<std::size_t>(1, lane.in_flight));
  return bounds;
}

}  // namespace

Driver::Driver(Setting setting, Standing& standing)
    : set_(std::move(setting)),
      workers_(set_.options.workers),
      conductor_(set_.plan.order, std::move(standing.states), standing.progress,
                 bounds_of(set_.options, workers_.count(), set_.plan.cells(), set_.routes, set_.lanes)) {}

Driver::~Driver() { queue_.close(); }

void Driver::feed(Event event) { conductor_.step(std::move(event), real_clock().now(), actions_); }

Result<End> Driver::run() {
  take_interrupts();
  feed(Begin{});
  HG_CHECK(carry_out());
  while (!conductor_.is_over()) {
    take_events();
    HG_CHECK(carry_out());
    HG_CHECK(look_after_syncer());
    show(false);
    watch();
  }
  const Result<void> stopped = stop_calls();
  show(true);
  HG_CHECK(stopped);
  return end_;
}

void Driver::take_events() {
  queue_.take(messages_, turn_wait);
  take_interrupts();  // before the news, which would be answered with new jobs
  for (Message& message : messages_) {
    if (const auto* broken = std::get_if<Broken>(&message)) std::rethrow_exception(broken->what);
    if (auto* part = std::get_if<Part>(&message)) feed(std::move(*part));
    if (auto* arrivals = std::get_if<Arrivals>(&message)) take_arrivals(std::move(arrivals->all));
    if (auto* note = std::get_if<Note>(&message)) tell(note->text);
  }
  messages_.clear();
  feed(Tick{});
}

void Driver::take_arrivals(std::vector<route::Arrival>&& arrivals) {
  watchdog_.came(real_clock().now());
  for (route::Arrival& arrival : arrivals) {
    Returned returned{arrival.ticket};
    if (status_of(arrival.error) == Status::not_run) {
      returned.not_run = arrival.error;
      if (arrival.error != ErrorKind::interrupted && broken_.empty()) broken_ = arrival.message;
    } else {
      returned.what = std::make_shared<Response>(std::move(arrival));
    }
    feed(std::move(returned));
  }
}

void Driver::take_interrupts() {
  for (const int asked = set_.options.interrupted(); interrupts_ < asked; ++interrupts_) feed(Interrupt{});
}

Result<void> Driver::carry_out() {
  if (!actions_.send.empty()) HG_CHECK(go_live());
  for (const std::string& body : actions_.append) set_.writer.append(body);
  for (const Sending& call : actions_.send) set_.writer.append_intent(call.intent);
  const bool has_written = !actions_.append.empty() || !actions_.send.empty();
  actions_.append.clear();
  if (Result<void> written = set_.writer.flush(); !written) {
    feed(WriteFailed{});
    return written;
  }
  if (has_written && syncer_) syncer_->ask();
  send(std::exchange(actions_.send, {}));
  for (Job& job : actions_.submit) {
    workers_.submit([this, one = std::make_shared<Job>(std::move(job))] { work_safely(*one, set_.work, queue_); });
  }
  actions_.submit.clear();
  if (actions_.end) end_ = *actions_.end;
  return {};
}

Result<void> Driver::go_live() {
  if (transport_) return {};
  HG_CHECK(set_.writer.make_reserve());
  syncer_.emplace([this] { return set_.writer.sync(); });
  const auto deliver = [this](std::vector<route::Arrival>&& all) { queue_.push_now(Arrivals{std::move(all)}); };
  const auto note = [this](std::string text) { queue_.push_now(Note{std::move(text)}); };
  const StartTransport& start = set_.options.start_transport;
  transport_ = start ? start(set_.lanes, deliver, note) : route::start_processes(set_.lanes, deliver, note);
  return {};
}

void Driver::send(std::vector<Sending>&& sendings) {
  if (set_.writer.out_of_space() && !std::exchange(is_full_, true)) feed(DiskFull{});
  if (is_full_) {  // their intents were not written
    for (const Sending& each : sendings) feed(Returned{each.ticket, ErrorKind::interrupted});
    return;
  }
  if (sendings.empty()) return;
  if (out_before_ == 0) watchdog_.came(real_clock().now());
  std::vector<route::Call> calls;
  calls.reserve(sendings.size());
  for (Sending& each : sendings) {
    calls.push_back(std::move(dynamic_cast<Request&>(*each.request).call));
    calls.back().ticket = each.ticket;
  }
  calls_ += calls.size();
  transport_->send(std::move(calls));
}

Result<void> Driver::look_after_syncer() {
  if (!syncer_) return {};
  if (std::optional<Error> error = syncer_->error()) return failure(std::move(*error));
  return {};
}

Result<void> Driver::stop_calls() {
  if (transport_ && end_ != End::complete) transport_->stop(interrupts_ > 1 ? 0 : stop_grace_ms);
  transport_.reset();
  // What failed to be synced just now would not fail again: the system has forgotten it.
  Result<void> synced;
  if (syncer_) synced = syncer_->finish();
  syncer_.reset();
  set_.writer.drop_reserve();
  return synced;
}

void Driver::show(bool last) {
  if (set_.options.observer == nullptr) return;
  const Instant now = real_clock().now();
  if (!last && now - shown_ < observer_pause) return;
  shown_ = now;
  set_.options.observer->on_progress(conductor_.progress());
}

void Driver::tell(const std::string& text) {
  if (set_.options.observer != nullptr) set_.options.observer->on_note(text);
}

void Driver::watch() {
  const Lanes& lanes = conductor_.lanes();
  out_before_ = lanes.out();
  const Instant now = real_clock().now();
  if (out_before_ == 0 || !watchdog_.is_due(now)) return;
  std::vector<Watchdog::Wait> waits;
  for (std::size_t lane = 0; lane < lanes.count(); ++lane) {
    if (lanes.out(lane) == 0) continue;
    waits.push_back({set_.lanes[lane].name, lanes.out(lane), {}});
    for (const CellIndex cell : lanes.cells_out(lane, most_named_cases)) {
      waits.back().cases.push_back(set_.plan.cases[cell_ref(cell, set_.plan.head.trials).item].id);
    }
  }
  tell(watchdog_.tell(now, waits));
}

}  // namespace headgate::run
