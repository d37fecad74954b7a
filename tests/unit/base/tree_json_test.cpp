#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "headgate/base/bug_error.hpp"
#include "headgate/base/tree.hpp"
#include "json_build.hpp"
#include "json_fault.hpp"

using namespace headgate;

namespace {

Error only_error(const std::string& text, std::size_t first_line = 1, const TextLimits& limits = {}) {
  Complaints complaints;
  CHECK_FALSE(parse_json("s.jsonl", text, complaints, first_line, limits).has_value());
  REQUIRE(complaints.total() == 1);
  const Error& error = complaints.errors().front();
  CHECK(error.code == ErrorCode::input);
  CHECK(error.place.file == "s.jsonl");
  CHECK_FALSE(error.hint.empty());
  return error;
}

Tree good(const std::string& text) {
  Complaints complaints;
  std::optional<Tree> tree = parse_json("a.json", text, complaints);
  INFO((complaints.empty() ? std::string() : complaints.errors().front().message));
  REQUIRE(tree.has_value());
  REQUIRE(complaints.empty());
  return std::move(*tree);
}

struct Row {
  const char* name;
  std::string text;
  std::size_t line;
  std::size_t column;
  std::string message;
};

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("json: every fault has a place and words") {
  const std::vector<Row> rows{
      {"duplicate key", R"({"id":"c2","severity":"severe","severity":"minor"})", 1, 32, "duplicate key 'severity'"},
      {"duplicate by escape", R"({"a":1,"\u0061":2})", 1, 8, "duplicate key 'a'"},
      {"duplicate inside a list", R"([{"a":1},{"a":1,"a":2}])", 1, 17, "duplicate key 'a'"},
      {"missing comma", R"({"id":"c2" "input":"x"})", 1, 12, "expected ',' or '}' after the value"},
      {"missing comma in a list", "[1 2]", 1, 4, "expected ',' or ']' after the value"},
      {"missing colon", R"({"id" 1})", 1, 7, "expected ':' after the key"},
      {"cut in a string", R"({"id": "c2", ")", 1, 15, "unexpected end of text in a string"},
      {"cut in a string, with newline", "{\"id\": \"c2\", \"in\n", 1, 17, "a line break in a string"},
      {"cut after a value", "{\"id\": \"c2\"\n", 1, 12, "unexpected end of text in an object"},
      {"cut in a list", "[1,", 1, 4, "unexpected end of text in a list"},
      {"nothing", "", 1, 1, "unexpected end of text"},
      {"cut in an escape", "\"a\\", 1, 4, "unexpected end of text in a string"},
      {"cut in a unicode escape", "\"a\\u00", 1, 7, "unexpected end of text in a string"},
      {"invalid UTF-8", "{\"id\":\"c2\",\"input\":\"caf\xE9\"}", 1, 24, "invalid UTF-8 byte 0xE9"},
      {"overlong UTF-8", "\"\xC0\x80\"", 1, 2, "invalid UTF-8 byte 0xC0"},
      {"invalid UTF-8 outside", "{\xFF}", 1, 2, "invalid UTF-8 byte 0xFF"},
      {"lone high surrogate", R"({"id":"c1","input":"\ud800"})", 1, 21, "a lone surrogate \\ud800 is not a character"},
      {"lone low surrogate", R"(["\uDC00"])", 1, 3, "a lone surrogate \\uDC00 is not a character"},
      {"high without low", R"(["\ud83dx"])", 1, 3, "a lone surrogate \\ud83d is not a character"},
      {"high and high", R"(["\ud83d\ud83d"])", 1, 3, "a lone surrogate \\ud83d is not a character"},
      {"escaped NUL", R"({"id":"c\u00001"})", 1, 9, "NUL is not allowed in a string"},
      {"raw NUL in a string", std::string("[\"a\0\"]", 6), 1, 4, "NUL is not allowed in a string"},
      {"raw NUL", std::string("\0\0\0", 3), 1, 1, "unexpected NUL byte"},
      {"NUL after the value", std::string("{}\0{}", 5), 1, 3, "more text after the end of the value"},
      {"control character", "[\"a\x1B\"]", 1, 4, "control character 0x1B in a string"},
      {"tab in a string", "[\"a\t\"]", 1, 4, "control character 0x09 in a string"},
      {"line break in a string", "[\"a\nb\"]", 1, 4, "a line break in a string"},
      {"overflow", R"({"weight":1e999})", 1, 11, "number does not fit a double"},
      {"negative overflow", "-1e999", 1, 1, "number does not fit a double"},
      {"big integer", "[18446744073709551616]", 1, 2, "number does not fit 64 bits"},
      {"small integer", "[-9223372036854775809]", 1, 2, "number does not fit 64 bits"},
      {"NaN", R"({"thresholds":{"min_pass_rate":NaN}})", 1, 32, "NaN is not a JSON number"},
      {"minus infinity", "[-Infinity]", 1, 2, "-Infinity is not a JSON number"},
      {"leading zero", "[012]", 1, 2, "not a JSON number"},
      {"plus", "[+1]", 1, 2, "not a JSON number"},
      {"no digit after the point", "[1.]", 1, 2, "not a JSON number"},
      {"no digit before the point", "[.5]", 1, 2, "not a JSON number"},
      {"minus alone", "[-]", 1, 2, "not a JSON number"},
      {"hexadecimal", "[0x1F]", 1, 2, "not a JSON number"},
      {"python literal", R"({"a": None})", 1, 7, "unknown word None"},
      {"bare word", R"({"a": hello})", 1, 7, "expected a value"},
      {"single quotes", "['a']", 1, 2, "a string in single quotes"},
      {"bare key", "{a: 1}", 1, 2, "expected a key in double quotes"},
      {"trailing comma", "{\"a\": 1,\n}", 1, 8, "a comma before '}'"},
      {"trailing comma in a list", "[1,]", 1, 3, "a comma before ']'"},
      {"two commas", "[1,,2]", 1, 4, "expected a value before ','"},
      {"empty member", R"({"a":})", 1, 6, "expected a value before '}'"},
      {"comment", "{\n  // why\n}", 2, 3, "a comment"},
      {"hash comment", "# x\n{}", 1, 1, "a comment"},
      {"unknown escape", R"(["\x41"])", 1, 3, "unknown escape \\x"},
      {"short unicode escape", R"(["\u12"])", 1, 3, "\\u needs four hexadecimal digits"},
      {"two values", "{} {}", 1, 4, "more text after the end of the value"},
      {"closing too often", "{}}", 1, 3, "more text after the end of the value"},
      {"too deep", nested(65), 1, 65, "nesting deeper than 64"},
      {"far too deep", nested(100'000), 1, 65, "nesting deeper than 64"},
      {"never closed", std::string(100'000, '['), 1, 65, "nesting deeper than 64"},
      {"two marks", "\xEF\xBB\xBF\xEF\xBB\xBF{}", 1, 1, "expected a value"},
      {"third line", "{\n \"a\": 1,\n \"b\" 2}", 3, 6, "expected ':' after the key"},
      {"CRLF", "{\r\n \"a\": 1,\r\n \"b\": x}\r\n", 3, 7, "expected a value"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const Error error = only_error(row.text);
    CHECK(error.message == row.message);
    CHECK(error.place.line == row.line);
    CHECK(error.place.column == row.column);
  }
}

TEST_CASE("json: places count from the given line, and a byte-order mark is no column") {
  CHECK(only_error("{\"a\":}", 17).place.line == 17);
  CHECK(only_error("\xEF\xBB\xBF{\"a\":}").place.column == 6);
  const Error error = only_error("{\n  \"a\": nope\n}");
  CHECK(error.place.excerpt == "  \"a\": nope");
  CHECK(error.place.width == 4);
  CHECK(error.place.excerpt_from == 1);
}

TEST_CASE("json: a long line is quoted around the fault, in whole characters") {
  std::string text = "[";
  for (int i = 0; i < 1000; ++i) text += "\"é\", ";
  text += "nope]";
  const Place place = only_error(text).place;
  CHECK(place.column == text.size() - 4);
  CHECK(place.excerpt.size() <= 400);
  REQUIRE(place.column > place.excerpt_from);
  CHECK(place.excerpt.substr(place.column - place.excerpt_from) == "nope]");
  CHECK(place.width == 4);
  CHECK(Json(place.excerpt).dump().find("é") != std::string::npos);  // dump throws on a cut character
}

TEST_CASE("json: limits") {
  TextLimits limits;
  limits.max_string_bytes = 3;
  CHECK(only_error(R"(["abcd"])", 1, limits).message == "a string longer than 3 bytes");
  CHECK(only_error(R"({"abcd":1})", 1, limits).place.column == 2);
  limits = {};
  limits.max_bytes = 4;
  CHECK(only_error("[1,2]", 1, limits).message == "the text is longer than 4 bytes");
  limits = {};
  limits.max_line_bytes = 4;
  CHECK(only_error("[1,\n2,3,4]", 1, limits).place.line == 2);
  limits = {};
  limits.max_depth = 2;
  CHECK(only_error("[[{}]]", 1, limits).place.column == 3);
  CHECK_NOTHROW(good(nested(64)));
}

TEST_CASE("json: good texts keep their values") {
  const Tree tree =
      good("\xEF\xBB\xBF {\"a\": [1, -2, 18446744073709551615, 0.5, 1e-999], \"\\u00e9\": \"\\ud83d\\ude00\\n\"}\r\n");
  const Json expected = {{"a", {1, -2, 18446744073709551615ULL, 0.5, 0.0}}, {"é", "😀\n"}};
  CHECK(tree.root() == expected);
  CHECK(tree.root()["a"][2].is_number_unsigned());
  CHECK(tree.root()["a"][1].is_number_integer());
  CHECK(good("null").root().is_null());
  CHECK(good(" 7 ").root() == 7);
}

TEST_CASE("json: places of keys and values") {
  const std::string text =
      "{\n  \"gr\\u0061ders\": [\n    {\"kind\": \"regx\", \"x\": []},\n    -1.5e3, \"}],\\\"\", {\"kind\": {}}\n  ],"
      "\n  \"z\": true }";
  const Tree tree = good(text);
  const Json& list = tree.root()["graders"];
  const auto at = [&](const Json& value, At what) {
    const Place place = tree.place(value, what);
    return std::vector<std::size_t>{place.line, place.column, place.width};
  };
  CHECK(at(tree.root(), At::value) == std::vector<std::size_t>{1, 1, 1});
  CHECK(at(list, At::key) == std::vector<std::size_t>{2, 3, 14});
  CHECK(at(list, At::value) == std::vector<std::size_t>{2, 19, 1});
  CHECK(at(list[0]["kind"], At::key) == std::vector<std::size_t>{3, 6, 6});
  CHECK(at(list[0]["kind"], At::value) == std::vector<std::size_t>{3, 14, 6});
  CHECK(at(list[0]["x"], At::value) == std::vector<std::size_t>{3, 27, 1});
  CHECK(at(list[1], At::value) == std::vector<std::size_t>{4, 5, 6});
  CHECK(at(list[1], At::key) == at(list[1], At::value));
  CHECK(at(list[2], At::value) == std::vector<std::size_t>{4, 13, 7});
  CHECK(at(list[3]["kind"], At::value) == std::vector<std::size_t>{4, 31, 1});
  CHECK(at(tree.root()["z"], At::value) == std::vector<std::size_t>{6, 8, 4});
  CHECK(tree.pointer(list[3]["kind"]) == "/graders/3/kind");
  CHECK(tree.pointer(tree.root()).empty());
  CHECK_THROWS_AS(tree.place(Json(1)), BugError);
}

TEST_CASE("json: pointers escape their steps") {
  const Tree tree = good(R"({"a/b~c": [0]})");
  CHECK(tree.pointer(tree.root()["a/b~c"][0]) == "/a~1b~0c/0");
}

TEST_CASE("json: a place inside a string") {
  const Tree tree = good(R"({"p": "(unclosed", "q": "\\d+\u00e9(\ud83d\ude00x"})");
  CHECK(tree.error_inside(tree.root()["p"], 0, "m").place.column == 8);
  CHECK(tree.error_inside(tree.root()["p"], 3, "m").place.column == 11);
  // Decoded: \ d + é(2 bytes) ( 😀(4 bytes) x
  CHECK(tree.error_inside(tree.root()["q"], 1, "m").place.column == 28);
  CHECK(tree.error_inside(tree.root()["q"], 5, "m").place.column == 36);
  CHECK(tree.error_inside(tree.root()["q"], 10, "m").place.column == 49);
  const Error beyond = tree.error_inside(tree.root()["p"], 900, "m", "h");
  CHECK(beyond.hint == "h");
  CHECK(beyond.place.line == 1);
}

TEST_CASE("json: the two readers agree on every damaged text") {
  const std::string base =
      "\xEF\xBB\xBF{\"a\": [1, -2.5e3, true, null, \"x\\n\\u00e9\xC3\xA9\\ud83d\\ude00\"], \"b\": {\"c\": \"\"}, "
      "\"d\": 0}\n";
  const TextLimits limits;
  const auto agree = [&](const std::string& text) {
    Json value;
    const bool built = build_json(text, limits, value);
    const std::optional<Fault> fault = find_json_fault(text, limits);
    if (built == fault.has_value())
      FAIL_CHECK("differs: " << Json(text).dump(-1, ' ', true, Json::error_handler_t::replace));
    if (fault && fault->offset > text.size()) FAIL_CHECK("outside: " << fault->offset);
    Complaints complaints;
    const std::optional<Tree> tree = parse_json("x", text, complaints);
    if (tree.has_value() == !complaints.empty()) FAIL_CHECK("silent");
  };
  agree(base);
  for (std::size_t cut = 0; cut < base.size(); ++cut) agree(base.substr(0, cut));
  for (std::size_t at = 0; at < base.size(); ++at) {
    std::string text = base;
    for (int byte = 0; byte < 256; ++byte) {
      text[at] = static_cast<char>(byte);
      agree(text);
    }
    text = base;
    agree(text.erase(at, 1));
  }
}

TEST_CASE("json: a cut text is complained about where it was cut") {
  const std::string base = R"({"id": "c2", "input": [1, {"a": "hello"}], "x": tru})";
  for (std::size_t cut = 1; cut < base.size() - 5; ++cut) {
    INFO(base.substr(0, cut));
    const std::string text = base.substr(0, cut);
    const std::size_t content = text.find_last_not_of(' ') + 1;
    const Place place = only_error(text).place;
    CHECK(place.column + 1 >= content);
    CHECK(place.column <= cut + 1);
  }
}

TEST_CASE("parse_own: untrusted, with the byte") {
  CHECK(parse_own(R"({"a":1})").value() == Json{{"a", 1}});
  const Result<Json> bad = parse_own(R"({"a":1,"a":2})");
  REQUIRE_FALSE(bad.has_value());
  CHECK(bad.error().code == ErrorCode::untrusted);
  CHECK(bad.error().message == "not valid JSON at byte 8: duplicate key 'a'");
  // Doubles are written with all their digits up to 1e21, and must come back; other big integers are nobody's.
  CHECK(parse_own("[100000000000000000000]").value()[0] == Json(1e20));
  CHECK_FALSE(parse_own("[100000000000000000001]").has_value());
  CHECK(parse_own(nested(100)).has_value());
  CHECK_FALSE(parse_own(nested(129)).has_value());
}
