#include "calls.hpp"

#include <utility>

#include "headgate/base/assert.hpp"

namespace headgate::run {
namespace {

// A ticket is the number of its sending above the number of its slot, so tickets are in the order sent.
constexpr unsigned slot_bits = 24;
constexpr Ticket slot_mask = (Ticket{1} << slot_bits) - 1;

}  // namespace

std::uint32_t Calls::add(CellIndex cell, Outgoing&& what) {
  if (free_.empty()) {
    HG_ASSERT(calls_.size() < slot_mask);
    free_.push_back(static_cast<std::uint32_t>(calls_.size()));
    calls_.emplace_back();
  }
  const std::uint32_t index = free_.back();
  free_.pop_back();
  HeldCall& call = calls_[index];
  call.cell = cell;
  call.what = std::move(what);
  call.birth = ++born_;
  return index;
}

void Calls::free(std::uint32_t index) {
  HG_ASSERT(calls_[index].state != CallState::free && calls_[index].is_settled);
  calls_[index] = HeldCall{};
  free_.push_back(index);
}

Ticket Calls::new_ticket(std::uint32_t index) {
  const Ticket ticket = (Ticket{sent_++} << slot_bits) | index;
  calls_[index].ticket = ticket;
  return ticket;
}

std::uint32_t Calls::find(Ticket ticket, CallState state) const {
  const Ticket index = ticket & slot_mask;
  HG_ASSERT(index < calls_.size());
  HG_ASSERT(calls_[index].ticket == ticket && calls_[index].state == state);
  return static_cast<std::uint32_t>(index);
}

}  // namespace headgate::run
