#include "cited_text.hpp"
#include "judging.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

Case knowledge() {
  Case item = case_with(R"(["kb-12"])");
  item.context.text =
      R"([{"id":"kb-12","text":"Refunds are paid within  14 days.\nA receipt is “not required” then."},{"id":"kb-7","text":"Login needs a second factor."}])";
  return item;
}

const char* const plain = R"({"kind":"citations"})";

}  // namespace

TEST_CASE("markers must cite what is there, and quotations must stand in it") {
  struct Row {
    const char* grader;
    const char* reply;
    const char* word;
  };
  const Row row = GENERATE(values<Row>({
      {plain, "Refunds take two weeks [kb-12].", "pass"},
      {plain, "Refunds take two weeks. [kb-12]", "pass"},
      {plain, "Refunds take two weeks【kb-12†source】.", "pass"},
      {plain, "Both [kb-12, kb-7] and [kb-12][kb-7].", "pass"},
      {plain, "Refunds take two weeks [1] and login two factors [2].", "pass"},  // by position
      {plain, "Refunds take two weeks [3].", "fail"},
      {plain, "Refunds take two weeks [0].", "fail"},
      {plain, "Refunds take two weeks [kb-13].", "fail"},
      {plain, "Refunds [kb-12], login [kb-99].", "fail"},
      {plain, "Refunds take two weeks [KB-12].", "fail"},  // ids are exact
      {plain, "Refunds take two weeks.", "absent"},
      {plain, "Refunds [sic] take [two weeks] and see [kb-12](https://acme.com/7).", "pass"},
      {plain, "See [1](https://acme.com).", "absent"},
      {plain, "```\nlist[9] = [kb-99]\n```\nUse `a[5]` as said [kb-12].", "pass"},
      {plain, "- [ ] todo\n- [x] done [kb-7]", "pass"},
      {R"({"kind":"citations","positions":false})", "Refunds [1].", "fail"},
      {R"({"kind":"citations","min":2})", "Refunds [kb-12] [kb-12].", "fail"},
      {R"({"kind":"citations","min":2})", "Refunds [kb-12], login [kb-7].", "pass"},
      {R"({"kind":"citations","min":0})", "I do not know.", "pass"},
      {R"({"kind":"citations","min":0})", "I do not know [kb-99].", "fail"},
      {R"({"kind":"citations","required":"kb-7"})", "Refunds [kb-12].", "fail"},
      {R"({"kind":"citations","required":["kb-7"]})", "Login [kb-7].", "pass"},
      {R"({"kind":"citations","required":"{{case.expected}}"})", "Login [kb-7].", "fail"},
      {R"({"kind":"citations","required":"{{case.expected}}"})", "Refunds [1].", "pass"},
      {R"({"kind":"citations","forbidden":"kb-7"})", "Refunds [kb-12], login [2].", "fail"},
      {R"j({"kind":"citations","marker":"\\((kb-\\d+)\\)"})j", "Refunds (kb-12), see [kb-99].", "pass"},
      {R"j({"kind":"citations","marker":"\\((kb-\\d+)\\)"})j", "Refunds (kb-13).", "fail"},
      {R"j({"kind":"citations","marker":"\\((kb-\\d+)\\)"})j", "Refunds [kb-12].", "absent"},
      // Quotations.
      {plain, "It says \"Refunds are paid within 14 days\" [kb-12].", "pass"},
      {plain, "It says “refunds are  paid within 14 days.” [kb-12]", "pass"},
      {plain, "It says \"Refunds are paid within 30 days\" [kb-12].", "fail"},
      {plain, "It says \"Refunds are paid within 14 days\" [kb-7].", "fail"},
      {plain, "It says \"Refunds are paid within 14 days\" [kb-7, kb-12].", "pass"},
      {plain, "It says \"Refunds … 14 days. … A receipt\" [kb-12].", "pass"},
      {plain, "It says \"A receipt ... Refunds are\" [kb-12].", "fail"},
      {plain, "A \"receipt is 'not required' then\" [kb-12].", "fail"},
      {plain, "They promise \"a guaranteed refund\". Refunds exist [kb-12].", "pass"},  // no marker in its sentence
      {R"({"kind":"citations","quotations":false})", "It says \"Refunds are paid within 30 days\" [kb-12].", "pass"},
      {R"({"kind":"citations","min_quotation":40})", "It says \"Refunds are paid within 30 days\" [kb-12].", "pass"},
      {plain, "It is «Refunds are paid within 15 days» [kb-12].", "fail"},
      // How much is cited.
      {R"({"kind":"citations","min_cited":0.5})", "Refunds take two weeks [kb-12]. Login needs a second factor.",
       "pass"},
      {R"({"kind":"citations","min_cited":0.6})", "Refunds take two weeks [kb-12]. Login needs a second factor.",
       "fail"},
      {R"({"kind":"citations","min_cited":1})",
       "Sure! Refunds take two weeks [kb-12]. Login needs a second factor. [kb-7]", "pass"},
  }));
  INFO(row.grader << " on " << row.reply);
  const auto out = judge(row.grader, row.reply, knowledge());
  INFO(out.reason);
  CHECK(out.word == row.word);
  const auto turned = judge(turned_round(row.grader), row.reply, knowledge());
  CHECK((out.word == "absent") == (turned.word == "absent"));
}

