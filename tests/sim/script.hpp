// What a simulated plan holds: which cells need a call, which end in an error, and what their graders ask; and whom
// they ask: programs, or servers that share limits.
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
  run::LaneSetup lanes;                                 // two for the arms, two for graders' helpers
  std::set<CellIndex> errors;                           // no reply
  std::set<CellIndex> unpreparable;                     // of the live ones among them: no request can be made
  std::vector<std::vector<std::size_t>> asks_by_round;  // by cell: how many questions its graders have in each round
  bool twins = false;                                   // cells 4k and 4k + 2 ask the same of the same
  std::set<CellIndex> compared;  // baseline's cells of pairs that are graded as one; what is asked then is theirs

  void compare_some(Random& random);
  std::size_t cells() const { return order.size(); }
  std::size_t asks_of(CellIndex cell) const;
  bool compares(CellIndex cell) const { return compared.contains(cell & ~CellIndex{1}); }
  bool is_live(CellIndex cell) const { return live[cell & 1U]; }
  std::size_t lane_of_ask(CellIndex cell, std::size_t ask) const { return 2 + (cell + ask) % 2; }
  // How many calls may be out at once that share the lane's bound, and whether they do.
  std::size_t most_out(std::size_t lane) const;
  bool share(std::size_t lane, std::size_t other) const;
  bool is_pooled(std::size_t lane) const { return lanes.lanes[lane].pool.has_value(); }
  // The most that a call may cost; absent: nothing is known.
  std::optional<double> worst_usd(std::size_t lane) const;
  // `ask` absent: the call for the reply.
  CallId id(CellIndex cell, std::optional<std::size_t> ask) const;

  // Every record an undisturbed run writes, but intents.
  std::vector<std::string> records() const;
};

// The journal of the world: bodies in the order written.
std::string name_of(CellIndex cell, std::optional<std::size_t> ask);  // "7", "7/2"
std::string result_of(CellIndex cell);
std::string grade_of(CellIndex cell);
std::string answer_of(CellIndex cell, std::size_t ask);
std::string intent_of(CellIndex cell, std::optional<std::size_t> ask);
std::string try_of(CellIndex cell, std::optional<std::size_t> ask);   // that failed, and another follows
std::string lost_of(CellIndex cell, std::optional<std::size_t> ask);  // the call ended in an error of the way

}  // namespace headgate::sim
