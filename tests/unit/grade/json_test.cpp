#include "judging.hpp"

using namespace headgate::grade::testing;

TEST_CASE("json finds JSON where it is told to look") {
  struct Row {
    const char* options;
    const char* reply;
    const char* word;
  };
  const Row row = GENERATE(values<Row>({
      {R"({"kind":"json"})", R"({"a":1})", "pass"},
      {R"({"kind":"json"})", " [1,2]\n", "pass"},
      {R"({"kind":"json"})", "\"text\"", "pass"},
      {R"({"kind":"json"})", "nothing", "fail"},
      {R"({"kind":"json"})", R"({"a":1,})", "fail"},
      {R"({"kind":"json"})", R"({"a":1,"a":2})", "fail"},
      {R"({"kind":"json"})", "{'a':1}", "fail"},
      {R"({"kind":"json"})", "NaN", "fail"},
      {R"({"kind":"json"})", R"({"a":1} and more)", "fail"},
      {R"({"kind":"not_json"})", "nothing", "pass"},
      {R"({"kind":"not_json"})", "{}", "fail"},
      {R"({"kind":"json","extract":"fenced"})", "Here:\n```json\n{\"a\":1}\n```\nbye", "pass"},
      {R"({"kind":"json","extract":"fenced"})", "```\nx\n```\n```JSON\n{}\n```", "pass"},
      {R"({"kind":"json","extract":"fenced"})", "```\n[1]\n```", "pass"},
      {R"({"kind":"json","extract":"fenced"})", "```json\n[1]", "pass"},
      {R"({"kind":"json","extract":"fenced"})", "{}", "fail"},
      {R"({"kind":"json","extract":"fenced"})", "```json\n[1\n```", "fail"},
      {R"({"kind":"json","extract":"prose"})", "Sure! {\"a\": {\"b\": \"}\"}} is it.", "pass"},
      {R"({"kind":"json","extract":"prose"})", "Use {this} or [that]: {\"a\":1}", "pass"},
      {R"({"kind":"json","extract":"prose"})", "```json\n{\"a\":1}\n```", "pass"},
      {R"({"kind":"json","extract":"prose"})", "{\"a\": 1", "fail"},
      {R"({"kind":"json","extract":"prose"})", "none at all", "fail"},
      {R"({"kind":"json","extract":{"after":"JSON:"}})", "JSON: {}", "pass"},
      {R"({"kind":"json","extract":{"after":"JSON:"}})", "{}", "absent"},
      {R"({"kind":"json","pointer":"/a","equals":1})", R"({"a":1.0})", "pass"},
      {R"({"kind":"json","pointer":"/a","equals":1})", R"({"a":"1"})", "fail"},
      {R"({"kind":"json","pointer":"/a","equals":true})", R"({"a":1})", "fail"},
      {R"({"kind":"json","pointer":"/a"})", R"({"a":null})", "pass"},
      {R"({"kind":"json","pointer":"/a"})", R"({"b":null})", "fail"},
      {R"({"kind":"json","pointer":"/a/01"})", R"({"a":[1,2]})", "fail"},
      {R"({"kind":"json","pointer":"/a~1b/~0/0","equals":"é"})", R"({"a/b":{"~":["e\u0301"]}})", "pass"},
      {R"({"kind":"json","pointer":"","equals":{"x":[1,{"y":2}]}})", R"({"x":[1.0,{"y":2e0}]})", "pass"},
      {R"({"kind":"json","pointer":"","equals":[1,2]})", "[2,1]", "fail"},
      {R"({"kind":"json","pointer":"/a","equals":"{{case.expected}}"})", R"({"a":{"k":7}})", "pass"},
      {R"({"kind":"json","pointer":"/a/k","equals":"{{case.expected./k}}"})", R"({"a":{"k":7}})", "pass"},
      {R"({"kind":"json","pointer":"/a","equals":"{{case.id}}!"})", R"({"a":"case-1!"})", "pass"},
      {R"({"kind":"json","pointer":"/a","equals":"{{case.vars.no}}"})", R"({"a":1})", "error"},
      {R"({"kind":"json","checks":[{"pointer":"/a","equals":1},{"pointer":"/b"}]})", R"({"a":1,"b":2})", "pass"},
      {R"({"kind":"json","checks":[{"pointer":"/a","equals":1},{"pointer":"/b"}]})", R"({"a":1})", "fail"},
      {R"({"kind":"json","schema":{"type":"object"}})", "[]", "fail"},
      {R"({"kind":"json","schema":{"type":"object"}})", "{}", "pass"},
      {R"({"kind":"json","schema":{"type":"object"}})", "not json", "absent"},
      {R"({"kind":"not_json","schema":{"type":"object"}})", "not json", "absent"},
      {R"({"kind":"not_json","pointer":"/refunded","equals":true})", R"({"refunded":true})", "fail"},
      {R"({"kind":"not_json","pointer":"/refunded","equals":true})", R"({"refunded":false})", "pass"},
  }));
  INFO(row.options << " on " << row.reply);
  CHECK(judge(row.options, row.reply, R"({"k":7})").word == row.word);
}

