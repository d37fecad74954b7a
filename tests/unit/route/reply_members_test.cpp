// What agents leave behind and what came with a recording, out of the lines that people and programs write.
#include <catch2/catch.hpp>

#include "headgate/route/prompt.hpp"
#include "headgate/route/source.hpp"
#include "reply_line.hpp"
#include "support/temp_folder.hpp"

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

CallError error(const std::string& line, const ReplyFields& fields = {}) {
  const Outcome outcome = decode(line, fields);
  if (!std::holds_alternative<CallError>(outcome)) FAIL("a reply: " << line);
  return std::get<CallError>(outcome);
}

}  // namespace

TEST_CASE("a transcript, a state and recorded grades come back as canonical JSON") {
  const Reply read = reply(R"({"output":"done","transcript":[{"role":"user","content":"h\u00e9"}, {"role":"tool"}],
    "state":{"b":1.0,"a":[null]},"recorded":{"reward":0.50}})");
  CHECK(read.transcript.text == "[{\"content\":\"h\xC3\xA9\",\"role\":\"user\"},{\"role\":\"tool\"}]");
  CHECK(read.state.text == R"({"a":[null],"b":1})");
  CHECK(read.recorded.text == R"({"reward":0.5})");
  CHECK(read.text_kept);
  CHECK(reply(R"({"output":"x","state":0})").state.text == "0");
  CHECK(reply(R"({"output":"x","state":false})").state.text == "false");
  CHECK(reply(R"({"output":"x","recorded":"good"})").recorded.text == "\"good\"");
  const Reply none = reply(R"({"output":"x","transcript":null,"state":null,"recorded":null})");
  CHECK(none.transcript.absent());
  CHECK(none.state.absent());
  CHECK(none.recorded.absent());
}

TEST_CASE("tool calls may be names alone") {
  const Reply read = reply(R"({"output":null,"tool_calls":["look_up",{"name":"refund","arguments":{"usd":5}}]})");
  REQUIRE(read.tool_calls.size() == 2);
  CHECK(read.tool_calls[0].name == "look_up");
  CHECK(read.tool_calls[0].arguments.absent());
  CHECK(read.tool_calls[1].arguments.text == R"({"usd":5})");
  for (const char* calls : {R"(["f",""])", "[3]", "[null]", "[[]]"}) {
    CAPTURE(calls);
    CHECK(error(R"({"output":"x","tool_calls":)" + std::string(calls) + "}").kind == ErrorKind::malformed_reply);
  }
}

TEST_CASE("of a line without any output only its grades were kept") {
  const Reply read = reply(R"({"case_id":"a","recorded":{"is_solved":true},"cost_usd":0.5})");
  CHECK_FALSE(read.text_kept);
  CHECK_FALSE(read.empty());
  CHECK(read.text.empty());
  CHECK(read.cost_usd == 0.5);
  SECTION("but not where an output is there, and says nothing") {
    CHECK(error(R"({"output":null,"recorded":{"ok":true}})").kind == ErrorKind::empty_reply);
    CHECK(error(R"({"output":"  ","recorded":{"ok":true}})").kind == ErrorKind::empty_reply);
  }
  SECTION("nor where no grades are") {
    CHECK(error(R"({"case_id":"a","recorded":null})").kind == ErrorKind::malformed_reply);
    CHECK(error(R"({"case_id":"a","state":{"x":1}})").kind == ErrorKind::malformed_reply);
    CHECK(error(R"({"case_id":"a","transcript":[]})").kind == ErrorKind::malformed_reply);
  }
  SECTION("nor where the model called tools and said nothing") {
    CHECK(reply(R"({"tool_calls":["f"],"recorded":{"ok":true}})").text_kept);
  }
  SECTION("nor of a program, which was just asked") {
    const Outcome asked = read_reply_line(R"({"id":"1","recorded":{"ok":true}})", 1.0);
    REQUIRE(std::holds_alternative<CallError>(asked));
    CHECK(std::get<CallError>(asked).kind == ErrorKind::malformed_reply);
  }
  SECTION("and its digest is not that of an empty text") {
    Reply other = read;
    other.text_kept = true;
    CHECK(reply_digest(read) != reply_digest(other));
  }
}

TEST_CASE("a program replies with its transcript and state") {
  const Outcome asked = read_reply_line(
      R"({"id":"1","output":"ok","transcript":[{"role":"assistant","content":"ok"}],"state":{"n":1},"recorded":2})", 9);
  REQUIRE(std::holds_alternative<Reply>(asked));
  const Reply& read = std::get<Reply>(asked);
  CHECK(read.transcript.text == R"([{"content":"ok","role":"assistant"}])");
  CHECK(read.state.text == R"({"n":1})");
  CHECK(read.recorded.text == "2");
}

TEST_CASE("hostile members are malformed replies, never replies without them") {
  for (const char* line :
       {R"({"output":"x","transcript":{"role":"user"}})", R"({"output":"x","transcript":"user: hi"})",
        R"({"output":"x","transcript":true})", R"({"output":"x","transcript":[{"role":"a","role":"b"}]})",
        R"({"output":"x","state":{"a":1,"a":2}})", R"({"output":"x","recorded":{"ok":true,"ok":false}})"}) {
    CAPTURE(line);
    CHECK(error(line).kind == ErrorKind::malformed_reply);
    CHECK_FALSE(error(line).message.empty());
  }
  LineDecoder decoder;
  CHECK_FALSE(decoder.parse(R"({"output":"x","state":)" + std::string(70, '[') + std::string(70, ']') + "}"));
}

