#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "headgate/base/tree.hpp"

using namespace headgate;

namespace {

Error only_error(const std::string& text) {
  Complaints complaints;
  CHECK_FALSE(parse_yaml("g.yaml", text, complaints).has_value());
  REQUIRE(complaints.total() == 1);
  CHECK_FALSE(complaints.errors().front().hint.empty());
  return complaints.errors().front();
}

Tree good(const std::string& text) {
  Complaints complaints;
  std::optional<Tree> tree = parse_yaml("g.yaml", text, complaints);
  INFO(text);
  INFO((complaints.empty() ? std::string() : complaints.errors().front().message));
  REQUIRE(tree.has_value());
  return std::move(*tree);
}

struct Row {
  const char* name;
  std::string text;
  std::size_t line;
  std::size_t column;
  std::string message_part;
};

}  // namespace

TEST_CASE("yaml: plain words under the 1.2 core schema") {
  const std::vector<std::pair<std::string, Json>> rows{
      {"null", nullptr},
      {"~", nullptr},
      {"", nullptr},
      {"true", true},
      {"false", false},
      {"0", 0},
      {"-0", 0},
      {"12", 12},
      {"+12", 12},
      {"-7", -7},
      {"1.5", 1.5},
      {"1e-3", 1e-3},
      {".5", 0.5},
      {"-.5", -0.5},
      {"5.", 5.0},
      {"+0.5", 0.5},
      {"1E3", 1000.0},
      {"0.1721", 0.1721},
      {"1e-999", 0.0},
      {"2026-01-02", "2026-01-02"},
      {"1.2.3", "1.2.3"},
      {"hello", "hello"},
      {"a b c", "a b c"},
      {"'12'", "12"},
      {"\"yes\"", "yes"},
      {"''", ""},
      {"-", Json::array({nullptr})},
      {"1:99", "1:99"},
      {"a:b", "a:b"},
      {"http://x", "http://x"},
      {"12ms", "12ms"},
      {"e5", "e5"},
      {"1e", "1e"},
      {".", "."},
      {"-x", "-x"},
      {"_1", "_1"},
      {"on call", "on call"},
      {"18446744073709551615", 18446744073709551615ULL},
      {"-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
      {"\"\\u00e9\"", "é"},
      {"2001:db8::1", "2001:db8::1"},
  };
  for (const auto& [text, expected] : rows) {
    const Tree tree = good(text == "-" ? "a:\n  -\n" : "a: " + text + "\n");
    CHECK(tree.root()["a"] == expected);
    CHECK(tree.root()["a"].type() == (expected.is_number_integer() ? tree.root()["a"].type() : expected.type()));
  }
  CHECK(good("").root().is_null());
  CHECK(good("# only comments\n").root().is_null());
  CHECK(good("---\na: 1\n...\n").root() == Json{{"a", 1}});
  CHECK(good("x: {a: , b:}\ny:\nz: {'c:': 1}\n").root() ==
        Json{{"x", {{"a", nullptr}, {"b", nullptr}}}, {"y", nullptr}, {"z", {{"c:", 1}}}});
  CHECK(good("a: |\n  x\n  y\nb: >-\n  z\n  w\n").root() == Json{{"a", "x\ny\n"}, {"b", "z w"}});
}

TEST_CASE("yaml: words on which YAML versions disagree are refused") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"yes", "write true or quote it"},
      {"Yes", "write true or quote it"},
      {"ON", "write true or quote it"},
      {"y", "write true or quote it"},
      {"no", "write false or quote it"},
      {"Off", "write false or quote it"},
      {"N", "write false or quote it"},
      {"True", "write true or quote it"},
      {"TRUE", "write true or quote it"},
      {"False", "write false or quote it"},
      {"Null", "write null or quote it"},
      {"NULL", "write null or quote it"},
      {"012", "remove the zero, or quote it"},
      {"08", "remove the zero, or quote it"},
      {"-007", "remove the zero, or quote it"},
      {"00.5", "remove the zero, or quote it"},
      {"0o7", "write it in decimal, or quote it"},
      {"0x1F", "write it in decimal, or quote it"},
      {"0b11", "write it in decimal, or quote it"},
      {"1_000", "remove the underscores, or quote it"},
      {"1:30", "quote it"},
      {"1:30:00.5", "quote it"},
      {"-12:30:45", "quote it"},
      {".inf", "write a number, or quote it"},
      {"-.INF", "write a number, or quote it"},
      {".NaN", "write a number, or quote it"},
      {"18446744073709551616", "quote it if it is an identifier"},
      {"-9223372036854775809", "quote it if it is an identifier"},
      {"1e999", "the largest is about 1.8e308"},
      {"<<", "write the members out"},
  };
  for (const auto& [word, hint] : rows) {
    INFO(word);
    const Error error = only_error("k: 1\na: " + word + "\n");
    CHECK(error.hint == hint);
    CHECK(error.place.line == 2);
    CHECK(error.place.column == 4);
    CHECK(error.place.width == word.size());
    CHECK(good("a: '" + word + "'\n").root()["a"] == word);
  }
}

