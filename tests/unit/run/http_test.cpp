// Routes over HTTP through drive(): tries, errors, time and money.
#include "http_gate.hpp"

using namespace headgate;
using namespace headgate::run;
using namespace headgate::run::samples;

TEST_CASE("replies of model servers are read, priced and graded, and both arms share a pool") {
  HttpWorld world(40);
  const DriveResult driven = world.drive(world.options());
  CHECK(driven.cells_run == 80);
  CHECK(driven.calls == 80);
  CHECK(driven.tries == 80);
  CHECK(driven.spent_usd == Approx(80 * reply_usd));
  CHECK(driven.spent_is_known);
  CHECK(driven.why == Left::nothing);
  CHECK(world.log.most_out[0] + world.log.most_out[1] <= 16);
  const Evidence evidence = world.evidence();
  CHECK(count(evidence, Status::ok) == 80);
  CHECK(world.seen(evidence, 5, Arm::baseline).pass);
  CHECK_FALSE(world.seen(evidence, 6, Arm::baseline).pass);
  CHECK(world.seen(evidence, 6, Arm::candidate).pass);
  CHECK(world.seen(evidence, 1, Arm::candidate).latency_ms == 12.5);
  CHECK(*world.seen(evidence, 1, Arm::candidate).cost_usd == Approx(reply_usd));
  CHECK(world.records("intent").size() == 80);
  CHECK(world.records("try").empty());
  REQUIRE(world.notes.last.pools.size() == 1);
  CHECK(world.notes.last.pools[0].name == "support_a, support_b");
  CHECK(world.notes.last.pools[0].in_flight == 0);
  CHECK(world.notes.last.spent_usd == Approx(driven.spent_usd));
}

TEST_CASE("lanes of one pool never have more out together than the strictest of them allows") {
  HttpWorld world(60);
  world.gate.routes[1].http->limits.in_flight = 3;
  std::size_t most = 0;
  world.log.on_send = [&](const route::Call&) { most = std::max(most, world.log.out[0] + world.log.out[1]); };
  world.drive(world.options());
  CHECK(most <= 3);
  CHECK(most > 0);
}

TEST_CASE("a pool of its own for each arm bounds each") {
  HttpWorld world(60);
  world.gate.routes[1].http->pool = "another host";
  world.gate.routes[1].http->limits.in_flight = 2;
  world.drive(world.options());
  CHECK(world.log.most_out[0] <= 8);
  CHECK(world.log.most_out[1] <= 2);
  CHECK(world.notes.last.pools.size() == 2);
}

TEST_CASE("an error of the server is tried again, and every try is on record") {
  HttpWorld world(3);
  const DriveResult driven =
      world.drive(world.options(after_failing(1, [] { return chat_error(500, "server_error", "oops"); })));
  CHECK(driven.calls == 6);
  CHECK(driven.tries == 12);
  CHECK(world.records("intent").size() == 12);
  const std::vector<Json> tries = world.records("try");
  REQUIRE(tries.size() == 6);
  CHECK(tries[0].at("error") == "server_error");
  CHECK(tries[0].dump().find("oops") != std::string::npos);
  for (const Json& result : world.records("result")) CHECK(result.at("tries") == 2);
  CHECK(count(world.evidence(), Status::ok) == 6);
  CHECK(records_digest(world.evidence()) == world.undisturbed());
}

TEST_CASE("a call that is turned away goes again without using up a try") {
  HttpWorld world(3);
  const DriveResult driven = world.drive(world.options([&](const route::Call& call) -> std::optional<route::Arrival> {
    if (world.log.calls.size() < 2) return not_now();
    return good_model(call);
  }));
  CHECK(driven.calls == 6);
  CHECK(driven.tries == 8);
  CHECK(count(world.evidence(), Status::ok) == 6);
  CHECK(driven.time.paused_s > 0.0);
  CHECK(records_digest(world.evidence()) == world.undisturbed());
}

