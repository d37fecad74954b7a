// The dialects over real sockets, against a model server that was written without them.
#include <catch2/catch.hpp>

#include <string>

#include "headgate/route/dialect.hpp"
#include "http_line.hpp"
#include "support/provider.hpp"

using namespace headgate;
using namespace headgate::route;
using headgate::test::http;
using headgate::test::HttpLine;
using headgate::test::post;

namespace {

struct Api {
  ChatApi api;
  const char* path;
};
constexpr Api apis[] = {{ChatApi::chat_completions, "/chat/completions"},
                        {ChatApi::responses, "/responses"},
                        {ChatApi::messages, "/messages"}};

const char* script = R"({
  "text": "Refunds take five days, 返金 and \"quotes\".",
  "profiles": {
    "tools": {"tools": [{"name": "refund", "arguments": {"order": "A-17", "amount": 2.5}}, {"name": "look"}]},
    "odd": {"text": "a\nb: c\r\ndata: d",
            "stream": {"piece": 3, "comments": true, "crlf": true, "multi_line": true, "bom": true, "tight": true}},
    "refusing": {"finish": "refusal", "text": "I can't help with that."},
    "cut": {"finish": "length", "text": "half an answ"},
    "filtered": {"finish": "content_filter"},
    "uncounted": {"usage": "missing"},
    "negative": {"usage": "negative"},
    "endless": {"stream": {"done": false}},
    "failing": {"stream": {"error": {"after": 3, "message": "Overloaded"}}},
    "error_inside": {"status": 200, "error": {"type": "rate_limit_error", "message": "slow down"}},
    "bad_utf8": {"garble": "bad_utf8"}, "surrogate": {"garble": "surrogate"}, "nul": {"garble": "nul"},
    "broke": {"status": 429, "error": {"type": "insufficient_quota", "code": "insufficient_quota"}},
    "busy": {"status": 529, "retry_after": "2"},
    "moved": {"status": 307, "location": "https://elsewhere.example/v1?token=abc"}
  }
})";

class Asked {
 public:
  Asked() : provider_(test::start_provider(script)) {}

  Arrival arrival(const Api& api, const std::string& profile, bool streams) const {
    const auto dialect = dialect_of(api, streams);
    HttpSpec spec = http(test::base_url(*provider_, profile) + api.path);
    spec.streams = streams;
    for (auto& [name, value] : dialect->headers()) spec.headers.emplace_back(name, Secret(value));
    const std::vector<Message> messages{{"system", "Be brief."}, {"user", "How long do refunds take?"}};
    const auto body = dialect->body({&messages, nullptr, 0, {}});
    REQUIRE(body.has_value());
    HttpLine line(std::move(spec));
    return line.ask(post(1, *body));
  }

  Outcome operator()(const Api& api, const std::string& profile, bool streams) const {
    return dialect_of(api, streams)->read(arrival(api, profile, streams));
  }

  static std::shared_ptr<const Dialect> dialect_of(const Api& api, bool streams) {
    return make_dialect(ChatDialect{api.api, "fake-model", {R"({"max_tokens":64})"}, streams, true});
  }

 private:
  std::unique_ptr<fake::Provider> provider_;
};

Reply reply(const Outcome& outcome) {
  if (const auto* error = std::get_if<CallError>(&outcome)) FAIL(name(error->kind) << ": " << error->message);
  return std::get<Reply>(outcome);
}

ErrorKind kind(const Outcome& outcome) {
  const auto* error = std::get_if<CallError>(&outcome);
  return error == nullptr ? ErrorKind::none : error->kind;
}

}  // namespace

