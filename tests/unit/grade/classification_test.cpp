#include "headgate/grade/cell.hpp"
#include "judging.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

const char* const listed =
    R"({"kind":"classification","labels":["Refund","login","other","not spam","spam"],"synonyms":{"Refund":["money back"]}})";

}  // namespace

TEST_CASE("classification reads the class that a reply names") {
  struct Row {
    const char* grader;
    const char* reply;
    const char* expected;
    const char* word;
  };
  const Row row = GENERATE(values<Row>({
      {listed, "Refund", R"("refund")", "pass"},
      {listed, " **refund.** ", R"("refund")", "pass"},
      {listed, "login", R"("refund")", "fail"},
      {listed, "The customer wants their money back.", R"("Refund")", "pass"},
      {listed, "I would say this is a login problem", R"("login")", "pass"},
      {listed, "logins", R"("login")", "absent"},
      {listed, "refund or login", R"("login")", "absent"},
      {listed, "refund, that is: money back", R"("refund")", "pass"},
      {listed, "This is not a refund", R"("refund")", "absent"},
      {listed, "It isn't login", R"("login")", "absent"},
      {listed, "not spam", R"("not spam")", "pass"},
      {listed, "It is not spam.", R"("spam")", "fail"},
      {listed, "It is spam.", R"("spam")", "pass"},
      {listed, "I cannot tell", R"("login")", "absent"},
      {listed, "the candidate passed", R"("login")", "absent"},
      {listed, "login", R"("billing")", "error"},
      {listed, "login", "", "error"},
      {R"({"kind":"classification"})", "Positive", R"("positive")", "pass"},
      {R"({"kind":"classification"})", "negative", R"("positive")", "fail"},
      {R"({"kind":"classification"})", "I think that on the whole one may well call this text positive",
       R"("positive")", "absent"},
      {R"({"kind":"classification"})", "2", "2", "pass"},
      {R"({"kind":"classification"})", "真", R"("真")", "pass"},
      {R"({"kind":"classification","labels":["真","偽"]})", "答えは真です", R"("真")", "pass"},
      {R"({"kind":"classification","labels":["a","b"],"match":"whole"})", "it is a", R"("a")", "absent"},
      {R"({"kind":"classification","labels":["a","b"],"pointer":"/label"})", R"({"label":"A"})", R"("a")", "pass"},
      {R"({"kind":"classification","labels":["a","b"],"pointer":"/label"})", R"(Sure: {"label":"b"})", R"("a")",
       "fail"},
      {R"({"kind":"classification","labels":["a","b"],"pointer":"/label"})", R"({"label":"c"})", R"("a")", "absent"},
      {R"({"kind":"classification","labels":["a","b"],"pointer":"/label"})", R"({"label":["a"]})", R"("a")", "absent"},
      {R"({"kind":"classification","labels":["a","b"],"pointer":"/label"})", "a", R"("a")", "absent"},
      {R"({"kind":"classification","extract":{"after":"Class:"},"labels":["a","b"]})", "a or b? Class: b", R"("b")",
       "pass"},
      {R"({"kind":"classification","labels":["yes","no"],"synonyms":{"yes":["true","1"],"no":["false","0"]}})", "True",
       R"("1")", "pass"},
      {R"({"kind":"classification","labels":["yes","no"]})", "No.", R"("no")", "pass"},
  }));
  INFO(row.grader << " on " << row.reply << ", expected " << row.expected);
  CHECK(judge(row.grader, row.reply, row.expected).word == row.word);
}

TEST_CASE("a grade carries the class that was named and the true one") {
  const Step right = step(*grader(listed), reply_of("money back"), case_with(R"("REFUND")"));
  CHECK(std::get<Grade>(right).label == "Refund");
  CHECK(std::get<Grade>(right).expected_label == "Refund");
  const Step wrong = step(*grader(listed), reply_of("login"), case_with(R"("refund")"));
  CHECK(std::get<Grade>(wrong).label == "login");
  CHECK(std::get<Grade>(wrong).reason == R"(says "login", expected "Refund")");
  const Step none = step(*grader(listed), reply_of("refund or login"), case_with(R"("refund")"));
  CHECK(std::get<Absent>(none).label == "(none)");
  CHECK(std::get<Absent>(none).expected_label == "Refund");
  CHECK(std::get<Absent>(none).reason.find("names both") == 0);
}

TEST_CASE("a reply without a class is counted as one of no class, and fails either way") {
  for (const char* kind : {"classification", "not_classification"}) {
    SuiteHead suite;
    suite.graders.push_back(
        registry().spec(Json::parse(std::string(R"({"kind":")") + kind + R"(","labels":["a","b"]})")));
    const auto graders = SuiteGraders::make(suite, registry());
    REQUIRE(graders);
    const GradedCell cell = graders->grade(case_with(R"("a")"), reply_of("no idea"), 1);
    REQUIRE(cell.grades.size() == 1);
    CHECK_FALSE(cell.pass);
    CHECK(cell.grades[0].grade.label == "(none)");
    CHECK(cell.grades[0].grade.expected_label == "a");
  }
}

TEST_CASE("classes that cannot be told apart are refused") {
  const auto message = [](const std::string& written) { return complaints_about(written)[0].message; };
  CHECK(message(R"({"kind":"classification","labels":["a","A"]})") == "stands for two classes");
  CHECK(message(R"j({"kind":"classification","labels":["a","(none)"]})j") ==
        "(none) is what a reply without a class is counted as");
  CHECK(message(R"({"kind":"classification","labels":["a","**"]})") == "an empty class names nothing");
  CHECK(message(R"({"kind":"classification","labels":["a","b"],"synonyms":{"c":["x"]}})").find("`synonyms` of 'c'") ==
        0);
  CHECK(message(R"({"kind":"classification","labels":["a","b"],"synonyms":{"a":["b"]}})") == "stands for two classes");
  CHECK(message(R"({"kind":"classification","match":"anywhere"})").find("to find a class anywhere") == 0);
  CHECK(message(R"({"kind":"classification","pointer":"/x","labels":["a","b"],"match":"whole"})")
            .find("`match` says nothing") == 0);
  CHECK(message(R"({"kind":"classification","pointer":"x"})") == "not a JSON pointer");
}

TEST_CASE("hostile replies name no class") {
  std::string many;
  while (many.size() < 3'000'000) many += "refund ";
  CHECK(judge(listed, many, R"("refund")").word == "absent");
  many.resize(900'000);
  CHECK(judge(listed, many, R"("refund")").word != "error");
  CHECK(judge(R"({"kind":"classification"})", many, R"("refund")").word == "absent");
}
