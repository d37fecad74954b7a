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
constexpr std::size_t least_begun_ahead = 64, most_begun_ahead = 1024, asking_ahead = 256;
// How long a turn waits for news: signals and the drain's end are seen within it.
constexpr std::chrono::milliseconds turn_wait{50};
// A shorter wait for a pool's next chance would only burn the time of the workers.
constexpr std::chrono::milliseconds least_wait{1};
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

// Cells that wait with their request ready, so that whatever comes back in one turn can be replaced in it.
std::size_t begun_ahead(const Setting& set) {
  const Lanes lanes(set.lanes.setup);
  std::size_t ahead = least_begun_ahead;
  for (std::size_t arm = 0; arm < 2; ++arm) ahead = std::max(ahead, lanes.most_out(arm) / 2);
  ahead = std::min(ahead, most_begun_ahead);
  // While judges think, their cells keep their places.
  return set.options.helpers.judges.empty() ? ahead : ahead + asking_ahead;
}

Bounds bounds_of(const Setting& set, std::size_t workers) {
  const DriveOptions& options = set.options;
  Bounds bounds;
  bounds.jobs_in_flight = workers * jobs_a_worker + 1;
  bounds.workers = workers;
  bounds.cells_a_job = std::clamp<std::size_t>(set.plan.cells() / (workers * 4), 1, max_cells_a_job);
  bounds.stop_after_cells = options.stop_after_cells;
  bounds.begun_ahead = begun_ahead(set);
  bounds.drain = Millis(static_cast<Millis::rep>(options.drain_seconds * 1000.0));
  bounds.deadline = options.deadline;
  for (std::size_t arm = 0; arm < 2; ++arm) bounds.live[arm] = is_called(set.routes[arm]);
  bounds.lanes = set.lanes.setup;
  return bounds;
}

// A 2xx is read by a worker; so is what the way has damaged, since another try may bring it whole.
route::TrySays says_of(const route::Arrival& arrival, std::int64_t wall_seconds) {
  const bool is_damaged = arrival.error == ErrorKind::malformed_reply || arrival.error == ErrorKind::truncated;
  const bool is_reply = arrival.error == ErrorKind::none && arrival.http && arrival.http->status / 100 == 2;
  if (!is_damaged && !is_reply) return route::examine(arrival, wall_seconds);
  route::TrySays says;
  if (!arrival.http) return says;
  says.http_status = arrival.http->status;
  const auto tells_rate = [](const auto& header) { return header.first.find("ratelimit") != std::string::npos; };
  const auto& headers = arrival.http->headers;
  if (std::any_of(headers.begin(), headers.end(), tells_rate))
    says.rate = route::read_rate(*arrival.http, wall_seconds);
  return says;
}

route::Call call_of(const Sending& sending) {
  route::Call call = dynamic_cast<const Request&>(*sending.request).call;  // a copy: it may have to go again
  call.ticket = sending.ticket;
  if (sending.timeout) call.timeout_ms = static_cast<std::uint32_t>(sending.timeout->count());
  return call;
}

}  // namespace

Driver::Driver(Setting setting, Standing& standing)
    : set_(std::move(setting)),
      workers_(set_.options.workers),
      conductor_(set_.plan.order, std::move(standing.states), standing.progress, bounds_of(set_, workers_.count())) {}

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

std::chrono::milliseconds Driver::wait() const {
  if (!actions_.wake) return turn_wait;
  const auto until = std::chrono::ceil<std::chrono::milliseconds>(*actions_.wake - real_clock().now());
  return std::clamp(until, least_wait, turn_wait);
}

void Driver::take_events() {
  queue_.take(messages_, wait());
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
    if (status_of(arrival.error) == Status::not_run && broken_.empty()) broken_ = arrival.message;
    feed(returned_of(std::move(arrival)));
  }
}

Returned Driver::returned_of(route::Arrival&& arrival) const {
  Returned returned{arrival.ticket};
  if (status_of(arrival.error) == Status::not_run) {
    // Nothing has been stopped yet, so what was not sent is something that this machine lacks: a descriptor, memory.
    returned.not_run = ErrorKind::breaker;
    if (arrival.sends == 0) returned.not_sent = std::move(arrival.message);
    return returned;
  }
  returned.timed_out = arrival.error == ErrorKind::timeout;
  returned.latency_ms = arrival.latency_ms;
  const std::size_t lane = conductor_.lanes().out_call(arrival.ticket).what.lane;
  if (const config::HttpRoute* http = set_.lanes.http[lane]) {
    returned.says = says_of(arrival, real_clock().wall_seconds());
    if (http->spec.secrets && !returned.says->message.empty()) {
      returned.says->message = (*http->spec.secrets)(std::move(returned.says->message));
    }
  }
  returned.what = std::make_shared<Response>(std::move(arrival));
  return returned;
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
  transport_ =
      start ? start(set_.lanes.specs, deliver, note) : route::start_transports(set_.lanes.specs, deliver, note);
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
    calls.push_back(call_of(each));
  }
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
  set_.options.observer->on_progress(shown(now));
}

Progress Driver::shown(Instant now) {
  Progress progress = conductor_.progress();
  const Lanes& lanes = conductor_.lanes();
  progress.spent_usd = lanes.spend().spent();
  progress.spent_is_known = lanes.spend().is_known();
  progress.max_usd = lanes.spend().cap();
  forecast_.add(now, progress.done);
  progress.eta_s = forecast_.seconds_left(progress.cells - progress.done);
  for (std::size_t i = 0; i < lanes.pools(); ++i) {
    progress.pools.push_back(pool_progress(i, now));
    const std::optional<double> rate = progress.pools.back().calls_a_second;
    if (!progress.eta_s || !rate) continue;
    progress.eta_s = std::max(*progress.eta_s, static_cast<double>(calls_left(i)) / *rate);
  }
  if (const auto longest = lanes.longest_out()) {
    progress.slowest = set_.plan.cases[cell_ref(longest->first, set_.plan.head.trials).item].id;
    progress.slowest_s = std::chrono::duration<double>(now - longest->second).count();
  }
  return progress;
}

PoolProgress Driver::pool_progress(std::size_t number, Instant now) const {
  const Lanes& lanes = conductor_.lanes();
  const Pool& pool = lanes.pool(number);
  PoolProgress progress;
  progress.name = set_.lanes.setup.pools[number].name;
  progress.in_flight = pool.in_flight();
  progress.waiting = lanes.pool_waiting(number);
  progress.most_in_flight = pool.most_in_flight();
  progress.calls_a_second = pool.rate();
  progress.pause_s = pool.pause_s(now);
  if (progress.pause_s > 0.0) progress.why = pool.why_paused(now);
  return progress;
}

// At least so many: retries, fallbacks and graders' questions come on top.
std::size_t Driver::calls_left(std::size_t pool) const {
  const Progress& progress = conductor_.progress();
  std::size_t left = 0;
  for (std::size_t arm = 0; arm < 2; ++arm) {
    if (set_.lanes.setup.lanes[arm].pool != pool) continue;
    const std::size_t cells = progress.cells / 2, done = progress.arms[arm].done;
    left += cells - std::min(cells, done);
  }
  return left;
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
    waits.push_back({route::name_of(set_.lanes.specs[lane]), lanes.out(lane), {}});
    for (const CellIndex cell : lanes.cells_out(lane, most_named_cases)) {
      waits.back().cases.push_back(set_.plan.cases[cell_ref(cell, set_.plan.head.trials).item].id);
    }
  }
  tell(watchdog_.tell(now, waits));
}

}  // namespace headgate::run
