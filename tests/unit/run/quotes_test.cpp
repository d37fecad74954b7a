#include "headgate/base/cannot_read.hpp"
#include "headgate/run/quotes.hpp"

#include "headgate/route/source.hpp"
#include "tiny_gate.hpp"

using namespace headgate;
using namespace headgate::run;
using namespace headgate::run::samples;

TEST_CASE("a case is quoted with both replies and why they were graded so") {
  const test::TempFolder folder;
  config::Gate gate = gate_of(folder, 20);
  gate.suites[0].cases[0].input.text = R"([{"content":"be brief","role":"system"},{"content":"where?","role":"user"}])";
  gate.suites[0].cases[0].digest = case_digest(gate.suites[0].cases[0]);
  seal(gate.suites[0]);
  const Plan plan = plan_of(gate);
  REQUIRE(journal::write_plan(folder.path(), plan));
  drive_in(plan, gate, folder.path());
  const Evidence evidence = evidence_in(folder.path());
  const report::Quotes quotes = quotes_of(folder.path(), evidence);

  const auto first = quotes(*evidence.cases.find("q0"), 0);
  REQUIRE(first);
  CHECK(first->input == "system: be brief\nuser: where?");
  const auto third = quotes(*evidence.cases.find("q3"), 0);  // candidate: 3 + 3 = 6 is wrong
  REQUIRE(third);
  CHECK(third->id == "q3");
  CHECK(third->suite == "questions");
  CHECK(third->input == "question 3");
  CHECK(third->expected == "answer 3");
  CHECK(third->segments.at(0).value == "en");
  CHECK(third->baseline.text == "I say: answer 3");
  CHECK(third->candidate.text == "I say: answer unknown");
  CHECK(third->regression);
  REQUIRE(third->candidate.grades.size() == 2);
  CHECK(third->candidate.grades[0].kind == "contains");
  CHECK_FALSE(third->candidate.grades[0].pass);
  CHECK_FALSE(third->candidate.grades[0].reason.empty());

  const auto missing = quotes(*evidence.cases.find("q12"), 0);  // baseline: 12 is missing
  REQUIRE(missing);
  CHECK(missing->baseline.error == ErrorKind::reply_missing);
  CHECK(missing->baseline.text.find("q12") != std::string::npos);
  CHECK(missing->baseline.grades.empty());

  CHECK_FALSE(quotes(20, 0).has_value());
  CHECK_FALSE(quotes(0, 1).has_value());
}

TEST_CASE("a report over texts that can no longer be read is an error, not a report without quotes") {
  const test::TempFolder folder;
  const config::Gate gate = gate_of(folder, 3);
  const Plan plan = plan_of(gate);
  REQUIRE(journal::write_plan(folder.path(), plan));
  drive_in(plan, gate, folder.path());
  const Evidence evidence = evidence_in(folder.path());
  std::filesystem::remove(folder.path("plan.jsonl"));
  CHECK_THROWS_AS(quotes_of(folder.path(), evidence)(0, 0), CannotRead);
}

TEST_CASE("an arm of a run is recorded replies for the next") {
  const test::TempFolder folder;
  const config::Gate gate = gate_of(folder, 40, 2);
  const Plan plan = plan_of(gate);
  REQUIRE(journal::write_plan(folder.path(), plan));
  drive_in(plan, gate, folder.path());
  for (const Arm arm : both_arms) {
    const auto replies = headgate::route::open_run_arm(folder.path(), arm);
    REQUIRE(replies);
    CHECK((*replies)->size() == 80);
    const auto& original = *gate.routes[static_cast<std::size_t>(arm)].replies;
    for (const Case& item : plan.cases) {
      for (std::uint32_t trial = 0; trial < 2; ++trial) {
        const Outcome expected = original.find(item.id, trial);
        const Outcome found = (*replies)->find(item.id, trial);
        REQUIRE(found.index() == expected.index());
        if (const auto* reply = std::get_if<Reply>(&found)) {
          CHECK(reply_digest(*reply) == reply_digest(std::get<Reply>(expected)));
          CHECK(reply->latency_ms == std::get<Reply>(expected).latency_ms);
        } else {
          CHECK(std::get<CallError>(found).kind == std::get<CallError>(expected).kind);
        }
      }
    }
    CHECK(std::get<CallError>((*replies)->find("q40", 0)).kind == ErrorKind::reply_missing);
    CHECK(std::get<CallError>((*replies)->find("q0", 2)).kind == ErrorKind::reply_missing);
  }
  const auto a = headgate::route::open_run_arm(folder.path(), Arm::baseline);
  const auto b = headgate::route::open_run_arm(folder.path(), Arm::candidate);
  CHECK((*a)->digest() != (*b)->digest());

  // The same replies in another order of arrival are the same recording.
  const test::TempFolder again;
  PlanOptions options;
  options.seed = 99;
  const Plan shuffled = plan_of(gate, options);
  REQUIRE(journal::write_plan(again.path(), shuffled));
  drive_in(shuffled, gate, again.path());
  CHECK((*headgate::route::open_run_arm(again.path(), Arm::baseline))->digest() == (*a)->digest());
  CHECK_FALSE(headgate::route::open_run_arm(folder.path("none"), Arm::baseline));
}
