// The languages that model servers speak over HTTP. Pure: a request value to bytes, bytes to a reply value.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "headgate/base/complaints.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/result.hpp"
#include "headgate/domain/case.hpp"
#include "headgate/domain/reply.hpp"
#include "headgate/domain/template.hpp"
#include "headgate/route/rate.hpp"
#include "headgate/route/transport.hpp"

namespace headgate::route {

// What one call says. `item` is null for a question that is about no case (a judge's).
struct ChatRequest {
  const std::vector<Message>* messages = nullptr;
  const Case* item = nullptr;
  std::uint32_t trial = 0;
  std::string schema;  // JSON Schema the reply should follow; empty: free text
};

// What became of one try, as far as pacing and trying again care. `kind` none: a reply came, though it may yet prove
// unreadable.
struct TrySays {
  ErrorKind kind = ErrorKind::none;
  std::string message;  // one sentence for people, escaped and redacted; with the provider's words, cut
  RateSays rate;
  int http_status = 0;            // 0: none came
  std::uint64_t fingerprint = 0;  // of an answer that is an error: equal for the same status and body, but for the ids
                                  // of the single request in it; 0: no answer came
  bool maybe_billed = false;      // the request went out whole and nobody knows what it cost
};

// Immutable, hence thread-safe.
class Dialect {
 public:
  virtual ~Dialect() = default;

  // The body to POST. Fails (input) where a template lacks a value of the case.
  virtual Result<std::string> body(const ChatRequest& request) const = 0;
  // How a key is sent: {"Authorization", "Bearer "} or {"x-api-key", ""}. Empty name: not at all.
  virtual std::pair<std::string, std::string> key_header() const = 0;
  // Further headers the API wants, none of them secret.
  virtual std::vector<std::pair<std::string, std::string>> headers() const { return {}; }
  virtual bool streams() const = 0;
  // It turns texts into vectors and holds no conversation: each message is a text, and what is read is a reply whose
  // text is the vectors as question.hpp writes them.
  virtual bool embeds() const { return false; }

  // The variables of the case that the body is made of besides the messages: what every case of a run must have. Never
  // the expected answer.
  virtual std::vector<Variable> variables() const { return {}; }
  // The most tokens a reply may have, as the body says it; nothing where it says no bound.
  virtual std::optional<double> most_output_tokens() const { return std::nullopt; }

  // A 2xx answer as an outcome; what is no reply has its kind: empty_reply, malformed_reply (no JSON, HTML, another
  // shape), truncated (length, a cut stream, a stream without its end), content_filter, error_in_reply (an error inside
  // a 200, or midway in a stream). Latency is the arrival's; time to first token from its marks; usage, request id,
  // finish reason, tool calls as sent. Text is repaired to UTF-8. Counts that are negative, absurd or no whole numbers
  // are unknown.
  virtual Outcome read(const Arrival& arrival) const = 0;
};

enum class ChatApi : std::uint8_t { chat_completions, responses, messages };

struct ChatDialect {
  ChatApi api = ChatApi::chat_completions;
  std::string model;
  // An object or absent. Its members go into the body as they are, but for those the dialect writes itself (model,
  // messages, input, instructions, system, stream); for `responses`, max_tokens is written max_output_tokens.
  JsonText params;
  bool streams = false;
  bool strict_usage = false;  // ask a streaming server for usage (stream_options)
};
std::shared_ptr<const Dialect> make_dialect(ChatDialect what);

// OpenAI's embeddings, and the many servers that speak it: {"model","input"} and {"data":[{"index","embedding"}]}.
struct EmbeddingsDialect {
  std::string model;
  JsonText params;  // an object or absent; `dimensions` and its kin
};
std::shared_ptr<const Dialect> make_dialect(EmbeddingsDialect what);

// A team's own service. `request` is JSON whose texts may hold {{case.…}}, {{messages}} (all messages as a list of
// role and content), {{prompt}} (the last message's text), {{model}}, {{params}}, {{trial}}; a text that is exactly one
// variable becomes that variable's JSON. The pointers say where things stand in the reply.
struct GenericDialect {
  JsonText request;
  std::string output = "/output";  // JSON pointers; empty: not there
  std::string finish_reason, usage_input, usage_output, tool_calls, documents, transcript, state, cost_usd, error,
      request_id;
  std::string model;
  JsonText params;
};
// Complains (each with a sentence and a hint, without a place) about what `request` names and nobody knows.
std::shared_ptr<const Dialect> make_dialect(GenericDialect what, std::vector<Error>& complaints);

// What an arrival of any HTTP lane means for trying again: by the body's error code first, then the status, then the
// transport's error. Pure. A 2xx is none here; Dialect::read says whether it holds a reply.
TrySays examine(const Arrival& arrival, std::int64_t wall_seconds);

// Whether an error that a dialect read says of a stream that it lacks its end. A reply that ended because it was long
// enough is truncated too, and would end there again; this one may come whole the next time.
bool is_cut_stream(const CallError& error);

// "gpt-4o-2024-08-06" and "gpt-4o-latest" to "gpt-4o": models that share a provider's limits.
std::string model_family(std::string_view model);

}  // namespace headgate::route
