#include "baseline_reuse.hpp"

#include <catch2/catch.hpp>

#include "headgate/base/file.hpp"
#include "support/temp_folder.hpp"

using namespace headgate;
using namespace headgate::cli;

TEST_CASE("ages are told in whole units, and only between stamps") {
  const std::string since = "2026-11-14T09:00:00Z";
  CHECK(age_text(since, since) == "0 minutes");
  CHECK(age_text(since, "2026-11-14T09:01:59Z") == "1 minute");
  CHECK(age_text(since, "2026-11-14T10:59:59Z") == "119 minutes");
  CHECK(age_text(since, "2026-11-14T11:00:00Z") == "2 hours");
  CHECK(age_text(since, "2026-11-16T08:59:59Z") == "47 hours");
  CHECK(age_text(since, "2026-11-16T09:00:00Z") == "2 days");
  CHECK(age_text("2024-02-28T00:00:00Z", "2024-03-01T00:00:00Z") == "2 days");
  CHECK(age_text("2026-12-31T23:59:00Z", "2027-01-01T00:00:00Z") == "1 minute");
  CHECK(age_text(since, "2026-11-14T08:00:00Z") == "0 minutes");  // a clock that was set back
  for (const char* none : {"", "yesterday", "2026-02-30T00:00:00Z", "2026-11-14 09:00:0", "-026-11-14T09:00:00Z"}) {
    INFO(none);
    CHECK(age_text(none, since).empty());
    CHECK(age_text(since, none).empty());
  }
}

TEST_CASE("what is reused is told with where it is from") {
  CHECK_THAT(reuse_text({}, 40), Catch::Contains("all of them are asked"));
  CHECK(reuse_text({1, {"X"}, ""}, 40) == "1 of the baseline's 40 replies is from run X");
  CHECK(reuse_text({39, {"X", "Y", "Z"}, "2026-11-14T09:00:00Z"}, 40) ==
        "39 of the baseline's 40 replies are from earlier runs (X and 2 more), none older than 2026-11-14T09:00:00Z");
}

TEST_CASE("what was reused is in run.json, and in what a report says") {
  RunFile run;
  run.started = "2026-11-20T12:00:00Z";
  run.replies_since = run.started;
  note_reused({39, {"X"}, "2026-11-14T09:00:00Z"}, run);
  CHECK(run.replies_since == "2026-11-14T09:00:00Z");
  const test::TempFolder folder;
  REQUIRE(write_run_file(folder.path(), run));
  const auto back = read_run_file(folder.path());
  REQUIRE(back);
  CHECK(back->baseline_reused == 39);
  CHECK(back->baseline_from == std::vector<std::string>{"X"});
  CHECK(back->baseline_since == "2026-11-14T09:00:00Z");
  CHECK(facts_of(folder.path(), back).origin ==
        "39 of the baseline's from run X, none older than 2026-11-14T09:00:00Z (6 days before this run)");
  note_reused({}, run);
  CHECK(facts_of(folder.path(), run).origin.empty());
}
