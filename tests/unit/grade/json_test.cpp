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
  CHECK(judge(R"({"kind":"json","pointer":"/a","equals":"x"})", R"({"a":"y"})").reason == R"(/a is "y", expected "x")");
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
  CHECK(complaints_about(R"({"kind":"json","checks":[]})").size() == 1);
  CHECK(complaints_about(R"({"kind":"json","checks":[{"equals":1}]})").size() == 1);
  CHECK(complaints_about(R"({"kind":"json","values":{}})")[0].message == "`values` is empty");
  CHECK(complaints_about(R"({"kind":"json","values":{"a":1}})")[0].place.column == 26);
  CHECK(complaints_about(R"({"kind":"json","values":{"/a":{"near":1,"tolerence":2}}})")[0].hint ==
        "did you mean 'tolerance'?");
  CHECK(complaints_about(R"({"kind":"json","values":{"/a":{"near":"x"}}})")[0].message == "`near` must be a number");
  CHECK(complaints_about(R"({"kind":"json","values":{"/a":{"matches":"("}}})")[0].place.column == 43);
  CHECK(complaints_about(R"({"kind":"json","values":{"/a":{"exists":false,"equals":1}}})")[0].message ==
        "what must not be there has no value to check");
  CHECK(complaints_about(R"({"kind":"json","values":{"/a":{"matches":"a","tolerance":1}}})")[0].message ==
        "a tolerance says nothing without a number");
  CHECK(complaints_about(R"({"kind":"json","tolerance":1})")[0].message == "nothing is compared here");
  CHECK(complaints_about(R"({"kind":"json","equals":1,"ignore":["a"]})")[0].message == "not a JSON pointer");
  CHECK(complaints_about(R"({"kind":"json","which":"last"})")[0].message ==
        "`which` says nothing where the JSON is the whole text");
  CHECK(complaints_about(R"({"kind":"json","score":"share"})")[0].message == "a share of no places");
  CHECK(complaints_about(R"({"kind":"json","schema":{"type":"strnig"},"values":{"a":{"near":"x"}}})").size() == 3);
  CHECK(complaints_about(R"({"kind":"json","extract":"fences"})").size() == 1);
  CHECK(complaints_about(R"({"kind":"json","pointer":"/a","equals":{"b":["{{case.x}}"]}})")[0].place.column == 47);
}

TEST_CASE("of several JSONs one is chosen by rule") {
  const std::string two = "First:\n```json\n{\"a\":1}\n```\nOn reflection:\n```json\n{\"a\":2}\n```\n";
  const auto with = [](const std::string& from, const std::string& which) {
    return R"({"kind":"json","extract":")" + from + R"(","which":")" + which + R"(","pointer":"/a","equals":2})";
  };
  CHECK(judge(R"({"kind":"json","extract":"fenced","pointer":"/a","equals":1})", two).word == "pass");
  CHECK(judge(with("fenced", "first"), two).word == "fail");
  CHECK(judge(with("fenced", "last"), two).word == "pass");
  CHECK(judge(with("fenced", "only"), two).word == "absent");
  CHECK(judge(with("fenced", "only"), two).reason == "the reply has more than one JSON, and they differ");
  CHECK(judge(with("prose", "last"), two).word == "pass");
  const std::string prose = "It was {\"a\":1} and is {\"a\":2}.";
  CHECK(judge(with("prose", "first"), prose).word == "fail");
  CHECK(judge(with("prose", "last"), prose).word == "pass");
  CHECK(judge(with("prose", "only"), prose).word == "absent");
  CHECK(judge(with("prose", "only"), "{\"a\":2} means {\"a\": 2.0}").word == "pass");
  CHECK(judge(with("prose", "only"), "{\"b\":{\"a\":2},\"a\":2}").word == "pass");
  CHECK(judge(with("fenced", "last"), "```json\n{\"a\":2}\n```\n```python\nprint(1)\n```").word == "pass");
}

