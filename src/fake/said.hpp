// What an answer says, before a dialect writes it down.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "behaviour.hpp"
#include "question.hpp"
#include "sse.hpp"

namespace headgate::fake {

// Counts as JSON text, since a script may want what is no count. Empty: not sent.
struct Tokens {
  std::string input, output, total, cached, reasoning;
  std::string fresh;  // input without cached
  bool null = false;  // `usage` is there and null

  bool absent() const { return input.empty() && !null; }
};

struct Said {
  std::string id;  // 16 digits, by body and attempt
  const Question* question = nullptr;
  std::string text;
  const Behaviour* behaviour = nullptr;
  Tokens usage;
};

// The text as a JSON string without its quotes, garbled where the script wants that.
std::string json_inside(std::string_view text, Garble garble);

// A whole body, or the events of a stream with their end, for each dialect.
std::string chat_body(const Said& said);
std::vector<Event> chat_events(const Said& said);
std::string responses_body(const Said& said);
std::vector<Event> responses_events(const Said& said);
std::string messages_body(const Said& said);
std::vector<Event> messages_events(const Said& said);
std::string embeddings_body(const Said& said);
std::string generic_body(const Said& said);

std::string body_of(Dialect dialect, const Said& said);
// Generic answers and embeddings have none: they are never streamed.
std::vector<Event> events_of(Dialect dialect, const Said& said);

// An error in the shape of the dialect. Empty `type`: the usual one of the status.
struct ErrorWords {
  int status = 500;
  std::string type, code, message;
};
std::string error_body(Dialect dialect, const ErrorWords& words);
Event error_event(Dialect dialect, const std::string& message);

}  // namespace headgate::fake
