#include "headgate/run/estimate.hpp"

#include "tiny_gate.hpp"

using namespace headgate;
using namespace headgate::run;
using namespace headgate::run::samples;

namespace {

// The input of question(i) is its one message: 10 bytes up to the tenth, so 3 tokens and 4 for the message.
constexpr double tokens_a_question = 7.0;

config::Route http_route(const std::string& name, const std::string& pool = "host/key/model") {
  config::Route route;
  route.use.name = name;
  route.use.kind = "openai";
  route.use.parts.model.text = "\"" + name + "\"";
  route.use.digest = route_digest(route.use.parts);
  route.http.emplace();
  route.http->pool = pool;
  return route;
}

config::Route priced_route(const std::string& name, double max_tokens) {
  config::Route route = http_route(name);
  route.http->price = {.input_per_mtok = 2.0, .output_per_mtok = 10.0, .cached_input_per_mtok = {}, .per_call = {}};
  route.http->max_output_tokens = max_tokens;
  return route;
}

config::Route program_route(const std::string& name, std::size_t in_flight) {
  config::Route route;
  route.use.name = name;
  route.use.kind = "process";
  route.use.parts.program.text = "\"" + name + "\"";
  route.use.digest = route_digest(route.use.parts);
  route.program.emplace();
  route.program->in_flight = in_flight;
  return route;
}

struct Scene {
  test::TempFolder folder;
  config::Gate gate;

  explicit Scene(config::Route baseline, config::Route candidate) : gate(gate_of(folder, 10)) {
    gate.routes = {std::move(baseline), std::move(candidate)};
  }
  Estimate now(const EstimateOptions& options = {}) const {
    auto sum = estimate(plan_of(gate), gate.routes, options);
    if (!sum) FAIL(sum.error().message);
    return *sum;
  }
};

}  // namespace

TEST_CASE("estimate: recorded replies are neither called nor paid nor waited for") {
  test::TempFolder folder;
  const config::Gate gate = gate_of(folder, 10);
  const auto sum = estimate(plan_of(gate), gate.routes);
  REQUIRE(sum);
  CHECK(sum->calls == 0);
  CHECK(sum->high_usd == 0.0);
  CHECK(sum->pools.empty());
  CHECK(sum->asks.empty());
}

TEST_CASE("estimate: the low end is the input, the high end a fifth more of it and all of the output") {
  const Scene scene(priced_route("a", 100), priced_route("b", 0));
  const Estimate sum = scene.now();
  const ArmEstimate& a = sum.arms[0];
  CHECK(sum.calls == 20);
  CHECK(a.calls == 10);
  CHECK(a.input_tokens == 10 * tokens_a_question);
  CHECK(a.max_output_tokens == 1000.0);
  CHECK(*a.low_usd == Approx(70 * 2.0 / 1e6));
  CHECK(*a.high_usd == Approx((1.2 * 70 * 2.0 + 1000 * 10.0) / 1e6));
  CHECK(a.unknown.empty());
  CHECK(*sum.high_usd == Approx(*a.high_usd + 1.2 * 70 * 2.0 / 1e6));
}

TEST_CASE("estimate: input that may be cached costs at least the cheaper price") {
  config::Route route = priced_route("a", 100);
  route.http->price.cached_input_per_mtok = 0.5;
  const Estimate sum = Scene(route, program_route("b", 1)).now();
  CHECK(*sum.arms[0].low_usd == Approx(70 * 0.5 / 1e6));
  CHECK(*sum.arms[0].high_usd == Approx((1.2 * 70 * 2.0 + 1000 * 10.0) / 1e6));
}

TEST_CASE("estimate: an unknown cost is not zero, and says why") {
  config::Route no_bound = priced_route("endless", 1);
  no_bound.http->max_output_tokens.reset();
  config::Route half = priced_route("half", 100);
  half.http->price.output_per_mtok.reset();
  struct Row {
    config::Route route;
    bool knows_low;
    const char* why;
  };
  const std::vector<Row> rows = {{http_route("free"), false, "route free has no price"},
                                 {half, true, "no output_per_mtok"},
                                 {no_bound, true, "no max_tokens"},
                                 {program_route("script", 1), false, "only the program of route script"}};
  for (const Row& row : rows) {
    INFO(row.why);
    const Estimate sum = Scene(priced_route("a", 100), row.route).now();
    CHECK(sum.arms[1].low_usd.has_value() == row.knows_low);
    CHECK_FALSE(sum.arms[1].high_usd);
    CHECK_THAT(sum.arms[1].unknown, Catch::Contains(row.why));
    CHECK_FALSE(sum.high_usd);
    CHECK(sum.arms[0].high_usd);
  }
}