TEST_CASE("JSON in a reply is read strictly, and a fault is the reply's") {
  const std::string inside =
      GENERATE(R"({"a":1,})", R"({"a":1 /* one */})", "{\"a\":1 // one\n}", R"({"a":1,"a":2})", R"({"a":NaN})",
               R"({"a":Infinity})", R"({'a':1})", R"({a:1})", R"({"a":01})", R"({"a":123456789012345678901234567890})",
               "{\"a\":\"\\ud800\"}", "{\"a\":\"\x01\"}", "\u201C{}\u201D", "{\u00A0\"a\":1}", "{\"a\":\uFF11}",
               "\u202E{\"a\":1}");
  INFO(inside);
  CHECK(judge(R"({"kind":"json"})", inside).word == "fail");
  CHECK(judge(R"({"kind":"json","extract":"fenced"})", "```json\n" + inside + "\n```").word == "fail");
  CHECK(judge(R"({"kind":"json","pointer":"/a"})", inside).word == "absent");
  CHECK(judge(R"({"kind":"not_json","pointer":"/a"})", inside).word == "absent");
}

TEST_CASE("fences are found as people write them") {
  const std::string one = R"({"kind":"json","extract":"fenced","pointer":"/a","equals":1})";
  const std::string reply =
      GENERATE("```json\n{\"a\":1}\n```", "```json\r\n{\"a\":1}\r\n```\r\n", "``` json\n{\"a\":1}\n```",
               "````json\n{\"a\":1}\n````", "~~~\n{\"a\":1}\n~~~", "   ```json\n   {\"a\":1}\n   ```",
               "Here you go: ```json\n{\"a\":1}\n``` Enjoy!", "```json {\"a\":1}```", "```{\"a\":1}```",
               "```{.json}\n{\"a\":1}\n```", "Use ```x``` then\n```json\n{\"a\":1}\n```",
               "```json\n{\"a\":1,\"b\":\"```\"}\n```", "```JSON5\n{\"a\":1}\n```",
               "```text\nno\n```\n```json\n{\"a\":1}", "1. Do\n   ```json\n   {\"a\": 1}\n   ```");
  INFO(reply);
  CHECK(judge(one, reply).word == "pass");
}

