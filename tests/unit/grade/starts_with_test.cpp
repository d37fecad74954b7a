#include "judging.hpp"

using namespace headgate::grade::testing;

TEST_CASE("starts_with looks at the start of the trimmed text") {
  const std::string yes_no = R"({"kind":"starts_with","value":["Yes","No"]})";
  CHECK(judge(yes_no, "\n Yes, of course").word == "pass");
  CHECK(judge(yes_no, "No.").word == "pass");
  CHECK(judge(yes_no, "yes").word == "fail");
  CHECK(judge(yes_no, "Well, yes").reason == R"(starts with "Well, yes", expected "Yes")");
  CHECK(judge(R"({"kind":"starts_with","value":"yes","fold_case":true})", "YES!").word == "pass");
  CHECK(judge(R"({"kind":"starts_with","trim":false})", " x").word == "fail");
  CHECK(judge(R"({"kind":"starts_with"})", "e\u0301t\u00e9", R"("\u00e9t")").word == "pass");
  CHECK(judge(R"({"kind":"starts_with"})", "abc", R"("abcd")").word == "fail");
  CHECK(judge(R"({"kind":"not_starts_with","value":"As an AI"})", "Sure").word == "pass");
}
