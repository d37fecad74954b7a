#include "headgate/journal/plan_file.hpp"

#include <sys/stat.h>

#include "headgate/base/bug_error.hpp"
#include "headgate/base/random.hpp"
#include "journals.hpp"

using namespace headgate;
using namespace headgate::journal;
using headgate::samples::plan_of;

namespace {

Plan varied_plan() {
  Plan plan = plan_of(3, 2);
  Case& odd = plan.cases[1];
  odd.id = "odd \"id\"\n\x7F";
  odd.segments.clear();
  odd.tags = {"a", "b,c", "\xE2\x80\xA8"};
  odd.severity = Severity::normal;
  odd.severe_class.clear();
  odd.cluster.clear();
  odd.expected = {};
  odd.vars.text = "{\"n\":1e+21,\"s\":\"\xE2\x80\xA8\"}";
  odd.context.text = "[{\"id\":\"kb\",\"text\":\"t\"}]";
  odd.input.text = "[{\"content\":\"hi\",\"role\":\"user\"}]";
  odd.graders = {{"equals", true, {"{}"}}, {"any_of", false, {"{\"graders\":[{\"kind\":\"equals\"}],\"z\":\"\\\"\"}"}}};
  odd.digest = case_digest(odd);
  plan.head.as_of = "2026-11-20T12:00:00Z";
  plan.head.digest = plan_digest(plan);
  return plan;
}

void check_untrusted(const test::TempFolder& folder, const std::string& text) {
  folder.write("plan.jsonl", text);
  const auto read = read_plan(folder.path());
  if (read) FAIL("a changed plan was read");
  if (read.error().code != ErrorCode::untrusted) FAIL(read.error().message);
}

}  // namespace

TEST_CASE("a plan reads back as it was written") {
  const Plan plan = varied_plan();
  const test::TempFolder folder;
  REQUIRE(write_plan(folder.path(), plan));
  const auto read = read_plan(folder.path());
  if (!read) FAIL(read.error().message);
  CHECK(read->head.digest == plan.head.digest);
  CHECK(read->head.as_of == plan.head.as_of);
  CHECK(read->order == plan.order);
  CHECK(read->case_suite == plan.case_suite);
  REQUIRE(read->cases.size() == 3);
  CHECK(read->cases[1].id == plan.cases[1].id);
  CHECK(read->cases[1].graders == plan.cases[1].graders);
  CHECK(read->cases[1].vars == plan.cases[1].vars);
  CHECK(plan_digest(*read) == plan.head.digest);
  CHECK(read_plan_head(folder.path())->digest == plan.head.digest);
  struct stat about {};
  REQUIRE(::stat(folder.path("plan.jsonl").c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
}

TEST_CASE("a case is found again by its place") {
  const Plan plan = varied_plan();
  const test::TempFolder folder;
  REQUIRE(write_plan(folder.path(), plan));
  folder.write("journal.jsonl", "");
  const auto evidence = read_evidence(folder.path());
  REQUIRE(evidence);
  for (CaseIndex item = 0; item < 3; ++item) {
    const auto read = read_case(folder.path(), evidence->cases[item].plan_offset);
    if (!read) FAIL(read.error().message);
    CHECK(read->id == plan.cases[item].id);
    CHECK(read->digest == plan.cases[item].digest);
    CHECK(evidence->cases.id(item) == plan.cases[item].id);
    CHECK(evidence->cases[item].severity == plan.cases[item].severity);
    CHECK(evidence->cases.tag_names(evidence->cases[item].tags) == plan.cases[item].tags);
  }
  CHECK_FALSE(read_case(folder.path(), 1));
  CHECK_FALSE(read_case(folder.path(), 0));
}

TEST_CASE("a plan that is cut or changed anywhere is not trusted") {
  const test::TempFolder folder;
  REQUIRE(write_plan(folder.path(), varied_plan()));
  const std::string text = folder.read("plan.jsonl");
  Random random(5);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (at % 7 == 0) check_untrusted(folder, text.substr(0, at));
    std::string flipped = text;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << random.below(8)));
    check_untrusted(folder, flipped);
  }
  check_untrusted(folder, text + "\n");
  check_untrusted(folder, text + text);
}

TEST_CASE("an edited plan whose end was written anew is not trusted either") {
  const Plan plan = varied_plan();
  const test::TempFolder folder;
  const auto seal_lines = [](std::string text) {
    text.resize(text.rfind("{\"t\":\"end\""));
    return text + "{\"t\":\"end\",\"sha256\":\"" + sha256(text).text() + "\"}\n";
  };
  REQUIRE(write_plan(folder.path(), plan));
  const std::string text = folder.read("plan.jsonl");
  REQUIRE(seal_lines(text) == text);
  const auto edited = [&](const std::string& from, const std::string& to) {
    std::string out = text;
    const std::size_t at = out.find(from);
    REQUIRE(at != std::string::npos);
    return seal_lines(out.replace(at, from.size(), to));
  };
  check_untrusted(folder, edited("\"severity\":\"severe\"", "\"severity\":\"normal\""));
  check_untrusted(folder, edited("\"weight\":2.5", "\"weight\":25"));
  check_untrusted(folder, edited("\"max_loss\":0.03", "\"max_loss\":0.9"));
  check_untrusted(folder, edited("\"cells\":[0,1,", "\"cells\":[1,0,"));
  check_untrusted(folder, edited("\"cells\":[0,1,", "\"cells\":[0,0,"));
  check_untrusted(folder, edited("\"cells\":[0,1,", "\"cells\":["));
  std::string fewer = text;
  const std::size_t from = fewer.find("{\"t\":\"case\"");
  fewer.erase(from, fewer.find('\n', from) + 1 - from);
  check_untrusted(folder, seal_lines(fewer));
}

TEST_CASE("a folder without a plan is no run folder") {
  const test::TempFolder folder;
  CHECK(read_plan(folder.path()).error().code == ErrorCode::environment);
  CHECK(read_evidence(folder.path()).error().code == ErrorCode::environment);
  CHECK(write_plan(folder.path("missing"), plan_of(1, 1)).error().code == ErrorCode::environment);
}
