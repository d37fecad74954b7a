#include "chat_reply.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "error_words.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "judged.hpp"
#include "reply_json.hpp"
#include "sse.hpp"

namespace headgate::route {

using simdjson::dom::element;
using simdjson::dom::object;

namespace {

constexpr std::int64_t most_count = std::int64_t{1} << 53;
constexpr std::size_t longest_id = 200;
constexpr std::size_t most_columns = 200;
// 204 and 205 have no body, 206 is a part of one, and what is above speaks of other things.
constexpr int last_whole_status = 203;
constexpr std::string_view done_marker = "[DONE]";
constexpr std::string_view cut_stream = "the stream ended without ";

bool begins_with(std::string_view body, char c) {
  const std::size_t first = body.find_first_not_of(" \t\r\n");
  return first != body.npos && body[first] == c;
}

// A server may answer with plain JSON though a stream was asked for (its errors above all), and the other way round.
bool is_stream(const Arrival& arrival) {
  if (begins_with(arrival.bytes, '{')) return false;
  const std::string* type = arrival.http ? arrival.http->header("content-type") : nullptr;
  if (type != nullptr && type->starts_with("text/event-stream")) return true;
  return looks_like_sse(arrival.bytes);
}

Outcome concluded(Draft&& draft, bool repaired, const Arrival& arrival, std::optional<double> first_token_ms) {
  Reply reply;
  reply.text = std::move(draft.text);
  reply.finish_reason = std::move(draft.finish_reason);
  if (!draft.refusal.empty()) {
    reply.text += draft.refusal;
    // A refusal is a reply that a grader may want; one that was cut or filtered is none all the same.
    if (ending_of(reply.finish_reason) == ErrorKind::none) reply.finish_reason = "refusal";
  }
  reply.tool_calls = std::move(draft.tool_calls);
  reply.usage = draft.usage;
  doubt(reply.usage);
  reply.request_id = bounded_id(draft.id);
  reply.repaired = repaired;
  reply.first_token_ms = first_token_ms;
  add_facts(arrival, reply);
  return judged(std::move(reply));
}

Outcome read_whole(const ChatReader& reader, const Arrival& arrival) {
  ReplyJson& json = reply_json_of_thread();
  object reply;
  if (!json.parse(arrival.bytes) || json.root().get_object().get(reply) != simdjson::SUCCESS) {
    return not_json(arrival.bytes);
  }
  try {
    if (const auto twice = repeated_key(json.root()))
      throw Malformed{quoted(*twice, most_columns) + " stands in it twice"};
    Draft draft;
    if (auto error = reader.read(reply, draft)) return std::move(*error);
    return concluded(std::move(draft), json.repaired(), arrival, std::nullopt);
  } catch (const Malformed& why) {
    return malformed(why.what, arrival.bytes);
  }
}

CallError error_of_words(const ErrorWords& words, const std::string& json, Where where) {
  std::string message = "the reply is an error: ";
  message += words.empty() ? quoted(json, most_columns) : said(words);
  switch (const ErrorKind kind = kind_of(words)) {
    case ErrorKind::content_filter:
    case ErrorKind::context_too_long:
    case ErrorKind::quota:
    case ErrorKind::key_refused:
      return {kind, std::move(message)};
    case ErrorKind::overloaded:
    case ErrorKind::rate_limited:
      return {where == Where::midway ? kind : ErrorKind::error_in_reply, std::move(message)};
    default:
      return {ErrorKind::error_in_reply, std::move(message)};
  }
}

// When so many bytes of the body were there.
std::optional<double> ms_of(const Arrival& arrival, std::size_t bytes) {
  if (!arrival.http) return std::nullopt;
  const auto& marks = arrival.http->marks;
  const auto mark = std::lower_bound(marks.begin(), marks.end(), bytes,
                                     [](const auto& each, std::size_t n) { return each.bytes < n; });
  if (mark == marks.end() || !std::isfinite(mark->ms) || mark->ms < 0.0) return std::nullopt;
  return mark->ms;
}

// Steps through a stream until the listener has heard the end of the reply, or an error.
class Stream {
 public:
  Stream(Listener& listener, const Arrival& arrival) : listener_(listener), arrival_(arrival) {}

