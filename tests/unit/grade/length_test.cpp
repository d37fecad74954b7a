#include "judging.hpp"

using namespace headgate::grade::testing;

TEST_CASE("length counts what unit says, in the trimmed text") {
  struct Row {
    const char* options;
    const char* reply;
    const char* word;
  };
  const Row row = GENERATE(values<Row>({
      {R"({"kind":"length","max":5})", "hello", "pass"},
      {R"({"kind":"length","max":5})", "hello!", "fail"},
      {R"({"kind":"length","min":5,"max":5})", "  hello \n", "pass"},
      {R"({"kind":"length","max":5,"trim":false})", "hello\n", "fail"},
      {R"({"kind":"length","max":2})", "日本", "pass"},
      {R"({"kind":"length","max":1})", "e\u0301", "pass"},
      {R"({"kind":"length","max":2,"unit":"bytes"})", "日本", "fail"},
      {R"({"kind":"length","max":2,"unit":"words"})", " two\twords ", "pass"},
      {R"({"kind":"length","max":2,"unit":"words"})", "now three words", "fail"},
      {R"({"kind":"length","max":2,"unit":"lines"})", "a\nb\n", "pass"},
      {R"({"kind":"length","max":2,"unit":"lines"})", "a\nb\nc", "fail"},
      {R"({"kind":"length","min":3,"unit":"lines"})", "a\n\nc", "pass"},
      {R"({"kind":"length","min":1,"extract":{"after":"A:"}})", "A: ", "fail"},
      {R"({"kind":"length","max":0,"extract":{"after":"A:"}})", "A: ", "pass"},
  }));
  INFO(row.options << " on " << row.reply);
  CHECK(judge(row.options, row.reply).word == row.word);
}

TEST_CASE("length needs a bound that some text can meet") {
  CHECK(complaints_about(R"({"kind":"length"})")[0].message == "length needs `min` or `max`");
  CHECK(complaints_about(R"({"kind":"length","min":3,"max":2})")[0].message == "`max` is below `min`: no text passes");
  CHECK(judge(R"({"kind":"length","max":2,"unit":"words"})", "a b c").reason == "has 3 words, at most 2 asked");
}
