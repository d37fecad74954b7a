#include "headgate/run/drive.hpp"

#include <signal.h>
#include <sys/resource.h>

#include <algorithm>

#include "headgate/base/bug_error.hpp"
#include "live_gate.hpp"

using namespace headgate;
using namespace headgate::run;
using namespace headgate::run::samples;

namespace {

DriveOptions with_workers(std::size_t workers) {
  DriveOptions options;
  options.workers = workers;
  return options;
}

// The evidence of an undisturbed run.
Digest undisturbed(const Plan& plan, const config::Gate& gate) {
  const test::TempFolder folder;
  REQUIRE(journal::write_plan(folder.path(), plan));
  drive_in(plan, gate, folder.path());
  return records_digest(evidence_in(folder.path()));
}

}  // namespace

TEST_CASE("a run does every cell once and grades what was replied") {
  const test::TempFolder folder;
  const config::Gate gate = gate_of(folder, 100, 2);
  const Plan plan = plan_of(gate);
  REQUIRE(journal::write_plan(folder.path(), plan));
  Notes notes;
  DriveOptions options = with_workers(2);
  options.observer = &notes;
  const DriveResult driven = drive_in(plan, gate, folder.path(), options);
  CHECK(driven.cells_run == 400);
  CHECK(driven.cells_reused == 0);
  CHECK_FALSE(driven.interrupted);
  CHECK(notes.last.done == 400);
  CHECK(notes.last.in_flight == 0);

  const Evidence evidence = evidence_in(folder.path());
  CHECK(evidence.journal.ended);
  CHECK(count(evidence, Status::not_run) == 0);
  CHECK(count(evidence, Status::ok) + count(evidence, Status::route_error) + count(evidence, Status::ungraded) == 400);
  for (CaseIndex item = 0; item < 100; ++item) {
    const std::string id(evidence.cases.id(item));
    const std::size_t i = std::stoul(id.substr(1));
    for (std::uint32_t trial = 0; trial < 2; ++trial) {
      for (const Arm arm : both_arms) {
        const std::size_t n = i + (arm == Arm::baseline ? 0 : 3) + trial;
        const Observation& seen = evidence.at(item, trial, arm);
        if (n % 13 == 12) {
          CHECK(seen.error == ErrorKind::reply_missing);
        } else if (n % 11 == 10) {
          CHECK(seen.error == ErrorKind::timeout);
        } else {
          REQUIRE(seen.status == Status::ok);
          CHECK(seen.pass == (n % 7 != 6));
          CHECK(seen.latency_ms == static_cast<double>(10 + n));
        }
      }
    }
  }
  CHECK(notes.last.arms[0].errors + notes.last.arms[1].errors ==
        count(evidence, Status::route_error) + count(evidence, Status::ungraded));
}

TEST_CASE("any number of workers gives the same records") {
  const test::TempFolder folder;
  const config::Gate gate = gate_of(folder, 150);
  const Plan plan = plan_of(gate);
  std::vector<Digest> digests;
  for (const std::size_t workers : {1U, 2U, 8U, 64U}) {
    const test::TempFolder run;
    REQUIRE(journal::write_plan(run.path(), plan));
    drive_in(plan, gate, run.path(), with_workers(workers));
    digests.push_back(records_digest(evidence_in(run.path())));
  }
  CHECK(std::count(digests.begin(), digests.end(), digests[0]) == 4);
}

TEST_CASE("a run stopped after any number of cells goes on to the same records") {
  const test::TempFolder folder;
  const config::Gate gate = gate_of(folder, 20);
  const Plan plan = plan_of(gate);
  const Digest usual = undisturbed(plan, gate);
  for (std::size_t stop = 1; stop < plan.cells(); ++stop) {
    const test::TempFolder run;
    REQUIRE(journal::write_plan(run.path(), plan));
    DriveOptions options = with_workers(1 + stop % 3);
    options.stop_after_cells = stop;
    const DriveResult first = drive_in(plan, gate, run.path(), options);
    REQUIRE(first.interrupted);
    REQUIRE(first.cells_run == stop);
    REQUIRE(count(evidence_in(run.path()), Status::not_run) == plan.cells() - stop);
    options.stop_after_cells = 0;
    const DriveResult second = drive_in(plan, gate, run.path(), options);
    REQUIRE_FALSE(second.interrupted);
    REQUIRE(second.cells_reused == stop);
    REQUIRE(second.cells_run == plan.cells() - stop);
    const Evidence evidence = evidence_in(run.path());
    REQUIRE(records_digest(evidence) == usual);
    REQUIRE(evidence.journal.repeats == 0);
    REQUIRE(evidence.journal.ended);
  }
}

