// What a simulated plan holds: which cells need a call, which end in an error, and what their graders ask.
#pragma once

#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "headgate/base/random.hpp"
#include "lanes.hpp"

namespace headgate::sim {

struct Script {
  explicit Script(Random& random);

  std::vector<CellIndex> order;
  std::array<bool, 2> live{};
  std::vector<std::size_t> lanes;                       // calls out at once; two for the arms, two for graders' helpers
  std::set<CellIndex> errors;                           // no reply
  std::set<CellIndex> unpreparable;                     // of the live ones among them: no request can be made
  std::vector<std::vector<std::size_t>> asks_by_round;  // by cell: how many questions its graders have in each round
  bool twins = false;                                   // cells 4k and 4k + 2 ask the same of the same

  std::size_t cells() const { return order.size(); }
  std::size_t asks_of(CellIndex cell) const;
  bool is_live(CellIndex cell) const { return live[cell & 1U]; }
  std::size_t lane_of_ask(CellIndex cell, std::size_t ask) const { return 2 + (cell + ask) % 2; }
  // `ask` absent: the call for the reply.
  CallId id(CellIndex cell, std::optional<std::size_t> ask) const;

  // Every record an undisturbed run writes, but intents.
  std::vector<std::string> records() const;
};

// The journal of the world: bodies in the order written.
std::string result_of(CellIndex cell);
std::string grade_of(CellIndex cell);
std::string answer_of(CellIndex cell, std::size_t ask);
std::string intent_of(CellIndex cell, std::optional<std::size_t> ask);

}  // namespace headgate::sim
