// What is particular to each chat API, and to the servers that speak it in their own way.
#include <catch2/catch.hpp>

#include <string>

#include "spoken.hpp"

using namespace headgate;
using headgate::route::ChatApi;

namespace {

Reply reply(ChatApi api, const std::string& body, bool streams = false) {
  const Outcome outcome = test::read_chat(api, body, streams);
  if (const auto* error = std::get_if<CallError>(&outcome)) FAIL(name(error->kind) << ": " << error->message);
  return std::get<Reply>(outcome);
}

ErrorKind kind(ChatApi api, const std::string& body, bool streams = false) {
  const Outcome outcome = test::read_chat(api, body, streams);
  if (!std::holds_alternative<CallError>(outcome)) FAIL("a reply: " << body);
  return std::get<CallError>(outcome).kind;
}

std::string chat(const std::string& message, const std::string& finish = "\"stop\"") {
  return R"({"id":"x","choices":[{"index":0,"finish_reason":)" + finish + R"(,"message":)" + message + "}]}";
}

std::string chunks(std::initializer_list<const char*> all) {
  std::string out;
  for (const char* each : all) out += std::string("data: ") + each + "\n\n";
  return out;
}

constexpr auto completions = ChatApi::chat_completions;
constexpr auto responses = ChatApi::responses;
constexpr auto messages = ChatApi::messages;

}  // namespace

TEST_CASE("chat: choices") {
  CHECK(kind(completions, R"({"choices":[],"usage":{"prompt_tokens":5}})") == ErrorKind::empty_reply);
  CHECK(kind(completions, R"({"choices":{}})") == ErrorKind::malformed_reply);
  CHECK(kind(completions, R"({"choices":["x"]})") == ErrorKind::malformed_reply);
  CHECK(kind(completions, R"({"choices":[{"text":"old"}]})") == ErrorKind::malformed_reply);
  CHECK(
      reply(completions, R"({"choices":[{"index":1,"message":{"content":"b"}},{"index":0,"message":{"content":"a"}}]})")
          .text == "a");
  CHECK(reply(completions, R"({"choices":[{"message":{"content":"a"}}]})").finish_reason.empty());
}

