// What the chat APIs have in common once their replies are JSON: a draft that fills up, whole or event by event.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/domain/reply.hpp"
#include "headgate/route/dialect.hpp"
#include "reply_values.hpp"

namespace headgate::route {

struct Draft {
  std::string text;
  std::string refusal;  // the model's own words for not answering
  std::vector<ToolCall> tool_calls;
  Usage usage;
  std::string finish_reason;
  std::string id;
};

// A whole number from 0 to 2^53; nothing for anything else: such a count is unknown, which is not zero.
std::optional<std::int64_t> count_at(simdjson::dom::object members, std::string_view key);
// The same a step deeper; nothing too where the step is not there.
std::optional<std::int64_t> count_at(simdjson::dom::object members, std::string_view step, std::string_view key);

// Adds the text of a content: a string, or a list of parts {type, text} and {type: refusal, refusal}. Null adds
// nothing; parts of other types are no text. Whether anything was added.
bool add_content(simdjson::dom::element content, Draft& draft);

// The error a reply names instead of being one: `error` is there, and neither null, false nor empty. Midway in a stream
// its type counts too: what is overloaded or limited is called so.
// A body or event that calls itself `object: error` is one too.
enum class Where : std::uint8_t { whole, midway };
std::optional<CallError> error_of(simdjson::dom::element error, Where where);
std::optional<CallError> error_member(simdjson::dom::object members, Where where);
// An event whose name says that it is an error.
CallError error_event(simdjson::dom::object event);

// A reply that ended badly stays so, whatever a later event of its stream says.
void end_with(std::string_view finish_reason, Draft& draft);

// One reply of one API, as it comes by a stream.
class Listener {
 public:
  struct Heard {
    bool speech = false;  // text, arguments of a tool call, or reasoning: the first of these is the first token
    bool end = false;     // the reply is whole; what follows is not looked at
    std::optional<CallError> error = {};
  };

  virtual ~Listener() = default;
  // One event. Throws Malformed.
  virtual Heard hear(std::string_view name, simdjson::dom::object event) = 0;
  // Whether the reply is whole, though its end was not heard: the stream ended, with [DONE] or without it.
  virtual bool whole(bool done) const = 0;
  virtual Draft take() = 0;               // once
  virtual const char* lacks() const = 0;  // what a cut stream ended without
};

// One API's replies.
class ChatReader {
 public:
  virtual ~ChatReader() = default;
  // Fills the draft from a whole reply, or says which error it names. Throws Malformed.
  virtual std::optional<CallError> read(simdjson::dom::object reply, Draft& draft) const = 0;
  virtual std::unique_ptr<Listener> listen() const = 0;
};

const ChatReader& chat_completions_reader();
const ChatReader& responses_reader();
const ChatReader& messages_reader();

// A 2xx answer as an outcome, whether it came whole or as a stream.
Outcome read_chat_reply(const ChatReader& reader, const Arrival& arrival);

// What every reader of HTTP replies does with what is none, or with what is one.
std::optional<CallError> no_reply(const Arrival& arrival);  // an error of the way to it, or a status without one
CallError not_json(std::string_view body);
CallError malformed(const std::string& what, std::string_view body);
void doubt(Usage& usage);                              // of a reply that says something: forgets counts that cannot be
void add_facts(const Arrival& arrival, Reply& reply);  // latency, and the request id where the body named none
std::string bounded_id(std::string_view id);           // a name for a request, valid UTF-8

}  // namespace headgate::route
