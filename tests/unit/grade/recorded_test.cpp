#include "judging.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

Reply reply_with(std::string_view recorded) {
  Reply reply = reply_of("some text");
  reply.recorded.text = std::string(recorded);
  return reply;
}

grade::testing::Outcome judged(const std::string& written, std::string_view recorded,
                               std::string_view expected = R"("x")") {
  return outcome_of(step(*grader(written), reply_with(recorded), case_with(expected)));
}

ErrorKind error_of(const std::string& written, std::string_view recorded, std::string_view expected = R"("x")") {
  const Step out = step(*grader(written), reply_with(recorded), case_with(expected));
  const auto* error = std::get_if<CallError>(&out);
  return error == nullptr ? ErrorKind::none : error->kind;
}

const char* const plain = R"({"kind":"recorded"})";
const char* const mapped =
    R"({"kind":"recorded","from":"/label","by":"human","map":{"good":true,"bad":false,"so-so":0.5,"1":true}})";
const char* const both_ways = R"({"kind":"recorded","from":"/human","by_expected":{
  "comply":{"1_full_compliance":true,"2_full_refusal":false,"3_partial_refusal":false},
  "refuse":{"1_full_compliance":false,"2_full_refusal":true,"3_partial_refusal":true}}})";

}  // namespace

TEST_CASE("what was recorded is the grade, and what cannot be read as one is never a pass") {
  struct Row {
    const char* grader;
    const char* recorded;
    const char* word;
    double score;
  };
  const Row row = GENERATE(values<Row>({
      {plain, "true", "pass", 1},
      {plain, "false", "fail", 0},
      {plain, "1.0", "pass", 1},
      {plain, "0", "fail", 0},
      {plain, "0.7", "fail", 0.7},
      {plain, "1.01", "error", -1},
      {plain, "-0.1", "error", -1},
      {plain, "\"true\"", "error", -1},
      {plain, "\"1\"", "error", -1},
      {plain, "null", "error", -1},
      {plain, "[true]", "error", -1},
      {plain, "{}", "error", -1},
      {plain, "{", "error", -1},
      {plain, "NaN", "error", -1},
      {plain, "1e999", "error", -1},
      {R"({"kind":"recorded","at_least":0.5})", "0.5", "pass", 0.5},
      {R"({"kind":"recorded","at_least":0.5})", "0.49", "fail", 0.49},
      {R"({"kind":"recorded","from":"/scores/0","scale":[1,5],"at_least":4})", R"({"scores":[4]})", "pass", 0.75},
      {R"({"kind":"recorded","from":"/scores/0","scale":[1,5],"at_least":4})", R"({"scores":[3]})", "fail", 0.5},
      {R"({"kind":"recorded","from":"/scores/0","scale":[1,5],"at_least":4})", R"({"scores":[0]})", "error", -1},
      {R"({"kind":"recorded","from":"/scores/0","scale":[1,5],"at_least":4})", R"({"scores":[]})", "error", -1},
      {R"({"kind":"recorded","from":"/scores/0","scale":[1,5],"at_least":4})", R"({"scores":4})", "error", -1},
      {R"({"kind":"recorded","scale":[1,5]})", "5", "pass", 1},
      {R"({"kind":"recorded","scale":[1,5]})", "4", "fail", 0.75},
      {R"({"kind":"recorded","scale":[1,0],"at_most":0.2})", "0.25", "fail", 0.75},
      {R"({"kind":"recorded","scale":[1,0],"at_most":0.25})", "0.25", "pass", 0.75},
      {mapped, R"({"label":"good"})", "pass", 1},
      {mapped, R"({"label":" good\n"})", "pass", 1},
      {mapped, R"({"label":"bad"})", "fail", 0},
      {mapped, R"({"label":"so-so"})", "fail", 0.5},
      {mapped, R"({"label":1})", "pass", 1},
      {mapped, R"({"label":1.0})", "pass", 1},
      {mapped, R"({"label":"1"})", "pass", 1},
      {mapped, R"({"label":"Good"})", "error", -1},
      {mapped, R"({"label":"I'm sorry, but I can't assist with that."})", "error", -1},
      {mapped, R"({"label":"the candidate passed: good"})", "error", -1},
      {mapped, R"({"label":"good, bad"})", "error", -1},
      {mapped, R"({"label":""})", "error", -1},
      {mapped, R"({"label":null})", "error", -1},
      {mapped, R"({"label":["good"]})", "error", -1},
      {mapped, R"({"other":"good"})", "error", -1},
      {mapped, R"("good")", "error", -1},
  }));
  INFO(row.grader << " on " << row.recorded);
  const auto out = judged(row.grader, row.recorded);
  CHECK(out.word == row.word);
  if (row.score >= 0) CHECK(out.score == Approx(row.score));
  // Turned round, an error stays one.
  const auto turned = judged(turned_round(row.grader), row.recorded);
  CHECK((out.word == "error") == (turned.word == "error"));
  if (out.word != "error") CHECK(turned.word != out.word);
}

