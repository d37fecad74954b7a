// Replies of OpenAI's Responses API.
#include <utility>

#include "chat_reply.hpp"
#include "headgate/base/text.hpp"
#include "judged.hpp"

namespace headgate::route {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t most_columns = 60;

Usage usage_of(object usage) {
  return {count_at(usage, "input_tokens"), count_at(usage, "output_tokens"),
          count_at(usage, "input_tokens_details", "cached_tokens"),
          count_at(usage, "output_tokens_details", "reasoning_tokens")};
}

void read_call(object item, std::string_view arguments_key, Draft& draft) {
  ToolCall call;
  for (const std::string_view key : {"call_id", "id"}) {
    if (call.id.empty()) call.id = word_at(item, key);
  }
  const auto name = get(item, "name");
  if (!name) throw Malformed{"a tool call has no name"};
  call.name = text_of(*name, "the name of a tool call");
  if (const auto arguments = get(item, arguments_key)) {
    call.arguments = arguments->is_string() ? arguments_of_text(words_of(*arguments, "the arguments"))
                                            : JsonText{canonical_text(*arguments)};
  }
  draft.tool_calls.push_back(std::move(call));
}

// Reasoning, and what a tool of the provider's own did, are no part of what the route answers.
void read_item(element value, Draft& draft) {
  const object item = object_of(value, "an item of the output");
  const std::string_view type = word_at(item, "type");
  if (type == "message") {
    if (const auto content = get(item, "content")) add_content(*content, draft);
  } else if (type == "function_call") {
    read_call(item, "arguments", draft);
  } else if (type == "custom_tool_call") {
    read_call(item, "input", draft);
  }
}

CallError ended_as(std::string_view status) {
  return {ErrorKind::error_in_reply, "the response ended as " + std::string(status)};
}

// "completed", or why it is not: the reason takes the place of the status, so that all dialects speak of one thing.
std::optional<CallError> read_status(object reply, Where where, Draft& draft) {
  if (auto error = error_member(reply, where)) return error;
  const std::string_view status = word_at(reply, "status");
  if (status == "failed" || status == "cancelled") return ended_as(status);
  if (status == "queued" || status == "in_progress") throw Malformed{"the response is not done yet"};
  draft.finish_reason = status;
  if (status != "incomplete") return std::nullopt;
  const auto details = get(reply, "incomplete_details");
  object members;
  if (!details || details->get_object().get(members) != simdjson::SUCCESS) return std::nullopt;
  const std::string_view reason = word_at(members, "reason");
  if (ending_of(reason) != ErrorKind::none) {
    draft.finish_reason = reason;
  } else if (!reason.empty()) {
    return CallError{ErrorKind::truncated, "the response is incomplete: " + quoted(reason, most_columns)};
  }
  return std::nullopt;
}

std::optional<CallError> read_response(object reply, Where where, Draft& draft) {
  if (auto error = read_status(reply, where, draft)) return error;
  draft.id = word_at(reply, "id");
  const auto usage = get(reply, "usage");
  object counts;
  if (usage && usage->get_object().get(counts) == simdjson::SUCCESS) draft.usage = usage_of(counts);
  const auto output = get(reply, "output");
  if (!output && where == Where::whole) throw Malformed{"the reply has no output"};
  if (!output) return std::nullopt;
  for (const element item : array_of(*output, "the output")) read_item(item, draft);
  return std::nullopt;
}

// The last event holds the whole response; those before it tell only when it began to speak.
class ResponsesListener : public Listener {
 public:
  Heard hear(std::string_view name, object event) override {
    Heard heard;
    std::string_view type = word_at(event, "type");
    if (type.empty()) type = name;
    if (type == "error") {
      heard.error = error_event(event);
      return heard;
    }
    if (type.ends_with(".delta")) {
      heard.speech = !word_at(event, "delta").empty();
    } else if (type == "response.output_item.done") {
      if (const auto item = get(event, "item")) read_item(*item, collected_);
    } else if (type == "response.completed" || type == "response.incomplete" || type == "response.failed" ||
               type == "response.cancelled") {
      heard = hear_end(type.substr(type.find('.') + 1), event);
    } else if (!type.starts_with("response.")) {  // of a gateway in between
      heard.error = error_member(event, Where::midway);
    }
    return heard;
  }

  bool whole(bool) const override { return false; }
  Draft take() override { return std::move(draft_); }
  const char* lacks() const override { return "response.completed"; }

 private:
  Heard hear_end(std::string_view end, object event) {
    Heard heard;
    heard.end = true;
    const auto response = get(event, "response");
    if (!response) throw Malformed{"it holds no response"};
    heard.error = read_response(object_of(*response, "the response"), Where::midway, draft_);
    // The event's own name holds, though the response within says that all went well or nothing at all.
    if (!heard.error && (end == "failed" || end == "cancelled")) heard.error = ended_as(end);
    if (end == "incomplete") end_with(end, draft_);
    // Some servers leave the output out of the last event.
    if (draft_.text.empty() && draft_.refusal.empty() && draft_.tool_calls.empty()) {
      draft_.text = std::move(collected_.text);
      draft_.refusal = std::move(collected_.refusal);
      draft_.tool_calls = std::move(collected_.tool_calls);
    }
    return heard;
  }

  Draft draft_, collected_;
};

class Responses : public ChatReader {
 public:
  std::optional<CallError> read(object reply, Draft& draft) const override {
    return read_response(reply, Where::whole, draft);
  }
  std::unique_ptr<Listener> listen() const override { return std::make_unique<ResponsesListener>(); }
};

}  // namespace

const ChatReader& responses_reader() {
  static const Responses reader;
  return reader;
}

}  // namespace headgate::route
