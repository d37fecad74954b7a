#include <cmath>

#include "judging.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

Reply with_documents(const std::vector<std::string>& ids) {
  Reply reply = reply_of("here you are");
  for (const std::string& id : ids) reply.documents.push_back({id, "text of " + id, std::nullopt});
  return reply;
}

Step judged(const std::string& written, const Reply& reply, std::string_view expected) {
  return step(*grader(written), reply, case_with(expected));
}

double measured(const Step& step, const std::string& name) {
  for (const Measure& one : std::get<Grade>(step).measures) {
    if (one.name == name) return one.value;
  }
  FAIL("nothing measured as " << name);
  return 0;
}

}  // namespace

TEST_CASE("retrieval measures a ranking by its usual names") {
  // Relevant: a, b, c. Ranking: x a y b z.
  const Step out =
      judged(R"({"kind":"retrieval","k":4})", with_documents({"x", "a", "y", "b", "z"}), R"(["a","b","c"])");
  CHECK(measured(out, "recall@4") == Approx(2.0 / 3));
  CHECK(measured(out, "precision@4") == Approx(0.5));
  CHECK(measured(out, "mrr@4") == Approx(0.5));
  CHECK(measured(out, "hit@4") == 1.0);
  const double ideal = 1 + 1 / std::log2(3.0) + 1 / std::log2(4.0);
  CHECK(measured(out, "ndcg@4") == Approx((1 / std::log2(3.0) + 1 / std::log2(5.0)) / ideal));
  CHECK(outcome_of(out).word == "fail");
  CHECK(outcome_of(out).score == Approx(2.0 / 3));
  CHECK(outcome_of(out).reason == "recall@4 is 0.6667: 2 of 3 relevant found, at least 1 asked");
}

TEST_CASE("graded gains: the worked example of the literature") {
  // Gains 3 2 3 0 1 2 of six judged documents; DCG6 = 6.861, ideal (3 3 2 2 1 0) = 7.141, nDCG6 = 0.961.
  const std::string gains = R"({"d1":3,"d2":2,"d3":3,"d4":0,"d5":1,"d6":2})";
  const Reply reply = with_documents({"d1", "d2", "d3", "d4", "d5", "d6"});
  const Step out = judged(R"({"kind":"retrieval","metric":"ndcg","k":6,"at_least":0.96})", reply, gains);
  CHECK(measured(out, "ndcg@6") == Approx(0.961).margin(0.0005));
  CHECK(outcome_of(out).word == "pass");
  CHECK(measured(out, "recall@6") == 1.0);  // a gain of 0 is not relevant
  CHECK(measured(out, "precision@6") == Approx(5.0 / 6));
  // Exponential: (7/1 + 3/1.585 + 7/2 + 0 + 1/2.585 + 3/2.807) / (7 + 7/1.585 + 3/2 + 3/2.322 + 1/2.585).
  const Step exponential = judged(R"({"kind":"retrieval","metric":"ndcg","k":6,"gain":"exponential"})", reply, gains);
  CHECK(measured(exponential, "ndcg@6") == Approx(0.9488).margin(0.0005));
}

TEST_CASE("ends of rankings") {
  CHECK(outcome_of(judged(R"({"kind":"retrieval"})", with_documents({"a", "b"}), R"(["b","a"])")).word == "pass");
  CHECK(
      outcome_of(judged(R"({"kind":"retrieval","metric":"precision","k":5})", with_documents({"a"}), R"("a")")).score ==
      Approx(0.2));
  CHECK(outcome_of(judged(R"({"kind":"retrieval","metric":"precision"})", with_documents({"a"}), R"("a")")).score == 1);
  CHECK(
      outcome_of(judged(R"({"kind":"retrieval","metric":"mrr","k":1})", with_documents({"x", "a"}), R"("a")")).score ==
      0);
  CHECK(outcome_of(judged(R"({"kind":"retrieval","metric":"ndcg","k":1})", with_documents({"a"}), R"(["a","b"])"))
            .score == 1);
  // The same id twice is found once, and keeps its second place.
  const Step twice = judged(R"({"kind":"retrieval","k":3})", with_documents({"a", "a", "b"}), R"(["a","b"])");
  CHECK(measured(twice, "recall@3") == 1);
  CHECK(measured(twice, "precision@3") == Approx(2.0 / 3));
  CHECK(measured(twice, "ndcg@3") < 1);
  CHECK(outcome_of(judged(R"({"kind":"retrieval"})", with_documents({"7"}), "[7]")).word == "pass");
}

TEST_CASE("the ranking may be the scores'") {
  Reply reply = with_documents({"x", "a"});
  const std::string by_score = R"({"kind":"retrieval","metric":"mrr","order":"score"})";
  CHECK(outcome_of(judged(by_score, reply, R"("a")")).word == "absent");
  reply.documents[0].score = 0.1;
  reply.documents[1].score = 0.9;
  CHECK(outcome_of(judged(by_score, reply, R"("a")")).word == "pass");
  CHECK(outcome_of(judged(R"({"kind":"retrieval","metric":"mrr"})", reply, R"("a")")).word == "fail");
}

TEST_CASE("where nothing is relevant or nothing was retrieved, nothing is good") {
  const std::string written = R"({"kind":"retrieval"})";
  for (const char* expected : {"[]", R"({"a":0})", "true", R"({"a":"x"})", R"({"a":-1})", "[null]", ""}) {
    INFO(expected);
    CHECK(outcome_of(judged(written, with_documents({"a"}), expected)).word == "error");
    CHECK_FALSE(grader(written)->lacks(case_with(expected)).empty());
    CHECK(outcome_of(judged(turned_round(written), with_documents({"a"}), expected)).word == "error");
  }
  CHECK(outcome_of(judged(written, reply_of("no documents"), R"("a")")).word == "absent");
  CHECK(outcome_of(judged(turned_round(written), reply_of("no documents"), R"("a")")).word == "absent");
  Case item = case_with("null");
  item.vars.text = R"({"relevant":["a"]})";
  const std::string of_vars = R"({"kind":"retrieval","relevant":"{{case.vars.relevant}}"})";
  CHECK(outcome_of(step(*grader(of_vars), with_documents({"a"}), item)).word == "pass");
  CHECK(outcome_of(judged(R"({"kind":"retrieval","relevant":{"a":2,"b":0}})", with_documents({"a"}), "")).word ==
        "pass");
}

TEST_CASE("options of retrieval are checked") {
  CHECK(complaints_about(R"({"kind":"retrieval","k":0})").size() == 1);
  CHECK(complaints_about(R"({"kind":"retrieval","relevant":"doc-{{case.id}}"})")[0].message.find(
            "`relevant` must be ids") == 0);
  CHECK(complaints_about(R"({"kind":"retrieval","relevant":{"a":0}})")[0].message == "nothing here is relevant");
  CHECK(complaints_about(R"({"kind":"retrieval","metric":"map"})").size() == 1);
}
