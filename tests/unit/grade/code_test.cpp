#include <catch2/catch.hpp>

#include "code_block.hpp"
#include "code_result.hpp"
#include "judging.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

constexpr const char* human_eval =
    R"({"kind":"code","language":"python","tests":"{{case.expected./test}}","entry_point":"{{case.expected./entry}}"})";
constexpr const char* expected = R"({"test":"def check(c):\n    assert c(1) == 2\n","entry":"f"})";

Program asked(const std::string& written, std::string_view reply, const Case& item) {
  const Step first = step(*grader(written), reply_of(reply), item);
  const auto* asks = std::get_if<std::vector<Ask>>(&first);
  REQUIRE(asks != nullptr);
  REQUIRE(asks->size() == 1);
  CHECK(asks->front().key == "run");
  return std::get<Program>(asks->front().what);
}

std::string nonce_in(const Program& program) {
  REQUIRE_THAT(program.input, StartsWith("nonce 32\n"));
  return program.input.substr(9, 32);
}

// What the template says, with {} for the nonce.
ProgramResult said(const std::string& nonce, std::string verdict, int exit_code = 0) {
  for (std::size_t at = 0; (at = verdict.find("{}", at)) != verdict.npos;) verdict.replace(at, 2, nonce);
  ProgramResult result;
  result.exit_code = exit_code;
  result.verdict = std::move(verdict);
  return result;
}

testing::Outcome judged(const ProgramResult& result, const std::string& written = human_eval,
                        std::string_view expected_json = expected) {
  const Case item = case_with(expected_json);
  const Reply reply = reply_of("def f(x): return x + 1");
  const Answer answers[] = {{"run", result}};
  const Reply* const replies[] = {&reply};
  return outcome_of(grader(written)->step({item, replies, 1}, Answers(answers)));
}

std::string nonce() { return nonce_in(asked(human_eval, "def f(x): return x + 1", case_with(expected))); }

}  // namespace

TEST_CASE("code: the program of a reply stands in its fence") {
  CHECK(code_in("x = 1\n", "python", Block::first) == "x = 1\n");
  CHECK(code_in("So:\n```python\nx = 1\n```\nand\n```\ny = 2\n```\n", "python", Block::first) == "x = 1\n");
  CHECK(code_in("So:\n```python\nx = 1\n```\nand\n```\ny = 2\n```\n", "python", Block::last) == "y = 2\n");
  CHECK(code_in("```py\nx\n```\n```Python3\nlonger\n```\n", "python", Block::longest) == "longer\n");
  CHECK(code_in("```py\nx\n```\n```{.python}\ny\n```\n", "python", Block::all) == "x\n\ny\n");
  CHECK(code_in("```python\nx\n```", "python", Block::whole) == "```python\nx\n```");
  CHECK(code_in("```bash\npip install x\n```\n```python\nx\n```", "python", Block::first) == "x\n");
  CHECK(code_in("```c++\nint x;\n```", "cpp", Block::first) == "int x;\n");
  CHECK(code_in("~~~~python\nx\n~~~\ny\n~~~~\n", "python", Block::first) == "x\n~~~\ny\n");
  CHECK(code_in("```python\nx = 1", "python", Block::first) == "x = 1");  // nobody closed it
  CHECK(code_in("  ```python\r\nx\r\n  ```\r\n", "python", Block::first) == "x\r\n");
  CHECK(code_in("a word in ```backticks``` here\n", "python", Block::first) == "a word in ```backticks``` here\n");
  CHECK_FALSE(code_in("```bash\nls\n```\n", "python", Block::first).has_value());
}

TEST_CASE("code: a template is told the program, the tests and a nonce that nobody can guess") {
  const Program program = asked(human_eval, "```python\ndef f(x): return x + 1\n```", case_with(expected));
  CHECK(program.language == "python");
  CHECK(program.files.empty());
  CHECK_THAT(program.input, Contains("\nmode 5\ntests\n"));
  CHECK_THAT(program.input, Contains("\nprogram 23\ndef f(x): return x + 1\n\n"));
  CHECK_THAT(program.input, Contains("\ntests 35\ndef check(c):"));
  CHECK_THAT(program.input, Contains("\nentry_point 1\nf\n"));
  CHECK(program.limits.memory_bytes == std::uint64_t{1} << 30);
  CHECK(nonce_in(program).find_first_not_of("0123456789abcdef") == std::string::npos);
  Case other = case_with(expected);
  other.id = "case-2";
  CHECK(nonce_in(asked(human_eval, "x", other)) != nonce_in(program));
  CHECK(grader(human_eval)->needs().languages == std::set<std::string>{"python"});
}