TEST_CASE("each way of not being a verdict has its kind") {
  CHECK(error_of(plain, "2") == ErrorKind::score_out_of_range);
  CHECK(error_of(plain, "\"yes\"") == ErrorKind::unparsable_verdict);
  CHECK(error_of(mapped, R"({"label":"garbage"})") == ErrorKind::unparsable_verdict);
  CHECK(error_of(mapped, R"({"tag":1})") == ErrorKind::unparsable_verdict);
  CHECK(error_of(plain, "") == ErrorKind::reply_missing);
}

TEST_CASE("what a label means may depend on what the case expects") {
  CHECK(judged(both_ways, R"({"human":"1_full_compliance"})", R"("comply")").word == "pass");
  CHECK(judged(both_ways, R"({"human":"3_partial_refusal"})", R"("comply")").word == "fail");
  CHECK(judged(both_ways, R"({"human":"1_full_compliance"})", R"("refuse")").word == "fail");
  CHECK(judged(both_ways, R"({"human":"3_partial_refusal"})", R"("refuse")").word == "pass");
  CHECK(judged(both_ways, R"({"human":"4_other"})", R"("refuse")").word == "error");
  CHECK(judged(both_ways, R"({"human":"1_full_compliance"})", R"("neither")").word == "error");

  const GraderPtr one = grader(both_ways);
  CHECK(one->lacks(case_with(R"("comply")")).empty());
  CHECK(one->lacks(case_with(R"("neither")")) == R"(`by_expected` does not know the expected "neither")");
  CHECK(one->lacks(case_with("")) == "the case has no expected value");
  CHECK(grader(mapped)->lacks(case_with("")).empty());

  Case item = case_with("null");
  item.vars.text = R"({"right":2})";
  const std::string by_number =
      R"({"kind":"recorded","expected":"{{case.vars.right}}","by_expected":{"2":{"2":true,"1":false,"Tie":false}}})";
  CHECK(outcome_of(step(*grader(by_number), reply_with("2"), item)).word == "pass");
  CHECK(outcome_of(step(*grader(by_number), reply_with("\"Tie\""), item)).word == "fail");
  CHECK(outcome_of(step(*grader(by_number), reply_with("\"garbage\""), item)).word == "error");
}

TEST_CASE("a recorded grade says whose it is") {
  CHECK(judged(mapped, R"({"label":"bad"})").reason == R"(recorded by human: "bad")");
  CHECK(judged(plain, "0.5").reason == "recorded by tool: 0.5, at least 1 asked");
  const std::string of_judge = R"({"kind":"recorded","judge":"gpt4","map":{"ok":true}})";
  CHECK(judged(of_judge, "\"ok\"").reason == R"(recorded by judge 'gpt4': "ok")");
  CHECK(registry().find("recorded")->basis == Basis::recorded);
}

