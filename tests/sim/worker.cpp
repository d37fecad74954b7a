#include "worker.hpp"

#include <memory>
#include <utility>

namespace headgate::sim {

using run::CellNews;
using run::Hand;
using run::Task;
using run::Work;

namespace {

run::Outgoing call_to(const Script& script, std::size_t lane, std::size_t slot, CellIndex cell,
                      std::optional<std::size_t> ask) {
  run::Outgoing call;
  call.lane = lane;
  call.slot = slot;
  call.id = script.id(cell, ask);
  if (ask) call.ask = std::to_string(*ask);
  call.worst_usd = script.worst_usd(lane);
  call.request = std::make_shared<Brought>(cell, ask);
  return call;
}

}  // namespace

struct Worker::Held : run::Opaque {
  bool is_calling = true;  // its route
  bool is_error = false;   // there is no reply to grade
  bool is_ungraded = false;
  bool has_met = false;  // or need not
  bool is_pair = false;
  std::set<std::size_t> answered, open;
};

std::optional<CellNews> Worker::receive(Task& task) const {
  if (task.work != Work::go_on) return std::nullopt;
  CellNews news;
  news.cell = task.cell;
  news.hand = Hand::at_work;
  auto held = std::dynamic_pointer_cast<Held>(task.held);
  promise(held != nullptr && (held->has_met || !task.arrived.empty()), "a worker gets back what it gave");
  for (const run::Arrived& arrived : task.arrived) receive(task.cell, arrived, held, news);
  return news;
}

void Worker::receive(CellIndex cell, const run::Arrived& arrived, std::shared_ptr<Held>& held, CellNews& news) const {
  promise(arrived.failed.has_value() != (arrived.what != nullptr), "a call ends with an answer or with an error");
  const auto* brought = dynamic_cast<const Brought*>(arrived.what.get());
  std::optional<std::size_t> ask;
  if (!held->is_calling) ask = arrived.slot;
  if (brought != nullptr) {
    promise(brought->cell == cell, "what arrives goes to the cell that asked");
    promise(brought->ask.has_value() == ask.has_value(), "a reply comes before what graders ask");
    promise(brought->ask == ask, "what arrives goes to the call that asked");
  }
  promise(!ask || held->open.contains(*ask), "what arrives was asked for");
  if (brought != nullptr && brought->is_damaged && !arrived.last) {
    news.records.push_back(try_of(cell, ask));
    news.reads.push_back({arrived.ticket, CallError{ErrorKind::malformed_reply, "damaged"}, {}, {}});
    return;
  }
  news.reads.push_back({arrived.ticket, {}, brought != nullptr ? brought->cost_usd : std::nullopt, {}});
  const bool is_lost = brought == nullptr || brought->is_damaged;
  if (is_lost) news.records.push_back(lost_of(cell, ask));
  if (!ask) {
    if (is_lost) lost_.insert(cell);
    held->is_calling = false;
    held->is_error = is_lost || script_.errors.contains(cell);
    if (!is_lost) news.records.push_back(result_of(cell));
    return;
  }
  held->open.erase(*ask);
  held->answered.insert(*ask);
  held->is_ungraded = held->is_ungraded || is_lost;
  if (!is_lost) news.records.push_back(answer_of(cell, *ask));
}

CellNews Worker::finish(Task& task) const {
  CellNews news;
  news.cell = task.cell;
  const bool is_error = script_.errors.contains(task.cell);
  switch (task.work) {
    case Work::prepare:
      if (script_.unpreparable.contains(task.cell)) {
        news.records.push_back(result_of(task.cell));
        return news;
      }
      news.hand = Hand::given_back;
      news.held = std::make_shared<Held>();
      news.calls.push_back(call_to(script_, task.cell & 1U, 0, task.cell, {}));
      return news;
    case Work::whole:
      news.records.push_back(result_of(task.cell));
      if (!is_error) judge(task.cell, std::make_shared<Held>(), news);
      return news;
    case Work::grade:
      judge(task.cell, std::make_shared<Held>(), news);
      return news;
    case Work::go_on:
      break;
  }
  auto held = std::dynamic_pointer_cast<Held>(task.held);
  promise(held != nullptr, "a worker gets back what it gave");
  const CellIndex other = task.cell ^ 1U;
  if (task.other != nullptr) {
    promise(script_.compares(task.cell) && (task.cell & 1U) == 0, "the baseline's cell leads its pair");
    const auto other_held = std::dynamic_pointer_cast<Held>(task.other);
    promise(other_held != nullptr && other_held->has_met, "both of a pair are handed over");
    held->is_pair = true;
  } else if (held->has_met && !held->is_pair) {
    promise(script_.errors.contains(other) || lost_.contains(other), "who goes on alone has nobody to wait for");
    held->is_ungraded = lost_.contains(other);
  }
  if (held->is_error) return news;
  if (!held->is_calling && held->open.empty()) {
    judge(task.cell, std::move(held), news);
  } else {
    news.hand = Hand::given_back;
    news.held = std::move(held);
  }
  return news;
}

void Worker::judge(CellIndex cell, std::shared_ptr<Held> held, CellNews& news) const {
  held->is_calling = false;
  if (script_.compares(cell) && !held->has_met && !was_done(cell ^ 1U)) {
    held->has_met = true;
    news.hand = Hand::awaits;
    news.held = std::move(held);
    return;
  }
  if (held->is_pair) news.other = run::Fate::error;
  if (held->is_ungraded) return;  // with Fate::error, and no grade
  std::size_t ask = 0;
  for (const std::size_t count : script_.asks_by_round[cell]) {
    for (const std::size_t end = ask + count; ask < end; ++ask) {
      if (held->answered.contains(ask) || journal_.contains(answer_of(cell, ask))) continue;
      held->open.insert(ask);
      news.calls.push_back(call_to(script_, script_.lane_of_ask(cell, ask), ask, cell, ask));
    }
    if (held->open.empty()) continue;
    news.hand = Hand::given_back;
    news.other.reset();
    news.held = std::move(held);
    return;
  }
  news.fate = run::Fate::passed;
  if (held->is_pair) {
    news.other = run::Fate::passed;
    news.records.push_back(grade_of(cell ^ 1U));
  }
  news.records.push_back(grade_of(cell));
}

bool Worker::was_done(CellIndex cell) const {
  return journal_.contains(result_of(cell)) && (script_.errors.contains(cell) || journal_.contains(grade_of(cell)));
}

}  // namespace headgate::sim