TEST_CASE("a deep and a long transcript are read whole") {
  const std::string deep = std::string(50, '[') + "1" + std::string(50, ']');
  CHECK(reply(R"({"output":"x","state":)" + deep + "}").state.text == deep);
  std::string turns;
  for (int i = 0; i < 20000; ++i) turns += std::string(i == 0 ? "" : ",") + R"({"content":"turn","role":"user"})";
  CHECK(reply(R"({"output":"x","transcript":[)" + turns + "]}").transcript.text == "[" + turns + "]");
}

TEST_CASE("bytes that are no UTF-8 are repaired there too") {
  const Reply read = reply(
      "{\"output\":\"x\",\"transcript\":[{\"role\":\"user\",\"content\":\"caf\xE9\"}],"
      "\"state\":{\"n\":\"cut \\ud83d off\"}}");
  CHECK(read.repaired);
  CHECK(read.transcript.text == "[{\"content\":\"caf\xEF\xBF\xBD\",\"role\":\"user\"}]");
  CHECK(read.state.text == "{\"n\":\"cut \xEF\xBF\xBD off\"}");
}

TEST_CASE("a map says what a recorded value means") {
  ReplyFields fields;
  fields.error = {"/recorded/step_limit", 1.0, {{"true", {"\"step_limit\""}}, {"false", {"null"}}}, {}};
  CHECK(error(R"({"output":"x","recorded":{"step_limit":true,"reward":0}})", fields).kind == ErrorKind::step_limit);
  CHECK(reply(R"({"output":"x","recorded":{"step_limit":false,"reward":1}})", fields).text == "x");
  CHECK(reply(R"({"output":"x","recorded":{"step_limit":null}})", fields).text == "x");
  CHECK(reply(R"({"output":"x"})", fields).text == "x");
  // Of what nobody said what it means, nothing is known.
  CHECK(error(R"({"output":"x","recorded":{"step_limit":"yes"}})", fields).kind == ErrorKind::malformed_reply);
  CHECK(error(R"({"output":"x","recorded":{"step_limit":{}}})", fields).message ==
        "the map for /recorded/step_limit has no '{}'");

  fields = {};
  fields.latency_ms = {"/speed", 1000.0, {{"1.5", {"2"}}, {"slow", {"30"}}}, {}};
  CHECK(reply(R"({"output":"x","speed":1.50})", fields).latency_ms == 2000.0);
  CHECK(reply(R"({"output":"x","speed":"slow"})", fields).latency_ms == 30000.0);

  fields = {};
  fields.output = {"/answer", 1.0, {{"B", {R"({"choice":"B"})"}}, {"-", {"null"}}}, {}};
  CHECK(reply(R"({"answer":"B"})", fields).text == R"({"choice":"B"})");
  CHECK(error(R"({"answer":"-","recorded":1})", fields).kind == ErrorKind::empty_reply);
}

TEST_CASE("a constant stands for every line") {
  ReplyFields fields;
  fields.trial = {"", 1.0, {}, {"2"}};
  fields.finish_reason = {"", 1.0, {}, {"\"stop\""}};
  LineDecoder decoder;
  REQUIRE(decoder.parse(R"({"case_id":"a","output":"x","trial":0})"));
  LineName name;
  REQUIRE(decoder.name(fields, name) == nullptr);
  CHECK(name.trial == 2);
  CHECK(std::get<Reply>(decoder.outcome(fields)).finish_reason == "stop");
}

TEST_CASE("a value that the map does not have is told when the file is opened") {
  const test::TempFolder folder;
  const std::string path = folder.write("a.jsonl",
                                        "{\"case_id\":\"a\",\"output\":\"x\",\"stopped\":false}\n"
                                        "{\"case_id\":\"b\",\"output\":\"y\",\"stopped\":\"maybe\"}\n");
  ReplyFields fields;
  fields.error = {"/stopped", 1.0, {{"true", {"\"step_limit\""}}, {"false", {"null"}}}, {}};
  Complaints complaints;
  CHECK(open_reply_files({path}, fields, complaints) == nullptr);
  REQUIRE(complaints.errors().size() == 1);
  CHECK(complaints.errors()[0].message == "the map for /stopped has no 'maybe'");
  CHECK(complaints.errors()[0].place.line == 2);
}

TEST_CASE("what a map makes of the bytes is a part of the recording's digest") {
  const test::TempFolder folder;
  const std::string path = folder.write("a.jsonl", "{\"case_id\":\"a\",\"output\":\"x\",\"stopped\":true}\n");
  const auto digest = [&](const ReplyFields& fields) {
    Complaints complaints;
    const auto opened = open_reply_files({path}, fields, complaints);
    REQUIRE(opened);
    return opened->digest();
  };
  ReplyFields mapped, other;
  mapped.error = {"/stopped", 1.0, {{"true", {"\"step_limit\""}}}, {}};
  other.error = {"/stopped", 1.0, {{"true", {"null"}}}, {}};
  CHECK(digest({}) != digest(mapped));
  CHECK(digest(mapped) != digest(other));
  CHECK(digest(mapped) == digest(mapped));
}
