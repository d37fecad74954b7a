// Whatever a server answers is an outcome of some kind, by every dialect: text that records and reports can carry, or
// an error with words. What it means for trying again is always one thing.
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "headgate/base/assert.hpp"
#include "headgate/base/json.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/route/dialect.hpp"

namespace {

using namespace headgate;

bool is_count(const std::optional<std::int64_t>& count) { return !count || *count >= 0; }

void check(const Outcome& outcome) {
  if (const auto* error = std::get_if<CallError>(&outcome)) {
    HG_ASSERT(error->kind != ErrorKind::none && !error->message.empty() && is_utf8(error->message));
    HG_ASSERT(error->message.size() < 4096);
    return;
  }
  const auto& reply = std::get<Reply>(outcome);
  HG_ASSERT(is_utf8(reply.text) && is_utf8(reply.finish_reason) && is_utf8(reply.request_id));
  HG_ASSERT(!reply.tool_calls.empty() || !is_blank(reply.text));
  for (const ToolCall& call : reply.tool_calls) {
    HG_ASSERT(is_utf8(call.id) && is_utf8(call.name) && is_utf8(call.arguments.text));
  }
  HG_ASSERT(is_count(reply.usage.input_tokens) && is_count(reply.usage.output_tokens));
  HG_ASSERT(!reply.cost_usd || (std::isfinite(*reply.cost_usd) && *reply.cost_usd >= 0.0));
  HG_ASSERT(!reply.first_token_ms || *reply.first_token_ms >= 0.0);
}

std::vector<std::shared_ptr<const route::Dialect>> all_dialects() {
  std::vector<std::shared_ptr<const route::Dialect>> out;
  for (const auto api : {route::ChatApi::chat_completions, route::ChatApi::responses, route::ChatApi::messages}) {
    route::ChatDialect what;
    what.api = api;
    out.push_back(route::make_dialect(what));
  }
  route::GenericDialect what;
  what.request.text = R"("{{prompt}}")";
  what.output = "/choices/0/message/content";
  what.usage_input = "/usage/prompt_tokens";
  what.cost_usd = "/usage/cost";
  what.tool_calls = "/choices/0/message/tool_calls";
  what.documents = "/documents";
  what.error = "/error";
  what.request_id = "/id";
  std::vector<Error> complaints;
  out.push_back(route::make_dialect(what, complaints));
  HG_ASSERT(complaints.empty());
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto dialects = all_dialects();
  route::Arrival arrival;
  arrival.bytes.assign(reinterpret_cast<const char*>(data), size);
  arrival.latency_ms = 12.5;
  arrival.http.emplace();
  arrival.http->status = 200;
  arrival.http->marks = {{size / 2, 5.0}, {size, 12.0}};
  for (const auto& dialect : dialects) check(dialect->read(arrival));
  HG_ASSERT(route::examine(arrival, 0).kind == ErrorKind::none);
  for (const int status : {302, 400, 403, 429, 500}) {
    arrival.http->status = status;
    const route::TrySays says = route::examine(arrival, 0);
    HG_ASSERT(says.kind != ErrorKind::none && says.http_status == status && !says.maybe_billed);
    HG_ASSERT(!says.message.empty() && says.message.size() < 4096 && is_utf8(says.message));
    HG_ASSERT(route::examine(arrival, 0).fingerprint == says.fingerprint);
    check(dialects[0]->read(arrival));
  }
  return 0;
}