TEST_CASE("chat: content") {
  CHECK(kind(completions, chat(R"({"content":null})")) == ErrorKind::empty_reply);
  CHECK(kind(completions, chat(R"({"content":""})")) == ErrorKind::empty_reply);
  CHECK(kind(completions, chat(R"({"content":" \n\u200b"})")) == ErrorKind::empty_reply);
  CHECK(kind(completions, chat(R"({"content":5})")) == ErrorKind::malformed_reply);
  CHECK(kind(completions, chat(R"({"content":[{"type":"text","text":5}]})")) == ErrorKind::malformed_reply);
  CHECK(kind(completions, chat(R"({"content":"half"})", "\"length\"")) == ErrorKind::truncated);
  CHECK(kind(completions, chat(R"({"content":""})", "\"content_filter\"")) == ErrorKind::content_filter);
  CHECK(kind(completions, chat(R"({"content":"I'd rather"})", "\"content_filter\"")) == ErrorKind::content_filter);
  CHECK(kind(completions, chat(R"({"content":"x"})", "7")) == ErrorKind::malformed_reply);
  CHECK(reply(completions, chat(R"({"content":"x"})", "null")).finish_reason.empty());
  CHECK(reply(completions, chat(R"({"content":"x"})", "\"eos\"")).finish_reason == "eos");
  CHECK(reply(completions,
              chat(R"({"content":[{"type":"text","text":"a"},{"type":"image_url"},{"type":"text","text":"b"}]})"))
            .text == "ab");
  CHECK(reply(completions, chat(R"({"content":"x","reasoning_content":"because"})")).text == "x");
}

TEST_CASE("chat: words for a reply that was not finished, or was filtered, in any case") {
  const auto ended = [](const std::string& word) {
    return kind(completions, chat(R"({"content":"half"})", '"' + word + '"'));
  };
  for (const char* word : {"abort", "aborted", "cancelled", "canceled", "timeout", "failed", "pause_turn",
                           "insufficient_system_resource", "MALFORMED_FUNCTION_CALL", "Malformed_Function_Call"}) {
    CAPTURE(word);
    CHECK(ended(word) == ErrorKind::truncated);
  }
  for (const char* word : {"error_toxic", "ERROR_TOXIC", "SAFETY", "safety", "RECITATION", "BLOCKLIST",
                           "PROHIBITED_CONTENT", "SPII", "spii"}) {
    CAPTURE(word);
    CHECK(ended(word) == ErrorKind::content_filter);
  }
  CHECK(ended("error") == ErrorKind::error_in_reply);
  CHECK(reply(completions, chat(R"({"content":"x"})", "\"finished_well\"")).finish_reason == "finished_well");
  // Nobody is told of a limit of tokens that was not met.
  const Outcome aborted = test::read_chat(completions, chat(R"({"content":"half"})", "\"abort\""));
  CHECK(std::get<CallError>(aborted).message == "not finished (finish reason 'abort') after 4 characters: 'half'");
}

TEST_CASE("a bad ending stays, whatever a stream says after it") {
  const auto twice = [](const char* first, const char* second) {
    const std::string one = std::string(R"({"choices":[{"delta":{"content":"a"},"finish_reason":")") + first + "\"}]}";
    const std::string two = std::string(R"({"choices":[{"delta":{},"finish_reason":")") + second + "\"}]}";
    return test::read_chat(completions, chunks({one.c_str(), two.c_str(), "[DONE]"}), true);
  };
  const auto kind_of = [](const Outcome& outcome) {
    const auto* error = std::get_if<CallError>(&outcome);
    return error == nullptr ? ErrorKind::none : error->kind;
  };
  CHECK(kind_of(twice("content_filter", "stop")) == ErrorKind::content_filter);
  CHECK(kind_of(twice("length", "stop")) == ErrorKind::truncated);
  CHECK(kind_of(twice("length", "")) == ErrorKind::truncated);
  CHECK(kind_of(twice("stop", "content_filter")) == ErrorKind::content_filter);
  CHECK(kind_of(twice("stop", "length")) == ErrorKind::truncated);
  CHECK(std::get<Reply>(twice("stop", "tool_calls")).finish_reason == "tool_calls");

  CHECK(kind(messages,
             chunks({R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":"a"}})",
                     R"({"type":"message_delta","delta":{"stop_reason":"max_tokens"}})",
                     R"({"type":"message_delta","delta":{"stop_reason":"end_turn"}})", R"({"type":"message_stop"})"}),
             true) == ErrorKind::truncated);

  const auto ended_by = [&](const std::string& event) {
    const std::string last =
        R"({"type":")" + event +
        R"(","response":{"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"a"}]}]}})";
    return kind_of(test::read_chat(responses, chunks({last.c_str()}), true));
  };
  CHECK(ended_by("response.completed") == ErrorKind::none);
  CHECK(ended_by("response.incomplete") == ErrorKind::truncated);
  CHECK(ended_by("response.failed") == ErrorKind::error_in_reply);
  CHECK(ended_by("response.cancelled") == ErrorKind::error_in_reply);
}

TEST_CASE("chat: an error inside a choice is an error, and no text") {
  const std::string choice =
      R"({"choices":[{"index":0,"finish_reason":"stop","error":%,"message":{"content":"so far"},"delta":{"content":"so far"}}]})";
  const auto with = [&](const std::string& error) {
    std::string out = choice;
    return out.replace(out.find('%'), 1, error);
  };
  const std::string error = with(R"({"code":502,"message":"upstream gone"})");
  CHECK(kind(completions, error) == ErrorKind::error_in_reply);
  CHECK(kind(completions, chunks({error.c_str(), "[DONE]"}), true) == ErrorKind::error_in_reply);
  CHECK(std::get<CallError>(test::read_chat(completions, error)).message.find("upstream gone") != std::string::npos);
  CHECK(kind(completions, with(R"({"code":"content_filter","message":"no"})")) == ErrorKind::content_filter);
  CHECK(reply(completions, with("null")).text == "so far");
  // Of a choice that is not the reply it is nothing.
  CHECK(reply(completions, R"({"choices":[{"index":0,"message":{"content":"a"}},{"index":1,"error":{"message":"x"}}]})")
            .text == "a");
}

TEST_CASE("a body that calls itself an error is one") {
  const std::string rest =
      R"("message":"boom","choices":[{"message":{"content":"a"}}],"status":"completed","output":[{"type":"message","content":"a"}],"content":[{"type":"text","text":"a"}]})";
  for (const ChatApi api : {completions, responses, messages}) {
    CHECK(kind(api, R"({"object":"error",)" + rest) == ErrorKind::error_in_reply);
    CHECK(kind(api, R"({"object":"error","error":null,)" + rest) == ErrorKind::error_in_reply);
    CHECK(reply(api, R"({"object":"whatever",)" + rest).text == "a");
  }
  CHECK(kind(completions, chunks({R"({"object":"error","message":"boom"})", "[DONE]"}), true) ==
        ErrorKind::error_in_reply);
}

TEST_CASE("chat: a refusal is a reply with its words") {
  Reply refused = reply(completions, chat(R"({"content":null,"refusal":"I can't."})"));
  CHECK(refused.text == "I can't.");
  CHECK(refused.finish_reason == "refusal");
  refused = reply(completions, chat(R"({"content":[{"type":"refusal","refusal":"No."}]})"));
  CHECK(refused.text == "No.");
  CHECK(refused.finish_reason == "refusal");
  CHECK(kind(completions, chat(R"({"content":null,"refusal":"No."})", "\"content_filter\"")) ==
        ErrorKind::content_filter);
  CHECK(reply(completions, chat(R"({"content":"fine","refusal":null})")).finish_reason == "stop");
  CHECK(reply(completions, chat(R"({"content":"fine","refusal":""})")).finish_reason == "stop");
}

TEST_CASE("chat: tool calls in every shape") {
  const auto calls = [](const std::string& message) { return reply(completions, chat(message)).tool_calls; };
  auto read = calls(
      R"({"content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"b\":1,\"a\":2}"}}]})");
  REQUIRE(read.size() == 1);
  CHECK(read[0].id == "c");
  CHECK(read[0].name == "f");
  CHECK(read[0].arguments.text == R"({"a":2,"b":1})");
  CHECK(calls(R"({"tool_calls":[{"function":{"name":"f","arguments":"{broken"}}]})")[0].arguments.text ==
        "\"{broken\"");
  CHECK(calls(R"({"tool_calls":[{"function":{"name":"f","arguments":""}}]})")[0].arguments.text == "\"\"");
  CHECK(calls(R"({"tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]})")[0].arguments.text == R"({"a":1})");
  CHECK(calls(R"({"tool_calls":[{"function":{"name":"f"}}]})")[0].arguments.absent());
  CHECK(calls(R"({"tool_calls":[{"type":"custom","id":"c","custom":{"name":"g","input":"free words"}}]})")[0]
            .arguments.text == "\"free words\"");
  CHECK(calls(R"({"function_call":{"name":"old","arguments":"{}"}})")[0].name == "old");
  CHECK(calls(R"({"content":"x","tool_calls":null})").empty());
  CHECK(kind(completions, chat(R"({"tool_calls":[{"function":{"arguments":"{}"}}]})")) == ErrorKind::malformed_reply);
  CHECK(kind(completions, chat(R"({"tool_calls":{"function":{}}})")) == ErrorKind::malformed_reply);
}

TEST_CASE("chat: streams of servers that speak in their own way") {
  // All in one event.
  CHECK(reply(completions,
              chunks({R"({"choices":[{"delta":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]})"}), true)
            .text == "hi");
  // Filters before the first choice, usage in each event, further choices.
  const Reply odd = reply(
      completions,
      chunks(
          {R"({"choices":[],"prompt_filter_results":[]})",
           R"({"choices":[{"index":0,"delta":{"content":"a"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}})",
           R"({"choices":[{"index":1,"delta":{"content":"other"}}]})",
           R"({"choices":[{"index":0,"delta":{"content":[{"type":"text","text":"b"}]}}]})",
           R"({"choices":[{"index":0,"delta":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}})"}),
      true);
  CHECK(odd.text == "ab");
  CHECK(odd.usage.output_tokens == 2);
  // [DONE] alone ends it too.
  CHECK(reply(completions, chunks({R"({"choices":[{"delta":{"content":"a"}}]})", "[DONE]"}), true).text == "a");
  CHECK(kind(completions, chunks({"[DONE]"}), true) == ErrorKind::empty_reply);
  // What follows [DONE] is not looked at.
  CHECK(reply(completions,
              chunks({R"({"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]})", "[DONE]", "{broken"}), true)
            .text == "a");
  // One that speaks on after a finish_reason is whole only by [DONE].
  const char* first = R"({"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]})";
  const char* second = R"({"choices":[{"delta":{"content":"b"},"finish_reason":"stop"}]})";
  CHECK(kind(completions, chunks({first, second}), true) == ErrorKind::truncated);
  CHECK(reply(completions, chunks({first, second, "[DONE]"}), true).text == "ab");
}

