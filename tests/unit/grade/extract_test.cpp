#include "extract.hpp"

#include "judging.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

std::string extracted(const std::string& options, const std::string& text) {
  Complaints complaints;
  const auto tree = parse_json("x", options, complaints);
  REQUIRE(tree);
  REQUIRE(check(*tree, tree->root(), extract_table(), complaints));
  const auto extract = Extract::build(*tree, tree->root(), complaints);
  REQUIRE(extract);
  const auto part = extract->apply(text);
  return part ? std::string(*part) : "MISSING " + part.error();
}

}  // namespace

TEST_CASE("extract takes its steps in order") {
  struct Row {
    const char* options;
    const char* text;
    const char* part;
  };
  const Row row = GENERATE(values<Row>({
      {R"({"after":"A:"})", "x A: 1 A: 2", " 1 A: 2"},
      {R"({"after":"A:","which":"last"})", "x A: 1 A: 2", " 2"},
      {R"({"after":"A:","at":"line_start"})", "QA: 1\nA: 2\nA: 3", " 2\nA: 3"},
      {R"({"after":"A:","at":"line_start","which":"last"})", "A: 1\nA: 2\nQA: 3", " 2\nQA: 3"},
      {R"({"after":"A:","at":"line_start","which":"last"})", "A: 1", " 1"},
      {R"({"after":"A:","at":"line_start"})", "x A: 1", "MISSING the marker \"A:\" starts no line"},
      {R"({"after":"A:"})", "none", "MISSING the marker \"A:\" is missing"},
      {R"({"after":"A:","else":"whole"})", "none", "none"},
      {R"({"before":"END"})", "1 END 2 END", "1 "},
      {R"({"before":"END"})", "1", "MISSING the marker \"END\" is missing"},
      {R"({"after":"<a>","before":"</a>"})", "</a><a>x</a>", "x"},
      {R"({"line":"first"})", "a\nb\nc\n", "a"},
      {R"({"line":"last"})", "a\nb\nc\n\n", "c"},
      {R"({"line":"last"})", "only", "only"},
      {R"({"line":2})", "a\r\nb\r\nc", "b"},
      {R"({"line":4})", "a\nb\nc\n", "MISSING there is no line 4"},
      {R"({"line":4,"else":"whole"})", "a\nb", "a\nb"},
      {R"({"regex":"<b>(.*?)</b>"})", "<b>1</b><b>2</b>", "1"},
      {R"({"regex":"<b>(.*?)</b>","which":"last"})", "<b>1</b><b>2</b>", "2"},
      {R"({"regex":"[0-9]+"})", "ab 12 34", "12"},
      {R"({"regex":"x*","which":"last"})", "axxb", ""},
      {R"({"regex":"q"})", "ab", "MISSING the extract pattern matches nothing"},
      {R"j({"drop_prefix":"(","drop_suffix":")"})j", "((B))", "(B)"},
      {R"({"drop_suffix":"."})", "B..", "B."},
      {R"({"drop_suffix":"."})", "B", "B"},
      {R"({"after":"A:","line":"first","drop_suffix":"."})", "A: B.\nmore.", " B"},
      {R"({"after":"A:"})", "A:", ""},
  }));
  INFO(row.options << " on " << row.text);
  CHECK(extracted(row.options, row.text) == row.part);
}

TEST_CASE("extract works on normalised text, whichever way marker and reply are written") {
  CHECK(judge(R"({"kind":"equals","value":"x","extract":{"after":"re\u0301ponse:"}})", "réponse: x").word == "pass");
  CHECK(judge(R"({"kind":"equals","value":"x","extract":{"after":"r\u00e9ponse:"}})", "re\u0301ponse: x").word ==
        "pass");
}

TEST_CASE("extract finds the last of a million markers") {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += "xA:";
  CHECK(extracted(R"({"after":"A:","at":"line_start","which":"last","else":"whole"})", text).size() == text.size());
  CHECK(extracted(R"({"regex":"A:","which":"last"})", text) == "A:");
}

TEST_CASE("extract refuses options that say nothing") {
  CHECK(complaints_about(R"({"kind":"equals","extract":{"which":"last"}})")[0].message ==
        "`which` says nothing without `after`");
  CHECK(complaints_about(R"({"kind":"equals","extract":{"at":"line_start","regex":"x"}})").size() == 1);
  CHECK(complaints_about(R"({"kind":"equals","extract":{"regex":"("}})")[0].place.column == 38);
  CHECK(complaints_about(R"({"kind":"equals","extract":{"line":0}})").size() == 1);
  CHECK(complaints_about(R"({"kind":"equals","extract":{"aftr":"x"}})")[0].hint.find("after") != std::string::npos);
}
