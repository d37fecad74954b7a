// One agent's reply and a grader of what it did.
#pragma once

#include "judging.hpp"

namespace headgate::grade::testing {

inline Reply agent_reply(std::string_view transcript, std::string_view state = {}) {
  Reply reply = reply_of("All done.");
  reply.transcript = {std::string(transcript)};
  reply.state = {std::string(state)};
  return reply;
}

inline Outcome judge_agent(const std::string& written, const Reply& reply, std::string_view expected = R"("x")") {
  return outcome_of(step(*grader(written), reply, case_with(expected)));
}

// A reply that called these tools, {name, arguments as JSON}; no arguments: none were recorded.
inline Reply calling(std::initializer_list<std::pair<const char*, const char*>> calls) {
  Reply reply = reply_of("All done.");
  for (const auto& [name, arguments] : calls) reply.tool_calls.push_back({"", name, {arguments}});
  return reply;
}

}  // namespace headgate::grade::testing
