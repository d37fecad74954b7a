// How calls leave the process and answers come back. A transport only sends events; who may send when, and whether a
// call is tried again, is the conductor's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "headgate/domain/status.hpp"

namespace headgate::route {

struct Call {
  std::uint64_t ticket = 0;  // the caller's; comes back with the arrival
  std::size_t lane = 0;      // whom to ask: the index of a ProgramSpec or HttpSpec
  std::string id;            // json_lines: the "id" in the request, unique among the calls in flight of the lane;
                             // http: the value of the idempotency header
  std::string payload;       // the bytes for stdin, a line without its LF for json_lines; http: the body
  std::vector<std::pair<std::string, std::string>> files;  // files_once: relative path and content
  std::optional<std::uint32_t> timeout_ms;                 // instead of the lane's
  std::optional<std::uint64_t> memory_bytes;               // files_once: the same
  std::optional<std::uint64_t> output_bytes;               // files_once: the same
};

// files_once: what became of the child. It also comes with the errors timeout and too_large, as far as it had come.
struct Exit {
  int status = 0;            // 128 + signal where a signal ended it
  std::string errors;        // the end of its stderr, as bytes
  std::string verdict = {};  // of a program with a sandbox: what came over its channel
};

// What came by HTTP besides the body, whatever the status says.
struct HttpAnswer {
  int status = 0;
  // Lower-case names: content-type, date, location, retry-after, retry-after-ms, request-id, x-request-id,
  // x-should-retry and whatever has "ratelimit" in it. At most max_headers, values of at most max_header_bytes,
  // redacted.
  std::vector<std::pair<std::string, std::string>> headers;
  // Lanes that stream: when how much of the body was there. Ascending; at most max_marks, the last one moves then.
  struct Mark {
    std::size_t bytes = 0;
    double ms = 0.0;  // since the request's first byte was sent
  };
  std::vector<Mark> marks;

  static constexpr std::size_t max_headers = 64, max_header_bytes = 1024, max_marks = 4096;
  const std::string* header(std::string_view lower_case_name) const;  // the first of that name, or null
};

struct Arrival {
  std::uint64_t ticket = 0;
  ErrorKind error = ErrorKind::none;  // timeout, child_died, too_large, malformed_reply, interrupted, breaker; http.hpp
  std::string message;                // for an error: one sentence, with the end of stderr, escaped and redacted
  std::string bytes;                  // else the reply line (without LF and CR) or all of stdout, redacted
  double latency_ms = 0.0;            // from handing the request over until the reply was whole; of this sending alone
  std::uint32_t sends = 1;            // more than 1 where another call took the worker down and this one went again
  std::optional<Exit> exit;
  std::optional<HttpAnswer> http;
};

// Many at once, as they were read. Called on the transport's thread; must not block for long.
using Deliver = std::function<void(std::vector<Arrival>&&)>;

class Transport {
 public:
  virtual ~Transport() = default;  // stops; afterwards no child of ours lives
  // Thread-safe. Every call is delivered exactly once, unless the transport is destroyed first.
  virtual void send(std::vector<Call> calls) = 0;
  // Thread-safe. Ends every child (SIGTERM, grace cut to `grace_ms`, SIGKILL, whole trees); what was still out is
  // delivered as interrupted.
  virtual void stop(std::uint32_t grace_ms) = 0;
};

}  // namespace headgate::route
