#include "schema.hpp"

#include "judging.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

std::string fault(const std::string& schema, const std::string& value) {
  Complaints complaints;
  const auto tree = parse_json("x", schema, complaints);
  REQUIRE(tree);
  const auto built = Schema::build(*tree, tree->root(), complaints);
  INFO(schema);
  REQUIRE(built);
  const auto out = built->fault_of(Json::parse(value));
  return out ? *out : "ERROR " + out.error().message;
}

std::vector<Error> schema_complaints(const std::string& schema) {
  return complaints_about(R"({"kind":"json","schema":)" + schema + "}");
}

}  // namespace

TEST_CASE("a schema fault names its place by JSON pointer") {
  struct Row {
    const char* schema;
    const char* value;
    const char* fault;
  };
  const Row row = GENERATE(values<Row>({
      {R"({"type":"integer"})", "1.0", ""},
      {R"({"type":"integer"})", "1.5", R"(the value is number, not "integer")"},
      {R"({"type":["string","null"]})", "null", ""},
      {R"({"type":["string","null"]})", "1", R"(the value is number, not ["string","null"])"},
      {R"({"enum":[1,"a"]})", "1.0", ""},
      {R"({"enum":[1,"a"]})", "2", R"(the value is "2", none of "[1,"a"]")"},
      {R"({"const":{"a":1}})", R"({"a":1.0})", ""},
      {R"({"properties":{"a":{"minimum":3}}})", R"({"a":2})", R"("/a" is 2, below 3)"},
      {R"({"exclusiveMaximum":3})", "3", "the value is 3, not below 3"},
      {R"({"multipleOf":0.01})", "4.35", ""},
      {R"({"multipleOf":0.01})", "4.355", "the value is 4.355, no multiple of 0.01"},
      {R"({"multipleOf":2})", "9007199254740993", "the value is 9007199254740993, no multiple of 2"},
      {R"({"multipleOf":3})", "-9", ""},
      {R"({"multipleOf":2})", "18446744073709551615", "the value is 18446744073709551615, no multiple of 2"},
      {R"({"maxLength":2})", "\"日本語\"", "the value has 3 characters, at most 2 asked"},
      {R"({"pattern":"^a+$"})", "\"aab\"", R"(the value does not match "^a+$")"},
      {R"({"items":{"type":"string"}})", R"(["a",1])", R"("/1" is number, not "string")"},
      {R"({"prefixItems":[{"type":"string"}],"items":false})", R"(["a",1])", R"("/1" is not allowed)"},
      {R"({"items":[{"type":"string"}],"additionalItems":{"type":"null"}})", R"(["a",null,1])",
       R"("/2" is number, not "null")"},
      {R"({"uniqueItems":true})", "[1,2,1.0]", R"(the value has "1" twice)"},
      {R"({"required":["a","b"]})", R"({"a":1})", R"(the value lacks "b")"},
      {R"({"additionalProperties":false,"properties":{"a":true}})", R"({"a":1,"b":2})",
       R"(the value has the key "b", which is not allowed)"},
      {R"({"patternProperties":{"^x_":{"type":"number"}},"additionalProperties":false})", R"({"x_1":"a"})",
       R"("/x_1" is string, not "number")"},
      {R"({"propertyNames":{"maxLength":1}})", R"({"ab":1})", R"(the value has the key "ab", which is not allowed)"},
      {R"({"properties":{"a/b":{"type":"null"}}})", R"({"a/b":1})", R"("/a~1b" is number, not "null")"},
      {R"({"dependentRequired":{"a":["b"]}})", R"({"a":1})", R"(the value lacks "b")"},
      {R"({"dependencies":{"a":{"required":["b"]}}})", R"({"a":1})", R"(the value lacks "b")"},
      {R"({"contains":{"const":1}})", "[2]", "the value has no item as `contains` asks"},
      {R"({"contains":{"const":1},"minContains":0})", "[2]", ""},
      {R"({"contains":{"const":1},"maxContains":1})", "[1,1]", "the value has 2 matching items, at most 1 asked"},
      {R"({"allOf":[{"minimum":1},{"maximum":2}]})", "3", "the value is 3, above 2"},
      {R"({"anyOf":[{"type":"string"},{"type":"null"}]})", "3", "the value matches none of 2 alternatives"},
      {R"({"oneOf":[{"minimum":1},{"minimum":2}]})", "3", "the value matches 2 of 2 alternatives, not one"},
      {R"({"not":{"type":"string"}})", "\"a\"", "the value is what `not` excludes"},
      {R"({"if":{"type":"string"},"then":{"minLength":2},"else":{"type":"null"}})", "\"a\"",
       "the value has 1 character, at least 2 asked"},
      {R"({"if":{"type":"string"},"then":{"minLength":2},"else":{"type":"null"}})", "1",
       R"(the value is number, not "null")"},
      {R"({"$defs":{"n":{"type":"number"}},"items":{"$ref":"#/$defs/n"}})", R"([1,"a"])",
       R"("/1" is string, not "number")"},
      {R"({"$defs":{"n":{"type":"number"}},"items":{"$ref":"#/$defs/n","minimum":5}})", "[1]", R"("/0" is 1, below 5)"},
      {R"({"$schema":"http://json-schema.org/draft-07/schema#","definitions":{"n":{"type":"number"}},"items":{"$ref":"#/definitions/n","minimum":5}})",
       "[1]", ""},
      {R"({"properties":{"next":{"$ref":"#"}},"required":["v"]})", R"({"v":1,"next":{"v":1,"next":{}}})",
       R"("/next/next" lacks "v")"},
      {R"({"format":"email"})", "\"no mail\"", ""},
      {R"({"x-note":{"type":7}})", "1", ""},
      {"true", "1", ""},
      {"false", "1", "the value is not allowed"},
  }));
  INFO(row.schema << " on " << row.value);
  CHECK(fault(row.schema, row.value) == row.fault);
}

TEST_CASE("what cannot end is an error, not a verdict") {
  CHECK(fault(R"({"$ref":"#"})", "1").starts_with("ERROR"));
  CHECK(fault(R"({"not":{"$ref":"#"}})", "1").starts_with("ERROR"));
  // Each level tries the one below twice, which would be 2^60 tries.
  std::string deep = "[";
  for (int i = 0; i < 59; ++i) deep += "[";
  deep += std::string(60, ']');
  CHECK(fault(R"({"allOf":[{"items":{"$ref":"#"}},{"items":{"$ref":"#"}}]})", deep).starts_with("ERROR"));
}

TEST_CASE("a bad schema is a complaint at its place") {
  struct Row {
    const char* schema;
    const char* message;
    std::size_t column;  // in the schema
  };
  const Row row = GENERATE(values<Row>({
      {R"({"type":"strin"})", "`type` must be a type or a list of types", 9},
      {R"({"required":"a"})", "`required` must be a list of names", 13},
      {R"({"minimum":"1"})", "`minimum` must be a number", 12},
      {R"({"maxLength":-1})", "`maxLength` must be a whole number, 0 or more", 14},
      {R"({"multipleOf":0})", "`multipleOf` must be a number above 0", 15},
      {R"({"exclusiveMinimum":true})", "`exclusiveMinimum` must be a number", 21},
      {R"({"properties":{"a":3}})", "a schema must be an object, true or false", 20},
      {R"({"pattern":"ab("})", "bad pattern: missing ): ab(", 15},
      {R"j({"pattern":"a(?=b)"})j", "bad pattern: invalid perl operator: (?=", 14},
      {R"({"patternProperties":{"(":true}})", "bad pattern: missing ): (", 23},
      {R"({"$ref":"other.json"})", "the reference leads outside the schema", 10},
      {R"({"$ref":"#/$defs/x"})", "the reference leads nowhere", 10},
      {R"({"$ref":"#anchor"})", "the reference is to an anchor, not to a place", 10},
      {R"({"unevaluatedProperties":false})", "`unevaluatedProperties` is not supported", 2},
      {R"({"anyOf":[]})", "`anyOf` must be a list of schemas", 10},
      {R"({"enum":[]})", "`enum` must be a list of values", 9},
      {R"({"items":{"$id":"http://x/"}})", "a schema inside a schema may not have an `$id` of its own", 17},
  }));
  INFO(row.schema);
  const auto errors = schema_complaints(row.schema);
  CHECK(errors[0].message == row.message);
  const std::size_t start = std::string_view(R"({"kind":"json","schema":)").size();
  CHECK(errors[0].place.column <= start + row.column + 1);
  CHECK(errors[0].place.column + 1 >= start + row.column);
}

TEST_CASE("every fault of a schema is said at once") {
  CHECK(schema_complaints(R"({"type":"x","minimum":"y","items":{"pattern":"("}})").size() == 3);
}
