// Other people's JSONL and CSV, read as they stand.
#include <catch2/catch.hpp>

#include "suite_files.hpp"

using namespace headgate;
using namespace headgate::suite;

namespace {

using Said = std::vector<std::string>;

const std::string head = "suite: s\nversion: 1.0.0\ngraders: [{kind: contains, value: ok}]\n";

Loaded load_records(const std::string& more, const std::string& records, const std::string& file = "cases.jsonl") {
  return load_files({{"suite.yaml", head + "cases: " + file + "\n" + more}, {file, records}});
}

}  // namespace

TEST_CASE("fields map columns, pointers, constants, words and numbers") {
  const auto loaded = load_records(
      "segments: {steps: any, topic: [maths]}\n"
      "severe_classes: {harm: h}\n"
      "fields:\n"
      "  id: /meta/number\n"
      "  input: question\n"
      "  expected: {from: /answer/0, map: {A: first, B: second}}\n"
      "  segments:\n"
      "    steps: {from: level, drop_prefix: \"steps=\"}\n"
      "    topic: {const: maths}\n"
      "  severity: {const: severe}\n"
      "  severe_class: {const: harm}\n"
      "  weight: {from: promille, scale: 0.001}\n"
      "  tags: label\n"
      "  latency_ms: {from: /latency_s, scale: 1000}\n",
      R"({"meta":{"number":17},"question":"why?","answer":["B"],"level":"steps=2","promille":500,"label":"x","other":[1]})"
      "\n");
  REQUIRE(loaded.said == Said{});
  const Case& item = loaded.suite->cases.at(0);
  CHECK(item.id == "17");
  CHECK(item.input.text == "\"why?\"");
  CHECK(item.expected.text == "\"second\"");
  CHECK(item.segments == std::vector<SegmentValue>{{"steps", "2"}, {"topic", "maths"}});
  CHECK(item.severe_class == "harm");
  CHECK(item.weight == 0.5);
  CHECK(item.tags == std::vector<std::string>{"x"});
}

TEST_CASE("a severe_class for the whole file is that of its severe cases") {
  const auto loaded = load_records("severe_classes: {harm: h}\nfields: {severity: level, severe_class: {const: harm}}\n",
                                   R"({"id":"a","input":"x","level":"severe"})"
                                   "\n"
                                   R"({"id":"b","input":"x","level":"normal"})"
                                   "\n"
                                   R"({"id":"c","input":"x"})");
  REQUIRE(loaded.said == Said{});
  CHECK(loaded.suite->cases[0].severe_class == "harm");
  CHECK(loaded.suite->cases[1].severe_class.empty());
  CHECK(loaded.suite->cases[2].severe_class.empty());
}

TEST_CASE("id and input may keep their names, other columns are ignored") {
  const auto loaded =
      load_records("fields: {expected: answer}\n", R"({"id":"a","input":"x","answer":1,"weight":"heavy"})");
  REQUIRE(loaded.said == Said{});
  CHECK(loaded.suite->cases[0].weight == 1.0);
}

TEST_CASE("a CSV file is read by its header") {
  const auto loaded =
      load_records("fields: {id: nr, input: text, expected: want, weight: w, note: remark}\n",
                   "nr,text,want,w,remark\r\n1,\"a, \"\"b\"\"\nc\",yes,2.5,\r\n2,plain,no,1,\r\n", "data.csv");
  REQUIRE(loaded.said == Said{});
  REQUIRE(loaded.suite->cases.size() == 2);
  CHECK(loaded.suite->cases[0].input.text == R"("a, \"b\"\nc")");
  CHECK(loaded.suite->cases[0].weight == 2.5);
  CHECK(loaded.suite->cases[1].expected.text == "\"no\"");
}

TEST_CASE("a CSV file and the same JSONL make the same suite") {
  const std::string fields = "fields: {id: id, input: q, expected: a}\n";
  const auto csv = load_records(fields, "id,q,a\n1,two,three\n", "data.csv");
  const auto jsonl = load_records(fields, R"({"id":1,"q":"two","a":"three"})", "data.jsonl");
  REQUIRE(csv.suite.has_value());
  REQUIRE(jsonl.suite.has_value());
  CHECK(csv.suite->head.digest == jsonl.suite->head.digest);
}

