#include "error_words.hpp"

#include <algorithm>
#include <string_view>

#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "reply_values.hpp"

namespace headgate::route {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

constexpr std::size_t most_codes = 16;
constexpr std::size_t longest_code = 80;
constexpr std::size_t most_columns = 300;

struct Word {
  std::string_view code;
  ErrorKind kind;
};

// Codes in lower case, of the providers and servers that people reach through these dialects.
constexpr Word known_codes[] = {
    {"insufficient_quota", ErrorKind::quota},
    {"credit_balance_exhausted", ErrorKind::quota},
    {"billing_error", ErrorKind::quota},
    {"billing_hard_limit_reached", ErrorKind::quota},
    {"billing_not_active", ErrorKind::quota},
    {"insufficient_balance", ErrorKind::quota},
    {"insufficient_credits", ErrorKind::quota},
    {"insufficient_funds", ErrorKind::quota},
    {"payment_required", ErrorKind::quota},
    {"invalid_api_key", ErrorKind::key_refused},
    {"incorrect_api_key", ErrorKind::key_refused},
    {"api_key_invalid", ErrorKind::key_refused},
    {"authentication_error", ErrorKind::key_refused},
    {"unauthenticated", ErrorKind::key_refused},
    {"account_deactivated", ErrorKind::key_refused},
    {"context_length_exceeded", ErrorKind::context_too_long},
    {"context_window_exceeded", ErrorKind::context_too_long},
    {"model_context_window_exceeded", ErrorKind::context_too_long},
    {"exceed_context_size_error", ErrorKind::context_too_long},
    {"prompt_too_long", ErrorKind::context_too_long},
    {"input_too_long", ErrorKind::context_too_long},
    {"content_filter", ErrorKind::content_filter},
    {"content_filtered", ErrorKind::content_filter},
    {"content_policy_violation", ErrorKind::content_filter},
    {"responsibleaipolicyviolation", ErrorKind::content_filter},
    {"moderation_blocked", ErrorKind::content_filter},
    {"data_inspection_failed", ErrorKind::content_filter},
    {"overloaded_error", ErrorKind::overloaded},
    {"overloaded", ErrorKind::overloaded},
    {"engine_overloaded", ErrorKind::overloaded},
    {"model_overloaded", ErrorKind::overloaded},
    {"slow_down", ErrorKind::overloaded},
    {"rate_limit_error", ErrorKind::rate_limited},
    {"rate_limit_exceeded", ErrorKind::rate_limited},
    {"rate_limited", ErrorKind::rate_limited},
    {"too_many_requests", ErrorKind::rate_limited},
    {"resource_exhausted", ErrorKind::rate_limited},
};

// Parts of codes that name a cap on spending, whatever a provider puts around them.
constexpr std::string_view spend_caps[] = {"spend_limit", "spend_cap", "spending_limit", "usage_limit_exceeded",
                                           "usage_limit_reached"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

ErrorKind kind_of_code(const std::string& written) {
  const std::string code = lower(written);
  for (const Word& word : known_codes) {
    if (code == word.code) return word.kind;
  }
  const bool caps = std::any_of(std::begin(spend_caps), std::end(spend_caps),
                                [&](std::string_view part) { return code.find(part) != code.npos; });
  return caps ? ErrorKind::quota : ErrorKind::none;
}

// A code is a word, or the number that some servers repeat the status with.
void add_code(ErrorWords& out, object members, std::string_view key) {
  const auto value = get(members, key);
  if (!value || out.codes.size() >= most_codes) return;
  std::string code;
  if (value->is_string()) code = text_of(*value, "code");
  if (value->is_int64() || value->is_uint64()) code = simdjson::minify(*value);
  if (code.empty() || code.size() > longest_code) return;
  if (std::find(out.codes.begin(), out.codes.end(), code) == out.codes.end()) out.codes.push_back(std::move(code));
}

void add_codes(ErrorWords& out, object members) {
  for (const std::string_view key : {"code", "type", "error_code", "reason", "status"}) add_code(out, members, key);
}

std::optional<object> object_at(object members, std::string_view key) {
  const auto value = get(members, key);
  object found;
  if (!value || value->get_object().get(found) != simdjson::SUCCESS) return std::nullopt;
  return found;
}

void add_message(ErrorWords& out, object members) {
  for (const std::string_view key : {"message", "detail", "title", "msg", "error_description"}) {
    if (!out.message.empty()) return;
    out.message = word_at(members, key);
  }
}

// `details` is an object at some providers, a list of them at others.
void add_details(ErrorWords& out, object members) {
  if (const auto inner = object_at(members, "innererror")) add_codes(out, *inner);
  if (const auto details = object_at(members, "details")) add_codes(out, *details);
  const auto list = get(members, "details");
  if (list && list->is_array()) {
    for (const element each : array_of(*list, "details")) {
      object detail;
      if (each.get_object().get(detail) == simdjson::SUCCESS) add_code(out, detail, "reason");
    }
  }
  if (const auto metadata = object_at(members, "metadata")) out.flagged = get(*metadata, "flagged_input").has_value();
}

element first_of(element list) {
  for (const element each : array_of(list, "a list")) return each;
  return list;
}

}  // namespace

ErrorWords words_of_error(object error) {
  ErrorWords out;
  add_details(out, error);
  add_codes(out, error);
  add_message(out, error);
  return out;
}

ErrorWords words_of_error(element error) {
  object members;
  if (error.get_object().get(members) == simdjson::SUCCESS) return words_of_error(members);
  ErrorWords out;
  if (error.is_string()) out.message = text_of(error, "error");
  return out;
}

ErrorWords error_words(element body) {
  if (body.is_array()) body = first_of(body);
  object members;
  if (body.get_object().get(members) != simdjson::SUCCESS) return {};
  if (const auto error = get(members, "error")) {
    ErrorWords out = words_of_error(*error);
    // {"error": "invalid_request", "message": "…"}: the words stand beside each other.
    if (error->is_string()) {
      const ErrorWords beside = words_of_error(members);
      if (!beside.message.empty()) {
        if (out.message.size() <= longest_code) out.codes.push_back(std::move(out.message));
        out.message = beside.message;
      }
      out.codes.insert(out.codes.end(), beside.codes.begin(), beside.codes.end());
    }
    return out;
  }
  const auto errors = get(members, "errors");
  if (errors && errors->is_array()) return words_of_error(first_of(*errors));
  const auto detail = get(members, "detail");
  if (detail && detail->is_array()) return words_of_error(first_of(*detail));
  if (detail && detail->is_object()) return words_of_error(*detail);
  return words_of_error(members);
}

ErrorKind kind_of(const ErrorWords& words) {
  if (words.flagged) return ErrorKind::content_filter;
  ErrorKind found = ErrorKind::none;
  for (const std::string& code : words.codes) {
    const ErrorKind kind = kind_of_code(code);
    // A spend cap is said beside the type of a rate limit: it must not be taken for one.
    if (kind == ErrorKind::quota) return kind;
    if (found == ErrorKind::none) found = kind;
  }
  return found;
}

ErrorKind kind_of_message(const std::string& message) {
  constexpr std::string_view caps[] = {"Your credit balance is too low", "You have reached your specified API usage",
                                       "You have reached your specified workspace API usage"};
  for (const std::string_view start : caps) {
    if (message.starts_with(start)) return ErrorKind::quota;
  }
  constexpr std::string_view too_long[] = {"prompt is too long:", "input is too long", "maximum context length",
                                           "available context size", "exceed context limit"};
  const std::string folded = lower(std::string_view(message).substr(0, most_columns));
  for (const std::string_view part : too_long) {
    if (folded.find(part) != folded.npos) return ErrorKind::context_too_long;
  }
  return ErrorKind::none;
}

std::string said(const ErrorWords& words) {
  std::string out;
  for (const std::string& code : words.codes) {
    // A number repeats the status, which the sentence around has already.
    if (code.find_first_not_of("0123456789") == code.npos) continue;
    out = terminal_line(code);
    break;
  }
  if (!is_blank(words.message)) {
    if (!out.empty()) out += ": ";
    out += terminal_line(std::string_view(words.message).substr(0, 8 * most_columns));
  }
  return elide(out, most_columns);
}

}  // namespace headgate::route
