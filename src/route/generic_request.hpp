// The request template of generic_http: JSON whose texts hold variables, compiled once, filled for each call.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "headgate/base/result.hpp"
#include "headgate/route/dialect.hpp"

namespace headgate::route {

// What a request can be made of besides the case: all messages, the last message's text, and what the route and the
// call are.
enum class CallVariable : std::uint8_t { messages, prompt, model, params, trial };

// As it is written: {{prompt}}.
std::string braced(std::string_view name);
std::string braced(CallVariable variable);

// Immutable.
class GenericRequest {
 public:
  // Complains of what nobody knows; then the request is of no use.
  GenericRequest(const GenericDialect& what, std::vector<Error>& complaints);

  // Fails (input) where the call lacks a value, naming the variable.
  Result<std::string> fill(const ChatRequest& request) const;

  const std::vector<Variable>& variables() const { return variables_; }  // of the case, each once

 private:
  // JSON as it is, a variable that is a JSON value, or the parts of one JSON string.
  using Word = std::variant<std::string, CallVariable, Variable>;
  struct Text {
    std::vector<Word> words;
  };
  using Piece = std::variant<std::string, CallVariable, Variable, Text>;

  class Compiler;
  class Filler;

  std::vector<Piece> pieces_;
  std::vector<Variable> variables_;
  std::string model_;
  std::string params_;  // a JSON object
};

}  // namespace headgate::route