TEST_CASE("json compares places as loosely as it is told") {
  struct Row {
    const char* options;
    const char* reply;
    const char* word;
  };
  const char* order =
      R"({"total":12.5,"items":[{"id":7,"name":"tea","tags":["a","b"]},{"id":8,"name":"milk","tags":[]}]})";
  const Row row = GENERATE_COPY(values<Row>({
      {R"("values":{"/total":{"near":12.5,"tolerance":0.01},"/items/0/name":"tea"})", order, "pass"},
      {R"("values":{"/total":{"near":12.51,"tolerance":0.01}})", order, "pass"},
      {R"("values":{"/total":{"near":12.52,"tolerance":0.01}})", order, "fail"},
      {R"("values":{"/total":{"near":12.5}})", order, "pass"},
      {R"("values":{"/total":{"near":12.6,"relative":0.01}})", order, "pass"},
      {R"("values":{"/total":{"near":"{{case.expected./total}}","tolerance":0}})", order, "pass"},
      {R"("values":{"/total":{"near":"{{case.expected./no}}","tolerance":0}})", order, "error"},
      {R"("values":{"/items/0/name":{"near":1,"tolerance":1}})", order, "fail"},
      {R"("values":{"/items/0/name":{"matches":"^te"}})", order, "pass"},
      {R"("values":{"/total":{"matches":"12"}})", order, "fail"},
      {R"("values":{"/items/1/name":{"one_of":["cream","milk"]}})", order, "pass"},
      {R"("values":{"/items/1/name":{"one_of":["cream"]}})", order, "fail"},
      {R"("values":{"/items/2":{"exists":false},"/items/1":{"exists":true}})", order, "pass"},
      {R"("values":{"/items/1":{"exists":false}})", order, "fail"},
      {R"("values":{"/items/0/tags":["a","b"]})", order, "pass"},
      {R"("values":{"/items/0/tags":["b","a"]})", order, "fail"},
      {R"("values":{"/items/0/tags":["b","a"]},"any_order":true)", order, "pass"},
      {R"("values":{"/items/0":{"id":7}},"extra_keys":true)", order, "pass"},
      {R"("values":{"/items/0":{"id":7}})", order, "fail"},
      {R"("values":{"/items/0":{"equals":{"exists":1}}},"extra_keys":true)", order, "fail"},
      {R"("checks":[{"pointer":"/total","near":12.4,"tolerance":0.2},{"pointer":"/items/5","exists":false}])", order,
       "pass"},
      {R"("equals":"{{case.expected}}")", order, "pass"},
      {R"("equals":"{{case.expected}}")", R"({"total":12.5})", "fail"},
      {R"("equals":"{{case.expected}}","any_order":true)",
       R"({"items":[{"tags":[],"id":8,"name":"milk"},{"id":7,"name":"tea","tags":["b","a"]}],"total":12.5})", "pass"},
      {R"("equals":"{{case.expected}}","any_order":true,"tolerance":0.6)",
       R"({"items":[{"tags":[],"id":7.5,"name":"milk"},{"id":6.5,"name":"tea","tags":["b","a"]}],"total":13})", "pass"},
      {R"("equals":"{{case.expected}}","any_order":true,"tolerance":0.4)",
       R"({"items":[{"tags":[],"id":7.5,"name":"milk"},{"id":7,"name":"tea","tags":["b","a"]}],"total":12.5})", "fail"},
      {R"("equals":"{{case.expected}}","ignore":["/total","/items/*/id"])",
       R"({"total":0,"items":[{"id":1,"name":"tea","tags":["a","b"]},{"name":"milk","tags":[]}]})", "pass"},
      {R"("equals":"{{case.expected}}","ignore":["/items/*/id"])",
       R"({"total":0,"items":[{"id":1,"name":"tea","tags":["a","b"]},{"name":"milk","tags":[]}]})", "fail"},
      {R"("equals":"{{case.expected}}","any_order":true,"ignore":["/items/*/id"])",
       R"({"total":12.5,"items":[{"name":"milk","tags":[]},{"id":1,"name":"tea","tags":["b","a"]}]})", "pass"},
  }));
  INFO(row.options << " on " << row.reply);
  CHECK(judge(R"({"kind":"json",)" + std::string(row.options) + "}", row.reply, order).word == row.word);
}

TEST_CASE("matches with a tolerance are traded until all fit") {
  // 1.0 may match either; were it spent on 1.4, nothing would be left for 0.6.
  const std::string grader = R"({"kind":"json","equals":"{{case.expected}}","any_order":true,"tolerance":0.45})";
  CHECK(judge(grader, "[1.0,1.8]", "[1.4,0.6]").word == "pass");
  CHECK(judge(grader, "[1.0,1.9]", "[1.4,0.6]").word == "fail");
  CHECK(judge(grader, "[3,2,1,0]", "[0.4,1.4,2.4,3.4]").word == "pass");
  std::string many = "[", shifted = "[";
  for (int i = 0; i < 300; ++i) {
    many += (i > 0 ? "," : "") + std::to_string(i);
    shifted += (i > 0 ? "," : "") + std::to_string(299 - i) + ".3";
  }
  CHECK(judge(grader, many + "]", shifted + "]").word == "pass");
  std::string too_many = "[0";
  for (int i = 0; i < 5'000; ++i) too_many += ",0";
  CHECK(
      judge(R"({"kind":"json","equals":"{{case.expected}}","any_order":true})", too_many + "]", too_many + "]").word ==
      "pass");
}

TEST_CASE("a share of the places is a score, and only all of them pass") {
  const std::string grader = R"({"kind":"json","values":{"/a":1,"/b":2,"/c":3,"/d":{"exists":false}},"score":"share"})";
  const auto some = judge(grader, R"({"a":1,"b":0,"d":1})");
  CHECK(some.word == "fail");
  CHECK(some.score == 0.25);
  CHECK(some.reason == "1 of 4 places as asked; /b is 0, expected 2");
  CHECK(judge(grader, R"({"a":1,"b":2,"c":3})").score == 1.0);
  CHECK(judge(turned_round(grader), R"({"a":1,"b":2,"c":3})").word == "fail");
}

TEST_CASE("replies of 16 MB are judged") {
  constexpr std::size_t size = std::size_t{16} << 20;
  const std::string inside = R"({"kind":"json","extract":"prose","pointer":"/a"})";
  CHECK(judge(inside, std::string(size, '`')).word == "absent");
  CHECK(judge(inside, std::string(size, '{')).word == "absent");
  CHECK(judge(inside, std::string(size, '\0')).word == "absent");
  std::string ticks;
  for (std::size_t length = 4'000; length > 2; --length) ticks += std::string(length, '`') + "x";
  CHECK(judge(inside, ticks).word == "absent");
  std::string list = "[";
  while (list.size() < size / 4) list += "1,";
  CHECK(judge(R"({"kind":"json","schema":{"items":{"type":"integer","minimum":0}}})", list + "1]").word == "pass");
}
