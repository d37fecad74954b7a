// What a judge said, as an answer record holds it.
#pragma once

#include <variant>

#include "headgate/base/json_text.hpp"
#include "headgate/domain/reply.hpp"

namespace headgate::run {

// {"text", "finish_reason", and where there are some: "usage", "cost_usd", "tool_calls"}.
JsonText judge_reply_json(const Reply& reply);
// Our own record, hence strict; one that was edited is judge_failed.
std::variant<Reply, CallError> judge_reply_of(const JsonText& json);

}  // namespace headgate::run
