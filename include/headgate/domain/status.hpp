// What became of a cell, and whose doing it was. One table for the whole program: errors never leave the denominator.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace headgate {

enum class Status : std::uint8_t {
  ok,              // replied and graded
  route_error,     // the route's own doing
  provider_error,  // the way to the route
  ungraded,        // a reply (or its record) that could not be judged
  not_run,         // never tried, or cut off
};

enum class ErrorKind : std::uint8_t {
  none,
  // the route's own
  timeout,
  empty_reply,
  malformed_reply,
  truncated,
  too_large,
  context_too_long,
  content_filter,
  tool_loop,
  step_limit,
  child_died,
  request_rejected,
  // the way to it
  connect,
  reset,
  dns,
  tls,
  server_error,
  overloaded,
  rate_limited,
  error_in_reply,
  // the judging of it
  grader_failed,
  judge_failed,
  plugin_failed,
  unparsable_verdict,
  score_out_of_range,
  reply_missing,
  // not run
  interrupted,
  budget,
  deadline,
  breaker,
  not_started,
  // the run ends
  key_refused,
  quota,
  disk_full,
};

enum class Attribution : std::uint8_t { none, route, provider, grading, not_run, run_ends };

Attribution attribution(ErrorKind kind);
// The status of a cell that ended with this kind; a kind that ends the run leaves its cells not_run.
Status status_of(ErrorKind kind);

const char* name(Status status);
const char* name(ErrorKind kind);  // "context_too_long"
bool parse(std::string_view word, Status& out);
bool parse(std::string_view word, ErrorKind& out);
std::span<const ErrorKind> all_error_kinds();  // without none

}  // namespace headgate
