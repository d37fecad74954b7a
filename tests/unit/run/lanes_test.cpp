#include "lanes.hpp"

#include <catch2/catch.hpp>

using namespace headgate;
using namespace headgate::run;

namespace {

constexpr Instant start{std::chrono::hours(1)};

Instant after(double seconds) { return start + Millis(static_cast<Millis::rep>(seconds * 1000.0)); }

Outgoing call(std::size_t lane, std::uint8_t id) {
  Outgoing out;
  out.lane = lane;
  out.slot = id;
  out.id.bytes[0] = id;
  return out;
}

LaneSetup programs(const std::vector<std::size_t>& most_out) {
  LaneSetup setup;
  for (const std::size_t most : most_out) setup.lanes.push_back({most, {}, Millis(30'000), false});
  return setup;
}

// Lanes that all share one pool.
LaneSetup pooled(std::size_t lanes, std::size_t in_flight) {
  LaneSetup setup;
  for (std::size_t i = 0; i < lanes; ++i) setup.lanes.push_back({1, 0, Millis(30'000), false});
  setup.pools.emplace_back();
  setup.pools[0].limits.in_flight = in_flight;
  return setup;
}

// Slots of what goes out.
using Slots = std::vector<std::size_t>;
std::vector<Sending> send(Lanes& lanes, Instant now = start) {
  std::vector<Sending> out;
  CHECK(lanes.send(now, out));
  return out;
}
Slots slots(const Lanes& lanes, const std::vector<Sending>& sendings) {
  Slots all;
  for (const Sending& each : sendings) all.push_back(lanes.out_call(each.ticket).what.slot);
  return all;
}
Slots sent(Lanes& lanes, Instant now = start) {
  const std::vector<Sending> out = send(lanes, now);
  return slots(lanes, out);
}

route::TrySays error(ErrorKind kind, int status) {
  route::TrySays says;
  says.kind = kind;
  says.http_status = status;
  says.message = "HTTP " + std::to_string(status);
  return says;
}

}  // namespace

TEST_CASE("a program's lane sends in order, and no more than it may have out") {
  Lanes lanes(programs({2, 1}));
  for (std::uint8_t id = 1; id <= 4; ++id) lanes.add(id, call(0, id), start);
  lanes.add(9, call(1, 9), start);
  const std::vector<Sending> first = send(lanes);
  CHECK(slots(lanes, first) == Slots{1, 2, 9});
  CHECK(first[0].intent.find(R"("t":"intent")") != std::string::npos);
  CHECK(sent(lanes).empty());
  CHECK(lanes.out() == 3);
  CHECK(lanes.out(0) == 2);
  CHECK(lanes.waiting(0) == 2);
  lanes.read(first[1].ticket, 10.0);
  CHECK(lanes.call(first[1].ticket).cell == 2);
  CHECK(sent(lanes) == Slots{3});
  CHECK(lanes.cells_out(0, 5) == std::vector<CellIndex>{1, 3});
  CHECK(lanes.cells_out(0, 1) == std::vector<CellIndex>{1});
  CHECK(lanes.longest_out()->first == 1);
  CHECK(lanes.sent() == 4);
  CHECK(lanes.begun() == 4);
}

TEST_CASE("two calls of one id are not out together, and the second holds nobody up") {
  Lanes lanes(programs({3}));
  lanes.add(1, call(0, 7), start);
  lanes.add(2, call(0, 7), start);
  lanes.add(3, call(0, 8), start);
  const std::vector<Sending> first = send(lanes);
  CHECK(slots(lanes, first) == Slots{7, 8});
  CHECK(lanes.waiting() == 1);
  CHECK(lanes.out_call(first[0].ticket).cell == 1);
  lanes.read(first[0].ticket, 0.0);
  const std::vector<Sending> second = send(lanes);
  REQUIRE(second.size() == 1);
  CHECK(lanes.out_call(second[0].ticket).cell == 2);
}

TEST_CASE("what waits can be dropped, what is out stays") {
  Lanes lanes(programs({1}));
  for (std::uint8_t id = 1; id <= 3; ++id) lanes.add(id, call(0, id), start);
  CHECK(sent(lanes).size() == 1);
  std::vector<CellIndex> dropped;
  lanes.drop_waiting([&](CellIndex cell) { dropped.push_back(cell); });
  CHECK(dropped == std::vector<CellIndex>{2, 3});
  CHECK(lanes.waiting() == 0);
  CHECK(lanes.out() == 1);
  CHECK(sent(lanes).empty());
}

TEST_CASE("lanes of one pool share its bound and its queue, in the order added") {
  Lanes lanes(pooled(3, 2));
  for (std::uint8_t id = 1; id <= 6; ++id) lanes.add(id, call(id % 3U, id), start);
  const std::vector<Sending> first = send(lanes);
  CHECK(slots(lanes, first) == Slots{1, 2});
  CHECK(lanes.waiting(0) == 2);
  lanes.came(first[0].ticket, after(0.1), {}, 100.0);
  CHECK(sent(lanes, after(0.1)).empty());  // nobody has concluded it: two are still to be asked again after a kill
  CHECK_FALSE(lanes.next_chance(after(0.1)));
  lanes.settle(first[0].ticket, after(0.1), {}, {});
  CHECK(sent(lanes, after(0.1)) == Slots{3});
  CHECK(lanes.pool(0).in_flight() == 2);
  CHECK(lanes.pool_waiting(0) == 3);
}

TEST_CASE("a call that is turned away goes out first when the pause is over, and it cost nothing") {
  LaneSetup setup = pooled(2, 1);
  setup.max_usd = 1.0;
  Lanes lanes(setup);
  for (std::uint8_t id = 1; id <= 2; ++id) {
    lanes.add(id, call(id % 2U, id), start);
  }
  const std::vector<Sending> first = send(lanes);
  route::TrySays says = error(ErrorKind::rate_limited, 429);
  says.rate.retry_after_s = 2.0;
  const Lanes::Came came = lanes.came(first[0].ticket, after(0.1), says, 5.0);
  CHECK(came.what == After::What::again);
  CHECK_FALSE(came.spent);
  CHECK(sent(lanes, after(1.0)).empty());
  REQUIRE(lanes.next_chance(after(1.0)));
  CHECK(*lanes.next_chance(after(1.0)) > after(1.5));
  CHECK(*lanes.next_chance(after(1.0)) < after(4.0));
  const std::vector<Sending> again = send(lanes, after(4.0));
  CHECK(slots(lanes, again) == Slots{1});
  CHECK(again[0].ticket != first[0].ticket);
  CHECK(lanes.sent() == 2);
  CHECK(lanes.begun() == 1);
  CHECK(lanes.spend().spent() == 0.0);
  CHECK(lanes.spend().is_known());
  CHECK(lanes.time().paused_s > 0.0);
}

TEST_CASE("what failed waits for its time and goes in front of what waits then") {
  Lanes lanes(pooled(1, 1));
  lanes.add(1, call(0, 1), start);
  lanes.add(2, call(0, 2), start);
  lanes.add(3, call(0, 3), start);
  const std::vector<Sending> first = send(lanes);
  const Lanes::Came came = lanes.came(first[0].ticket, start, error(ErrorKind::server_error, 500), 5.0);
  CHECK(came.what == After::What::again_at);
  const std::vector<Sending> second = send(lanes);
  CHECK(slots(lanes, second) == Slots{2});
  lanes.came(second[0].ticket, after(10.0), {}, 5.0);
  lanes.settle(second[0].ticket, after(10.0), {}, {});
  CHECK(sent(lanes, after(10.0)) == Slots{1});
}

TEST_CASE("a call whose waiting takes longer than a call may ends with what came last") {
  LaneSetup setup = pooled(1, 1);
  setup.pools[0].limits.deadline = Millis(3000);
  Lanes lanes(setup);
  lanes.add(1, call(0, 1), start);
  lanes.add(2, call(0, 2), start);
  const std::vector<Sending> first = send(lanes);
  route::TrySays says = error(ErrorKind::rate_limited, 429);
  says.rate.retry_after_s = 2.5;
  CHECK(lanes.came(first[0].ticket, start, says, 5.0).what == After::What::again);
  CHECK_FALSE(lanes.next_expired(after(2.9)));
  const auto expired = lanes.next_expired(after(3.0));
  REQUIRE(expired);
  CHECK(lanes.call(*expired).cell == 1);
  CHECK(lanes.call(*expired).failure.kind == ErrorKind::rate_limited);
  CHECK_FALSE(lanes.next_expired(after(3.0)));
  lanes.settle(*expired, after(3.0), {}, {});
  CHECK(lanes.waiting() == 1);
  CHECK(sent(lanes, after(60.0)) == Slots{2});
}

TEST_CASE("a try is cut by what is left of its call's time or of the run's") {
  LaneSetup setup = pooled(1, 8);
  setup.pools[0].limits.deadline = Millis(10'000);
  setup.lanes[0].timeout = Millis(4'000);
  Lanes lanes(setup);
  lanes.add(1, call(0, 1), start);
  const std::vector<Sending> first = send(lanes);
  CHECK_FALSE(first[0].timeout);  // its lane's own is the shortest
  CHECK(lanes.came(first[0].ticket, after(9.0), error(ErrorKind::timeout, 0), 4000.0).what == After::What::again_at);
  const std::vector<Sending> second = send(lanes, after(9.8));
  REQUIRE(second.size() == 1);
  CHECK(second[0].timeout == Millis(200));
  CHECK_FALSE(lanes.out_call(second[0].ticket).cut_by_run);
  lanes.end_at(after(11.0));
  lanes.add(2, call(0, 2), after(10.0));
  const std::vector<Sending> third = send(lanes, after(10.0));
  CHECK(third[0].timeout == Millis(1000));
  CHECK(lanes.out_call(third[0].ticket).cut_by_run);
}

TEST_CASE("money is set aside before a call goes out, and without enough nothing goes") {
  LaneSetup setup = pooled(1, 8);
  setup.max_usd = 0.10;
  Lanes lanes(setup);
  for (std::uint8_t id = 1; id <= 6; ++id) {
    Outgoing one = call(0, id);
    one.worst_usd = 0.03;
    lanes.add(id, std::move(one), start);
  }
  std::vector<Sending> first = send(lanes);
  REQUIRE(first.size() == 1);  // before one has settled, nobody knows whether the estimate holds
  CHECK(first[0].intent.find("0.03") != std::string::npos);
  lanes.came(first[0].ticket, start, {}, 1.0);
  lanes.settle(first[0].ticket, start, 0.03, {});
  first = send(lanes);
  REQUIRE(first.size() == 2);
  for (const Sending& each : first) {
    lanes.came(each.ticket, start, {}, 1.0);
    lanes.settle(each.ticket, start, 0.03, {});
  }
  std::vector<Sending> none;
  CHECK_FALSE(lanes.send(start, none));
  CHECK(none.empty());
  REQUIRE(lanes.unpaid());
  CHECK(lanes.unpaid()->lane == 0);
  CHECK(lanes.unpaid()->most_usd == 0.03);
  CHECK(lanes.spend().spent() == Approx(0.09));
}

TEST_CASE("what may have been billed counts for all that was set aside") {
  LaneSetup setup = pooled(1, 8);
  setup.max_usd = 1.0;
  Lanes lanes(setup);
  Outgoing one = call(0, 1);
  one.worst_usd = 0.25;
  lanes.add(1, std::move(one), start);
  const std::vector<Sending> out = send(lanes);
  route::TrySays says = error(ErrorKind::timeout, 0);
  says.maybe_billed = true;
  const Lanes::Came came = lanes.came(out[0].ticket, after(1.0), says, 30'000.0);
  CHECK(came.spent == 0.25);
  CHECK(lanes.spend().spent() == 0.25);
  CHECK_FALSE(lanes.spend().is_known());
}

TEST_CASE("a reply that does not read goes again, and one that is lost is gone") {
  Lanes lanes(pooled(1, 8));
  lanes.add(1, call(0, 1), start);
  lanes.add(2, call(0, 2), start);
  const std::vector<Sending> out = send(lanes);
  lanes.came(out[0].ticket, start, {}, 1.0);
  REQUIRE(lanes.may_reread(out[0].ticket, start));
  CHECK(lanes.again(out[0].ticket, start, {ErrorKind::malformed_reply, "no JSON"}));
  lanes.lose(out[1].ticket);
  CHECK(lanes.out() == 0);
  CHECK(lanes.waiting() == 1);
  CHECK(sent(lanes, after(10.0)) == Slots{1});
}

TEST_CASE("a refused key takes its call away") {
  Lanes lanes(pooled(2, 8));
  lanes.add(1, call(0, 1), start);
  const std::vector<Sending> out = send(lanes);
  const Lanes::Came came = lanes.came(out[0].ticket, start, error(ErrorKind::key_refused, 401), 1.0);
  CHECK(came.what == After::What::run_ends);
  CHECK(lanes.out() == 0);
  CHECK(lanes.waiting() == 0);
  lanes.add(2, call(1, 2), start);
  CHECK(sent(lanes).empty());
  CHECK(lanes.stopped(start).find("the key was refused") != std::string::npos);
}
