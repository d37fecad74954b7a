// One thing said in every way: as a whole reply and as a stream, by each of the chat APIs.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "headgate/base/random.hpp"
#include "headgate/domain/reply.hpp"
#include "headgate/route/dialect.hpp"

namespace headgate::test {

struct Spoken {
  struct Call {
    std::string id, name;
    nlohmann::json arguments;
  };
  std::string text;
  std::string refusal;  // not of the Messages API, which has no place for it
  std::vector<Call> calls;
  bool thinks = false;
  bool cut = false;                     // it ended at the limit of tokens
  std::int64_t input = 20, output = 7;  // all of the input; of it:
  std::int64_t cached = 5;
  std::int64_t reasoning = 2;  // of the output; the Messages API does not say
};

// How a stream is written down.
struct Manner {
  std::string line_end = "\n";
  bool comments = false;
  bool mark = false;        // a byte-order mark at the front
  bool many_lines = false;  // the JSON of an event over several data lines
  bool names = true;        // event: lines
  bool done = true;         // [DONE] at the end of a chat
};

// Whole characters, one to four at a time.
inline std::vector<std::string> pieces_of(const std::string& text, Random& random) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = at;
    for (std::uint64_t n = 1 + random.below(4); n > 0 && end < text.size(); --n) {
      ++end;
      while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
    }
    out.push_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

class Speaker {
 public:
  Speaker(const Spoken& said, std::uint64_t seed) : said_(said), random_(seed) {}

  std::string whole(route::ChatApi api) {
    switch (api) {
      case route::ChatApi::chat_completions:
        return whole_chat().dump();
      case route::ChatApi::responses:
        return whole_response().dump();
      case route::ChatApi::messages:
        return whole_message().dump();
    }
    return {};
  }

  std::string stream(route::ChatApi api, const Manner& manner = {}) {
    manner_ = manner;
    out_ = manner.mark ? "\xEF\xBB\xBF" : "";
    switch (api) {
      case route::ChatApi::chat_completions:
        stream_chat();
        break;
      case route::ChatApi::responses:
        stream_response();
        break;
      case route::ChatApi::messages:
        stream_message();
        break;
    }
    return std::move(out_);
  }

  // Behind the event that first said anything, and behind the one that made the reply whole, in the last stream.
  std::size_t first_speech() const { return first_speech_; }
  std::size_t whole_at() const { return whole_at_; }

 private:
  using Json = nlohmann::json;

  void raw(const std::string& name, const std::string& data) {
    if (manner_.comments && random_.below(3) == 0) out_ += ": keep-alive" + manner_.line_end + manner_.line_end;
    if (manner_.names && !name.empty()) out_ += "event: " + name + manner_.line_end;
    std::string line = "data:";
    if (random_.below(2) == 0 || data.empty() || data[0] == ' ') line += ' ';
    for (const char c : data) {
      if (c == '\n') {
        out_ += line + manner_.line_end;
        line = "data: ";
      } else {
        line += c;
      }
    }
    out_ += line + manner_.line_end;
    if (manner_.comments && random_.below(4) == 0) out_ += "id: 7" + manner_.line_end;
    out_ += manner_.line_end;
  }

  void event(const std::string& name, const Json& data) { raw(name, data.dump(manner_.many_lines ? 1 : -1)); }
  void speech(const std::string& name, const Json& data) {
    event(name, data);
    // A lone CR ends the line; the LF of a CRLF need not have come.
    if (first_speech_ == 0) first_speech_ = out_.size() - (manner_.line_end == "\r\n" ? 1 : 0);
  }
  void end_of_reply() { whole_at_ = out_.size(); }

  Json chat_usage() const {
    return {{"prompt_tokens", said_.input},
            {"completion_tokens", said_.output},
            {"prompt_tokens_details", {{"cached_tokens", said_.cached}}},
            {"completion_tokens_details", {{"reasoning_tokens", said_.reasoning}}}};
  }
  std::string chat_finish() const { return said_.cut ? "length" : said_.calls.empty() ? "stop" : "tool_calls"; }

