// Every grader over a page of replies, and every way to write one wrongly, compared with approved texts: which number,
// option or value is found, what is said about it, and where each bound lies. HEADGATE_APPROVE=1 writes the texts anew;
// then read the difference.
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <vector>

#include "headgate/base/text.hpp"
#include "judging.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

using Texts = std::vector<std::string>;

struct Page {
  std::string name;
  Texts graders;  // with a blank and the expected JSON behind a tab, where it is not "42"
  Texts replies;
};

const Page numbers{"numbers",
                   {R"({"kind":"number"})",
                    R"({"kind":"number","which":"first"})",
                    R"({"kind":"number","which":"only"})",
                    R"({"kind":"number","tolerance":0.5})",
                    R"({"kind":"number","relative":0.05})",
                    R"({"kind":"number","decimal":","})",
                    R"({"kind":"number","percent":"fraction"})"
                    "\t0.42",
                    R"({"kind":"number","fractions":false})"
                    "\t2",
                    R"({"kind":"number","parentheses":"negative"})"
                    "\t-42",
                    R"({"kind":"number","after":"answer is "})",
                    R"({"kind":"number"})"
                    "\t0.75",
                    R"({"kind":"number"})"
                    "\t1234.5",
                    R"({"kind":"number"})"
                    "\t\"1/3\"",
                    R"({"kind":"number"})"
                    "\t-4.2e1",
                    R"({"kind":"number"})"
                    "\t0",
                    R"({"kind":"number"})"
                    "\t\"words\"",
                    R"({"kind":"not_number"})",
                    R"({"kind":"number","extract":{"line":"last"}})",
                    R"({"kind":"number"})"
                    "\t123456789012345678901234567890",
                    R"({"kind":"number"})"
                    "\t1000000.000000001"},
                   {"42",
                    "42.",
                    "42.0",
                    "+42",
                    "-42",
                    "(42)",
                    "\u221242",
                    "\uFF14\uFF12",
                    "\u0664\u0662",
                    "\u096A\u0968",
                    "4 2",
                    "42 apples, 41 left",
                    "41 or 42",
                    "42 is 42",
                    "$42",
                    "42 $",
                    "USD 42",
                    "USD42",
                    "42 %",
                    "42%",
                    "0.42",
                    ".42",
                    "42,0",
                    "4,2",
                    "1,234.5",
                    "1.234,5",
                    "1 234.5",
                    "1\u202F234.5",
                    "1'234.5",
                    "12,34.5",
                    "1,2345",
                    "3/4",
                    "1 1/2",
                    "1/3",
                    "2/6",
                    "1/0",
                    "1000000000/3",
                    "\u00BE",
                    "\u2153",
                    "2\u00BD",
                    "41.5",
                    "41.4999",
                    "42.5",
                    "42.50001",
                    "39.9",
                    "44.1",
                    "44.2",
                    "4.2e1",
                    "4.2E+1",
                    "4.2e1000",
                    "1e5e",
                    "0x2A",
                    "42nd",
                    "x42",
                    "42x",
                    "v4.2.1",
                    "2026-11-20",
                    "12:42",
                    "10^42",
                    "42\u00B2",
                    "forty-two",
                    "",
                    "no",
                    "1e-400",
                    "-0",
                    "0",
                    "123456789012345678901234567890",
                    "1000000.000000001",
                    "1000000.000000002",
                    "the answer is 42.\nAnd 7",
                    "the answer is\n42",
                    "7\n42",
                    "42\n\n",
                    "1,234,567.5 and 42",
                    "\u200B42",
                    "4\u00A02",
                    "-4.2e1",
                    "(1,234.5)",
                    "(-42)",
                    "\u22124.2\u00B71",
                    "[42]",
                    "42/1",
                    "84/2",
                    "41 999/1000"}};

