// Quotes of a run with live routes: what each call took, read back from the journal.
#include <catch2/catch.hpp>

#include "headgate/journal/fold.hpp"
#include "headgate/journal/plan_file.hpp"
#include "headgate/journal/record.hpp"
#include "headgate/run/quotes.hpp"
#include "support/temp_folder.hpp"
#include "unit/domain/samples.hpp"

using namespace headgate;
using namespace headgate::journal;

namespace {

Plan live_plan() {
  Plan plan = samples::plan_of(2, 1);
  for (RouteUse& route : plan.head.routes) {
    route.kind = "openai";
    route.recorded = false;
  }
  plan.head.routes[1].fallback = "spare";
  plan.head.digest = plan_digest(plan);
  return plan;
}

CallId call_of(const Plan& plan, CellIndex cell) {
  const CellRef ref = cell_ref(cell, plan.head.trials);
  return call_id(plan.cases[ref.item].digest, plan.head.routes[static_cast<std::size_t>(ref.arm)].digest, ref.arm,
                 ref.trial);
}

Reply reply_of() {
  Reply reply;
  reply.text = "three days";
  reply.latency_ms = 40.0;
  return reply;
}

std::string result_of(const Plan& plan, CellIndex cell, const Outcome& outcome, const CallFacts& facts) {
  const auto* reply = std::get_if<Reply>(&outcome);
  return result_body(cell, call_of(plan, cell), plan.cases[cell_ref(cell, 1).item].id, cell_ref(cell, 1), outcome,
                     reply != nullptr ? reply_digest(*reply) : Digest{}, facts);
}

std::string tried(const Plan& plan, CellIndex cell, std::uint32_t number, std::string_view ask = {}) {
  return try_body(cell, call_of(plan, cell), ask, {number, ErrorKind::overloaded, 529, 812.0, 0.001, "busy"});
}

struct Run {
  test::TempFolder folder;
  Evidence evidence;

  Run(const Plan& plan, const std::vector<std::string>& bodies) {
    REQUIRE(write_plan(folder.path(), plan));
    std::string text;
    for (std::size_t i = 0; i < bodies.size(); ++i) seal(text, bodies[i], i);
    folder.write("journal.jsonl", text);
    auto read = read_evidence(folder.path());
    if (!read) FAIL(read.error().message);
    evidence = std::move(*read);
  }
};

}  // namespace

TEST_CASE("a live call is quoted with its tries, its waits and who answered") {
  const Plan plan = live_plan();
  Reply reply = reply_of();
  reply.first_token_ms = 5.0;
  reply.served_by = "spare";
  reply.request_id = "req_1";
  GradeFacts grade;
  grade.pass = true;
  grade.score = 1.0;
  grade.grades = {{"equals", true, 1.0, "is equal"}};
  const Run run(plan, {header_body(plan.head.digest, "0.0.1"), tried(plan, 1, 1), tried(plan, 3, 1), tried(plan, 1, 2),
                       result_of(plan, 1, reply, {3, 250.0, 0.004}),
                       grade_body(1, call_of(plan, 1), reply_digest(reply), plan.head.suites[0].graders_digest, grade),
                       tried(plan, 1, 1, "0/v0"), result_of(plan, 0, reply_of(), {})});
  const report::Quotes quotes = headgate::run::quotes_of(run.folder.path(), run.evidence);
  const auto quote = quotes(0, 0);
  REQUIRE(quote);
  const report::CellQuote& cell = quote->candidate;
  CHECK(cell.text == "three days");
  CHECK(cell.tries == 3);
  CHECK(cell.waited_ms == 250.0);
  CHECK(cell.spent_usd == 0.004);
  CHECK(cell.first_token_ms == 5.0);
  CHECK(cell.via == "spare");
  CHECK(cell.request_id == "req_1");
  REQUIRE(cell.failed_tries.size() == 3);
  CHECK(cell.failed_tries[0].number == 1);
  CHECK(cell.failed_tries[1].number == 2);
  CHECK(cell.failed_tries[1].error == ErrorKind::overloaded);
  CHECK(cell.failed_tries[1].http_status == 529);
  CHECK(cell.failed_tries[1].latency_ms == 812.0);
  CHECK(cell.failed_tries[1].message == "busy");
  CHECK(cell.failed_tries[2].ask == "0/v0");
  CHECK(quote->baseline.tries == 1);
  CHECK(quote->baseline.via.empty());
  CHECK(quote->baseline.failed_tries.empty());
}

TEST_CASE("a call that has no result yet is quoted with the tries it had") {
  const Plan plan = live_plan();
  const Run run(plan, {header_body(plan.head.digest, "0.0.1"), tried(plan, 3, 1)});
  const auto quote = headgate::run::quotes_of(run.folder.path(), run.evidence)(1, 0);
  REQUIRE(quote);
  CHECK(quote->candidate.status == Status::not_run);
  REQUIRE(quote->candidate.failed_tries.size() == 1);
  CHECK(quote->candidate.failed_tries[0].message == "busy");
}

TEST_CASE("a final error keeps what was tried before it") {
  const Plan plan = live_plan();
  const Run run(plan, {header_body(plan.head.digest, "0.0.1"), tried(plan, 1, 1),
                       result_of(plan, 1, CallError{ErrorKind::server_error, "HTTP 500"}, {2, 0.0, 0.002})});
  const auto quote = headgate::run::quotes_of(run.folder.path(), run.evidence)(0, 0);
  REQUIRE(quote);
  CHECK(quote->candidate.text == "HTTP 500");
  CHECK(quote->candidate.tries == 2);
  CHECK(quote->candidate.spent_usd == 0.002);
  CHECK(quote->candidate.failed_tries.size() == 1);
}
