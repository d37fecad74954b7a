// Replies kept between runs: looked up before anything is sent, and only good ones are kept.
#include "cell_work.hpp"
#include "headgate/route/reply_cache.hpp"
#include "http_gate.hpp"
#include "lane_plan.hpp"

using namespace headgate;
using namespace headgate::run;
using namespace headgate::run::samples;

namespace {

struct Kept {
  test::TempFolder folder;
  std::unique_ptr<route::ReplyCache> cache;

  Kept() {
    auto opened = route::ReplyCache::open(folder.path("cache"));
    if (!opened) FAIL(opened.error().message);
    cache = std::move(*opened);
  }
  DriveOptions with(DriveOptions options) const {
    options.cache = cache.get();
    return options;
  }
  std::uint64_t replies() const {
    REQUIRE(cache->flush());
    auto stats = cache->stats();
    REQUIRE(stats);
    return stats->replies;
  }
};

}  // namespace

TEST_CASE("a second run finds every reply in the cache, marked and without a latency") {
  const Kept kept;
  HttpWorld first(10);
  CHECK(first.drive(kept.with(first.options())).cells_cached == 0);
  CHECK(kept.replies() == 20);

  HttpWorld second(10);
  const DriveResult driven = second.drive(kept.with(second.options()));
  CHECK(driven.cells_cached == 20);
  CHECK(driven.calls == 0);
  CHECK(driven.spent_usd == 0.0);
  CHECK(second.log.starts == 0);
  CHECK(second.notes.last.cached == 20);
  CHECK(second.records("intent").empty());
  const Evidence evidence = second.evidence();
  CHECK(count(evidence, Status::ok) == 20);
  for (const Observation& seen : evidence.observations) {
    CHECK(seen.cached);
    CHECK_FALSE(seen.latency_ms);
  }
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK(second.seen(evidence, i, Arm::candidate).pass == first.seen(first.evidence(), i, Arm::candidate).pass);
  }
}

TEST_CASE("only good replies are kept, and none of a fallback") {
  const Kept kept;
  HttpWorld world(9);
  fall_back(world.gate.routes[1], model_route("spare", "another host"));
  world.seal();
  world.drive(kept.with(world.options([](const route::Call& call) -> std::optional<route::Arrival> {
    if (asked(call) % 3 == 0 && call.lane < 2) return chat_error(400, "invalid_request", "no");
    return good_model(call);
  })));
  CHECK(kept.replies() == 6 + 6);
}

TEST_CASE("programs are cached too, and another trial, case or route is another reply") {
  const Kept kept;
  const auto calls_of = [&](std::size_t cases, std::uint32_t trials, const std::string& candidate) {
    test::TempFolder files;
    config::Gate gate = live_gate(files, cases, trials);
    gate.routes[1] = live_route(candidate);
    const Plan plan = plan_of(gate);
    test::TempFolder run;
    REQUIRE(journal::write_plan(run.path(), plan));
    CallLog log;
    drive_in(plan, gate, run.path(), kept.with(live_options(log)));
    return log.calls.size();
  };
  CHECK(calls_of(5, 1, "support_b") == 10);
  CHECK(calls_of(5, 1, "support_b") == 0);
  CHECK(calls_of(5, 2, "support_b") == 10);
  CHECK(calls_of(6, 1, "support_b") == 2);
  CHECK(calls_of(5, 1, "support_c") == 5);
}

TEST_CASE("neither another endpoint nor the other arm is answered with a kept reply") {
  const Kept kept;
  const auto calls_of = [&](const std::string& baseline, const std::string& candidate, const std::string& url) {
    HttpWorld world(4);
    world.gate.routes = {model_route(baseline), model_route(candidate)};
    world.gate.routes[1].http->spec.url = url;
    world.seal();
    world.drive(kept.with(world.options()));
    return world.log.calls.size();
  };
  const std::string here = "http://127.0.0.1:9/v1/chat/completions";
  const std::string there = "http://127.0.0.1:9/v2/chat/completions";
  CHECK(calls_of("support_a", "support_b", here) == 8);
  CHECK(calls_of("support_a", "support_b", here) == 0);
  CHECK(calls_of("support_a", "support_b", there) == 4);
  CHECK(calls_of("support_b", "support_a", here) == 8);

  const Case item = question(1);
  const auto key = [&](const config::Route& route, Arm arm) {
    const auto prepared = request_to(route, 0, CallId{}, item, 0);
    REQUIRE(std::holds_alternative<Prepared>(prepared));
    CellRef cell{};
    cell.arm = arm;
    return cache_key_of(route, std::get<Prepared>(prepared), item, cell);
  };
  const config::Route program = live_route("support_a");
  CHECK(key(program, Arm::baseline) == key(program, Arm::baseline));
  CHECK(key(program, Arm::baseline) != key(program, Arm::candidate));
}

TEST_CASE("a reply is kept only after its record was handed over") {
  const Kept kept;
  HttpWorld world(1);
  std::vector<grade::SuiteGraders> graders;
  auto made = grade::SuiteGraders::make(world.plan.head.suites.at(0), grade::registry());
  REQUIRE(made);
  graders.push_back(std::move(*made));
  const Helpers nobody;
  const CellWork work({world.plan,
                       world.gate.routes,
                       std::move(graders),
                       {},
                       Asks(nobody, first_helper_lane),
                       false,
                       kept.cache.get()});
  Task prepare{0, Work::prepare};
  CHECK_FALSE(work.receive(prepare));
  CellNews news = work.finish(prepare);
  REQUIRE(news.calls.size() == 1);
  Task task{0, Work::go_on, std::move(news.held), {}};
  Arrived arrived;
  arrived.what = std::make_shared<Response>(chat_reply("I say: answer 0"));
  task.arrived.push_back(std::move(arrived));
  const auto received = work.receive(task);
  REQUIRE(received);
  CHECK(received->records.size() == 1);
  CHECK(kept.replies() == 0);
  CHECK(work.finish(task).hand == Hand::finished);
  CHECK(kept.replies() == 1);
}

TEST_CASE("offline a cached reply does, and a reply that is nowhere is refused without a call") {
  const Kept kept;
  HttpWorld first(5);
  first.drive(kept.with(first.options()));

  HttpWorld second(5);
  DriveOptions options = kept.with(second.options());
  options.offline = true;
  CHECK(second.drive(options).cells_cached == 10);
  CHECK(second.log.starts == 0);

  HttpWorld third(6);
  options = kept.with(third.options());
  options.offline = true;
  const auto refused = try_drive(third.plan, third.gate, third.run.path(), options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::input);
  CHECK(refused.error().message.find("to case 'q5' is neither recorded nor in the cache") != std::string::npos);
  CHECK(third.log.starts == 0);

  options = third.options();
  options.offline = true;
  const auto bare = try_drive(third.plan, third.gate, third.run.path(), options);
  REQUIRE_FALSE(bare);
  CHECK(bare.error().code == ErrorCode::input);
}
