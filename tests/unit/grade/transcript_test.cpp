#include "transcript.hpp"

#include "agent_judging.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

// "u:hi a:ok a->f({}) f=1": what happened, in short.
std::string said(const std::string& text) {
  const auto read = read_transcript({text});
  if (!read) return "! " + read.error().message;
  std::string out;
  for (const Event& event : read->events) {
    if (!out.empty()) out += ' ';
    const auto& calls = read->calls;
    switch (event.kind) {
      case Event::Kind::said:
        out += std::string(name(event.speaker)).substr(0, 1) + ":" + event.text;
        break;
      case Event::Kind::called:
        out += "->" + calls[event.call].name + "(" +
               (calls[event.call].arguments ? calls[event.call].arguments->text : "?") + ")";
        break;
      case Event::Kind::answered:
        out += calls[event.call].name + (event.failed ? "!" : "=") + event.text;
        break;
    }
  }
  return out;
}

const std::string wanted =
    "s:Be kind. u:Where is it? ->look_up({\"order\":7}) look_up={\"status\":\"sent\"} a:On its way.";

}  // namespace

TEST_CASE("a transcript of chat messages is read") {
  CHECK(said(R"([{"role":"system","content":"Be kind."},{"role":"user","content":"Where is it?"},
    {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"look_up","arguments":"{\"order\": 7}"}}]},
    {"role":"tool","tool_call_id":"c1","content":"{\"status\":\"sent\"}"},
    {"role":"assistant","content":"On its way.","refusal":null,"tool_calls":null}])") == wanted);
}

TEST_CASE("a transcript of blocks is read") {
  CHECK(
      said(R"([{"role":"system","content":"Be kind."},{"role":"user","content":[{"type":"text","text":"Where is it?"}]},
    {"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"tool_use","id":"t","name":"look_up","input":{"order":7}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"{\"status\":\"sent\"}"}]}]},
    {"role":"assistant","content":[{"type":"text","text":"On its way."}]}])") == wanted);
}

TEST_CASE("a transcript of items is read") {
  CHECK(
      said(
          R"([{"role":"developer","content":"Be kind."},{"type":"message","role":"user","content":[{"type":"input_text","text":"Where is it?"}]},
    {"type":"reasoning","summary":[]},
    {"type":"function_call","call_id":"c","name":"look_up","arguments":"{\"order\":7}"},
    {"type":"function_call_output","call_id":"c","output":"{\"status\":\"sent\"}"},
    {"type":"message","role":"assistant","content":[{"type":"output_text","text":"On its way."}]}])") == wanted);
}

TEST_CASE("plain turns are read, with names alone and without ids") {
  CHECK(said(R"([{"role":"system","text":"Be kind."},{"role":"user","text":"Where is it?"},
    {"role":"assistant","tool_calls":[{"name":"look_up","arguments":{"order":7}}]},
    {"role":"tool","name":"look_up","text":"{\"status\":\"sent\"}"},{"role":"assistant","text":"On its way."}])") ==
        wanted);
  CHECK(
      said(
          R"([{"role":"ai","tool_calls":["ping",{"name":"pong","args":{}}]},{"role":"tool","content":{"n":1}},{"role":"tool","content":2}])") ==
      "->ping(?) ->pong({}) ping={\"n\":1} pong=2");
}

TEST_CASE("answers find their calls") {
  // By id out of order, by name, and ids that are used again.
  CHECK(said(R"([{"role":"assistant","tool_calls":[{"id":"1","name":"f"},{"id":"2","name":"g"}]},
    {"role":"tool","tool_call_id":"2","content":"b"},{"role":"tool","tool_call_id":"1","content":"a"},
    {"role":"assistant","tool_calls":[{"id":"1","name":"h"}]},{"role":"tool","tool_call_id":"1","content":"c"}])") ==
        "->f(?) ->g(?) g=b f=a ->h(?) h=c");
  CHECK(
      said(
          R"([{"role":"assistant","tool_calls":["f","g"]},{"role":"tool","name":"g","content":"b"},{"role":"tool","content":"a"}])") ==
      "->f(?) ->g(?) g=b f=a");
}

TEST_CASE("an answer says itself that it is an error") {
  const auto answer = [](const std::string& members) {
    return said(R"([{"role":"assistant","tool_calls":["f"]},{"role":"tool",)" + members + "}]");
  };
  CHECK(answer(R"("content":"x","error":true)") == "->f(?) f!x");
  CHECK(answer(R"("error":"no route")") == "->f(?) f!no route");
  CHECK(answer(R"("content":"x","is_error":true)") == "->f(?) f!x");
  CHECK(answer(R"("content":"x","isError":true)") == "->f(?) f!x");
  CHECK(answer(R"("content":"x","status":"error")") == "->f(?) f!x");
  CHECK(answer(R"("content":"x","error":false,"is_error":false,"status":"ok")") == "->f(?) f=x");
  CHECK(answer(R"("content":"x","error":null)") == "->f(?) f=x");
  CHECK(answer(R"("content":"x","error":"")") == "->f(?) f=x");
}

