#include "../../../src/grade/foreign.hpp"
#include "judging.hpp"

namespace headgate::grade {
namespace {

using namespace testing;

Error refusal(const std::string& written) {
  Complaints complaints;
  const auto tree = parse_json("suite.yaml", written, complaints);
  CHECK(registry().build(*tree, tree->root(), complaints) == nullptr);
  REQUIRE_FALSE(complaints.empty());
  return complaints.errors().front();
}

bool grader_or_none(const std::string& written) {
  Complaints complaints;
  const auto tree = parse_json("suite.yaml", written, complaints);
  return registry().build(*tree, tree->root(), complaints) != nullptr;
}

TEST_CASE("another tool's name is taken where it means the same, and leaves no trace in the spec") {
  const std::string written = R"({"kind":"icontains","value":"REFUND"})";
  CHECK(judge(written, "your refund", case_with("1")).word == "pass");
  const GraderSpec spec = registry().spec(Json::parse(written));
  CHECK(spec == registry().spec(Json::parse(R"({"kind":"contains","value":"REFUND","fold_case":true})")));
  CHECK(judge(R"({"kind":"not-icontains","value":"REFUND"})", "your refund", case_with("1")).word == "fail");
  CHECK(registry().spec(Json::parse(R"({"kind":"not-contains-any","value":["a"]})")).written_kind() ==
        "not_contains_any");
}

TEST_CASE("a dash negates our own kinds too, and dashes stand for underscores") {
  CHECK(judge(R"({"kind":"not-contains","value":"refund"})", "your refund", case_with("1")).word == "fail");
  for (const Kind& kind : registry().kinds()) {
    INFO(kind.name);
    Json written = Json::parse(kind.example);
    written["kind"] = "not_" + kind.name;
    const GraderSpec spec = registry().spec(written);
    const bool builds = grader_or_none(written.dump());
    written["kind"] = "not-" + kind.name;
    CHECK(registry().spec(written) == spec);
    CHECK(grader_or_none(written.dump()) == builds);
  }
  CHECK(judge(R"({"kind":"not-contains-any","value":["x"]})", "your refund", case_with("1")).word == "pass");
  CHECK(registry().spec(Json::parse(R"({"kind":"tool-calls","required":["f"]})")).written_kind() == "tool_calls");
  CHECK(registry().spec(Json::parse(R"({"kind":"not-any-of","graders":[]})")).written_kind() == "not_any_of");
  CHECK(refusal(R"({"kind":"starts-with","value":"x"})").hint.find("`starts_with`") != std::string::npos);
  CHECK(refusal(R"({"kind":"not-starts-with","value":"x"})").hint.find("`starts_with`") != std::string::npos);
  CHECK_FALSE(registry().look_up("not-").has_value());
  CHECK_FALSE(registry().look_up("not-not_contains").has_value());
}

TEST_CASE("an alias says what it stands for where an option contradicts it, at that option") {
  const Error error = refusal(R"({"kind":"icontains","value":"x","fold_case":false})");
  CHECK(error.message == "'icontains' means contains with fold_case true, and here it is false");
  CHECK(error.place.column == 33);
}

TEST_CASE("faults inside an alias keep their places") {
  const Error error = refusal(R"({"kind":"icontains","valeu":"x"})");
  CHECK(error.message.find("valeu") != std::string::npos);
  CHECK(error.place.column == 21);
}

TEST_CASE("another tool's name that means something else here is refused with what to write instead") {
  CHECK(refusal(R"({"kind":"llm-rubric","value":"polite"})").hint.find("`judge`") != std::string::npos);
  CHECK(refusal(R"({"kind":"not-llm-rubric","value":"polite"})").hint.find("`judge`") != std::string::npos);
  for (const ForeignKind& foreign : foreign_kinds()) {
    INFO(foreign.name);
    CHECK_FALSE(registry().look_up(foreign.name).has_value());  // no alias and no kind
  }
}

TEST_CASE("every alias builds with the example of its kind, and no name is given twice") {
  std::set<std::string> names;
  for (const Kind& kind : registry().kinds()) {
    CHECK(names.insert(kind.name).second);
    for (const Alias& alias : kind.aliases) {
      INFO(alias.name);
      CHECK(names.insert(alias.name).second);
      Json written = Json::parse(kind.example);
      if (!alias.options.empty()) written.update(Json::parse(alias.options));
      if (alias.name == "is-refusal") written.erase("map");  // of the words of `expect`, of which there is one now
      written["kind"] = alias.name;
      CHECK(grader(written.dump()) != nullptr);
      CHECK(*registry().look_up(alias.name) == &kind);
    }
  }
}

}  // namespace
}  // namespace headgate::grade