TEST_CASE("chat: tool calls in a stream without an index, or whole") {
  const auto calls = [](std::initializer_list<const char*> all) {
    return reply(completions, chunks(all), true).tool_calls;
  };
  const char* end = R"({"choices":[{"delta":{},"finish_reason":"tool_calls"}]})";
  auto read = calls(
      {R"({"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{\"x\":"}}]}}]})",
       R"({"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"1}"}}]}}]})",
       R"({"choices":[{"delta":{"tool_calls":[{"id":"b","function":{"name":"g","arguments":{"y":2}}}]}}]})", end});
  REQUIRE(read.size() == 2);
  CHECK(calls({R"({"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{\"x\":"}}]}}]})",
               R"({"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"1}"}}]}}]})", end})
            .size() == 1);
  CHECK(read[0].name == "f");
  CHECK(read[0].arguments.text == R"({"x":1})");
  CHECK(read[1].id == "b");
  CHECK(read[1].arguments.text == R"({"y":2})");
  read = calls(
      {R"({"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"{}"}}]}}]})",
       R"({"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f"}}]}}]})", end});
  REQUIRE(read.size() == 2);
  CHECK(read[0].id == "a");
  CHECK(read[0].arguments.absent());
  CHECK(read[1].id == "b");
  CHECK(calls({R"({"choices":[{"delta":{"function_call":{"name":"old","arguments":"{"}}}]})",
               R"({"choices":[{"delta":{"function_call":{"arguments":"}"}}}]})", end})[0]
            .arguments.text == "{}");
  CHECK(kind(completions,
             chunks({R"({"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}}]})", end}),
             true) == ErrorKind::malformed_reply);
}

