// Live routes through drive(): what is sent, recorded, resumed, and what an interrupt leaves.
#include <algorithm>
#include <set>

#include "live_gate.hpp"

using namespace headgate;
using namespace headgate::run;
using namespace headgate::run::samples;

namespace {

struct World {
  test::TempFolder files;
  config::Gate gate;
  Plan plan;
  test::TempFolder run;
  CallLog log;

  explicit World(std::size_t cases, std::uint32_t trials = 1)
      : gate(live_gate(files, cases, trials)), plan(plan_of(gate)) {
    REQUIRE(journal::write_plan(run.path(), plan));
  }
  DriveResult drive(const DriveOptions& options) { return drive_in(plan, gate, run.path(), options); }
  Evidence evidence() const { return evidence_in(run.path()); }
};

// The records of a run that nothing disturbs.
Digest undisturbed(const World& world) {
  const test::TempFolder folder;
  REQUIRE(journal::write_plan(folder.path(), world.plan));
  CallLog log;
  drive_in(world.plan, world.gate, folder.path(), live_options(log));
  return records_digest(evidence_in(folder.path()));
}

}  // namespace

TEST_CASE("live cells are called once each, and their replies graded") {
  World world(50, 2);
  Notes notes;
  DriveOptions options = live_options(world.log);
  options.observer = &notes;
  const DriveResult driven = world.drive(options);
  CHECK(driven.cells_run == 200);
  CHECK(driven.calls == 200);
  CHECK(driven.maybe_repeated == 0);
  CHECK(driven.cells_left == 0);
  CHECK(notes.last.in_flight == 0);
  CHECK(notes.notes.empty());
  std::set<std::string> ids;
  for (const route::Call& call : world.log.calls) {
    ids.insert(call.id);
    const Json request = Json::parse(call.payload);
    CHECK(request.at("id") == call.id);
    CHECK_FALSE(request.contains("expected"));
  }
  CHECK(ids.size() == 200);
  const Evidence evidence = world.evidence();
  CHECK(evidence.journal.ended);
  CHECK(count(evidence, Status::ok) == 200);
  for (CaseIndex item = 0; item < 50; ++item) {
    const std::size_t i = std::stoul(std::string(evidence.cases.id(item)).substr(1));
    CHECK(evidence.at(item, 1, Arm::baseline).pass == (i % 7 != 6));
    CHECK(evidence.at(item, 0, Arm::candidate).pass == ((i + 3) % 7 != 6));
    CHECK(evidence.at(item, 0, Arm::candidate).latency_ms == 7.5);
    CHECK(evidence.at(item, 0, Arm::candidate).cost_usd == 0.002);
  }
}

TEST_CASE("no more calls of a route are out than it allows, and the arms go together") {
  World world(200);
  world.gate.routes[1].program->in_flight = 2;
  world.drive(live_options(world.log));
  CHECK(world.log.most_out[0] <= 4);
  CHECK(world.log.most_out[1] <= 2);
  // However far one arm is ahead of the other, at any time.
  std::array<std::ptrdiff_t, 2> sent{};
  std::ptrdiff_t furthest = 0;
  for (const route::Call& call : world.log.calls) {
    ++sent[call.lane];
    furthest = std::max(furthest, std::abs(sent[0] - sent[1]));
  }
  CHECK(furthest <= 4 + 64);
}

