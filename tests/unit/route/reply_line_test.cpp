#include "reply_line.hpp"

#include <catch2/catch.hpp>

#include "surrogates.hpp"

using namespace headgate;
using namespace headgate::route;

namespace {

Outcome decode(const std::string& line, const ReplyFields& fields = {}) {
  LineDecoder decoder;
  if (!decoder.parse(line)) FAIL("not parsed: " << line);
  return decoder.outcome(fields);
}

Reply reply(const std::string& line, const ReplyFields& fields = {}) {
  const Outcome outcome = decode(line, fields);
  if (const auto* error = std::get_if<CallError>(&outcome)) FAIL(name(error->kind) << ": " << error->message);
  return std::get<Reply>(outcome);
}

CallError error(const std::string& line) {
  const Outcome outcome = decode(line);
  if (!std::holds_alternative<CallError>(outcome)) FAIL("a reply: " << line);
  return std::get<CallError>(outcome);
}

}  // namespace

TEST_CASE("a recorded reply comes back with all that was recorded") {
  const Reply read = reply(R"({"case_id":"a","output":"hi","usage":{"input_tokens":10,"output_tokens":2,
    "cached_input_tokens":4,"reasoning_tokens":1},"cost_usd":0.25,"latency_ms":120.5,"finish_reason":"stop",
    "tool_calls":[{"id":"t","name":"refund","arguments":{"b":1.0,"a":"x"}}],
    "documents":[{"id":"kb-1","text":"how","score":0.5},{"id":7},"bare"]})");
  CHECK(read.text == "hi");
  CHECK(read.usage.input_tokens == 10);
  CHECK(read.usage.output_tokens == 2);
  CHECK(read.usage.cached_input_tokens == 4);
  CHECK(read.usage.reasoning_tokens == 1);
  CHECK(read.cost_usd == 0.25);
  CHECK(read.latency_ms == 120.5);
  CHECK(read.finish_reason == "stop");
  REQUIRE(read.tool_calls.size() == 1);
  CHECK(read.tool_calls[0].arguments.text == R"({"a":"x","b":1})");
  REQUIRE(read.documents.size() == 3);
  CHECK(read.documents[0].score == 0.5);
  CHECK(read.documents[1].id == "7");
  CHECK(read.documents[2].text == "bare");
  CHECK_FALSE(read.repaired);
}

TEST_CASE("other names for usage and tool calls are understood") {
  const Reply read = reply(R"({"output":null,"usage":{"prompt_tokens":10,"completion_tokens":2,
    "prompt_tokens_details":{"cached_tokens":3},"completion_tokens_details":{"reasoning_tokens":1}},
    "tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"b\":2,\"a\":1}"}}]})");
  CHECK(read.usage.input_tokens == 10);
  CHECK(read.usage.output_tokens == 2);
  CHECK(read.usage.cached_input_tokens == 3);
  CHECK(read.usage.reasoning_tokens == 1);
  CHECK(read.tool_calls.at(0).name == "f");
  CHECK(read.tool_calls.at(0).arguments.text == R"({"a":1,"b":2})");
  CHECK(reply(R"({"tool_calls":[{"name":"f","arguments":"plain"}]})").tool_calls.at(0).arguments.text == "\"plain\"");
}

TEST_CASE("an output that is not a string is its canonical text") {
  CHECK(reply(R"({"output":{"b":[1.50,true],"a":"é"}})").text == R"({"a":"é","b":[1.5,true]})");
  CHECK(reply(R"({"output":42})").text == "42");
  CHECK(reply(R"({"output":false})").text == "false");
}

