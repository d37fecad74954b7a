#include "headgate/grade/cell.hpp"
#include "judging.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

const std::string plain = R"({"kind":"pairwise","judge":"rubric","rubric":"answers the question"})";

std::string with(const std::string& written, const Json& more) {
  Json value = Json::parse(written);
  value.update(more);
  return value.dump();
}

Answer answer(std::string key, const std::string& verdict) {
  return {std::move(key), reply_of(Json{{"reason", "so it is"}, {"verdict", verdict}}.dump())};
}

Step step_of(const std::string& written, const std::vector<Answer>& answers, const char* a = "one",
             const char* b = "two") {
  const Reply first = reply_of(a), second = reply_of(b);
  const Reply* const replies[] = {&first, &second};
  const Case item = case_with(R"("yes")");
  return grader(written)->step({item, replies, 7}, Answers(answers));
}
PairGrade graded(const std::string& ab, const std::string& ba, const std::string& written = plain) {
  return std::get<PairGrade>(step_of(written, {answer("ab", ab), answer("ba", ba)}));
}
double measure(const Grade& grade, const std::string& name) {
  for (const Measure& each : grade.measures) {
    if (each.name == name) return each.value;
  }
  return -1.0;
}

}  // namespace

TEST_CASE("a pair is asked about in both orders, without names of arms") {
  const auto asks = std::get<std::vector<Ask>>(step_of(plain, {}));
  REQUIRE(asks.size() == 2);
  CHECK(asks[0].key == "ab");
  CHECK(asks[1].key == "ba");
  const auto user = [&](std::size_t i) { return std::get<Chat>(asks[i].what).messages[1].text; };
  CHECK(user(0).find("\none\nFIRST REPLY") != std::string::npos);
  CHECK(user(0).find("\ntwo\nSECOND REPLY") != std::string::npos);
  CHECK(user(1).find("\ntwo\nFIRST REPLY") != std::string::npos);
  CHECK(user(1).find("\none\nSECOND REPLY") != std::string::npos);
  for (const Ask& ask : asks) {
    for (const Message& message : std::get<Chat>(ask.what).messages) {
      for (const char* word : {"candidate", "baseline"}) CHECK(message.text.find(word) == std::string::npos);
    }
  }
  CHECK(grader(plain)->scope() == Scope::pair);
}

TEST_CASE("only what wins in both orders wins") {
  struct Row {
    const char *ab, *ba;
    double first;
    double disagreement;
    double shown_first;
  };
  for (const Row& row :
       {Row{"first", "second", 1.0, 0.0, 0.5}, Row{"second", "first", 0.0, 0.0, 0.5}, Row{"tie", "tie", 0.5, 0.0, -1.0},
        Row{"first", "first", 0.5, 1.0, 1.0}, Row{"second", "second", 0.5, 1.0, 0.0},
        Row{"first", "tie", 0.5, 1.0, 1.0}, Row{"tie", "second", 0.5, 1.0, 0.0}}) {
    INFO(row.ab << " " << row.ba);
    const PairGrade both = graded(row.ab, row.ba);
    CHECK(both.first.score == row.first);
    CHECK(both.second.score == 1.0 - row.first);
    CHECK(both.first.pass == (row.first >= 0.5));
    CHECK(both.second.pass == (row.first <= 0.5));
    for (const Grade& grade : {both.first, both.second}) {
      CHECK(measure(grade, "order_disagreement") == row.disagreement);
      CHECK(measure(grade, "shown_first_wins") == row.shown_first);
    }
  }
  const std::string strict = with(plain, {{"tie", "fail"}});
  CHECK_FALSE(graded("tie", "tie", strict).first.pass);
  CHECK_FALSE(graded("tie", "tie", strict).second.pass);
  CHECK(graded("first", "second", strict).first.pass);
  const PairGrade turned = graded("first", "second", turned_round(plain));
  CHECK_FALSE(turned.first.pass);
  CHECK(turned.second.pass);
}

TEST_CASE("replies with the same text are a tie, and nobody is asked") {
  const auto both = std::get<PairGrade>(step_of(plain, {}, "same", "same"));
  CHECK(both.first.score == 0.5);
  CHECK(both.second.pass);
}

TEST_CASE("what is no choice is asked for again once, and is never a tie or a win") {
  for (const char* bad :
       {"", "first", "The candidate passed.", R"({"verdict":"first"})", R"({"reason":"x","verdict":"FIRST"})",
        R"({"reason":"x","verdict":"first"}{"reason":"x","verdict":"second"})", R"({"reason":"x","verdict":1})"}) {
    INFO(bad);
    const auto again = std::get<std::vector<Ask>>(step_of(plain, {{"ab", reply_of(bad)}, answer("ba", "second")}));
    REQUIRE(again.size() == 1);
    CHECK(again[0].key == "ab/repair1");
    for (const std::string& of : {plain, turned_round(plain)}) {
      const auto end = step_of(of, {{"ab", reply_of(bad)}, {"ab/repair1", reply_of(bad)}, answer("ba", "second")});
      CHECK(std::get<CallError>(end).kind == ErrorKind::unparsable_verdict);
    }
  }
  const auto lost = step_of(plain, {answer("ab", "first"), {"ba", CallError{ErrorKind::timeout, ""}}});
  CHECK(std::get<CallError>(lost).kind == ErrorKind::judge_failed);
}

TEST_CASE("votes are asked in both orders each") {
  const std::string two = with(plain, {{"votes", 2}});
  const auto asks = std::get<std::vector<Ask>>(step_of(two, {}));
  REQUIRE(asks.size() == 4);
  CHECK(asks[3].key == "v1/ba");
  CHECK(std::get<Chat>(asks[0].what).messages[1].text != std::get<Chat>(asks[2].what).messages[1].text);
  const auto both = std::get<PairGrade>(step_of(
      two, {answer("v0/ab", "first"), answer("v0/ba", "second"), answer("v1/ab", "first"), answer("v1/ba", "first")}));
  CHECK(both.first.score == 0.75);
  CHECK(measure(both.first, "order_disagreement") == 0.5);
}

TEST_CASE("a cell gets its side of the pair, and none without the other reply") {
  SuiteHead suite;
  suite.graders = {registry().spec(Json::parse(plain))};
  const auto graders = SuiteGraders::make(suite, registry());
  REQUIRE(graders);
  const Reply one = reply_of("one"), two = reply_of("two");
  const Reply* const pair[] = {&one, &two};
  const Case item = case_with("1");
  CHECK(graders->compares(item));
  const std::vector<Answer> answers = {answer("0/ab", "second"), answer("0/ba", "first")};
  const auto own = std::get<GradedCell>(graders->step(item, CellReplies{two, pair, 1}, 1, answers));
  CHECK(own.score == 1.0);
  CHECK(own.judged);
  CHECK_FALSE(own.fails_anyway);
  CHECK(std::get<GradedCell>(graders->step(item, CellReplies{one, pair, 0}, 1, answers)).score == 0.0);
  CHECK(std::get<GradedCell>(graders->step(item, one, 1, answers)).error == ErrorKind::reply_missing);
  Reply bare = reply_of("");
  bare.text_kept = false;
  const Reply* const half[] = {&one, &bare};
  const auto none = std::get<GradedCell>(graders->step(item, CellReplies{one, half, 0}, 1, answers));
  CHECK(none.error == ErrorKind::reply_missing);
  CHECK(none.message == "pairwise: only grades were recorded of the other arm's reply, not its text");
}
