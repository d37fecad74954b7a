#include "judging.hpp"

using namespace headgate::grade::testing;

namespace {

const char* const cities = R"({"kind":"choice","options":["Paris","London","Rome","New York"],"value":"B"})";
const char* const letters = R"({"kind":"choice","value":"B"})";

}  // namespace

TEST_CASE("choice understands the ways a letter is given") {
  struct Row {
    const char* reply;
    const char* word;  // B is correct
  };
  const Row row = GENERATE(values<Row>({
      {"B", "pass"},
      {"b", "pass"},
      {" (B) ", "pass"},
      {"B.", "pass"},
      {"**B**", "pass"},
      {"`B`", "pass"},
      {"[B]", "pass"},
      {"\"B\"", "pass"},
      {"C", "fail"},
      {"Answer: B", "pass"},
      {"Answer: B.", "pass"},
      {"**Answer:** B", "pass"},
      {"answer: b", "pass"},
      {"Answer: (b) because it is so", "pass"},
      {"ANSWER = B", "pass"},
      {"The answer is B", "pass"},
      {"The answer is (B).", "pass"},
      {"The answer is: B", "pass"},
      {"The correct answer is option B, since A is wrong.", "pass"},
      {"The correct option is B", "pass"},
      {"The best choice would be B.", "pass"},
      {"The answer to this question is B.", "pass"},
      {"So the final answer is $\\boxed{B}$.", "pass"},
      {"\\boxed{\\text{B}}", "pass"},
      {"I'd go with B here", "pass"},
      {"I choose (B).", "pass"},
      {"B is correct.", "pass"},
      {"Option B is the right one, and A is not", "pass"},
      {"Let me think.\nA is too big.\nB", "pass"},
      {"Reasoning about it...\n\n(B)", "pass"},
      {"B) because of that\nand more", "pass"},
      {"I believe that (B) fits best", "pass"},
      {"The answer is A.", "fail"},
      {"The answer is A because it is", "fail"},
      {"Answer: A\nExplanation: B is wrong", "fail"},
      // No claim, or more than one.
      {"A long story about vitamin C", "absent"},
      {"I think so.", "absent"},
      {"The answer is a tricky one", "absent"},
      {"Answer: I don't know", "absent"},
      {"Answer: A difficult question", "absent"},
      {"The answer is not B", "absent"},
      {"The answer is A or B", "absent"},
      {"The answer is B or C.", "absent"},
      {"The answer is A. Wait, the answer is B.", "absent"},
      {"(A) or (B)", "absent"},
      {"A) no\nB) yes", "absent"},
      {"Both A and B", "absent"},
      {"", "error"},
  }));
  INFO(row.reply);
  CHECK(judge(letters, row.reply).word == row.word);
}

TEST_CASE("choice knows options by their text") {
  struct Row {
    const char* reply;
    const char* word;  // B, London, is correct
  };
  const Row row = GENERATE(values<Row>({
      {"London", "pass"},
      {"london.", "pass"},
      {"Rome", "fail"},
      {"B) London", "pass"},
      {"(B) London", "pass"},
      {"B. London is the capital", "pass"},
      {"The answer is (B) London", "pass"},
      {"The answer is London, not Paris.", "pass"},
      {"The answer is (B) Rome", "absent"},
      {"B: Paris", "absent"},
      {"It must be LONDON I think", "pass"},
      {"London and Rome", "absent"},
      {"Londoners say so", "absent"},
      {"somewhere else", "absent"},
      {"Answer: E", "absent"},
      {"New York", "fail"},
      {"Answer: New York", "fail"},
  }));
  INFO(row.reply);
  CHECK(judge(cities, row.reply).word == row.word);
}

TEST_CASE("a longer option is not also the shorter one inside it") {
  const std::string york =
      R"({"kind":"choice","options":["York","New York","日本","日本語"],"value":"{{case.expected}}"})";
  CHECK(judge(york, "I flew to New York", R"("New York")").word == "pass");
  CHECK(judge(york, "I drove to York", R"("A")").word == "pass");
  CHECK(judge(york, "それは日本語です", R"("D")").word == "pass");
  CHECK(judge(york, "それは日本です", R"j("(c)")j").word == "pass");
}

TEST_CASE("which settles several claims") {
  const std::string two = "The answer is A. Wait, the answer is B.";
  CHECK(judge(R"({"kind":"choice","value":"B","which":"last"})", two).word == "pass");
  CHECK(judge(R"({"kind":"choice","value":"B","which":"first"})", two).word == "fail");
  CHECK(judge(letters, two).reason == "claims both A and B");
  CHECK(judge(R"({"kind":"not_choice","value":"B"})", two).word == "absent");
  CHECK(judge(R"({"kind":"not_choice","value":"B"})", "Answer: A").word == "pass");
  CHECK(judge(R"({"kind":"not_choice","value":"B"})", "I refuse").word == "absent");
}

TEST_CASE("options and value may come from the case") {
  auto item = case_with(R"("Rome")");
  item.vars.text = R"({"options":["Paris","Rome",3]})";
  const std::string written = R"({"kind":"choice","options":"{{case.vars.options}}"})";
  CHECK(judge(written, "B", item).word == "pass");
  CHECK(judge(written, "The answer is 3", item).reason == "chooses C, expected B");
  CHECK(judge(written, "D", item).word == "absent");
  item.expected.text = R"("Madrid")";
  CHECK(judge(written, "B", item).reason == R"(the expected "Madrid" is no option)");
  item.vars.text = R"({"options":"Paris"})";
  CHECK(judge(written, "B", item).word == "error");
  item.vars.text = "";
  CHECK(judge(written, "B", item).word == "error");
  // A letter of one option that is the text of another: nobody can say which is meant.
  item.vars.text = R"({"options":["B","A"]})";
  item.expected.text = R"("A")";
  CHECK(judge(written, "A", item).word == "error");
}

TEST_CASE("choice refuses options that cannot be chosen from") {
  CHECK(complaints_about(R"({"kind":"choice","options":["a"]})").size() == 1);
  CHECK(complaints_about(R"({"kind":"choice","options":["a"," A "]})")[0].message == "two options are equal");
  CHECK(complaints_about(R"({"kind":"choice","options":"B"})")[0].message ==
        "options must be a list, or a template that is one");
  CHECK(complaints_about(R"({"kind":"choice","options":["a","b"],"letters":2})").size() == 1);
  CHECK(complaints_about(R"({"kind":"choice","letters":27})").size() == 1);
}

TEST_CASE("choice takes hostile replies in its stride") {
  std::string many;
  for (int i = 0; i < 60'000; ++i) many += "the answer is (";
  CHECK(judge(letters, many).word == "absent");
  many.clear();
  for (int i = 0; i < 60'000; ++i) many += "London Paris ";
  CHECK(judge(cities, many).word == "absent");
  many.clear();
  for (int i = 0; i < 20'000; ++i) many += "answer: B\n";
  CHECK(judge(cities, many).word == "pass");
}
