// What a model server says went wrong, in whatever shape it says so.
#pragma once

#include <simdjson.h>

#include <string>
#include <vector>

#include "headgate/domain/status.hpp"

namespace headgate::route {

struct ErrorWords {
  std::vector<std::string> codes;  // codes, types and reasons meant for programs, as written, the nearest first
  std::string message;             // the sentence meant for people, as written
  bool flagged = false;            // the body names the part of the request that a moderation refused

  bool empty() const { return codes.empty() && message.empty(); }
};

// The words of an error body: {error: {message, type, code, …}}, {error: "…"}, {type, title, detail}, {message},
// {detail}, {errors: […]}, or a list that begins with one of these. Empty where the value says nothing of the kind.
ErrorWords error_words(simdjson::dom::element body);

// The words of an error itself.
ErrorWords words_of_error(simdjson::dom::element error);
ErrorWords words_of_error(simdjson::dom::object error);

// What the codes alone say, whatever the status: none where they are unknown, or say no more than the status does.
ErrorKind kind_of(const ErrorWords& words);

// What the message says that some servers have no code for. Only sentences that begin as the provider begins them, or
// that no case's text is likely to hold; asked where the status says that the request was refused.
ErrorKind kind_of_message(const std::string& message);

// "overloaded_error: Overloaded", cut and escaped; "" for empty words.
std::string said(const ErrorWords& words);

}  // namespace headgate::route
