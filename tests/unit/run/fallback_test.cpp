// Routes that fall back on another where they end in an error.
#include "http_gate.hpp"

using namespace headgate;
using namespace headgate::run;
using namespace headgate::run::samples;

namespace {

constexpr std::size_t fallback_lane = 3;  // the candidate's

struct World : HttpWorld {
  explicit World(std::size_t cases, config::Route to = model_route("spare", "another host")) : HttpWorld(cases) {
    samples::fall_back(gate.routes[1], std::move(to));
    seal();
  }
};

// The candidate rejects every third question.
std::optional<route::Arrival> picky(const route::Call& call) {
  if (call.lane == 1 && asked(call) % 3 == 0) return chat_error(400, "invalid_request", "I will not");
  return good_model(call);
}

}  // namespace

TEST_CASE("a fallback answers where its route ends in an error, and the reply says so") {
  World world(9);
  const DriveResult driven = world.drive(world.options(picky));
  CHECK(driven.calls == 18 + 3);
  CHECK(world.log.on_lane(fallback_lane) == 3);
  CHECK(world.log.on_lane(2) == 0);
  const Evidence evidence = world.evidence();
  CHECK(count(evidence, Status::ok) == 18);
  for (std::size_t i = 0; i < 9; ++i) {
    CHECK(world.seen(evidence, i, Arm::candidate).fallback == (i % 3 == 0));
    CHECK_FALSE(world.seen(evidence, i, Arm::baseline).fallback);
  }
  const std::vector<Json> tries = world.records("try");
  REQUIRE(tries.size() == 3);
  CHECK(tries[0].at("error") == "request_rejected");
  CHECK(tries[0].dump().find("I will not") != std::string::npos);
  std::size_t by_spare = 0;
  for (const Json& result : world.records("result")) by_spare += result.value("via", "") == "spare" ? 1U : 0U;
  CHECK(by_spare == 3);
  CallLog none;
  world.drive(world.options(none, picky));
  CHECK(none.calls.empty());
}

TEST_CASE("where the fallback fails too, the route's own error stands and both are told") {
  World world(3);
  world.drive(world.options([](const route::Call& call) -> std::optional<route::Arrival> {
    if (call.lane == 1) return chat_error(400, "context_length_exceeded", "too long for me");
    if (call.lane == fallback_lane) return chat_error(400, "invalid_request", "not I either");
    return good_model(call);
  }));
  const Evidence evidence = world.evidence();
  CHECK(world.seen(evidence, 0, Arm::candidate).error == ErrorKind::context_too_long);
  CHECK_FALSE(world.seen(evidence, 0, Arm::candidate).fallback);
  bool told = false;
  for (const Json& result : world.records("result")) {
    const std::string text = result.dump();
    told = told || (text.find("too long for me") != text.npos && text.find("its fallback 'spare'") != text.npos &&
                    text.find("not I either") != text.npos);
  }
  CHECK(told);
}

TEST_CASE("cases that test the fallback never reach their route") {
  World world(6);
  world.gate.fallback_tested = {"q1", "q4"};
  world.seal();
  world.drive(world.options());
  for (const route::Call& call : world.log.calls) {
    const bool is_tested = asked(call) == 1 || asked(call) == 4;
    if (call.lane == 1) CHECK_FALSE(is_tested);
    if (call.lane == fallback_lane) CHECK(is_tested);
  }
  CHECK(world.log.on_lane(fallback_lane) == 2);
  CHECK(world.log.on_lane(0) == 6);  // the baseline has no fallback
  const Evidence evidence = world.evidence();
  CHECK(count(evidence, Status::ok) == 12);
  CHECK(world.seen(evidence, 1, Arm::candidate).fallback);
  CHECK_FALSE(world.seen(evidence, 2, Arm::candidate).fallback);
  REQUIRE(world.records("try").size() == 2);
  CHECK(world.records("try")[0].dump().find("made to fail on this case (readiness.fallback_tested)") !=
        std::string::npos);
}

TEST_CASE("a fallback may be a program or recorded replies") {
  for (const bool recorded : {true, false}) {
    const test::TempFolder files;
    World world(9, recorded ? route_of(files, "spare", replies_of(9, 1, 0)) : live_route("spare"));
    const DriveResult driven = world.drive(world.options([](const route::Call& call) -> std::optional<route::Arrival> {
      if (call.lane != fallback_lane) return picky(call);
      const std::string id = Json::parse(call.payload).at("case").at("id").get<std::string>();
      return said(Json{{"id", call.id}, {"output", "I say: answer " + id.substr(1)}, {"cost_usd", 0.5}}.dump());
    }));
    CHECK(driven.calls == (recorded ? 18 : 21));
    const Evidence evidence = world.evidence();
    CHECK(count(evidence, Status::ok) == 18);
    CHECK(world.seen(evidence, 3, Arm::candidate).fallback);
    CHECK(world.seen(evidence, 3, Arm::candidate).pass);
    if (!recorded) CHECK(driven.spent_usd == Approx(15 * reply_usd + 1.5));
  }
}

TEST_CASE("a program falls back too") {
  World world(4);
  world.gate.routes[1] = live_route("support_b");
  samples::fall_back(world.gate.routes[1], model_route("spare"));
  world.seal();
  world.drive(world.options([](const route::Call& call) -> std::optional<route::Arrival> {
    if (call.lane == 1) return went_wrong(ErrorKind::child_died, "it ended with 1");
    return good_model(call);
  }));
  const Evidence evidence = world.evidence();
  CHECK(count(evidence, Status::ok) == 8);
  CHECK(world.seen(evidence, 2, Arm::candidate).fallback);
}

TEST_CASE("a run whose fallback was in flight repeats no more than that") {
  World world(6);
  const auto usual = [&] {
    const test::TempFolder folder;
    REQUIRE(journal::write_plan(folder.path(), world.plan));
    CallLog log;
    drive_in(world.plan, world.gate, folder.path(), live_options(log, picky));
    return records_digest(evidence_in(folder.path()));
  }();
  world.drive(world.options(picky));
  const std::string text = world.run.read("journal.jsonl");
  for (std::size_t cut = 0; cut < text.size(); cut += 41) {
    world.run.write("journal.jsonl", text.substr(0, cut));
    CallLog log;
    world.drive(world.options(log, picky));
    if (records_digest(world.evidence()) != usual) FAIL("cut at byte " << cut);
    std::filesystem::remove(world.run.path("journal.torn-1"));
  }
}