TEST_CASE("responses: status and reasons") {
  const auto body = [](const std::string& rest) {
    return R"({"id":"r","output":[{"type":"message","content":[{"type":"output_text","text":"x"}]}],)" + rest + "}";
  };
  CHECK(reply(responses, body(R"("status":"completed")")).finish_reason == "completed");
  CHECK(kind(responses, body(R"("status":"incomplete","incomplete_details":{"reason":"max_output_tokens"})")) ==
        ErrorKind::truncated);
  CHECK(kind(responses, body(R"("status":"incomplete","incomplete_details":{"reason":"content_filter"})")) ==
        ErrorKind::content_filter);
  CHECK(kind(responses, body(R"("status":"incomplete","incomplete_details":{"reason":"steered"})")) ==
        ErrorKind::truncated);
  CHECK(kind(responses, body(R"("status":"incomplete","incomplete_details":null)")) == ErrorKind::truncated);
  CHECK(kind(responses, body(R"("status":"incomplete")")) == ErrorKind::truncated);
  CHECK(kind(responses, body(R"("status":"failed","error":{"code":"server_error","message":"x"})")) ==
        ErrorKind::error_in_reply);
  CHECK(kind(responses, body(R"("status":"failed","error":null)")) == ErrorKind::error_in_reply);
  CHECK(kind(responses, body(R"("status":"cancelled")")) == ErrorKind::error_in_reply);
  CHECK(kind(responses, body(R"("status":"in_progress")")) == ErrorKind::malformed_reply);
  CHECK(kind(responses, R"({"status":"completed","output":[]})") == ErrorKind::empty_reply);
  CHECK(kind(responses, R"({"status":"completed","output":[{"type":"reasoning","summary":[]}]})") ==
        ErrorKind::empty_reply);
  CHECK(kind(responses, R"({"status":"completed","output":{}})") == ErrorKind::malformed_reply);
}

