// A stream says what the whole reply says; cut anywhere, it never says anything else.
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "headgate/base/json.hpp"
#include "headgate/base/unicode.hpp"
#include "spoken.hpp"

using namespace headgate;
using headgate::route::ChatApi;
using headgate::test::Manner;
using headgate::test::Speaker;
using headgate::test::Spoken;

namespace {

constexpr ChatApi apis[] = {ChatApi::chat_completions, ChatApi::responses, ChatApi::messages};

// All of an outcome but times and request ids.
std::string told(const Outcome& outcome) {
  if (const auto* error = std::get_if<CallError>(&outcome))
    return std::string(name(error->kind)) + ": " + error->message;
  const Reply& reply = std::get<Reply>(outcome);
  const auto count = [](const std::optional<std::int64_t>& n) { return n ? std::to_string(*n) : "?"; };
  std::string out = "text " + reply.text + "\nfinish " + reply.finish_reason + "\nusage " +
                    count(reply.usage.input_tokens) + " " + count(reply.usage.output_tokens) + " " +
                    count(reply.usage.cached_input_tokens) + " " + count(reply.usage.reasoning_tokens) +
                    (reply.repaired ? "\nrepaired" : "");
  for (const ToolCall& call : reply.tool_calls)
    out += "\ncall " + call.id + " " + call.name + " " + call.arguments.text;
  return out;
}

std::vector<Spoken> shapes() {
  const Spoken::Call refund{"call-1", "refund", {{"order", "A-17"}, {"amount", 12.5}, {"why", "nö \"x\""}}};
  const Spoken::Call nothing{"call-2", "look", nlohmann::json::object()};
  return {
      {"hello", "", {}},
      {"Grüße, 世界 👩‍👩‍👧 \"quoted\" \\ \n\ttab \xE2\x80\xA8", "", {}},
      {"", "", {refund}},
      {"Let me see.", "", {refund, nothing}, true},
      {"", "", {nothing, refund, {"call-3", "deep", {{"a", {1, {{"b", nullptr}}}}}}}},
      {"thought over", "", {}, true},
      {"half a", "", {}, false, true},
      {"", "", {}},
      {"data: x\n\nevent: y\n\n[DONE]\n\n", "", {}},
      {std::string(3000, 'a') + "é", "", {}},
      {"", "I can't help with that.", {}},
      {"Well. ", "I won't.", {}, true},
  };
}

std::vector<Manner> manners() {
  return {{},
          {"\r\n"},
          {"\r"},
          {"\n", true},
          {"\r\n", true, true, true},
          {"\n", false, false, true},
          {"\n", false, false, false, false},
          {"\r", true, false, true, true, false}};
}

bool fits(const Spoken& said, ChatApi api) { return said.refusal.empty() || api != ChatApi::messages; }

}  // namespace

TEST_CASE("streaming and plain give the same reply, for every API, shape and manner") {
  std::uint64_t seed = 1;
  for (const ChatApi api : apis) {
    for (const Spoken& said : shapes()) {
      if (!fits(said, api)) continue;
      const std::string plain = told(test::read_chat(api, Speaker(said, 0).whole(api)));
      for (Manner manner : manners()) {
        if (api != ChatApi::chat_completions && !manner.names) manner.names = true;
        const std::string body = Speaker(said, ++seed).stream(api, manner);
        // The partial text of a cut reply and its length stand in the message: they are equal too.
        CAPTURE(static_cast<int>(api), body);
        CHECK(told(test::read_chat(api, body, true)) == plain);
      }
    }
  }
}

TEST_CASE("what is said is what comes out") {
  const Spoken said{"Let me see.", "", {{"call-1", "refund", {{"amount", 12.50}}}}, true};
  for (const ChatApi api : apis) {
    const Outcome outcome = test::read_chat(api, Speaker(said, 3).stream(api), true);
    REQUIRE(std::holds_alternative<Reply>(outcome));
    const Reply& reply = std::get<Reply>(outcome);
    CHECK(reply.text == "Let me see.");
    REQUIRE(reply.tool_calls.size() == 1);
    CHECK(reply.tool_calls[0].id == "call-1");
    CHECK(reply.tool_calls[0].name == "refund");
    CHECK(reply.tool_calls[0].arguments.text == R"({"amount":12.5})");
    CHECK(reply.usage.input_tokens == 20);
    CHECK(reply.usage.output_tokens == 7);
    CHECK(reply.usage.cached_input_tokens == 5);
    CHECK(reply.latency_ms == 250.0);
  }
}

