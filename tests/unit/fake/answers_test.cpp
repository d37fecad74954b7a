// The shapes of answers, as the three APIs have them.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "client.hpp"
#include "desk.hpp"

using namespace headgate;
using namespace headgate::test;

namespace {

constexpr std::string_view chat_path = "/v1/chat/completions";
constexpr std::string_view responses_path = "/v1/responses";
constexpr std::string_view messages_path = "/v1/messages";

const std::string responses_body =
    R"({"model":"m2","input":[{"role":"user","content":[{"type":"input_text","text":"[[yes]]"}]}]})";
const std::string stream = R"(,"stream":true,"stream_options":{"include_usage":true})";

struct Event {
  std::string name;
  std::string data;
};

std::string unchunked(const std::string& body) {
  Answer answer;
  answer.body = body;
  return answer.unchunked();
}

// Of a stream in its plainest form.
std::vector<Event> events(const std::string& text) {
  std::vector<Event> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find("\n\n", at);
    REQUIRE(end != std::string::npos);
    std::string block = text.substr(at, end - at);
    Event event;
    if (block.starts_with("event: ")) {
      event.name = block.substr(7, block.find('\n') - 7);
      block.erase(0, block.find('\n') + 1);
    }
    REQUIRE(block.starts_with("data: "));
    event.data = block.substr(6);
    out.push_back(event);
    at = end + 2;
  }
  return out;
}

std::vector<Event> streamed(Desk& desk, const std::string& body, std::string_view path) {
  return events(unchunked(desk.body(body, path)));
}

std::string names(const std::vector<Event>& all) {
  std::string out;
  for (const Event& each : all) out += (out.empty() ? "" : " ") + each.name;
  return out;
}

}  // namespace

TEST_CASE("Chat Completions, plain") {
  Desk desk(R"({"usage": {"input_tokens": 20, "output_tokens": 5, "cached_tokens": 8, "reasoning_tokens": 2}})");
  const Json answer = desk.json(chat("what? [[forty-two]]"));
  CHECK(answer.at("object") == "chat.completion");
  CHECK(answer.at("model") == "m1");
  const Json& choice = answer.at("choices").at(0);
  CHECK(choice.at("message").at("content") == "forty-two");
  CHECK(choice.at("message").at("role") == "assistant");
  CHECK(choice.at("finish_reason") == "stop");
  CHECK(answer.at("usage").at("prompt_tokens") == 20);
  CHECK(answer.at("usage").at("total_tokens") == 25);
  CHECK(answer.at("usage").at("prompt_tokens_details").at("cached_tokens") == 8);
  CHECK(answer.at("usage").at("completion_tokens_details").at("reasoning_tokens") == 2);
}

TEST_CASE("Responses, plain") {
  Desk desk(R"({"usage": {"input_tokens": 20, "output_tokens": 5, "reasoning_tokens": 2}})");
  const Json answer = desk.json(responses_body, responses_path);
  CHECK(answer.at("object") == "response");
  CHECK(answer.at("status") == "completed");
  CHECK(answer.at("output").at(0).at("type") == "reasoning");
  CHECK(answer.at("output").at(1).at("content").at(0).at("text") == "yes");
  CHECK(answer.at("usage").at("output_tokens_details").at("reasoning_tokens") == 2);
  CHECK(answer.at("usage").at("total_tokens") == 25);
  CHECK(desk.json(R"({"model":"m","input":"a plain [[text]]"})", responses_path)
            .at("output")
            .at(1)
            .at("content")
            .at(0)
            .at("text") == "text");
}

TEST_CASE("Messages, plain: what came from the cache is not among the input tokens") {
  Desk desk(R"({"usage": {"input_tokens": 20, "output_tokens": 5, "cached_tokens": 8}})");
  const Json answer = desk.json(chat("[[yes]]"), messages_path);
  CHECK(answer.at("type") == "message");
  CHECK(answer.at("content").at(0) == Json({{"type", "text"}, {"text", "yes"}}));
  CHECK(answer.at("stop_reason") == "end_turn");
  CHECK(answer.at("usage").at("input_tokens") == 12);
  CHECK(answer.at("usage").at("cache_read_input_tokens") == 8);
  CHECK(answer.at("usage").at("output_tokens") == 5);
}