TEST_CASE("responses: refusals and calls") {
  const Reply refused =
      reply(responses,
            R"({"status":"completed","output":[{"type":"message","content":[{"type":"refusal","refusal":"No."}]}]})");
  CHECK(refused.text == "No.");
  CHECK(refused.finish_reason == "refusal");
  const Reply calls = reply(
      responses,
      R"({"status":"completed","output":[{"type":"web_search_call","id":"w"},{"type":"function_call","id":"fc","call_id":"c","name":"f","arguments":"{\"a\":1}"},{"type":"custom_tool_call","id":"only","name":"g","input":"words"}]})");
  REQUIRE(calls.tool_calls.size() == 2);
  CHECK(calls.tool_calls[0].id == "c");
  CHECK(calls.tool_calls[1].id == "only");
  CHECK(calls.tool_calls[1].arguments.text == "\"words\"");
  CHECK(kind(responses, R"({"status":"completed","output":[{"type":"function_call","call_id":"c"}]})") ==
        ErrorKind::malformed_reply);
}

TEST_CASE("responses: a stream whose last event leaves the output out") {
  const char* item =
      R"({"type":"response.output_item.done","item":{"type":"message","content":[{"type":"output_text","text":"kept"}]}})";
  for (const char* last : {R"({"type":"response.completed","response":{"id":"r","status":"completed","output":[]}})",
                           R"({"type":"response.completed","response":{"id":"r","status":"completed"}})"}) {
    CHECK(reply(responses, chunks({item, last}), true).text == "kept");
  }
  CHECK(
      kind(
          responses,
          chunks(
              {R"({"type":"response.failed","response":{"status":"failed","error":{"code":"rate_limit_exceeded","message":"slow"}}})"}),
          true) == ErrorKind::rate_limited);
  const Reply called = reply(
      responses,
      chunks(
          {R"({"type":"response.output_item.done","item":{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}})",
           R"({"type":"response.completed","response":{"id":"r","status":"completed","output":[]}})"}),
      true);
  CHECK(called.tool_calls.at(0).name == "f");
  CHECK(kind(responses, chunks({R"({"type":"error","code":"server_error","message":"boom"})"}), true) ==
        ErrorKind::error_in_reply);
  CHECK(kind(responses, chunks({R"({"type":"response.completed"})"}), true) == ErrorKind::malformed_reply);
  CHECK(kind(responses, chunks({item, "[DONE]"}), true) == ErrorKind::truncated);
  // The name of the event stands for a type that is left out.
  CHECK(reply(responses,
              "event: response.completed\n" +
                  chunks({R"({"response":{"status":"completed","output":[{"type":"message","content":"x"}]}})"}),
              true)
            .text == "x");
}