  Json whole_chat() const {
    Json message = {{"role", "assistant"}, {"content", said_.text.empty() ? Json(nullptr) : Json(said_.text)}};
    if (!said_.refusal.empty()) message["refusal"] = said_.refusal;
    for (const Spoken::Call& call : said_.calls) {
      message["tool_calls"].push_back({{"id", call.id},
                                       {"type", "function"},
                                       {"function", {{"name", call.name}, {"arguments", call.arguments.dump()}}}});
    }
    return {{"id", "chat-1"},
            {"object", "chat.completion"},
            {"choices", Json::array({{{"index", 0}, {"message", message}, {"finish_reason", chat_finish()}}})},
            {"usage", chat_usage()}};
  }

  Json chunk(const Json& delta, const Json& finish = nullptr) const {
    return {{"id", "chat-1"},
            {"object", "chat.completion.chunk"},
            {"choices", Json::array({{{"index", 0}, {"delta", delta}, {"finish_reason", finish}}})},
            {"usage", nullptr}};
  }

  void stream_chat() {
    event("", chunk({{"role", "assistant"}, {"content", ""}}));
    if (said_.thinks) speech("", chunk({{"reasoning_content", "hm"}}));
    for (const auto& piece : pieces_of(said_.text, random_)) speech("", chunk({{"content", piece}}));
    for (const auto& piece : pieces_of(said_.refusal, random_)) speech("", chunk({{"refusal", piece}}));
    for (std::size_t i = 0; i < said_.calls.size(); ++i) {
      const Spoken::Call& call = said_.calls[i];
      event("", chunk({{"tool_calls", Json::array({{{"index", i},
                                                    {"id", call.id},
                                                    {"type", "function"},
                                                    {"function", {{"name", call.name}, {"arguments", ""}}}}})}}));
      for (const auto& piece : pieces_of(call.arguments.dump(), random_)) {
        speech("", chunk({{"tool_calls", Json::array({{{"index", i}, {"function", {{"arguments", piece}}}}})}}));
      }
    }
    event("", chunk(Json::object(), chat_finish()));
    end_of_reply();
    event("", {{"id", "chat-1"}, {"choices", Json::array()}, {"usage", chat_usage()}});
    if (manner_.done) raw("", "[DONE]");
  }

  Json response(bool done) const {
    Json out = {{"id", "resp-1"}, {"object", "response"}, {"error", nullptr}, {"output", Json::array()}};
    out["status"] = !done ? "in_progress" : said_.cut ? "incomplete" : "completed";
    if (!done) return out;
    if (said_.cut) out["incomplete_details"] = {{"reason", "max_output_tokens"}};
    if (said_.thinks) out["output"].push_back({{"type", "reasoning"}, {"id", "rs-1"}, {"summary", Json::array()}});
    Json parts = Json::array();
    if (!said_.text.empty())
      parts.push_back({{"type", "output_text"}, {"text", said_.text}, {"annotations", Json::array()}});
    if (!said_.refusal.empty()) parts.push_back({{"type", "refusal"}, {"refusal", said_.refusal}});
    if (!parts.empty()) out["output"].push_back({{"type", "message"}, {"id", "msg-1"}, {"content", parts}});
    for (const Spoken::Call& call : said_.calls) {
      out["output"].push_back({{"type", "function_call"},
                               {"id", "fc-1"},
                               {"call_id", call.id},
                               {"name", call.name},
                               {"arguments", call.arguments.dump()}});
    }
    out["usage"] = {{"input_tokens", said_.input},
                    {"output_tokens", said_.output},
                    {"input_tokens_details", {{"cached_tokens", said_.cached}}},
                    {"output_tokens_details", {{"reasoning_tokens", said_.reasoning}}}};
    return out;
  }
  Json whole_response() const { return response(true); }

  static Json typed(const std::string& type, Json rest) {
    rest["type"] = type;
    return rest;
  }

  void stream_response() {
    const auto say = [&](const std::string& type, const Json& rest) { event(type, typed(type, rest)); };
    const auto speak = [&](const std::string& type, const std::string& delta) {
      speech(type, typed(type, {{"delta", delta}, {"output_index", 0}}));
    };
    say("response.created", {{"response", response(false)}});
    say("response.in_progress", {{"response", response(false)}});
    if (said_.thinks) speak("response.reasoning_summary_text.delta", "hm");
    for (const auto& piece : pieces_of(said_.text, random_)) speak("response.output_text.delta", piece);
    for (const auto& piece : pieces_of(said_.refusal, random_)) speak("response.refusal.delta", piece);
    for (const Spoken::Call& call : said_.calls) {
      for (const auto& piece : pieces_of(call.arguments.dump(), random_)) {
        speak("response.function_call_arguments.delta", piece);
      }
    }
    for (const Json& item : response(true)["output"]) say("response.output_item.done", {{"item", item}});
    say(said_.cut ? "response.incomplete" : "response.completed", {{"response", response(true)}});
    end_of_reply();
  }

