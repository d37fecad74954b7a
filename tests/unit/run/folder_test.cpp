#include "headgate/run/folder.hpp"

#include <sys/stat.h>

#include "headgate/base/clock.hpp"
#include "headgate/base/file.hpp"
#include "tiny_gate.hpp"

using namespace headgate;
using namespace headgate::run;
using namespace headgate::run::samples;

namespace {

constexpr std::int64_t noon = 1'795'176'000;

RunFolder create(const test::TempFolder& folder, const Plan& plan, std::int64_t when) {
  auto run = create_run(folder.path("reports"), plan.head, when);
  if (!run) FAIL(run.error().message);
  REQUIRE(journal::write_plan(run->path, plan));
  return *run;
}

Plan plan_named(const test::TempFolder& folder, const std::string& gate_name, std::uint64_t seed = 1) {
  config::Gate gate = gate_of(folder, 3);
  gate.name = gate_name;
  PlanOptions options;
  options.seed = seed;
  return plan_of(gate, options);
}

}  // namespace

TEST_CASE("runs are listed newest first, also within one second") {
  const test::TempFolder folder;
  const Plan a = plan_named(folder, "support", 1);
  const Plan b = plan_named(folder, "support", 2);
  const Plan other = plan_named(folder, "billing");
  const RunFolder first = create(folder, a, noon);
  const RunFolder second = create(folder, b, noon);
  const RunFolder third = create(folder, a, noon);
  const RunFolder oldest = create(folder, a, noon - 60);
  const RunFolder elsewhere = create(folder, other, noon + 60);
  const auto runs = list_runs(folder.path("reports"), "support");
  REQUIRE(runs.size() == 4);
  CHECK(runs[0].run_id == third.run_id);
  CHECK(runs[1].run_id == second.run_id);
  CHECK(runs[2].run_id == first.run_id);
  CHECK(runs[3].run_id == oldest.run_id);
  CHECK(third.run_id == first.run_id + "-3");
  CHECK(first.run_id == utc_compact(noon) + "-" + a.head.digest.brief());
  CHECK(list_runs(folder.path("reports")).size() == 5);
  CHECK(list_runs(folder.path("reports"))[0].run_id == elsewhere.run_id);
  CHECK(list_runs(folder.path("none")).empty());
  CHECK(find_same_plan(folder.path("reports"), a.head)->run_id == third.run_id);
  CHECK(find_same_plan(folder.path("reports"), b.head)->run_id == second.run_id);
  CHECK_FALSE(find_same_plan(folder.path("reports"), plan_named(folder, "support", 3).head).has_value());
}

