// What a route returned.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "headgate/base/digest.hpp"
#include "headgate/base/json_text.hpp"
#include "headgate/domain/status.hpp"

namespace headgate {

struct Message {
  std::string role;
  std::string text;
};

struct ToolCall {
  std::string id;
  std::string name;
  JsonText arguments;
};

// A retrieved document.
struct Passage {
  std::string id;
  std::string text;
  std::optional<double> score;
};

// Absent is not zero: an unknown count stays unknown.
struct Usage {
  std::optional<std::int64_t> input_tokens;
  std::optional<std::int64_t> output_tokens;
  std::optional<std::int64_t> cached_input_tokens;
  std::optional<std::int64_t> reasoning_tokens;
};

struct Reply {
  std::string text;  // valid UTF-8
  std::vector<ToolCall> tool_calls;
  std::vector<Passage> documents;
  Usage usage;
  std::optional<double> latency_ms;  // of the successful try alone, finite, >= 0
  std::optional<double> first_token_ms;  // of a stream, the same clock
  std::optional<double> cost_usd;    // finite, >= 0
  std::string finish_reason;
  bool repaired = false;  // the text was not UTF-8 as received
  bool cached = false;    // an earlier run's reply to the same request; it has no latency of its own
  std::string served_by = {};   // the fallback route that answered; empty: the route itself
  std::string request_id = {};  // the provider's
  // What an agent did on the way: an array of turns {"role", "text", "tool_calls", …} (grade/transcript.hpp reads it).
  JsonText transcript = {};
  JsonText state = {};     // of what the agent acted on, at the end; any JSON
  JsonText recorded = {};  // grades that came with a recorded reply: human labels, other tools' scores; any JSON
  bool text_kept = true;   // false: it was recorded for its `recorded` alone, and no other grader can judge it

  // Nothing to judge. A retriever alone replies with documents; graders of text find no text there.
  bool empty() const { return text_kept && text.empty() && tool_calls.empty() && documents.empty(); }
};

// What a call ended with when it did not end with a reply. The message is for people and may quote hostile text.
struct CallError {
  ErrorKind kind = ErrorKind::none;
  std::string message;
};

using Outcome = std::variant<Reply, CallError>;

// Digest of what a grader can see: text, tool calls, documents, finish reason, and transcript, state and recorded grades
// where there are any.
Digest reply_digest(const Reply& reply);

// A number that a grader found on the way to its score: one criterion, one vote.
struct Measure {
  std::string name;    // "tone", "recall@5": letters, digits and `_-@.^`
  double value = 0.0;  // finite
};

struct Grade {
  bool pass = false;
  double score = 0.0;  // in [0, 1]
  std::string reason;  // one sentence
  std::vector<Measure> measures = {};
  // Of a classification: the class that the reply names, and the true one. Both empty, or neither.
  std::string label = {};
  std::string expected_label = {};
};

}  // namespace headgate