TEST_CASE("an error that stays ends its cell after four tries, and no other") {
  HttpWorld world(4);
  world.drive(world.options([](const route::Call& call) -> std::optional<route::Arrival> {
    if (asked(call) == 2) return chat_error(500, "server_error", "it is the case, no doubt");
    return good_model(call);
  }));
  const Evidence evidence = world.evidence();
  CHECK(count(evidence, Status::ok) == 6);
  CHECK(world.seen(evidence, 2, Arm::candidate).error == ErrorKind::server_error);
  CHECK(world.log.calls.size() >= 6 + 2 * 3);
  CHECK(world.log.calls.size() <= 6 + 2 * 4);
  bool told = false;
  for (const Json& result : world.records("result")) {
    told = told || result.dump().find("it is the case, no doubt") != std::string::npos;
  }
  CHECK(told);
}

TEST_CASE("a reply that cannot be read is asked for twice more") {
  HttpWorld world(2);
  world.drive(world.options([](const route::Call& call) -> std::optional<route::Arrival> {
    if (asked(call) == 0) return answered(200, "<html>sorry</html>");
    return good_model(call);
  }));
  CHECK(world.log.calls.size() == 2 + 2 * 3);
  CHECK(world.records("try").size() == 4);
  const Evidence evidence = world.evidence();
  CHECK(world.seen(evidence, 0, Arm::baseline).error == ErrorKind::malformed_reply);
  CHECK(world.seen(evidence, 1, Arm::baseline).status == Status::ok);

  HttpWorld second(2);
  const DriveResult driven =
      second.drive(second.options(after_failing(1, [] { return answered(200, R"({"choices":[{"mess)"); })));
  CHECK(driven.tries == 8);
  CHECK(count(second.evidence(), Status::ok) == 4);
  CHECK(records_digest(second.evidence()) == second.undisturbed());
}

TEST_CASE("a stream that was cut is asked for again, a reply that is long enough is not") {
  for (const bool cut : {true, false}) {
    HttpWorld world(1);
    for (config::Route& route : world.gate.routes) {
      route::ChatDialect dialect;
      dialect.streams = true;
      route.http->dialect = route::make_dialect(dialect);
      route.http->spec.streams = true;
    }
    const std::string begun = "data: {\"choices\":[{\"delta\":{\"content\":\"I say\"}}]}\n\n";
    const std::string end = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n";
    world.drive(world.options([&](const route::Call&) {
      return std::optional(answered(200, cut ? begun : begun + end, {{"content-type", "text/event-stream"}}));
    }));
    CHECK(world.log.calls.size() == (cut ? 6 : 2));
    CHECK(world.seen(world.evidence(), 0, Arm::baseline).error == ErrorKind::truncated);
  }
}

TEST_CASE("without retries an error is the end of its call") {
  HttpWorld world(3);
  DriveOptions options = world.options([&](const route::Call& call) -> std::optional<route::Arrival> {
    if (asked(call) == 0) return chat_error(500, "server_error", "oops");
    if (asked(call) == 1) return not_now();
    return answered(200, "no JSON");
  });
  options.fail_fast = true;
  const DriveResult driven = world.drive(options);
  CHECK(driven.tries == 6);
  const Evidence evidence = world.evidence();
  CHECK(world.seen(evidence, 0, Arm::candidate).error == ErrorKind::server_error);
  CHECK(world.seen(evidence, 1, Arm::candidate).error == ErrorKind::rate_limited);
  CHECK(world.seen(evidence, 2, Arm::candidate).error == ErrorKind::malformed_reply);
}

TEST_CASE("a refused key ends the run, and the message names where the key comes from") {
  HttpWorld world(200);
  const auto refused = try_drive(world.plan, world.gate, world.run.path(), world.options([](const route::Call& call) {
    if (call.lane == 0) return good_model(call);
    return std::optional(chat_error(401, "invalid_api_key", "no such key"));
  }));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::environment);
  CHECK(refused.error().message ==
        "route support_b: the provider refuses the key (env:support_b_KEY): HTTP 401: "
        "invalid_api_key: no such key");
  CHECK(world.log.on_lane(1) <= 8);
  const Evidence evidence = world.evidence();
  CHECK_FALSE(evidence.journal.ended);
  CHECK(count(evidence, Status::not_run) + count(evidence, Status::ok) == 400);
  CHECK(world.records("note").back().dump().find("env:support_b_KEY") != std::string::npos);

  CallLog log;
  DriveOptions options = world.options(log, good_model);
  CHECK(world.drive(options).maybe_repeated == 0);  // those calls were answered
  CHECK(records_digest(world.evidence()) == world.undisturbed());
}

TEST_CASE("a quota that is used up is told as such") {
  HttpWorld world(20);
  const auto refused = try_drive(world.plan, world.gate, world.run.path(), world.options([](const route::Call&) {
    return std::optional(chat_error(429, "insufficient_quota", "you exceeded your quota"));
  }));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::environment);
  CHECK(refused.error().message.find("a quota or spend cap of the provider is used up (key: env:support_") !=
        std::string::npos);
  CHECK(refused.error().message.find("rate") == std::string::npos);
  CHECK(world.log.calls.size() <= 8);
}

TEST_CASE("a budget sends what it carries, and a later start counts what was spent") {
  HttpWorld world(10);
  for (config::Route& route : world.gate.routes) {
    route.http->price = {};
    route.http->price.per_call = 0.03;
  }
  DriveOptions options = world.options();
  options.max_usd = 0.10;
  const DriveResult driven = world.drive(options);
  CHECK(driven.calls == 3);
  CHECK(driven.why == Left::budget);
  // Which arm's call is the next one depends on whose third reply came first.
  CHECK(driven.stopped.starts_with("$0.09 of $0.10 is spent or reserved; the next call (route support_"));
  CHECK(driven.stopped.ends_with(") may cost up to $0.03; raise --max-usd to go on"));
  CHECK(driven.cells_left == 17);
  CHECK(driven.spent_usd == Approx(0.09));
  CHECK_FALSE(driven.interrupted);
  CHECK(count(world.evidence(), Status::ok) == 3);
  CHECK(world.notes.has("stopped, 17 cells are not run: $0.09 of $0.10"));

  CallLog none;
  options = world.options(none, good_model);
  options.max_usd = 0.10;
  CHECK(world.drive(options).why == Left::budget);
  CHECK(none.calls.empty());
  CallLog some;
  options = world.options(some, good_model);
  options.max_usd = 0.155;
  CHECK(world.drive(options).spent_usd == Approx(0.15));
  CHECK(some.calls.size() == 2);
  options = world.options(some, good_model);
  CHECK(world.drive(options).cells_left == 0);
  CHECK(records_digest(world.evidence()) == [&] {
    world.run.write("journal.jsonl", "");
    world.drive(world.options());
    return records_digest(world.evidence());
  }());
}

TEST_CASE("under a budget a route without a price goes one call at a time, and says so") {
  HttpWorld world(3);
  for (config::Route& route : world.gate.routes) route.http->price = {};
  world.gate.routes[1].http->pool = "another";
  DriveOptions options = world.options();
  options.max_usd = 1.0;
  const DriveResult driven = world.drive(options);
  CHECK(world.log.most_out[0] == 1);
  CHECK(world.log.most_out[1] == 1);
  CHECK_FALSE(driven.spent_is_known);
  CHECK(world.notes.has("route support_a: without a price and max_tokens nobody knows what a call may cost"));
}

TEST_CASE("the time of a start ends it, and what it cut is no time-out of the route") {
  HttpWorld world(30);
  std::optional<std::uint32_t> longest;
  DriveOptions options = world.options([&](const route::Call& call) -> std::optional<route::Arrival> {
    if (asked(call) < 4) return good_model(call);
    longest = std::max(longest.value_or(0), call.timeout_ms.value_or(1'000'000));
    return std::nullopt;
  });
  options.deadline = Millis(300);
  const DriveResult driven = world.drive(options);
  CHECK(driven.why == Left::deadline);
  CHECK(driven.stopped == "the time of this start is over (0.3 s)");
  REQUIRE(longest);
  CHECK(*longest <= 300);
  const Evidence evidence = world.evidence();
  CHECK(count(evidence, Status::not_run) + count(evidence, Status::ok) == 60);
  CHECK(count(evidence, Status::not_run) >= 52);
  CHECK(driven.seconds < 30.0);

  HttpWorld second(2);
  options = second.options([](const route::Call&) { return std::optional(went_wrong(ErrorKind::timeout, "cut")); });
  options.deadline = Millis(600'000);
  second.gate.routes[0].http->limits.deadline = second.gate.routes[1].http->limits.deadline = Millis(50);
  second.drive(options);  // their own time-outs stay theirs
  CHECK(count(second.evidence(), Status::route_error) == 4);
}

TEST_CASE("calls that wait to go again are dropped by an interrupt") {
  HttpWorld world(5);
  int asked_to_stop = 0;
  DriveOptions options = world.options([&](const route::Call&) {
    asked_to_stop = 1;
    return std::optional(chat_error(429, "rate_limit", "later", {{"retry-after", "60"}}));
  });
  options.interrupted = [&] { return asked_to_stop; };
  world.gate.routes[0].http->limits.in_flight = world.gate.routes[1].http->limits.in_flight = 8;
  const DriveResult driven = world.drive(options);
  CHECK(driven.interrupted);
  CHECK(driven.cells_run == 0);
  CHECK(count(world.evidence(), Status::not_run) == 10);
  CallLog log;
  CHECK(world.drive(world.options(log, good_model)).maybe_repeated == 0);
  CHECK(records_digest(world.evidence()) == world.undisturbed());
}

TEST_CASE("a provider that nobody reaches stops the run") {
  HttpWorld world(200);
  const DriveResult driven = world.drive(world.options(
      [](const route::Call&) { return std::optional(went_wrong(ErrorKind::connect, "127.0.0.1:9 refuses")); }));
  CHECK(driven.why == Left::broken);
  CHECK(driven.stopped.find("127.0.0.1:9 refuses") != std::string::npos);
  CHECK(driven.cells_left > 300);
  CHECK(world.log.calls.size() < 100);
}

TEST_CASE("what this machine lacks stops the run, is told, and is nobody's error") {
  HttpWorld world(30);
  const std::string lack = "not sent: this machine could not open a connection to localhost:80: Too many open files";
  const DriveResult driven = world.drive(world.options([&](const route::Call& call) -> std::optional<route::Arrival> {
    if (asked(call) < 10) return good_model(call);
    route::Arrival arrival;
    arrival.error = ErrorKind::interrupted;
    arrival.message = lack;
    arrival.sends = 0;
    return arrival;
  }));
  CHECK_FALSE(driven.interrupted);
  CHECK(driven.why == Left::broken);
  CHECK(driven.stopped == lack);
  CHECK(driven.cells_left >= 40);
  const Evidence evidence = world.evidence();
  CHECK(count(evidence, Status::provider_error) + count(evidence, Status::route_error) == 0);
  CHECK(count(evidence, Status::not_run) == driven.cells_left);

  // Nobody can have been paid for what was not sent: its reserve is free, now and after going on.
  const auto answered_calls = static_cast<double>(world.records("result").size());
  CHECK(driven.spent_usd == Approx(answered_calls * reply_usd));
  const std::vector<Json> tries = world.records("try");
  REQUIRE_FALSE(tries.empty());
  for (const Json& one : tries) {
    CHECK(one.at("error") == "connect");
    CHECK(one.at("message") == lack);
    CHECK_FALSE(one.contains("spent_usd"));
  }
  CHECK(world.records("intent").size() == tries.size() + world.records("result").size());
  const DriveResult rest = world.drive(world.options());
  CHECK(rest.cells_left == 0);
  CHECK(rest.spent_usd == Approx(60 * reply_usd));
}

TEST_CASE("a live run over HTTP cut at any record goes on with the same records") {
  HttpWorld world(3);
  const Digest usual = world.undisturbed();
  world.drive(world.options(after_failing(1, not_now)));
  const std::string text = world.run.read("journal.jsonl");
  for (std::size_t cut = 0; cut < text.size(); cut += 37) {
    world.run.write("journal.jsonl", text.substr(0, cut));
    CallLog log;
    DriveOptions options = world.options(log, good_model);
    world.drive(options);
    if (records_digest(world.evidence()) != usual) FAIL("cut at byte " << cut);
    std::filesystem::remove(world.run.path("journal.torn-1"));
  }
}
