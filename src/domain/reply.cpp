#include "headgate/domain/reply.hpp"

#include "headgate/base/json_append.hpp"

namespace headgate {

Digest reply_digest(const Reply& reply) {
  Hasher hasher;
  hasher.field("headgate/reply/1").field(reply.text).field(reply.finish_reason);
  hasher.field(reply.tool_calls.size());
  for (const ToolCall& call : reply.tool_calls) hasher.field(call.id).field(call.name).field(call.arguments.text);
  hasher.field(reply.documents.size());
  for (const Passage& passage : reply.documents) {
    std::string score;
    if (passage.score) append_json_number(score, *passage.score);
    hasher.field(passage.id).field(passage.text).field(score);
  }
  const bool is_plain =
      reply.transcript.absent() && reply.state.absent() && reply.recorded.absent() && reply.text_kept;
  if (!is_plain) {
    hasher.field(reply.transcript.text).field(reply.state.text).field(reply.recorded.text);
    hasher.field(std::size_t{reply.text_kept});
  }
  return hasher.finish();
}

}  // namespace headgate