TEST_CASE("a journal cut anywhere is taken up, and a reply that waits for its grade is not asked again") {
  const test::TempFolder folder;
  config::Gate gate = gate_of(folder, 6);
  const Plan plan = plan_of(gate);
  const test::TempFolder whole;
  REQUIRE(journal::write_plan(whole.path(), plan));
  drive_in(plan, gate, whole.path());
  const std::string text = whole.read("journal.jsonl");
  const Digest usual = records_digest(evidence_in(whole.path()));
  const test::TempFolder run;
  REQUIRE(journal::write_plan(run.path(), plan));
  for (std::size_t cut = 0; cut < text.size(); cut += 3) {
    run.write("journal.jsonl", text.substr(0, cut));
    drive_in(plan, gate, run.path());
    const Evidence evidence = evidence_in(run.path());
    if (records_digest(evidence) != usual || evidence.journal.repeats != 0) FAIL("cut at byte " << cut);
    std::filesystem::remove(run.path("journal.torn-1"));
  }

  // The cut after the last result: its reply stands in the journal alone.
  const std::size_t grade = text.rfind("{\"t\":\"grade\"");
  run.write("journal.jsonl", text.substr(0, grade));
  for (config::Route& route : gate.routes)
    route = route_of(folder, route.use.name + "_other", "{\"case_id\":\"none\",\"output\":\"x\"}\n");
  drive_in(plan, gate, run.path());
  CHECK(records_digest(evidence_in(run.path())) == usual);
}

TEST_CASE("a complete run taken up again does nothing and writes nothing") {
  const test::TempFolder folder;
  const config::Gate gate = gate_of(folder, 30);
  const Plan plan = plan_of(gate);
  REQUIRE(journal::write_plan(folder.path(), plan));
  drive_in(plan, gate, folder.path());
  const std::string before = folder.read("journal.jsonl");
  const DriveResult again = drive_in(plan, gate, folder.path());
  CHECK(again.cells_run == 0);
  CHECK(again.cells_reused == 60);
  CHECK(folder.read("journal.jsonl") == before);
}

TEST_CASE("a damaged record is told, ignored, and its cell done again") {
  const test::TempFolder folder;
  const config::Gate gate = gate_of(folder, 10);
  const Plan plan = plan_of(gate);
  const Digest usual = undisturbed(plan, gate);
  REQUIRE(journal::write_plan(folder.path(), plan));
  drive_in(plan, gate, folder.path());
  std::string text = folder.read("journal.jsonl");
  const std::size_t second = text.find('\n') + 1;
  text[second + 30] ^= 4;
  folder.write("journal.jsonl", text + "half a rec");
  Notes notes;
  DriveOptions options;
  options.observer = &notes;
  const DriveResult again = drive_in(plan, gate, folder.path(), options);
  CHECK(again.cells_run == 1);
  REQUIRE(notes.notes.size() == 2);
  CHECK(notes.notes[0] == "set aside 10 bytes of a torn record in journal.torn-1");
  CHECK(notes.notes[1] == "journal.jsonl:2: checksum mismatch; the record is ignored");
  const Evidence evidence = evidence_in(folder.path());
  CHECK(records_digest(evidence) == usual);
  CHECK(evidence.journal.damaged_total == 1);
  CHECK(evidence.journal.ended);
}

TEST_CASE("an interrupt ends the run with what was recorded, and a second one at once") {
  const test::TempFolder folder;
  const config::Gate gate = gate_of(folder, 300);
  const Plan plan = plan_of(gate);
  const Digest usual = undisturbed(plan, gate);
  for (const int asked : {1, 2}) {
    const test::TempFolder run;
    REQUIRE(journal::write_plan(run.path(), plan));
    DriveOptions options = with_workers(2);
    options.interrupted = [asked, polls = 0]() mutable { return polls++ == 0 ? 0 : asked; };
    const DriveResult first = drive_in(plan, gate, run.path(), options);
    CHECK(first.interrupted);
    CHECK(first.cells_run < plan.cells());
    CHECK((first.cells_run > 0) == (asked == 1));
    CHECK_FALSE(evidence_in(run.path()).journal.ended);
    drive_in(plan, gate, run.path());
    const Evidence evidence = evidence_in(run.path());
    CHECK(records_digest(evidence) == usual);
    CHECK(evidence.journal.repeats == 0);
  }
}