TEST_CASE("yaml: every fault has a place and words") {
  const std::vector<Row> rows{
      {"duplicate key", "a: 1\nb: 2\na: 3\n", 3, 1, "duplicate key 'a', first on line 1"},
      {"duplicate quoted key", "a: 1\n\"a\": 3\n", 2, 1, "duplicate key 'a', first on line 1"},
      {"duplicate in a flow map", "x: {a: 1, a: 2}\n", 1, 11, "duplicate key 'a'"},
      {"anchor", "a: &x 1\n", 1, 4, "anchors"},
      {"anchor on a list", "a: &x [1]\n", 1, 4, "anchors"},
      {"anchor without value", "a: &x\n", 1, 4, "anchors"},
      {"tag", "a: !str 1\n", 1, 4, "tags"},
      {"non-specific tag", "a: ! yes\n", 1, 4, "tags"},
      {"tag on a map", "a: !t {}\n", 1, 4, "tags"},
      {"standard tag", "a: !!int 3\n", 1, 4, "tags"},
      {"two documents", "a: 1\n---\nb: 2\n", 2, 1, "second YAML document"},
      {"number as key", "a: 1\n200: ok\n", 2, 1, "the key 200 is not a string"},
      {"word as key", "on: x\n", 1, 1, "read differently"},
      {"null as key", "~: x\n", 1, 1, "the key ~ is not a string"},
      {"map as key", "? {a: b}\n: 3\n", 1, 3, "a key must be a string"},
      {"merge key", "<<: {a: 1}\n", 1, 1, "merge keys"},
      {"empty item", "a: [1,,2]\n", 1, 7, "an empty item"},
      {"tab", "a:\n\tb: 1\n", 2, 1, "a tab in the indentation"},
      {"tab behind spaces", "a:\n  b: 1\n \tc: 1\n", 3, 2, "a tab in the indentation"},
      {"colon in a value", "a: b: c\n", 1, 5, "an unexpected ':'"},
      {"unclosed list", "a: [1\nb: 2\n", 2, 2, "expected ',' or ']'"},
      {"unclosed quote", "a: \"x\nb: 2\n", 2, 5, "unexpected end of text in a string"},
      {"unclosed single quote", "a: 'it''s\n\n", 1, 10, "unexpected end of text in a string"},
      {"unclosed quote in a list", "a: [\"x\n]\n", 2, 2, "unexpected end of text in a string"},
      {"no colon", "a: 1\nz\n", 2, 1, "expected ':' after the key"},
      {"no colon after a block", "a: |\n x\nz\n", 3, 1, "expected ':' after the key"},
      {"no colon in a flow map", "x: {a, b: 1}\n", 1, 5, "expected ':' after the key"},
      {"no colon at the end", "x: {b: 1, a}\n", 1, 11, "expected ':' after the key"},
      {"two values", "{a: 1}\nb: 2\n", 2, 1, "more text after the end of the value"},
      {"list, then key", "- a\nb: 1\n", 2, 1, "more text after the end of the value"},
      {"unknown escape", "a: \"\\q\"\n", 1, 5, "unknown escape"},
      {"surrogate", "a: \"\\ud800\"\n", 1, 5, "a surrogate escape"},
      {"at sign", "a: @x\n", 1, 4, "cannot begin"},
      {"invalid UTF-8", "a: 1\nb: caf\xE9\n", 2, 7, "invalid UTF-8 byte 0xE9"},
      {"NUL", std::string("a: 1\nb: \0\n", 10), 2, 4, "unexpected NUL byte"},
      {"end of transmission", "a: 1\nb: \x04\nc: 3", 2, 4, "control character 0x04"},
      {"carriage return alone", "a: 1\rb: 2\n", 1, 5, "a carriage return without a line feed"},
      {"escape of yaml-cpp's own", "a: \"x\\N\"\n", 1, 4, "an escape that gives no UTF-8"},
      {"escaped NUL", "a: \"\\0\"\n", 1, 4, "NUL is not allowed"},
      {"too deep", std::string(65, '[') + std::string(65, ']'), 1, 65, "nesting deeper than 64"},
      {"far too deep", std::string(20'000, '[') + std::string(20'000, ']'), 1, 65, "nesting deeper than 64"},
      {"never closed", std::string(20'000, '['), 1, 1, "a bracket that is never closed"},
      {"never closed map", "a: {b: [1, 2]\n", 1, 14, "expected ',' or '}'"},
      {"block too deep",
       [] {
         std::string s;
         for (int i = 0; i < 70; ++i) s += "- ";
         return s + "x\n";
       }(),
       1, 129, "nesting deeper than 64"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const Error error = only_error(row.text);
    INFO(error.message);
    CHECK(error.message.find(row.message_part) != std::string::npos);
    CHECK(error.place.line == row.line);
    CHECK(error.place.column == row.column);
  }
  CHECK(only_error("a: *x\n").place.line == 1);
  CHECK(only_error("\xEF\xBB\xBF"
                   "a: yes\n")
            .place.column == 4);
  CHECK(only_error("a: é\r\nb: 'é' # é\r\nc: [ü, yes]\r\n").place.column == 9);
}

TEST_CASE("yaml: an alias bomb is refused at its first anchor") {
  CHECK(only_error("a: &a [x, x]\nb: &b [*a, *a]\n").place.column == 4);
}

TEST_CASE("yaml: places of keys and values") {
  const Tree tree = good(
      "# first\n"
      "é: ü x\n"
      "\"q k\": 'it''s'\n"
      "list:\n"
      "  - a: 1\n"
      "    b:\n"
      "  - [x, {c: \"d\\\"e\"}]\n"
      "  -\n"
      "text: |\n"
      "  (abc\n"
      "end: ~\n");
  const Json& root = tree.root();
  const auto at = [&](const Json& value, At what) {
    const Place place = tree.place(value, what);
    return std::vector<std::size_t>{place.line, place.column, place.width};
  };
  CHECK(at(root, At::value) == std::vector<std::size_t>{2, 1, 1});
  CHECK(at(root["é"], At::key) == std::vector<std::size_t>{2, 1, 2});
  CHECK(at(root["é"], At::value) == std::vector<std::size_t>{2, 5, 4});
  CHECK(at(root["q k"], At::key) == std::vector<std::size_t>{3, 1, 5});
  CHECK(at(root["q k"], At::value)[1] == 8);
  CHECK(at(root["list"], At::value) == std::vector<std::size_t>{5, 3, 1});
  CHECK(at(root["list"][0], At::value) == std::vector<std::size_t>{5, 5, 1});
  CHECK(at(root["list"][0]["a"], At::value) == std::vector<std::size_t>{5, 8, 1});
  CHECK(at(root["list"][0]["b"], At::value) == std::vector<std::size_t>{6, 5, 1});  // omitted: its key
  CHECK(at(root["list"][1][0], At::value) == std::vector<std::size_t>{7, 6, 1});
  CHECK(at(root["list"][1][1]["c"], At::key) == std::vector<std::size_t>{7, 10, 1});
  CHECK(at(root["list"][1][1]["c"], At::value) == std::vector<std::size_t>{7, 13, 6});
  CHECK(at(root["text"], At::value) == std::vector<std::size_t>{9, 7, 1});
  CHECK(at(root["end"], At::value) == std::vector<std::size_t>{11, 6, 1});
  CHECK(tree.pointer(root["list"][1][1]["c"]) == "/list/1/1/c");
  CHECK(tree.place(root["é"]).excerpt == "é: ü x");
}

TEST_CASE("yaml: a place inside a string") {
  const Tree tree = good("a: (ab\nb: '(it''s'\nc: \"\\\\d(\"\nd: |\n  (x\n");
  const Json& root = tree.root();
  CHECK(tree.error_inside(root["a"], 2, "m").place.column == 6);
  CHECK(tree.error_inside(root["b"], 4, "m").place.column == 10);
  CHECK(tree.error_inside(root["c"], 2, "m").place.column == 8);
  CHECK(tree.error_inside(root["d"], 1, "m").place.column == 4);
}

TEST_CASE("yaml: JSON files parse too, and the extension decides") {
  const std::string text = "{\"a\": {\"b\": [1, 2.5, \"x\\u00e9\"]}, \"c\": null, \"d\": [true, false, {}]}\n";
  Complaints complaints;
  const auto json = parse_config("x.JSON", text, complaints);
  const auto yaml = parse_config("x.yaml", text, complaints);
  REQUIRE((json && yaml));
  CHECK(json->root() == yaml->root());
  CHECK(complaints.empty());
  CHECK_FALSE(parse_config("x.json", "a: 1\n", complaints).has_value());
  CHECK(parse_config("x.yml", "a: 1\n", complaints).has_value());
}

TEST_CASE("yaml: damaged texts never crash, and complain or parse") {
  const std::string base = "a: [1, 'x', {b: \"c\\n\"}]\n# n\nd: |\n  t\ne:\n  - f: 0.5\n  - ~\n";
  std::size_t kept = 0;
  const auto feed = [&](const std::string& text) {
    Complaints complaints;
    const std::optional<Tree> tree = parse_yaml("x", text, complaints);
    if (tree.has_value() == !complaints.empty()) FAIL_CHECK("silent: " << text);
    if (!tree) return;
    ++kept;
    for (const Json& value : tree->root()) tree->place(value);
  };
  for (std::size_t cut = 0; cut < base.size(); ++cut) feed(base.substr(0, cut));
  for (std::size_t at = 0; at < base.size(); ++at) {
    std::string text = base;
    for (int byte = 0; byte < 256; ++byte) {
      text[at] = static_cast<char>(byte);
      feed(text);
    }
  }
  CHECK(kept > 100);
}
