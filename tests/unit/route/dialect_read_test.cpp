// What every chat API's reader must do alike with what is no reply.
#include <catch2/catch.hpp>

#include <string>

#include "headgate/base/unicode.hpp"
#include "spoken.hpp"

using namespace headgate;
using headgate::route::ChatApi;

namespace {

constexpr ChatApi apis[] = {ChatApi::chat_completions, ChatApi::responses, ChatApi::messages};

CallError error_of(ChatApi api, const std::string& body, bool streams = false) {
  const Outcome outcome = test::read_chat(api, body, streams);
  if (!std::holds_alternative<CallError>(outcome)) FAIL("a reply: " << body);
  const CallError& error = std::get<CallError>(outcome);
  CHECK(is_utf8(error.message));
  CHECK_FALSE(error.message.empty());
  return error;
}

ErrorKind kind_of(ChatApi api, const std::string& body, bool streams = false) {
  return error_of(api, body, streams).kind;
}

std::string nested(int depth) { return std::string(static_cast<std::size_t>(depth), '['); }

}  // namespace

TEST_CASE("bodies that are no JSON object are malformed, and quoted") {
  for (const ChatApi api : apis) {
    for (const bool streams : {false, true}) {
      const CallError page = error_of(api, "<html><body>proxy login</body></html>", streams);
      CHECK(page.kind == ErrorKind::malformed_reply);
      CHECK(page.message.find("proxy login") != std::string::npos);
      CHECK(kind_of(api, "", streams) == ErrorKind::malformed_reply);
      CHECK(kind_of(api, " \n", streams) == ErrorKind::malformed_reply);
      CHECK(kind_of(api, R"({"id": "x", "object": "chat.completion", "model": "m", "choi)", streams) ==
            ErrorKind::malformed_reply);
      CHECK(kind_of(api, "null", streams) == ErrorKind::malformed_reply);
      CHECK(kind_of(api, "[]", streams) == ErrorKind::malformed_reply);
      CHECK(kind_of(api, "\"hello\"", streams) == ErrorKind::malformed_reply);
      CHECK(kind_of(api, "{}", streams) == ErrorKind::malformed_reply);
      CHECK(kind_of(api, R"({"detail":"not here"})", streams) == ErrorKind::malformed_reply);
      CHECK(kind_of(api, "{} {}", streams) == ErrorKind::malformed_reply);
    }
    const CallError odd = error_of(api, "\x1b[31mred\x07 \xff" + std::string(5000, 'x'));
    CHECK(odd.message.find('\x1b') == std::string::npos);
    CHECK(odd.message.size() < 600);
  }
}

TEST_CASE("depth has a bound") {
  for (const ChatApi api : apis) {
    CHECK(kind_of(api, nested(100'000)) == ErrorKind::malformed_reply);
    CHECK(kind_of(api, R"({"choices":)" + nested(100) + std::string(100, ']') + "}") == ErrorKind::malformed_reply);
    CHECK(kind_of(api, "data: {\"a\":" + nested(100'000) + "\n\n") == ErrorKind::malformed_reply);
  }
}

TEST_CASE("a key that stands twice makes a reply malformed, wherever it stands") {
  const std::string bodies[] = {
      R"({"choices":[{"index":0,"finish_reason":"stop","message":{"content":"a","content":"b"}}]})",
      R"({"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"a","text":"b"}]}]})",
      R"({"content":[{"type":"text","text":"a","text":"b"}],"stop_reason":"end_turn"})"};
  for (std::size_t i = 0; i < 3; ++i) {
    const CallError error = error_of(apis[i], bodies[i]);
    CHECK(error.kind == ErrorKind::malformed_reply);
    CHECK(error.message.find("stands in it twice") != std::string::npos);
  }
  std::string wide = "{";
  for (int i = 0; i < 100; ++i) wide += "\"k" + std::to_string(i) + "\":1,";
  CHECK(error_of(ChatApi::messages, wide + R"("k50":1})").message.find("'k50'") != std::string::npos);
}

