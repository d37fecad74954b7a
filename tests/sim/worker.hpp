// What a worker of the world makes of a task: the same news as the real one, with a script for contents.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "conductor.hpp"
#include "promise.hpp"
#include "script.hpp"

namespace headgate::sim {

// What somebody in the world is asked, and what they bring back.
struct Brought : run::Opaque {
  Brought(CellIndex of, std::optional<std::size_t> which) : cell(of), ask(which) {}
  CellIndex cell;
  std::optional<std::size_t> ask;
  bool is_damaged = false;         // it does not read
  std::optional<double> cost_usd;  // as it says itself
};

class Worker {
 public:
  // `journal` as it was when this start began: answers in it are not asked for again.
  Worker(const Script& script, std::set<std::string> journal) : script_(script), journal_(std::move(journal)) {}

  // Records of what arrived, to be handed over first.
  std::optional<run::CellNews> receive(run::Task& task) const;
  run::CellNews finish(run::Task& task) const;

 private:
  struct Held;
  void receive(CellIndex cell, const run::Arrived& arrived, std::shared_ptr<Held>& held, run::CellNews& news) const;
  void judge(CellIndex cell, std::shared_ptr<Held> held, run::CellNews& news) const;

  bool was_done(CellIndex cell) const;  // when this start began

  const Script& script_;
  std::set<std::string> journal_;
  mutable std::set<CellIndex> lost_;  // by the way, in this start
};

}  // namespace headgate::sim
