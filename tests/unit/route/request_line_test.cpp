// Lines that programs write: hostile ones are errors of their own kind, never replies.
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "headgate/base/unicode.hpp"
#include "headgate/route/consult.hpp"
#include "headgate/route/prompt.hpp"

using namespace headgate;
using namespace headgate::route;

namespace {

Reply reply(const Outcome& outcome) {
  if (const auto* error = std::get_if<CallError>(&outcome)) FAIL(name(error->kind) << ": " << error->message);
  return std::get<Reply>(outcome);
}

CallError error(std::string_view line) {
  const Outcome outcome = read_reply_line(line, 1.0);
  if (!std::holds_alternative<CallError>(outcome)) FAIL("a reply: " << line.substr(0, 200));
  return std::get<CallError>(outcome);
}

ErrorKind kind(std::string_view line) { return error(line).kind; }

}  // namespace

TEST_CASE("a reply line comes back with all that it says") {
  const Reply all = reply(read_reply_line(
      R"({"id":"ab","output":"hi","usage":{"input_tokens":10,"output_tokens":2},"cost_usd":0.25,"latency_ms":12,)"
      R"("finish_reason":"stop","tool_calls":[{"name":"refund","arguments":{"usd":5}}],"documents":["d"],"extra":1})",
      500.0));
  CHECK(all.text == "hi");
  CHECK(all.usage.input_tokens == 10);
  CHECK(all.cost_usd == 0.25);
  CHECK(all.latency_ms == 12.0);
  CHECK(all.finish_reason == "stop");
  CHECK(all.tool_calls.at(0).name == "refund");
  CHECK(all.documents.at(0).text == "d");
  CHECK(reply(read_reply_line(R"({"output":"hi"})", 500.0)).latency_ms == 500.0);
  CHECK(reply(read_reply_line("{\"output\":\"hi\"}\r", 1.0)).text == "hi");
  CHECK(reply(read_reply_line(R"({"output":{"b":1,"a":[2]}})", 1.0)).text == R"({"a":[2],"b":1})");
}

TEST_CASE("what is no JSON object is malformed") {
  const std::string whole = R"({"id":"ab","output":"a\u00e4\"b","usage":{"input_tokens":1}})";
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    INFO(whole.substr(0, cut));
    CHECK(kind(std::string_view(whole).substr(0, cut)) == ErrorKind::malformed_reply);
  }
  for (const char* line : {"", " ", "null", "7", "\"output\"", "[{\"output\":\"x\"}]", "hello", "{\"output\":\"x\"} {}",
                           "{\"output\":\"x\"}}", "{'output':'x'}", "{\"output\":\"x\",}", "{\"output\":NaN}",
                           "{\"output\":\"line\nbreak\"}", "Traceback (most recent call last):"}) {
    INFO(line);
    CHECK(kind(line) == ErrorKind::malformed_reply);
  }
  CHECK(kind(std::string_view("{\"output\":\"a\"}\0", 15)) == ErrorKind::malformed_reply);
  CHECK(kind(std::string_view("{\"output\":\"a\0b\"}", 16)) == ErrorKind::malformed_reply);
  CHECK(kind(std::string_view("\0\0\0", 3)) == ErrorKind::malformed_reply);
}

TEST_CASE("a message about a malformed line quotes little of it, and nothing that a terminal obeys") {
  const std::string message = error("\x1b[31m" + std::string(10000, 'x') + "\n::error::").message;
  CHECK(message.size() < 200);
  CHECK(message.find('\x1b') == std::string::npos);
}

TEST_CASE("a key that stands twice is malformed: which was meant nobody knows") {
  CHECK(kind(R"({"output":"good","output":"bad"})") == ErrorKind::malformed_reply);
  CHECK(kind(R"({"id":"a","id":"b","output":"x"})") == ErrorKind::malformed_reply);
  CHECK(error(R"({"output":"good","output":"bad"})").message == "'output' stands in the reply twice");
}

TEST_CASE("wrong types are malformed, and so is a reply without output") {
  for (const char* line :
       {R"({"id":"ab"})", R"({})", R"({"output":"x","usage":[]})", R"({"output":"x","usage":{"input_tokens":"1"}})",
        R"({"output":"x","cost_usd":"0.1"})", R"({"output":"x","latency_ms":true})",
        R"({"output":"x","tool_calls":{}})", R"({"output":"x","tool_calls":[{}]})", R"({"output":"x","documents":"d"})",
        R"({"output":"x","finish_reason":1})"}) {
    INFO(line);
    CHECK(kind(line) == ErrorKind::malformed_reply);
  }
}

TEST_CASE("an empty, cut or filtered reply is an error of its own kind") {
  CHECK(kind(R"({"output":""})") == ErrorKind::empty_reply);
  CHECK(kind(R"({"output":" \n\t"})") == ErrorKind::empty_reply);
  CHECK(kind(R"({"output":null})") == ErrorKind::empty_reply);
  CHECK(kind(R"({"output":"half","finish_reason":"length"})") == ErrorKind::truncated);
  CHECK(kind(R"({"output":"no","finish_reason":"content_filter"})") == ErrorKind::content_filter);
}