TEST_CASE("code: tests may be a list of the case, with a setup before them") {
  const std::string mbpp =
      R"({"kind":"code","language":"python","tests":["{{case.expected}}","{{case.vars.more}}"],"setup":"{{case.vars.setup}}"})";
  Case item = case_with(R"(["assert f(1) == 2","assert f(2) == 3"])");
  item.vars.text = R"({"more":[],"setup":""})";
  const Program program = asked(mbpp, "x", item);
  CHECK_THAT(program.input, Contains("\ntests 16\nassert f(1) == 2\ntests 16\nassert f(2) == 3\n"));
  CHECK_THAT(program.input, !Contains("entry_point"));
  CHECK(grader(mbpp)->lacks(item).empty());
  item.vars.text = R"({"more":[7],"setup":""})";
  CHECK_THAT(grader(mbpp)->lacks(item), Contains("no text"));
  item.vars.text = "{}";
  CHECK_FALSE(grader(mbpp)->lacks(item).empty());
  item = case_with("[]");
  item.vars.text = R"({"more":[],"setup":""})";
  CHECK(grader(mbpp)->lacks(item) == "the case has no test for the program");
}

TEST_CASE("code: it passes on the template's own word, and on nothing else") {
  const std::string n = nonce();
  CHECK(judged(said(n, "started\n{} passed 1 calls\n")).word == "pass");
  ProgramResult shouting = said(n, "started\n");
  shouting.output = "PASSED\n" + n + " passed\n";
  CHECK(judged(shouting).word == "error");
  CHECK(judged(said(n, "started\n00000000000000000000000000000000 passed \n")).word == "error");
  CHECK(judged(said(n, "started\n{} passed 1 calls\n", 1)).word == "error");
  CHECK(judged(said(n, "started\n{} passed 1 calls\n", 137)).word == "error");
  CHECK(judged(said(n, "started\n{} passed 1 calls")).word == "error");  // the line did not come whole
  CHECK(judged(said(n, "{} passed 1 calls\n")).word == "error");
  CHECK(judged(said(n, "started\n{} passed \n{} failed x\n")).word == "error");
  CHECK(judged(said(n, "")).word == "error");
  CHECK(judged(said(n, "started\n{} splendid \n")).word == "error");
}

TEST_CASE("code: every way to fail has its own words") {
  const std::string n = nonce();
  const auto reason = [&](const std::string& verdict) {
    const auto outcome = judged(said(n, "started\n{} " + verdict + "\n"));
    CHECK(outcome.word == "fail");
    CHECK(outcome.score == 0.0);
    return outcome.reason;
  };
  CHECK(reason("failed assert f(1) == 2") == "failed assertion: assert f(1) == 2");
  CHECK(reason("exception KeyError: 'x'") == "exception: KeyError: 'x'");
  CHECK(reason("not_compiled SyntaxError: invalid syntax") == "does not compile: SyntaxError: invalid syntax");
  CHECK(reason("timed_out") == "timed out after 10000 ms");
  CHECK(reason("too_much_output a value of more than 16 MiB") == "too much output: a value of more than 16 MiB");
  CHECK(reason("out_of_memory ") == "ran out of its 1024 MiB of memory");
  CHECK_THAT(reason("exited it exited with status 0"), StartsWith("the program ended before its tests were done"));
  CHECK(judged(said(n, "started\n{} bad_tests there is no check()\n")).word == "error");
}