TEST_CASE("a provider's plain and streamed replies are one reply, by every API") {
  const Asked ask;
  for (const Api& api : apis) {
    for (const char* profile : {"", "tools", "odd", "refusing", "uncounted", "negative", "nul"}) {
      CAPTURE(api.path, profile);
      const Reply plain = reply(ask(api, profile, false)), streamed = reply(ask(api, profile, true));
      CHECK(plain.text == streamed.text);
      CHECK(plain.finish_reason == streamed.finish_reason);
      // It counts the bytes of the body as input, and asking for a stream takes some.
      CHECK(plain.usage.input_tokens.has_value() == streamed.usage.input_tokens.has_value());
      CHECK(plain.usage.output_tokens == streamed.usage.output_tokens);
      REQUIRE(plain.tool_calls.size() == streamed.tool_calls.size());
      for (std::size_t i = 0; i < plain.tool_calls.size(); ++i) {
        CHECK(plain.tool_calls[i].name == streamed.tool_calls[i].name);
        CHECK(plain.tool_calls[i].arguments == streamed.tool_calls[i].arguments);
      }
      CHECK_FALSE(plain.first_token_ms.has_value());
      REQUIRE(streamed.first_token_ms.has_value());
      CHECK(*streamed.first_token_ms <= *streamed.latency_ms);
      CHECK_FALSE(plain.request_id.empty());
      CHECK_FALSE(plain.repaired);
    }
    CHECK(reply(ask(api, "", true)).text == "Refunds take five days, 返金 and \"quotes\".");
    CHECK(reply(ask(api, "odd", true)).text == "a\nb: c\r\ndata: d");
    CHECK(reply(ask(api, "", false)).usage.input_tokens.value_or(0) > 0);
    CHECK_FALSE(reply(ask(api, "uncounted", true)).usage.output_tokens.has_value());
    CHECK_FALSE(reply(ask(api, "negative", false)).usage.output_tokens.has_value());
    CHECK(reply(ask(api, "refusing", false)).finish_reason == "refusal");
    const Reply tools = reply(ask(api, "tools", true));
    REQUIRE(tools.tool_calls.size() == 2);
    CHECK(tools.tool_calls[0].arguments.text == R"({"amount":2.5,"order":"A-17"})");
    CHECK(tools.tool_calls[1].arguments.text == "{}");
  }
}

TEST_CASE("what a provider sends in the place of a reply is no reply, by every API") {
  const Asked ask;
  for (const Api& api : apis) {
    for (const bool streams : {false, true}) {
      CAPTURE(api.path, streams);
      CHECK(kind(ask(api, "cut", streams)) == ErrorKind::truncated);
      CHECK(kind(ask(api, "filtered", streams)) == ErrorKind::content_filter);
      for (const char* profile : {"bad_utf8", "surrogate"}) {
        const Reply repaired = reply(ask(api, profile, streams));
        CHECK(repaired.repaired);
        CHECK(repaired.text.find("\ufffd") != std::string::npos);
      }
    }
    CHECK(kind(ask(api, "error_inside", false)) == ErrorKind::error_in_reply);
    // Only one of the APIs has a word for it.
    const bool is_anthropic = api.api == ChatApi::messages;
    CHECK(kind(ask(api, "failing", true)) == (is_anthropic ? ErrorKind::overloaded : ErrorKind::error_in_reply));
    const Outcome endless = ask(api, "endless", true);
    if (api.api == ChatApi::chat_completions) {
      CHECK(reply(endless).text == "ok");  // it said finish_reason
    } else {
      REQUIRE(kind(endless) == ErrorKind::truncated);
      CHECK(is_cut_stream(std::get<CallError>(endless)));
    }
  }
}

TEST_CASE("what a provider's answers mean for trying again") {
  const Asked ask;
  for (const Api& api : apis) {
    const auto says = [&](const char* profile) { return examine(ask.arrival(api, profile, false), 0); };
    CHECK(says("broke").kind == ErrorKind::quota);
    CHECK(says("busy").kind == ErrorKind::overloaded);
    CHECK(says("busy").rate.retry_after_s == 2.0);
    CHECK(says("busy").fingerprint == says("busy").fingerprint);
    CHECK(says("moved").message ==
          "HTTP 307: answers with a redirect to https://elsewhere.example; write that endpoint");
    CHECK(says("").kind == ErrorKind::none);
  }
}
