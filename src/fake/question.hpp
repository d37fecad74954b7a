// What a request asks, whatever dialect it is written in.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace headgate::fake {

enum class Dialect : std::uint8_t { chat, responses, messages, embeddings, generic };

// By the end of the path: /chat/completions, /responses, /messages, /embeddings; anything else is generic.
Dialect dialect_of(std::string_view path);
const char* name_of(Dialect dialect);

struct Question {
  std::string model;
  std::string input;  // the text of the last message of a user; generic: `input`, `prompt`, `question`, else the body
  std::vector<std::string> texts;  // embeddings: all of them; `input` is the last
  std::uint64_t dimensions = 0;    // embeddings: asked for; 0: not said
  bool stream = false;
  bool stream_usage = false;      // Chat Completions: stream_options.include_usage
  std::uint64_t most_tokens = 0;  // what the reply may cost at most; 0: not said
};

// Reads bodies one after the other (it keeps the parser's memory). Not thread-safe.
class QuestionReader {
 public:
  QuestionReader();
  ~QuestionReader();
  QuestionReader(const QuestionReader&) = delete;
  QuestionReader& operator=(const QuestionReader&) = delete;

  // False where the body is no JSON object; generic bodies may be anything.
  bool read(Dialect dialect, std::string_view body, Question& out);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace headgate::fake