TEST_CASE("estimate: what is taken from earlier runs is not asked for") {
  const Scene scene(priced_route("a", 100), priced_route("b", 100));
  const Plan plan = plan_of(scene.gate);
  std::vector<bool> taken(plan.cells());
  for (CellIndex cell = 0; cell < plan.cells(); cell += 2) taken[cell] = cell != 4;
  EstimateOptions options;
  options.taken = &taken;
  const Estimate sum = scene.now(options);
  CHECK(sum.arms[0].calls == 1);
  CHECK(sum.arms[1].calls == 10);
  CHECK(sum.arms[0].input_tokens == tokens_a_question);
}

TEST_CASE("estimate: the limit that takes longest dominates") {
  const auto pool_of = [](const route::PoolLimits& limits) {
    config::Route a = priced_route("a", 100), b = priced_route("b", 100);
    a.http->limits = b.http->limits = limits;
    const Estimate sum = Scene(a, b).now();
    REQUIRE(sum.pools.size() == 1);
    CHECK(sum.pools[0].routes == std::vector<std::string>{"a", "b"});
    CHECK(sum.pools[0].calls == 20);
    return sum.pools[0];
  };
  route::PoolLimits limits;
  PoolEstimate pool = pool_of(limits);  // 20 calls fit at once
  CHECK(pool.dominates == Limit::in_flight);
  CHECK_FALSE(pool.in_flight_written);
  CHECK(pool.seconds == assumed_seconds_a_reply);
  limits.in_flight = 4;
  pool = pool_of(limits);
  CHECK(pool.in_flight_written);
  CHECK(pool.seconds == 20 * assumed_seconds_a_reply / 4);
  limits.requests_per_minute = 60;
  pool = pool_of(limits);
  CHECK(pool.dominates == Limit::requests_per_minute);
  CHECK(pool.seconds == 20.0);
  CHECK_FALSE(pool.by_tokens_s);
  limits.tokens_per_minute = 2140;  // 20 calls of 7 + 100 tokens
  pool = pool_of(limits);
  CHECK(pool.dominates == Limit::tokens_per_minute);
  CHECK(pool.seconds == Approx(60.0));
  CHECK(pool.by_requests_s == 20.0);
  CHECK(pool.by_in_flight_s == 10.0);
}

TEST_CASE("estimate: pools work side by side, and the strictest limit of a pool counts") {
  config::Route a = priced_route("a", 100), b = priced_route("b", 100);
  b.http->pool = "elsewhere";
  a.http->limits.in_flight = 1;
  EstimateOptions options;
  options.seconds_a_reply[1] = 0.5;
  Estimate sum = Scene(a, b).now(options);
  REQUIRE(sum.pools.size() == 2);
  CHECK(sum.pools[0].routes == std::vector<std::string>{"a"});
  CHECK(sum.pools[0].seconds == 10 * assumed_seconds_a_reply);
  CHECK(sum.pools[1].seconds == 0.5);
  CHECK(sum.arms[1].measured);
  CHECK_FALSE(sum.arms[0].measured);

  b.http->pool = a.http->pool;
  b.http->limits.in_flight = 5;
  sum = Scene(a, b).now(options);
  REQUIRE(sum.pools.size() == 1);
  CHECK(sum.pools[0].in_flight == 1.0);
  CHECK(sum.pools[0].seconds == 10 * assumed_seconds_a_reply + 10 * 0.5);

  sum = Scene(program_route("p", 5), program_route("q", 2)).now();
  REQUIRE(sum.pools.size() == 2);
  CHECK(sum.pools[0].routes == std::vector<std::string>{"q"});
  CHECK(sum.pools[0].seconds == 10 * assumed_seconds_a_reply / 2);
}

