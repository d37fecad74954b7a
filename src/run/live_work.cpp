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

Outcome outcome_of(const config::Route& route, const route::Arrival& arrival) {
  HG_ASSERT(route.program.has_value());
  if (arrival.error != ErrorKind::none) return CallError{arrival.error, arrival.message};
  Outcome outcome = route.program->speaks == route::Speaks::text_once
                        ? route::read_reply_text(arrival.bytes, arrival.latency_ms)
                        : route::read_reply_line(arrival.bytes, arrival.latency_ms);
  auto* error = std::get_if<CallError>(&outcome);
  // A program that says of itself what only we can say.
  if (error != nullptr && status_of(error->kind) == Status::not_run) error->kind = ErrorKind::error_in_reply;
  return outcome;
}

}  // namespace headgate::run
