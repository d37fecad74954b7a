#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

#include "headgate/base/bug_error.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/json_append.hpp"
#include "headgate/base/random.hpp"

using namespace headgate;

namespace {

std::string number(double value) {
  std::string out;
  append_json_number(out, value);
  return out;
}

std::string as_json(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

}  // namespace

TEST_CASE("canonical: the number table of RFC 8785, appendix B") {
  const std::vector<std::pair<std::uint64_t, std::string>> rows{
      {0x0000000000000000, "0"},
      {0x8000000000000000, "0"},
      {0x0000000000000001, "5e-324"},
      {0x8000000000000001, "-5e-324"},
      {0x7fefffffffffffff, "1.7976931348623157e+308"},
      {0xffefffffffffffff, "-1.7976931348623157e+308"},
      {0x4340000000000000, "9007199254740992"},
      {0xc340000000000000, "-9007199254740992"},
      {0x4430000000000000, "295147905179352830000"},
      {0x44b52d02c7e14af5, "9.999999999999997e+22"},
      {0x44b52d02c7e14af6, "1e+23"},
      {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
      {0x444b1ae4d6e2ef4e, "999999999999999700000"},
      {0x444b1ae4d6e2ef4f, "999999999999999900000"},
      {0x444b1ae4d6e2ef50, "1e+21"},
      {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
      {0x3eb0c6f7a0b5ed8d, "0.000001"},
      {0x41b3de4355555553, "333333333.3333332"},
      {0x41b3de4355555554, "333333333.33333325"},
      {0x41b3de4355555555, "333333333.3333333"},
      {0x41b3de4355555556, "333333333.3333334"},
      {0x41b3de4355555557, "333333333.33333343"},
      {0xbecbf647612f3696, "-0.0000033333333333333333"},
      {0x43143ff3c1cb0959, "1424953923781206.2"},
  };
  for (const auto& [bits, text] : rows) CHECK(number(std::bit_cast<double>(bits)) == text);
  CHECK_THROWS_AS(number(std::bit_cast<double>(std::uint64_t{0x7fffffffffffffff})), BugError);
  CHECK_THROWS_AS(number(std::bit_cast<double>(std::uint64_t{0x7ff0000000000000})), BugError);
}

TEST_CASE("canonical: the example of RFC 8785, section 3.2.2") {
  const Json value = parse_own(R"({
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]})")
                         .value();
  CHECK(canonical(value) == R"({"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],)"
                            R"("string":"€$\u000f\nA'B\"\\\\\"/"})");
}

TEST_CASE("canonical: keys in UTF-16 order, RFC 8785 section 3.2.3") {
  const Json value =
      parse_own(R"({"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh",)"
                R"("1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control",)"
                R"("\u00f6":"Latin Small Letter O With Diaeresis"})")
          .value();
  CHECK(canonical(value) ==
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\","
        "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
        "\"😀\":\"Emoji: Grinning Face\",\"\xEF\xAC\xB3\":\"Hebrew Letter Dalet With Dagesh\"}");
}

TEST_CASE("canonical: integers keep every digit; floats that are whole look like integers") {
  CHECK(canonical(Json(18446744073709551615ULL)) == "18446744073709551615");
  CHECK(canonical(Json(std::numeric_limits<std::int64_t>::min())) == "-9223372036854775808");
  CHECK(canonical(Json(1.0)) == "1");
  CHECK(canonical(Json(-0.0)) == "0");
  CHECK(canonical(Json::object()) == "{}");
  CHECK(canonical(Json::array()) == "[]");
  CHECK(to_text(Json(nullptr)).text == "null");
  CHECK(JsonText{}.absent());
}

TEST_CASE("canonical: a bad value is our mistake") {
  CHECK_THROWS_AS(canonical(Json("\xFF")), BugError);
  CHECK_THROWS_AS(canonical(Json{{"\xFF", 1}}), BugError);
  CHECK_THROWS_AS(canonical(Json(std::numeric_limits<double>::infinity())), BugError);
  Json deep = 1;
  for (int i = 0; i < 300; ++i) deep = Json::array({std::move(deep)});
  CHECK_THROWS_AS(canonical(deep), BugError);
}

TEST_CASE("canonical_pretty: the same value, indented") {
  const Json value{{"a", {1, 2}}, {"b", Json::object()}, {"c", {{"d", nullptr}}}};
  CHECK(canonical_pretty(value) ==
        "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},\n  \"c\": {\n    \"d\": null\n  }\n}\n");
  CHECK(parse_own(canonical_pretty(value)).value() == value);
}

TEST_CASE("json numbers round-trip and are canonical twice over") {
  Random random(11);
  for (int i = 0; i < 20'000; ++i) {
    const double value = std::bit_cast<double>(random.next());
    if (!std::isfinite(value)) continue;
    const std::string text = number(value);
    const Json read = parse_own(text).value();
    CHECK(read.get<double>() == value);
    CHECK(canonical(read) == text);
  }
}

TEST_CASE("append_json_string: only what must be escaped") {
  CHECK(as_json("a\"b\\c/d") == R"("a\"b\\c/d")");
  CHECK(as_json("\b\t\n\f\r\x01\x1f\x7f") == R"("\b\t\n\f\r\u0001\u001f\u007f")");
  CHECK(as_json("\xE2\x80\xA8x\xE2\x80\xA9\xE2\x80\xAA€") == "\"\\u2028x\\u2029\xE2\x80\xAA€\"");
  CHECK(as_json(std::string_view("\0", 1)) == R"("\u0000")");
  CHECK(as_json("") == "\"\"");
  for (const std::string text : {"plain", "é€😀", "tab\there", "end\n", "\xE2\x80\xA8"}) {
    CHECK(Json::parse(as_json(text)).get<std::string>() == text);
  }
}

TEST_CASE("append_json_number: integers") {
  std::string out;
  append_json_number(out, std::int64_t{-5});
  out += ',';
  append_json_number(out, std::uint64_t{18446744073709551615ULL});
  CHECK(out == "-5,18446744073709551615");
}