const Page texts{
    "texts",
    {R"({"kind":"contains"})",
     R"({"kind":"contains","fold_case":true})",
     R"({"kind":"contains","trim":false,"value":" 42"})",
     R"({"kind":"not_contains"})",
     R"({"kind":"contains_all","value":["42","apple"]})",
     R"({"kind":"contains_any","value":["42","apple"]})",
     R"({"kind":"contains_all","value":"{{case.expected}}"})"
     "\t[\"a\",\"4\",2]",
     R"({"kind":"contains_any","value":[]})",
     R"({"kind":"equals"})",
     R"({"kind":"equals","value":["42","Apple"],"fold_case":true})",
     R"({"kind":"equals","trim":false})",
     R"({"kind":"equals"})"
     "\t42",
     R"({"kind":"equals"})"
     "\ttrue",
     R"({"kind":"equals"})"
     "\tnull",
     R"({"kind":"starts_with"})",
     R"({"kind":"starts_with"})"
     "\t[\"4\",\"App\"]",
     R"({"kind":"contains_any","value":"{{case.vars.nothing}}"})",
     R"({"kind":"starts_with","value":["4","App"]})",
     R"({"kind":"starts_with","fold_case":true,"value":"STRASSE"})",
     R"({"kind":"regex","pattern":"^\\d+$"})",
     R"({"kind":"regex","pattern":"\\d","full":true})",
     R"({"kind":"regex","pattern":"APPLE","fold_case":true})",
     R"({"kind":"regex","pattern":"^{{case.expected}}$"})"
     "\t\"4.\"",
     R"({"kind":"equals","value":"{{case.vars.name}}"})",
     R"({"kind":"length","min":2,"max":3})",
     R"({"kind":"length","max":1,"unit":"words"})",
     R"({"kind":"length","min":2,"unit":"lines"})",
     R"({"kind":"length","min":4,"max":6,"unit":"bytes"})",
     R"({"kind":"length","min":1})",
     R"({"kind":"not_length","max":2})",
     R"({"kind":"equals","extract":{"after":"is ","else":"whole","before":"."}})",
     R"({"kind":"equals","extract":{"regex":"<b>(.*)</b>"}})",
     R"({"kind":"equals","extract":{"line":2}})",
     R"({"kind":"equals","extract":{"line":"first","drop_prefix":"> ","drop_suffix":"."}})",
     R"({"kind":"all_of","graders":[{"kind":"contains","value":"4"},{"kind":"length","max":3}]})",
     R"({"kind":"any_of","graders":[{"kind":"contains","value":"4"},{"kind":"length","max":3},{"kind":"number","value":42}]})",
     R"({"kind":"not","grader":{"kind":"contains","value":"4"}})",
     R"({"kind":"not_any_of","graders":[{"kind":"number","value":42},{"kind":"equals","value":"no"}]})"},
    {"42",
     " 42 ",
     "42\n",
     "\u00A042",
     "it is 42.",
     "is 42",
     "the answer",
     "4",
     "4.",
     "4x",
     "Apple 42",
     "apple",
     "APPLE",
     "an apple and 42",
     "a 4 2",
     "true",
     "null",
     "Stra\u00DFe",
     "strasse 1",
     "<b>42</b>",
     "one\n42\nthree",
     "> 42.",
     "no",
     "",
     "   ",
     "\u65E5\u672C\u8A9E",
     "e\u0301",
     "\u00E9",
     "one two",
     "a\nb",
     "a\nb\n",
     "12345678901234567890"}};

