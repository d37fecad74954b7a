// What a script says about one answer: what is said, how it is shaped, what goes wrong with it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace headgate::fake {

using Micros = std::int64_t;  // durations, and instants since the server began

struct AnswerRule {
  std::string text;    // of the input
  bool whole = false;  // the input is that text, rather than contains it
  std::string answer;
};

struct ToolUse {
  std::string name;
  std::string arguments;  // JSON text
};

enum class Finish : std::uint8_t { stop, length, content_filter, refusal, tool_calls, unknown };
enum class Garble : std::uint8_t { none, bad_utf8, nul, surrogate };
enum class UsageKind : std::uint8_t { estimated, given, missing, null, negative, absurd, fractional, text };

struct UsageScript {
  UsageKind kind = UsageKind::estimated;
  std::int64_t input = 0, output = 0, cached = 0, reasoning = 0;
};

struct StreamScript {
  std::uint32_t piece = 16;  // bytes of text an event, about
  Micros gap = 0;            // before each event but the first
  bool comments = false, crlf = false, multi_line = false, bom = false, tight = false;
  bool done = true;                          // the dialect's end of a stream
  std::optional<std::uint32_t> error_after;  // events
  std::string error_message;
};

enum class CutIn : std::uint8_t { head, body, chunk, events };
// `finish`: the transfer ends as if it were whole.
enum class CutHow : std::uint8_t { close, reset, finish };
struct Cut {
  CutIn in = CutIn::body;
  std::uint64_t after = 0;  // bytes or events
  CutHow how = CutHow::close;
};

enum class Instead : std::uint8_t { answer, close, reset, never };
enum class Framing : std::uint8_t { length, chunked, close };

struct Drip {
  std::uint32_t bytes = 0;  // 0: none
  Micros every = 0;
};

struct Behaviour {
  std::string text = "ok";
  bool echo = true;
  std::vector<AnswerRule> answers;
  std::unordered_map<std::string, std::string> table;
  double wrong_share = 0;
  std::string wrong_text = "wrong";
  Finish finish = Finish::stop;
  std::vector<ToolUse> tools;
  UsageScript usage;
  Garble garble = Garble::none;
  StreamScript stream;
  std::string generic;  // JSON text with {{text}} and others; empty: the usual one

  Micros delay = 0, jitter = 0;
  double spread = 0;  // sigma of a log-normal factor on the delay
  int status = 200;
  std::optional<std::string> body;
  std::string content_type;  // empty: as the body has it
  std::vector<std::pair<std::string, std::string>> headers;
  std::string retry_after;
  std::string error_type, error_code, error_message;
  std::optional<std::string> raw;  // the whole answer, head included
  Drip drip;
  std::optional<Cut> cut;
  Instead instead = Instead::answer;
  std::uint64_t huge = 0, bomb = 0;  // bytes, decoded
  bool gzip = false;
  Framing framing = Framing::length;
  std::optional<std::uint64_t> content_length;  // what is claimed
  std::string location;
};

// All that is written must hold.
struct When {
  std::vector<std::uint64_t> index;  // of the request in its profile, from 1
  std::uint64_t first = 0;           // 0: not asked
  std::uint64_t every = 0;
  std::vector<std::uint64_t> attempt;  // which time this body is asked, from 1
  std::uint64_t attempts_to = 0;
  std::vector<std::string> contains;  // any of them, in the body or in the input
  std::string equals;                 // the input
  std::string model;
  std::optional<bool> stream;
  std::optional<double> share;           // of the bodies
  std::optional<double> share_of_tries;  // of bodies and attempts
  Micros until = 0, from = 0;            // since the first request
};

struct Rule {
  When when;
  Behaviour behaviour;
};

enum class LimitKind : std::uint8_t { bucket, window, in_flight, tokens };
enum class LimitHeaders : std::uint8_t { none, openai, anthropic };

struct Limit {
  LimitKind kind = LimitKind::bucket;
  double amount = 0;  // requests or tokens a period; in_flight: at once
  Micros period = 0;
  double burst = 0;
  double rejected_cost = 0;
  Micros halve_after = 0;  // 0: never
  int status = 429;
  std::string retry_after;  // "none", "auto", or as written
  bool in_ms = false;       // by Retry-After-Ms
  LimitHeaders headers = LimitHeaders::none;
};

struct KeyCheck {
  std::string bearer, x_api_key;  // either one is enough; both empty: no check
  bool echo = false;              // the refusal repeats what was sent
};

struct Profile {
  std::string name;  // "" for paths that begin with no name
  Behaviour behaviour;
  std::vector<Rule> rules;  // the first that matches replaces `behaviour`
  std::vector<Limit> limits;
  KeyCheck key;
  std::vector<std::string> models = {"fake-model"};
};

enum class Certificate : std::uint8_t { none, good, expired, wrong_host, self_signed };

}  // namespace headgate::fake