TEST_CASE("code: time-outs and floods of the whole box fail the program, once it had begun") {
  ProgramResult late;
  late.timed_out = true;
  CHECK(judged(late).word == "error");  // the box itself did not come up
  late.verdict = "started\n";
  CHECK(judged(late).word == "fail");
  CHECK_THAT(judged(late).reason, StartsWith("timed out"));
  const Case item = case_with(expected);
  const Reply reply = reply_of("x");
  const Answer answers[] = {{"run", late}};
  const Reply* const replies[] = {&reply};
  const Step step = grader(human_eval)->step({item, replies, 1}, Answers(answers));
  const Grade& grade = std::get<Grade>(step);
  REQUIRE(grade.measures.size() == 1);
  CHECK(grade.measures[0].name == "timed_out");
  CHECK(grade.measures[0].value == 1.0);
  ProgramResult flood;
  flood.too_large = true;
  flood.verdict = "started\n";
  CHECK(judged(flood).reason == "too much output: more than 1048576 bytes");
}

TEST_CASE("code: what whole programs write is compared here") {
  const std::string io =
      R"({"kind":"code","language":"python","io":[{"input":"1\n","output":"2"},{"input":"2\n","output":"4\n"}]})";
  const std::string n = nonce_in(asked(io, "def f(x): return x + 1", case_with("null")));
  const auto outcome = [&](const std::string& verdict) { return judged(said(n, "started\n" + verdict), io, "null"); };
  CHECK(outcome("{} ran 0 320a\n{} ran 0 34200a\n{} done \n").word == "pass");
  CHECK(outcome("{} ran 0 320a\n{} ran 0 350a\n{} done\n").reason ==
        "wrong output: run 2 of 2: line 1 is \"5\", expected \"4\"");
  CHECK(outcome("{} ran 0 320a\n{} ran 3 340a\n{} done\n").reason == "run 2 of 2 ended with status 3");
  CHECK(outcome("{} ran 0 320a\n{} ran 139 \n{} done\n").reason == "run 2 of 2 was ended by signal 11");
  CHECK(outcome("{} ran 0 320a\n{} timed_out run 2 of 2\n").reason == "timed out after 10000 ms: run 2 of 2");
  CHECK(outcome("{} ran 0 320a\n{} ran 0 34\n").word == "error");  // it did not say that this was all
  CHECK(outcome("{} ran 0 320a\n{} done\n").word == "error");
  CHECK(outcome("{} done\n").word == "error");
  CHECK(outcome("{} passed \n").word == "error");
  CHECK(outcome("{} ran 0 3z0a\n{} ran 0 34\n{} done\n").word == "error");
  CHECK_THAT(asked(io, "x", case_with("null")).input, Contains("\ninput 2\n1\n\ninput 2\n2\n"));
  CHECK_THAT(asked(io, "x", case_with("null")).input, !Contains("output 2"));
}

TEST_CASE("code: outputs are the same where their lines are") {
  CHECK(same_output("a \nb\r\n\n\n", "a\nb", false));
  CHECK(same_output("", "\n", false));
  CHECK_FALSE(same_output("a\nb", "a", false));
  CHECK_FALSE(same_output("a", "a\nb", false));
  CHECK_FALSE(same_output(" a", "a", false));
  CHECK_FALSE(same_output("a\n", "a", true));
  CHECK(same_output("a\n", "a\n", true));
}

TEST_CASE("code: a reply without a program is absent, and stays failed when turned round") {
  const Case item = case_with(expected);
  CHECK(judge(human_eval, "```bash\nls\n```", item).word == "absent");
  CHECK(judge(turned_round(human_eval), "```bash\nls\n```", item).word == "absent");
  CHECK(judge(human_eval, "```python\n\n```", item).word == "absent");
}

TEST_CASE("code: options that contradict each other are refused") {
  CHECK_THAT(complaints_about(R"({"kind":"code","language":"python"})")[0].message, Contains("tests or io"));
  complaints_about(R"({"kind":"code","language":"python","tests":"x","io":[{"output":"1"}]})");
  complaints_about(R"({"kind":"code","language":"python","entry_point":"f","io":[{"output":"1"}]})");
  complaints_about(R"({"kind":"code","language":"python","io":"no list"})");
  complaints_about(R"({"kind":"code","tests":"x"})");
  complaints_about(R"({"kind":"code","language":"python","tests":"x","time_ms":0})");
}
