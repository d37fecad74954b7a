#include "run_file.hpp"

#include <sys/file.h>

#include <catch2/catch.hpp>

#include "start_lock.hpp"
#include "support/temp_folder.hpp"

using namespace headgate;
using namespace headgate::cli;

TEST_CASE("run.json comes back as it was written") {
  const test::TempFolder folder;
  RunFile run;
  run.command = "headgate run 'a b'";
  run.started = "2026-11-20T12:00:00Z";
  run.resumed_from = "earlier";
  run.starts = 3;
  run.workers = 8;
  run.cells_run = 5;
  run.cells_reused = 7;
  run.cells_carried = 2;
  run.seconds = 1.25;
  run.replies = {sha256("a"), sha256("b")};
  REQUIRE(write_run_file(folder.path(), run));
  const auto read = read_run_file(folder.path());
  REQUIRE(read);
  CHECK(read->command == run.command);
  CHECK(read->started == run.started);
  CHECK(read->ended.empty());
  CHECK(read->resumed_from == run.resumed_from);
  CHECK(read->starts == 3);
  CHECK(read->workers == 8);
  CHECK(read->cells_run == 5);
  CHECK(read->cells_reused == 7);
  CHECK(read->cells_carried == 2);
  CHECK(read->seconds == 1.25);
  CHECK(read->replies == run.replies);

  const auto facts = facts_of(folder.path(), read);
  CHECK(facts.cells_reused == 7);
  CHECK(facts.folder == folder.path());
  CHECK(facts.origin.empty());
  CHECK_FALSE(read->regraded);
}

TEST_CASE("a run that graded another's replies again says whose and how old they are") {
  const test::TempFolder folder;
  RunFile run;
  run.started = "2026-11-20T12:00:00Z";
  run.replies_since = "2026-11-01T12:00:00Z";
  run.regraded = {"20261101T120000Z-1a2b3c4d", "2026-11-01T12:00:00Z", "same answer, eligible"};
  REQUIRE(write_run_file(folder.path(), run));
  auto facts = facts_of(folder.path(), read_run_file(folder.path()));
  CHECK(facts.origin == "of run 20261101T120000Z-1a2b3c4d of 2026-11-01T12:00:00Z, graded again");
  CHECK(facts.changes == "same answer, eligible");
  run.replies_since = "2026-10-01T12:00:00Z";  // that run had carried some over
  REQUIRE(write_run_file(folder.path(), run));
  facts = facts_of(folder.path(), read_run_file(folder.path()));
  CHECK(facts.origin.ends_with("graded again; the oldest of them is of 2026-10-01T12:00:00Z"));
}

TEST_CASE("a run.json that is damaged or missing says nothing, and stops nothing") {
  const test::TempFolder folder;
  CHECK_FALSE(read_run_file(folder.path()));
  for (const char* text :
       {"", "{", "[]", "{}", R"({"format":"headgate/run/1"})",
        R"({"format":"headgate/run/1","replies":{"baseline":"x","candidate":"y"}})", R"({"format":7,"replies":[]})"}) {
    INFO(text);
    folder.write("run.json", text);
    CHECK_FALSE(read_run_file(folder.path()));
  }
  CHECK(facts_of(folder.path(), std::nullopt).cells_run == 0);
}

TEST_CASE("a folder whose journal somebody holds is being run") {
  const test::TempFolder folder;
  CHECK(check_not_running(folder.path()));
  folder.write("journal.jsonl", "");
  CHECK(check_not_running(folder.path()));
  std::FILE* held = std::fopen(folder.path("journal.jsonl").c_str(), "r+");
  REQUIRE(held != nullptr);
  REQUIRE(::flock(::fileno(held), LOCK_EX | LOCK_NB) == 0);
  const auto refused = check_not_running(folder.path());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::locked);
  std::fclose(held);
  CHECK(check_not_running(folder.path()));
}

TEST_CASE("the start lock makes its folder, and fails with the path where it cannot") {
  const test::TempFolder folder;
  const auto lock = StartLock::take(folder.path("a/b"));
  CHECK(lock);
  folder.write("taken", "");
  const auto refused = StartLock::take(folder.path("taken"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::environment);
  CHECK(refused.error().message.find("taken") != std::string::npos);
}