  std::string stop_reason() const { return said_.cut ? "max_tokens" : said_.calls.empty() ? "end_turn" : "tool_use"; }
  Json message_usage() const {
    return {{"input_tokens", said_.input - said_.cached},
            {"cache_creation_input_tokens", 0},
            {"cache_read_input_tokens", said_.cached},
            {"output_tokens", said_.output}};
  }

  Json whole_message() const {
    Json content = Json::array();
    if (said_.thinks) content.push_back({{"type", "thinking"}, {"thinking", "hm"}, {"signature", "s"}});
    if (!said_.text.empty()) content.push_back({{"type", "text"}, {"text", said_.text}});
    for (const Spoken::Call& call : said_.calls) {
      content.push_back({{"type", "tool_use"}, {"id", call.id}, {"name", call.name}, {"input", call.arguments}});
    }
    return {{"id", "msg-1"},
            {"type", "message"},
            {"role", "assistant"},
            {"content", content},
            {"stop_reason", stop_reason()},
            {"stop_sequence", nullptr},
            {"usage", message_usage()}};
  }

  void stream_message() {
    const auto say = [&](const std::string& type, const Json& rest) { event(type, typed(type, rest)); };
    const auto speak = [&](std::size_t index, const Json& delta) {
      speech("content_block_delta", typed("content_block_delta", {{"index", index}, {"delta", delta}}));
    };
    Json start = whole_message();
    start["content"] = Json::array();
    start["stop_reason"] = nullptr;
    start["usage"]["output_tokens"] = 1;
    say("message_start", {{"message", start}});
    say("ping", Json::object());
    std::size_t index = 0;
    const auto begin = [&](const Json& block) {
      say("content_block_start", {{"index", index}, {"content_block", block}});
    };
    const auto end = [&] { say("content_block_stop", {{"index", index++}}); };
    if (said_.thinks) {
      begin({{"type", "thinking"}, {"thinking", ""}});
      speak(index, {{"type", "thinking_delta"}, {"thinking", "hm"}});
      end();
    }
    if (!said_.text.empty()) {
      begin({{"type", "text"}, {"text", ""}});
      for (const auto& piece : pieces_of(said_.text, random_)) {
        speak(index, {{"type", "text_delta"}, {"text", piece}});
      }
      end();
    }
    for (const Spoken::Call& call : said_.calls) {
      begin({{"type", "tool_use"}, {"id", call.id}, {"name", call.name}, {"input", Json::object()}});
      if (!call.arguments.empty()) {
        for (const auto& piece : pieces_of(call.arguments.dump(), random_)) {
          speak(index, {{"type", "input_json_delta"}, {"partial_json", piece}});
        }
      }
      end();
    }
    say("message_delta", {{"delta", {{"stop_reason", stop_reason()}, {"stop_sequence", nullptr}}},
                          {"usage", {{"output_tokens", said_.output}}}});
    say("message_stop", Json::object());
    end_of_reply();
  }

  const Spoken& said_;
  Random random_;
  Manner manner_;
  std::string out_;
  std::size_t first_speech_ = 0, whole_at_ = 0;
};

// A reply that came by HTTP, status 200.
inline route::Arrival arrived(std::string body, int status = 200,
                              std::vector<std::pair<std::string, std::string>> headers = {}) {
  route::Arrival out;
  out.bytes = std::move(body);
  out.latency_ms = 250.0;
  out.http.emplace();
  out.http->status = status;
  out.http->headers = std::move(headers);
  return out;
}

inline Outcome read_chat(route::ChatApi api, const std::string& body, bool streams = false) {
  route::ChatDialect what;
  what.api = api;
  what.model = "m";
  what.streams = streams;
  return route::make_dialect(std::move(what))->read(arrived(body));
}

}  // namespace headgate::test
