// The lines that go to a program and come back from it.
#include <nlohmann/json.hpp>
#include <utility>

#include "headgate/base/json_append.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/route/consult.hpp"
#include "headgate/route/prompt.hpp"
#include "judged.hpp"
#include "reply_line.hpp"

namespace headgate::route {
namespace {

constexpr std::size_t most_quoted_columns = 60;

void append_member(std::string& out, std::string_view key, const JsonText& value) {
  if (value.absent()) return;
  out.append(",\"").append(key).append("\":").append(value.text);
}

void append_text_member(std::string& out, std::string_view key, std::string_view text) {
  out.append(",\"").append(key).append("\":");
  append_json_string(out, text);
}

void append_messages(std::string& out, const std::vector<Message>& messages) {
  out += ",\"messages\":[";
  bool first = true;
  for (const Message& message : messages) {
    if (!std::exchange(first, false)) out += ',';
    out += "{\"role\":";
    append_json_string(out, message.role);
    append_text_member(out, "content", message.text);
    out += '}';
  }
  out += ']';
}

CallError malformed(std::string why) { return {ErrorKind::malformed_reply, std::move(why)}; }

std::string_view without_line_end(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string request_line(const CallId& id, const Case& item, std::uint32_t trial, const RouteParts& parts,
                         const std::vector<Message>& messages) {
  std::string out = "{\"id\":\"" + id.hex() + "\",\"case\":{\"id\":";
  append_json_string(out, item.id);
  append_member(out, "input", item.input);
  append_member(out, "vars", item.vars);
  append_member(out, "context", item.context);
  out += "},\"trial\":";
  append_json_number(out, std::uint64_t{trial});
  append_messages(out, messages);
  append_member(out, "model", parts.model);
  append_member(out, "params", parts.params);
  append_member(out, "retrieval", parts.retrieval);
  append_member(out, "tool_policy", parts.tool_policy);
  return out += '}';
}

Outcome read_reply_line(std::string_view line, double latency_ms) {
  // A parser of its own for each thread: its buffers grow to the longest line and are used again.
  static thread_local LineDecoder decoder;
  static const ReplyFields fields;
  if (!decoder.parse(line)) return malformed("the reply is no JSON object: " + quoted(line, most_quoted_columns));
  if (const auto twice = decoder.repeated_key())
    return malformed("'" + terminal_line(*twice) + "' stands in the reply twice");
  Outcome out = decoder.outcome(fields, Teller::program);
  if (auto* reply = std::get_if<Reply>(&out); reply != nullptr && !reply->latency_ms) reply->latency_ms = latency_ms;
  return out;
}

Outcome read_reply_text(std::string_view text, double latency_ms) {
  Reply reply;
  reply.text = repair_utf8(without_line_end(text), &reply.repaired);
  reply.latency_ms = latency_ms;
  return judged(std::move(reply));
}

std::string consult_line(std::string_view id, std::string_view json) {
  std::string out = "{\"id\":";
  append_json_string(out, id);
  if (json.size() > 2) out.append(",").append(json.substr(1, json.size() - 2));
  return out += '}';
}

std::variant<JsonText, CallError> read_consult_line(std::string_view line) {
  Result<Json> answer = parse_own(repair_utf8(without_line_end(line)));
  if (!answer || !answer->is_object()) {
    return CallError{ErrorKind::plugin_failed,
                     is_blank(line) ? "the plugin answered nothing"
                                    : "the plugin's answer is no JSON object: " + quoted(line, most_quoted_columns)};
  }
  answer->erase("id");
  return to_text(*answer);
}

}  // namespace headgate::route