TEST_CASE("reasons of citations name what is wrong") {
  CHECK(judge(plain, "Refunds [kb-13] and [9].", knowledge()).reason == R"(cites "kb-13" and "9", which no source is)");
  CHECK(judge(plain, "\"Paid within 30 days\" [kb-12].", knowledge()).reason ==
        R"("paid within 30 days" is not in "kb-12")");
  CHECK(judge(R"({"kind":"citations","required":"kb-7"})", "Refunds [kb-12].", knowledge()).reason ==
        R"(does not cite "kb-7")");
  const Step out =
      step(*grader(plain), reply_of("Refunds take two weeks [kb-12]. Login needs a second factor."), knowledge());
  const Grade& grade = std::get<Grade>(out);
  REQUIRE(grade.measures.size() == 3);
  CHECK(grade.measures[0].name == "cited");
  CHECK(grade.measures[0].value == 0.5);
  CHECK(grade.reason == "cites 1 source, all of them there");
}

TEST_CASE("sources may be the documents that the reply carries") {
  const std::string written = R"({"kind":"citations","sources":"documents"})";
  Reply reply = reply_of("Refunds take \"a fortnight at most\" [d1].");
  CHECK(outcome_of(step(*grader(written), reply, case_with("1"))).word == "absent");
  reply.documents.push_back({"d1", "It takes a fortnight at most.", std::nullopt});
  CHECK(outcome_of(step(*grader(written), reply, case_with("1"))).word == "pass");
  CHECK(outcome_of(step(*grader(R"({"kind":"citations","sources":"both"})"), reply, knowledge())).word == "pass");
  CHECK(outcome_of(step(*grader(plain), reply, knowledge())).word == "fail");
}

TEST_CASE("a case without sources cannot be judged") {
  CHECK(grader(plain)->lacks(case_with("1")) == "the case has no context with ids");
  CHECK(judge(plain, "x [1]", case_with("1")).word == "error");
  CHECK(judge(turned_round(plain), "x [1]", case_with("1")).word == "error");
  CHECK(grader(plain)->lacks(knowledge()).empty());
  CHECK(grader(R"({"kind":"citations","sources":"documents"})")->lacks(case_with("1")).empty());
  CHECK(grader(R"({"kind":"citations","required":"{{case.vars.ids}}"})")->lacks(knowledge()) ==
        "the case has no {{case.vars.ids}}");
}

TEST_CASE("a bad marker pattern is refused at its place") {
  const auto errors = complaints_about(R"({"kind":"citations","marker":"(kb"})");
  CHECK(errors[0].message.find("bad pattern") == 0);
  CHECK(errors[0].place.column == 31);
}

TEST_CASE("hostile texts are read once") {
  for (const char* one :
       {"[", "]", "[1]", "[kb-12]\"a", "\"", "“", "„", "【", "`", "```", ".\n", "[1,1,1,", "\"x\" [1]. "}) {
    std::string many;
    while (many.size() < 1'000'000) many += one;
    INFO(one);
    CHECK_NOTHROW(judge(plain, many, knowledge()));
  }
}