TEST_CASE("a service of a team's own: the template is filled, and what is filled in is not filled again") {
  Desk plain;
  const Json usual = plain.json(R"({"question": "is it [[so]]?"})", "/ask");
  CHECK(usual.at("output") == "so");
  CHECK(usual.at("usage").at("input_tokens").is_number_integer());
  CHECK(plain.json("no JSON \xff at all, [[but]]", "/ask").at("output") == "but");
  Desk own(
      R"({"generic": {"reply": {"said": "<{{text}}>", "to": "{{input}}", "n": "{{output_tokens}}", "odd": "{{else}}"}}})");
  const Json answer = own.json(R"({"input": "a \"b\" [[{{input}}]]"})", "/ask").at("reply");
  CHECK(answer.at("said") == "<{{input}}>");
  CHECK(answer.at("to") == "a \"b\" [[{{input}}]]");
  CHECK(answer.at("n") == 3);
  CHECK(answer.at("odd") == "{{else}}");
}

TEST_CASE("Chat Completions, streamed") {
  Desk desk(R"({"stream": {"piece": 3}})");
  const auto all = streamed(desk, chat("[[grüß Gott]]", stream), chat_path);
  REQUIRE(all.size() == 8);
  CHECK(all.back().data == "[DONE]");
  std::string text;
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    const Json chunk = Json::parse(all[i].data);
    CHECK(chunk.at("object") == "chat.completion.chunk");
    if (i == 0) CHECK(chunk.at("choices").at(0).at("delta").at("role") == "assistant");
    if (i < 6) text += chunk.at("choices").at(0).at("delta").value("content", "");
    if (i < 6) CHECK(chunk.at("usage").is_null());
    if (i == 5) CHECK(chunk.at("choices").at(0).at("finish_reason") == "stop");
    if (i == 6) CHECK(chunk.at("choices").empty());
    if (i == 6) CHECK(chunk.at("usage").at("completion_tokens") == 3);
  }
  CHECK(text == "grüß Gott");
  const auto uncounted = streamed(desk, chat("x", R"(,"stream":true)"), chat_path);
  for (const auto& each : uncounted) CHECK(each.data.find("usage") == std::string::npos);
}

TEST_CASE("Responses, streamed") {
  Desk desk(R"({"stream": {"piece": 2}})");
  std::string body = responses_body;
  body.insert(1, R"("stream":true,)");
  const auto all = streamed(desk, body, responses_path);
  CHECK(names(all) ==
        "response.created response.in_progress response.output_item.added response.content_part.added "
        "response.output_text.delta response.output_text.delta response.output_text.done response.content_part.done "
        "response.output_item.done response.completed");
  std::string text;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Json data = Json::parse(all[i].data);
    CHECK(data.at("type") == all[i].name);
    CHECK(data.at("sequence_number") == i);
    if (all[i].name == "response.output_text.delta") text += data.at("delta").get<std::string>();
  }
  CHECK(text == "yes");
  CHECK(Json::parse(all.back().data).at("response").at("usage").at("output_tokens") == 1);
}

TEST_CASE("Messages, streamed") {
  Desk desk(R"({"stream": {"piece": 2}})");
  const auto all = streamed(desk, chat("[[yes]]", R"(,"stream":true)"), messages_path);
  CHECK(names(all) ==
        "message_start ping content_block_start content_block_delta content_block_delta content_block_stop "
        "message_delta message_stop");
  CHECK(Json::parse(all[0].data).at("message").at("usage").at("input_tokens").is_number_integer());
  CHECK(Json::parse(all[3].data).at("delta").at("text") == "ye");
  CHECK(Json::parse(all[6].data).at("delta").at("stop_reason") == "end_turn");
  CHECK(Json::parse(all[6].data).at("usage").at("output_tokens") == 1);
}

