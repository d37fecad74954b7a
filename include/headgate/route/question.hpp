// What a program is asked that is no case's: a judge's question, and texts to be turned into vectors.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/result.hpp"
#include "headgate/domain/reply.hpp"
#include "headgate/domain/route.hpp"

namespace headgate::route {

// {"id","messages","schema","model","params"} on one line; `schema` (a JSON Schema as text), model and params where
// there are any. A reply to it reads as any other (read_reply_line).
std::string question_line(std::string_view id, const std::vector<Message>& messages, const std::string& schema,
                          const RouteParts& parts);
// For a program that speaks plain text: all that is said, a blank line between two messages.
std::string question_text(const std::vector<Message>& messages);

// {"id","input":["…"],"model","params"} on one line.
std::string embed_line(std::string_view id, const std::vector<std::string>& texts, const RouteParts& parts);
// {"embeddings":[[…],…]} and where known usage and cost_usd, or an `error` as any reply has it: a reply whose text is
// the vectors as below.
Outcome read_embed_line(std::string_view line, double latency_ms);

// Vectors as the text of a reply, and back: a JSON list of lists of finite numbers, all as long as the first, which is
// not empty. Reading fails (untrusted) on anything else.
inline constexpr std::size_t most_dimensions = 65'536;
std::string vectors_text(const std::vector<std::vector<double>>& rows);
Result<std::vector<std::vector<double>>> read_vectors(std::string_view text);

}  // namespace headgate::route
