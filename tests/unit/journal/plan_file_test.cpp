#include "headgate/journal/plan_file.hpp"

#include <sys/stat.h>

#include <nlohmann/json.hpp>

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

TEST_CASE("the order is written in lines of 4096 cells, each cell once") {
  const auto lines = [](std::size_t cases) {
    const Plan plan = plan_of(cases, 1);
    const test::TempFolder folder;
    REQUIRE(write_plan(folder.path(), plan));
    const auto read = read_plan(folder.path());
    if (!read) FAIL(read.error().message);
    CHECK(read->order == plan.order);
    const std::string text = folder.read("plan.jsonl");
    std::vector<std::size_t> cells;
    for (std::size_t at = text.find("{\"t\":\"order\""); at != std::string::npos;
         at = text.find("{\"t\":\"order\"", at + 1)) {
      const std::string line = text.substr(at, text.find('\n', at) - at);
      cells.push_back(Json::parse(line).at("cells").size());
    }
    return cells;
  };
  CHECK(lines(2047) == std::vector<std::size_t>{4094});
  CHECK(lines(2048) == std::vector<std::size_t>{4096});
  CHECK(lines(2049) == std::vector<std::size_t>{4096, 2});
  CHECK(lines(4100) == std::vector<std::size_t>{4096, 4096, 8});
}

TEST_CASE("a plan says where it does not hold") {
  const test::TempFolder folder;
  REQUIRE(write_plan(folder.path(), plan_of(2, 1)));
  const std::string text = folder.read("plan.jsonl");
  const std::size_t cases = text.find('\n') + 1;
  const std::size_t order = text.find("{\"t\":\"order\"");
  const std::size_t end = text.find("{\"t\":\"end\"");
  const std::string head = text.substr(0, cases);
  const std::string one_case = text.substr(cases, text.find('\n', cases) + 1 - cases);
  const auto sealed = [](const std::string& lines) {
    return lines + "{\"t\":\"end\",\"sha256\":\"" + sha256(lines).text() + "\"}\n";
  };
  const auto with = [](std::string lines, const std::string& from, const std::string& to) {
    const std::size_t at = lines.find(from);
    REQUIRE(at != std::string::npos);
    return lines.replace(at, from.size(), to);
  };
  const std::string whole = text.substr(0, end);
  for (const auto& [bad, why] : std::vector<std::pair<std::string, std::string>>{
           {"", "it is empty"},
           {text.substr(0, text.size() - 1), "its last line has no end"},
           {whole, "it has no end"},
           {text + "{\"t\":\"note\"}\n", "something follows its end"},
           {text.substr(cases), "it does not begin with a plan"},
           {"{\"t\":\"end\"}\n", "it does not begin with a plan"},
           {sealed(with(whole, "\"t\":\"plan\"", "\"t\":\"plans\"")), "it does not begin with a plan"},
           {sealed("{\"t\":\"plan\"}\n" + text.substr(cases, end - cases)), "does not hold"},
           {sealed(whole + "{\"t\":\"note\"}\n"), "is of no known type"},
           {sealed(whole + one_case), "is of no known type"},  // no case may follow the order
           {sealed(text.substr(0, order) + one_case + text.substr(order, end - order)), "every cell once"},
           {sealed(with(whole, "\"cells\":[0,1,2,3]", "\"cells\":[0,1,2]")), "every cell once"},
           {sealed(with(whole, "\"cells\":[0,1,2,3]", "\"cells\":[0,1,2,2]")), "every cell once"},
           {sealed(with(whole, "\"cells\":[0,1,2,3]", "\"cells\":[0,1,2,4]")), "every cell once"},
           {sealed(with(whole, "\"cells\":[0,1,2,3]", "\"cells\":[0,1,3,2]")), "it does not digest to what it says"},
           {sealed(with(whole, "\"cells\":[0,1,2,3]", "\"cells\":7")), "every cell once"},
           {sealed(with(whole, "\"suite\":0", "\"suite\":1")), "a case is of no suite of the plan"},
           {sealed(with(whole, "\"suite\":0", "\"suite\":-1")), "a case has a member of the wrong kind"},
           {sealed(with(whole, "\"weight\":2.5", "\"weight\":0")), "a case has no weight"},
           {sealed(with(whole, "\"weight\":2.5", "\"weight\":2.25")), "a case does not digest to what it says"},
           {sealed(with(whole, "\"severity\":\"severe\"", "\"severity\":\"grave\"")),
            "a case has a member of the wrong kind"},
           {sealed(with(whole, "\"cluster\"", "\"clutter\"")), "a case has a member of the wrong kind"},
           {with(text, "\"sha256\":\"sha256:", "\"sha256\":\"sha256:0"), "its bytes do not digest"}}) {
    CAPTURE(why);
    folder.write("plan.jsonl", bad);
    const auto read = read_plan(folder.path());
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::untrusted);
    CAPTURE(read.error().message);
    CHECK(read.error().message.find(why) != std::string::npos);
    CHECK(read.error().message.find(folder.path("plan.jsonl")) != std::string::npos);
  }
}

TEST_CASE("the head of a plan is read from a whole first line alone") {
  const test::TempFolder folder;
  const Plan plan = plan_of(2, 1);
  REQUIRE(write_plan(folder.path(), plan));
  const std::string text = folder.read("plan.jsonl");
  const std::size_t first = text.find('\n') + 1;
  folder.write("plan.jsonl", text.substr(0, first) + "garbage");
  REQUIRE(read_plan_head(folder.path()));
  CHECK(read_plan_head(folder.path())->digest == plan.head.digest);
  for (const std::string& bad : {std::string(), text.substr(0, first - 1), text.substr(first), std::string("{}\n"),
                                 std::string("{\"t\":\"plan\"}\n")}) {
    CAPTURE(bad);
    folder.write("plan.jsonl", bad);
    CHECK(read_plan_head(folder.path()).error().code == ErrorCode::untrusted);
  }
}

TEST_CASE("a folder without a plan is no run folder") {
  const test::TempFolder folder;
  CHECK(read_plan(folder.path()).error().code == ErrorCode::environment);
  CHECK(read_evidence(folder.path()).error().code == ErrorCode::environment);
  CHECK(write_plan(folder.path("missing"), plan_of(1, 1)).error().code == ErrorCode::environment);
}