  Outcome read() {
    SseReader events(arrival_.bytes);
    for (SseEvent event; !whole_ && events.next(event);) {
      ++count_;
      try {
        if (auto error = take(event)) return std::move(*error);
      } catch (const Malformed& why) {
        return malformed("event " + std::to_string(count_) + " of the stream: " + why.what, event.data);
      }
    }
    try {
      return conclude();
    } catch (const Malformed& why) {
      return malformed("the stream: " + why.what, arrival_.bytes);
    }
  }

 private:
  std::optional<CallError> take(const SseEvent& event) {
    if (event.data == done_marker) {
      done_ = whole_ = true;
      return std::nullopt;
    }
    ReplyJson& json = reply_json_of_thread();
    object members;
    if (!json.parse(event.data) || json.root().get_object().get(members) != simdjson::SUCCESS) {
      throw Malformed{"it is no JSON object"};
    }
    if (const auto twice = repeated_key(json.root()))
      throw Malformed{quoted(*twice, most_columns) + " stands in it twice"};
    repaired_ = repaired_ || json.repaired();
    Listener::Heard heard = listener_.hear(event.name, members);
    if (heard.speech && !spoke_) {
      spoke_ = true;
      first_token_ms_ = ms_of(arrival_, event.end);
    }
    ended_ = whole_ = heard.end;
    return std::move(heard.error);
  }

  Outcome conclude() {
    const bool whole = ended_ || listener_.whole(done_);
    Draft draft = listener_.take();
    if (whole) return concluded(std::move(draft), repaired_, arrival_, first_token_ms_);
    std::string why = std::string(cut_stream) + listener_.lacks() + " after " + plural(count_, "event");
    if (count_ == 0 && !is_blank(arrival_.bytes)) why += ": " + quoted(arrival_.bytes, most_columns);
    if (!draft.text.empty()) why += ": " + quoted(draft.text, most_columns);
    return CallError{ErrorKind::truncated, std::move(why)};
  }

