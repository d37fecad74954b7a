#include "lanes.hpp"

#include <algorithm>
#include <utility>

#include "headgate/base/assert.hpp"

namespace headgate::run {

Lanes::Lanes(const std::vector<std::size_t>& most_out) {
  for (const std::size_t most : most_out) {
    HG_ASSERT(most > 0);
    lanes_.push_back({most, {}, {}});
  }
}

void Lanes::add(CellIndex cell, Outgoing&& call) {
  HG_ASSERT(call.lane < lanes_.size());
  Lane& lane = lanes_[call.lane];
  lane.waiting.push_back({cell, std::move(call)});
  ++waiting_;
}

void Lanes::send(std::vector<Sending>& out) {
  if (waiting_ == 0) return;
  for (std::size_t lane = 0; lane < lanes_.size(); ++lane) send_of(lane, out);
}

void Lanes::send_of(std::size_t number, std::vector<Sending>& out) {
  Lane& lane = lanes_[number];
  while (lane.ids.size() < lane.most_out) {
    const auto next = std::find_if(lane.waiting.begin(), lane.waiting.end(),
                                   [&](const Waiting& each) { return !lane.ids.contains(each.call.id); });
    if (next == lane.waiting.end()) return;
    const Ticket ticket = next_ticket_++;
    lane.ids.insert(next->call.id);
    out_.emplace(ticket, Out{next->cell, number, next->call.slot, next->call.id});
    out.push_back({ticket, number, std::move(next->call.intent), std::move(next->call.request)});
    lane.waiting.erase(next);
    --waiting_;
  }
}

Lanes::Back Lanes::take(Ticket ticket) {
  const auto found = out_.find(ticket);
  HG_ASSERT(found != out_.end());
  const Out back = found->second;
  out_.erase(found);
  lanes_[back.lane].ids.erase(back.id);
  return {back.cell, back.slot};
}

std::vector<CellIndex> Lanes::cells_out(std::size_t lane, std::size_t most) const {
  std::vector<CellIndex> cells;
  for (const auto& [ticket, out] : out_) {
    if (cells.size() == most) break;
    if (out.lane == lane) cells.push_back(out.cell);
  }
  return cells;
}

void Lanes::drop_waiting(const std::function<void(CellIndex)>& each) {
  for (Lane& lane : lanes_) {
    const std::deque<Waiting> dropped = std::exchange(lane.waiting, {});
    waiting_ -= dropped.size();
    for (const Waiting& one : dropped) each(one.cell);
  }
}

}  // namespace headgate::run
