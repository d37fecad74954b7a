#include "lane_plan.hpp"

#include "http_gate.hpp"

using namespace headgate;
using namespace headgate::run;
using namespace headgate::run::samples;

TEST_CASE("lanes have their numbers whoever is there, and those of one provider share a pool") {
  const test::TempFolder files;
  std::array<config::Route, 2> routes{model_route("a"), model_route("b")};
  fall_back(routes[1], model_route("spare", "another"));
  routes[0].http->limits.requests_per_minute = 600;
  routes[1].http->limits.requests_per_minute = 60;
  Helpers helpers;
  helpers.judges["rubric"] = model_route("judge");
  helpers.plugins["lint"] = {program_named("plugin lint", 3), sha256("lint")};
  const LanePlan plan = plan_lanes(routes, helpers, false);
  REQUIRE(plan.specs.size() == 6);
  CHECK(route::name_of(plan.specs[0]) == "route a");
  CHECK(std::holds_alternative<std::monostate>(plan.specs[2]));
  CHECK(route::name_of(plan.specs[first_fallback_lane + 1]) == "route spare");
  CHECK(route::name_of(plan.specs[first_helper_lane]) == "route judge");
  CHECK(route::name_of(plan.specs[5]) == "plugin lint");
  const auto pool = [&](std::size_t lane) { return plan.setup.lanes[lane].pool; };
  CHECK(pool(0) == 0U);
  CHECK(pool(1) == 0U);
  CHECK(pool(4) == 0U);
  CHECK(pool(3) == 1U);
  CHECK_FALSE(pool(5));
  REQUIRE(plan.setup.pools.size() == 2);
  CHECK(plan.setup.pools[0].name == "a, b, judge");
  CHECK(plan.setup.pools[0].limits.requests_per_minute == 60.0);
  CHECK(plan.setup.pools[0].limits.retries);
  CHECK(plan.setup.lanes[5].is_free);
  CHECK(plan.setup.lanes[5].most_out == 3);
  CHECK_FALSE(plan.setup.lanes[0].is_free);

  const LanePlan strict = plan_lanes(routes, helpers, true);
  for (const PoolSetup& each : strict.setup.pools) CHECK_FALSE(each.limits.retries);
}

TEST_CASE("where a process may have few files open, fewer calls are out than the files of routes allow") {
  LaneSetup setup;
  for (const std::optional<std::size_t> most :
       {std::optional<std::size_t>(3000), std::optional<std::size_t>(1000), {}}) {
    PoolSetup pool;
    pool.limits.in_flight = most;
    setup.pools.push_back(pool);
  }
  const auto most = [&](std::size_t pool) { return setup.pools[pool].limits.in_flight; };
  CHECK(fit_descriptors(setup, 20'000).empty());
  CHECK(most(0) == 3000U);
  const std::string said = fit_descriptors(setup, 256);
  CHECK(said.find("a process may have 256 files open here") == 0);
  CHECK(said.find("instead of the 4000 that limits.in_flight allows") != std::string::npos);
  CHECK(most(0) == 48U);
  CHECK(most(1) == 16U);
  CHECK_FALSE(most(2));  // what nobody wrote is found out as ever
  CHECK_FALSE(fit_descriptors(setup, 8).empty());
  CHECK(most(0) == 1U);
  CHECK(most(1) == 1U);
}

TEST_CASE("a route whose replies are recorded is not called, and neither is its fallback") {
  const test::TempFolder files;
  std::array<config::Route, 2> routes{model_route("a"), model_route("b")};
  fall_back(routes[1], model_route("spare"));
  routes[1].replies = route_of(files, "b", replies_of(2, 1, 0)).replies;
  const LanePlan plan = plan_lanes(routes, {}, false);
  CHECK(std::holds_alternative<std::monostate>(plan.specs[1]));
  CHECK(std::holds_alternative<std::monostate>(plan.specs[3]));
}
