// The lines of questions that are no case's.
#include <nlohmann/json.hpp>
#include <utility>

#include "chat_body.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/json_append.hpp"
#include "headgate/base/text.hpp"
#include "headgate/route/prompt.hpp"
#include "headgate/route/question.hpp"
#include "judged.hpp"
#include "reply_json.hpp"
#include "reply_values.hpp"
#include "vectors.hpp"

namespace headgate::route {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t most_quoted_columns = 60;

std::string line_of(std::string_view id) {
  std::string out = "{\"id\":";
  append_json_string(out, id);
  return out;
}

void append_part(std::string& out, std::string_view key, const JsonText& value) {
  if (!value.absent()) out.append(",\"").append(key).append("\":").append(value.text);
}

}  // namespace

std::string question_line(std::string_view id, const std::vector<Message>& messages, const std::string& schema,
                          const RouteParts& parts) {
  std::string out = line_of(id) + ",\"messages\":";
  append_message_list(out, messages);
  if (!schema.empty()) {
    const Result<Json> value = parse_own(schema);
    if (value) out += ",\"schema\":" + canonical(*value);
  }
  append_part(out, "model", parts.model);
  append_part(out, "params", parts.params);
  return out += '}';
}

std::string question_text(const std::vector<Message>& messages) {
  std::string out;
  for (const Message& message : messages) {
    if (!out.empty()) out += "\n\n";
    out += message.text;
  }
  return out;
}

std::string embed_line(std::string_view id, const std::vector<std::string>& texts, const RouteParts& parts) {
  std::string out = line_of(id) + ",\"input\":[";
  bool first = true;
  for (const std::string& text : texts) {
    if (!std::exchange(first, false)) out += ',';
    append_text(out, text);
  }
  out += ']';
  append_part(out, "model", parts.model);
  append_part(out, "params", parts.params);
  return out += '}';
}

Outcome read_embed_line(std::string_view line, double latency_ms) {
  const auto malformed = [&](const std::string& why) {
    return CallError{ErrorKind::malformed_reply, why + ": " + quoted(line, most_quoted_columns)};
  };
  std::vector<std::vector<double>> rows;
  {
    ReplyJson& json = reply_json_of_thread();
    object members;
    if (!json.parse(line) || json.root().get_object().get(members) != simdjson::SUCCESS) {
      return malformed("the reply is no JSON object");
    }
    try {
      if (const auto list = get(members, "embeddings")) {
        for (const element each : array_of(*list, "embeddings")) rows.push_back(vector_of(each));
        check_one_length(rows);
      }
    } catch (const Malformed& why) {
      return malformed(why.what);
    }
  }
  // Its usage, cost or error stands where that of any other reply stands; only what it says is something else.
  Result<Json> value = parse_own(line);
  if (!value || !value->is_object()) return malformed("the reply is no JSON object");
  value->erase("embeddings");
  if (rows.empty() && !value->contains("error")) return malformed("the reply has no 'embeddings'");
  (*value)["output"] = vectors_text(rows);
  return read_reply_line(canonical(*value), latency_ms);
}

}  // namespace headgate::route
