#include "headgate/domain/template.hpp"

#include "judging.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

Case rich_case() {
  Case item = case_with(R"({"a/b":[1,{"c":"deep"}],"text":"t\"q","none":null})");
  item.vars.text = R"({"name":"Ana","n":3,"list":["x",2],"odd key/1":"k","empty":""})";
  return item;
}

std::string filled(const std::string& text, const Case& item) {
  Complaints complaints;
  const auto tree = parse_json("x", Json(text).dump(), complaints);
  REQUIRE(tree);
  const auto compiled = Template::compile(*tree, tree->root(), complaints);
  REQUIRE(compiled);
  std::string scratch;
  const auto out = compiled->fill(item, scratch);
  return out ? std::string(*out) : "ERROR " + out.error().message;
}

}  // namespace

TEST_CASE("templates insert texts as text and anything else as canonical JSON") {
  const Case item = rich_case();
  CHECK(filled("plain", item) == "plain");
  CHECK(filled("", item).empty());
  CHECK(filled("{{case.id}}", item) == "case-1");
  CHECK(filled("{{case.input}}", item) == "What is it?");
  CHECK(filled("<{{ case.vars.name }}>", item) == "<Ana>");
  CHECK(filled("{{case.vars.name}}{{case.vars.n}}", item) == "Ana3");
  CHECK(filled("{{case.vars.list}}", item) == R"(["x",2])");
  CHECK(filled("{{case.vars./list/0}}", item) == "x");
  CHECK(filled("{{case.vars.odd key/1}}", item) == "k");
  CHECK(filled("{{case.expected./a~1b/1/c}}", item) == "deep");
  CHECK(filled("{{case.expected./text}}", item) == "t\"q");
  CHECK(filled("{{open}}x}} {{open}}", item) == "{{x}} {{");
  CHECK(filled("a {{open}} b", item) == "a {{ b");
  CHECK(filled("{{case.vars.empty}}", item).empty());
}

TEST_CASE("a value the case lacks is an error, never an empty text") {
  const Case item = rich_case();
  CHECK(filled("{{case.vars.nobody}}", item) == "ERROR the case has no {{case.vars.nobody}}");
  CHECK(filled("{{case.expected./none}}", item) == "ERROR the case has no {{case.expected./none}}");
  CHECK(filled("{{case.expected./a~1b/9}}", item) == "ERROR the case has no {{case.expected./a~1b/9}}");
  CHECK(filled("{{case.expected./a~1b/01}}", item).starts_with("ERROR"));
  CHECK(filled("x {{case.expected}}", case_with("null")) == "ERROR the case has no expected value");
  CHECK(filled("{{case.vars.name}}", case_with("1")) == "ERROR the case has no {{case.vars.name}}");
}

TEST_CASE("an unknown variable is a complaint at its place") {
  const auto errors = complaints_about(R"({"kind":"contains","value":"say {{case.expectd}} and {{x}}"})");
  REQUIRE(errors.size() == 2);
  CHECK(errors[0].message == "unknown template variable 'case.expectd'");
  CHECK(errors[0].hint.find("did you mean 'case.expected'?") != std::string::npos);
  CHECK(errors[0].place.column == 33);
  CHECK(errors[1].place.column == 54);
  CHECK(complaints_about(R"({"kind":"equals","value":"{{case.expected.x}}"})").size() == 1);
  CHECK(complaints_about(R"({"kind":"equals","value":"{{case.expected./~2}}"})").size() == 1);
  CHECK(complaints_about(R"({"kind":"equals","value":"{{case.vars}}"})").size() == 1);
}

TEST_CASE("lacks says before a call what step would say after it") {
  CHECK(grader(R"({"kind":"equals"})")->lacks(case_with("null")) == "the case has no expected value");
  CHECK(grader(R"({"kind":"equals"})")->lacks(case_with("1")).empty());
  CHECK(grader(R"({"kind":"not_number"})")->lacks(case_with(R"("abc")")) == R"(the expected "abc" is not a number)");
  CHECK_FALSE(grader(R"({"kind":"choice","options":["x","y"]})")->lacks(case_with(R"("z")")).empty());
  CHECK_FALSE(grader(R"({"kind":"regex","pattern":"{{case.vars.p}}"})")->lacks(case_with("1")).empty());
  CHECK_FALSE(grader(R"({"kind":"json","pointer":"/a","equals":"{{case.expected}}"})")->lacks(case_with("")).empty());
  CHECK_FALSE(grader(R"({"kind":"all_of","graders":[{"kind":"length","min":1},{"kind":"equals"}]})")
                  ->lacks(case_with(""))
                  .empty());
}

TEST_CASE("a template that is never closed is refused where it opens") {
  Complaints complaints;
  const auto tree = parse_json("s.json", R"({"value":"say {{case.expected"})", complaints);
  REQUIRE(tree);
  CHECK_FALSE(Template::compile(*tree, tree->root().at("value"), complaints));
  REQUIRE(complaints.total() == 1);
  CHECK(complaints.errors()[0].place.column == 15);
}
