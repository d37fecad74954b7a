#include "live_work.hpp"

#include <utility>

#include "headgate/base/assert.hpp"

namespace headgate::run {

std::variant<route::Call, CallError> request_to(const config::Route& route, std::size_t lane, const CallId& id,
                                                const Case& item, std::uint32_t trial) {
  HG_ASSERT(route.program.has_value());
  Result<std::vector<Message>> messages = route.prompt.render(item);
  if (!messages) return CallError{ErrorKind::request_rejected, std::move(messages.error().message)};
  route::Call call;
  call.lane = lane;
  call.id = id.hex();
  if (route.program->speaks != route::Speaks::text_once) {
    call.payload = route::request_line(id, item, trial, route.use.parts, *messages);
  } else if (!messages->empty()) {
    call.payload = std::move(messages->back().text);
  }
  return call;
}

namespace {

// A value that was written with escapes shows itself only in the decoded text.
void hide(const Redactor& secrets, Outcome& outcome) {
  if (auto* error = std::get_if<CallError>(&outcome)) {
    error->message = secrets(std::move(error->message));
    return;
  }
  Reply& reply = std::get<Reply>(outcome);
  reply.text = secrets(std::move(reply.text));
  reply.finish_reason = secrets(std::move(reply.finish_reason));
  for (ToolCall& call : reply.tool_calls) {
    call.id = secrets(std::move(call.id));
    call.name = secrets(std::move(call.name));
    call.arguments.text = secrets(std::move(call.arguments.text));
  }
  for (Passage& passage : reply.documents) {
    passage.id = secrets(std::move(passage.id));
    passage.text = secrets(std::move(passage.text));
  }
}

}  // namespace

Outcome outcome_of(const config::Route& route, const route::Arrival& arrival) {
  HG_ASSERT(route.program.has_value());
  if (arrival.error != ErrorKind::none) return CallError{arrival.error, arrival.message};
  Outcome outcome = route.program->speaks == route::Speaks::text_once
                        ? route::read_reply_text(arrival.bytes, arrival.latency_ms)
                        : route::read_reply_line(arrival.bytes, arrival.latency_ms);
  if (route.program->secrets && !route.program->secrets->empty()) hide(*route.program->secrets, outcome);
  auto* error = std::get_if<CallError>(&outcome);
  // A program that says of itself what only we can say.
  if (error != nullptr && status_of(error->kind) == Status::not_run) error->kind = ErrorKind::error_in_reply;
  return outcome;
}

}  // namespace headgate::run
