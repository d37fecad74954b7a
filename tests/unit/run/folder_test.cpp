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