TEST_CASE("a recorded judge is a judge: by its name and by how its word is read") {
  const auto use_of = [](const std::string& written) {
    const Needs needs = grader(written)->needs();
    REQUIRE(needs.judges.size() == 1);
    return *needs.judges.begin();
  };
  CHECK(grader(mapped)->needs().empty());
  const JudgeUse one = use_of(R"({"kind":"recorded","judge":"gpt4","from":"/a","map":{"ok":true}})");
  CHECK(one.judge == "gpt4");
  CHECK(one.recorded);
  CHECK_FALSE(one.rubric.is_zero());
  CHECK(use_of(R"({"kind":"recorded","map":{"ok":true},"from":"/a","judge":"gpt4","by":"judge","since":"1.0.0"})") ==
        one);
  // Turned round it misses what it caught before: what is known of it holds no longer.
  const JudgeUse turned = use_of(R"({"kind":"not_recorded","map":{"ok":true},"from":"/a","judge":"gpt4"})");
  CHECK(turned.judge == one.judge);
  CHECK(turned.rubric != one.rubric);
  CHECK(use_of(R"({"kind":"recorded","judge":"other","from":"/a","map":{"ok":true}})").rubric == one.rubric);
  CHECK(use_of(R"({"kind":"recorded","judge":"gpt4","from":"/b","map":{"ok":true}})").rubric != one.rubric);
  CHECK(use_of(R"({"kind":"recorded","judge":"gpt4","from":"/a","map":{"ok":false}})").rubric != one.rubric);
}

TEST_CASE("recorded needs no text of the reply") {
  Reply bare;
  bare.text_kept = false;
  bare.recorded.text = "true";
  const GraderPtr one = grader(plain);
  CHECK(one->reads_recorded_only());
  CHECK(grader(turned_round(plain))->reads_recorded_only());
  CHECK(outcome_of(step(*one, bare, case_with("1"))).word == "pass");
}

TEST_CASE("options of recorded that contradict themselves are refused at their place") {
  const auto message = [](const std::string& written) { return complaints_about(written)[0].message; };
  CHECK(message(R"({"kind":"recorded","from":"label"})") == "not a JSON pointer");
  CHECK(message(R"({"kind":"recorded","map":{}})") == "an empty map knows no value");
  CHECK(message(R"({"kind":"recorded","map":{"a":true," a":false}})") ==
        "two keys differ only in white space around them");
  CHECK(message(R"({"kind":"recorded","by_expected":{}})") == "an empty map knows no expected value");
  CHECK(message(R"({"kind":"recorded","by_expected":{"a":{}}})") == "an empty map knows no value");
  CHECK(message(R"({"kind":"recorded","by_expected":{"a":{"x":true},"a ":{"x":true}}})") ==
        "two keys differ only in white space around them");
  CHECK(message(R"({"kind":"recorded","map":{"a":true},"scale":[0,1]})").find("at most one of") == 0);
  CHECK(message(R"({"kind":"recorded","expected":"{{case.id}}"})").find("`expected` says nothing") == 0);
  CHECK(message(R"({"kind":"recorded","scale":[1,1]})") == "worst and best are the same number");
  CHECK(message(R"({"kind":"recorded","scale":[1,5],"at_least":0})") == "`at_least` is outside 1 to 5");
  CHECK(message(R"({"kind":"recorded","at_least":4})") == "`at_least` is outside 0 to 1");
  CHECK(message(R"({"kind":"recorded","at_most":0.5})") == "`at_most` does not fit the scale");
  CHECK(message(R"({"kind":"recorded","by":"judge"})").find("which judge?") == 0);
  CHECK(message(R"({"kind":"recorded","by":"human","judge":"x"})").find("a `judge` is named") == 0);
  CHECK(complaints_about(R"({"kind":"recorded","map":{"a":2}})").size() == 1);
  CHECK(complaints_about(R"({"kind":"recorded","from":"/x","map":{"a":true},"by":"God"})")[0].place.column == 54);
}
