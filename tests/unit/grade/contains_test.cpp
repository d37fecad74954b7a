#include "judging.hpp"

using namespace headgate::grade::testing;

TEST_CASE("contains, contains_any and contains_all") {
  struct Row {
    const char* options;
    const char* reply;
    const char* expected;
    const char* word;
  };
  const Row row = GENERATE(values<Row>({
      {R"({"kind":"contains","value":"refund"})", "Your refund is due", "", "pass"},
      {R"({"kind":"contains","value":"refund"})", "Your Refund is due", "", "fail"},
      {R"({"kind":"contains","value":"refund","fold_case":true})", "Your REFUND is due", "", "pass"},
      {R"({"kind":"contains","value":"größe","fold_case":true})", "Die GRÖSSE", "", "pass"},
      {R"({"kind":"contains"})", "it is 18 dollars", "18", "pass"},
      {R"({"kind":"contains"})", "naïve", R"("nai\u0308ve")", "pass"},
      {R"({"kind":"contains"})", "anything", R"("")", "error"},
      {R"({"kind":"contains"})", "a and b", R"(["a","b"])", "error"},
      {R"({"kind":"contains"})", "anything", "", "error"},
      {R"({"kind":"contains","value":" x "})", "a x b", "", "pass"},
      {R"({"kind":"contains","value":"{{open}}name}}"})", "Dear {{name}},", "", "pass"},
      {R"({"kind":"contains","value":"unfinished {{open}} brace"})", "an unfinished {{ brace", "", "pass"},
      {R"({"kind":"contains_any","value":["cash","refund"]})", "refund", "", "pass"},
      {R"({"kind":"contains_any","value":["cash","refund"]})", "voucher", "", "fail"},
      {R"({"kind":"contains_any"})", "b", R"(["a","b"])", "pass"},
      {R"({"kind":"contains_any"})", "b2", R"([1,2])", "pass"},
      {R"({"kind":"contains_any"})", "b", R"("b")", "pass"},
      {R"({"kind":"contains_any","value":["{{case.expected}}","z"]})", "b", R"(["a","b"])", "pass"},
      {R"({"kind":"contains_all","value":["a","b"]})", "b a", "", "pass"},
      {R"({"kind":"contains_all","value":["a","b"]})", "a", "", "fail"},
      {R"({"kind":"contains_all"})", "a b c", R"(["a","b"])", "pass"},
      {R"({"kind":"contains_all"})", "a c", R"(["a","b"])", "fail"},
      {R"({"kind":"contains_all"})", "a c", "[]", "error"},
      {R"({"kind":"contains_all","value":["{{case.expected./0}}","{{case.expected./1/x}}"]})", "a b",
       R"(["a",{"x":"b"}])", "pass"},
      {R"({"kind":"contains_all","value":["{{case.expected./7}}"]})", "a b", R"(["a"])", "error"},
      {R"({"kind":"contains","value":"see {{case.expected}}"})", "see [1,2]", "[1,2]", "pass"},
      {R"({"kind":"not_contains","value":"guaranteed refund"})", "we will look into it", "", "pass"},
      {R"({"kind":"not_contains","value":"guaranteed refund"})", "a guaranteed refund!", "", "fail"},
      {R"({"kind":"not_contains","value":"x","extract":{"after":"Final:"}})", "x but no marker", "", "absent"},
      {R"({"kind":"not_contains","value":"x","extract":{"after":"Final:","else":"whole"}})", "x but no marker", "",
       "fail"},
      {R"({"kind":"not_contains_any","value":["a","b"]})", "xyz", "", "pass"},
      {R"({"kind":"not_contains_all","value":["a","b"]})", "a", "", "pass"},
      {R"({"kind":"not_contains"})", "anything", "", "error"},
  }));
  INFO(row.options << " on " << row.reply << " with " << row.expected);
  CHECK(judge(row.options, row.reply, row.expected).word == row.word);
}

TEST_CASE("contains finds a needle at the end of a megabyte") {
  const std::string reply = std::string(1'000'000, 'a') + "needle";
  CHECK(judge(R"({"kind":"contains","value":"needle"})", reply).word == "pass");
  CHECK(judge(R"({"kind":"contains","value":"NEEDLE","fold_case":true})", reply).word == "pass");
  CHECK(judge(R"({"kind":"contains","value":"haystack"})", reply).word == "fail");
}
