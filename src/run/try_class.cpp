#include "try_class.hpp"

namespace headgate::run {
namespace {

bool says_later(int http_status) { return http_status == 429 || http_status == 503 || http_status == 529; }

}  // namespace

TryClass class_of(const route::TrySays& says) {
  switch (says.kind) {
    case ErrorKind::none:
      return TryClass::reply;
    case ErrorKind::key_refused:
    case ErrorKind::quota:
      return TryClass::refused;
    case ErrorKind::rate_limited:
    case ErrorKind::overloaded:
      return TryClass::turned_away;
    case ErrorKind::server_error:
      return says_later(says.http_status) ? TryClass::turned_away : TryClass::failed;
    case ErrorKind::connect:
    case ErrorKind::reset:
    case ErrorKind::dns:
    case ErrorKind::tls:
    case ErrorKind::timeout:
      return TryClass::failed;
    // Of a transport. A reply that ended at its length came whole, and is found out by whoever reads it.
    case ErrorKind::malformed_reply:
    case ErrorKind::truncated:
      return TryClass::unreadable;
    case ErrorKind::empty_reply:
    case ErrorKind::too_large:
    case ErrorKind::context_too_long:
    case ErrorKind::content_filter:
    case ErrorKind::tool_loop:
    case ErrorKind::step_limit:
    case ErrorKind::child_died:
    case ErrorKind::request_rejected:
    case ErrorKind::error_in_reply:
    case ErrorKind::grader_failed:
    case ErrorKind::judge_failed:
    case ErrorKind::plugin_failed:
    case ErrorKind::unparsable_verdict:
    case ErrorKind::score_out_of_range:
    case ErrorKind::reply_missing:
    case ErrorKind::interrupted:
    case ErrorKind::budget:
    case ErrorKind::deadline:
    case ErrorKind::breaker:
    case ErrorKind::not_started:
    case ErrorKind::disk_full:
      return TryClass::final;
  }
  return TryClass::final;
}

// A certificate that does not verify will not get better, but a handshake that was cut off may: nobody tells them
// apart here, so one more try settles it.
std::uint32_t most_tries(ErrorKind kind) { return kind == ErrorKind::tls ? 2 : 4; }

}  // namespace headgate::run
