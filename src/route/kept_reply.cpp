#include "kept_reply.hpp"

#include <simdjson.h>

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "headgate/base/json.hpp"
#include "headgate/base/json_append.hpp"

namespace headgate::route {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

// Members in the order of their keys, which is the canonical one.
class Members {
 public:
  explicit Members(std::string& out) : out_(out) { out_ += '{'; }
  void close() { out_ += '}'; }
  std::string& key(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    ((out_ += '"') += name) += "\":";
    return out_;
  }
  void text(std::string_view name, std::string_view value) {
    if (!value.empty()) append_json_string(key(name), value);
  }
  template <class Number>
  void number(std::string_view name, const std::optional<Number>& value) {
    if (value) append_json_number(key(name), *value);
  }

 private:
  std::string& out_;
  bool first_ = true;
};

void append(std::string& out, const Passage& passage) {
  Members members(out);
  members.text("id", passage.id);
  members.number("score", passage.score);
  members.text("text", passage.text);
  members.close();
}

void append(std::string& out, const ToolCall& call) {
  Members members(out);
  members.text("arguments", call.arguments.text);  // as a text, so that it comes back byte for byte
  members.text("id", call.id);
  members.text("name", call.name);
  members.close();
}

template <class Item>
void append_list(Members& members, std::string_view name, const std::vector<Item>& items) {
  if (items.empty()) return;
  std::string& out = members.key(name);
  char before = '[';
  for (const Item& item : items) {
    out += before;
    before = ',';
    append(out, item);
  }
  out += ']';
}

void append_usage(Members& members, const Usage& usage) {
  if (!usage.input_tokens && !usage.output_tokens && !usage.cached_input_tokens && !usage.reasoning_tokens) return;
  Members counts(members.key("usage"));
  counts.number("cached_input_tokens", usage.cached_input_tokens);
  counts.number("input_tokens", usage.input_tokens);
  counts.number("output_tokens", usage.output_tokens);
  counts.number("reasoning_tokens", usage.reasoning_tokens);
  counts.close();
}

// Readers of values: false where one is not of its kind.

bool get(element at, std::string& out) {
  std::string_view text;
  if (at.get_string().get(text) != simdjson::SUCCESS) return false;
  out = text;
  return true;
}
bool get(element at, JsonText& out) {  // it was kept as a text, so that it comes back byte for byte
  return get(at, out.text) && parse_own(out.text).has_value();
}
bool get(element at, bool& out) { return at.get_bool().get(out) == simdjson::SUCCESS; }
bool get(element at, std::optional<std::int64_t>& out) {
  std::int64_t number = 0;
  if (at.get_int64().get(number) != simdjson::SUCCESS || number < 0) return false;
  out = number;
  return true;
}
bool get(element at, std::optional<double>& out) {
  double number = 0.0;
  if (at.get_double().get(number) != simdjson::SUCCESS || !std::isfinite(number)) return false;
  out = number;
  return true;
}

template <class Each>
bool members_of(element at, const Each& each) {
  object members;
  if (at.get_object().get(members) != simdjson::SUCCESS) return false;
  for (const auto field : members) {
    if (!each(field.key, field.value)) return false;
  }
  return true;
}

bool get(element at, ToolCall& call) {
  return members_of(at, [&](std::string_view key, element member) {
    if (key == "arguments") return get(member, call.arguments.text);
    if (key == "id") return get(member, call.id);
    if (key == "name") return get(member, call.name);
    return false;
  });
}

bool get(element at, Passage& passage) {
  return members_of(at, [&](std::string_view key, element member) {
    if (key == "id") return get(member, passage.id);
    if (key == "score") return get(member, passage.score);
    if (key == "text") return get(member, passage.text);
    return false;
  });
}

bool get(element at, Usage& usage) {
  return members_of(at, [&](std::string_view key, element member) {
    if (key == "cached_input_tokens") return get(member, usage.cached_input_tokens);
    if (key == "input_tokens") return get(member, usage.input_tokens);
    if (key == "output_tokens") return get(member, usage.output_tokens);
    if (key == "reasoning_tokens") return get(member, usage.reasoning_tokens);
    return false;
  });
}

template <class Item>
bool get(element at, std::vector<Item>& items) {
  array elements;
  if (at.get_array().get(elements) != simdjson::SUCCESS) return false;
  for (const element each : elements) {
    if (!get(each, items.emplace_back())) return false;
  }
  return true;
}

bool get_member(Reply& reply, std::string_view key, element at) {
  if (key == "cost_usd") return get(at, reply.cost_usd) && *reply.cost_usd >= 0.0;
  if (key == "documents") return get(at, reply.documents);
  if (key == "finish_reason") return get(at, reply.finish_reason);
  if (key == "recorded") return get(at, reply.recorded);
  if (key == "repaired") return get(at, reply.repaired);
  if (key == "request_id") return get(at, reply.request_id);
  if (key == "served_by") return get(at, reply.served_by);
  if (key == "state") return get(at, reply.state);
  if (key == "text") return get(at, reply.text);
  if (key == "tool_calls") return get(at, reply.tool_calls);
  if (key == "transcript") return get(at, reply.transcript);
  if (key == "usage") return get(at, reply.usage);
  return false;
}

}  // namespace

std::string kept_text(const Reply& reply) {
  std::string out;
  out.reserve(200 + reply.text.size() + reply.text.size() / 8);
  Members members(out);
  members.number("cost_usd", reply.cost_usd);
  append_list(members, "documents", reply.documents);
  members.text("finish_reason", reply.finish_reason);
  members.text("recorded", reply.recorded.text);
  if (reply.repaired) members.key("repaired") += "true";
  members.text("request_id", reply.request_id);
  members.text("served_by", reply.served_by);
  members.text("state", reply.state.text);
  members.text("text", reply.text);
  append_list(members, "tool_calls", reply.tool_calls);
  members.text("transcript", reply.transcript.text);
  append_usage(members, reply.usage);
  members.close();
  return out;
}

std::optional<Reply> read_kept(std::string_view text) {
  simdjson::dom::parser parser;
  element whole;
  if (parser.parse(simdjson::padded_string(text)).get(whole) != simdjson::SUCCESS) return std::nullopt;
  Reply reply;
  if (!members_of(whole, [&](std::string_view key, element at) { return get_member(reply, key, at); })) {
    return std::nullopt;
  }
  if (reply.empty()) return std::nullopt;
  reply.cached = true;
  return reply;
}

}  // namespace headgate::route