const Page choices{
    "choices",
    {R"({"kind":"choice","value":"B","options":["Paris","London","York","New York"]})"
     "\t\"B\"",
     R"({"kind":"choice"})"
     "\t\"B\"",
     R"({"kind":"choice","letters":3})"
     "\t\"b\"",
     R"({"kind":"choice","which":"first"})"
     "\t\"B\"",
     R"({"kind":"choice","which":"last"})"
     "\t\"B\"",
     R"({"kind":"choice","value":"New York","options":["Paris","London","York","New York"]})",
     R"({"kind":"not_choice"})"
     "\t\"B\"",
     R"({"kind":"choice"})"
     "\t\"Z9\"",
     R"({"kind":"choice","value":"x","options":["Paris","x"],"extract":{"after":"Final:","else":"whole"}})"},
    {"B",
     "b",
     "(b)",
     "B.",
     "B.5",
     "B,x",
     "B;",
     "B!",
     "B:",
     "\"B\"",
     "'B'",
     "{B}",
     "B's",
     "Z",
     "D",
     "London",
     "new york",
     "York",
     "New York",
     "Newyork",
     "Yorkshire",
     "Londonx",
     "The answer is B",
     "the answer is b and",
     "Answer: A",
     "Answer: A because",
     "Answer: A difficult one",
     "Answer: A.",
     "Answer: I",
     "Answer: I since",
     "Answer: B or C",
     "Answer: B & B",
     "Answer: (B) and [C]",
     "I'd pick B",
     "I would go with London",
     "The answer is \"New York\".",
     "Answer: B) Paris",
     "Answer: B) London",
     "Answer: B: York",
     "A\nB",
     "A) no\nB) yes",
     "B) London",
     "B) Paris",
     "(B) London\n(C) York",
     "A. Paris is wrong",
     "because (B) fits",
     "x(B)",
     "(B)x",
     "(B) or (C)",
     "C is wrong, B is correct",
     "(B) is the best",
     "B is a city",
     "\\boxed{B}",
     "$\\text{B}$",
     "**Answer:** `B`",
     "# B",
     "Paris and London",
     "Paris",
     "Final: x",
     "Final: Paris",
     "",
     "E",
     "The answer to this question is: definitely option C",
     "choice B=2",
     "Answer: Be careful",
     "Answer:B",
     "Answer = \"B\"",
     "the solution will be D",
     "[B] London"}};

const Page objects{
    "objects",
    {R"({"kind":"json"})", R"({"kind":"json","extract":"fenced"})", R"({"kind":"json","extract":"prose"})",
     R"({"kind":"json","extract":"prose","pointer":"/a","equals":1})", R"({"kind":"json","pointer":"/a/b~1c/0"})",
     R"({"kind":"json","checks":[{"pointer":"/a"},{"pointer":"/b","equals":"{{case.expected}}"}]})"
     "\t\"two\"",
     R"({"kind":"json","equals":{"a":1.0,"b":[1,2]},"pointer":""})", R"({"kind":"not_json"})",
     R"({"kind":"json","extract":{"after":"="}})",
     R"({"kind":"json","schema":{"type":"object","required":["a"],"properties":{"a":{"type":"integer","minimum":1,"maximum":3}},"additionalProperties":false}})",
     R"({"kind":"json","schema":{"type":"array","minItems":1,"maxItems":2,"uniqueItems":true,"items":{"type":["number","null"]}}})",
     R"({"kind":"json","schema":{"oneOf":[{"type":"integer"},{"type":"number","multipleOf":0.5}]}})",
     R"({"kind":"json","schema":{"anyOf":[{"const":1},{"type":"string","minLength":2,"maxLength":3,"pattern":"^a"}]}})",
     R"({"kind":"json","schema":{"multipleOf":2}})",
     R"({"kind":"json","schema":{"not":{"type":"object"},"$comment":"no object"}})",
     R"({"kind":"json","schema":{"$defs":{"n%":{"exclusiveMinimum":0,"exclusiveMaximum":2}},"$ref":"#/$defs/n%25"}})",
     R"({"kind":"json","schema":{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"maxProperties":1}}})",
     R"({"kind":"json","schema":{"dependentRequired":{"a":["b"]},"patternProperties":{"^b":{"type":"array"}},"propertyNames":{"maxLength":1},"minProperties":1}})",
     R"({"kind":"json","schema":{"contains":{"const":1},"minContains":1,"maxContains":2,"prefixItems":[{"type":"integer"}]}})"},
    {"1",
     "1.0",
     "1.5",
     "0",
     "2",
     "0.25",
     "4",
     "-1",
     "null",
     "true",
     "\"a\"",
     "\"ab\"",
     "\"abcd\"",
     "\"bb\"",
     "[]",
     "[1]",
     "[1,1]",
     "[1,2,3]",
     "[1,null]",
     "[\"x\"]",
     "{}",
     R"({"a":1})",
     R"({"a":1.0,"b":[1,2]})",
     R"({"a":4})",
     R"({"a":"1"})",
     R"({"b":"two"})",
     R"({"a":1,"b":"two"})",
     R"({"a":1,"b":"2"})",
     R"({"a":{"b/c":[0]}})",
     R"({"a":{"b/c":[]}})",
     R"({"ab":1})",
     R"({"a":1,"a":2})",
     R"({"a":1,})",
     "{'a':1}",
     "x = {\"a\":1} y",
     "say {this} or {\"a\": 1}",
     "```json\n{\"a\":1}\n```",
     "```\n[1]\n```\n```JSON5 x\n{\"a\":1}\n```",
     "```jsonc\n1\n```",
     "```py\nx\n```",
     "```\n{\"a\":1",
     "{\"a\": \"}\"}",
     "{\"a\": \"\\\"}\"} {",
     "[[[[",
     "{{{{{{",
     "",
     "no",
     "\xEF\xBB\xBF{\"a\":1}",
     "1e999",
     "18446744073709551614",
     "18446744073709551615",
     "-4",
     "-3",
     "123456789012345678901234567890",
     "[1,[2,[3]]]",
     "{\"a\":\"\n\"} {\"a\":1}"}};