TEST_CASE("tool calls in all dialects, plain and streamed") {
  Desk desk(R"({"tools": [{"name": "look_up", "arguments": {"id": 7}}, {"name": "end", "arguments": "{broken"}],
                "stream": {"piece": 4}})");
  const Json one = desk.json(chat("x")).at("choices").at(0);
  CHECK(one.at("finish_reason") == "tool_calls");
  CHECK(one.at("message").at("content").is_null());
  CHECK(one.at("message").at("tool_calls").at(0).at("function").at("arguments") == R"({"id":7})");
  CHECK(one.at("message").at("tool_calls").at(1).at("function").at("arguments") == "{broken");
  const Json two = desk.json(responses_body, responses_path).at("output");
  CHECK(two.at(0).at("type") == "function_call");
  CHECK(two.at(1).at("arguments") == "{broken");

  std::string arguments;
  for (const Event& each : streamed(desk, chat("x", R"(,"stream":true)"), chat_path)) {
    if (each.data == "[DONE]") continue;
    const Json delta = Json::parse(each.data).at("choices").at(0).at("delta");
    if (!delta.contains("tool_calls")) continue;
    const Json& call = delta.at("tool_calls").at(0);
    if (call.at("index") == 0) arguments += call.at("function").at("arguments").get<std::string>();
  }
  CHECK(arguments == R"({"id":7})");

  Desk sound(R"({"tools": [{"name": "look_up", "arguments": {"id": 7}}]})");
  const Json three = sound.json(chat("x"), messages_path);
  CHECK(three.at("stop_reason") == "tool_use");
  CHECK(three.at("content").at(0).at("input").at("id") == 7);
  arguments.clear();
  for (const Event& each : streamed(sound, chat("x", R"(,"stream":true)"), messages_path)) {
    if (each.name != "content_block_delta") continue;
    arguments += Json::parse(each.data).at("delta").at("partial_json").get<std::string>();
  }
  CHECK(arguments == R"({"id":7})");
}

TEST_CASE("how a model ended, in each dialect's words") {
  struct Words {
    const char *finish, *chat, *status, *reason, *stop;
  };
  const Words table[] = {{"stop", "stop", "completed", "", "end_turn"},
                         {"length", "length", "incomplete", "max_output_tokens", "max_tokens"},
                         {"content_filter", "content_filter", "incomplete", "content_filter", "refusal"},
                         {"refusal", "stop", "completed", "", "refusal"},
                         {"unknown", "something_new", "something_new", "", "something_new"}};
  for (const Words& each : table) {
    Desk desk(R"({"text": "words", "finish": ")" + std::string(each.finish) + "\"}");
    const Json one = desk.json(chat("x")).at("choices").at(0);
    CHECK(one.at("finish_reason") == each.chat);
    CHECK(one.at("message").at("refusal").is_null() == (std::string(each.finish) != "refusal"));
    CHECK(one.at("message").at("content").is_null() ==
          (std::string(each.finish) == "refusal" || std::string(each.finish) == "content_filter"));
    const Json two = desk.json(responses_body, responses_path);
    CHECK(two.at("status") == each.status);
    if (*each.reason == '\0') {
      CHECK(two.at("incomplete_details").is_null());
    } else {
      CHECK(two.at("incomplete_details").at("reason") == each.reason);
    }
    CHECK(desk.json(chat("x"), messages_path).at("stop_reason") == each.stop);
  }
}

