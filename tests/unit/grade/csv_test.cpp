#include "judging.hpp"

using namespace headgate::grade::testing;

namespace {

std::string with(const std::string& options) { return R"({"kind":"csv")" + options + "}"; }
const std::string people = "id,name,amount\n1,Ana,2.50\n2,Bo,10\n3,\"Cy, Jr.\",7\n";

}  // namespace

TEST_CASE("csv finds the table where it is told to look") {
  struct Row {
    const char* options;
    std::string reply;
    const char* word;
  };
  const Row row = GENERATE(values<Row>({
      {"", people, "pass"},
      {"", "a,b\r\n1,2\r\n\r\n3,4", "pass"},
      {"", "a , \"b\" \n 1,\"x\"\"y\nz\"", "pass"},
      {"", "a,b", "pass"},
      {"", "a,b\n1", "fail"},
      {"", "a,b\n1,2,3", "fail"},
      {"", "a,a\n1,2", "fail"},
      {"", "a,b\n1,\"2", "fail"},
      {"", "a,b\n1,\"2\"x", "fail"},
      {"", "a,b\n1,2\"", "fail"},
      {"", "I cannot make a table.", "fail"},
      {"", "Here:\n```csv\na,b\n1,2\n```\nDone, really, all.", "pass"},
      {"", "```\nx\n```\n```csv\na,b\n1,2\n```", "pass"},
      {R"(,"extract":"whole")", "```csv\na,b\n1,2\n```", "fail"},
      {R"(,"extract":"fenced")", "a,b\n1,2", "fail"},
      {R"(,"extract":{"after":"Table:\n"})", "Table:\na,b\n1,2", "pass"},
      {R"(,"columns":["a"])", "a\n1\n2", "pass"},
      {R"(,"columns":["a"])", "b\n1\n2", "absent"},
      {R"(,"columns":["a"])", "I cannot make a table.", "absent"},
      {R"(,"columns":["a"])", "a,b\n1", "absent"},
      {R"(,"format":"tsv")", "a\tb\n\t2\n3\t", "pass"},
      {R"(,"format":"tsv")", "a,b\n1,2", "fail"},
      {R"(,"separator":";")", "a;b\n1,5;2", "pass"},
      {R"(,"format":"markdown")", "Here you are:\n\n| a | b |\n|---|:-:|\n| 1 | 2 |\n\nDone | over", "pass"},
      {R"(,"format":"markdown")", "a | b\n--|--\n1 | x \\| y\n", "pass"},
      {R"(,"format":"markdown")", "```markdown\n| a | b |\n|---|---|\n| 1 | 2 |\n```", "pass"},
      {R"(,"format":"markdown")", "```sh\nx | y\n```\n| a | b |\n|---|---|\n| 1 | 2 |", "pass"},
      {R"(,"format":"markdown")", "| a | b |\n|---|\n| 1 | 2 |", "fail"},
      {R"(,"format":"markdown")", "| a | b |\n|---|---|\n| 1 |", "fail"},
      {R"(,"format":"markdown")", "no | table", "fail"},
      {R"(,"format":"markdown","min_rows":1)", "no | table", "absent"},
  }));
  INFO(row.options << " on " << row.reply);
  CHECK(judge(with(row.options), row.reply).word == row.word);
  if (std::string(row.word) == "absent") {
    CHECK(judge(turned_round(with(row.options)), row.reply).word == "absent");
  }
}

