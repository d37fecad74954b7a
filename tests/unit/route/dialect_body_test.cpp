#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "headgate/base/json.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/route/dialect.hpp"

using namespace headgate;
using namespace headgate::route;

namespace {

const std::vector<Message> question{{"user", "What is it?"}};
const std::vector<Message> conversation{
    {"system", "Be brief."}, {"user", "Hi"}, {"assistant", "Hello"}, {"developer", "In German."}, {"user", "And?"}};

std::shared_ptr<const Dialect> dialect(ChatApi api, const std::string& params = {}, bool streams = false,
                                       bool strict_usage = false) {
  return make_dialect({api, "m-1", {params}, streams, strict_usage});
}

std::string body(ChatApi api, const std::vector<Message>& messages, const std::string& params = {},
                 bool streams = false, bool strict_usage = false, const std::string& schema = {}) {
  const auto out = dialect(api, params, streams, strict_usage)->body({&messages, nullptr, 0, schema});
  REQUIRE(out.has_value());
  REQUIRE(nlohmann::json::accept(*out));
  return *out;
}

}  // namespace

TEST_CASE("the body of a chat completion") {
  CHECK(body(ChatApi::chat_completions, question) ==
        R"({"model":"m-1","messages":[{"role":"user","content":"What is it?"}]})");
  CHECK(body(ChatApi::chat_completions, conversation, R"({"max_tokens":512,"seed":7,"temperature":0})") ==
        R"({"model":"m-1","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},)"
        R"({"role":"assistant","content":"Hello"},{"role":"developer","content":"In German."},)"
        R"({"role":"user","content":"And?"}],"max_tokens":512,"seed":7,"temperature":0})");
  CHECK(body(ChatApi::chat_completions, question, {}, true) ==
        R"({"model":"m-1","messages":[{"role":"user","content":"What is it?"}],"stream":true})");
  CHECK(body(ChatApi::chat_completions, question, {}, true, true) ==
        R"({"model":"m-1","messages":[{"role":"user","content":"What is it?"}],"stream":true,)"
        R"("stream_options":{"include_usage":true}})");
}

TEST_CASE("the body of a response") {
  CHECK(body(ChatApi::responses, conversation, R"({"max_tokens":64,"reasoning":{"effort":"low"}})") ==
        R"({"model":"m-1","instructions":"Be brief.\n\nIn German.","input":[{"role":"user","content":"Hi"},)"
        R"({"role":"assistant","content":"Hello"},{"role":"user","content":"And?"}],)"
        R"("max_output_tokens":64,"reasoning":{"effort":"low"}})");
  CHECK(body(ChatApi::responses, question, R"({"max_output_tokens":9,"max_tokens":64})", true, true) ==
        R"({"model":"m-1","input":[{"role":"user","content":"What is it?"}],"stream":true,"max_output_tokens":9})");
}

TEST_CASE("the body of a message") {
  CHECK(body(ChatApi::messages, conversation, R"({"temperature":0.5})") ==
        R"({"model":"m-1","system":"Be brief.\n\nIn German.","messages":[{"role":"user","content":"Hi"},)"
        R"({"role":"assistant","content":"Hello"},{"role":"user","content":"And?"}],)"
        R"("max_tokens":1024,"temperature":0.5})");
  CHECK(body(ChatApi::messages, question, R"({"max_tokens":12})", true, true) ==
        R"({"model":"m-1","messages":[{"role":"user","content":"What is it?"}],"stream":true,"max_tokens":12})");
}

