// Replies of OpenAI's Chat Completions, and of the many servers that speak it.
#include <map>
#include <utility>

#include "chat_reply.hpp"

namespace headgate::route {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

// Input tokens hold the cached ones here, and output tokens those of reasoning.
Usage usage_of(object usage) {
  return {count_at(usage, "prompt_tokens"), count_at(usage, "completion_tokens"),
          count_at(usage, "prompt_tokens_details", "cached_tokens"),
          count_at(usage, "completion_tokens_details", "reasoning_tokens")};
}

void read_usage(object members, Draft& draft) {
  const auto usage = get(members, "usage");
  object counts;
  if (usage && usage->get_object().get(counts) == simdjson::SUCCESS) draft.usage = usage_of(counts);
}

void read_finish_reason(object choice, Draft& draft) {
  if (const auto reason = get(choice, "finish_reason")) end_with(words_of(*reason, "finish_reason"), draft);
}

// Where several were asked for, the first is the reply.
bool is_first(object choice) { return count_at(choice, "index").value_or(0) == 0; }

// The words of a message or a delta. Whether there were any.
bool read_words(object message, Draft& draft) {
  bool any = false;
  if (const auto content = get(message, "content")) any = add_content(*content, draft);
  if (const auto refusal = get(message, "refusal")) {
    const std::string_view words = words_of(*refusal, "the refusal");
    draft.refusal += words;
    any = any || !words.empty();
  }
  return any;
}

void read_message(object message, Draft& draft) {
  read_words(message, draft);
  if (const auto calls = get(message, "tool_calls")) {
    for (const element call : array_of(*calls, "tool_calls")) draft.tool_calls.push_back(tool_call_of(call));
  } else if (const auto call = get(message, "function_call")) {  // as it was before tool_calls
    draft.tool_calls.push_back(tool_call_of(*call));
  }
}

// A tool call that comes in pieces.
struct Pieces {
  std::string id, name, arguments;
  bool has_name = false, has_arguments = false;
};

class ChatListener : public Listener {
 public:
  Heard hear(std::string_view name, object event) override {
    Heard heard;
    if ((heard.error = error_member(event, Where::midway))) return heard;
    if (name == "error") {
      heard.error = error_event(event);
      return heard;
    }
    if (draft_.id.empty()) draft_.id = word_at(event, "id");
    read_usage(event, draft_);
    const auto choices = get(event, "choices");
    if (!choices) return heard;
    for (const element each : array_of(*choices, "choices")) {
      const object choice = object_of(each, "a choice");
      if (!is_first(choice)) continue;
      if ((heard.error = error_member(choice, Where::midway))) return heard;
      heard.speech = hear_choice(choice) || heard.speech;
    }
    return heard;
  }

  // Some servers send no [DONE]. Those that speak on after a finish_reason must, for nobody could tell a cut.
  bool whole(bool done) const override { return done || (!draft_.finish_reason.empty() && !spoke_on_); }

  Draft take() override {
    for (auto& [index, pieces] : calls_) {
      if (!pieces.has_name) throw Malformed{"a tool call has no name"};
      ToolCall call{std::move(pieces.id), std::move(pieces.name), {}};
      if (pieces.has_arguments) call.arguments = arguments_of_text(pieces.arguments);
      draft_.tool_calls.push_back(std::move(call));
    }
    return std::move(draft_);
  }

  const char* lacks() const override { return "a finish_reason"; }

 private:
  bool hear_choice(object choice) {
    bool speech = false;
    if (const auto delta = get(choice, "delta")) {
      const object members = object_of(*delta, "a delta");
      const bool finished = !draft_.finish_reason.empty();
      speech = read_words(members, draft_);
      speech = hear_calls(members) || speech;
      spoke_on_ = spoke_on_ || (finished && speech);
      // Two names for the same; reasoning is no part of the reply, but it is the first that can be heard of it.
      speech = speech || !word_at(members, "reasoning_content").empty() || !word_at(members, "reasoning").empty();
    }
    read_finish_reason(choice, draft_);
    return speech;
  }

  bool hear_calls(object delta) {
    bool speech = false;
    if (const auto calls = get(delta, "tool_calls")) {
      for (const element each : array_of(*calls, "tool_calls")) {
        const object call = object_of(each, "a tool call");
        object function = call;
        if (const auto inner = get(call, "function")) function = object_of(*inner, "the function of a tool call");
        if (const auto inner = get(call, "custom")) function = object_of(*inner, "the custom tool of a tool call");
        speech = hear_call(pieces_of(call), call, function) || speech;
      }
    } else if (const auto call = get(delta, "function_call")) {
      const object function = object_of(*call, "function_call");
      speech = hear_call(calls_[0], function, function);
    }
    return speech;
  }

  // By its index; a server that gives none means a new call by a new id, and the last one by no id.
  Pieces& pieces_of(object call) {
    if (const auto index = count_at(call, "index")) return calls_[*index];
    const std::string_view id = word_at(call, "id");
    if (calls_.empty()) return calls_[0];
    auto& last = *calls_.rbegin();
    return id.empty() || last.second.id == id ? last.second : calls_[last.first + 1];
  }

  static bool hear_call(Pieces& pieces, object call, object function) {
    if (pieces.id.empty()) {
      if (const auto id = get(call, "id")) pieces.id = id_text(*id, "the id of a tool call");
    }
    if (const auto name = get(function, "name"); name && pieces.name.empty()) {
      pieces.name = words_of(*name, "the name of a tool call");
      pieces.has_name = true;
    }
    bool speech = false;
    for (const std::string_view key : {"arguments", "input"}) {
      const auto arguments = get(function, key);
      if (!arguments) continue;
      // Some servers send them whole and as JSON.
      const std::string piece =
          arguments->is_string() ? text_of(*arguments, "the arguments") : canonical_text(*arguments);
      pieces.arguments += piece;
      pieces.has_arguments = true;
      speech = speech || !piece.empty();
    }
    return speech;
  }

  Draft draft_;
  std::map<std::int64_t, Pieces> calls_;
  bool spoke_on_ = false;  // after the finish_reason
};

class ChatCompletions : public ChatReader {
 public:
  std::optional<CallError> read(object reply, Draft& draft) const override {
    if (auto error = error_member(reply, Where::whole)) return error;
    draft.id = word_at(reply, "id");
    read_usage(reply, draft);
    const auto choices = get(reply, "choices");
    if (!choices) throw Malformed{"the reply has no choices"};
    std::optional<object> first;
    for (const element each : array_of(*choices, "choices")) {
      const object choice = object_of(each, "a choice");
      if (!first || (!is_first(*first) && is_first(choice))) first = choice;
    }
    if (!first) return CallError{ErrorKind::empty_reply, "the reply holds no choice"};
    if (auto error = error_member(*first, Where::whole)) return error;
    read_finish_reason(*first, draft);
    const auto message = get(*first, "message");
    if (!message) throw Malformed{"the reply has no message"};
    read_message(object_of(*message, "the message"), draft);
    return std::nullopt;
  }
  std::unique_ptr<Listener> listen() const override { return std::make_unique<ChatListener>(); }
};

}  // namespace

const ChatReader& chat_completions_reader() {
  static const ChatCompletions reader;
  return reader;
}

}  // namespace headgate::route
