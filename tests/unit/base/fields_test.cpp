#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "headgate/base/fields.hpp"
#include "headgate/base/sorted_fields.hpp"

using namespace headgate;

namespace {

const FieldTable& grader_table() {
  static const FieldTable table{"grader",
                                "How one reply is judged.",
                                {
                                    {"kind", one_of({"equals", "regex", "contains"}), "What it does.", true},
                                    {"weight", number_shape().above(0).at_most(10), "Its share.", false, "1"},
                                }};
  return table;
}

const FieldTable& case_table() {
  static const FieldTable table{
      "case",
      "One question.",
      {
          {"id", string_shape(), "Names it.", true, {}, "\"refund-017\""},
          {"severity", one_of({"normal", "severe"}), "How bad a failure is.", false, "\"normal\""},
          {"graders", list_of(object_of(grader_table())).at_least(1), "Judges.", false},
          {"input", either({string_shape(), object_of(grader_table())}), "What is asked.", false},
          {"trials", integer_shape().at_least(1).at_most(100), "Repetitions.", false, "1"},
          {"rate", fraction(), "A share.", false},
          {"on", boolean_shape(), "A switch.", false},
          {"tags", map_of(string_or_empty()), "Free words.", false},
          {"extra", any_shape(), "Anything.", false},
      }};
  return table;
}

std::vector<std::string> complaints_of(const std::string& text) {
  Complaints complaints;
  const std::optional<Tree> tree = parse_json("c.json", text, complaints);
  REQUIRE(tree);
  const bool good = check(*tree, tree->root(), case_table(), complaints);
  CHECK(good == complaints.empty());
  complaints.sort();
  std::vector<std::string> out;
  for (const Error& error : complaints.errors()) {
    std::string line = std::to_string(error.place.column) + ": " + error.message;
    if (!error.hint.empty()) line += " (" + error.hint + ")";
    out.push_back(line);
  }
  return out;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("fields: a good object") {
  CHECK(complaints_of(
            R"({"id":"a","severity":"severe","graders":[{"kind":"regex","weight":10}],"input":"x","trials":100,)"
            R"("rate":1,"on":true,"tags":{"a":"","b":"x"},"extra":[null]})")
            .empty());
  CHECK(complaints_of(R"({"id":"a","input":{"kind":"equals"}})").empty());
}

TEST_CASE("fields: everything wrong is named, with its place") {
  CHECK(complaints_of(R"({"id":"c1","sevrity":"severe"})") ==
        Lines{"12: unknown key 'sevrity' in case (did you mean 'severity'?)"});
  CHECK(complaints_of(R"({"severity":"sever"})") ==
        Lines{"1: missing key 'id' in case (Names it.)",
              "13: 'severity' must be one of normal and severe, not 'sever' (did you mean 'severe'?)"});
  CHECK(complaints_of(R"({"id":"","trials":0,"rate":-0.1})") == Lines{"7: 'id' must not be empty",
                                                                      "19: 'trials' must be between 1 and 100, not 0",
                                                                      "28: 'rate' must be between 0 and 1, not -0.1"});
  CHECK(complaints_of(R"({"id":"a","rate":"0.9"})") == Lines{"18: 'rate' must be a number, not the text '0.9'"});
  CHECK(complaints_of(R"({"id":"a","trials":1.5,"on":1})") ==
        Lines{"20: 'trials' must be a whole number, not the number 1.5",
              "29: 'on' must be true or false, not the number 1"});
  CHECK(complaints_of(R"({"id":"a","graders":[{"kind":"regx"},{"kind":"equals","weight":0}]})") ==
        Lines{"30: 'kind' must be one of equals, regex and contains, not 'regx' (did you mean 'regex'?)",
              "64: 'weight' must be above 0 and at most 10, not 0"});
  CHECK(complaints_of(R"({"id":"a","graders":[]})") == Lines{"21: 'graders' must not be empty"});
  CHECK(complaints_of(R"({"id":"a","graders":[7]})") == Lines{"22: 'graders[0]' must be an object, not the number 7"});
  CHECK(complaints_of(R"({"id":"a","tags":{"x":null}})") == Lines{"23: 'x' must be a text, not null"});
  CHECK(complaints_of("[]") == Lines{"1: the whole text must be an object, not a list"});
  const Lines unknown = complaints_of(R"({"id":"a","zzzzzz":1})");
  REQUIRE(unknown.size() == 1);
  CHECK(unknown[0].starts_with("11: unknown key 'zzzzzz' in case (known are id, severity,"));
}

TEST_CASE("fields: a hundred thousand faults are counted, and cost no search each") {
  std::string text = R"({"id":"a","graders":[)";
  for (int i = 0; i < 100'000; ++i) text += "1,";
  text += "1]}";
  Complaints complaints;
  const std::optional<Tree> tree = parse_json("c.json", text, complaints);
  CHECK_FALSE(check(*tree, tree->root(), case_table(), complaints));
  CHECK(complaints.total() == 100'001);
  CHECK(complaints.errors().size() == Complaints::max_kept_per_file);
}

TEST_CASE("fields: alternatives") {
  CHECK(complaints_of(R"({"id":"a","input":5})") == Lines{"19: 'input' must be a text or an object, not the number 5"});
  CHECK(complaints_of(R"({"id":"a","input":""})") == Lines{"19: 'input' must not be empty"});
  CHECK(complaints_of(R"({"id":"a","input":{"kind":"equal"}})") ==
        Lines{"27: 'kind' must be one of equals, regex and contains, not 'equal' (did you mean 'equals'?)"});
}

TEST_CASE("schema: from the same table") {
  const Json made = schema(case_table());
  CHECK(made["$schema"] == "https://json-schema.org/draft/2020-12/schema");
  CHECK(made["title"] == "case");
  CHECK(made["required"] == Json::array({"id"}));
  CHECK(made["additionalProperties"] == false);
  const Json& fields = made["properties"];
  CHECK(fields["id"] ==
        Json{{"type", "string"}, {"minLength", 1}, {"description", "Names it."}, {"examples", {"refund-017"}}});
  CHECK(fields["severity"]["enum"] == Json{"normal", "severe"});
  CHECK(fields["severity"]["default"] == "normal");
  CHECK(fields["graders"]["items"] == Json{{"$ref", "#/$defs/grader"}});
  CHECK(fields["graders"]["minItems"] == 1);
  CHECK(fields["input"]["anyOf"].size() == 2);
  CHECK(fields["trials"] ==
        Json{{"type", "integer"}, {"minimum", 1}, {"maximum", 100}, {"default", 1}, {"description", "Repetitions."}});
  CHECK(fields["tags"]["additionalProperties"] == Json{{"type", "string"}});
  CHECK(made["$defs"]["grader"]["properties"]["weight"]["exclusiveMinimum"] == 0);
}

namespace {

const FieldTable& limit_table() {
  static const FieldTable table{
      "limit",
      "How much is too much.",
      {{"loss", number_shape().at_least(0).below(1), "A share that is not all.", false},
       {"gain", number_shape().above(0).below(1), "The other way round.", false},
       {"day", date_shape(), "Until when.", false},
       {"none", either({integer_shape().at_least(0), null_shape()}), "Unknown is null.", false}},
      {{KeyDemand::Count::exactly_one,
        {"loss", "gain"},
        "a limit needs exactly one of loss and gain",
        "write loss: 0.1"},
       {KeyDemand::Count::at_least_one, {"day", "none"}, "a limit needs a day or none"}}};
  return table;
}

const Variants& thing_variants() {
  static const Variants variants{
      "thing", "kind", {{{"limit", "not_limit"}, &limit_table()}, {{"case"}, &case_table()}}};
  return variants;
}

Lines complaints_about(const std::string& text, const FieldTable& table) {
  Complaints complaints;
  const std::optional<Tree> tree = parse_json("c.json", text, complaints);
  REQUIRE(tree);
  check(*tree, tree->root(), table, complaints);
  Lines out;
  for (const Error& error : complaints.errors()) out.push_back(error.message);
  return out;
}

}  // namespace

TEST_CASE("fields: bounds that are not reached, and keys that go together") {
  const auto said = [](const std::string& text) { return complaints_about(text, limit_table()); };
  CHECK(said(R"({"loss":0,"day":"2026-11-20"})").empty());
  CHECK(said(R"({"gain":0.999,"none":null})").empty());
  CHECK(said(R"({"loss":1,"none":0})") == Lines{"'loss' must be at least 0 and below 1, not 1"});
  CHECK(said(R"({"gain":1,"none":0})") == Lines{"'gain' must be above 0 and below 1, not 1"});
  CHECK(said(R"({"none":0})") == Lines{"a limit needs exactly one of loss and gain"});
  CHECK(said(R"({"loss":0,"gain":0.1,"none":0})") == Lines{"a limit needs exactly one of loss and gain"});
  CHECK(said(R"({"loss":0})") == Lines{"a limit needs a day or none"});
  CHECK(said(R"({"los":0,"none":0})") == Lines{"unknown key 'los' in limit"});
  CHECK(said(R"({"loss":0,"none":"no"})") == Lines{"'none' must be a whole number or null, not the text 'no'"});
}

TEST_CASE("fields: an open table takes further keys") {
  FieldTable open = limit_table();
  open.open = true;
  CHECK(complaints_about(R"({"loss":0,"none":0,"more":1})", open).empty());
  CHECK_FALSE(schema(open).contains("additionalProperties"));
}

TEST_CASE("schema: bounds, spelling, demands") {
  const Json made = schema(limit_table());
  CHECK(made["properties"]["loss"]["exclusiveMaximum"] == 1);
  CHECK(made["properties"]["loss"]["minimum"] == 0);
  CHECK(made["properties"]["gain"]["exclusiveMinimum"] == 0);
  CHECK(made["properties"]["day"]["pattern"] == "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
  CHECK(made["properties"]["none"]["anyOf"][1] == Json{{"type", "null"}});
  CHECK(made["allOf"][0]["oneOf"] == Json::parse(R"([{"required":["loss"]},{"required":["gain"]}])"));
  CHECK(made["allOf"][1]["anyOf"].size() == 2);
}

TEST_CASE("schema: fields that belong to one word of a key") {
  FieldTable sorted{"route", "Sorted.", {}};
  sorted.sorted_by = "kind";
  sorted.fields = {{"kind", one_of({"replay", "process"}), "Which.", true},
                   {"replies", string_shape(), "Files.", false, {}, {}, "replay"},
                   {"command", string_shape(), "Words.", false, {}, {}, "process"}};
  const Json made = schema(sorted);
  CHECK(made["allOf"][0]["if"]["properties"]["kind"]["const"] == "replay");
  CHECK(made["allOf"][0]["then"]["properties"] == Json{{"command", false}});
  CHECK(made["allOf"][1]["then"]["properties"] == Json{{"replies", false}});
}

namespace {

// A bound that belongs to two kinds and has another shape in the third, where it is required.
const FieldTable& sorted_table() {
  static const FieldTable table = [] {
    FieldTable out{"route", "Sorted.", {}};
    out.sorted_by = "kind";
    out.fields = {{"kind", one_of({"a", "b", "c"}), "Which.", true},
                  {"bound", integer_shape(), "Whole.", false, {}, {}, "a | b"},
                  {"bound", string_shape(), "In words.", true, {}, {}, "c"},
                  {"extra", string_shape(), "More.", false, {}, {}, "b | c"}};
    return out;
  }();
  return table;
}

}  // namespace

TEST_CASE("fields of one name, each for its own words") {
  CHECK(words_of(sorted_table().fields[1]) == std::vector<std::string>{"a", "b"});
  CHECK(words_of(sorted_table().fields[0]).empty());
  CHECK(has_field(sorted_table(), "b", "bound"));
  CHECK(has_field(sorted_table(), "b", "extra"));
  CHECK_FALSE(has_field(sorted_table(), "a", "extra"));
  CHECK(field_of(sorted_table(), Json{{"kind", "c"}}, "bound")->shape.kind == Shape::Kind::string);
  CHECK(field_of(sorted_table(), Json{{"kind", "b"}}, "bound")->shape.kind == Shape::Kind::integer);
  CHECK(field_of(sorted_table(), Json{{"kind", "x"}}, "bound")->shape.kind == Shape::Kind::integer);
  CHECK(field_of(sorted_table(), Json(5), "none") == nullptr);

  CHECK(complaints_about(R"({"kind":"a","bound":5})", sorted_table()).empty());
  CHECK(complaints_about(R"({"kind":"c","bound":"five"})", sorted_table()).empty());
  CHECK(complaints_about(R"({"kind":"a"})", sorted_table()).empty());
  CHECK(complaints_about(R"({"kind":"c","bound":5})", sorted_table()).size() == 1);
  CHECK(complaints_about(R"({"kind":"b","bound":"five"})", sorted_table()).size() == 1);
  CHECK(complaints_about(R"({"kind":"c"})", sorted_table()).size() == 1);  // required there
}

TEST_CASE("schema: fields of one name, each for its own words") {
  const Json made = schema(sorted_table());
  CHECK(made["properties"]["bound"] == Json::object());
  CHECK(made["required"] == Json{"kind"});
  CHECK(made["allOf"][0]["then"]["properties"]["bound"]["type"] == "integer");
  CHECK(made["allOf"][0]["then"]["properties"]["extra"] == false);
  CHECK_FALSE(made["allOf"][0]["then"].contains("required"));
  CHECK(made["allOf"][1]["then"]["properties"] == Json{{"bound", {{"type", "integer"}, {"description", "Whole."}}}});
  CHECK(made["allOf"][2]["then"]["properties"]["bound"]["type"] == "string");
  CHECK(made["allOf"][2]["then"]["required"] == Json{"bound"});
}

TEST_CASE("schema: objects of several kinds, each by its own table") {
  static const FieldTable holder{
      "holder", "Holds things.", {{"things", list_of(variant_of([] { return &thing_variants(); })), "Things.", false}}};
  const Json inside = schema(holder);
  CHECK(inside["properties"]["things"]["items"] == Json{{"$ref", "#/$defs/thing"}});
  const Json made = schema(thing_variants());
  CHECK(made["properties"]["kind"]["enum"] == Json{"limit", "not_limit", "case"});
  CHECK(made["allOf"][0]["if"]["properties"]["kind"]["enum"] == Json{"limit", "not_limit"});
  CHECK(made["allOf"][0]["then"] == Json{{"$ref", "#/$defs/limit"}});
  CHECK(made["$defs"]["case"]["required"] == Json{"id"});
  CHECK(made["required"] == Json{"kind"});
  CHECK(complaints_about(R"({"things":[{"kind":"unheard of"}]})", holder).empty());  // another reader's task
}

TEST_CASE("shapes in words") {
  CHECK(in_words(string_shape()) == "text");
  CHECK(in_words(one_of({"pass", "score"})) == "pass | score");
  CHECK(in_words(integer_shape().at_least(1).at_most(100)) == "whole number from 1 to 100");
  CHECK(in_words(integer_shape().at_least(1)) == "whole number of at least 1");
  CHECK(in_words(number_shape().above(0)) == "number above 0");
  CHECK(in_words(number_shape().above(0).below(1)) == "number above 0, below 1");
  CHECK(in_words(number_shape().at_least(0).below(1)) == "number from 0, below 1");
  CHECK(in_words(number_shape().at_most(5)) == "number of at most 5");
  CHECK(in_words(either({string_shape(), list_of(object_of(limit_table()))})) == "text | list of limit");
  CHECK(in_words(map_of(variant_of([] { return &thing_variants(); })),
                 [](const std::string& name) { return "<" + name + ">"; }) == "object of <thing>");
}

TEST_CASE("schema: a table may contain itself") {
  static FieldTable tree{"tree", "Of trees.", {}};
  tree.fields = {{"of", list_of(object_of(tree)), "Branches.", false}};
  CHECK(schema(tree)["properties"]["of"]["items"]["$ref"] == "#");
}
