#include "worker.hpp"

#include <memory>
#include <utility>

namespace headgate::sim {

using run::CellNews;
using run::Hand;
using run::Task;
using run::Work;

struct Worker::Held : run::Opaque {
  bool is_error = false;
  std::set<std::size_t> answered, open;
};

std::optional<CellNews> Worker::receive(Task& task) const {
  if (task.work != Work::go_on) return std::nullopt;
  CellNews news;
  news.cell = task.cell;
  news.hand = Hand::at_work;
  auto held = std::dynamic_pointer_cast<Held>(task.held);
  promise(held != nullptr || task.arrived.size() == 1, "a worker gets back what it gave");
  for (const run::Arrived& arrived : task.arrived) {
    const auto& brought = dynamic_cast<const Brought&>(*arrived.what);
    promise(brought.cell == task.cell, "what arrives goes to the cell that asked");
    promise(brought.ask.has_value() == (held != nullptr), "a reply comes before what graders ask");
    if (!brought.ask) {
      held = std::make_shared<Held>();
      held->is_error = script_.errors.contains(task.cell);
      news.records.push_back(result_of(task.cell));
      continue;
    }
    promise(arrived.slot == *brought.ask, "what arrives goes to the call that asked");
    promise(held->open.erase(*brought.ask) == 1, "what arrives was asked for");
    held->answered.insert(*brought.ask);
    news.records.push_back(answer_of(task.cell, *brought.ask));
  }
  task.held = std::move(held);
  return news;
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
      news.calls.push_back({task.cell & 1U, 0, script_.id(task.cell, {}), intent_of(task.cell, {}),
                            std::make_shared<Brought>(task.cell, std::nullopt)});
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
  if (held->is_error) return news;
  if (held->open.empty()) {
    judge(task.cell, std::move(held), news);
  } else {
    news.hand = Hand::given_back;
    news.held = std::move(held);
  }
  return news;
}

void Worker::judge(CellIndex cell, std::shared_ptr<Held> held, CellNews& news) const {
  std::size_t ask = 0;
  for (const std::size_t count : script_.asks_by_round[cell]) {
    for (const std::size_t end = ask + count; ask < end; ++ask) {
      if (held->answered.contains(ask) || journal_.contains(answer_of(cell, ask))) continue;
      held->open.insert(ask);
      news.calls.push_back({script_.lane_of_ask(cell, ask), ask, script_.id(cell, ask), intent_of(cell, ask),
                            std::make_shared<Brought>(cell, ask)});
    }
    if (held->open.empty()) continue;
    news.hand = Hand::given_back;
    news.held = std::move(held);
    return;
  }
  news.fate = run::Fate::passed;
  news.records.push_back(grade_of(cell));
}

}  // namespace headgate::sim
