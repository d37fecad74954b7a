#include "headgate/base/redactor.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "headgate/base/json.hpp"
#include "headgate/base/json_append.hpp"

using namespace headgate;

namespace {

using Named = std::vector<std::pair<std::string, std::string>>;

std::string redacted(const std::string& value, std::string text) {
  return Redactor(Named{{"KEY", value}})(std::move(text));
}

}  // namespace

TEST_CASE("a secret is replaced wherever it stands, and the rest stays") {
  const Redactor redact(Named{{"KEY", "s3cret-value"}});
  CHECK(redact("s3cret-value") == "[secret KEY]");
  CHECK(redact("a s3cret-value, s3cret-values3cret-value.") == "a [secret KEY], [secret KEY][secret KEY].");
  CHECK(redact("s3cret-valu") == "s3cret-valu");
  CHECK(redact("S3cret-value") == "S3cret-value");
  CHECK(redact("") == "");
}

TEST_CASE("base64 forms, also inside a longer text, padded or not, with either alphabet") {
  const std::string value = "sk-live-0123456789";
  CHECK(redacted(value, "c2stbGl2ZS0wMTIzNDU2Nzg5") == "[secret KEY]");
  // printf 'user:sk-live-0123456789' | base64, and with 'a:' and 'us:' before.
  for (const char* text :
       {"dXNlcjpzay1saXZlLTAxMjM0NTY3ODk=", "YTpzay1saXZlLTAxMjM0NTY3ODk=", "dXM6c2stbGl2ZS0wMTIzNDU2Nzg5"}) {
    const std::string out = redacted(value, std::string("Basic ") + text);
    INFO(out);
    CHECK(out.find("[secret KEY]") != std::string::npos);
    CHECK(out.size() < 32);  // no more than the digits that the neighbours' bytes are in
  }
  // 0xfb 0xff gives + and / in one alphabet, - and _ in the other; the padded form goes whole.
  const std::string odd = "\xfb\xff\xfe\xfb\xff\xfe\xfb\xff";
  CHECK(redacted(odd, "<+//++//++/8=>") == "<[secret KEY]>");
  CHECK(redacted(odd, "<-__--__--_8>") == "<[secret KEY]>");
}

TEST_CASE("percent-encoded forms") {
  const std::string value = "a b/c+d&e!~";
  for (const char* text : {"a%20b%2Fc%2Bd%26e%21~", "a%20b%2fc%2bd%26e%21~", "a+b%2Fc%2Bd%26e%21~",
                           "a%20b/c%2Bd%26e%21~", "a%20b%2Fc%2Bd%26e!~"}) {
    INFO(text);
    CHECK(redacted(value, std::string("?key=") + text + "&x") == "?key=[secret KEY]&x");
  }
}

TEST_CASE("JSON-escaped forms, as different writers put them") {
  const std::string value = "p\"\\\n/\xc3\xa4\xf0\x9f\x98\x80-end";
  std::string ours;
  append_json_string(ours, value);
  CHECK(redacted(value, ours) == "\"[secret KEY]\"");
  CHECK(redacted(value, Json(value).dump(-1, ' ', true)) == "\"[secret KEY]\"");
  CHECK(redacted(value, R"("p\"\\\n\/)"
                        "\xc3\xa4\xf0\x9f\x98\x80"
                        R"(-end")") == "\"[secret KEY]\"");
  CHECK(redacted(value, R"("p\"\\\n/\u00E4\uD83D\uDE00-end")") == "\"[secret KEY]\"");
}

TEST_CASE("the longest secret wins, and what overlaps leaves nothing behind") {
  const Redactor redact(Named{{"SHORT", "12345678"}, {"LONG", "12345678-and-more"}, {"TAIL", "and-more-to-come"}});
  CHECK(redact("12345678-and-more") == "[secret LONG]");
  CHECK(redact("12345678-and-less") == "[secret SHORT]-and-less");
  CHECK(redact("x12345678-and-more-to-comex") == "x[secret LONG]x");
  CHECK(redacted("abababab", "ababababab.") == "[secret KEY].");
}

TEST_CASE("short values are left alone, and a name cannot break what it goes into") {
  CHECK(redacted("1234567", "1234567") == "1234567");
  CHECK(Redactor(Named{{"A", "short"}}).empty());
  CHECK(Redactor(Named{}).empty());
  CHECK(Redactor(Named{})("text") == "text");
  CHECK(Redactor(Named{{"a\"b\\\n\x1b", "12345678"}})("12345678") == "[secret a_b___]");
}

TEST_CASE("the result of redacting JSON is JSON") {
  const std::string value = "quote\"and\\slash";
  const std::string line = Json{{"output", "it is " + value}, {"id", "1"}}.dump();
  const Json out = Json::parse(redacted(value, line));
  CHECK(out.at("output").get<std::string>() == "it is [secret KEY]");
}
