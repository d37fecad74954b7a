#include "reply_line.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "field_values.hpp"
#include "judged.hpp"
#include "reply_json.hpp"
#include "reply_values.hpp"

namespace headgate::route {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

// A measured value that no clock or bill can have given is unknown, which is not zero.
std::optional<double> measured(std::optional<element> value, const ReplyFields::From& from, const char* what) {
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

Usage usage_of(std::optional<element> value) {
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

std::optional<CallError> error_in(Teller teller, std::optional<element> value) {
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

// One line, field by field.
class LineReader {
 public:
  LineReader(element line, const ReplyFields& fields, FieldValues& values)
      : line_(line), fields_(fields), values_(values) {}

  std::optional<CallError> error(Teller teller) { return error_in(teller, recorded(fields_.error)); }

  Reply reply(Teller teller) {
    Reply reply;
    if (const auto calls = recorded(fields_.tool_calls)) {
      for (const element call : array_of(*calls, "tool_calls")) reply.tool_calls.push_back(recorded_call_of(call));
    }
    if (const auto grades = recorded(fields_.recorded)) reply.recorded = {canonical_text(*grades)};
    if (const auto documents = recorded(fields_.documents)) {
      for (const element document : array_of(*documents, "documents")) reply.documents.push_back(passage_of(document));
    }
    read_output(teller, reply);
    if (const auto turns = recorded(fields_.transcript)) reply.transcript = transcript_of(*turns);
    if (const auto state = recorded(fields_.state)) reply.state = {canonical_text(*state)};
    reply.usage = usage_of(recorded(fields_.usage));
    reply.latency_ms = measured(recorded(fields_.latency_ms), fields_.latency_ms, "latency_ms");
    reply.cost_usd = measured(recorded(fields_.cost_usd), fields_.cost_usd, "cost_usd");
    if (const auto reason = recorded(fields_.finish_reason)) reply.finish_reason = text_of(*reason, "finish_reason");
    return reply;
  }

 private:
  std::optional<element> recorded(const ReplyFields::From& from) { return values_.recorded(line_, from); }

  // A recording may have kept a reply's grades without its text. A program that was just asked has no such excuse.
  void read_output(Teller teller, Reply& reply) {
    const std::optional<element> output = values_.at(line_, fields_.output);
    if (!output) {
      if (!reply.tool_calls.empty() || !reply.documents.empty()) return;
      if (teller == Teller::program || reply.recorded.absent()) throw Malformed{"there is no output"};
      reply.text_kept = false;
      return;
    }
    if (output->is_null()) return;
    reply.text = output->is_string() ? text_of(*output, "output") : canonical_text(*output);
  }

  element line_;
  const ReplyFields& fields_;
  FieldValues& values_;
};

}  // namespace

struct LineDecoder::State {
  ReplyJson json;
  FieldValues values;
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

std::optional<std::string> LineDecoder::unmapped(const ReplyFields& fields) const {
  try {
    for (const FieldMember each : all_fields) {
      if (!(fields.*each).map.empty()) static_cast<void>(state_->values.at(state_->json.root(), fields.*each));
    }
  } catch (Malformed& misfit) {
    return std::move(misfit.what);
  }
  return std::nullopt;
}

const char* LineDecoder::name(const ReplyFields& fields, LineName& out) const {
  out.trial = 0;
  const std::optional<element> id = state_->values.recorded(state_->json.root(), fields.case_id);
  if (!id) return "a recorded reply without a case id";
  if (!id->is_string() && !id->is_int64() && !id->is_uint64())
    return "the case id is neither a string nor a whole number";
  out.case_id = id_text(*id, "the case id");
  if (out.case_id.empty()) return "the case id is empty";
  const std::optional<element> trial = state_->values.recorded(state_->json.root(), fields.trial);
  if (!trial) return nullptr;
  std::uint64_t number = 0;
  if (trial->get_uint64().get(number) != simdjson::SUCCESS || number > 0xffffffff)
    return "the trial is not a count from 0";
  out.trial = static_cast<std::uint32_t>(number);
  return nullptr;
}

Outcome LineDecoder::outcome(const ReplyFields& fields, Teller teller) const {
  try {
    LineReader line(state_->json.root(), fields, state_->values);
    if (std::optional<CallError> error = line.error(teller)) return std::move(*error);
    Reply reply = line.reply(teller);
    reply.repaired = state_->json.repaired();
    return judged(std::move(reply));
  } catch (Malformed& malformed) {
    return CallError{ErrorKind::malformed_reply, std::move(malformed.what)};
  }
}

}  // namespace headgate::route
