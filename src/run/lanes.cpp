#include "lanes.hpp"

#include <algorithm>
#include <utility>

#include "headgate/base/assert.hpp"
#include "headgate/journal/record.hpp"

namespace headgate::run {
namespace {

// What a pool whose operator wrote no bound may come to have out.
constexpr std::size_t most_in_flight_unwritten = 64;

double seconds(Instant::duration time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

Lanes::Lanes(const LaneSetup& setup)
    : pools_(setup.pools.size()), spend_(setup.max_usd, setup.spent_before_usd, setup.lanes.size()) {
  groups_.resize(pools_);
  for (std::size_t i = 0; i < pools_; ++i) {
    const auto& [limits, name] = setup.pools[i];
    groups_[i].pool.emplace(limits, setup.seed + i, name);
    groups_[i].most_out = limits.in_flight.value_or(most_in_flight_unwritten);
    groups_[i].deadline = limits.deadline;
  }
  for (const LaneBounds& bounds : setup.lanes) {
    HG_ASSERT(bounds.most_out > 0 && bounds.pool.value_or(0) <= pools_);
    lanes_.push_back({bounds, bounds.pool.value_or(groups_.size()), 0, 0, 0});
    if (bounds.pool) continue;
    groups_.emplace_back();
    groups_.back().most_out = bounds.most_out;
  }
}

std::size_t Lanes::most_out(std::size_t lane) const { return groups_[lanes_[lane].group].most_out; }

std::size_t Lanes::pool_waiting(std::size_t number) const {
  return groups_[number].waiting.size() + groups_[number].later.size();
}

void Lanes::count_waiting(const HeldCall& call, bool comes) {
  if (comes) {
    ++waiting_;
    ++lanes_[call.what.lane].waiting;
  } else {
    --waiting_;
    --lanes_[call.what.lane].waiting;
  }
}

void Lanes::add(CellIndex cell, Outgoing&& what, Instant now) {
  HG_ASSERT(what.lane < lanes_.size());
  const std::uint32_t index = calls_.add(cell, std::move(what));
  HeldCall& call = calls_[index];
  Group& group = group_of(call);
  call.state = CallState::waiting;
  call.wished = call.queued = now;
  call.paused_s = group.paused_s;
  group.waiting.push_back(index);
  count_waiting(call, true);
}

bool Lanes::send(Instant now, std::vector<Sending>& out) {
  let_time_pass(now);
  if (waiting_ == 0) return true;
  // What little money is left goes to all in turn, so that the arms of a run get as far as each other.
  const std::size_t at_once = spend_.cap() ? 1 : calls_.size();
  bool can_pay = true;
  for (std::size_t before = out.size();; before = out.size()) {
    for (Group& group : groups_) can_pay = send_of(group, now, at_once, out) && can_pay;
    if (out.size() == before || !can_pay) return can_pay;
  }
}

// Where nothing waits, a pause costs nobody any time.
void Lanes::let_time_pass(Instant now) {
  const double passed = looked_ ? seconds(now - *looked_) : 0.0;
  looked_ = now;
  if (passed <= 0.0) return;
  for (std::size_t i = 0; i < pools_; ++i) {
    Group& group = groups_[i];
    if (!group.waiting.empty() && group.pool->pause_s(now) > 0.0) group.paused_s += passed;
  }
}

// Those whose time has come, the soonest in front of all.
void Lanes::recall(Group& group, Instant now) {
  const auto end =
      std::find_if(group.later.begin(), group.later.end(), [&](const Later& each) { return each.at > now; });
  for (auto each = end; each != group.later.begin();) {
    --each;
    HeldCall& call = calls_[each->call];
    time_.paused_s += seconds(now - call.queued);
    call.state = CallState::waiting;
    call.queued = now;
    call.paused_s = group.paused_s;
    group.waiting.push_front(each->call);
  }
  group.later.erase(group.later.begin(), end);
}

std::deque<std::uint32_t>::iterator Lanes::next_of(Group& group, Instant now) {
  if (group.pool) {
    const bool may = !group.waiting.empty() && !is_full(group) &&
                     group.pool->may_send(now, calls_[group.waiting.front()].what.tokens);
    return may ? group.waiting.begin() : group.waiting.end();
  }
  if (group.ids.size() >= group.most_out) return group.waiting.end();
  return std::find_if(group.waiting.begin(), group.waiting.end(),
                      [&](std::uint32_t each) { return !group.ids.contains(calls_[each].what.id); });
}

bool Lanes::send_of(Group& group, Instant now, std::size_t most, std::vector<Sending>& out) {
  group.lacks_money = false;
  if (!group.later.empty()) recall(group, now);
  for (std::size_t sent = 0; sent < most; ++sent) {
    const auto next = next_of(group, now);
    if (next == group.waiting.end()) return true;
    const std::uint32_t index = *next;
    const HeldCall& call = calls_[index];
    if (!lanes_[call.what.lane].bounds.is_free) {
      const Spend::May may = spend_.may_send(call.what.lane, call.what.worst_usd);
      if (may != Spend::May::send) {
        group.lacks_money = true;
        if (may != Spend::May::never) return true;
        unpaid_ = Unpaid{call.what.lane, spend_.most(call.what.lane, call.what.worst_usd)};
        return false;
      }
    }
    group.waiting.erase(next);
    send_one(group, index, now, out);
  }
  return true;
}

void Lanes::send_one(Group& group, std::uint32_t index, Instant now, std::vector<Sending>& out) {
  HeldCall& call = calls_[index];
  count_waiting(call, false);
  Lane& lane = lanes_[call.what.lane];
  const double waited = seconds(now - call.queued);
  const double paused = std::clamp(group.paused_s - call.paused_s, 0.0, waited);
  time_.paused_s += paused;
  time_.queued_s += waited - paused;

  if (call.history.sends == 0) {
    ++begun_;
    ++lane.begun;
  }
  const std::optional<Millis> timeout = cut(call, group, now);
  if (group.pool) {
    group.pool->sent(now, call.what.tokens, call.history);
  } else {
    ++call.history.sends;
    group.ids.insert(call.what.id);
  }
  call.reserved = lane.bounds.is_free ? 0.0 : spend_.reserve(call.what.lane, call.what.worst_usd);
  call.is_settled = false;
  call.sent_at = now;
  call.state = CallState::out;
  ++lane.out;
  ++out_;
  const std::optional<double> reserve = call.reserved > 0.0 ? std::optional(call.reserved) : std::nullopt;
  out.push_back({calls_.new_ticket(index), call.what.lane,
                 journal::intent_body(call.cell, call.what.id, call.what.ask, reserve), call.what.request, timeout});
}

// The least of the times that a call has; where that is the lane's own, nothing need be said.
std::optional<Millis> Lanes::cut(HeldCall& call, const Group& group, Instant now) const {
  const Millis own = call.what.timeout.value_or(lanes_[call.what.lane].bounds.timeout);
  Millis least = own;
  if (group.pool) {
    const Instant until = call.history.first_sent.value_or(now) + group.deadline;
    least = std::min(least, std::chrono::duration_cast<Millis>(until - now));
  }
  call.cut_by_run = end_ && std::chrono::duration_cast<Millis>(*end_ - now) < least;
  if (call.cut_by_run) least = std::chrono::duration_cast<Millis>(*end_ - now);
  if (least == own) return std::nullopt;
  return std::max(least, Millis(1));
}

std::optional<Instant> Lanes::next_chance(Instant now) const {
  std::optional<Instant> next;
  const auto at = [&](Instant when) { next = next ? std::min(*next, when) : when; };
  for (std::size_t i = 0; i < pools_; ++i) {
    const Group& group = groups_[i];
    if (!group.later.empty()) at(group.later.front().at);
    if (group.waiting.empty() || group.lacks_money || is_full(group)) continue;
    if (const auto when = group.pool->next_chance(now, calls_[group.waiting.front()].what.tokens)) at(*when);
  }
  return next;
}

void Lanes::came_back(std::uint32_t index) {
  const HeldCall& call = calls_[index];
  --lanes_[call.what.lane].out;
  --out_;
  Group& group = group_of(call);
  if (!group.pool) group.ids.erase(call.what.id);
}

void Lanes::settle_try(HeldCall& call, std::optional<double> cost) {
  HG_ASSERT(!call.is_settled);
  call.is_settled = true;
  if (!lanes_[call.what.lane].bounds.is_free) spend_.settle(call.what.lane, call.reserved, cost);
}

void Lanes::read(Ticket ticket, double latency_ms) {
  const std::uint32_t index = calls_.find(ticket, CallState::out);
  time_.answering_s += latency_ms / 1000.0;
  came_back(index);
  begin_reading(calls_[index]);
}

void Lanes::begin_reading(HeldCall& call) {
  call.state = CallState::reading;
  ++group_of(call).reading;
}

Lanes::Came Lanes::came(Ticket ticket, Instant now, const route::TrySays& says, double latency_ms) {
  const std::uint32_t index = calls_.find(ticket, CallState::out);
  HeldCall& call = calls_[index];
  Group& group = group_of(call);
  HG_ASSERT(group.pool.has_value());
  came_back(index);
  After after = group.pool->came(now, call.sent_at, call.what.tokens, std::nullopt, says, call.history);
  begin_reading(call);
  (says.kind == ErrorKind::none ? time_.answering_s : time_.failing_s) += latency_ms / 1000.0;
  if (says.kind == ErrorKind::none) return {};

  Came came{after.what, {}};
  const bool is_billed = says.maybe_billed;
  if (is_billed && call.reserved > 0.0) came.spent = call.reserved;
  settle_try(call, is_billed ? std::nullopt : std::optional(0.0));
  call.reserved = came.spent.value_or(0.0);
  if (after.what == After::What::run_ends) {
    end_reading(call);
    calls_.free(index);
    return came;
  }
  const Instant next = after.what == After::What::again_at ? after.at : now;
  if (next - *call.history.first_sent >= group.deadline) came.what = After::What::done;
  if (came.what == After::What::done) return came;
  call.failure = {says.kind, says.message};
  wait_again(index, after, now);
  return came;
}

void Lanes::wait_again(std::uint32_t index, const After& after, Instant now) {
  HeldCall& call = calls_[index];
  Group& group = group_of(call);
  end_reading(call);
  call.queued = now;
  call.paused_s = group.paused_s;
  count_waiting(call, true);
  if (after.what == After::What::again) {
    call.state = CallState::waiting;
    group.waiting.push_front(index);
  } else {
    call.state = CallState::later;
    const auto place = std::upper_bound(group.later.begin(), group.later.end(), after.at,
                                        [](Instant at, const Later& each) { return at < each.at; });
    group.later.insert(place, {after.at, index});
  }
  if (std::exchange(call.may_expire, true)) return;
  expiries_.push_back({*call.history.first_sent + group.deadline, index, call.birth});
  std::push_heap(expiries_.begin(), expiries_.end(), std::greater<>());
}

std::optional<Ticket> Lanes::next_expired(Instant now) {
  while (!expiries_.empty() && expiries_.front().at <= now) {
    std::pop_heap(expiries_.begin(), expiries_.end(), std::greater<>());
    const Expiry expiry = expiries_.back();
    expiries_.pop_back();
    HeldCall& call = calls_[expiry.call];
    const bool waits = call.state == CallState::waiting || call.state == CallState::later;
    if (call.birth != expiry.birth || !waits) continue;  // out: its time-out ends with its time
    Group& group = group_of(call);
    if (call.state == CallState::waiting) {
      group.waiting.erase(std::find(group.waiting.begin(), group.waiting.end(), expiry.call));
    } else {
      group.later.erase(std::find_if(group.later.begin(), group.later.end(),
                                     [&](const Later& each) { return each.call == expiry.call; }));
    }
    count_waiting(call, false);
    time_.paused_s += seconds(now - call.queued);
    begin_reading(call);
    call.reserved = 0.0;
    return call.ticket;
  }
  return std::nullopt;
}

void Lanes::lose(Ticket ticket, bool was_sent) {
  const std::uint32_t index = calls_.find(ticket, CallState::out);
  came_back(index);
  HeldCall& call = calls_[index];
  if (Group& group = group_of(call); group.pool) group.pool->dropped();
  settle_try(call, was_sent ? std::nullopt : std::optional(0.0));
  calls_.free(index);
}

bool Lanes::may_reread(Ticket ticket, Instant now) const {
  const HeldCall& call = calls_[calls_.find(ticket, CallState::reading)];
  const Group& group = group_of(call);
  return group.pool && group.pool->may_reread(now, call.history);
}

void Lanes::settle(Ticket ticket, Instant now, std::optional<double> cost_usd, std::optional<double> tokens) {
  const std::uint32_t index = calls_.find(ticket, CallState::reading);
  HeldCall& call = calls_[index];
  if (!call.is_settled) settle_try(call, cost_usd);
  if (Group& group = group_of(call); group.pool && tokens) group.pool->used(now, call.what.tokens, *tokens);
  end_reading(call);
  calls_.free(index);
}

bool Lanes::again(Ticket ticket, Instant now, CallError why) {
  const std::uint32_t index = calls_.find(ticket, CallState::reading);
  HeldCall& call = calls_[index];
  Group& group = group_of(call);
  HG_ASSERT(group.pool.has_value());
  settle_try(call, std::nullopt);
  call.failure = std::move(why);
  const After after = group.pool->unreadable(now, call.history);
  if (after.what != After::What::again && after.what != After::What::again_at) {
    call.reserved = 0.0;  // counted in the record of the try
    return false;
  }
  wait_again(index, after, now);
  return true;
}

void Lanes::drop_waiting(const std::function<void(CellIndex)>& each) {
  for (Group& group : groups_) {
    std::vector<std::uint32_t> dropped(group.waiting.begin(), group.waiting.end());
    for (const Later& later : group.later) dropped.push_back(later.call);
    group.waiting.clear();
    group.later.clear();
    for (const std::uint32_t index : dropped) {
      const CellIndex cell = calls_[index].cell;
      count_waiting(calls_[index], false);
      calls_.free(index);
      each(cell);
    }
  }
}

// A pool that has nothing to do cannot be stuck.
std::string Lanes::stopped(Instant now) const {
  for (std::size_t i = 0; i < pools_; ++i) {
    if (groups_[i].pool->in_flight() == 0 && pool_waiting(i) == 0) continue;
    if (std::string why = groups_[i].pool->stopped(now); !why.empty()) return why;
  }
  return {};
}

double Lanes::waited_ms(Ticket ticket) const {
  const HeldCall& call = calls_[calls_.find(ticket, CallState::reading)];
  return std::max(0.0, seconds(call.sent_at - call.wished) * 1000.0);
}

std::vector<CellIndex> Lanes::cells_out(std::size_t lane, std::size_t most) const {
  std::vector<std::pair<Ticket, CellIndex>> out;
  for (std::uint32_t i = 0; i < calls_.size(); ++i) {
    const HeldCall& call = calls_[i];
    if (call.state == CallState::out && call.what.lane == lane) out.emplace_back(call.ticket, call.cell);
  }
  std::sort(out.begin(), out.end());
  std::vector<CellIndex> cells;
  for (const auto& [ticket, cell] : out) {
    if (cells.size() == most) break;
    cells.push_back(cell);
  }
  return cells;
}

std::optional<std::pair<CellIndex, Instant>> Lanes::longest_out() const {
  const HeldCall* oldest = nullptr;
  for (std::uint32_t i = 0; i < calls_.size(); ++i) {
    const HeldCall& call = calls_[i];
    if (call.state == CallState::out && (oldest == nullptr || call.ticket < oldest->ticket)) oldest = &call;
  }
  if (oldest == nullptr) return std::nullopt;
  return std::pair(oldest->cell, oldest->sent_at);
}

}  // namespace headgate::run