TEST_CASE("messages: blocks, reasons and refusals") {
  const auto body = [](const std::string& content, const std::string& reason = "end_turn") {
    return R"({"id":"m","type":"message","content":)" + content + R"(,"stop_reason":")" + reason + "\"}";
  };
  const Reply both = reply(
      messages,
      body(
          R"([{"type":"thinking","thinking":"hm"},{"type":"text","text":"a"},{"type":"tool_use","id":"t","name":"f","input":{"b":1,"a":2}},{"type":"text","text":"b"}])",
          "tool_use"));
  CHECK(both.text == "ab");
  CHECK(both.finish_reason == "tool_use");
  CHECK(both.tool_calls.at(0).arguments.text == R"({"a":2,"b":1})");
  CHECK(kind(messages, body("[]")) == ErrorKind::empty_reply);
  CHECK(kind(messages, body("\"x\"")) == ErrorKind::malformed_reply);
  CHECK(kind(messages, body(R"([{"type":"text","text":"x"}])", "max_tokens")) == ErrorKind::truncated);
  CHECK(kind(messages, body(R"([{"type":"text","text":"x"}])", "model_context_window_exceeded")) ==
        ErrorKind::truncated);
  const Reply refused = reply(messages, body(R"([{"type":"text","text":"I won't."}])", "refusal"));
  CHECK(refused.text == "I won't.");
  CHECK(refused.finish_reason == "refusal");
  CHECK(kind(messages, body("[]", "refusal")) == ErrorKind::content_filter);
  CHECK(kind(messages, body(R"([{"type":"text","text":"x"}])", "pause_turn")) == ErrorKind::truncated);
}

TEST_CASE("messages: input tokens hold those read from a cache and written to one") {
  const auto usage = [](const std::string& counts) {
    return reply(messages,
                 R"({"content":[{"type":"text","text":"x"}],"stop_reason":"end_turn","usage":)" + counts + "}")
        .usage;
  };
  const Usage all = usage(
      R"({"input_tokens":10,"cache_read_input_tokens":100,"cache_creation_input_tokens":1000,"output_tokens":5})");
  CHECK(all.input_tokens == 1110);
  CHECK(all.cached_input_tokens == 100);
  CHECK(all.output_tokens == 5);
  CHECK_FALSE(all.reasoning_tokens.has_value());
  const Usage plain = usage(R"({"input_tokens":10,"output_tokens":5,"cache_read_input_tokens":null})");
  CHECK(plain.input_tokens == 10);
  CHECK_FALSE(plain.cached_input_tokens.has_value());
  CHECK_FALSE(usage(R"({"input_tokens":10,"cache_read_input_tokens":-1})").input_tokens.has_value());
  CHECK_FALSE(usage(R"({"cache_read_input_tokens":5})").input_tokens.has_value());
}

TEST_CASE("messages: streams of gateways that count late, and streams out of order") {
  const auto stream = [](const char* start_usage, const char* end_usage) {
    return chunks(
        {(std::string(R"({"type":"message_start","message":{"id":"m","usage":)") + start_usage + "}}").c_str(),
         R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":"a"}})",
         R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"b"}})",
         (std::string(R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":)") + end_usage + "}")
             .c_str(),
         R"({"type":"message_stop"})"});
  };
  const Reply late = reply(
      messages, stream(R"({"input_tokens":0,"output_tokens":0})", R"({"input_tokens":9,"output_tokens":4})"), true);
  CHECK(late.text == "ab");
  CHECK(late.usage.input_tokens == 9);
  CHECK(late.usage.output_tokens == 4);
  CHECK(reply(messages, stream(R"({"input_tokens":9,"output_tokens":1})", R"({"output_tokens":4})"), true)
            .usage.input_tokens == 9);
  CHECK_FALSE(reply(messages, stream(R"({"input_tokens":9,"output_tokens":1})", R"({"output_tokens":-4})"), true)
                  .usage.output_tokens.has_value());
  CHECK(kind(messages, chunks({R"({"type":"content_block_delta","index":3,"delta":{"type":"text_delta","text":"b"}})"}),
             true) == ErrorKind::malformed_reply);
  CHECK(kind(messages, chunks({R"({"type":"content_block_start","content_block":{"type":"text"}})"}), true) ==
        ErrorKind::malformed_reply);
  CHECK(kind(messages,
             chunks({R"({"type":"message_delta","delta":{"stop_reason":"refusal"}})", R"({"type":"message_stop"})"}),
             true) == ErrorKind::content_filter);
}

TEST_CASE("a server may answer plainly though a stream was asked for, and the other way round") {
  const test::Spoken said{"hello", "", {}};
  for (const ChatApi api : {completions, responses, messages}) {
    CHECK(reply(api, test::Speaker(said, 1).whole(api), true).text == "hello");
    CHECK(reply(api, test::Speaker(said, 1).stream(api), false).text == "hello");
  }
}