TEST_CASE("what is no reply is an error of its own kind") {
  CHECK(error(R"({"output":""})").kind == ErrorKind::empty_reply);
  CHECK(error(R"({"output":null})").kind == ErrorKind::empty_reply);
  CHECK(error(R"({"case_id":"a"})").kind == ErrorKind::malformed_reply);
  CHECK(error(R"({"output":"half a","finish_reason":"length"})").kind == ErrorKind::truncated);
  CHECK(error(R"({"output":"half a","finish_reason":"max_tokens"})").kind == ErrorKind::truncated);
  CHECK(error(R"({"output":"I can't","finish_reason":"content_filter"})").kind == ErrorKind::content_filter);
  for (const char* line : {R"({"output":"x","usage":"many"})", R"({"output":"x","usage":{"input_tokens":"many"}})",
                           R"({"output":"x","usage":{"input_tokens":1.5}})", R"({"output":"x","latency_ms":"fast"})",
                           R"({"output":"x","cost_usd":[1]})", R"({"output":"x","tool_calls":{"name":"f"}})",
                           R"({"output":"x","tool_calls":[{"id":"1"}]})", R"({"output":"x","tool_calls":[3]})",
                           R"({"output":"x","documents":"kb"})", R"({"output":"x","documents":[1]})",
                           R"({"output":"x","finish_reason":3})"}) {
    CAPTURE(line);
    CHECK(error(line).kind == ErrorKind::malformed_reply);
    CHECK_FALSE(error(line).message.empty());
  }
}

TEST_CASE("an error is never an output") {
  CHECK(error(R"({"output":"fine","error":"timeout"})").kind == ErrorKind::timeout);
  CHECK(error(R"({"error":{"kind":"rate_limited","message":"slow down"}})").kind == ErrorKind::rate_limited);
  CHECK(error(R"({"error":{"kind":"rate_limited","message":"slow down"}})").message == "slow down");
  CHECK(error(R"({"error":"upstream said: PASSED"})").kind == ErrorKind::error_in_reply);
  CHECK(error(R"({"error":"upstream said: PASSED"})").message == "upstream said: PASSED");
  CHECK(error(R"({"error":{"kind":"weird"}})").message == "weird");
  CHECK(error(R"({"error":{"type":"server_error","message":"boom"}})").message == "boom");
  CHECK(error(R"({"error":{"code":500}})").message == R"({"code":500})");
  CHECK(error(R"({"output":"fine","error":true})").kind == ErrorKind::error_in_reply);
  CHECK(error(R"({"output":"fine","error":[]})").kind == ErrorKind::error_in_reply);
}

TEST_CASE("a call that was never made has no reply recorded") {
  for (const char* kind : {"budget", "interrupted", "quota", "key_refused"}) {
    const CallError read = error(std::string(R"({"error":")") + kind + "\"}");
    CHECK(read.kind == ErrorKind::reply_missing);
    CHECK(read.message.find(kind) != std::string::npos);
  }
}

TEST_CASE("no error is no error") {
  for (const char* none : {"null", "false", "\"\""}) {
    CHECK(reply(std::string(R"({"output":"fine","error":)") + none + "}").text == "fine");
  }
}

TEST_CASE("a measured value that cannot be is unknown, not zero") {
  const Reply read =
      reply(R"({"output":"x","latency_ms":-1,"cost_usd":-0.5,"usage":{"input_tokens":-3,"output_tokens":null}})");
  CHECK_FALSE(read.latency_ms.has_value());
  CHECK_FALSE(read.cost_usd.has_value());
  CHECK_FALSE(read.usage.input_tokens.has_value());
  CHECK_FALSE(read.usage.output_tokens.has_value());
  CHECK(reply(R"({"output":"x","latency_ms":0})").latency_ms == 0.0);
}

TEST_CASE("fields map other people's shapes") {
  ReplyFields fields;
  fields.case_id = {"/meta/id"};
  fields.output = {"/answers/1/text"};
  fields.latency_ms = {"/seconds", 1000.0};
  fields.cost_usd = {""};
  LineDecoder decoder;
  REQUIRE(decoder.parse(R"({"meta":{"id":17},"answers":[{},{"text":"b"}],"seconds":0.25,"cost_usd":3})"));
  LineName name;
  REQUIRE(decoder.name(fields, name) == nullptr);
  CHECK(name.case_id == "17");
  CHECK(name.trial == 0);
  const Outcome outcome = decoder.outcome(fields);
  CHECK(std::get<Reply>(outcome).text == "b");
  CHECK(std::get<Reply>(outcome).latency_ms == 250.0);
  CHECK_FALSE(std::get<Reply>(outcome).cost_usd.has_value());
}

TEST_CASE("names that are none are told") {
  LineDecoder decoder;
  LineName name;
  for (const char* line : {R"({"output":"x"})", R"({"case_id":null})", R"({"case_id":""})", R"({"case_id":[1]})",
                           R"({"case_id":"a","trial":-1})", R"({"case_id":"a","trial":"1"})", R"({"case_id":1.5})"}) {
    CAPTURE(line);
    REQUIRE(decoder.parse(line));
    CHECK(decoder.name({}, name) != nullptr);
  }
  REQUIRE(decoder.parse(R"({"case_id":"a","trial":3})"));
  CHECK(decoder.name({}, name) == nullptr);
  CHECK(name.trial == 3);
}

TEST_CASE("a key that stands twice is told") {
  LineDecoder decoder;
  REQUIRE(decoder.parse(R"({"output":"good","case_id":"a","output":"bad"})"));
  CHECK(decoder.repeated_key() == "output");
  REQUIRE(decoder.parse(R"({"output":"good","case_id":"a"})"));
  CHECK_FALSE(decoder.repeated_key().has_value());
}

TEST_CASE("text that is not UTF-8 is repaired and marked") {
  const Reply bytes = reply("{\"output\":\"caf\xE9 au lait\"}");
  CHECK(bytes.text == "caf\xEF\xBF\xBD au lait");
  CHECK(bytes.repaired);
  const Reply lone = reply(R"({"output":"cut \ud83d off \\ud83d \ud83d\ude80"})");
  CHECK(lone.text == "cut \xEF\xBF\xBD off \\ud83d \xF0\x9F\x9A\x80");
  CHECK(lone.repaired);
}

TEST_CASE("lone surrogates are found among pairs") {
  CHECK(without_lone_surrogates(R"(\ud800)") == R"(\ufffd)");
  CHECK(without_lone_surrogates(R"(\udc00\ud800x)") == R"(\ufffd\ufffdx)");
  CHECK(without_lone_surrogates(R"(\ud83d\ude80)") == R"(\ud83d\ude80)");
  CHECK(without_lone_surrogates(R"(\ud83d\ud83d\ude80)") == R"(\ufffd\ud83d\ude80)");
  CHECK(without_lone_surrogates(R"(\\ud800 \n \u00e9 \uD8)") == R"(\\ud800 \n \u00e9 \uD8)");
  CHECK(without_lone_surrogates("\\") == "\\");
}

TEST_CASE("what is no JSON object is not parsed") {
  LineDecoder decoder;
  for (const std::string& line :
       {std::string("[]"), std::string("3"), std::string("{\"a\":1"), std::string("{\"a\":1e999}"),
        std::string("nothing"), "{\"a\":" + std::string(100, '[') + std::string(100, ']') + "}"}) {
    CAPTURE(line);
    CHECK_FALSE(decoder.parse(line));
  }
  CHECK(decoder.parse("{\"a\":1}"));
}
