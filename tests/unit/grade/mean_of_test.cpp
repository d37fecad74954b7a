#include "judging.hpp"

namespace headgate::grade {
namespace {

using namespace testing;

const std::string two = R"({"kind":"mean_of","at_least":0.6,"criteria":[)"
                        R"({"name":"brief","grader":{"kind":"length","max":3,"unit":"words"}},)"
                        R"({"name":"number","weight":3,"grader":{"kind":"number","value":12}}]})";

TEST_CASE("mean_of: the weighted mean of the scores decides, and each criterion is a measure") {
  const auto grade = [&](std::string_view text) {
    return std::get<Grade>(step(*grader(two), reply_of(text), case_with("1")));
  };
  const Grade all = grade("it is 12");
  CHECK(all.pass);
  CHECK(all.score == 1.0);
  const Grade right_but_long = grade("well, I think it is 12");
  CHECK(right_but_long.pass);
  CHECK(right_but_long.score == 0.75);
  REQUIRE(right_but_long.measures.size() == 2);
  CHECK(right_but_long.measures[0].name == "brief");
  CHECK(right_but_long.measures[0].value == 0.0);
  CHECK(right_but_long.measures[1].value == 1.0);
  const Grade brief_but_wrong = grade("it is 13");
  CHECK_FALSE(brief_but_wrong.pass);
  CHECK(brief_but_wrong.score == 0.25);
  CHECK(brief_but_wrong.reason.find("mean 0.25, below 0.6 (brief 1, number 0)") != std::string::npos);
}

TEST_CASE("mean_of: a required criterion that fails fails the whole, whatever the mean") {
  const std::string written =
      R"({"kind":"mean_of","at_least":0.5,"criteria":[)"
      R"({"name":"polite","weight":9,"grader":{"kind":"contains","value":"please"}},)"
      R"({"name":"safe","required":true,"grader":{"kind":"not_contains","value":"guarantee"}}]})";
  const auto outcome = judge(written, "please trust our guarantee", case_with("1"));
  CHECK(outcome.word == "fail");
  CHECK(outcome.score == 0.9);
  CHECK(outcome.reason.find("'safe' is required and fails") != std::string::npos);
  CHECK(judge(written, "please wait", case_with("1")).word == "pass");
}

TEST_CASE("mean_of: what is absent counts as nothing, and does not pass turned round") {
  CHECK(judge(two, "no number at all in this", case_with("1")).word == "absent");
  std::string turned = two;
  turned.replace(turned.find("mean_of"), 7, "not_mean_of");
  CHECK(judge(turned, "no number at all in this", case_with("1")).word == "absent");
  CHECK(judge(turned, "it is 13", case_with("1")).word == "pass");
}

TEST_CASE("mean_of: criteria have distinct names that can head a column") {
  const auto complaint = [](const std::string& criteria) {
    Complaints complaints;
    const auto tree =
        parse_json("suite.yaml", R"({"kind":"mean_of","at_least":0.5,"criteria":)" + criteria + "}", complaints);
    CHECK(registry().build(*tree, tree->root(), complaints) == nullptr);
    REQUIRE_FALSE(complaints.empty());
    return complaints.errors().front().message;
  };
  const std::string length = R"("grader":{"kind":"length","max":3}})";
  CHECK(complaint(R"([{"name":"a b",)" + length + "]").find("letters, digits") != std::string::npos);
  CHECK(complaint(R"([{"name":"a",)" + length + R"(,{"name":"a",)" + length + "]") == "two criteria are called 'a'");
  CHECK_FALSE(complaint("[]").empty());
}

}  // namespace
}  // namespace headgate::grade
