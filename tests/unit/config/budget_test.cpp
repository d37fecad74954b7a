// What of a gate file is about live routes: budget, reuse, readiness, the rate of fallbacks.
#include <catch2/catch.hpp>

#include "http_folder.hpp"

using namespace headgate;
using namespace headgate::config;

namespace {

class LiveGateFolder : public HttpFolder {
 public:
  LiveGateFolder() { write("b.yaml", text("price: {per_call_usd: 0}\n", "b")); }
  Said with(const std::string& lines) { return said_of(plain_gate + lines); }
};

}  // namespace

TEST_CASE("a budget is read") {
  LiveGateFolder folder;
  const auto gate = folder.load(plain_gate + "budget: {max_usd: 2.5, deadline: 30m}\n");
  REQUIRE(folder.said == Said{});
  CHECK(gate->budget.max_usd == 2.5);
  CHECK(gate->budget.deadline == Millis(1'800'000));
  const auto without = folder.load(plain_gate);
  REQUIRE(without.has_value());
  CHECK_FALSE(without->budget.max_usd.has_value());
  CHECK_FALSE(without->budget.deadline.has_value());
  CHECK(folder.with("budget: {max_usd: 0}\n") ==
        Said{"gate.yaml:7:19: 'max_usd' must be above 0 and at most 1000000000, not 0"});
  CHECK(folder.with("budget: {max_usd: 5 USD}\n").size() == 1);
  CHECK(folder.with("budget: {deadline: 30}\n").size() == 1);
  CHECK(folder.with("budget: {deadline: 10ms}\n") == Said{"gate.yaml:7:20: '10ms' is not between 1s and 168h"});
  CHECK(folder.with("budget: {}\n") == Said{"gate.yaml:7:9: a budget needs max_usd or deadline"});
}

TEST_CASE("a budget in USD needs the price of every route that is called") {
  LiveGateFolder folder;
  const std::string budget = "budget: {max_usd: 5}\n";
  CHECK(folder.with(budget) == Said{"no complaint"});
  folder.write("b.yaml", HttpFolder::text("", "b"));
  const std::string said = "gate.yaml:7:19: a budget in USD needs to know what route '";
  CHECK(folder.with(budget) == Said{said + "b' costs, and " + folder.path("b.yaml") + " names no price"});
  CHECK(folder.with("budget: {deadline: 5m}\n") == Said{"no complaint"});
  folder.options.routes = RouteNeed::replies;  // nobody is called, nothing is spent
  CHECK(folder.with(budget) == Said{"no complaint"});
  folder.options.routes = RouteNeed::calls;
  CHECK(folder.with("") == Said{"no complaint"});

  folder.write("b.yaml", HttpFolder::text("price: {per_call_usd: 1}\nfallback: c.yaml\n", "b"));
  folder.write("c.yaml", HttpFolder::text("", "c"));
  CHECK(folder.with(budget) == Said{said + "c' costs, and " + folder.path("c.yaml") + " names no price"});

  // The same for what is typed.
  const auto gate = folder.load(plain_gate);
  REQUIRE(gate.has_value());
  Complaints complaints;
  check_budget(*gate, Place{"--max-usd", 1, 1, "0.10", 4}, complaints);
  REQUIRE(complaints.total() == 1);
  CHECK(complaints.errors()[0].place.file == "--max-usd");
  folder.options.overrides = {"budget.max_usd=5"};
  CHECK(folder.with("").at(0).starts_with("--set:1:16: a budget in USD needs to know"));
  folder.options.overrides.clear();

  // A program says what it cost with each reply.
  folder.environment["PATH"] = "/usr/bin:/bin";
  folder.write("b.yaml", "route: b\nkind: process\ncommand: [sh]\n");
  CHECK(folder.with(budget) == Said{"no complaint"});
}

TEST_CASE("a baseline may be what was answered before") {
  LiveGateFolder folder;
  const std::string rest = "candidate: b.yaml\nsuites: [./s]\nrules: {quality: {max_loss: 0.1}}\n";
  const auto gate = folder.load("gate: g\nbaseline: {route: a.yaml, reuse: latest}\n" + rest);
  REQUIRE(folder.said == Said{});
  CHECK(gate->baseline_reuse == "latest");
  CHECK(gate->routes[0].use.name == "a");
  CHECK(folder.load(plain_gate)->baseline_reuse.empty());
  CHECK(folder.said_of("gate: g\nbaseline: {route: a.yaml}\n" + rest) ==
        Said{"gate.yaml:2:11: missing key 'reuse' in baseline"});
  CHECK(folder.said_of("gate: g\nbaseline: {reuse: latest}\n" + rest) ==
        Said{"gate.yaml:2:11: missing key 'route' in baseline"});
  CHECK(folder.said_of("gate: g\nbaseline: {route: gone.yaml, reuse: latest}\n" + rest)
            .at(0)
            .starts_with("gate.yaml:2:19: there is no route file"));
  CHECK(folder.said_of("gate: g\nbaseline: {route: a.yaml, reuse: latest, age: 3d}\n" + rest).size() == 1);
}

TEST_CASE("cases on which a route is made to fail are there, and so is a fallback") {
  LiveGateFolder folder;
  const std::string tested = "readiness: {fallback_tested: [c1]}\n";
  CHECK(folder.with(tested) == Said{"gate.yaml:7:13: neither route of this gate has a fallback that could be tested"});
  folder.write("b.yaml", HttpFolder::text("fallback: c.yaml\n", "b"));
  folder.write("c.yaml", HttpFolder::text("", "c"));
  const auto gate = folder.load(plain_gate + tested);
  REQUIRE(folder.said == Said{});
  CHECK(gate->fallback_tested == Said{"c1"});
  CHECK(folder.with("readiness: {fallback_tested: [c9, c1, c1]}\n") ==
        Said{"gate.yaml:7:31: no suite of this gate has the case 'c9'", "gate.yaml:7:39: case 'c1' stands here twice"});
  CHECK(folder.with("readiness: {fallback_tested: []}\n").size() == 1);
  CHECK(folder.with("readiness: {}\n").size() == 1);
  CHECK(folder.with("readiness: {fallback_tested: [c1], rollback: {owner: x}}\n") ==
        Said{"gate.yaml:7:36: 'readiness.rollback' is not built yet in this version of headgate"});
}

TEST_CASE("how often the fallback answers is a rule") {
  LiveGateFolder folder;
  const auto gate = folder.load(plain_gate + "  fallback_rate: {max_rate: 0.05, advisory: true}\n");
  REQUIRE(folder.said == Said{});
  REQUIRE(gate->rules.fallback_rate.has_value());
  CHECK(gate->rules.fallback_rate->max_rate == 0.05);
  CHECK(gate->rules.fallback_rate->advisory);
  CHECK(folder.with("  fallback_rate: {max_rate: 1}\n") ==
        Said{"gate.yaml:7:29: 'max_rate' must be at least 0 and below 1, not 1"});
  CHECK(folder.with("  fallback_rate: {}\n").size() == 1);
}
