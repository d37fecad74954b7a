#include "live_work.hpp"

#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "headgate/base/assert.hpp"
#include "headgate/base/json.hpp"
#include "headgate/route/question.hpp"
#include "headgate/route/reply_cache.hpp"

namespace headgate::run {
namespace {

double estimated_tokens(const std::vector<Message>& messages) {
  std::size_t bytes = 0;
  for (const Message& message : messages) bytes += message.text.size();
  return route::estimated_tokens(bytes, messages.size());
}

Prepared priced(const config::HttpRoute& http, std::size_t lane, const CallId& id, std::string&& body, double input) {
  Prepared prepared;
  prepared.call.lane = lane;
  prepared.call.id = id.hex();
  prepared.call.payload = std::move(body);
  prepared.tokens = input + http.max_output_tokens.value_or(0.0);
  prepared.worst_usd = route::worst_cost(http.price, input, http.max_output_tokens);
  return prepared;
}

Prepared unpriced(std::size_t lane, const CallId& id, std::string&& payload) {
  Prepared prepared;
  prepared.call.lane = lane;
  prepared.call.id = id.hex();
  prepared.call.payload = std::move(payload);
  return prepared;
}

std::string line_to(const config::Route& route, const CallId& id, const Case& item, std::uint32_t trial,
                    std::vector<Message>& messages) {
  if (route.program->speaks != route::Speaks::text_once) {
    return route::request_line(id, item, trial, route.use.parts, messages);
  }
  return messages.empty() ? std::string() : std::move(messages.back().text);
}

}  // namespace

std::variant<Prepared, CallError> request_to(const config::Route& route, std::size_t lane, const CallId& id,
                                             const Case& item, std::uint32_t trial) {
  HG_ASSERT(route.is_live());
  Result<std::vector<Message>> messages = route.prompt.render(item);
  if (!messages) return CallError{ErrorKind::request_rejected, std::move(messages.error().message)};
  if (!route.http) return unpriced(lane, id, line_to(route, id, item, trial, *messages));
  Result<std::string> body = route.http->dialect->body({&*messages, &item, trial, {}});
  if (!body) return CallError{ErrorKind::request_rejected, std::move(body.error().message)};
  // A team's own request may say more than the messages do.
  const bool is_templated = route.use.kind == "generic_http";
  const double input = is_templated ? route::estimated_tokens(body->size(), 1) : estimated_tokens(*messages);
  return priced(*route.http, lane, id, std::move(*body), input);
}

std::variant<Prepared, CallError> question_to(const config::Route& route, std::size_t lane, const CallId& id,
                                              const std::vector<Message>& messages, const std::string& schema) {
  HG_ASSERT(route.is_live());
  if (!route.http) {
    const bool is_text = route.program->speaks == route::Speaks::text_once;
    return unpriced(
        lane, id,
        is_text ? route::question_text(messages) : route::question_line(id.hex(), messages, schema, route.use.parts));
  }
  Result<std::string> body = route.http->dialect->body({&messages, nullptr, 0, schema});
  if (!body) return CallError{ErrorKind::judge_failed, std::move(body.error().message)};
  return priced(*route.http, lane, id, std::move(*body),
                estimated_tokens(messages) + route::estimated_tokens(schema.size(), 0));
}

std::variant<Prepared, CallError> texts_to(const config::Route& route, std::size_t lane, const CallId& id,
                                           const std::vector<std::string>& texts) {
  HG_ASSERT(route.is_live());
  if (!route.http) return unpriced(lane, id, route::embed_line(id.hex(), texts, route.use.parts));
  std::vector<Message> messages;
  for (const std::string& text : texts) messages.push_back({"user", text});
  Result<std::string> body = route.http->dialect->body({&messages, nullptr, 0, {}});
  if (!body) return CallError{ErrorKind::grader_failed, std::move(body.error().message)};
  return priced(*route.http, lane, id, std::move(*body), estimated_tokens(messages));
}

Outgoing outgoing_of(Prepared&& prepared, std::size_t slot, const CallId& id, std::string ask) {
  Outgoing out;
  out.lane = prepared.call.lane;
  out.slot = slot;
  out.id = id;
  out.ask = std::move(ask);
  out.tokens = prepared.tokens;
  out.worst_usd = prepared.worst_usd;
  if (prepared.call.timeout_ms) out.timeout = Millis(*prepared.call.timeout_ms);
  out.request = std::make_shared<Request>(std::move(prepared.call));
  return out;
}

Digest cache_key_of(const config::Route& route, const Prepared& prepared, const Case& item, CellRef cell) {
  const Digest& digest = route.use.digest;
  // The digest does not say where the route is, and an arm must never be measured by what the other one was told.
  const std::string whom = std::string(name(cell.arm)) + '\n' + (route.http ? route.http->spec.url + '\n' : "");
  if (route.http || route.program->speaks == route::Speaks::text_once) {
    return route::cache_key(whom + prepared.call.payload, digest, cell.trial);
  }
  Result<std::vector<Message>> messages = route.prompt.render(item);
  HG_ASSERT(messages.has_value());  // it was rendered for `prepared`
  return route::cache_key(whom + line_to(route, CallId{}, item, cell.trial, *messages), digest, cell.trial);
}

namespace {

// A value that was written with escapes shows itself only in the decoded text.
Json hidden(const Redactor& secrets, const Json& value) {
  if (value.is_string()) return secrets(value.get<std::string>());
  if (value.is_array()) {
    Json out = Json::array();
    for (const Json& each : value) out.push_back(hidden(secrets, each));
    return out;
  }
  if (value.is_object()) {
    Json out = Json::object();
    for (const auto& [key, each] : value.items()) out[secrets(key)] = hidden(secrets, each);
    return out;
  }
  // A number that is a secret becomes a text: it must stay JSON.
  std::string written = canonical(value);
  std::string safe = secrets(written);
  return safe == written ? value : Json(std::move(safe));
}

// Where nothing is hidden the bytes stay as they are.
void hide(const Redactor& secrets, JsonText& json) {
  if (json.absent() || secrets(json.text) == json.text) return;
  const Result<Json> value = parse_own(json.text);
  HG_ASSERT(value.has_value());  // the reader of the reply wrote it
  json = to_text(hidden(secrets, *value));
}

void hide(const Redactor& secrets, Outcome& outcome) {
  if (auto* error = std::get_if<CallError>(&outcome)) {
    error->message = secrets(std::move(error->message));
    return;
  }
  Reply& reply = std::get<Reply>(outcome);
  reply.text = secrets(std::move(reply.text));
  reply.finish_reason = secrets(std::move(reply.finish_reason));
  reply.request_id = secrets(std::move(reply.request_id));
  for (ToolCall& call : reply.tool_calls) {
    call.id = secrets(std::move(call.id));
    call.name = secrets(std::move(call.name));
    hide(secrets, call.arguments);
  }
  for (Passage& passage : reply.documents) {
    passage.id = secrets(std::move(passage.id));
    passage.text = secrets(std::move(passage.text));
  }
  for (JsonText* json : {&reply.transcript, &reply.state, &reply.recorded}) hide(secrets, *json);
}

// Bytes that are no reply, and errors inside one, may be accidents of the way. A reply that ends because it is long
// enough would end there again.
bool is_another_worth_it(const CallError& error) {
  if (error.kind == ErrorKind::truncated) return route::is_cut_stream(error);
  return error.kind == ErrorKind::malformed_reply || error.kind == ErrorKind::error_in_reply ||
         error.kind == ErrorKind::overloaded || error.kind == ErrorKind::rate_limited ||
         error.kind == ErrorKind::server_error;
}

ReadReply finished(Outcome&& outcome, const Redactor* secrets) {
  if (secrets != nullptr && !secrets->empty()) hide(*secrets, outcome);
  auto* error = std::get_if<CallError>(&outcome);
  // A route that says of itself what only we can say.
  if (error != nullptr && status_of(error->kind) == Status::not_run) error->kind = ErrorKind::error_in_reply;
  return {std::move(outcome), {}, {}, false};
}

ReadReply read_http(const config::HttpRoute& http, const route::Arrival& arrival) {
  if (arrival.error != ErrorKind::none) return {CallError{arrival.error, arrival.message}, {}, {}, true};
  ReadReply read = finished(http.dialect->read(arrival), http.spec.secrets.get());
  if (auto* reply = std::get_if<Reply>(&read.outcome)) {
    if (!reply->cost_usd) reply->cost_usd = route::cost_of(http.price, reply->usage);
    read.cost_usd = reply->cost_usd;
    if (reply->usage.input_tokens && reply->usage.output_tokens) {
      read.tokens = static_cast<double>(*reply->usage.input_tokens) + static_cast<double>(*reply->usage.output_tokens);
    }
    return read;
  }
  read.was_cut = is_another_worth_it(std::get<CallError>(read.outcome));
  return read;
}

ReadReply read_program(const route::ProgramSpec& program, Outcome&& outcome) {
  ReadReply read = finished(std::move(outcome), program.secrets.get());
  if (const auto* reply = std::get_if<Reply>(&read.outcome)) read.cost_usd = reply->cost_usd;
  return read;
}

}  // namespace

ReadReply read_reply(const config::Route& route, const route::Arrival& arrival) {
  if (route.http) return read_http(*route.http, arrival);
  HG_ASSERT(route.program.has_value());
  if (arrival.error != ErrorKind::none) return {CallError{arrival.error, arrival.message}, {}, {}, false};
  return read_program(*route.program, route.program->speaks == route::Speaks::text_once
                                          ? route::read_reply_text(arrival.bytes, arrival.latency_ms)
                                          : route::read_reply_line(arrival.bytes, arrival.latency_ms));
}

ReadReply read_embedding(const config::Route& route, const route::Arrival& arrival) {
  if (route.http) return read_http(*route.http, arrival);
  HG_ASSERT(route.program.has_value());
  if (arrival.error != ErrorKind::none) return {CallError{arrival.error, arrival.message}, {}, {}, false};
  return read_program(*route.program, route::read_embed_line(arrival.bytes, arrival.latency_ms));
}

}  // namespace headgate::run