TEST_CASE("an error inside a 200 is an error, and never text") {
  for (const ChatApi api : apis) {
    const CallError limited = error_of(api, R"({"error":{"message":"rate limit exceeded","type":"rate_limit_error"}})");
    CHECK(limited.kind == ErrorKind::error_in_reply);
    CHECK(limited.message == "the reply is an error: rate_limit_error: rate limit exceeded");
    CHECK(kind_of(api, R"({"error":"boom"})") == ErrorKind::error_in_reply);
    CHECK(kind_of(api, R"({"error":{"code":500}})") == ErrorKind::error_in_reply);
    CHECK(kind_of(api, R"({"error":{}})") == ErrorKind::error_in_reply);
    CHECK(kind_of(api, R"({"error":true})") == ErrorKind::error_in_reply);
    CHECK(kind_of(api, R"({"error":{"code":"content_filter","message":"no"}})") == ErrorKind::content_filter);
    CHECK(kind_of(api, R"({"error":{"code":"context_length_exceeded"}})") == ErrorKind::context_too_long);
    CHECK(kind_of(api, R"({"error":{"code":"insufficient_quota"}})") == ErrorKind::quota);
    CHECK(kind_of(api, R"({"error":{"type":"server_error","message":"oops"}})", true) == ErrorKind::error_in_reply);
  }
  CHECK(kind_of(ChatApi::messages, R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})") ==
        ErrorKind::error_in_reply);
}

TEST_CASE("an error midway in a stream ends it, whatever was said before") {
  for (const ChatApi api : apis) {
    const test::Spoken said{"hello there", "", {}};
    std::string body = test::Speaker(said, 4).stream(api);
    body = body.substr(0, body.find("\n\n", body.size() / 2) + 2);
    const auto with = [&](const std::string& event) { return kind_of(api, body + event + "\n\n", true); };
    CHECK(with(R"(data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})") ==
          ErrorKind::overloaded);
    CHECK(with("event: error\n"
               R"(data: {"type":"error","error":{"type":"rate_limit_error","message":"slow"}})") ==
          ErrorKind::rate_limited);
    CHECK(with(R"(data: {"error":{"message":"boom","code":500}})") == ErrorKind::error_in_reply);
    CHECK(with("event: error\n"
               R"(data: {"message":"boom"})") == ErrorKind::error_in_reply);
    CHECK(with(R"(data: {"error":{"code":"content_filter"}})") == ErrorKind::content_filter);
    CHECK(with("data: {not json") == ErrorKind::malformed_reply);
    CHECK(with("data: 17") == ErrorKind::malformed_reply);
    CHECK(error_of(api, body + "data: {not json\n\n", true).message.find("of the stream") != std::string::npos);
  }
}

TEST_CASE("a stream without its end is truncated, and says what came") {
  for (const ChatApi api : apis) {
    const test::Spoken said{"hello there", "", {}};
    test::Speaker speaker(said, 4);
    const std::string body = speaker.stream(api);
    const CallError error = error_of(api, body.substr(0, speaker.whole_at() - 1), true);
    CHECK(error.kind == ErrorKind::truncated);
    CHECK(route::is_cut_stream(error));
    CHECK(error.message.find("the stream ended without") == 0);
    route::Arrival nothing = test::arrived("", 200, {{"content-type", "text/event-stream; charset=utf-8"}});
    route::ChatDialect what;
    what.api = api;
    what.streams = true;
    const Outcome outcome = route::make_dialect(what)->read(nothing);
    CHECK(std::get<CallError>(outcome).kind == ErrorKind::truncated);
    nothing.bytes = ": ping\n\n: ping\n\n";
    CHECK(std::get<CallError>(route::make_dialect(what)->read(nothing)).kind == ErrorKind::truncated);
  }
  CHECK_FALSE(route::is_cut_stream({ErrorKind::truncated, "cut at the limit of tokens after 3 characters"}));
}

TEST_CASE("a cut reply is no reply; its words stand in the message") {
  for (const ChatApi api : apis) {
    for (const bool streams : {false, true}) {
      const test::Spoken said{"half an answ", "", {}, false, true};
      test::Speaker speaker(said, 8);
      const CallError error = error_of(api, streams ? speaker.stream(api) : speaker.whole(api), streams);
      CHECK(error.kind == ErrorKind::truncated);
      CHECK(error.message == "cut at the limit of tokens after 12 characters: 'half an answ'");
    }
  }
}

