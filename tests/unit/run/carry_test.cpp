#include "headgate/run/carry.hpp"

#include <algorithm>

#include "headgate/journal/scan.hpp"
#include "tiny_gate.hpp"

using namespace headgate;
using namespace headgate::run;
using namespace headgate::run::samples;

namespace {

Carried carry(const std::string& from, const Plan& plan, const std::string& to) {
  REQUIRE(journal::write_plan(to, plan));
  auto writer = journal::Writer::open(to);
  REQUIRE(writer);
  auto carried = carry_over(from, plan, {}, **writer);
  if (!carried) FAIL(carried.error().message);
  return *carried;
}

std::size_t errors_in(const Evidence& evidence) {
  return static_cast<std::size_t>(std::count_if(evidence.observations.begin(), evidence.observations.end(),
                                                [](const auto& seen) { return seen.status != Status::ok; }));
}

struct Finished {
  test::TempFolder folder;
  config::Gate gate;
  Plan plan;
  test::TempFolder run;

  explicit Finished(std::size_t cases) : gate(gate_of(folder, cases)), plan(plan_of(gate)) {
    REQUIRE(journal::write_plan(run.path(), plan));
    drive_in(plan, gate, run.path());
  }
};

// One case edited, the last one removed, one added.
config::Gate edited(const config::Gate& gate) {
  config::Gate other = gate;
  std::vector<Case>& cases = other.suites[0].cases;
  cases[2].input.text = "\"asked in other words\"";
  cases[2].digest = case_digest(cases[2]);
  cases.pop_back();
  cases.push_back(question(30));
  seal(other.suites[0]);
  return other;
}

}  // namespace

TEST_CASE("equal cells are carried into an edited plan, the others are run") {
  Finished before(20);
  config::Gate gate = edited(before.gate);
  for (std::size_t arm = 0; arm < 2; ++arm) {
    gate.routes[arm].replies =
        route_of(before.folder, gate.routes[arm].use.name + "_more", replies_of(31, 1, arm * 3)).replies;
  }
  const Plan plan = plan_of(gate);
  const test::TempFolder run;
  const Carried carried = carry(before.run.path(), plan, run.path());
  CHECK(carried.changed == 1);
  CHECK(carried.added == 1);
  CHECK(carried.removed == 1);

  // Of the 18 equal cases, those cells that ended with a reply.
  const Evidence old = evidence_in(before.run.path());
  std::size_t expected = 0;
  for (CaseIndex item = 0; item < 20; ++item) {
    if (item == 2 || item == 19) continue;
    for (const Observation& seen : old.of_case(item)) expected += seen.status == Status::ok ? 1U : 0U;
  }
  CHECK(carried.cells == expected);
  const DriveResult driven = drive_in(plan, gate, run.path());
  CHECK(driven.cells_reused == expected);
  CHECK(driven.cells_run == 40 - expected);

  const test::TempFolder afresh;
  REQUIRE(journal::write_plan(afresh.path(), plan));
  drive_in(plan, gate, afresh.path());
  CHECK(records_digest(evidence_in(run.path())) == records_digest(evidence_in(afresh.path())));
}

TEST_CASE("the same plan carries everything but errors") {
  const Finished before(30);
  const test::TempFolder run;
  const Carried carried = carry(before.run.path(), before.plan, run.path());
  CHECK(carried.changed + carried.added + carried.removed == 0);
  CHECK(carried.cells == 60 - errors_in(evidence_in(before.run.path())));
  drive_in(before.plan, before.gate, run.path());
  CHECK(records_digest(evidence_in(run.path())) == records_digest(evidence_in(before.run.path())));
}

TEST_CASE("other graders judge the carried replies anew") {
  Finished before(20);
  config::Gate gate = before.gate;
  gate.suites[0].head.graders.push_back({"contains", true, {R"({"value":"unknown"})"}});
  seal(gate.suites[0]);
  const Plan plan = plan_of(gate);
  const test::TempFolder run;
  const Carried carried = carry(before.run.path(), plan, run.path());
  CHECK(carried.cells > 0);
  CHECK(carried.changed == 0);
  // The replies are gone from the recordings: only the journal has them.
  for (config::Route& route : gate.routes) {
    route.replies =
        route_of(before.folder, route.use.name + "_none", "{\"case_id\":\"none\",\"output\":\"x\"}\n").replies;
  }
  const DriveResult driven = drive_in(plan, gate, run.path());
  CHECK(driven.cells_run == 40);
  const Evidence evidence = evidence_in(run.path());
  std::size_t graded = 0;
  for (const Observation& seen : evidence.observations) graded += seen.status == Status::ok ? 1U : 0U;
  CHECK(graded == carried.cells);
}