TEST_CASE("a run folder is private whatever the umask says") {
  const test::TempFolder folder;
  const mode_t before = ::umask(0);
  const RunFolder run = create(folder, plan_named(folder, "support"), noon);
  ::umask(before);
  for (std::string path = run.path; path != folder.path(); path = folder_of(path)) {
    struct stat about {};
    REQUIRE(::stat(path.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0700);
  }
}

TEST_CASE("a run is named by path, id, beginning, or not at all") {
  const test::TempFolder folder;
  const std::string reports = folder.path("reports");
  CHECK(find_run(reports, "").error().code == ErrorCode::input);
  const RunFolder first = create(folder, plan_named(folder, "support", 1), noon);
  const RunFolder second = create(folder, plan_named(folder, "support", 2), noon + 3600);
  CHECK(find_run(reports, "")->path == second.path);
  CHECK(find_run(reports, first.run_id)->path == first.path);
  CHECK(find_run(reports, first.run_id.substr(0, 12))->path == first.path);
  CHECK(find_run("elsewhere", first.path + "/")->path == first.path);
  CHECK(find_run("elsewhere", first.path)->run_id == first.run_id);
  CHECK(find_run("elsewhere", first.path)->gate == "support");
  CHECK(find_run(reports, first.run_id.substr(0, 6)).error().hint.find(second.run_id) != std::string::npos);
  CHECK(find_run(reports, "2031").error().hint.find(first.run_id) != std::string::npos);
}

TEST_CASE("a run is named by the digest in its id, or by its gate for the latest") {
  const test::TempFolder folder;
  const std::string reports = folder.path("reports");
  const Plan plan = plan_named(folder, "support", 1);
  const Plan billing = plan_named(folder, "a/b");
  const RunFolder first = create(folder, plan, noon);
  const RunFolder other = create(folder, billing, noon + 60);
  const std::string digest = plan.head.digest.brief();
  CHECK(find_run(reports, digest)->path == first.path);
  CHECK(find_run(reports, digest.substr(0, 5))->path == first.path);
  CHECK(find_run(reports, "support")->path == first.path);
  CHECK(find_run(reports, "a/b")->path == other.path);
  const RunFolder again = create(folder, plan, noon + 120);
  CHECK(find_run(reports, "support")->path == again.path);
  const auto ambiguous = find_run(reports, digest);
  REQUIRE_FALSE(ambiguous);
  CHECK(ambiguous.error().code == ErrorCode::input);
  CHECK(ambiguous.error().message == "'" + digest + "' names 2 runs");
  for (const auto& run : {first, again}) CHECK(ambiguous.error().hint.find(run.run_id) != std::string::npos);
  CHECK_FALSE(find_run(reports, "suppor"));  // a gate is named whole
  CHECK_FALSE(find_run(reports, "Z-" + digest));
  // A whole id is meant as such, though another begins with it.
  const RunFolder second = create(folder, plan, noon + 120);
  CHECK(second.run_id == again.run_id + "-2");
  CHECK(find_run(reports, again.run_id)->path == again.path);
  CHECK(find_run(reports, digest + "-2")->path == second.path);
}

TEST_CASE("the latest decided run is not hidden by a newer one without a decision") {
  const test::TempFolder folder;
  const std::string reports = folder.path("reports");
  const Plan plan = plan_named(folder, "support");
  const RunFolder decided = create(folder, plan, noon);
  CHECK(find_decided_run(reports, "")->path == decided.path);  // the latest, where none is decided
  REQUIRE(write_file_atomically(join_path(decided.path, "decision.json"), "{}"));
  const RunFolder open = create(folder, plan, noon + 60);
  CHECK(find_run(reports, "support")->path == open.path);
  CHECK(find_decided_run(reports, "support")->path == decided.path);
  CHECK(find_decided_run(reports, "")->path == decided.path);
  CHECK(find_decided_run(reports, open.run_id)->path == open.path);
  const auto none = find_run(reports, "suport");
  REQUIRE_FALSE(none);
  CHECK(none.error().hint.starts_with("did you mean 'support'? there are "));
}

TEST_CASE("a word that is a gate and begins a run's id is said to be both") {
  const test::TempFolder folder;
  const RunFolder a = create(folder, plan_named(folder, "2026"), noon);
  CHECK(find_run(folder.path("reports"), "2026")->path == a.path);  // both readings are this run
  const RunFolder b = create(folder, plan_named(folder, "support"), noon + 60);
  const auto found = find_run(folder.path("reports"), "2026");
  REQUIRE_FALSE(found);
  CHECK(found.error().hint.find(b.run_id) != std::string::npos);
}

TEST_CASE("the newest run of a plan may be asked to be of a kind") {
  const test::TempFolder folder;
  const Plan plan = plan_named(folder, "support");
  const RunFolder first = create(folder, plan, noon);
  const RunFolder second = create(folder, plan, noon + 60);
  const auto not_second = [&](const RunFolder& run) { return run.run_id != second.run_id; };
  CHECK(find_same_plan(folder.path("reports"), plan.head)->path == second.path);
  CHECK(find_same_plan(folder.path("reports"), plan.head, not_second)->path == first.path);
}

TEST_CASE("what killed starts left is removed; a run, and a folder with anything else in it, stays") {
  const test::TempFolder folder;
  const RunFolder run = create(folder, plan_named(folder, "support"), noon);
  const std::string root = folder_of(run.path) + "/";
  const std::string empty = root + "20261120T115900Z-1a2b3c4d", begun = root + "20261120T115901Z-1a2b3c4d";
  const std::string noted = root + "20261120T115902Z-1a2b3c4d", other = root + "notes";
  for (const std::string& path : {empty, begun, noted, other}) REQUIRE(make_folders(path));
  for (const char* name : {"journal.jsonl", "run.json", "run.lock", ".plan.jsonl.part-1-2"}) {
    REQUIRE(write_file_atomically(join_path(begun, name), "x"));
    REQUIRE(write_file_atomically(join_path(other, name), "x"));
  }
  REQUIRE(write_file_atomically(join_path(noted, "why.txt"), "x"));
  clear_killed_starts(folder.path("reports"), "support");
  CHECK(real_files().list(root) == std::vector<std::string>{name_of(noted), name_of(run.path), "notes"});
  CHECK(real_files().list(other).size() == 4);
  CHECK(list_runs(folder.path("reports"), "support").size() == 1);
}

TEST_CASE("a gate's name leads nowhere") {
  const test::TempFolder folder;
  for (const char* name : {"../../outside", "/etc/passwd", "..", ".", "a/b", "\xC3\xBC", "x\n::y"}) {
    CAPTURE(name);
    const RunFolder run = create(folder, plan_named(folder, name), noon);
    CHECK(folder_of(folder_of(run.path)) == folder.path("reports"));
    CHECK(run.path.find("..") == std::string::npos);
    CHECK(list_runs(folder.path("reports"), name).size() == 1);
  }
}

TEST_CASE("an old decision is moved aside with its companions") {
  const test::TempFolder folder;
  const RunFolder run = create(folder, plan_named(folder, "support"), noon);
  REQUIRE(set_aside_decision(run.path));
  REQUIRE(write_file_atomically(join_path(run.path, "decision.json"), "1"));
  REQUIRE(write_file_atomically(join_path(run.path, "junit.xml"), "2"));
  CHECK(list_runs(folder.path("reports"))[0].decided);
  REQUIRE(set_aside_decision(run.path));
  CHECK_FALSE(list_runs(folder.path("reports"))[0].decided);
  CHECK(real_files().read(join_path(run.path, "decision.previous.json")).value() == "1");
  CHECK(real_files().read(join_path(run.path, "junit.previous.xml")).value() == "2");
  CHECK_FALSE(real_files().exists(join_path(run.path, "junit.xml")));
}

TEST_CASE("reports that cannot be written are said so before anything runs") {
  const test::TempFolder folder;
  folder.write("reports", "a file");
  const auto run = create_run(folder.path("reports"), plan_named(folder, "support").head, noon);
  REQUIRE_FALSE(run);
  CHECK(run.error().code == ErrorCode::environment);
}

TEST_CASE("a check stands beside the runs of its gate and is never one of them") {
  const test::TempFolder folder;
  const Plan plan = plan_named(folder, "support");
  const RunFolder run = create(folder, plan, noon);
  auto check = create_check(folder.path("reports"), plan.head, noon);
  REQUIRE(check);
  REQUIRE(journal::write_plan(check->path, plan));
  const std::string reports = folder.path("reports");
  CHECK(check->path == folder_of(run.path) + "/checks/" + check->run_id);
  CHECK(check->run_id != run.run_id);  // in one second, so that the newest is known
  CHECK(list_runs(reports).size() == 1);
  CHECK(list_runs(reports, "support").size() == 1);
  CHECK(find_run(reports, "")->path == run.path);
  CHECK_FALSE(find_run(reports, check->run_id));
  CHECK(find_same_plan(reports, plan.head)->path == run.path);
  REQUIRE(list_checks(reports, "support").size() == 1);
  const auto all = list_runs_and_checks(reports, "support");
  REQUIRE(all.size() == 2);
  CHECK(all[0].check);
  CHECK(find_run(reports, check->path)->check);
  CHECK(find_run(reports, check->path)->gate == "support");
  CHECK_FALSE(find_run(reports, run.path)->check);
}

TEST_CASE("a gate named like the folder of checks has runs all the same") {
  const test::TempFolder folder;
  const RunFolder run = create(folder, plan_named(folder, "checks"), noon);
  CHECK(list_runs(folder.path("reports"), "checks").size() == 1);
  CHECK_FALSE(find_run(folder.path("reports"), run.path)->check);
}