TEST_CASE("every intent is on disk before its call is sent") {
  World world(40);
  std::size_t missing = 0;
  world.log.on_send = [&](const route::Call& call) {
    const std::string text = world.run.read("journal.jsonl");
    if (text.find(R"("call":")" + call.id) == std::string::npos) ++missing;
    if (text.back() != '\n') ++missing;
  };
  world.drive(live_options(world.log));
  CHECK(world.log.calls.size() == 80);
  CHECK(missing == 0);
}

TEST_CASE("one arm may be recorded and the other live") {
  World world(30);
  world.gate.routes[0] = route_of(world.files, "support_a", replies_of(30, 1, 0));
  world.plan = plan_of(world.gate);
  REQUIRE(journal::write_plan(world.run.path(), world.plan));
  const DriveResult driven = world.drive(live_options(world.log));
  CHECK(driven.cells_run == 60);
  CHECK(driven.calls == 30);
  CHECK(world.log.on_lane(0) == 0);
  CHECK(world.evidence().journal.ended);
}

TEST_CASE("both arms may be the same program, and one case may stand in two suites") {
  World world(20);
  world.gate.routes[1] = world.gate.routes[0];
  Suite twin = suite_of(20);
  twin.head.name = "twin";
  seal(twin);
  world.gate.suites.push_back(twin);
  world.plan = plan_of(world.gate);
  REQUIRE(journal::write_plan(world.run.path(), world.plan));
  const DriveResult driven = world.drive(live_options(world.log));
  CHECK(driven.calls == 80);
  CHECK(count(world.evidence(), Status::ok) == 80);
}

TEST_CASE("a recorded run starts no transport") {
  const test::TempFolder folder;
  const config::Gate gate = gate_of(folder, 10);
  CallLog log;
  const DriveResult driven = drive_in(plan_of(gate), gate, folder.path("."), live_options(log));
  CHECK(driven.calls == 0);
  CHECK(log.starts == 0);
}

TEST_CASE("what goes wrong on the way has the kind that the transport says") {
  World world(9);
  const ErrorKind kinds[] = {ErrorKind::timeout, ErrorKind::child_died, ErrorKind::too_large,
                             ErrorKind::malformed_reply};
  world.drive(live_options(world.log, [&](const route::Call& call) -> std::optional<route::Arrival> {
    const Json request = Json::parse(call.payload);
    const std::size_t i = std::stoul(request.at("case").at("id").get<std::string>().substr(1));
    if (i < 4) return went_wrong(kinds[i], "it said \x1b[31m and ended");
    if (i == 4) return said("{\"id\":\"" + call.id + "\"}");
    if (i == 5) return said("half a li");
    if (i == 6) return said("{\"id\":\"" + call.id + "\",\"error\":\"interrupted\"}");
    return good_program(call);
  }));
  const Evidence evidence = world.evidence();
  CHECK(evidence.journal.ended);
  CHECK(count(evidence, Status::not_run) == 0);
  for (CaseIndex item = 0; item < 9; ++item) {
    const std::size_t i = std::stoul(std::string(evidence.cases.id(item)).substr(1));
    const Observation& seen = evidence.at(item, 0, Arm::candidate);
    if (i < 4) CHECK(seen.error == kinds[i]);
    if (i == 4 || i == 5) CHECK(seen.error == ErrorKind::malformed_reply);
    if (i == 6) CHECK(seen.error == ErrorKind::error_in_reply);
    if (i > 6) CHECK(seen.status == Status::ok);
  }
}

TEST_CASE("a live run cut at any record goes on with the same records and repeats only what was in flight") {
  World world(6);
  const Digest usual = undisturbed(world);
  world.drive(live_options(world.log));
  const std::string text = world.run.read("journal.jsonl");
  for (std::size_t cut = 0; cut < text.size(); cut += 5) {
    world.run.write("journal.jsonl", text.substr(0, cut));
    std::set<std::string> recorded;
    std::size_t intents = 0;
    for (std::size_t at = 0; at < cut;) {
      const std::size_t end = text.find('\n', at);
      if (end >= cut) break;
      const Json record = Json::parse(text.substr(at, end - at));
      if (record.at("t") == "result") recorded.insert(record.at("call").get<std::string>());
      if (record.at("t") == "intent") ++intents;
      at = end + 1;
    }
    CallLog log;
    const DriveResult again = world.drive(live_options(log));
    const Evidence evidence = world.evidence();
    if (records_digest(evidence) != usual || evidence.journal.repeats != 0) FAIL("cut at byte " << cut);
    if (again.calls != 12 - recorded.size()) FAIL("cut at byte " << cut << ": " << again.calls << " calls");
    if (again.maybe_repeated != intents - recorded.size()) FAIL("cut at byte " << cut << ": in flight");
    std::filesystem::remove(world.run.path("journal.torn-1"));
  }
}

TEST_CASE("calls in flight at the end of a start are told in the next") {
  World world(30);
  DriveOptions options = live_options(world.log, [&](const route::Call& call) -> std::optional<route::Arrival> {
    if (world.log.calls.size() > 10) return std::nullopt;
    return good_program(call);
  });
  options.drain_seconds = 0.05;
  options.interrupted = [&] { return world.log.calls.size() > 10 ? 1 : 0; };
  const DriveResult first = world.drive(options);
  CHECK(first.interrupted);
  const std::size_t out = world.log.out[0] + world.log.out[1];
  REQUIRE(out > 0);
  CHECK(world.log.stops.size() == 1);
  CHECK(first.cells_run + out == first.calls);

  CallLog log;
  Notes notes;
  options = live_options(log);
  options.observer = &notes;
  const DriveResult second = world.drive(options);
  CHECK(second.maybe_repeated == out);
  CHECK(notes.has(std::to_string(out) + " calls were in flight when an earlier start ended; they may have been paid"));
  CHECK(second.calls == 60 - first.cells_run);
  CHECK(records_digest(world.evidence()) == undisturbed(world));
}

TEST_CASE("after the first interrupt nothing is sent, and what comes in time is recorded and graded") {
  World world(60);
  int asked = 0;
  std::size_t sent_when_asked = 0;
  DriveOptions options = live_options(world.log, [&](const route::Call& call) {
    if (world.log.calls.size() == 20) {
      asked = 1;
      sent_when_asked = 21;
    }
    return good_program(call);
  });
  options.interrupted = [&] { return asked; };
  const DriveResult driven = world.drive(options);
  CHECK(driven.interrupted);
  CHECK(driven.calls >= sent_when_asked);
  CHECK(driven.calls < 40);  // those of the turn in which it came
  const Evidence evidence = world.evidence();
  CHECK(count(evidence, Status::ok) == driven.calls);
  CHECK_FALSE(evidence.journal.ended);
  CallLog log;
  CHECK(world.drive(live_options(log)).calls == 120 - driven.calls);
  CHECK(records_digest(world.evidence()) == undisturbed(world));
}

TEST_CASE("a second interrupt stops at once, without grace") {
  World world(60);
  DriveOptions options = live_options(world.log, [](const route::Call&) { return std::nullopt; });
  options.drain_seconds = 3600;
  options.interrupted = [&, polls = 0]() mutable { return world.log.calls.empty() ? 0 : ++polls > 3 ? 2 : 1; };
  const DriveResult driven = world.drive(options);
  CHECK(driven.interrupted);
  CHECK(driven.cells_run == 0);
  REQUIRE(world.log.stops.size() == 1);
  CHECK(world.log.stops[0] == 0);
  CHECK(count(world.evidence(), Status::not_run) == 120);
}

TEST_CASE("a program that does not live stops the run, which a later start goes on with") {
  World world(60);
  DriveOptions options = live_options(world.log, [&](const route::Call& call) -> std::optional<route::Arrival> {
    if (call.lane == 0) return good_program(call);
    if (world.log.on_lane(1) < 5) return went_wrong(ErrorKind::child_died, "it ended with 1");
    return went_wrong(ErrorKind::breaker, "route support_b died 5 times without a reply");
  });
  Notes notes;
  options.observer = &notes;
  const DriveResult first = world.drive(options);
  CHECK_FALSE(first.interrupted);
  CHECK(first.stopped == "route support_b died 5 times without a reply");
  CHECK(first.cells_left == 120 - first.cells_run);
  CHECK(first.cells_left > 60);
  CHECK(notes.has(" cells are not run: route support_b died 5 times without a reply"));
  const Evidence evidence = world.evidence();
  CHECK_FALSE(evidence.journal.ended);
  CHECK(count(evidence, Status::route_error) == 5);
  CHECK(count(evidence, Status::not_run) == first.cells_left);

  CallLog log;
  const DriveResult second = world.drive(live_options(log));
  CHECK(second.stopped.empty());
  CHECK(second.cells_left == 0);
  CHECK(count(world.evidence(), Status::ok) == 115);
  options = live_options(log);
  options.retry_errors = true;
  const DriveResult third = world.drive(options);
  CHECK(third.calls == 5);
  CHECK(third.cells_reused == 115);
  CHECK(records_digest(world.evidence()) == undisturbed(world));
  CHECK(world.evidence().journal.ended);
  const std::string before = world.run.read("journal.jsonl");
  CHECK(world.drive(options).calls == 0);
  CHECK(world.run.read("journal.jsonl") == before);
}

TEST_CASE("offline is refused before any call where a reply is not recorded") {
  World world(20);
  DriveOptions options = live_options(world.log);
  options.offline = true;
  const auto refused = try_drive(world.plan, world.gate, world.run.path(), options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::input);
  CHECK(refused.error().message ==
        "--offline: 20 cells of baseline 'support_a', 20 cells of candidate 'support_b' are not recorded");
  CHECK(world.run.read("journal.jsonl").empty());
  options.offline = false;
  world.drive(options);
  options.offline = true;
  const std::size_t calls = world.log.calls.size();
  CHECK(world.drive(options).cells_reused == 40);
  CHECK(world.log.calls.size() == calls);
}

TEST_CASE("any number of workers and any order of arrival give the same records") {
  World world(100);
  const Digest usual = undisturbed(world);
  for (const std::size_t workers : {1U, 3U, 16U}) {
    const test::TempFolder folder;
    REQUIRE(journal::write_plan(folder.path(), world.plan));
    CallLog log;
    world.gate.routes[0].program->in_flight = workers * 3;
    drive_in(world.plan, world.gate, folder.path(), live_options(log, good_program, workers));
    CHECK(records_digest(evidence_in(folder.path())) == usual);
  }
}

TEST_CASE("a live run leaves no reserve behind") {
  World world(5);
  bool was_there = false;
  world.log.on_send = [&](const route::Call&) {
    was_there = was_there || std::filesystem::exists(world.run.path("journal.reserve"));
  };
  world.drive(live_options(world.log));
  CHECK(was_there);
  CHECK_FALSE(std::filesystem::exists(world.run.path("journal.reserve")));
}
