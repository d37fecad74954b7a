// What a recording or a program says is an outcome of some kind, never a reply that no report or record could carry.
#include <cmath>
#include <cstdint>
#include <string_view>
#include <variant>

#include "headgate/base/assert.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/route/prompt.hpp"
#include "reply_line.hpp"

namespace {

using namespace headgate;

void check(const Outcome& outcome) {
  if (const auto* error = std::get_if<CallError>(&outcome)) {
    HG_ASSERT(error->kind != ErrorKind::none && is_utf8(error->message));
    return;
  }
  const auto& reply = std::get<Reply>(outcome);
  HG_ASSERT(is_utf8(reply.text));
  HG_ASSERT(!reply.latency_ms || (std::isfinite(*reply.latency_ms) && *reply.latency_ms >= 0.0));
  HG_ASSERT(!reply.cost_usd || (std::isfinite(*reply.cost_usd) && *reply.cost_usd >= 0.0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  check(route::read_reply_line(line, 12.5));
  check(route::read_reply_text(line, 12.5));
  static route::LineDecoder decoder;
  if (!decoder.parse(line)) return 0;
  static_cast<void>(decoder.repeated_key());
  const route::ReplyFields fields;
  route::LineName name;
  if (decoder.name(fields, name) == nullptr) HG_ASSERT(is_utf8(name.case_id) && !name.case_id.empty());
  check(decoder.outcome(fields));
  return 0;
}
