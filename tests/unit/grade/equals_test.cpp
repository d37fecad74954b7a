#include "judging.hpp"

using namespace headgate::grade::testing;

TEST_CASE("equals compares after trimming and normalising") {
  struct Row {
    const char* options;
    const char* reply;
    const char* expected;
    const char* word;
  };
  const Row row = GENERATE(values<Row>({
      {R"({"kind":"equals"})", "Paris", R"("Paris")", "pass"},
      {R"({"kind":"equals"})", "  Paris\n", R"("Paris ")", "pass"},
      {R"({"kind":"equals"})", "paris", R"("Paris")", "fail"},
      {R"({"kind":"equals","fold_case":true})", "PARIS", R"("Paris")", "pass"},
      {R"({"kind":"equals","fold_case":true})", "STRASSE", R"("Straße")", "pass"},
      {R"({"kind":"equals","fold_case":true})", "ПРИВЕТ", R"("привет")", "pass"},
      {R"({"kind":"equals"})", "Paris.", R"("Paris")", "fail"},
      {R"({"kind":"equals"})", "caf\u00e9", R"("cafe\u0301")", "pass"},
      {R"({"kind":"equals"})", "cafe\u0301", R"("café")", "pass"},
      {R"({"kind":"equals"})", "か\u3099", R"("が")", "pass"},
      {R"({"kind":"equals"})", "👍🏽", R"("👍🏽")", "pass"},
      {R"({"kind":"equals"})", "👍", R"("👍🏽")", "fail"},
      {R"({"kind":"equals"})", "ＡＢＣ", R"("ABC")", "fail"},
      {R"({"kind":"equals"})", "\u3000東京\u3000", R"("東京")", "pass"},
      {R"({"kind":"equals"})", "18", "18", "pass"},
      {R"({"kind":"equals"})", "1.5", "1.5", "pass"},
      {R"({"kind":"equals"})", "true", "true", "pass"},
      {R"({"kind":"equals"})", "tab\there", R"("tab\there")", "pass"},
      {R"({"kind":"equals"})", "say \"no\"", R"("say \"no\"")", "pass"},
      {R"({"kind":"equals"})", "b", R"(["a","b"])", "pass"},
      {R"({"kind":"equals"})", "c", R"(["a","b"])", "fail"},
      {R"({"kind":"equals","value":["a","b"]})", "b", "null", "pass"},
      {R"({"kind":"equals","value":42})", "42", "null", "pass"},
      {R"({"kind":"equals","value":"{{case.id}}: {{ case.expected }}"})", "case-1: 7", "7", "pass"},
      {R"({"kind":"equals","trim":false})", "Paris\n", R"("Paris")", "fail"},
      {R"({"kind":"equals","trim":false})", "Paris\n", R"("Paris\n")", "pass"},
      {R"({"kind":"equals"})", "Paris", "null", "error"},
      {R"({"kind":"equals"})", "Paris", "", "error"},
      {R"({"kind":"equals"})", "Paris", "[]", "error"},
      {R"({"kind":"equals"})", "Paris", R"(["Paris",null])", "error"},
      {R"({"kind":"equals","value":"{{case.vars.city}}"})", "", R"("x")", "error"},
  }));
  INFO(row.options << " on " << row.reply << " with " << row.expected);
  CHECK(judge(row.options, row.reply, row.expected).word == row.word);
}

TEST_CASE("equals reads a chain-of-thought answer as the published grading does") {
  const std::string written =
      R"({"kind":"equals","value":"{{case.expected}}","extract":{"after":"So the answer is ","else":"whole","line":"first","drop_suffix":"."}})";
  struct Row {
    const char* reply;
    const char* word;
  };
  const Row row = GENERATE(values<Row>({
      {"First this. So the answer is (B).", "pass"},
      {"So the answer is (B).\n\nQ: next. So the answer is (A).", "pass"},
      {"So the answer is (A). So the answer is (B).", "fail"},
      {"So the answer is (B)..", "fail"},
      {"So the answer is  (B) .", "pass"},
      {"(B)", "pass"},
      {"(B).\nand more", "pass"},
      {"\n(B)", "fail"},
      {"The answer is (B).", "fail"},
      {"So the answer is (B).\r\nmore", "pass"},
  }));
  INFO(row.reply);
  CHECK(judge(written, row.reply, R"j("(B)")j").word == row.word);
}

TEST_CASE("equals says what it found, briefly") {
  const auto outcome = judge(R"({"kind":"equals"})", std::string(1'000'000, 'a') + "\nend", R"("18")");
  CHECK(outcome.word == "fail");
  CHECK(outcome.reason.size() < 140);
  CHECK(outcome.reason.find("…") != std::string::npos);
  CHECK(outcome.reason.find("expected \"18\"") != std::string::npos);
  CHECK(outcome.reason.find('\n') == std::string::npos);
  CHECK(judge(R"({"kind":"equals"})", "17", R"("18")").reason == R"(found "17", expected "18")");
}