TEST_CASE("the journal of another plan is refused") {
  const test::TempFolder folder;
  const config::Gate gate = gate_of(folder, 10);
  const Plan plan = plan_of(gate);
  drive_in(plan, gate, folder.path());
  PlanOptions options;
  options.seed = 1;
  const auto driven = try_drive(plan_of(gate, options), gate, folder.path(), {});
  REQUIRE_FALSE(driven);
  CHECK(driven.error().code == ErrorCode::untrusted);
}

namespace {

// Graders that throw what they were made with.
template <class What>
struct Throws : grade::Grader {
  grade::Step step(const grade::Subject&, const grade::Answers&) const override { throw What("thrown"); }
};

template <class What>
grade::Registry registry_that_throws() {
  static const FieldTable no_options{"throws", "", {}};
  grade::Kind throws;
  throws.name = "throws";
  throws.options = &no_options;
  throws.build = [](const grade::BuildContext&) -> grade::GraderPtr { return std::make_unique<Throws<What>>(); };
  return grade::Registry({throws});
}

config::Gate gate_that_throws(const test::TempFolder& folder) {
  config::Gate gate = gate_of(folder, 10);
  gate.suites[0].head.graders = {{"throws", false, {"{}"}}};
  seal(gate.suites[0]);
  return gate;
}

}  // namespace

TEST_CASE("a grader that throws leaves its cells ungraded") {
  const test::TempFolder folder;
  const config::Gate gate = gate_that_throws(folder);
  const Plan plan = plan_of(gate);
  const grade::Registry registry = registry_that_throws<std::runtime_error>();
  REQUIRE(journal::write_plan(folder.path(), plan));
  DriveOptions options;
  options.registry = &registry;
  drive_in(plan, gate, folder.path(), options);
  const Evidence evidence = evidence_in(folder.path());
  CHECK(count(evidence, Status::ok) == 0);
  CHECK(evidence.observations[0].status == Status::ungraded);
  CHECK(evidence.observations[0].error == ErrorKind::grader_failed);
}

TEST_CASE("a mistake of ours on a worker ends the run as such") {
  const test::TempFolder folder;
  const config::Gate gate = gate_that_throws(folder);
  const Plan plan = plan_of(gate);
  const grade::Registry registry = registry_that_throws<BugError>();
  REQUIRE(journal::write_plan(folder.path(), plan));
  DriveOptions options = with_workers(3);
  options.registry = &registry;
  CHECK_THROWS_AS(try_drive(plan, gate, folder.path(), options), BugError);
  CHECK(count(evidence_in(folder.path()), Status::not_run) > 0);
}

TEST_CASE("a route without replies is refused before anything is written") {
  const test::TempFolder folder;
  config::Gate gate = gate_of(folder, 10);
  const Plan plan = plan_of(gate);
  gate.routes[1].replies = nullptr;
  const auto driven = try_drive(plan, gate, folder.path(), {});
  REQUIRE_FALSE(driven);
  CHECK(driven.error().message.find("support_b") != std::string::npos);
  CHECK(folder.read("journal.jsonl").empty());
}

TEST_CASE("a full disk ends the run with its name and keeps what was recorded") {
  // A journal that cannot grow: a limit on file size stands in for a full disk.
  const test::TempFolder folder;
  const config::Gate gate = gate_of(folder, 50);
  const Plan plan = plan_of(gate);
  REQUIRE(journal::write_plan(folder.path(), plan));
  const Digest usual = undisturbed(plan, gate);
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const rlimit small{20'000, before.rlim_max};
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto driven = try_drive(plan, gate, folder.path(), with_workers(1));
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  ::signal(SIGXFSZ, handler);
  REQUIRE_FALSE(driven);
  CHECK(driven.error().code == ErrorCode::environment);
  CHECK(driven.error().message.find("journal.jsonl") != std::string::npos);
  const DriveResult again = drive_in(plan, gate, folder.path());
  CHECK(again.cells_reused > 0);
  CHECK(records_digest(evidence_in(folder.path())) == usual);
}
