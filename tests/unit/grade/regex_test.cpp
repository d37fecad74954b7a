#include "judging.hpp"

using namespace headgate::grade::testing;

TEST_CASE("regex matches anywhere, or the whole text with full") {
  struct Row {
    const char* options;
    const char* reply;
    const char* word;
  };
  const Row row = GENERATE(values<Row>({
      {R"({"kind":"regex","pattern":"\\d{3}"})", "call 1234 now", "pass"},
      {R"({"kind":"regex","pattern":"\\d{3}","full":true})", "call 123", "fail"},
      {R"({"kind":"regex","pattern":"\\d{3}","full":true})", " 123\n", "pass"},
      {R"({"kind":"regex","pattern":"^yes$"})", "yes\n", "pass"},
      {R"({"kind":"regex","pattern":"^yes$","trim":false})", "yes\n", "fail"},
      {R"({"kind":"regex","pattern":"(?m)^b$"})", "a\nb\nc", "pass"},
      {R"({"kind":"regex","pattern":"[A-Z]{2}-\\d","fold_case":true})", "ref ab-1", "pass"},
      {R"({"kind":"regex","pattern":"[A-Z]{2}-\\d"})", "ref ab-1", "fail"},
      {R"({"kind":"regex","pattern":"^.$"})", "é", "pass"},
      {R"({"kind":"regex","pattern":"^.$"})", "e\u0301", "pass"},
      {R"({"kind":"regex","pattern":"^\u65e5.$"})", "日本", "pass"},
      {R"({"kind":"regex","pattern":"^total {{case.expected}}$"})", "total 3.5", "pass"},
      {R"({"kind":"regex","pattern":"^total {{case.expected}}$"})", "total 3x5", "fail"},
      {R"({"kind":"regex","pattern":"{{case.vars.code}}"})", "anything", "error"},
      {R"({"kind":"regex","pattern":"x","extract":{"after":"A:"}})", "x", "absent"},
  }));
  INFO(row.options << " on " << row.reply);
  CHECK(judge(row.options, row.reply, R"("3.5")").word == row.word);
}

TEST_CASE("a bad pattern is a complaint at its fault inside the pattern") {
  struct Row {
    const char* options;
    std::size_t column;  // of the fault
    const char* message;
  };
  const Row row = GENERATE(values<Row>({
      {R"({"kind":"regex","pattern":"(unclosed"})", 28, "missing )"},
      {R"({"kind":"regex","pattern":"a(b)(c"})", 32, "missing )"},
      {R"j({"kind":"regex","pattern":"ab)"})j", 28, "unexpected )"},
      {R"({"kind":"regex","pattern":"ab[c"})", 30, "missing ]"},
      {R"({"kind":"regex","pattern":"ab**"})", 30, "bad repetition"},
      {R"j({"kind":"regex","pattern":"ab(?=c)"})j", 30, "invalid perl operator"},
      {R"({"kind":"regex","pattern":"ab[z-a]"})", 31, "invalid character class range"},
  }));
  INFO(row.options);
  const auto errors = complaints_about(row.options);
  CHECK(errors.size() == 1);
  CHECK(errors[0].place.line == 1);
  CHECK(errors[0].place.column == row.column);
  CHECK(errors[0].message.find(row.message) != std::string::npos);
}

TEST_CASE("look-around and back-references are refused with the reason") {
  CHECK(complaints_about(R"j({"kind":"regex","pattern":"a(?!b)"})j")[0].hint.find("no look-around") !=
        std::string::npos);
  CHECK(complaints_about(R"({"kind":"regex","pattern":"(a)\\1"})")[0].hint.find("back-references") !=
        std::string::npos);
  CHECK(complaints_about(R"({"kind":"regex","pattern":"({{case.expected}}"})")[0].message.find("missing )") !=
        std::string::npos);
}

TEST_CASE("patterns that explode elsewhere take linear time") {
  // Exponential for a backtracking engine: the test would never end.
  const std::string reply(1'000'000, 'a');
  CHECK(judge(R"({"kind":"regex","pattern":"(a+)+$"})", reply).word == "pass");
  CHECK(judge(R"({"kind":"regex","pattern":"(a+)+b"})", reply + "!").word == "fail");
  CHECK(judge(R"({"kind":"regex","pattern":"(a|b)*c","full":true})", reply).word == "fail");
}