TEST_CASE("text that is not UTF-8 is repaired, and the reply remembers it") {
  for (const ChatApi api : apis) {
    for (const bool streams : {false, true}) {
      const test::Spoken said{"Gr\u00fc\u00dfe", "", {}};
      test::Speaker speaker(said, 8);
      std::string body = streams ? speaker.stream(api) : speaker.whole(api);
      const Outcome good = test::read_chat(api, body, streams);
      CHECK_FALSE(std::get<Reply>(good).repaired);
      for (std::size_t at = 0; (at = body.find("\xc3\x9f", at)) != body.npos;) body.replace(at, 2, "\xdf");
      const Outcome outcome = test::read_chat(api, body, streams);
      REQUIRE(std::holds_alternative<Reply>(outcome));
      CHECK(std::get<Reply>(outcome).text == "Gr\u00fc\ufffde");
      CHECK(std::get<Reply>(outcome).repaired);
    }
    for (const char* half : {"\\ud83d", "\\ude00", "\\ud83d\\ud83d"}) {
      test::Spoken said{"XX", "", {}};
      std::string body = test::Speaker(said, 1).whole(api);
      body.replace(body.find("XX"), 2, half);
      const Outcome outcome = test::read_chat(api, body);
      REQUIRE(std::holds_alternative<Reply>(outcome));
      CHECK(std::get<Reply>(outcome).repaired);
      CHECK(std::get<Reply>(outcome).text.starts_with("\ufffd"));
    }
  }
}

TEST_CASE("NUL in a text stays, outside of one it makes the reply malformed") {
  for (const ChatApi api : apis) {
    test::Spoken said{"aXXb", "", {}};
    std::string body = test::Speaker(said, 1).whole(api);
    std::string escaped = body, bare = body;
    escaped.replace(body.find("XX"), 2, "\\u0000");
    bare.replace(body.find("XX"), 2, std::string(1, '\0'));
    const Outcome outcome = test::read_chat(api, escaped);
    REQUIRE(std::holds_alternative<Reply>(outcome));
    CHECK(std::get<Reply>(outcome).text == std::string("a\0b", 3));
    CHECK(kind_of(api, bare) == ErrorKind::malformed_reply);
    CHECK(kind_of(api, body + std::string(1, '\0')) == ErrorKind::malformed_reply);
  }
}

TEST_CASE("counts that cannot be are unknown, and never zero") {
  const std::string chat = R"({"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":)";
  const std::string response = R"({"status":"completed","output":[{"type":"message","content":"x"}],"usage":)";
  const std::string message = R"({"content":[{"type":"text","text":"x"}],"stop_reason":"end_turn","usage":)";
  const auto usage = [](ChatApi api, const std::string& body) {
    const Outcome outcome = test::read_chat(api, body);
    REQUIRE(std::holds_alternative<Reply>(outcome));
    return std::get<Reply>(outcome).usage;
  };
  for (const char* odd :
       {"null", "[]", "\"many\"", "{}", R"({"prompt_tokens":-1,"input_tokens":-1})",
        R"({"prompt_tokens":1.5,"input_tokens":1.5})", R"({"prompt_tokens":"5","input_tokens":"5"})",
        R"({"prompt_tokens":1e300,"input_tokens":1e300})", R"({"prompt_tokens":true,"input_tokens":true})",
        R"({"prompt_tokens":null,"input_tokens":null})"}) {
    CAPTURE(odd);
    CHECK_FALSE(usage(ChatApi::chat_completions, chat + odd + "}").input_tokens.has_value());
    CHECK_FALSE(usage(ChatApi::responses, response + odd + "}").input_tokens.has_value());
    CHECK_FALSE(usage(ChatApi::messages, message + odd + "}").input_tokens.has_value());
  }
  CHECK(usage(ChatApi::chat_completions, chat + R"({"prompt_tokens":3.0,"completion_tokens":0}})").input_tokens == 3);
  CHECK(usage(ChatApi::chat_completions, chat + R"({"prompt_tokens":3,"completion_tokens":0}})").output_tokens == 0);
}

TEST_CASE("no input, or more of it cached than there is, cannot be counts of a reply") {
  const auto usage = [](ChatApi api, const std::string& body) {
    const Outcome outcome = test::read_chat(api, body);
    REQUIRE(std::holds_alternative<Reply>(outcome));
    return std::get<Reply>(outcome).usage;
  };
  const auto chat = [&](const std::string& counts) {
    return usage(ChatApi::chat_completions,
                 R"({"choices":[{"message":{"content":"x"},"finish_reason":"stop"}],"usage":{)" + counts + "}}");
  };
  const auto response = [&](const std::string& counts) {
    return usage(ChatApi::responses,
                 R"({"status":"completed","output":[{"type":"message","content":"x"}],"usage":{)" + counts + "}}");
  };
  const auto message = [&](const std::string& counts) {
    return usage(ChatApi::messages,
                 R"({"content":[{"type":"text","text":"x"}],"stop_reason":"end_turn","usage":{)" + counts + "}}");
  };
  for (const Usage& zero :
       {chat(R"("prompt_tokens":0,"completion_tokens":4)"), response(R"("input_tokens":0,"output_tokens":4)"),
        message(R"("input_tokens":0,"output_tokens":4)")}) {
    CHECK_FALSE(zero.input_tokens.has_value());
    CHECK(zero.output_tokens == 4);
  }
  for (const Usage& odd :
       {chat(R"("prompt_tokens":5,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":6})"),
        chat(R"("prompt_tokens":0,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":6})"),
        response(R"("input_tokens":5,"output_tokens":4,"input_tokens_details":{"cached_tokens":6})")}) {
    CHECK_FALSE(odd.input_tokens.has_value());
    CHECK_FALSE(odd.cached_input_tokens.has_value());
    CHECK(odd.output_tokens == 4);
  }
  const Usage all = chat(R"("prompt_tokens":5,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":5})");
  CHECK(all.input_tokens == 5);
  CHECK(all.cached_input_tokens == 5);
  // Here the cached tokens are counted apart.
  CHECK(message(R"("input_tokens":0,"cache_read_input_tokens":6,"output_tokens":4)").input_tokens == 6);
}

