#include "chat_body.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "headgate/base/assert.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/json_append.hpp"
#include "headgate/base/unicode.hpp"

namespace headgate::route {
namespace {

const std::vector<Message> no_messages;

bool is_instruction(const Message& message) { return message.role == "system" || message.role == "developer"; }

void append_message(std::string& out, const Message& message) {
  out += "{\"role\":";
  append_text(out, message.role);
  out += ",\"content\":";
  append_text(out, message.text);
  out += '}';
}

// The texts of all instructions, a blank line between two.
std::string instructions_of(const std::vector<Message>& messages) {
  std::string out;
  bool first = true;
  for (const Message& message : messages) {
    if (!is_instruction(message)) continue;
    if (!std::exchange(first, false)) out += "\n\n";
    out += message.text;
  }
  return out;
}

// For the APIs that take instructions beside the conversation.
void append_apart(std::string& out, const std::vector<Message>& messages, std::string_view instructions_key,
                  std::string_view messages_key) {
  if (std::any_of(messages.begin(), messages.end(), is_instruction)) {
    out.append(",\"").append(instructions_key).append("\":");
    append_text(out, instructions_of(messages));
  }
  out.append(",\"").append(messages_key).append("\":[");
  bool first = true;
  for (const Message& message : messages) {
    if (is_instruction(message)) continue;
    if (!std::exchange(first, false)) out += ',';
    append_message(out, message);
  }
  out += ']';
}

std::span<const std::string_view> own_members(ChatApi api) {
  static constexpr std::string_view chat[] = {"model", "messages", "stream"};
  static constexpr std::string_view responses[] = {"model", "input", "instructions", "stream"};
  static constexpr std::string_view messages[] = {"model", "messages", "system", "stream"};
  switch (api) {
    case ChatApi::chat_completions:
      return chat;
    case ChatApi::responses:
      return responses;
    case ChatApi::messages:
      return messages;
  }
  HG_ASSERT(!"an API has members");
}

}  // namespace

void append_text(std::string& out, std::string_view text) {
  if (is_utf8(text)) {
    append_json_string(out, text);
  } else {
    append_json_string(out, repair_utf8(text));
  }
}

void append_message_list(std::string& out, const std::vector<Message>& messages) {
  out += '[';
  bool first = true;
  for (const Message& message : messages) {
    if (!std::exchange(first, false)) out += ',';
    append_message(out, message);
  }
  out += ']';
}

std::optional<double> most_output_tokens_of(const JsonText& params) {
  if (params.absent()) return std::nullopt;
  const Result<Json> object = parse_own(params.text);
  if (!object || !object->is_object()) return std::nullopt;
  std::optional<double> most;
  for (const char* name : {"max_completion_tokens", "max_output_tokens", "max_tokens"}) {
    const auto found = object->find(name);
    if (found == object->end() || !found->is_number()) continue;
    const auto value = found->get<double>();
    if (value >= 0.0) most = std::max(most.value_or(0.0), value);
  }
  return most;
}

ChatBody::ChatBody(const ChatDialect& what) : api_(what.api) {
  start_ = "{\"model\":";
  append_text(start_, what.model);
  Json params = Json::object();
  if (!what.params.absent()) {
    Result<Json> read = parse_own(what.params.text);
    if (read && read->is_object()) params = std::move(*read);
  }
  for (const std::string_view name : own_members(api_)) params.erase(std::string(name));
  if (api_ == ChatApi::responses && params.contains("max_tokens")) {
    if (!params.contains("max_output_tokens")) params["max_output_tokens"] = params["max_tokens"];
    params.erase("max_tokens");
  }
  if (api_ == ChatApi::messages && !params.contains("max_tokens")) params["max_tokens"] = default_max_tokens;
  for (const auto& [key, value] : params.items()) params_.push_back({key, canonical(value)});
  most_output_tokens_ = most_output_tokens_of(to_text(params));
  if (!what.streams) return;
  stream_ = ",\"stream\":true";
  const bool asks_usage = what.strict_usage && api_ == ChatApi::chat_completions;
  if (asks_usage && param("stream_options") == nullptr) stream_ += ",\"stream_options\":{\"include_usage\":true}";
}

const ChatBody::Param* ChatBody::param(std::string_view key) const {
  const auto found = std::find_if(params_.begin(), params_.end(), [&](const Param& each) { return each.key == key; });
  return found == params_.end() ? nullptr : &*found;
}

// A schema that the call brings along stands in the place of one in the params.
void ChatBody::append_schema(std::string& out, std::string_view schema) const {
  if (api_ == ChatApi::chat_completions) {
    out.append(",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"reply\",\"schema\":")
        .append(schema)
        .append("}}");
    return;
  }
  if (api_ != ChatApi::responses) return;
  Json text = Json::object();
  if (const Param* given = param("text")) {
    if (Result<Json> read = parse_own(given->value); read && read->is_object()) text = std::move(*read);
  }
  text.erase("format");
  const std::string others = canonical(text);
  out.append(",\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"reply\",\"schema\":")
      .append(schema)
      .append("}");
  if (others.size() > 2) out.append(",").append(others, 1, others.size() - 2);
  out += '}';
}

void ChatBody::append_params(std::string& out, bool with_schema) const {
  for (const Param& each : params_) {
    const bool replaced = (api_ == ChatApi::chat_completions && each.key == "response_format") ||
                          (api_ == ChatApi::responses && each.key == "text");
    if (with_schema && replaced) continue;
    out += ',';
    append_json_string(out, each.key);
    out.append(":").append(each.value);
  }
}

Result<std::string> ChatBody::operator()(const ChatRequest& request) const {
  const std::vector<Message>& messages = request.messages == nullptr ? no_messages : *request.messages;
  std::string out = start_;
  switch (api_) {
    case ChatApi::chat_completions:
      out += ",\"messages\":";
      append_message_list(out, messages);
      break;
    case ChatApi::responses:
      append_apart(out, messages, "instructions", "input");
      break;
    case ChatApi::messages:
      append_apart(out, messages, "system", "messages");
      break;
  }
  out += stream_;
  const bool with_schema = !request.schema.empty() && api_ != ChatApi::messages;
  if (with_schema) {
    const Result<Json> schema = parse_own(request.schema);
    if (!schema) return failure(ErrorCode::input, "the schema of a reply is " + schema.error().message);
    append_schema(out, canonical(*schema));
  }
  append_params(out, with_schema);
  return out += '}';
}

}  // namespace headgate::route
