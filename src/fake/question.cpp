#include "question.hpp"

#include <simdjson.h>

#include "headgate/base/unicode.hpp"

namespace headgate::fake {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

std::string_view text_of(const object& from, const char* key) {
  std::string_view text;
  return from[key].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

// A text, or the texts of a list of parts.
void append_content(const element& content, std::string& out) {
  std::string_view text;
  if (content.get(text) == simdjson::SUCCESS) {
    out += text;
    return;
  }
  array parts;
  if (content.get(parts) != simdjson::SUCCESS) return;
  for (const element part : parts) {
    object fields;
    if (part.get(fields) == simdjson::SUCCESS) out += text_of(fields, "text");
  }
}

std::string last_of_user(const array& messages) {
  std::string last;
  for (const element each : messages) {
    object message;
    element content;
    if (each.get(message) != simdjson::SUCCESS || text_of(message, "role") != "user") continue;
    if (message["content"].get(content) != simdjson::SUCCESS) continue;
    last.clear();
    append_content(content, last);
  }
  return last;
}

void read_input(const object& body, const char* key, Question& out) {
  element value;
  if (body[key].get(value) != simdjson::SUCCESS) return;
  std::string_view text;
  array messages;
  if (value.get(text) == simdjson::SUCCESS) out.input = text;
  if (value.get(messages) == simdjson::SUCCESS) out.input = last_of_user(messages);
}

// One text, or a list of them.
void read_texts(const object& body, Question& out) {
  element value;
  if (body["input"].get(value) != simdjson::SUCCESS) return;
  std::string_view text;
  array texts;
  if (value.get(text) == simdjson::SUCCESS) out.texts.emplace_back(text);
  if (value.get(texts) == simdjson::SUCCESS) {
    for (const element each : texts) {
      if (each.get(text) == simdjson::SUCCESS) out.texts.emplace_back(text);
    }
  }
  if (!out.texts.empty()) out.input = out.texts.back();
}

std::uint64_t first_number(const object& body, std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    std::uint64_t value = 0;
    if (body[key].get(value) == simdjson::SUCCESS) return value;
  }
  return 0;
}

bool is_true(const object& body, const char* key) {
  bool value = false;
  return body[key].get(value) == simdjson::SUCCESS && value;
}

}  // namespace

struct QuestionReader::Parser {
  simdjson::dom::parser parser;
};

QuestionReader::QuestionReader() : parser_(std::make_unique<Parser>()) {}
QuestionReader::~QuestionReader() = default;

Dialect dialect_of(std::string_view path) {
  if (path.ends_with("/chat/completions")) return Dialect::chat;
  if (path.ends_with("/responses")) return Dialect::responses;
  if (path.ends_with("/messages")) return Dialect::messages;
  if (path.ends_with("/embeddings")) return Dialect::embeddings;
  return Dialect::generic;
}

const char* name_of(Dialect dialect) {
  switch (dialect) {
    case Dialect::chat:
      return "chat";
    case Dialect::responses:
      return "responses";
    case Dialect::messages:
      return "messages";
    case Dialect::embeddings:
      return "embeddings";
    case Dialect::generic:
      break;
  }
  return "generic";
}

bool QuestionReader::read(Dialect dialect, std::string_view body, Question& out) {
  out = Question();
  object fields;
  if (parser_->parser.parse(body.data(), body.size()).get(fields) != simdjson::SUCCESS) {
    if (dialect == Dialect::generic) out.input = repair_utf8(body);
    return dialect == Dialect::generic;
  }
  out.model = text_of(fields, "model");
  out.stream = is_true(fields, "stream");
  out.most_tokens = first_number(fields, {"max_tokens", "max_completion_tokens", "max_output_tokens"});
  switch (dialect) {
    case Dialect::chat: {
      object options;
      if (fields["stream_options"].get(options) == simdjson::SUCCESS)
        out.stream_usage = is_true(options, "include_usage");
      read_input(fields, "messages", out);
      break;
    }
    case Dialect::messages:
      read_input(fields, "messages", out);
      break;
    case Dialect::responses:
      read_input(fields, "input", out);
      break;
    case Dialect::embeddings:
      read_texts(fields, out);
      out.dimensions = first_number(fields, {"dimensions"});
      break;
    case Dialect::generic:
      for (const char* key : {"messages", "question", "prompt", "input"}) read_input(fields, key, out);
      if (out.input.empty()) out.input = body;
      break;
  }
  return true;
}

}  // namespace headgate::fake