TEST_CASE("mistakes in fields are named where they are written") {
  const std::string record = R"({"id":"a","input":"x","answer":"C"})";
  const auto said_of = [&](const std::string& fields) { return load_records(fields, record).said; };
  CHECK(said_of("fields: {expectd: answer}\n") == Said{"s/suite.yaml:5:10: unknown key 'expectd' in fields"});
  CHECK(said_of("fields: {graders: answer}\n") == Said{"s/suite.yaml:5:10: 'graders' cannot be mapped by fields"});
  CHECK(said_of("fields: {since: answer}\n") == Said{"s/suite.yaml:5:10: 'since' cannot be mapped by fields"});
  CHECK(said_of("fields: {expected: 3}\n") ==
        Said{"s/suite.yaml:5:20: 'expected' in fields must be a column name or an object"});
  CHECK(said_of("fields: {expected: {form: answer}}\n").size() == 1);
  CHECK(said_of("fields: {expected: {from: answer, const: 1}}\n") ==
        Said{"s/suite.yaml:5:20: 'expected' in fields needs either 'from' or 'const'"});
  CHECK(said_of("fields: {expected: anwser}\n") ==
        Said{"s/suite.yaml:5:20: no record of 's/cases.jsonl' has 'anwser', read as 'expected'"});
  CHECK(said_of("fields: {expected: {from: answer, map: {A: a, B: b}}}\n") ==
        Said{"s/cases.jsonl:1:32: the map of 'expected' in fields has no 'C'"});
  CHECK(said_of("fields: {weight: answer}\n") == Said{"s/cases.jsonl:1:32: 'answer' is no number"});
  CHECK(said_of("fields: {note: {from: answer, drop_prefix: D}}\n") ==
        Said{"s/cases.jsonl:1:32: 'answer' does not begin with 'D'"});
  CHECK(load_records("fields: {expected: anwser}\n", record).hints == Said{"did you mean 'answer'?"});
}

TEST_CASE("a complaint about a mapped case points to its column") {
  CHECK(
      load_records("fields: {severity: bad}\n", R"({"id":"a","input":"x","bad":"sever"})").said ==
      Said{"s/cases.jsonl:1:29: 'severity' must be one of normal, major and severe, not 'sever' (as read by fields)"});
  CHECK(load_records("segments: {l: [en]}\nfields: {segments: {l: lang}}\n", R"({"lang":"de","id":"a","input":"x"})")
            .said == Said{"s/cases.jsonl:1:9: undeclared value 'de' of segment 'l' in case 'a' (as read by fields)"});
  CHECK(load_records("fields: {id: nr}\n", R"({"nr":"a","input":"x"})"
                                           "\n"
                                           R"({"input":"y","nr":"a"})")
            .said == Said{"s/cases.jsonl:2:19: duplicate id 'a', first defined at 1:7"});
  CHECK(load_records("fields: {id: nr, input: q}\n", "nr,q\na,x\nb,y\na,z\n", "d.csv").said ==
        Said{"s/d.csv:4:1: duplicate id 'a', first defined at 2:1"});
  CHECK(load_records("fields: {input: q}\n", R"({"id":"a","q":"x"})"
                                             "\n"
                                             R"({"id":"b"})")
            .said == Said{"s/cases.jsonl:2:1: missing key 'input' in case (as read by fields)"});
}

TEST_CASE("a CSV file needs fields and must be one") {
  CHECK(load_records("", "id,input\na,x\n", "d.csv").said ==
        Said{"s/suite.yaml:4:8: a CSV file needs 'fields' that say what its columns are"});
  CHECK(load_records("fields: {id: id}\n", "id,input\na\n", "d.csv").said.at(0).starts_with("s/d.csv:2:1: "));
}

TEST_CASE("data roots are read in place and not left") {
  MemoryFiles files;
  files.files = {{"s/suite.yaml", head + "cases: data:far/in/cases.jsonl\nfields: {input: q}\n"},
                 {"away/in/cases.jsonl", R"({"id":"a","q":"x"})"}};
  LoadOptions options;
  options.files = &files;
  options.data = {{"far", "away"}};
  Complaints complaints;
  const auto suite = load("s", "", options, complaints);
  REQUIRE(suite.has_value());
  CHECK(suite->cases[0].id == "a");

  files.files["s/suite.yaml"] = head + "cases: data:far/../s/suite.yaml\nfields: {input: q}\n";
  options.data = {{"far", "away/in"}};
  CHECK_FALSE(load("s", "", options, complaints).has_value());
}