TEST_CASE("csv checks columns, rows and cells") {
  struct Row {
    const char* options;
    const char* reason;  // of a failure; empty: passes
  };
  const Row row = GENERATE(values<Row>({
      {R"("columns":["name","id"])", ""},
      {R"("columns":["name","mail"])", R"(there is no column "mail" among "id", "name" and "amount")"},
      {R"("columns":["amount","name","id"],"columns_match":"same_set")", ""},
      {R"("columns":["name","id"],"columns_match":"same_set")", R"(the column "amount" is not expected)"},
      {R"("columns":["id","name","amount"],"columns_match":"exact")", ""},
      {R"("columns":["amount","name","id"],"columns_match":"exact")",
       R"(the columns are in the order "id", "name" and "amount")"},
      {R"("min_rows":3,"max_rows":3)", ""},
      {R"("min_rows":4)", "has 3 rows, at least 4 asked"},
      {R"("max_rows":2)", "has 3 rows, at most 2 asked"},
      {R"("cells":{"amount":{"type":"number","min":2.5,"max":10},"id":{"type":"integer","unique":true}})", ""},
      {R"("cells":{"amount":{"type":"integer"}})", R"(row 1, "amount": "2.50" is no whole number)"},
      {R"("cells":{"amount":{"max":9}})", R"(row 2, "amount": "10" is above 9)"},
      {R"("cells":{"amount":{"min":3}})", R"(row 1, "amount": "2.50" is below 3)"},
      {R"("cells":{"name":{"min":3}})", R"(row 1, "name": "Ana" is no number)"},
      {R"("cells":{"name":{"matches":"[A-Z].*"}})", ""},
      {R"("cells":{"name":{"matches":"[A-Z]"}})", R"(row 1, "name": "Ana" does not match)"},
      {R"("cells":{"id":{"one_of":["1","2"]}})", R"(row 3, "id": "3" is none of 1 and 2)"},
      {R"("cells":{"day":{"type":"date"}})", R"(there is no column "day")"},
      {R"("cells":{"name":{"type":"date"}})", R"(row 1, "name": "Ana" is no date YYYY-MM-DD)"},
  }));
  INFO(row.options);
  const auto outcome = judge(with("," + std::string(row.options)), people);
  CHECK(outcome.word == (*row.reason == '\0' ? "pass" : "fail"));
  if (*row.reason != '\0') CHECK(outcome.reason == row.reason);
}

TEST_CASE("empty and equal cells are told") {
  CHECK(judge(with(R"(,"cells":{"b":{}})"), "a,b\n1,").reason == R"(row 1, "b": "" is empty)");
  CHECK(judge(with(R"(,"cells":{"b":{"type":"number","empty":true}})"), "a,b\n1,").word == "pass");
  CHECK(judge(with(R"(,"cells":{"b":{"unique":true}})"), "a,b\n1,x\n2,x").reason ==
        R"(row 2, "b": "x" is there twice)");
  CHECK(judge(with(R"(,"cells":{"b":{"type":"boolean"}})"), "a,b\n1,true\n2,False").word == "fail");
  CHECK(judge(with(R"(,"cells":{"b":{"type":"date_time"}})"), "a,b\n1,2026-02-28T10:00:00Z").word == "pass");
}

TEST_CASE("csv compares with an expected table") {
  struct Row {
    const char* options;
    const char* expected;
    const char* reply;
    const char* word;
    double score;
  };
  const char* rows = R"([{"id":1,"v":2.5},{"id":2,"v":"x"}])";
  const char* text = R"("id,v\n1,2.5\n2,x")";
  const Row row = GENERATE_COPY(values<Row>({
      {"", rows, "id,v\n1,2.5\n2,x", "pass", 1.0},
      {"", rows, "v,id,more\n2.50,1,y\nx,2,y", "pass", 1.0},
      {"", rows, "id,v\n2,x\n1,2.5", "fail", 0.0},
      {R"(,"any_order":true)", rows, "id,v\n2,x\n1,2.5", "pass", 1.0},
      {R"(,"keys":["id"])", rows, "id,v\n2,x\n1,2.5", "pass", 1.0},
      {R"(,"keys":["id"])", rows, "id,v\n2,x\n1,2.4", "fail", 0.5},
      {R"(,"keys":["id"],"score":"cells")", rows, "id,v\n2,x\n1,2.4", "fail", 0.75},
      {R"(,"keys":["id"],"tolerance":0.1)", rows, "id,v\n2,x\n1,2.4", "pass", 1.0},
      {R"(,"keys":["id"])", rows, "id,v\n1,2.5\n1,2.5", "fail", 0.5},
      {R"(,"keys":["id"])", rows, "id,v\n1,2.5\n2,x\n3,z", "fail", 2.0 / 3.0},
      {R"(,"keys":["id"],"min_share":0.6)", rows, "id,v\n1,2.5\n2,x\n3,z", "pass", 2.0 / 3.0},
      {"", rows, "id\n1\n2", "absent", -1.0},
      {"", rows, "id,w\n1,2.5\n2,x", "fail", 0.0},
      {R"(,"score":"cells")", rows, "id,w\n1,2.5\n2,x", "fail", 0.5},
      {"", text, "id,v\n1,2.5\n2,x", "pass", 1.0},
      {"", text, "id,v\n1,2.50\n2,x", "fail", 0.5},
      {R"(,"tolerance":0)", text, "id,v\n1,2.50\n2,x", "pass", 1.0},
      {"", R"([["id","v"],[1,2.5],[2,null]])", "id,v\n1,2.5\n2,", "pass", 1.0},
      {"", R"([["id","v"],[1,2.5],[2]])", "id,v\n1,2.5\n2,", "error", -1.0},
      {"", R"([{"id":[1]}])", "id,v\n1,2.5", "error", -1.0},
      {"", R"("")", "id,v\n1,2.5", "error", -1.0},
      {R"(,"keys":["no"])", rows, "id,v\n1,2.5", "error", -1.0},
      {R"(,"any_order":true,"tolerance":0.45)", R"([{"a":1.4,"b":0},{"a":0.6,"b":0}])", "a,b\n1.0,0\n1.8,0", "pass",
       1.0},
      {R"(,"format":"markdown")", rows, "| id | v |\n|---|---|\n| 1 | 2.5 |\n| 2 | x |", "pass", 1.0},
  }));
  INFO(row.options << " on " << row.reply);
  const auto outcome =
      judge(with(R"(,"equals":"{{case.expected}}")" + std::string(row.options)), row.reply, row.expected);
  CHECK(outcome.word == row.word);
  CHECK(outcome.score == Approx(row.score));
}

