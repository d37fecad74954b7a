// What an agent did, read from the transcript of its reply. Takes the shapes that agents are recorded in: chat messages
// (content, tool_calls, tool_call_id), blocks (tool_use, tool_result), items (function_call, function_call_output), and
// plain turns of {role, text}. Strict about what it cannot read: a rule about something unread must not hold by
// accident.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/json.hpp"
#include "headgate/domain/reply.hpp"
#include "verdict.hpp"

namespace headgate::grade {

inline constexpr std::size_t max_turns_read = 20'000;
inline constexpr std::size_t max_calls_read = 5'000;

enum class Speaker { system, user, agent, tool };
const char* name(Speaker speaker);  // "assistant" for the agent

struct MadeCall {
  std::string id, name;
  std::optional<JsonText> arguments;  // canonical; absent where none were recorded, which is not {}
  std::size_t turn = 0;               // from 1; 0: the transcript does not have it
};

// One thing that happened.
struct Event {
  enum class Kind { said, called, answered };

  Kind kind = Kind::said;
  std::size_t turn = 0;              // from 1
  Speaker speaker = Speaker::agent;  // of what was said
  std::string text = {};             // what was said, or what a tool answered: a text as it is, other JSON canonical
  std::size_t call = 0;              // called and answered: index into calls
  bool failed = false;               // answered: by its own word an error
  std::optional<double> latency_ms = {};  // answered: where it was recorded
};

struct Transcript {
  std::vector<Event> events;
  std::vector<MadeCall> calls;
  std::size_t agent_turns = 0;

  const std::string& tool(const Event& event) const { return calls[event.call].name; }
};

// An error names the turn.
Judged<Transcript> read_transcript(const JsonText& text);

// The calls that a reply made: those of its transcript, then those of its tool_calls whose ids the transcript does not
// have. Where the transcript has no calls at all, or there is none, the reply's tool_calls as they are.
Judged<std::vector<MadeCall>> calls_of(const Reply& reply);

// Arguments as JSON, or why they cannot be looked at.
Judged<Json> arguments_of(const MadeCall& call);

}  // namespace headgate::grade