TEST_CASE("usage goes wrong in every way that is named") {
  const auto usage = [](const std::string& kind) {
    Desk desk(R"({"usage": ")" + kind + "\"}");
    const Json answer = desk.json(chat("x"));
    return answer.contains("usage") ? answer.at("usage") : Json("absent");
  };
  CHECK(usage("estimated").at("prompt_tokens").get<int>() > 10);
  CHECK(usage("missing") == "absent");
  CHECK(usage("null").is_null());
  CHECK(usage("negative").at("completion_tokens").get<int>() < 0);
  CHECK(usage("absurd").at("prompt_tokens").get<double>() == 1e300);
  CHECK(usage("fractional").at("prompt_tokens") == 12.5);
  CHECK(usage("text").at("prompt_tokens") == "many");
  for (const std::string_view path : {chat_path, messages_path}) {
    for (const char* kind : {"missing", "null", "absurd"}) {
      Desk desk(R"({"usage": ")" + std::string(kind) + "\"}");
      for (const Event& each : streamed(desk, chat("x", stream), path)) {
        if (each.data != "[DONE]") CHECK(Json::accept(each.data));
      }
    }
  }
}

TEST_CASE("text that no text should hold") {
  Desk bytes(R"({"garble": "bad_utf8", "text": "abcd"})");
  CHECK(bytes.body(chat("x")).find("ab\xC3\x28\xFF\xFE"
                                   "cd") != std::string::npos);
  Desk nul(R"({"garble": "nul", "text": "a\nb"})");
  CHECK(nul.body(chat("x")).find("a\\n\\u0000b") != std::string::npos);
  Desk half(R"({"garble": "surrogate", "text": "äö"})");
  CHECK(half.body(chat("x")).find("ä\\ud800ö") != std::string::npos);
}

TEST_CASE("variants of streams that clients must bear") {
  const auto text = [](const std::string& how) {
    Desk desk(R"({"stream": )" + how + "}");
    return unchunked(desk.body(chat("x", R"(,"stream":true)")));
  };
  CHECK(text(R"({"bom": true})")
            .starts_with("\xEF\xBB\xBF"
                         "data: {"));
  CHECK(text(R"({"crlf": true})").ends_with("data: [DONE]\r\n\r\n"));
  CHECK(text(R"({"tight": true})").starts_with("data:{"));
  CHECK(text(R"({"comments": true})").starts_with(": still working\n\n: still working\n") == false);
  CHECK(text(R"({"comments": true})").starts_with(": still working\n\ndata: {"));
  CHECK(text(R"({"multi_line": true})").starts_with("data: {\ndata: \"id\":"));
  CHECK(text(R"({"done": false})").find("[DONE]") == std::string::npos);
  const std::string broken = text(R"({"error": {"after": 1, "message": "gone"}})");
  const auto all = events(broken);
  REQUIRE(all.size() == 2);
  CHECK(Json::parse(all[1].data).at("error").at("message") == "gone");
  Desk anthropic(R"({"stream": {"error": {"after": 3}}})");
  const auto named = streamed(anthropic, chat("x", R"(,"stream":true)"), messages_path);
  REQUIRE(named.size() == 4);
  CHECK(named[3].name == "error");
  CHECK(Json::parse(named[3].data).at("error").at("type") == "overloaded_error");
}

TEST_CASE("errors in the words of each dialect, and inside a good status") {
  Desk desk(R"({"status": 529, "retry_after": "3"})");
  const std::string answer = desk.ask(chat("x"), messages_path);
  CHECK(answer.starts_with("HTTP/1.1 529 Overloaded\r\n"));
  CHECK(answer.find("\r\nRetry-After: 3\r\n") != std::string::npos);
  CHECK(Json::parse(answer.substr(answer.find("\r\n\r\n"))).at("error").at("type") == "overloaded_error");
  Desk quota(
      R"({"status": 429, "error": {"type": "insufficient_quota", "code": "insufficient_quota", "message": "pay"}})");
  CHECK(quota.json(chat("x")).at("error") ==
        Json({{"message", "pay"}, {"type", "insufficient_quota"}, {"param", nullptr}, {"code", "insufficient_quota"}}));
  Desk inside(R"({"error": {"message": "no"}})");
  CHECK(inside.status(chat("x")) == 200);
  CHECK(inside.json(chat("y")).at("error").at("message") == "no");
  const auto all = streamed(inside, chat("x", R"(,"stream":true)"), chat_path);
  REQUIRE(all.size() == 1);
  CHECK(Json::parse(all[0].data).contains("error"));
}
