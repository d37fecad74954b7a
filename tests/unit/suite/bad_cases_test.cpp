// Hostile and mistaken case files: each is refused at the place of the mistake, or read as what it plainly means.
#include <catch2/catch.hpp>

#include "suite_files.hpp"

using namespace headgate;
using namespace headgate::suite;

namespace {

const std::string good = R"({"id": "c1", "input": "hi", "expected": "hello", "severity": "normal"})";
const std::string good_two = R"({"id": "c2", "input": "hi", "expected": "hello", "severity": "normal"})";

struct Row {
  const char* what;
  std::string lines;
  std::vector<std::string> said;
};

}  // namespace

TEST_CASE("a mistake in a case line is named with its place") {
  const std::string at = "s/cases.jsonl:";
  const Row rows[] = {
      {"a key twice would silently keep the last",
       good + "\n" + R"({"id":"c2","input":"x","expected":"y","severity":"severe","severity":"normal"})" + "\n",
       {at + "2:59: duplicate key 'severity'"}},
      {"an id twice",
       good + "\n" + good_two + "\n" + R"({"id": "c1", "input": "other"})" + "\n",
       {at + "3:8: duplicate id 'c1', first defined at 1:8"}},
      {"a comma forgotten",
       good + "\n" + R"({"id":"c2" "input":"x"})" + "\n",
       {at + "2:12: expected ',' or '}' after the value"}},
      {"a line cut off",
       good + "\n" + R"({"id": "c2", "input": "hi", "expected": "hello, )",
       {at + "2:49: unexpected end of text in a string"}},
      {"a misspelt key",
       R"({"id":"c1","input":"x","expected":"y","sevrity":"severe"})",
       {at + "1:39: unknown key 'sevrity' in case"}},
      {"bytes that are no UTF-8",
       good + "\n{\"id\":\"c2\",\"input\":\"caf\xe9\"}\n",
       {at + "2:24: invalid UTF-8 byte 0xE9"}},
      {"a NUL byte between lines",
       good + "\n" + std::string(3, '\0') + "\n" + good_two + "\n",
       {at + "2:1: unexpected NUL byte"}},
      {"half a surrogate pair",
       R"({"id":"c1","input":"\ud800"})",
       {at + "1:21: a lone surrogate \\ud800 is not a character"}},
      {"a NUL in an id", R"({"id":"c\u00001","input":"x"})", {at + "1:9: NUL is not allowed in a string"}},
      {"a number too large", R"({"id":"c1","input":"x","weight":1e999})", {at + "1:33: number does not fit a double"}},
      {"a weight of nothing", R"({"id":"c1","input":"x","weight":0})", {at + "1:33: 'weight' must be above 0, not 0"}},
      {"an escape sequence in an id", R"({"id":"c\u001b[2J","input":"x"})", {at + "1:7: a control character in an id"}},
      {"an empty id", R"({"id":"","input":"x"})", {at + "1:7: 'id' must not be empty"}},
      {"an id of 257 bytes",
       R"({"id":")" + std::string(257, 'a') + R"(","input":"x"})",
       {at + "1:7: an id may have at most 256 bytes"}},
      {"a line that is no object", "[1]\n", {at + "1:1: the whole text must be an object, not a list"}},
      {"a case without input", R"({"id":"c1"})", {at + "1:1: missing key 'input' in case"}},
      {"an undeclared dimension",
       R"({"id":"c1","input":"x","segments":{"langage":"en"}})",
       {at + "1:36: undeclared segment dimension 'langage' in case 'c1'"}},
      {"an undeclared value",
       R"({"id":"c1","input":"x","segments":{"language":"fr"}})",
       {at + "1:47: undeclared value 'fr' of segment 'language' in case 'c1'"}},
      {"severe without a class",
       R"({"id":"c1","input":"x","severity":"severe"})",
       {at + "1:35: severe case 'c1' has no severe_class"}},
      {"a class without severe",
       R"({"id":"c1","input":"x","severe_class":"leak"})",
       {at + "1:39: case 'c1' has a severe_class but is not severe"}},
      {"an undeclared class",
       R"({"id":"c1","input":"x","severity":"severe","severe_class":"laek"})",
       {at + "1:59: undeclared severe_class 'laek' in case 'c1'"}},
      {"an unknown grader",
       R"({"id":"c1","input":"x","graders":[{"kind":"regx","pattern":"a"}]})",
       {at + "1:43: unknown grader 'regx'"}},
      {"a variant of nothing",
       R"({"id":"c1","input":"x","variant_of":"c0"})",
       {at + "1:37: case 'c1' is a variant of 'c0', which is not in the suite"}},
      {"a variant of itself",
       R"({"id":"c1","input":"x","variant_of":"c1"})",
       {at + "1:37: variants in a circle: c1 -> c1"}},
      {"variants in a circle",
       R"({"id":"a","input":"x","variant_of":"b"})"
       "\n"
       R"({"id":"b","input":"x","variant_of":"a"})",
       {at + "1:36: variants in a circle: a -> b -> a", at + "2:36: variants in a circle: b -> a -> b"}},
      {"a variant with a cluster",
       good + "\n" + R"({"id":"c2","input":"x","variant_of":"c1","cluster":"k"})",
       {at + "2:42: 'cluster' and 'variant_of' exclude each other"}},
      {"no version", R"({"id":"c1","input":"x","since":"1.0"})", {at + "1:32: 'since' is no version"}},
      {"since after the suite",
       R"({"id":"c1","input":"x","since":"1.1.0"})",
       {at + "1:32: case 'c1' is since 1.1.0, but the suite is at 1.0.0"}},
      {"retired before since",
       R"({"id":"c1","input":"x","since":"1.0.0","retired":"0.9.0"})",
       {at + "1:50: retired 0.9.0 is not after since 1.0.0"}},
      {"an operator's key",
       R"({"id":"c1","input":"x","endpoint":"http://a"})",
       {at + "1:24: 'endpoint' is the operator's to say, not a suite's"}},
      {"a role that is none",
       R"({"id":"c1","input":[{"role":"robot","content":"x"}]})",
       {at + "1:29: 'role' must be one of system, user, assistant and tool, not 'robot'"}},
      {"an image without a file",
       R"({"id":"c1","input":[{"role":"user","content":[{"type":"image"}]}]})",
       {at + "1:47: this part needs 'file'"}},
      {"an image outside",
       R"({"id":"c1","input":[{"role":"user","content":[{"type":"image","file":"../x.png"}]}]})",
       {at + "1:70: '../x.png' leaves the suite root"}},
      {"a day that is none", R"({"id":"c1","input":"x","origin":{"at":"2026-02-30"}})", {at + "1:39: 'at' is no date"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what, row.lines);
    const Loaded loaded = load_lines(row.lines);
    CHECK_FALSE(loaded.suite.has_value());
    CHECK(loaded.said == row.said);
  }
}

TEST_CASE("hints say the next step") {
  CHECK(load_lines(R"({"id":"c1","input":"x","sevrity":"severe"})").hints ==
        std::vector<std::string>{"did you mean 'severity'?"});
  CHECK(load_lines(R"({"id":"c1","input":"x","segments":{"langage":"en"}})").hints ==
        std::vector<std::string>{"did you mean 'language'?"});
  CHECK(load_lines(R"({"id":"c1","input":"x","severity":"severe","severe_class":"laek"})").hints ==
        std::vector<std::string>{"did you mean 'leak'?"});
}

TEST_CASE("nesting is bounded") {
  const std::string deep = R"({"id":"c1","input":)" + std::string(2000, '[') + std::string(2000, ']') + "}";
  const Loaded loaded = load_lines(deep);
  REQUIRE(loaded.said.size() == 1);
  CHECK(loaded.said[0] == "s/cases.jsonl:1:83: nesting deeper than 64");
}

TEST_CASE("a bad pattern is named at its place inside the pattern") {
  const Loaded loaded = load_lines(R"({"id":"c1","input":"x","graders":[{"kind":"regex","pattern":"(unclosed"}]})");
  REQUIRE(loaded.said.size() == 1);
  CHECK(loaded.said[0].starts_with("s/cases.jsonl:1:6"));
  CHECK(loaded.said[0].find("(unclosed") != std::string::npos);
}

TEST_CASE("every complaint of every line comes at once, in order, up to a bound") {
  std::string lines;
  for (int i = 0; i < 50; ++i) lines += R"({"id":"c)" + std::to_string(i) + R"(","input":1})" + "\n";
  MemoryFiles files;
  files.files = {{"s/suite.yaml", plain_head}, {"s/cases.jsonl", lines}};
  LoadOptions options;
  options.files = &files;
  Complaints complaints;
  CHECK_FALSE(load("s", "", options, complaints).has_value());
  CHECK(complaints.total() == 50);
  CHECK(complaints.errors().size() == Complaints::max_kept_per_file);
  CHECK(complaints.errors().front().place.line == 1);
}

TEST_CASE("a suite without cases measures nothing") {
  for (const std::string lines : {"", "\n\n   \n"}) {
    const Loaded loaded = load_lines(lines);
    CHECK(loaded.said == std::vector<std::string>{"s/cases.jsonl:1:1: suite 's' has 0 cases"});
  }
}

TEST_CASE("line ends, byte-order mark and the last newline do not change a case") {
  const std::string lf = good + "\n" + good_two + "\n";
  const std::string crlf = "\xEF\xBB\xBF" + good + "\r\n" + good_two + "\r\n";
  const auto plain = load_lines(lf);
  REQUIRE(plain.suite.has_value());
  for (const std::string& other : {crlf, good + "\n" + good_two, "\n" + good_two + "\n\n" + good}) {
    const auto loaded = load_lines(other);
    REQUIRE(loaded.suite.has_value());
    CHECK(loaded.suite->head.digest == plain.suite->head.digest);
    CHECK(loaded.suite->cases[0].digest == plain.suite->cases[0].digest);
  }
}

TEST_CASE("an id may look like a path: it names no file") {
  const auto loaded = load_lines(R"({"id":"../../escape","input":"x"})");
  REQUIRE(loaded.suite.has_value());
  CHECK(loaded.suite->cases[0].id == "../../escape");
}

TEST_CASE("a case that nothing grades is refused") {
  const auto loaded =
      load_files({{"suite.yaml", "suite: s\nversion: 1.0.0\n"}, {"cases.jsonl", R"({"id":"c1","input":"x"})"}});
  CHECK(loaded.said == std::vector<std::string>{"s/cases.jsonl:1:7: case 'c1' has no grader in version 1.0.0"});
}

TEST_CASE("a case that a grader could never judge is refused before anything is paid") {
  const std::string head = "suite: s\nversion: 1.0.0\ngraders: [{kind: contains, value: '{{case.expected}}'}]\n";
  const auto loaded = load_files({{"suite.yaml", head}, {"cases.jsonl", R"({"id":"c1","input":"x"})"}});
  CHECK(loaded.said ==
        std::vector<std::string>{
            "s/cases.jsonl:1:7: the case has no expected value, which grader 'contains' needs (case 'c1')"});
}

TEST_CASE("a chain of variants has a bound") {
  std::string lines = R"({"id":"v0","input":"x"})"
                      "\n";
  for (int i = 1; i <= 17; ++i) {
    lines += R"({"id":"v)" + std::to_string(i) + R"(","input":"x","variant_of":"v)" + std::to_string(i - 1) + "\"}\n";
  }
  const auto loaded = load_lines(lines);
  CHECK(loaded.said == std::vector<std::string>{"s/cases.jsonl:18:38: variants nest deeper than 16"});
}

TEST_CASE("many faults of one kind are counted without a search for each") {
  std::string lines;
  for (int i = 0; i < 20000; ++i) {
    lines += R"({"id":"same","input":"x","variant_of":"gone"})"
             "\n";
    lines += R"({"id":"c)" + std::to_string(i) +
             R"(","input":"x","variant_of":"gone"})"
             "\n";
  }
  const auto loaded = load_lines(lines);
  CHECK_FALSE(loaded.suite.has_value());
  CHECK(loaded.said.size() == Complaints::max_kept_per_file);
}
