#include "script.hpp"

#include <numeric>

namespace headgate::sim {

Script::Script(Random& random) {
  const std::size_t count = 2 * (1 + random.below(40));
  for (bool& arm : live) arm = random.below(3) != 0;
  const std::uint64_t pools = random.below(3);
  for (std::uint64_t pool = 0; pool < pools; ++pool) {
    lanes.pools.emplace_back();
    lanes.pools.back().limits.in_flight = 1 + random.below(5);
    if (random.below(4) == 0) lanes.pools.back().limits.deadline = Millis(2'000);
  }
  for (int lane = 0; lane < 4; ++lane) {
    run::LaneBounds bounds;
    bounds.most_out = 1 + random.below(5);
    bounds.timeout = Millis(static_cast<Millis::rep>(20 + random.below(200)));
    if (pools > 0 && random.coin()) bounds.pool = random.below(pools);
    bounds.is_free = !bounds.pool && random.below(3) == 0;
    lanes.lanes.push_back(bounds);
  }
  lanes.seed = random.next();
  twins = random.below(4) == 0;
  const bool with_asks = random.below(3) != 0;
  asks_by_round.resize(count);
  for (CellIndex cell = 0; cell < count; ++cell) {
    order.push_back(cell);
    if (random.below(10) == 0) errors.insert(cell);
    if (is_live(cell) && errors.contains(cell) && random.below(2) == 0) unpreparable.insert(cell);
    if (!with_asks || random.below(3) == 0) continue;
    for (std::uint64_t round = random.below(4); round > 0; --round) {
      asks_by_round[cell].push_back(1 + random.below(3));
    }
  }
  if (random.coin()) {
    random.shuffle(order);
  } else {
    compare_some(random);
  }
}

// In the order of a plan the cells of a pair stand together.
void Script::compare_some(Random& random) {
  std::vector<CellIndex> pairs;
  for (CellIndex cell = 0; cell < cells(); cell += 2) {
    pairs.push_back(cell);
    if (random.below(3) == 0) continue;
    compared.insert(cell);
    asks_by_round[cell + 1].clear();
    if (errors.contains(cell) || errors.contains(cell + 1)) asks_by_round[cell].clear();
  }
  random.shuffle(pairs);
  order.clear();
  for (const CellIndex pair : pairs) {
    const CellIndex first = random.coin() ? 1 : 0;
    order.push_back(pair + first);
    order.push_back(pair + 1 - first);
  }
}

std::size_t Script::most_out(std::size_t lane) const {
  const run::LaneBounds& bounds = lanes.lanes.at(lane);
  return bounds.pool ? *lanes.pools[*bounds.pool].limits.in_flight : bounds.most_out;
}

bool Script::share(std::size_t lane, std::size_t other) const {
  return lane == other || (is_pooled(lane) && lanes.lanes[lane].pool == lanes.lanes[other].pool);
}

std::optional<double> Script::worst_usd(std::size_t lane) const {
  if (is_pooled(lane)) return 0.01 * static_cast<double>(1 + lane);
  return lanes.lanes[lane].is_free ? std::optional(0.0) : std::nullopt;
}

std::size_t Script::asks_of(CellIndex cell) const {
  return std::accumulate(asks_by_round[cell].begin(), asks_by_round[cell].end(), std::size_t{0});
}

CallId Script::id(CellIndex cell, std::optional<std::size_t> ask) const {
  CallId id;
  const CellIndex same = twins && cell % 4 > 1 ? cell - 2 : cell;
  id.bytes[0] = static_cast<std::uint8_t>(same);
  id.bytes[1] = static_cast<std::uint8_t>(ask ? *ask + 1 : 0);
  return id;
}

std::vector<std::string> Script::records() const {
  std::vector<std::string> all;
  for (CellIndex cell = 0; cell < cells(); ++cell) {
    all.push_back(result_of(cell));
    if (errors.contains(cell)) continue;
    all.push_back(grade_of(cell));
    for (std::size_t ask = 0; ask < asks_of(cell); ++ask) all.push_back(answer_of(cell, ask));
  }
  return all;
}

std::string name_of(CellIndex cell, std::optional<std::size_t> ask) {
  return std::to_string(cell) + (ask ? "/" + std::to_string(*ask) : "");
}
std::string result_of(CellIndex cell) { return "result " + std::to_string(cell); }
std::string grade_of(CellIndex cell) { return "grade " + std::to_string(cell); }
std::string answer_of(CellIndex cell, std::size_t ask) { return "answer " + name_of(cell, ask); }
std::string intent_of(CellIndex cell, std::optional<std::size_t> ask) { return "intent " + name_of(cell, ask); }
std::string try_of(CellIndex cell, std::optional<std::size_t> ask) { return "try " + name_of(cell, ask); }
std::string lost_of(CellIndex cell, std::optional<std::size_t> ask) { return "lost " + name_of(cell, ask); }

}  // namespace headgate::sim