TEST_CASE("what cannot be read is an error that names the turn") {
  const auto fault = [](const std::string& turns) {
    const std::string out = said(turns);
    REQUIRE(out.starts_with("! "));
    return out.substr(2);
  };
  const std::string start = "the transcript cannot be read: turn 2 ";
  const std::string first = R"([{"role":"user","content":"hi"},)";
  CHECK(fault("{}") == "the transcript is not a list of turns");
  CHECK(fault("[]") == "the transcript is empty");
  CHECK(fault(first + "7]") == start + "is no object");
  CHECK(fault(first + R"({"content":"x"}])") == start + "has no role");
  CHECK(fault(first + R"({"role":"narrator","content":"x"}])") ==
        start + "has the role \"narrator\", which is none of user, assistant, tool and system");
  CHECK(fault(first + R"({"role":7}])") == start + "has a role that is no text");
  CHECK(fault(first + R"({"role":"assistant","content":7}])") ==
        start + "has content that is neither a text nor a list");
  CHECK(fault(first + R"({"role":"assistant","content":[7]}])") ==
        start + "has a block that is neither a text nor an object");
  CHECK(fault(first + R"({"role":"assistant","content":[{"type":"hologram"}]}])") ==
        start + "has a block of an unknown type \"hologram\"");
  CHECK(fault(first + R"({"role":"assistant","content":[{"type":"text"}]}])") ==
        start + "has a block of text without text");
  CHECK(fault(first + R"({"role":"assistant","tool_calls":"f"}])") == start + "has tool_calls that are no list");
  CHECK(fault(first + R"({"role":"assistant","tool_calls":[{"id":"1"}]}])") ==
        start + "has a tool call without a name");
  CHECK(fault(first + R"({"role":"assistant","tool_calls":[""]}])") == start + "has a tool call without a name");
  CHECK(fault(first + R"({"role":"assistant","tool_calls":[7]}])") ==
        start + "has a tool call that is neither a name nor an object");
  CHECK(fault(first + R"({"role":"assistant","tool_calls":[{"id":[],"name":"f"}]}])") ==
        start + "has an id that is neither text nor number");
  CHECK(fault(first + R"({"role":"user","tool_calls":["f"]}])") == start + "calls tools, and is not the assistant's");
  CHECK(fault(first + R"({"role":"tool","content":"x"}])") == start + "is a tool's answer, and no call waits for one");
  CHECK(fault(first + R"({"role":"tool","name":"f","content":"x"}])") ==
        start + "is an answer of \"f\", and no call of it waits for one");
  CHECK(
      fault(
          R"([{"role":"assistant","tool_calls":[{"id":"1","name":"f"}]},{"role":"tool","tool_call_id":"2","content":""}])") ==
      start + "answers the call \"2\", which is not there or has its answer");
  CHECK(fault(R"([{"role":"assistant","tool_calls":["f"]},{"role":"tool","content":"x","latency_ms":-1}])") ==
        start + "has a latency_ms that is none");
}

TEST_CASE("a transcript has a bound") {
  std::string turns;
  for (std::size_t i = 0; i <= max_turns_read; ++i) turns += std::string(i == 0 ? "" : ",") + R"({"role":"user"})";
  CHECK(said("[" + turns + "]") == "! the transcript has more than 20000 turns");
  std::string calls;
  for (std::size_t i = 0; i <= max_calls_read; ++i) calls += std::string(i == 0 ? "" : ",") + R"("f")";
  CHECK(said(R"([{"role":"assistant","tool_calls":[)" + calls + "]}]") ==
        "! the transcript cannot be read: turn 1 is behind more than 5000 tool calls");
}

TEST_CASE("a reply's calls are the transcript's, and those of its own that the transcript lacks") {
  const auto names = [](const Reply& reply) {
    const auto calls = calls_of(reply);
    REQUIRE(calls);
    std::string out;
    for (const MadeCall& call : *calls) out += (out.empty() ? "" : " ") + call.name;
    return out;
  };
  Reply reply = agent_reply(R"([{"role":"assistant","tool_calls":[{"id":"1","name":"f"}]}])");
  CHECK(names(reply) == "f");
  reply.tool_calls = {{"1", "f", {"{}"}}, {"2", "g", {"{}"}}, {"", "h", {"{}"}}};
  CHECK(names(reply) == "f g");
  reply.transcript = {R"([{"role":"user","content":"hi"}])"};
  CHECK(names(reply) == "f g h");
  reply.transcript = {};
  CHECK(names(reply) == "f g h");
  reply.transcript = {R"([{"role":"wizard"}])"};
  CHECK_FALSE(calls_of(reply).has_value());
}
