#include "headgate/grade/registry.hpp"

#include "judging.hpp"
#include "kinds.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

TEST_CASE("an unknown kind is told at its place, with the nearest one") {
  Complaints complaints;
  const auto tree = parse_json("cases.jsonl", R"({"graders": [{"kind": "regx"}]})", complaints, 17);
  REQUIRE(tree);
  CHECK(registry().build(*tree, tree->root()["graders"][0], complaints) == nullptr);
  REQUIRE(complaints.errors().size() == 1);
  const Error& error = complaints.errors()[0];
  CHECK(error.message == "unknown grader 'regx'");
  CHECK(error.hint == "did you mean 'regex'? `headgate graders` lists all");
  CHECK(error.place.file == "cases.jsonl");
  CHECK(error.place.line == 17);
  CHECK(error.place.column == 23);
}

TEST_CASE("what is no grader is refused with words") {
  CHECK(complaints_about("[]")[0].message == "a grader must be an object with `kind`");
  CHECK(complaints_about("{}")[0].message == "a grader must name its `kind`");
  CHECK(complaints_about(R"({"kind":3})")[0].place.column == 9);
  CHECK(complaints_about(R"({"kind":"not_regx"})")[0].hint.find("'not_regex'") != std::string::npos);
  CHECK(complaints_about(R"({"kind":"not_"})").size() == 1);
  CHECK(complaints_about(R"({"kind":"not_not_equals"})").size() == 1);
  CHECK(complaints_about(R"({"kind":"zzzzzz"})")[0].hint == "`headgate graders` lists all");
}

TEST_CASE("a spec is the grader without its window, and builds again") {
  const Json written =
      Json::parse(R"({"kind":"not_contains","value":"x","fold_case":true,"since":"1.2.0","retired":"2.0.0"})");
  const GraderSpec spec = registry().spec(written);
  CHECK(spec.kind == "contains");
  CHECK(spec.negated);
  CHECK(spec.options.text == R"({"fold_case":true,"value":"x"})");
  const auto built = registry().build(spec);
  REQUIRE(built);
  CHECK(outcome_of(step(**built, reply_of("an X"), case_with("1"))).word == "fail");
}

TEST_CASE("a damaged spec is untrusted") {
  for (const GraderSpec& spec :
       {GraderSpec{"regx", false, {"{}"}}, GraderSpec{"regex", false, {R"({"pattern":"("})"}},
        GraderSpec{"equals", false, {"[]"}}, GraderSpec{"equals", false, {"{"}}, GraderSpec{"equals", false, {""}}}) {
    const auto built = registry().build(spec);
    REQUIRE_FALSE(built);
    CHECK(built.error().code == ErrorCode::untrusted);
  }
}

TEST_CASE("every kind keeps its promises") {
  for (const Kind& kind : registry().kinds()) {
    INFO(kind.name);
    const Json example = Json::parse(kind.example);
    CHECK_FALSE(kind.summary.empty());
    CHECK(kind.help.size() > 40);
    CHECK(example.at("kind") == kind.name);
    CHECK(registry().find(kind.name) == &kind);
    CHECK(*registry().look_up("not_" + kind.name) == &kind);

    // An unknown option and an option of the wrong type have a place.
    Json typo = example;
    typo["colour"] = "red";
    const auto unknown = complaints_about(typo.dump());
    CHECK(unknown[0].message.find("'colour'") != std::string::npos);
    CHECK(unknown[0].place.line == 1);
    CHECK(unknown[0].place.column == typo.dump().find("\"colour\"") + 1);
    for (const Field& field : kind.options->fields) {
      if (field.shape.kind == Shape::Kind::any) continue;
      Json wrong = example;
      wrong[field.name] = Json::array({Json::array()});
      INFO(field.name);
      CHECK(complaints_about(wrong.dump())[0].place.column >= wrong.dump().find("[[]]") + 1);
      CHECK_FALSE(field.help.empty());
    }
  }
}

TEST_CASE("build, spec and build again is the same grader, for every kind and its not_ form") {
  Case item = case_with(R"("B")");
  item.vars.text = R"({"options":["refund","B","guarantee"]})";
  const char* const replies[] = {"B",
                                 "(A)",
                                 "refund for order case-1",
                                 "18",
                                 R"({"intent":"B"})",
                                 "Yes, 100 %",
                                 "ticket #12345",
                                 "A: 7",
                                 "So the answer is B.",
                                 "guarantee",
                                 "no"};
  for (const Kind& kind : registry().kinds()) {
    for (const bool is_negated : {false, true}) {
      const std::string written = is_negated ? turned_round(kind.example) : kind.example;
      INFO(written);
      const GraderSpec spec = registry().spec(Json::parse(written));
      CHECK(spec.negated == is_negated);
      const GraderPtr first = grader(written);
      const auto second = registry().build(spec);
      REQUIRE(second);
      Json back = Json::parse(spec.options.text);
      back["kind"] = spec.written_kind();
      CHECK(registry().spec(back) == spec);
      for (const char* reply : replies) {
        const auto a = outcome_of(step(*first, reply_of(reply), item));
        const auto b = outcome_of(step(**second, reply_of(reply), item));
        CHECK(a.word == b.word);
        CHECK(a.reason == b.reason);
      }
    }
  }
}

TEST_CASE("not_ turns a verdict round, and nothing else") {
  Case item = case_with(R"("B")");
  item.vars.text = R"({"options":["refund","B"]})";
  for (const Kind& kind : registry().kinds()) {
    const GraderPtr plain = grader(kind.example);
    const GraderPtr turned = grader(turned_round(kind.example));
    for (const char* reply : {"B", "refund", "x", "7", "{}", R"({"intent":"B"})", "A: 12"}) {
      INFO(kind.name << " on " << reply);
      const auto a = outcome_of(step(*plain, reply_of(reply), item));
      const auto b = outcome_of(step(*turned, reply_of(reply), item));
      if (a.score >= 0) {
        CHECK(a.word != b.word);
        CHECK(a.score + b.score == 1.0);
        CHECK(b.reason.find(a.reason) != std::string::npos);
      } else {
        CHECK(a.word == b.word);
      }
    }
  }
}

TEST_CASE("no grader, turned round or not, judges an empty reply") {
  for (const Kind& kind : registry().kinds()) {
    for (const std::string& written : {kind.example, turned_round(kind.example)}) {
      INFO(written);
      Case item = case_with(R"("B")");
      item.vars.text = R"({"options":["refund","B"]})";
      const Step out = step(*grader(written), Reply{}, item);
      const auto* error = std::get_if<CallError>(&out);
      REQUIRE(error != nullptr);
      CHECK(error->kind == ErrorKind::empty_reply);
    }
  }
}

TEST_CASE("a kind cannot be registered twice, or under a name that reads as a negation") {
  CHECK_THROWS(Registry({*registry().find("equals"), *registry().find("equals")}));
  Kind not_x = *registry().find("equals");
  not_x.name = "not_x";
  CHECK_THROWS(Registry({not_x}));
}