TEST_CASE("errors that a program reports keep their kind where it is the route's or the way's") {
  CHECK(kind(R"({"error":"context_too_long"})") == ErrorKind::context_too_long);
  CHECK(kind(R"({"error":"rate_limited"})") == ErrorKind::rate_limited);
  const CallError with_message = error(R"({"error":{"kind":"server_error","message":"503 from upstream"}})");
  CHECK(with_message.kind == ErrorKind::server_error);
  CHECK(with_message.message == "503 from upstream");
  CHECK(kind(R"({"error":"something else","output":"looks good"})") == ErrorKind::error_in_reply);
  CHECK(error(R"({"error":"something else"})").message == "something else");
  CHECK(kind(R"({"error":true,"output":"x"})") == ErrorKind::error_in_reply);
  CHECK(reply(read_reply_line(R"({"error":null,"output":"x"})", 1.0)).text == "x");
  CHECK(reply(read_reply_line(R"({"error":false,"output":"x"})", 1.0)).text == "x");
  // How a reply was judged, that it was not asked, or that the run ends is not the program's to say.
  for (const char* word : {"grader_failed", "reply_missing", "interrupted", "budget", "key_refused", "disk_full"}) {
    INFO(word);
    const CallError said = error(R"({"error":{"kind":")" + std::string(word) + R"(","message":"m"}})");
    CHECK(said.kind == ErrorKind::error_in_reply);
    CHECK(said.message == std::string(word) + ": m");
  }
}

TEST_CASE("depth, broken UTF-8, lone surrogates and large lines") {
  const auto nested = [](std::size_t depth) {
    return R"({"output":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  CHECK(reply(read_reply_line(nested(40), 1.0)).text == std::string(40, '[') + std::string(40, ']'));
  CHECK(kind(nested(100)) == ErrorKind::malformed_reply);
  CHECK(kind(nested(100000)) == ErrorKind::malformed_reply);

  const Reply broken = reply(read_reply_line("{\"output\":\"a\xff\xc3\"}", 1.0));
  CHECK(broken.repaired);
  CHECK(is_utf8(broken.text));
  const Reply lone = reply(read_reply_line(R"({"output":"a\ud83d b"})", 1.0));
  CHECK(lone.text == "a\xEF\xBF\xBD b");
  CHECK(lone.repaired);

  const std::string large(std::size_t{8} << 20, 'y');
  CHECK(reply(read_reply_line("{\"output\":\"" + large + "\"}", 1.0)).text == large);
  CHECK(kind("{\"output\":\"" + large) == ErrorKind::malformed_reply);
  CHECK(reply(read_reply_line(R"({"output":"small again"})", 1.0)).text == "small again");
}

TEST_CASE("reply lines are read on many threads at once") {
  std::vector<std::string> out(8);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < out.size(); ++t) {
    threads.emplace_back([&out, t] {
      const std::string mine(t + 1, static_cast<char>('a' + t));
      for (int i = 0; i < 200; ++i) {
        const Outcome read = read_reply_line("{\"output\":\"" + mine + "\"}", 1.0);
        if (!std::holds_alternative<Reply>(read) || std::get<Reply>(read).text != mine) return;
      }
      out[t] = mine;
    });
  }
  for (std::thread& each : threads) each.join();
  for (std::size_t t = 0; t < out.size(); ++t) CHECK(out[t].size() == t + 1);
}

TEST_CASE("plain text is the reply, without the one line end that programs put behind it") {
  CHECK(reply(read_reply_text("hello\n", 7.0)).text == "hello");
  CHECK(reply(read_reply_text("hello\r\n", 7.0)).text == "hello");
  CHECK(reply(read_reply_text("two\nlines\n\n", 7.0)).text == "two\nlines\n");
  CHECK(reply(read_reply_text("hello", 7.0)).latency_ms == 7.0);
  CHECK(reply(read_reply_text(R"({"error":"x"})", 7.0)).text == R"({"error":"x"})");
  const Reply broken = reply(read_reply_text("a\xff", 7.0));
  CHECK(broken.repaired);
  CHECK(broken.text == "a\xEF\xBF\xBD");
  for (const char* text : {"", "\n", " \n\n"}) {
    const Outcome outcome = read_reply_text(text, 7.0);
    REQUIRE(std::holds_alternative<CallError>(outcome));
    CHECK(std::get<CallError>(outcome).kind == ErrorKind::empty_reply);
  }
}

TEST_CASE("a consultation goes out with its id, and comes back without it") {
  CHECK(consult_line("ab\"", R"({"case":{},"options":{}})") == R"({"id":"ab\"","case":{},"options":{}})");
  CHECK(consult_line("ab", "{}") == R"({"id":"ab"})");
  CHECK(std::get<JsonText>(read_consult_line(R"({"pass": true, "id": "ab", "score": 1.0})")).text ==
        R"({"pass":true,"score":1})");
  CHECK(std::get<JsonText>(read_consult_line("{\"pass\":false}\n")).text == R"({"pass":false})");
  for (const char* line : {"", "\n", "pass", "[true]", "{\"pass\":true", "{\"pass\":true,\"pass\":false}"}) {
    INFO(line);
    const auto answer = read_consult_line(line);
    REQUIRE(std::holds_alternative<CallError>(answer));
    CHECK(std::get<CallError>(answer).kind == ErrorKind::plugin_failed);
  }
}
