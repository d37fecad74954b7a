// A world for the conductor: workers and programs that answer in any order, lanes that break, interrupts, full disks,
// failing writes, crashes, torn journals; and a judge that holds every step against what a run promises. Everything
// follows from one seed.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conductor.hpp"
#include "headgate/base/random.hpp"

namespace headgate::sim {

using run::Actions;
using run::CellState;
using run::Event;

// What is driven: the conductor itself, or one with a planted bug.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual void step(Event&& event, Instant now, Actions& out) = 0;
  virtual const run::Progress& progress() const = 0;
};

struct Start {
  const std::vector<CellIndex>& order;
  std::vector<CellState> states;
  run::Progress progress;
  run::Bounds bounds;
};
using MakeSubject = std::function<std::unique_ptr<Subject>(const Start&)>;

std::unique_ptr<Subject> honest(const Start& start);

struct Verdict {
  std::string violation;  // empty: every promise was kept
  std::size_t steps = 0;
  std::size_t starts = 0;  // of the run: the first, and one for every time it was taken up again
  std::size_t sends = 0;
  std::size_t resent = 0;             // of those: sent before by a start that ended without their answer
  std::size_t tries = 0;              // that failed and were followed by another
  std::size_t lost = 0;               // calls that ended in an error of the way
  std::array<std::size_t, 8> ends{};  // of starts, by run::End
};

// Runs one plan to its end, taking it up again after every interrupt, failure and crash.
Verdict simulate(std::uint64_t seed, const MakeSubject& make);

}  // namespace headgate::sim