  Listener& listener_;
  const Arrival& arrival_;
  std::size_t count_ = 0;
  bool whole_ = false;  // nothing further is looked at
  bool ended_ = false;  // the listener said so
  bool done_ = false;   // [DONE] came
  bool repaired_ = false;
  bool spoke_ = false;
  std::optional<double> first_token_ms_;
};

}  // namespace

std::optional<std::int64_t> count_at(object members, std::string_view key) {
  element found;
  if (members.at_key(key).get(found) != simdjson::SUCCESS) return std::nullopt;
  double number = 0.0;
  if (found.get_double().get(number) != simdjson::SUCCESS || number != std::floor(number)) return std::nullopt;
  if (number < 0.0 || number > static_cast<double>(most_count)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::optional<std::int64_t> count_at(object members, std::string_view step, std::string_view key) {
  const auto deeper = get(members, step);
  object inside;
  if (!deeper || deeper->get_object().get(inside) != simdjson::SUCCESS) return std::nullopt;
  return count_at(inside, key);
}

bool add_content(element content, Draft& draft) {
  const std::size_t before = draft.text.size() + draft.refusal.size();
  if (content.is_null()) return false;
  if (content.is_string()) {
    draft.text += words_of(content, "the content");
  } else {
    for (const element part : array_of(content, "the content")) {
      if (part.is_string()) {
        draft.text += words_of(part, "a part of the content");
        continue;
      }
      const object members = object_of(part, "a part of the content");
      const std::string_view type = word_at(members, "type");
      if (const auto text = get(members, "text"); text && (type == "text" || type == "output_text")) {
        draft.text += words_of(*text, "the text of a part");
      }
      if (const auto refusal = get(members, "refusal"); refusal && type == "refusal") {
        draft.refusal += words_of(*refusal, "the refusal of a part");
      }
    }
  }
  return draft.text.size() + draft.refusal.size() > before;
}

std::optional<CallError> error_of(element error, Where where) {
  bool flag = false;
  if (error.is_null() || (error.get_bool().get(flag) == simdjson::SUCCESS && !flag)) return std::nullopt;
  std::string_view text;
  if (error.get_string().get(text) == simdjson::SUCCESS && text.empty()) return std::nullopt;
  return error_of_words(words_of_error(error), simdjson::minify(error), where);
}

CallError error_event(object event) {
  if (auto error = error_member(event, Where::midway)) return std::move(*error);
  return error_of_words(words_of_error(event), simdjson::minify(event), Where::midway);
}

std::optional<CallError> error_member(object members, Where where) {
  if (const auto error = get(members, "error")) {
    if (auto named = error_of(*error, where)) return named;
  }
  if (word_at(members, "object") != "error") return std::nullopt;
  return error_of_words(words_of_error(members), simdjson::minify(members), where);
}

std::optional<CallError> no_reply(const Arrival& arrival) {
  const int status = arrival.http ? arrival.http->status : 200;
  if (arrival.error == ErrorKind::none && status >= 200 && status < 300) {
    if (status <= last_whole_status) return std::nullopt;
    return CallError{ErrorKind::malformed_reply, "HTTP " + std::to_string(status) + " brings no whole reply"};
  }
  TrySays says = examine(arrival, 0);
  return CallError{says.kind, std::move(says.message)};
}

CallError not_json(std::string_view body) {
  if (is_blank(body)) return {ErrorKind::malformed_reply, "the reply has no body"};
  const char* what =
      begins_with(body, '<') ? "the reply is a page for a browser, not JSON: " : "the reply is no whole JSON object: ";
  return {ErrorKind::malformed_reply, what + quoted(body.substr(0, most_columns), most_columns)};
}

CallError malformed(const std::string& what, std::string_view body) {
  return {ErrorKind::malformed_reply, what + ": " + quoted(body.substr(0, most_columns), most_columns)};
}

void end_with(std::string_view finish_reason, Draft& draft) {
  if (ending_of(draft.finish_reason) == ErrorKind::none) draft.finish_reason = finish_reason;
}

bool is_cut_stream(const CallError& error) {
  return error.kind == ErrorKind::truncated && error.message.starts_with(cut_stream);
}

std::string bounded_id(std::string_view id) { return repair_utf8(first_columns(id, longest_id)); }

// Nobody is answered without having asked, and the cached tokens are part of the input: where they are more, one of the
// two was counted otherwise, and nobody can say which.
void doubt(Usage& usage) {
  if (usage.input_tokens && usage.cached_input_tokens && *usage.cached_input_tokens > *usage.input_tokens) {
    usage.input_tokens.reset();
    usage.cached_input_tokens.reset();
  }
  if (usage.input_tokens == 0) usage.input_tokens.reset();
}

void add_facts(const Arrival& arrival, Reply& reply) {
  if (std::isfinite(arrival.latency_ms) && arrival.latency_ms >= 0.0) reply.latency_ms = arrival.latency_ms;
  if (!reply.request_id.empty() || !arrival.http) return;
  for (const std::string_view name : {"x-request-id", "request-id"}) {
    if (const std::string* id = arrival.http->header(name)) {
      reply.request_id = bounded_id(*id);
      return;
    }
  }
}

Outcome read_chat_reply(const ChatReader& reader, const Arrival& arrival) {
  if (auto none = no_reply(arrival)) return std::move(*none);
  if (!is_stream(arrival)) return read_whole(reader, arrival);
  const std::unique_ptr<Listener> listener = reader.listen();
  return Stream(*listener, arrival).read();
}

}  // namespace headgate::route
