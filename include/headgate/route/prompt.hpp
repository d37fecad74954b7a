// What a live route is told: the messages made of the prompt and a case.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/result.hpp"
#include "headgate/domain/case.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/domain/reply.hpp"
#include "headgate/domain/template.hpp"

namespace headgate::route {

struct PromptPart {
  std::string role;
  Template text;
  std::string where;  // "prompts/v2.md" or "route.yaml:7", for messages
};

// Empty parts: the case's input alone, as it is. A part that is exactly {{case.input}} takes in a conversation message
// by message; inside other text a conversation does not fit.
struct Prompt {
  std::vector<PromptPart> parts;

  // Fails (input) naming the variable the case lacks and where it is written.
  Result<std::vector<Message>> render(const Case& item) const;
};

// Why a variable of a prompt has nothing to say for a case.
enum class PromptLack : std::uint8_t {
  none,
  missing,       // the case has no such value
  conversation,  // it is a conversation, and stands inside other text
  image,         // it holds an image, which a message of text cannot carry
};
// `whole`: the variable is all of its part.
PromptLack prompt_lack(const Variable& variable, bool whole, const Case& item);

// The request of one call as a JSON object on one line: id, case {id, input, vars, context}, trial, messages and, where
// the route has them, model, params, retrieval, tool_policy. Never the expected answer, segments or graders.
std::string request_line(const CallId& id, const Case& item, std::uint32_t trial, const RouteParts& parts,
                         const std::vector<Message>& messages);

// What the program replied: an object of `output` (text; any other JSON as its text) and where known usage, cost_usd, latency_ms, tool_calls, documents,
// finish_reason, or `error` (a word or {kind, message}; a kind of the route or of the way to it is taken as it is, any
// other word is error_in_reply). Anything else, a key that stands twice included, is malformed_reply. Text is repaired to UTF-8. `latency_ms` is used where the
// reply states none. Thread-safe.
Outcome read_reply_line(std::string_view line, double latency_ms);
// The same for a program that speaks plain text; one line end at its end belongs to the program, not to the text.
Outcome read_reply_text(std::string_view text, double latency_ms);

}  // namespace headgate::route
