#include "headgate/run/plan.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "tiny_gate.hpp"

using namespace headgate;
using namespace headgate::run;
using namespace headgate::run::samples;

namespace {

PlanOptions with_filter(const std::string& filter) {
  PlanOptions options;
  options.filter = filter;
  return options;
}

}  // namespace

TEST_CASE("a plan holds every cell once, the arms of a pair side by side") {
  const test::TempFolder folder;
  const Plan plan = plan_of(gate_of(folder, 50, 3));
  REQUIRE(plan.order.size() == 300);
  CHECK(std::set<CellIndex>(plan.order.begin(), plan.order.end()).size() == 300);
  std::size_t candidate_first = 0;
  for (std::size_t i = 0; i < plan.order.size(); i += 2) {
    REQUIRE(plan.order[i] / 2 == plan.order[i + 1] / 2);
    candidate_first += plan.order[i] % 2;
  }
  CHECK(candidate_first > 45);
  CHECK(candidate_first < 105);
  CHECK_FALSE(std::is_sorted(plan.order.begin(), plan.order.end()));
  CHECK(std::is_sorted(plan.cases.begin(), plan.cases.end(), [](const Case& a, const Case& b) { return a.id < b.id; }));
  CHECK_FALSE(plan.head.partial);
  CHECK(plan.head.digest == plan_digest(plan));
}

TEST_CASE("the same gate gives the same plan, and what is measured does not change it") {
  const test::TempFolder folder;
  const config::Gate gate = gate_of(folder, 20);
  PlanOptions later;
  later.as_of = "2027-01-01T00:00:00Z";
  const Plan a = plan_of(gate);
  const Plan b = plan_of(gate, later);
  CHECK(a.order == b.order);
  CHECK(a.head.digest == b.head.digest);
  CHECK(b.head.as_of == "2027-01-01T00:00:00Z");
}

TEST_CASE("another route, case or seed gives another plan") {
  const test::TempFolder folder;
  const config::Gate gate = gate_of(folder, 20);
  const Plan usual = plan_of(gate);

  config::Gate other = gate;
  other.routes[1].use.parts.model.text = "\"another\"";
  other.routes[1].use.digest = route_digest(other.routes[1].use.parts);
  CHECK(plan_of(other).head.seed != usual.head.seed);
  CHECK(plan_of(other).head.digest != usual.head.digest);

  other = gate;
  other.suites[0].cases[3].input.text = "\"edited\"";
  other.suites[0].cases[3].digest = case_digest(other.suites[0].cases[3]);
  seal(other.suites[0]);
  CHECK(plan_of(other).head.digest != usual.head.digest);

  PlanOptions seeded;
  seeded.seed = 42;
  CHECK(plan_of(gate, seeded).head.seed == 42);
  CHECK(plan_of(gate, seeded).order != usual.order);
}

TEST_CASE("a filter or limit makes a plan partial where it leaves cases out") {
  const test::TempFolder folder;
  const config::Gate gate = gate_of(folder, 20);
  const Plan german = plan_of(gate, with_filter("language=de"));
  CHECK(german.cases.size() == 10);
  CHECK(german.head.partial);
  CHECK(german.head.filter == "language=de");
  CHECK_FALSE(plan_of(gate, with_filter("id=q*")).head.partial);

  PlanOptions limited;
  limited.limit = 3;
  const Plan few = plan_of(gate, limited);
  REQUIRE(few.cases.size() == 3);
  CHECK(few.cases[0].id == "q0");
  CHECK(few.cases[1].id == "q1");
  CHECK(few.cases[2].id == "q10");
  CHECK(few.head.partial);
  limited.limit = 20;
  CHECK_FALSE(plan_of(gate, limited).head.partial);
}

TEST_CASE("a plan that would measure nothing is refused") {
  const test::TempFolder folder;
  const config::Gate gate = gate_of(folder, 20);
  for (const char* filter : {"id=none", "language=fr", "langage=de", "language"}) {
    CAPTURE(filter);
    const auto plan = make_plan(gate, with_filter(filter));
    REQUIRE_FALSE(plan);
    CHECK(plan.error().code == ErrorCode::input);
  }
  CHECK(make_plan(gate, with_filter("id=none")).error().message.find("0 cases selected") == 0);
  config::Gate empty = gate;
  empty.suites[0].cases.clear();
  CHECK_FALSE(make_plan(empty, {}));
  PlanOptions never;
  never.trials = 0;
  CHECK_FALSE(make_plan(gate, never));
  PlanOptions far_too_often;
  far_too_often.trials = 4'000'000'000;
  CHECK_FALSE(make_plan(gate, far_too_often));
}

TEST_CASE("several suites keep their order, and taking the cases gives the same plan as copying them") {
  const test::TempFolder folder;
  config::Gate gate = gate_of(folder, 5);
  Suite second = suite_of(4);
  second.head.name = "earlier by name";
  seal(second);
  gate.suites.push_back(second);
  const Plan copied = plan_of(gate);
  REQUIRE(copied.cases.size() == 9);
  CHECK(copied.case_suite == std::vector<std::uint32_t>{0, 0, 0, 0, 0, 1, 1, 1, 1});
  CHECK(gate.suites[0].cases.size() == 5);
  const auto moved = make_plan(std::move(gate), {});
  REQUIRE(moved);
  CHECK(moved->head.digest == copied.head.digest);
}

TEST_CASE("only some cases: the plan is partial, and none at all is refused") {
  const test::TempFolder folder;
  const config::Gate gate = gate_of(folder, 20);
  PlanOptions options;
  options.only = [](const Case& item, const SuiteHead& suite) {
    return suite.name == "questions" && (item.id == "q3" || item.id == "q11");
  };
  const Plan plan = plan_of(gate, options);
  CHECK(plan.cases.size() == 2);
  CHECK(plan.head.partial);
  options.only = [](const Case&, const SuiteHead&) { return false; };
  const auto none = make_plan(gate, options);
  REQUIRE_FALSE(none);
  CHECK(none.error().message.find("none of the wanted cases") != std::string::npos);
}

TEST_CASE("wanted cases first: the order changes and is sealed, the pairs stay together") {
  const test::TempFolder folder;
  Plan plan = plan_of(gate_of(folder, 20, 2));
  const Plan before = plan;
  run_first(plan, [](CaseIndex item) { return item == 4 || item == 7; });
  for (std::size_t i = 0; i < 8; ++i) {
    const CaseIndex item = cell_ref(plan.order[i], 2).item;
    CHECK((item == 4 || item == 7));
  }
  for (std::size_t i = 0; i < plan.order.size(); i += 2) CHECK(plan.order[i] / 2 == plan.order[i + 1] / 2);
  CHECK(std::set<CellIndex>(plan.order.begin(), plan.order.end()).size() == before.order.size());
  CHECK(plan.head.digest == plan_digest(plan));
  CHECK(plan.head.digest != before.head.digest);
}