const Texts wrong_graders{R"({"kind":"number","tolerance":-1})",
                          R"({"kind":"number","tolerance":"1"})",
                          R"({"kind":"number","which":"any"})",
                          R"({"kind":"number","value":[1]})",
                          R"({"kind":"number","decimal":";"})",
                          R"({"kind":"number","value":"x"})",
                          R"({"kind":"number","value":"{{case.nothing}}"})",
                          R"({"kind":"number","values":1})",
                          R"({"kind":"number","after":"a","extract":{"after":"b"}})",
                          R"({"kind":"contains"})",
                          R"({"kind":"contains","value":""})",
                          R"({"kind":"contains","value":null})",
                          R"({"kind":"contains","value":["a"]})",
                          R"({"kind":"contains_all","value":[]})",
                          R"({"kind":"contains_any","value":["",1]})",
                          R"({"kind":"contains","fold_case":"yes"})",
                          R"({"kind":"equals","value":{}})",
                          R"({"kind":"equals","value":[]})",
                          R"({"kind":"starts_with","value":""})",
                          R"({"kind":"regex"})",
                          R"({"kind":"regex","pattern":"("})",
                          R"({"kind":"regex","pattern":""})",
                          R"({"kind":"regex","pattern":"ab\\"})",
                          R"({"kind":"regex","pattern":3})",
                          R"({"kind":"regex","pattern":"\\1"})",
                          R"j({"kind":"regex","pattern":"(?=x)"})j",
                          R"({"kind":"length"})",
                          R"({"kind":"length","min":-1})",
                          R"({"kind":"length","min":3,"max":2})",
                          R"({"kind":"length","min":2,"max":2})",
                          R"({"kind":"length","min":0})",
                          R"({"kind":"length","min":1.5})",
                          R"({"kind":"length","min":1,"unit":"word"})",
                          R"({"kind":"choice","value":"B","letters":1})",
                          R"({"kind":"choice","value":"B","letters":27})",
                          R"({"kind":"choice","value":"C","letters":2})",
                          R"({"kind":"choice","value":"B","options":[]})",
                          R"({"kind":"choice","value":"B","options":["a"]})",
                          R"({"kind":"choice","value":"B","options":["a","a"]})",
                          R"({"kind":"choice","value":"c","options":["a","b"]})",
                          R"({"kind":"choice","value":"B","options":["a",""]})",
                          R"({"kind":"choice","value":"B","options":"{{case.expected}}"})",
                          R"({"kind":"all_of"})",
                          R"({"kind":"all_of","graders":[]})",
                          R"({"kind":"any_of","graders":[{"kind":"x"}]})",
                          R"({"kind":"not"})",
                          R"({"kind":"not","grader":{"kind":"regex"}})",
                          R"({"kind":"not_not","grader":{"kind":"equals"}})",
                          R"({"kind":"json","schema":3})",
                          R"({"kind":"json","pointer":"a"})",
                          R"({"kind":"json","equals":1})",
                          R"({"kind":"json","checks":[]})",
                          R"({"kind":"json","checks":[{"equals":1}]})",
                          R"({"kind":"json","pointer":"/a","checks":[{"pointer":"/b"}]})",
                          R"({"kind":"json","extract":"all"})",
                          R"({"kind":"json","pointer":"/~2"})",
                          R"({"kind":"equals","extract":{}})",
                          R"({"kind":"equals","extract":{"after":""}})",
                          R"({"kind":"equals","extract":{"line":0}})",
                          R"({"kind":"equals","extract":{"line":"middle"}})",
                          R"({"kind":"equals","extract":{"regex":"("}})",
                          R"j({"kind":"equals","extract":{"regex":"(a)(b)"}})j",
                          R"({"kind":"equals","extract":{"at":"line_start"}})",
                          R"({"kind":"equals","extract":{"which":"last"}})",
                          R"({"kind":"plugin"})",
                          R"({"kind":"plugin","name":""})",
                          R"({"kind":"plugin","name":"a","options":3})",
                          R"({"kind":"equals","since":"1"})",
                          R"({"kind":"Equals"})"};

const Texts wrong_schemas{R"({"type":"text"})",
                          R"({"type":[]})",
                          R"({"type":["string","string"]})",
                          R"({"type":3})",
                          R"({"type":["string",1]})",
                          R"({"enum":3})",
                          R"({"enum":[]})",
                          R"({"required":"a"})",
                          R"({"required":["a",1]})",
                          R"({"required":["a","a"]})",
                          R"({"properties":[]})",
                          R"({"properties":{"a":3}})",
                          R"({"additionalProperties":3})",
                          R"({"patternProperties":{"(":true}})",
                          R"({"patternProperties":3})",
                          R"({"propertyNames":[]})",
                          R"({"items":3})",
                          R"({"items":[true,3]})",
                          R"({"prefixItems":[]})",
                          R"({"prefixItems":true})",
                          R"({"contains":1})",
                          R"({"minItems":-1})",
                          R"({"maxItems":1.5})",
                          R"({"maxItems":"1"})",
                          R"({"uniqueItems":1})",
                          R"({"minLength":-1})",
                          R"({"maxLength":true})",
                          R"({"pattern":3})",
                          R"({"pattern":"("})",
                          R"({"minimum":"1"})",
                          R"({"maximum":null})",
                          R"({"exclusiveMinimum":true})",
                          R"({"multipleOf":0})",
                          R"({"multipleOf":-1})",
                          R"({"multipleOf":"2"})",
                          R"({"allOf":[]})",
                          R"({"anyOf":{}})",
                          R"({"oneOf":[3]})",
                          R"({"not":3})",
                          R"({"if":3})",
                          R"({"then":3})",
                          R"({"dependentRequired":[]})",
                          R"({"dependentRequired":{"a":"b"}})",
                          R"({"dependentRequired":{"a":[1]}})",
                          R"({"dependentSchemas":{"a":3}})",
                          R"({"$ref":3})",
                          R"({"$ref":"other.json"})",
                          R"({"$ref":"#/$defs/none"})",
                          R"({"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/a"}}})",
                          R"({"$ref":"#anchor"})",
                          R"({"$defs":3})",
                          R"({"$defs":{"a":3}})",
                          R"({"definitions":{"a":3}})",
                          R"({"$dynamicRef":"#a"})",
                          R"({"$schema":"http://json-schema.org/draft-03/schema"})",
                          R"({"$schema":3})",
                          R"({"unevaluatedProperties":3})",
                          R"({"unevaluatedItems":false})",
                          R"({"format":3})",
                          R"({"format":"email"})",
                          R"({"minimun":1})",
                          R"({"minContains":-1})",
                          R"({"maxProperties":-1})",
                          R"({"minProperties":"1"})",
                          R"({"const":null})",
                          R"({"title":3})",
                          R"({"$id":"x"})",
                          R"({"$id":"x","$ref":"x"})",
                          R"({"$anchor":"a","$ref":"#a"})",
                          R"({"dependencies":{"a":["b"]}})",
                          R"({"contentEncoding":"base64"})",
                          R"({"$vocabulary":{}})",
                          R"({"$recursiveRef":"#"})",
                          R"({"examples":[1],"default":2,"deprecated":true,"readOnly":true})",
                          R"({"$ref":"#/%zz"})",
                          R"({"$ref":"#/$defs/a%2"})"};

// One line, and whoever reads the difference can tell a space from a wide one.
std::string shown(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f) {
      out += c;
    } else {
      constexpr const char* digits = "0123456789abcdef";
      out += {'\\', 'x', digits[static_cast<unsigned char>(c) >> 4], digits[static_cast<unsigned char>(c) & 15]};
    }
  }
  return out + "'";
}

Case case_of(const std::string& expected) {
  Case item = case_with(expected);
  item.vars.text = R"({"name":"42"})";
  return item;
}

std::string told(const Page& page) {
  std::string out;
  for (const std::string& entry : page.graders) {
    const std::size_t tab = entry.find('\t');
    const std::string written = entry.substr(0, tab);
    const std::string expected = tab == std::string::npos ? R"("42")" : entry.substr(tab + 1);
    out += "## " + written + " expected " + expected + "\n";
    Complaints complaints;
    const auto tree = parse_json("x", written, complaints);
    const GraderPtr built = registry().build(*tree, tree->root(), complaints);
    for (const Error& error : complaints.errors()) out += "refused: " + error.message + "\n";
    if (built == nullptr) continue;
    out += "lacks: " + built->lacks(case_of(expected)) + "; without anything: " + built->lacks(Case{}) + "\n";
    std::string before;
    for (const std::string& reply : page.replies) {
      const testing::Outcome outcome = outcome_of(step(*built, reply_of(reply), case_of(expected)));
      const std::string score = outcome.word == "pass" || outcome.word == "fail" ? " " + fixed(outcome.score, 4) : "";
      out += shown(reply) + " " + outcome.word + score + " " + shown(outcome.reason) + "\n";
    }
  }
  return out;
}

std::string complaints_of(const std::string& written) {
  Complaints complaints;
  const auto tree = parse_json("x", written, complaints);
  std::string out = "## " + written + "\n";
  if (tree && registry().build(*tree, tree->root(), complaints) != nullptr) out += "builds\n";
  for (const Error& error : complaints.errors()) {
    out += std::to_string(error.place.line) + ":" + std::to_string(error.place.column) + "+" +
           std::to_string(error.place.width) + " " + error.message + (error.hint.empty() ? "" : " | " + error.hint) +
           "\n";
  }
  return out;
}

void compare(const std::string& name, const std::string& now) {
  const std::string path = std::string(HEADGATE_SOURCE_DIR) + "/tests/unit/grade/approved/" + name + ".txt";
  if (std::getenv("HEADGATE_APPROVE") != nullptr) {
    std::ofstream(path, std::ios::binary) << now;
    return;
  }
  std::ostringstream approved;
  approved << std::ifstream(path, std::ios::binary).rdbuf();
  std::istringstream before(approved.str()), after(now);
  std::string heading, old_line, new_line;
  while (std::getline(after, new_line)) {
    if (new_line.starts_with("## ")) heading = new_line;
    if (std::getline(before, old_line) && old_line == new_line) continue;
    FAIL(name << ", " << heading << "\napproved: " << old_line << "\nnow:      " << new_line);
  }
  CHECK(approved.str() == now);
}

}  // namespace

TEST_CASE("graders judge a page of replies as approved") {
  for (const Page* page : {&numbers, &texts, &choices, &objects}) compare(page->name, told(*page));
}

TEST_CASE("graders and schemas that are written wrongly are refused as approved") {
  std::string all;
  for (const std::string& written : wrong_graders) all += complaints_of(written);
  for (const std::string& schema : wrong_schemas) all += complaints_of(R"({"kind":"json","schema":)" + schema + "}");
  compare("complaints", all);
}
