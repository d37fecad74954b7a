#include "headgate/domain/status.hpp"

#include <array>

#include "names.hpp"

namespace headgate {
namespace {

constexpr Names<Status, 5> status_names{{
    {Status::ok, "ok"},
    {Status::route_error, "route_error"},
    {Status::provider_error, "provider_error"},
    {Status::ungraded, "ungraded"},
    {Status::not_run, "not_run"},
}};

struct Row {
  ErrorKind kind;
  const char* word;
  Attribution attribution;
};

// The one table of who answers for what.
constexpr std::array rows{
    Row{ErrorKind::none, "none", Attribution::none},
    Row{ErrorKind::timeout, "timeout", Attribution::route},
    Row{ErrorKind::empty_reply, "empty_reply", Attribution::route},
    Row{ErrorKind::malformed_reply, "malformed_reply", Attribution::route},
    Row{ErrorKind::truncated, "truncated", Attribution::route},
    Row{ErrorKind::too_large, "too_large", Attribution::route},
    Row{ErrorKind::context_too_long, "context_too_long", Attribution::route},
    Row{ErrorKind::content_filter, "content_filter", Attribution::route},
    Row{ErrorKind::tool_loop, "tool_loop", Attribution::route},
    Row{ErrorKind::step_limit, "step_limit", Attribution::route},
    Row{ErrorKind::child_died, "child_died", Attribution::route},
    Row{ErrorKind::request_rejected, "request_rejected", Attribution::route},
    Row{ErrorKind::connect, "connect", Attribution::provider},
    Row{ErrorKind::reset, "reset", Attribution::provider},
    Row{ErrorKind::dns, "dns", Attribution::provider},
    Row{ErrorKind::tls, "tls", Attribution::provider},
    Row{ErrorKind::server_error, "server_error", Attribution::provider},
    Row{ErrorKind::overloaded, "overloaded", Attribution::provider},
    Row{ErrorKind::rate_limited, "rate_limited", Attribution::provider},
    Row{ErrorKind::error_in_reply, "error_in_reply", Attribution::provider},
    Row{ErrorKind::grader_failed, "grader_failed", Attribution::grading},
    Row{ErrorKind::judge_failed, "judge_failed", Attribution::grading},
    Row{ErrorKind::plugin_failed, "plugin_failed", Attribution::grading},
    Row{ErrorKind::unparsable_verdict, "unparsable_verdict", Attribution::grading},
    Row{ErrorKind::score_out_of_range, "score_out_of_range", Attribution::grading},
    Row{ErrorKind::reply_missing, "reply_missing", Attribution::grading},
    Row{ErrorKind::interrupted, "interrupted", Attribution::not_run},
    Row{ErrorKind::budget, "budget", Attribution::not_run},
    Row{ErrorKind::deadline, "deadline", Attribution::not_run},
    Row{ErrorKind::breaker, "breaker", Attribution::not_run},
    Row{ErrorKind::not_started, "not_started", Attribution::not_run},
    Row{ErrorKind::key_refused, "key_refused", Attribution::run_ends},
    Row{ErrorKind::quota, "quota", Attribution::run_ends},
    Row{ErrorKind::disk_full, "disk_full", Attribution::run_ends},
};

constexpr auto kinds = [] {
  std::array<ErrorKind, rows.size() - 1> out{};
  for (std::size_t i = 1; i < rows.size(); ++i) out[i - 1] = rows[i].kind;
  return out;
}();

const Row& row_of(ErrorKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  HG_ASSERT(index < rows.size() && rows[index].kind == kind);
  return rows[index];
}

}  // namespace

Attribution attribution(ErrorKind kind) { return row_of(kind).attribution; }

Status status_of(ErrorKind kind) {
  switch (attribution(kind)) {
    case Attribution::none: return Status::ok;
    case Attribution::route: return Status::route_error;
    case Attribution::provider: return Status::provider_error;
    case Attribution::grading: return Status::ungraded;
    case Attribution::not_run:
    case Attribution::run_ends: return Status::not_run;
  }
  HG_ASSERT(!"an attribution has a status");
}

const char* name(Status status) { return name_in(status_names, status); }
const char* name(ErrorKind kind) { return row_of(kind).word; }
bool parse(std::string_view word, Status& out) { return parse_in(status_names, word, out); }

bool parse(std::string_view word, ErrorKind& out) {
  for (const Row& row : rows) {
    if (word == row.word) {
      out = row.kind;
      return true;
    }
  }
  return false;
}

std::span<const ErrorKind> all_error_kinds() { return kinds; }

}  // namespace headgate
