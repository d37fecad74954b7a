#include "judge_reply.hpp"

#include <catch2/catch.hpp>

using namespace headgate;
using namespace headgate::run;

TEST_CASE("what a judge said comes back from its record as it was") {
  Reply reply;
  reply.text = "7 of \"10\"\n\u00e4";
  reply.finish_reason = "stop";
  reply.usage.input_tokens = 12;
  reply.usage.reasoning_tokens = 3;
  reply.cost_usd = 0.00125;
  reply.tool_calls.push_back({"c1", "verdict", {R"({"pass":true})"}});
  const auto read = judge_reply_of(judge_reply_json(reply));
  REQUIRE(std::holds_alternative<Reply>(read));
  const Reply& again = std::get<Reply>(read);
  CHECK(again.text == reply.text);
  CHECK(again.finish_reason == "stop");
  CHECK(again.usage.input_tokens == 12);
  CHECK_FALSE(again.usage.output_tokens);
  CHECK(again.usage.reasoning_tokens == 3);
  CHECK(again.cost_usd == 0.00125);
  REQUIRE(again.tool_calls.size() == 1);
  CHECK(again.tool_calls[0].name == "verdict");
  CHECK(again.tool_calls[0].arguments.text == R"({"pass":true})");
  CHECK(reply_digest(again) == reply_digest(reply));
}

TEST_CASE("an edited record of a judge is no answer") {
  for (const char* text : {"", "7", "{}", R"({"text":"x"})", R"({"text":1,"finish_reason":"stop"})",
                           R"({"text":"x","finish_reason":"stop","usage":{"input_tokens":"many"}})",
                           R"({"text":"x","finish_reason":"stop","tool_calls":[{"id":"1"}]})"}) {
    const auto read = judge_reply_of({text});
    REQUIRE(std::holds_alternative<CallError>(read));
    CHECK(std::get<CallError>(read).kind == ErrorKind::judge_failed);
  }
}