TEST_CASE("csv says how far a table is off") {
  const std::string grader = with(R"(,"equals":"id,v\n1,a\n2,b","keys":["id"])");
  CHECK(judge(grader, "id,v\n1,a\n2,c").reason == R"(1 of 2 rows as expected; row 2 has "c" in "v", expected "b")");
  CHECK(judge(grader, "id,v\n1,a\n3,b").reason == R"(1 of 2 rows as expected; there is no row with "id" "2")");
  CHECK(judge(grader, "id,v\n1,a").reason == "1 of 2 rows as expected; has 1 row, expected 2");
}

TEST_CASE("hostile tables are bounded") {
  constexpr std::size_t size = std::size_t{16} << 20;
  const std::string grader = with(R"(,"equals":"a,b\n1,2","any_order":true)");
  CHECK(judge(grader, std::string(size, ',')).word == "absent");
  CHECK(judge(grader, std::string(size, '"')).word == "absent");
  CHECK(judge(grader, std::string(size, '\n')).word == "absent");
  CHECK(judge(grader, std::string(size, '\0')).word == "absent");
  CHECK(judge(with(R"(,"format":"markdown","min_rows":1)"), std::string(size, '|')).word == "absent");
  std::string many = "a,b\n";
  while (many.size() < size / 16) many += "1,2\n";
  CHECK(judge(grader, many).word == "fail");
  std::string marks = "a,b\n";
  for (int i = 0; i < 1'000; ++i) marks += "\u202E1,\uFF12\n";
  CHECK(judge(grader, marks).word == "fail");
  CHECK(judge(grader, "\u0430,b\n1,2").word == "fail");  // a Cyrillic column is another column
  CHECK(judge(grader, std::string("a,b\n1,2\0", 8)).word == "fail");
}

TEST_CASE("csv refuses options that say nothing or no sense") {
  for (const char* options :
       {R"(,"columns":["a","a"])", R"(,"columns_match":"exact")", R"(,"min_rows":3,"max_rows":2)", R"(,"cells":{})",
        R"(,"cells":{"a":{"matches":"("}})", R"(,"cells":{"a":{"min":3,"max":2}})",
        R"(,"cells":{"a":{"tpye":"number"}})", R"(,"keys":["a"])", R"(,"tolerance":1)", R"(,"equals":7)",
        R"(,"equals":"a,b\n1")", R"(,"equals":"a,b\n1,2","keys":["c"])",
        R"(,"equals":"a,b\n1,2","keys":["a"],"any_order":true)", R"(,"equals":"a,b\n1,2","min_share":0)",
        R"(,"format":"tsv","separator":";")", R"(,"format":"xls")"}) {
    INFO(options);
    const auto errors = complaints_about(with(options));
    CHECK(errors.size() == 1);
    CHECK(errors[0].place.column >= 15);
  }
}