TEST_CASE("json says where and what") {
  CHECK(judge(R"({"kind":"json","pointer":"/a","equals":"x"})", R"({"a":"y"})").reason ==
        R"(/a is "y", expected "x")");
  CHECK(judge(R"({"kind":"json","pointer":"/a","equals":1})", R"({"a":2})").reason == R"(/a is 2, expected 1)");
  CHECK(judge(R"({"kind":"json","pointer":"/a"})", "{}").reason == "/a is missing");
  CHECK(judge(R"({"kind":"json"})", "{oops").reason.starts_with("the reply is not valid JSON: "));
  CHECK(judge(R"({"kind":"json","schema":{"properties":{"a":{"items":{"type":"string"}}}}})", R"({"a":["x",3]})")
            .reason == R"(against the schema, "/a/1" is number, not "string")");
}

TEST_CASE("hostile JSON is bounded") {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  CHECK(judge(R"({"kind":"json"})", deep).word == "fail");
  CHECK(judge(R"({"kind":"json","extract":"prose"})", deep).word == "fail");
  CHECK(judge(R"({"kind":"json"})", std::string(64, '[') + std::string(64, ']')).word == "pass");
  CHECK(judge(R"({"kind":"json"})", std::string(65, '[') + std::string(65, ']')).word == "fail");
  std::string strings;
  for (int i = 0; i < 300'000; ++i) strings += "[\"";
  CHECK(judge(R"({"kind":"json","extract":"prose"})", strings).word == "fail");
  std::string fences;
  for (int i = 0; i < 200'000; ++i) fences += "```\n";
  CHECK(judge(R"({"kind":"json","extract":"prose"})", fences).word == "fail");
  std::string braces;
  for (int i = 0; i < 200'000; ++i) braces += "{x}";
  CHECK(judge(R"({"kind":"json","extract":"prose"})", braces + "[1]").word == "pass");
}

TEST_CASE("json refuses pointers and checks that are none") {
  CHECK(complaints_about(R"({"kind":"json","pointer":"a"})")[0].message == "not a JSON pointer");
  CHECK(complaints_about(R"({"kind":"json","pointer":"/a~2"})")[0].message == "not a JSON pointer");
  CHECK(complaints_about(R"({"kind":"json","equals":1})")[0].message == "`equals` needs a `pointer`");
  CHECK(complaints_about(R"({"kind":"json","checks":[]})").size() == 1);
  CHECK(complaints_about(R"({"kind":"json","checks":[{"equals":1}]})").size() == 1);
  CHECK(complaints_about(R"({"kind":"json","extract":"fences"})").size() == 1);
  CHECK(complaints_about(R"({"kind":"json","pointer":"/a","equals":{"b":["{{case.x}}"]}})")[0].place.column == 47);
}