TEST_CASE("estimate: asks of plugins are counted for every grader, case and trial") {
  test::TempFolder folder;
  config::Gate gate = gate_of(folder, 10, 3);
  const GraderSpec lint{"plugin", false, {R"({"name":"lint"})"}};
  gate.suites[0].head.graders.push_back(lint);
  gate.suites[0].head.graders.push_back(
      {"all_of", true, {R"({"graders":[{"kind":"plugin","name":"lint"},{"kind":"plugin","name":"style"}]})"}});
  Case& item = gate.suites[0].cases[3];
  item.graders.push_back(lint);
  item.digest = case_digest(item);
  seal(gate.suites[0]);
  gate.suites[0].needs.plugins = {"lint", "style"};
  gate.plugins["lint"];
  gate.plugins["style"];
  const auto sum = estimate(plan_of(gate), gate.routes);
  if (!sum) FAIL(sum.error().message);
  CHECK(sum->asks.at("lint") == 10 * 3 * 2 * 2 + 3 * 2);
  CHECK(sum->asks.at("style") == 10 * 3 * 2);
}

TEST_CASE("estimate: judges are asked once a vote and cell, or in both orders a pair") {
  Scene scene(priced_route("a", 100), priced_route("b", 100));
  scene.gate.trials = 2;
  scene.gate.suites[0].head.graders = {
      {"judge", false, {R"({"judge":"one","rubric":"is kind","votes":3})"}},
      {"pairwise", false, {R"({"judge":"two","rubric":"is kinder"})"}},
      {"similarity", false, {R"({"metric":"cosine","embeddings":"small","at_least":0.5})"}}};
  seal(scene.gate.suites[0]);
  Helpers helpers;
  helpers.judges["one"] = priced_route("one", 50);
  helpers.judges["two"] = program_route("two", 2);
  helpers.embeddings["small"] = priced_route("small", 0);
  EstimateOptions options;
  const Estimate without = scene.now(options);
  options.helpers = &helpers;
  const Estimate sum = scene.now(options);
  CHECK(sum.judges.at("one").calls == 10 * 2 * 2 * 3);
  CHECK(sum.judges.at("two").calls == 10 * 2 * 2);
  CHECK(sum.embeddings.at("small").calls == 10 * 2 * 2);
  CHECK(sum.calls == without.calls + 120 + 40 + 40);
  const AskEstimate& one = sum.judges.at("one");
  CHECK(one.input_tokens > 120 * 20);
  REQUIRE(one.low_usd);
  REQUIRE(one.high_usd);
  // A fifth more input, the replies of 100 tokens, and an answer of 50.
  CHECK(*one.high_usd == Approx(1.2 * (*one.low_usd + 120 * 100 * 2.0 / 1e6) + 120 * 50 * 10.0 / 1e6));
  CHECK_FALSE(sum.judges.at("two").low_usd);
  CHECK(sum.judges.at("two").unknown == "only the program of route two says what an answer costs");
  CHECK_FALSE(sum.high_usd);
  REQUIRE(sum.pools.size() == 2);  // all servers share one
  CHECK(sum.pools[0].calls + sum.pools[1].calls == sum.calls);
}

TEST_CASE("estimate: of recorded replies the questions are known, and those that are none ask nothing") {
  test::TempFolder folder;
  config::Gate gate = gate_of(folder, 13);
  gate.suites[0].head.graders = {{"judge", false, {R"({"judge":"one","rubric":"is kind"})"}}};
  seal(gate.suites[0]);
  Helpers helpers;
  helpers.judges["one"] = priced_route("one", 50);
  EstimateOptions options;
  options.helpers = &helpers;
  const auto sum = estimate(plan_of(gate), gate.routes, options);
  REQUIRE(sum);
  // Of 13 replies an arm one is a time-out and one is missing.
  std::uint64_t replies = 0;
  for (const config::Route& route : gate.routes) {
    for (const Case& item : gate.suites[0].cases) {
      replies += std::holds_alternative<Reply>(route.replies->reply_to(item, 0)) ? 1U : 0U;
    }
  }
  CHECK(sum->judges.at("one").calls == replies);
  CHECK(replies == 22);
  CHECK(sum->calls == replies);
  CHECK(sum->low_usd == sum->judges.at("one").low_usd);
  CHECK(*sum->high_usd > *sum->low_usd);
}