TEST_CASE("only a status that brings a whole reply brings one") {
  const std::string body = R"({"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]})";
  const auto dialect = route::make_dialect(route::ChatDialect{});
  for (const int status : {200, 201, 202, 203}) {
    CAPTURE(status);
    CHECK(std::holds_alternative<Reply>(dialect->read(test::arrived(body, status))));
  }
  for (const int status : {204, 205, 206, 207, 226, 299}) {
    CAPTURE(status);
    const Outcome outcome = dialect->read(test::arrived(body, status));
    REQUIRE(std::holds_alternative<CallError>(outcome));
    CHECK(std::get<CallError>(outcome).kind == ErrorKind::malformed_reply);
    CHECK(std::get<CallError>(outcome).message == "HTTP " + std::to_string(status) + " brings no whole reply");
  }
}

TEST_CASE("a request id comes from the body, else from the headers") {
  const test::Spoken said{"x", "", {}};
  route::ChatDialect what;
  what.api = ChatApi::messages;
  const auto dialect = route::make_dialect(what);
  std::string body = test::Speaker(said, 1).whole(ChatApi::messages);
  const auto id = [&](const std::string& text, std::vector<std::pair<std::string, std::string>> headers) {
    return std::get<Reply>(dialect->read(test::arrived(text, 200, std::move(headers)))).request_id;
  };
  CHECK(id(body, {{"request-id", "req_1"}}) == "msg-1");
  body = R"({"content":[{"type":"text","text":"x"}],"stop_reason":"end_turn"})";
  CHECK(id(body, {{"request-id", "req_1"}}) == "req_1");
  CHECK(id(body, {{"x-request-id", "x_1"}, {"request-id", "req_1"}}) == "x_1");
  CHECK(id(body, {}).empty());
  CHECK(id(body, {{"request-id", std::string(1000, 'x') + "\xff"}}).size() <= 200);
  CHECK(is_utf8(id(body, {{"request-id", "\xff\xfe"}})));
}

TEST_CASE("what came damaged, or with another status, is no reply") {
  const test::Spoken said{"fine", "", {}};
  for (const ChatApi api : apis) {
    route::ChatDialect what;
    what.api = api;
    const auto dialect = route::make_dialect(what);
    route::Arrival arrival = test::arrived(test::Speaker(said, 1).whole(api), 500);
    CHECK(std::get<CallError>(dialect->read(arrival)).kind == ErrorKind::server_error);
    arrival = test::arrived(test::Speaker(said, 1).whole(api));
    arrival.error = ErrorKind::truncated;
    arrival.message = "cut in the body";
    CHECK(std::get<CallError>(dialect->read(arrival)).message == "cut in the body");
  }
}

TEST_CASE("a latency that cannot be is unknown") {
  const test::Spoken said{"fine", "", {}};
  const auto dialect = route::make_dialect(route::ChatDialect{});
  route::Arrival arrival = test::arrived(test::Speaker(said, 1).whole(ChatApi::chat_completions));
  arrival.latency_ms = -1.0;
  CHECK_FALSE(std::get<Reply>(dialect->read(arrival)).latency_ms.has_value());
}

TEST_CASE("a reply is read the same after a much longer one") {
  const test::Spoken huge{std::string(std::size_t{3} << 20, 'a'), "", {}}, small{"small", "", {}};
  for (const ChatApi api : apis) {
    CHECK(std::get<Reply>(test::read_chat(api, test::Speaker(huge, 1).whole(api))).text.size() == huge.text.size());
    CHECK(std::get<Reply>(test::read_chat(api, test::Speaker(small, 1).whole(api))).text == "small");
  }
}