TEST_CASE("a schema goes where the API takes one, in the place of a written one") {
  const std::string schema = R"({"type": "object"})";
  CHECK(
      body(ChatApi::chat_completions, question, R"({"response_format":{"type":"text"},"seed":1})", false, false,
           schema) ==
      R"({"model":"m-1","messages":[{"role":"user","content":"What is it?"}],"response_format":{"type":"json_schema",)"
      R"("json_schema":{"name":"reply","schema":{"type":"object"}}},"seed":1})");
  CHECK(body(ChatApi::responses, question, R"({"text":{"verbosity":"low","format":{"type":"text"}}})", false, false,
             schema) ==
        R"({"model":"m-1","input":[{"role":"user","content":"What is it?"}],"text":{"format":{"type":"json_schema",)"
        R"("name":"reply","schema":{"type":"object"}},"verbosity":"low"}})");
  CHECK(body(ChatApi::messages, question, R"({"max_tokens":9})", false, false, schema) ==
        R"({"model":"m-1","messages":[{"role":"user","content":"What is it?"}],"max_tokens":9})");
  CHECK_FALSE(dialect(ChatApi::chat_completions)->body({&question, nullptr, 0, "{no"}).has_value());
}

TEST_CASE("no member stands in a body twice, whatever the params say") {
  for (const ChatApi api : {ChatApi::chat_completions, ChatApi::responses, ChatApi::messages}) {
    const std::string text =
        body(api, conversation,
             R"({"model":"x","messages":[],"input":"x","instructions":"x","system":"x","stream":false,"max_tokens":3,)"
             R"("stream_options":{},"response_format":{},"text":{}})",
             true, true, "{}");
    CAPTURE(text);
    CHECK(parse_own(text).has_value());  // it takes no key twice
    CHECK(nlohmann::json::parse(text)["model"] == "m-1");
    CHECK(nlohmann::json::parse(text)["stream"] == true);
  }
}

TEST_CASE("equal requests are equal bytes, and text of any kind is a JSON string") {
  const std::vector<Message> odd{{"user", "quote \" slash \\ nul \0 line \n \xE2\x80\xA8 bad \xff end 世界"}};
  for (const ChatApi api : {ChatApi::chat_completions, ChatApi::responses, ChatApi::messages}) {
    const std::string one = body(api, odd, R"({"b":1,"a":2})");
    CHECK(one == body(api, odd, R"({"b":1,"a":2})"));
    CHECK(one == body(api, odd, R"({"a":2,"b":1})"));
    CHECK(is_utf8(one));
    CHECK(one.find('\n') == one.npos);
  }
  const std::string nul("a\0b", 3);
  const std::vector<Message> with_nul{{"user", nul}};
  const auto read = nlohmann::json::parse(body(ChatApi::chat_completions, with_nul));
  CHECK(read["messages"][0]["content"] == nul);
}

TEST_CASE("keys and headers go where each API wants them") {
  using Header = std::pair<std::string, std::string>;
  CHECK(dialect(ChatApi::chat_completions)->key_header() == Header{"Authorization", "Bearer "});
  CHECK(dialect(ChatApi::responses)->key_header() == Header{"Authorization", "Bearer "});
  CHECK(dialect(ChatApi::messages)->key_header() == Header{"x-api-key", ""});
  CHECK(dialect(ChatApi::chat_completions)->headers().empty());
  CHECK(dialect(ChatApi::messages)->headers() == std::vector<Header>{{"anthropic-version", "2023-06-01"}});
  CHECK(dialect(ChatApi::messages, {}, true)->streams());
  CHECK_FALSE(dialect(ChatApi::messages)->streams());
}

TEST_CASE("the bound of a reply is what the body says") {
  CHECK(dialect(ChatApi::chat_completions, R"({"max_tokens":5})")->most_output_tokens() == 5.0);
  CHECK(dialect(ChatApi::chat_completions, R"({"max_completion_tokens":6})")->most_output_tokens() == 6.0);
  CHECK(dialect(ChatApi::responses, R"({"max_tokens":7})")->most_output_tokens() == 7.0);
  CHECK(dialect(ChatApi::messages)->most_output_tokens() == 1024.0);
  CHECK_FALSE(dialect(ChatApi::responses)->most_output_tokens().has_value());
}
