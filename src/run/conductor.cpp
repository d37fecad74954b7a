#include "conductor.hpp"

#include <algorithm>
#include <utility>

#include "headgate/base/assert.hpp"

namespace headgate::run {
namespace {

// Fewer arrivals are only worth a job of their own while a worker has nothing to do.
constexpr std::size_t arrivals_worth_a_job = 16;
// What is out when a key is refused may still be a paid reply; and what the end of the time cut still has to come back.
constexpr Millis refused_grace{500};
constexpr Millis deadline_grace{2'000};

}  // namespace

Conductor::Conductor(std::span<const CellIndex> order, std::vector<CellState> states, const Progress& progress,
                     const Bounds& bounds)
    : order_(order), states_(std::move(states)), progress_(progress), bounds_(bounds), lanes_(bounds.lanes) {
  HG_ASSERT(bounds_.jobs_in_flight > 0 && bounds_.cells_a_job > 0 && bounds_.asking > 0);
  HG_ASSERT(order_.size() == states_.size());
  for (std::size_t arm = 0; arm < 2; ++arm) HG_ASSERT(!bounds_.live[arm] || arm < lanes_.count());
}

void Conductor::begin(Instant now) {
  if (!bounds_.deadline) return;
  end_at_ = now + *bounds_.deadline;
  lanes_.end_at(*end_at_);
}

void Conductor::step(Event&& event, Instant now, Actions& out) {
  if (over_) return;  // what arrives after the end belongs to nobody
  if (std::holds_alternative<Begin>(event)) begin(now);
  if (auto* part = std::get_if<Part>(&event)) take(std::move(*part), now, out);
  if (auto* returned = std::get_if<Returned>(&event)) take(std::move(*returned), now, out);
  if (std::holds_alternative<Interrupt>(event)) interrupt(now, out);
  if (std::holds_alternative<DiskFull>(event)) drain(End::disk_full);
  if (std::holds_alternative<WriteFailed>(event)) end(End::write_failed, out);
  const bool ends_turn = std::holds_alternative<Begin>(event) || std::holds_alternative<Tick>(event);
  if (ends_turn && !over_) hand_out(now, out);
  progress_.in_flight = lanes_.out();
}

void Conductor::take(Part&& part, Instant now, Actions& out) {
  const auto job = jobs_.find(part.job);
  HG_ASSERT(job != jobs_.end());
  for (CellNews& news : part.cells) {
    if (news.hand != Hand::at_work) {
      HG_ASSERT(job->second > 0);
      --job->second;
    }
    take(std::move(news), now, out);
  }
  if (!part.last) return;
  HG_ASSERT(job->second == 0);
  jobs_.erase(job);
}

void Conductor::take(CellNews&& news, Instant now, Actions& out) {
  HG_ASSERT(news.cell < states_.size() && states_[news.cell] == CellState::begun);
  for (std::string& body : news.records) out.append.push_back(std::move(body));
  const CellIndex cell = news.cell;
  auto going = going_.find(cell);
  HG_ASSERT(news.reads.empty() || going != going_.end());
  for (Read& read : news.reads) take(std::move(read), going->second, now);
  if (news.is_cached) ++progress_.cached;
  progress_.answers_cached += news.answers_cached;
  if (news.hand == Hand::at_work) return;
  if (news.hand == Hand::finished && going == going_.end()) return finish(cell, news.fate);
  if (going == going_.end()) going = going_.try_emplace(cell).first;  // a recorded cell, one of whose graders asks
  if (std::exchange(going->second.preparing, false)) --preparing_[cell & 1U];
  going->second.with_worker = false;
  if (news.hand == Hand::awaits) return await(going, std::move(news.held));
  if (news.hand == Hand::finished) {
    HG_ASSERT(going->second.calls == 0 && going->second.arrived.empty());
    forget(going);
    if (news.other) finish_other(cell ^ 1U, *news.other);
    return finish(cell, news.fate);
  }
  take_back(going->second, std::move(news), now);
  look_after(going);
}

// The worker has the reply, and needs the other one of the pair.
void Conductor::await(Goings::iterator going, Payload held) {
  const CellIndex cell = going->first, other_cell = cell ^ 1U;
  going->second.held = std::move(held);
  going->second.awaits = true;
  if (!going->second.is_live) ++recorded_awaiting_;
  const auto other = going_.find(other_cell);
  if (other != going_.end() && other->second.awaits) {
    const auto leader = (cell & 1U) == 0 ? going : other, follower = (cell & 1U) == 0 ? other : going;
    end_wait(leader);
    end_wait(follower);
    leader->second.other = std::move(follower->second.held);
    hand_on(leader);
  } else if (states_[other_cell] == CellState::done) {
    end_wait(going);
    hand_on(going);
  } else if (states_[other_cell] == CellState::left) {
    leave(going);
  }
}

void Conductor::end_wait(Goings::iterator going) {
  HG_ASSERT(going->second.awaits);
  going->second.awaits = false;
  if (!going->second.is_live) --recorded_awaiting_;
}

void Conductor::hand_on(Goings::iterator going) {
  going->second.queued = true;
  to_go_on_.push_back(going->first);
}

void Conductor::finish_other(CellIndex cell, Fate fate) {
  const auto going = going_.find(cell);
  HG_ASSERT(going != going_.end() && going->second.held == nullptr && !going->second.with_worker);
  forget(going);
  finish(cell, fate);
}

void Conductor::take_back(Going& going, CellNews&& news, Instant now) {
  going.held = std::move(news.held);
  for (Outgoing& call : news.calls) {
    ++going.calls;
    lanes_.add(news.cell, std::move(call), now);
  }
}

// What does not read goes out again, or back to its worker with the word that this was all.
void Conductor::take(Read&& read, Going& going, Instant now) {
  HG_ASSERT(going.with_worker);
  if (!read.again) return lanes_.settle(read.ticket, now, read.cost_usd, read.tokens);
  if (lanes_.again(read.ticket, now, *read.again)) {
    ++going.calls;
    return;
  }
  Arrived arrived = arrived_of(read.ticket);
  arrived.failed = std::move(*read.again);
  going.arrived.push_back(std::move(arrived));
}

void Conductor::take(Returned&& returned, Instant now, Actions& out) {
  const HeldCall& call = lanes_.out_call(returned.ticket);
  const CellIndex cell = call.cell;
  if (returned.not_run != ErrorKind::none || (returned.timed_out && call.cut_by_run)) {
    if (returned.not_sent) {  // its intent is settled: what was set aside for it is free again
      out.append.push_back(
          journal::try_body(cell, call.what.id, call.what.ask,
                            {call.history.sends, ErrorKind::connect, 0, 0.0, {}, std::move(*returned.not_sent)}));
    }
    lanes_.lose(returned.ticket, !returned.not_sent);
    drop_call(cell);
    if (returned.not_run == ErrorKind::breaker) drain(End::broken);
    return;
  }
  if (!returned.says) {
    lanes_.read(returned.ticket, returned.latency_ms);
  } else if (!concludes(returned, now, out)) {
    return;
  }
  Arrived arrived = arrived_of(returned.ticket);
  arrived.what = std::move(returned.what);
  if (returned.says && returned.says->kind != ErrorKind::none) {
    arrived.what = nullptr;
    arrived.failed = CallError{returned.says->kind, std::move(returned.says->message)};
  }
  arrived.last = !lanes_.may_reread(returned.ticket, now);
  arrive(cell, std::move(arrived));
}

// Whether what came ends the call, as far as can be told without reading it. Else it will be tried again, or the run
// ends with it.
bool Conductor::concludes(Returned& returned, Instant now, Actions& out) {
  const HeldCall& call = lanes_.out_call(returned.ticket);
  const route::TrySays& says = *returned.says;
  const CellIndex cell = call.cell;
  const CallId id = call.what.id;
  const std::string ask = call.what.ask;
  const std::size_t lane = call.what.lane;
  const std::uint32_t number = call.history.sends;
  const Lanes::Came came = lanes_.came(returned.ticket, now, says, returned.latency_ms);
  if (came.what == After::What::done) return true;
  out.append.push_back(journal::try_body(
      cell, id, ask, {number, says.kind, says.http_status, returned.latency_ms, came.spent, says.message}));
  if (came.what != After::What::run_ends) return false;
  drop_call(cell);
  if (!refusal_) refusal_ = Refusal{lane, {says.kind, says.message}};
  drain(End::refused);
  drain_until(now + refused_grace);
  return false;
}

Arrived Conductor::arrived_of(Ticket ticket) const {
  const HeldCall& call = lanes_.call(ticket);
  Arrived arrived;
  arrived.ticket = ticket;
  arrived.slot = call.what.slot;
  arrived.facts.tries = call.history.sends;
  arrived.facts.waited_ms = lanes_.waited_ms(ticket);
  if (call.reserved > 0.0) arrived.facts.spent_usd = call.reserved;
  return arrived;
}

void Conductor::arrive(CellIndex cell, Arrived&& arrived) {
  const auto going = going_.find(cell);
  HG_ASSERT(going != going_.end() && going->second.calls > 0);
  --going->second.calls;
  going->second.arrived.push_back(std::move(arrived));
  look_after(going);
}

// A call of that cell will never come back, so the cell cannot be finished now.
void Conductor::drop_call(CellIndex cell) {
  const auto going = going_.find(cell);
  HG_ASSERT(going != going_.end() && going->second.calls > 0);
  --going->second.calls;
  going->second.dropped = true;
  look_after(going);
}

// What next for a cell that changed: a worker, more waiting, or nothing any more.
void Conductor::look_after(Goings::iterator going) {
  Going& it = going->second;
  if (it.with_worker || it.queued) return;
  if (!it.arrived.empty()) {
    hand_on(going);
  } else if (it.calls == 0) {
    HG_ASSERT(it.dropped);  // else a worker gave it back with nothing to wait for
    leave(going);
  }
}

// And with it the other cell of its pair, where that waits for it or went on with it.
void Conductor::leave(Goings::iterator going) {
  const CellIndex cell = going->first;
  if (going->second.awaits) end_wait(going);
  states_[cell] = CellState::left;
  forget(going);
  const auto other = going_.find(cell ^ 1U);
  if (other == going_.end()) return;
  const Going& it = other->second;
  const bool goes_by_itself = it.with_worker || it.queued || it.calls > 0 || !it.arrived.empty();
  if (!goes_by_itself) leave(other);
}

void Conductor::forget(Goings::iterator going) {
  if (going->second.is_live) --live_begun_[going->first & 1U];
  going_.erase(going);
}

void Conductor::finish(CellIndex cell, Fate fate) {
  states_[cell] = CellState::done;
  const auto other = going_.find(cell ^ 1U);
  if (other != going_.end() && other->second.awaits) {  // in vain: this one has no reply
    end_wait(other);
    hand_on(other);
  }
  ++progress_.done;
  ArmProgress& arm = progress_.arms[cell & 1U];
  ++arm.done;
  switch (fate) {
    case Fate::passed:
      ++arm.passed;
      break;
    case Fate::failed:
      ++arm.failed;
      break;
    case Fate::error:
      ++arm.errors;
      break;
  }
}

void Conductor::interrupt(Instant now, Actions& out) {
  if (std::exchange(is_interrupted_, true)) return end_as_it_is(out);
  drain_until(now + bounds_.drain);
  drain(End::interrupted);
}

// From now on nothing is begun or sent; what is out comes in. What a person must act on is the reason that is told.
void Conductor::drain(End why) {
  const bool is_dire = why == End::disk_full || (why == End::refused && draining_ != End::disk_full);
  if (!draining_ || is_dire) draining_ = why;
  drop_waiting();
}

void Conductor::drain_until(Instant instant) {
  drain_until_ = drain_until_ ? std::min(*drain_until_, instant) : instant;
}

void Conductor::drop_waiting() {
  if (lanes_.waiting() > 0) lanes_.drop_waiting([this](CellIndex cell) { drop_call(cell); });
}

void Conductor::look_at_time(Instant now) {
  if (end_at_ && now >= *end_at_) {
    drain_until(*end_at_ + deadline_grace);
    drain(End::deadline);
  }
  if (draining_) return;
  stopped_ = lanes_.stopped(now);
  if (!stopped_.empty()) drain(End::broken);
}

void Conductor::send(Instant now, Actions& out) {
  while (const std::optional<Ticket> ticket = lanes_.next_expired(now)) {
    const HeldCall& call = lanes_.call(*ticket);
    Arrived arrived = arrived_of(*ticket);
    arrived.failed = call.failure;
    arrive(call.cell, std::move(arrived));
  }
  if (!lanes_.send(now, out.send)) drain(End::budget);
}

void Conductor::hand_out(Instant now, Actions& out) {
  if (drain_until_ && now >= *drain_until_) return end_as_it_is(out);
  look_at_time(now);
  if (draining_) {
    drop_waiting();  // what workers gave back since
  } else {
    send(now, out);
  }
  while (wants_arrivals()) submit(next_arrivals(), out);
  while (wants_cells()) {
    std::vector<Task> tasks = next_cells();
    if (tasks.empty()) break;
    submit(std::move(tasks), out);
  }
  if (is_idle()) return end_as_it_is(out);
  out.wake = lanes_.next_chance(now);
  for (const std::optional<Instant>& at : {drain_until_, draining_ ? std::optional<Instant>() : end_at_}) {
    if (at && (!out.wake || *at < *out.wake)) out.wake = at;
  }
}

void Conductor::submit(std::vector<Task>&& tasks, Actions& out) {
  jobs_.emplace(next_job_, tasks.size());
  out.submit.push_back({next_job_, std::move(tasks)});
  ++next_job_;
}

bool Conductor::wants_arrivals() const {
  if (to_go_on_.empty() || jobs_.size() >= bounds_.jobs_in_flight) return false;
  return jobs_.size() < bounds_.workers || to_go_on_.size() >= arrivals_worth_a_job;
}

std::vector<Task> Conductor::next_arrivals() {
  std::vector<Task> tasks;
  while (!to_go_on_.empty() && tasks.size() < bounds_.cells_a_job) {
    const CellIndex cell = to_go_on_.front();
    to_go_on_.pop_front();
    Going& going = going_.at(cell);
    going.queued = false;
    going.with_worker = true;
    tasks.push_back(
        {cell, Work::go_on, std::move(going.held), std::move(going.other), std::exchange(going.arrived, {})});
  }
  return tasks;
}

// Requests are prepared by the half of what may be ahead, so that jobs of them are worth their hand-over.
bool Conductor::wants_cells() {
  if (draining_ || jobs_.size() >= bounds_.jobs_in_flight) return false;
  while (next_ < order_.size() && states_[order_[next_]] == CellState::done) ++next_;
  if (next_ == order_.size()) return false;
  const CellIndex cell = order_[next_];
  if (!needs_call(cell)) return true;
  const std::size_t arm = cell & 1U;
  return preparing_[arm] + lanes_.waiting(arm) <= bounds_.begun_ahead / 2;
}

std::vector<Task> Conductor::next_cells() {
  std::vector<Task> tasks;
  for (; next_ < order_.size() && tasks.size() < bounds_.cells_a_job; ++next_) {
    if (bounds_.stop_after_cells != 0 && begun_ == bounds_.stop_after_cells) break;
    const CellIndex cell = order_[next_];
    if (states_[cell] == CellState::done) continue;
    if (!has_room(cell)) break;
    tasks.push_back(begin(cell));
  }
  return tasks;
}

bool Conductor::has_room(CellIndex cell) const {
  const std::size_t arm = cell & 1U;
  if (needs_call(cell)) return live_begun_[arm] < lanes_.most_out(arm) + bounds_.begun_ahead;
  return going_.size() - live_begun_[0] - live_begun_[1] - recorded_awaiting_ < bounds_.asking;
}

Task Conductor::begin(CellIndex cell) {
  HG_ASSERT(states_[cell] == CellState::waiting || states_[cell] == CellState::replied);
  Task task{cell, states_[cell] == CellState::replied ? Work::grade : Work::whole};
  if (needs_call(cell)) {
    task.work = Work::prepare;
    Going& going = going_[cell];
    going.with_worker = going.is_live = going.preparing = true;
    ++live_begun_[cell & 1U];
    ++preparing_[cell & 1U];
  }
  states_[cell] = CellState::begun;
  ++begun_;
  return task;
}

bool Conductor::is_idle() const {
  return jobs_.empty() && to_go_on_.empty() && lanes_.out() == 0 && lanes_.waiting() == 0;
}

void Conductor::end_as_it_is(Actions& out) {
  end(progress_.done == progress_.cells ? End::complete : draining_.value_or(End::interrupted), out);
}

void Conductor::end(End how, Actions& out) {
  over_ = true;
  out.end = how;
}

}  // namespace headgate::run
