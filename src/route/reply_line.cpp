#include "reply_line.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "judged.hpp"
#include "reply_json.hpp"
#include "reply_values.hpp"

namespace headgate::route {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

// A measured value that no clock or bill can have given is unknown, which is not zero.
std::optional<double> measured(element line, const ReplyFields::From& from, const char* what) {
  const std::optional<element> value = recorded(line, from.pointer);
  if (!value) return std::nullopt;
  double number = 0.0;
  if (value->get_double().get(number) != simdjson::SUCCESS) throw Malformed{std::string(what) + " is not a number"};
  number *= from.scale;
  if (!std::isfinite(number) || number < 0.0) return std::nullopt;
  return number;
}

// The first of several names people use for one count.
std::optional<std::int64_t> count(object usage, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    element found;
    if (usage.at_pointer(name).get(found) != simdjson::SUCCESS || found.is_null()) continue;
    double number = 0.0;
    if (found.get_double().get(number) != simdjson::SUCCESS || number != std::floor(number)) {
      throw Malformed{"usage" + std::string(name) + " is not a whole number"};
    }
    if (number < 0.0 || number > 9e15) return std::nullopt;
    return static_cast<std::int64_t>(number);
  }
  return std::nullopt;
}

Usage usage_of(element line, const std::string& pointer) {
  const std::optional<element> value = recorded(line, pointer);
  if (!value) return {};
  const object usage = object_of(*value, "usage");
  return {count(usage, {"/input_tokens", "/prompt_tokens"}), count(usage, {"/output_tokens", "/completion_tokens"}),
          count(usage, {"/cached_input_tokens", "/cache_read_input_tokens", "/prompt_tokens_details/cached_tokens"}),
          count(usage, {"/reasoning_tokens", "/completion_tokens_details/reasoning_tokens"})};
}

// A kind of ours, else what the recorder wrote. A call that was never made has no reply recorded. A program speaks for
// its route and the way to it alone: it was called, and it is not for it to say how the reply was judged.
CallError error_of_words(Teller teller, std::string word, std::string message) {
  ErrorKind kind = ErrorKind::none;
  if (!parse(word, kind) || kind == ErrorKind::none) {
    if (message.empty()) message = std::move(word);
    return {ErrorKind::error_in_reply, std::move(message)};
  }
  const Attribution whose = attribution(kind);
  if (teller == Teller::program) {
    if (whose == Attribution::route || whose == Attribution::provider) return {kind, std::move(message)};
    return {ErrorKind::error_in_reply, word + (message.empty() ? "" : ": " + message)};
  }
  if (whose == Attribution::not_run || whose == Attribution::run_ends) {
    return {ErrorKind::reply_missing, "recorded as not run: " + word + (message.empty() ? "" : ", " + message)};
  }
  return {kind, std::move(message)};
}

std::optional<CallError> error_at(Teller teller, element line, const std::string& pointer) {
  const std::optional<element> value = recorded(line, pointer);
  if (!value) return std::nullopt;
  bool flag = false;
  if (value->get_bool().get(flag) == simdjson::SUCCESS && !flag) return std::nullopt;
  if (value->is_string()) {
    std::string word = text_of(*value, "error");
    if (word.empty()) return std::nullopt;
    return error_of_words(teller, std::move(word), {});
  }
  if (!value->is_object()) return CallError{ErrorKind::error_in_reply, canonical_text(*value)};
  const object error = object_of(*value, "error");
  const auto word = [&](const char* key) {
    const auto found = get(error, key);
    return found && found->is_string() ? text_of(*found, key) : std::string();
  };
  std::string message = word("message");
  if (message.empty() && word("kind").empty()) message = canonical_text(*value);
  return error_of_words(teller, word("kind"), std::move(message));
}

std::string output_of(element line, const std::string& pointer, bool has_tool_calls) {
  const std::optional<element> value = at(line, pointer);
  if (!value && !has_tool_calls) throw Malformed{"there is no output"};
  if (!value || value->is_null()) return {};
  if (value->is_string()) return text_of(*value, "output");
  return canonical_text(*value);
}

Reply reply_of(element line, const ReplyFields& fields) {
  Reply reply;
  if (const auto calls = recorded(line, fields.tool_calls.pointer)) {
    for (const element call : array_of(*calls, "tool_calls")) reply.tool_calls.push_back(tool_call_of(call));
  }
  reply.text = output_of(line, fields.output.pointer, !reply.tool_calls.empty());
  if (const auto documents = recorded(line, fields.documents.pointer)) {
    for (const element document : array_of(*documents, "documents")) reply.documents.push_back(passage_of(document));
  }
  reply.usage = usage_of(line, fields.usage.pointer);
  reply.latency_ms = measured(line, fields.latency_ms, "latency_ms");
  reply.cost_usd = measured(line, fields.cost_usd, "cost_usd");
  if (const auto reason = recorded(line, fields.finish_reason.pointer)) {
    reply.finish_reason = text_of(*reason, "finish_reason");
  }
  return reply;
}

}  // namespace

struct LineDecoder::State {
  ReplyJson json;
};

LineDecoder::LineDecoder() : state_(std::make_unique<State>()) {}
LineDecoder::~LineDecoder() = default;

bool LineDecoder::parse(std::string_view line) { return state_->json.parse(line) && state_->json.root().is_object(); }

std::optional<std::string> LineDecoder::repeated_key() const {
  std::vector<std::string_view> keys;
  for (const auto field : object_of(state_->json.root(), "a line")) keys.push_back(field.key);
  std::sort(keys.begin(), keys.end());
  const auto twice = std::adjacent_find(keys.begin(), keys.end());
  if (twice == keys.end()) return std::nullopt;
  return std::string(*twice);
}

const char* LineDecoder::name(const ReplyFields& fields, LineName& out) const {
  out.trial = 0;
  const std::optional<element> id = recorded(state_->json.root(), fields.case_id.pointer);
  if (!id) return "a recorded reply without a case id";
  if (!id->is_string() && !id->is_int64() && !id->is_uint64())
    return "the case id is neither a string nor a whole number";
  out.case_id = id_text(*id, "the case id");
  if (out.case_id.empty()) return "the case id is empty";
  const std::optional<element> trial = recorded(state_->json.root(), fields.trial.pointer);
  if (!trial) return nullptr;
  std::uint64_t number = 0;
  if (trial->get_uint64().get(number) != simdjson::SUCCESS || number > 0xffffffff)
    return "the trial is not a count from 0";
  out.trial = static_cast<std::uint32_t>(number);
  return nullptr;
}

Outcome LineDecoder::outcome(const ReplyFields& fields, Teller teller) const {
  try {
    if (std::optional<CallError> error = error_at(teller, state_->json.root(), fields.error.pointer)) {
      return std::move(*error);
    }
    Reply reply = reply_of(state_->json.root(), fields);
    reply.repaired = state_->json.repaired();
    return judged(std::move(reply));
  } catch (Malformed& malformed) {
    return CallError{ErrorKind::malformed_reply, std::move(malformed.what)};
  }
}

}  // namespace headgate::route
