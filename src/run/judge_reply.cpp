#include "judge_reply.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "headgate/base/json.hpp"

namespace headgate::run {
namespace {

using Count = std::optional<std::int64_t> Usage::*;
constexpr std::array<std::pair<const char*, Count>, 4> counts{{
    {"input_tokens", &Usage::input_tokens},
    {"output_tokens", &Usage::output_tokens},
    {"cached_input_tokens", &Usage::cached_input_tokens},
    {"reasoning_tokens", &Usage::reasoning_tokens},
}};

Json to_json(const Usage& usage) {
  Json out = Json::object();
  for (const auto& [name, member] : counts) {
    if (usage.*member) out[name] = *(usage.*member);
  }
  return out;
}

Json to_json(const std::vector<ToolCall>& calls) {
  Json out = Json::array();
  for (const ToolCall& call : calls) {
    out.push_back({{"id", call.id}, {"name", call.name}, {"arguments", call.arguments.text}});
  }
  return out;
}

const std::string& text_at(const Json& value, const char* name) { return value.at(name).get_ref<const std::string&>(); }

Reply read(const Json& value) {
  Reply reply;
  reply.text = text_at(value, "text");
  reply.finish_reason = text_at(value, "finish_reason");
  if (const auto usage = value.find("usage"); usage != value.end()) {
    for (const auto& [name, member] : counts) {
      if (usage->contains(name)) reply.usage.*member = usage->at(name).get<std::int64_t>();
    }
  }
  if (value.contains("cost_usd")) reply.cost_usd = value.at("cost_usd").get<double>();
  if (const auto calls = value.find("tool_calls"); calls != value.end()) {
    for (const Json& call : *calls) {
      reply.tool_calls.push_back({text_at(call, "id"), text_at(call, "name"), {text_at(call, "arguments")}});
    }
  }
  return reply;
}

}  // namespace

JsonText judge_reply_json(const Reply& reply) {
  Json out = {{"text", reply.text}, {"finish_reason", reply.finish_reason}};
  if (Json usage = to_json(reply.usage); !usage.empty()) out["usage"] = std::move(usage);
  if (reply.cost_usd) out["cost_usd"] = *reply.cost_usd;
  if (!reply.tool_calls.empty()) out["tool_calls"] = to_json(reply.tool_calls);
  return {canonical(out)};
}

std::variant<Reply, CallError> judge_reply_of(const JsonText& json) {
  const Result<Json> value = parse_own(json.text);
  if (value) {
    try {
      return read(*value);
    } catch (const Json::exception&) {  // another shape
    }
  }
  return CallError{ErrorKind::judge_failed, "the recorded answer of a judge does not read"};
}

}  // namespace headgate::run