TEST_CASE("another route carries nothing of its arm") {
  Finished before(20);
  config::Gate gate = before.gate;
  gate.routes[1].use.parts.model.text = "\"another\"";
  gate.routes[1].use.digest = route_digest(gate.routes[1].use.parts);
  const Plan plan = plan_of(gate);
  const test::TempFolder run;
  const Carried carried = carry(before.run.path(), plan, run.path());
  const Evidence evidence = evidence_in(run.path());
  CHECK(carried.left.at({Arm::candidate, NotCarried::other_route}) == 20);
  const auto without_reply = carried.left.find({Arm::baseline, NotCarried::no_reply});
  CHECK(carried.cells + (without_reply == carried.left.end() ? 0 : without_reply->second) == 20);
  std::size_t baseline = 0;
  for (CaseIndex item = 0; item < 20; ++item) {
    CHECK(evidence.at(item, 0, Arm::candidate).status == Status::not_run);
    baseline += evidence.at(item, 0, Arm::baseline).status == Status::ok ? 1U : 0U;
  }
  CHECK(carried.cells == baseline);
}

TEST_CASE("a folder that is no run cannot be carried from") {
  const Finished before(3);
  const test::TempFolder run;
  auto writer = journal::Writer::open(run.path());
  REQUIRE(writer);
  CHECK_FALSE(carry_over(before.folder.path(), before.plan, {}, **writer));
}

TEST_CASE("one arm alone is carried, and what was taken is not taken again") {
  Finished before(20);
  const test::TempFolder run;
  REQUIRE(journal::write_plan(run.path(), before.plan));
  auto writer = journal::Writer::open(run.path());
  REQUIRE(writer);
  std::vector<bool> taken(before.plan.cells());
  const auto first = carry_over(before.run.path(), before.plan, {}, **writer, {Arm::baseline, &taken});
  REQUIRE(first);
  CHECK(first->cells > 0);
  for (CellIndex cell = 0; cell < before.plan.cells(); ++cell) {
    if (cell_ref(cell, before.plan.head.trials).arm == Arm::candidate) CHECK_FALSE(taken[cell]);
  }
  CHECK(static_cast<std::size_t>(std::count(taken.begin(), taken.end(), true)) == first->cells);
  const auto again = carry_over(before.run.path(), before.plan, {}, **writer, {Arm::baseline, &taken});
  REQUIRE(again);
  CHECK(again->cells == 0);
}

TEST_CASE("grades are not carried where whom graders may ask is another one") {
  Finished before(12);
  const auto with = [&](const std::function<void(PlanHead&)>& change) {
    Plan plan = before.plan;
    change(plan.head);
    plan.head.digest = plan_digest(plan);
    return plan;
  };
  const auto grades_carried = [&](const Plan& from, const Plan& to) {
    const test::TempFolder earlier, run;
    REQUIRE(journal::write_plan(earlier.path(), from));
    drive_in(from, before.gate, earlier.path());
    CHECK(carry(earlier.path(), to, run.path()).cells > 0);
    auto file = RandomAccessFile::open(run.path("journal.jsonl"));
    REQUIRE(file);
    std::size_t grades = 0;
    REQUIRE(journal::scan(**file, [&](const auto& record) { grades += record.type == journal::RecordType::grade; }));
    return grades;
  };
  const auto plugin = [](const char* what) { return [what](PlanHead& head) { head.plugins["lint"] = sha256(what); }; };
  const auto judge = [](const char* what) {
    return [what](PlanHead& head) {
      SealedJudge sealed;
      sealed.use.judge = "rubric";
      sealed.route = "judge";
      sealed.route_digest = sha256(what);
      sealed.why_not = "no calibration is named";
      head.judges = {sealed};
    };
  };
  CHECK(grades_carried(with(plugin("one")), with(plugin("another"))) == 0);
  CHECK(grades_carried(with(judge("one")), with(judge("another"))) == 0);
  CHECK(grades_carried(with(judge("one")), with([&](PlanHead& head) {
                         judge("one")(head);
                         head.judges[0].why_not = "its calibration is of another rubric";
                       })) > 0);
  CHECK(grades_carried(before.plan, with(plugin("one"))) > 0);  // nobody asks it whose graders were there before
}

TEST_CASE("counting what would be carried writes nothing and counts the same") {
  Finished before(20);
  const config::Gate gate = edited(before.gate);
  const Plan plan = plan_of(gate);
  for (const std::optional<Arm> only : {std::optional<Arm>(), std::optional(Arm::baseline)}) {
    std::vector<bool> counted_cells(plan.cells());
    const auto counted = count_carried(before.run.path(), plan, gate.routes, {only, &counted_cells});
    REQUIRE(counted);
    const test::TempFolder run;
    REQUIRE(journal::write_plan(run.path(), plan));
    auto writer = journal::Writer::open(run.path());
    REQUIRE(writer);
    std::vector<bool> carried_cells(plan.cells());
    const auto carried = carry_over(before.run.path(), plan, gate.routes, **writer, {only, &carried_cells});
    REQUIRE(carried);
    CHECK(*counted > 0);
    CHECK(*counted == carried->cells);
    CHECK(counted_cells == carried_cells);
  }
}
