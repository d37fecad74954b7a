// What differs between two versions of a suite.
#include "headgate/suite/diff.hpp"

#include <catch2/catch.hpp>

#include "suite_files.hpp"

using namespace headgate;
using namespace headgate::suite;

namespace {

Suite loaded(const std::string& lines, const std::string& head = plain_head) {
  Loaded out = load_files({{"suite.yaml", head}, {"cases.jsonl", lines}});
  for (const auto& each : out.said) INFO(each);
  REQUIRE(out.suite);
  return std::move(*out.suite);
}

std::vector<std::string> whats(const std::vector<Change>& changes) {
  std::vector<std::string> out;
  for (const auto& change : changes) out.push_back(change.what);
  return out;
}

}  // namespace

TEST_CASE("a suite does not differ from itself") {
  const Suite suite = loaded(R"({"id":"a","input":"1"})");
  CHECK(diff(suite, suite).same());
}

TEST_CASE("cases that came, went and changed") {
  const Diff out = diff(
      loaded("{\"id\":\"a\",\"input\":\"1\"}\n{\"id\":\"b\",\"input\":\"2\"}\n{\"id\":\"d\",\"input\":\"4\"}\n"),
      loaded("{\"id\":\"b\",\"input\":\"two\"}\n{\"id\":\"c\",\"input\":\"3\"}\n{\"id\":\"d\",\"input\":\"4\"}\n"));
  CHECK(out.added == std::vector<std::string>{"c"});
  CHECK(out.removed == std::vector<std::string>{"a"});
  REQUIRE(out.changed.size() == 1);
  CHECK(out.changed[0].id == "b");
  REQUIRE(out.changed[0].changes.size() == 1);
  CHECK(out.changed[0].changes[0].what == "input");
  CHECK(out.changed[0].changes[0].before == "\"2\"");
  CHECK(out.changed[0].changes[0].after == "\"two\"");
  CHECK(out.before.head.cases == 3);
}

TEST_CASE("every part of a case is looked at: where the digest differs, a change is named") {
  const char* plain = R"({"id":"a","input":"1"})";
  const std::pair<const char*, std::vector<std::string>> variants[] = {
      {R"({"id":"a","input":"1","vars":{"x":1}})", {"vars"}},
      {R"({"id":"a","input":"1","context":[{"id":"k","text":"t"}]})", {"context"}},
      {R"({"id":"a","input":"1","expected":"e"})", {"expected"}},
      {R"({"id":"a","input":"1","segments":{"language":"de"}})", {"segments"}},
      {R"({"id":"a","input":"1","severity":"severe","severe_class":"leak"})", {"severity", "severe_class"}},
      {R"({"id":"a","input":"1","cluster":"k"})", {"cluster"}},
      {R"({"id":"a","input":"1","tags":["t"]})", {"tags"}},
      {R"({"id":"a","input":"1","sampling":"targeted"})", {"sampling"}},
      {R"({"id":"a","input":"1","weight":2})", {"weight"}},
      {R"({"id":"a","input":"1","graders":[{"kind":"contains","value":"z"}]})", {"grader"}}};
  for (const auto& [line, expected] : variants) {
    INFO(line);
    const Diff out = diff(loaded(plain), loaded(line));
    REQUIRE(out.changed.size() == 1);
    CHECK(whats(out.changed[0].changes) == expected);
  }
}

TEST_CASE("graders are compared one by one; what changed of one kind stands together") {
  const auto head = [](const std::string& graders, const std::string& more = "") {
    return "suite: s\nversion: 1.0.0\ngraders: [" + graders + "]\n" + more;
  };
  const std::string line = R"({"id":"a","input":"1"})";
  const std::string a = "{kind: contains, value: a}", b = "{kind: contains, value: b}", c = "{kind: equals, value: c}";
  Diff out = diff(loaded(line, head(a)), loaded(line, head(b + ", " + c)));
  REQUIRE(out.head.size() == 2);
  CHECK(out.head[0].before == R"({"kind":"contains","value":"a"})");
  CHECK(out.head[0].after == R"({"kind":"contains","value":"b"})");
  CHECK(out.head[1].before.empty());
  CHECK(out.head[1].after == R"({"kind":"equals","value":"c"})");
  CHECK(out.changed.empty());
  out = diff(loaded(line, head(a + ", " + b)), loaded(line, head(b + ", " + a)));
  REQUIRE(out.head.size() == 1);
  CHECK(out.head[0].what == "graders in another order");
  out = diff(loaded(line, head(a + ", " + a)), loaded(line, head(a)));
  REQUIRE(out.head.size() == 1);
  CHECK(out.head[0].after.empty());
  out = diff(loaded(line, head(a)), loaded(line, head(a, "pass: {mean: 0.5}\nreviewed_at: 2026-01-02\n")));
  CHECK(whats(out.head) == std::vector<std::string>{"pass", "reviewed_at"});
}
