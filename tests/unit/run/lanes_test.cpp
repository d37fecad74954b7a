#include "lanes.hpp"

#include <catch2/catch.hpp>

using namespace headgate;
using namespace headgate::run;

namespace {

Outgoing call(std::size_t lane, std::uint8_t id) {
  Outgoing out;
  out.lane = lane;
  out.slot = id;
  out.id.bytes[0] = id;
  out.intent = "intent " + std::to_string(id);
  return out;
}

std::vector<std::string> sent(Lanes& lanes) {
  std::vector<Sending> out;
  lanes.send(out);
  std::vector<std::string> intents;
  for (const Sending& each : out) intents.push_back(each.intent);
  return intents;
}

using Intents = std::vector<std::string>;

}  // namespace

TEST_CASE("a lane sends in order, and no more than it may have out") {
  Lanes lanes({2, 1});
  for (std::uint8_t id = 1; id <= 4; ++id) lanes.add(id, call(0, id));
  lanes.add(9, call(1, 9));
  CHECK(sent(lanes) == Intents{"intent 1", "intent 2", "intent 9"});
  CHECK(sent(lanes).empty());
  CHECK(lanes.out() == 3);
  CHECK(lanes.out(0) == 2);
  CHECK(lanes.waiting(0) == 2);
  const Lanes::Back back = lanes.take(1);
  CHECK(back.cell == 2);
  CHECK(back.slot == 2);
  CHECK(sent(lanes) == Intents{"intent 3"});
  CHECK(lanes.cells_out(0, 5) == std::vector<CellIndex>{1, 3});
  CHECK(lanes.cells_out(0, 1) == std::vector<CellIndex>{1});
  CHECK(lanes.sent() == 4);
}

TEST_CASE("two calls of one id are not out together, and the second holds nobody up") {
  Lanes lanes({3});
  lanes.add(1, call(0, 7));
  lanes.add(2, call(0, 7));
  lanes.add(3, call(0, 8));
  CHECK(sent(lanes) == Intents{"intent 7", "intent 8"});
  CHECK(lanes.waiting() == 1);
  CHECK(lanes.take(0).cell == 1);
  CHECK(sent(lanes) == Intents{"intent 7"});
  CHECK(lanes.take(2).cell == 2);
}

TEST_CASE("what waits can be dropped, what is out stays") {
  Lanes lanes({1});
  for (std::uint8_t id = 1; id <= 3; ++id) lanes.add(id, call(0, id));
  CHECK(sent(lanes).size() == 1);
  std::vector<CellIndex> dropped;
  lanes.drop_waiting([&](CellIndex cell) { dropped.push_back(cell); });
  CHECK(dropped == std::vector<CellIndex>{2, 3});
  CHECK(lanes.waiting() == 0);
  CHECK(lanes.out() == 1);
  CHECK(sent(lanes).empty());
}