TEST_CASE("a stream cut at any byte is the whole reply or none") {
  std::uint64_t seed = 100;
  for (const ChatApi api : apis) {
    for (const Spoken& said : shapes()) {
      if (!fits(said, api) || said.cut || said.text.size() > 1000) continue;
      for (const Manner& manner : {Manner{}, Manner{"\r\n", true, true, true}, Manner{"\r"}}) {
        Speaker speaker(said, ++seed);
        const std::string body = speaker.stream(api, manner);
        const Outcome whole = test::read_chat(api, body, true);
        for (std::size_t length = 0; length < body.size(); ++length) {
          const Outcome outcome = test::read_chat(api, body.substr(0, length), true);
          const auto* error = std::get_if<CallError>(&outcome);
          if (error != nullptr) {
            // An empty reply is only known to be empty at its end.
            if (length + 1 < speaker.whole_at() && error->kind == ErrorKind::empty_reply) FAIL("empty before its end");
            continue;
          }
          // The line end of the event that made it whole may lack its LF.
          if (length + 1 < speaker.whole_at()) FAIL("a reply from " << length << " bytes of\n" << body);
          Reply cut = std::get<Reply>(outcome);
          REQUIRE(std::holds_alternative<Reply>(whole));
          const Reply& expected = std::get<Reply>(whole);
          if (!cut.usage.input_tokens) cut.usage = expected.usage;  // it stood behind the end of the reply
          if (told(cut) != told(expected)) FAIL("another reply from " << length << " bytes of\n" << body);
        }
      }
    }
  }
}

TEST_CASE("a stream with any byte changed is read or refused, and stays text that can be recorded") {
  const Spoken said{"né 世", "", {{"call-1", "f", {{"a", 1}}}}, true};
  for (const ChatApi api : apis) {
    const std::string body = Speaker(said, 5).stream(api, {"\r\n", true});
    for (std::size_t at = 0; at < body.size(); ++at) {
      for (const char other : {'\0', '"', '{', '}', '\n', '\r', ':', '\\', '\xff', '\x80', '9', '-'}) {
        std::string changed = body;
        changed[at] = other;
        const Outcome outcome = test::read_chat(api, changed, true);
        if (const auto* error = std::get_if<CallError>(&outcome)) {
          if (error->kind == ErrorKind::none || !is_utf8(error->message) || error->message.empty()) FAIL(changed);
          continue;
        }
        const Reply& reply = std::get<Reply>(outcome);
        bool good = is_utf8(reply.text) && is_utf8(reply.finish_reason) && is_utf8(reply.request_id);
        for (const ToolCall& call : reply.tool_calls) {
          good = good && is_utf8(call.id) && is_utf8(call.name);
          good = good && (call.arguments.absent() || parse_own(call.arguments.text).has_value());
        }
        if (!good) FAIL(changed);
      }
    }
  }
}

TEST_CASE("the first token is timed by the mark at which its event was whole") {
  for (const ChatApi api : apis) {
    for (const Spoken& said :
         {Spoken{"hello there", "", {}}, Spoken{"", "", {{"c", "f", {{"a", 1}}}}}, Spoken{"slow", "", {}, true}}) {
      for (const Manner& manner : {Manner{}, Manner{"\r\n", true}}) {
        Speaker speaker(said, 9);
        route::Arrival arrival = test::arrived(speaker.stream(api, manner));
        const std::size_t first = speaker.first_speech();
        arrival.http->marks = {{first - 1, 40.0}, {first, 80.0}, {arrival.bytes.size(), 250.0}};
        route::ChatDialect what;
        what.api = api;
        what.streams = true;
        const auto dialect = route::make_dialect(what);
        Outcome outcome = dialect->read(arrival);
        REQUIRE(std::holds_alternative<Reply>(outcome));
        CHECK(std::get<Reply>(outcome).first_token_ms == 80.0);
        arrival.http->marks.clear();
        outcome = dialect->read(arrival);
        CHECK_FALSE(std::get<Reply>(outcome).first_token_ms.has_value());
      }
    }
    Spoken said{"hello", "", {}};
    const Outcome plain = test::read_chat(api, Speaker(said, 1).whole(api));
    CHECK_FALSE(std::get<Reply>(plain).first_token_ms.has_value());
  }
}
