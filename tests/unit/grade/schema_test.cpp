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
      {R"({"$ref":"#anchor"})", "the reference leads nowhere", 10},
      {R"({"$dynamicRef":"#x"})", "`$dynamicRef` is not supported", 2},
      {R"({"$recursiveRef":"#"})", "`$recursiveRef` is not supported", 2},
      {R"({"$schema":"https://json-schema.org/draft/2020-12/schema","items":[true]})",
       "`items` is one schema in 2020-12", 67},
      {R"({"$schema":"http://json-schema.org/draft-07/schema#","prefixItems":[true]})",
       "`prefixItems` says nothing in this draft", 55},
      {R"({"$schema":"https://example.com/own"})", "unknown `$schema`", 13},
      {R"({"prefixItems":[true],"items":[true]})", "`items` is a list beside `prefixItems`", 31},
      {R"({"$ref":"https://json-schema.org/draft/2020-12/schema"})", "the reference leads outside the schema", 10},
      {R"({"$defs":{"a":{"$anchor":"x y"}}})", "an anchor must be a name", 27},
      {R"({"$anchor":"a","items":{"$anchor":"a"}})", "two schemas have this anchor", 36},
      {R"({"$id":"http://a/","items":{"$id":"http://a/"}})", "two schemas have this `$id`", 36},
      {R"({"items":{"$id":"x#y"}})", "an `$id` may have no fragment", 18},
      {R"({"$ref":"#"})", "the schema leads back to itself here without looking deeper into the value", 10},
      {R"({"not":{"$ref":"#"}})", "the schema leads back to itself here without looking deeper into the value", 16},
      {R"({"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"anyOf":[{"type":"null"},{"$ref":"#/$defs/a"}]}},"items":{"$ref":"#/$defs/a"}})",
       "the schema leads back to itself here without looking deeper into the value", 74},
      {R"({"anyOf":[]})", "`anyOf` must be a list of schemas", 10},
      {R"({"enum":[]})", "`enum` must be a list of values", 9},
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

TEST_CASE("the newer keywords judge as 2020-12 has them") {
  struct Row {
    const char* schema;
    const char* value;
    bool good;
  };
  const Row row = GENERATE(values<Row>({
      // Names of places.
      {R"({"$defs":{"a":{"$anchor":"n","type":"number"}},"items":{"$ref":"#n"}})", "[1]", true},
      {R"({"$defs":{"a":{"$anchor":"n","type":"number"}},"items":{"$ref":"#n"}})", "[\"x\"]", false},
      {R"({"$defs":{"a":{"$id":"http://x/a","$defs":{"b":{"type":"null"}},"$ref":"#/$defs/b"}},"$ref":"http://x/a"})",
       "1", false},
      {R"({"$id":"http://x/dir/root","$defs":{"a":{"$id":"other","type":"null"}},"$ref":"/dir/other"})", "null", true},
      {R"({"$id":"http://x/dir/root","$defs":{"a":{"$id":"other","type":"null"}},"$ref":"../dir/./other"})", "1",
       false},
      {R"({"$id":"urn:example:root","$defs":{"a":{"$id":"urn:example:a","type":"null"}},"$ref":"urn:example:a"})", "1",
       false},
      {R"({"$schema":"http://json-schema.org/draft-07/schema#","definitions":{"a":{"$id":"#n","type":"null"}},"items":{"$ref":"#n"}})",
       "[1]", false},
      {R"({"$defs":{"a":{"$dynamicAnchor":"n","type":"null"}},"$ref":"#n"})", "1", false},
      // What stands beside a reference counts.
      {R"({"$defs":{"a":{"type":"number"}},"$ref":"#/$defs/a","maximum":3})", "4", false},
      {R"({"$defs":{"a":{"type":"number"}},"$ref":"#/$defs/a","maximum":3})", "2", true},
      // Lists.
      {R"({"prefixItems":[{"type":"null"},{"type":"number"}]})", "[null,1,\"x\"]", true},
      {R"({"prefixItems":[{"type":"null"},{"type":"number"}]})", "[null]", true},
      {R"({"prefixItems":[{"type":"null"}],"items":{"type":"number"}})", "[null,1,\"x\"]", false},
      {R"({"contains":{"type":"number"},"minContains":2})", "[1,\"x\"]", false},
      {R"({"contains":{"type":"number"},"minContains":2})", "[1,\"x\",2]", true},
      {R"({"minContains":2})", "[]", true},
      {R"({"$schema":"http://json-schema.org/draft-07/schema#","dependencies":{"a":["b"]}})", R"({"a":1})", false},
      {R"({"dependentRequired":{"a":["b"]}})", R"({"a":1,"b":2})", true},
      {R"({"dependentSchemas":{"a":{"maxProperties":1}}})", R"({"a":1,"b":2})", false},
      {R"({"dependentSchemas":{"a":{"maxProperties":1}}})", R"({"b":1,"c":2})", true},
      // What nobody has looked at.
      {R"({"properties":{"a":true},"unevaluatedProperties":false})", R"({"a":1})", true},
      {R"({"properties":{"a":true},"unevaluatedProperties":false})", R"({"a":1,"b":1})", false},
      {R"({"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false})", R"({"a":1})", true},
      {R"({"allOf":[{"properties":{"a":true}}],"additionalProperties":false})", R"({"a":1})", false},
      {R"({"$ref":"#/$defs/d","$defs":{"d":{"properties":{"a":true}}},"unevaluatedProperties":false})", R"({"a":1})",
       true},
      {R"({"anyOf":[{"properties":{"a":{"const":1}},"required":["a"]},{"properties":{"b":true},"required":["b"]}],"unevaluatedProperties":false})",
       R"({"a":1,"b":2})", true},
      {R"({"anyOf":[{"properties":{"a":{"const":1}},"required":["a"]},{"properties":{"b":true},"required":["b"]}],"unevaluatedProperties":false})",
       R"({"a":7,"b":2})", false},
      {R"({"oneOf":[{"required":["a"],"properties":{"a":true}},{"required":["b"],"properties":{"b":true}}],"unevaluatedProperties":false})",
       R"({"b":2})", true},
      {R"({"not":{"not":{"properties":{"a":true}}},"unevaluatedProperties":false})", R"({"a":1})", false},
      {R"({"if":{"properties":{"a":{"const":1}},"required":["a"]},"then":{"properties":{"b":true}},"unevaluatedProperties":false})",
       R"({"a":1,"b":2})", true},
      {R"({"if":{"properties":{"a":{"const":1}},"required":["a"]},"then":{"properties":{"b":true}},"unevaluatedProperties":false})",
       R"({"a":2,"b":2})", false},
      {R"({"dependentSchemas":{"a":{"properties":{"b":true}}},"properties":{"a":true},"unevaluatedProperties":false})",
       R"({"a":1,"b":2})", true},
      {R"({"patternProperties":{"^x":true},"unevaluatedProperties":{"type":"null"}})", R"({"x1":1,"b":null})", true},
      {R"({"patternProperties":{"^x":true},"unevaluatedProperties":{"type":"null"}})", R"({"x1":1,"b":2})", false},
      {R"({"allOf":[{"additionalProperties":true}],"unevaluatedProperties":false})", R"({"a":1})", true},
      {R"({"properties":{"n":{"properties":{"a":true}}},"unevaluatedProperties":false})", R"({"n":{"b":1}})", true},
      {R"({"allOf":[{"unevaluatedProperties":true}],"unevaluatedProperties":false})", R"({"a":1})", true},
      {R"({"prefixItems":[true],"unevaluatedItems":false})", "[1]", true},
      {R"({"prefixItems":[true],"unevaluatedItems":false})", "[1,2]", false},
      {R"({"allOf":[{"prefixItems":[true,true]}],"prefixItems":[true],"unevaluatedItems":false})", "[1,2]", true},
      {R"({"contains":{"type":"string"},"unevaluatedItems":{"type":"number"}})", "[1,\"x\"]", true},
      {R"({"contains":{"type":"string"},"unevaluatedItems":{"type":"null"}})", "[1,\"x\"]", false},
      {R"({"items":true,"unevaluatedItems":false})", "[1,2]", true},
      {R"({"unevaluatedItems":false})", R"({"a":1})", true},
      // Numbers at the edge of 64 bits.
      {R"({"maximum":-5})", "18446744073709551611", false},
      {R"({"const":-1})", "18446744073709551615", false},
      {R"({"enum":[-1]})", "18446744073709551615", false},
      {R"({"enum":["é"]})", "\"e\u0301\"", true},
  }));
  INFO(row.schema << " on " << row.value);
  CHECK(fault(row.schema, row.value).empty() == row.good);
  CHECK_FALSE(fault(row.schema, row.value).starts_with("ERROR"));
}

TEST_CASE("a draft that is named holds alone") {
  const std::string draft7 = R"({"$schema":"http://json-schema.org/draft-07/schema#",)";
  // The reference hides its neighbours.
  CHECK(fault(draft7 + R"("definitions":{"a":true},"allOf":[{"$ref":"#/definitions/a","maximum":3}]})", "4").empty());
  const std::string newest = R"({"$schema":"https://json-schema.org/draft/2020-12/schema",)";
  CHECK_FALSE(fault(newest + R"("$defs":{"a":true},"allOf":[{"$ref":"#/$defs/a","maximum":3}]})", "4").empty());
  CHECK(schema_complaints(newest + R"("additionalItems":false})")[0].message ==
        "`additionalItems` says nothing in this draft");
}

TEST_CASE("formats are notes, unless they are asked for") {
  const auto judged = [](const std::string& value) {
    return judge(R"({"kind":"json","formats":true,"schema":{"format":"date"}})", value);
  };
  CHECK(judged("\"2026-02-28\"").word == "pass");
  CHECK(judged("\"2026-02-29\"").reason == R"(against the schema, the value is "2026-02-29", no date)");
  CHECK(judged("7").word == "pass");
  const auto errors = complaints_about(R"({"kind":"json","formats":true,"schema":{"format":"dat-time"}})");
  CHECK(errors[0].hint == "did you mean 'date-time'?");
  CHECK(complaints_about(R"({"kind":"json","formats":true})").size() == 1);
}

TEST_CASE("huge schemas and huge values are judged in bounded time") {
  std::string choices = R"({"items":{"enum":[)";
  for (int i = 0; i < 20'000; ++i) choices += std::to_string(i) + ",";
  choices += "-1]}}";
  std::string values = "[";
  for (int i = 0; i < 20'000; ++i) values += std::to_string(19'999 - i) + ",";
  CHECK(fault(choices, values + "-1]").empty());
  CHECK_FALSE(fault(choices, values + "-2]").empty());

  // A chain of references, longer than any stack.
  const auto chain = [](int length) {
    std::string out = R"({"$ref":"#/$defs/d0","$defs":{)";
    for (int i = 0; i < length; ++i) {
      out += "\"d" + std::to_string(i) + R"(":{"$ref":"#/$defs/d)" + std::to_string(i + 1) + "\"},";
    }
    return out + "\"d" + std::to_string(length) + R"(":{"type":"null"}}})";
  };
  CHECK(fault(chain(100), "1") == R"(the value is number, not "null")");
  CHECK(fault(chain(10'000), "1").starts_with("ERROR"));
  CHECK(schema_complaints(chain(30'000))[0].message == "the schema has more than 20000 parts");
}
