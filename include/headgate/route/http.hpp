// HTTP as a transport: one thread, all connections of a run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "headgate/base/clock.hpp"
#include "headgate/base/redactor.hpp"
#include "headgate/base/secret.hpp"
#include "headgate/route/transport.hpp"

namespace headgate::route {

struct HttpLimits {
  Millis connect{10'000};     // until there is a connection, TLS included
  Millis first_byte{0};       // from the request's first byte sent to the reply's first byte; 0: no bound of its own
  Millis timeout{30'000};     // of one try, all in all
  std::uint64_t reply_bytes = std::uint64_t{16} << 20;  // of the decoded body
};

// Where the calls of one lane go. Every call is a POST of its payload as JSON, unless the lane only gets.
struct HttpSpec {
  std::string name;  // for messages: "route support_b"
  std::string url;   // absolute, http or https, without user and password
  std::vector<std::pair<std::string, Secret>> headers;  // besides Content-Type, Accept and User-Agent
  HttpLimits limits;
  std::size_t in_flight = 64;      // the most calls out at once; the transport holds no queue of its own
  bool http2 = false;
  bool gets = false;               // GET without a body: to see who is there
  bool streams = false;            // Accept: text/event-stream; arrivals carry marks
  std::string ca_file;             // further roots; the system's count too. Empty: none
  std::string idempotency_header;  // takes Call::id; empty: not sent
  std::shared_ptr<const Redactor> secrets;  // values that must not reach any record; may be null
};

// The lanes are the specs, in order. Opens nothing before the first call. Proxies are taken from the environment
// (http_proxy, https_proxy, all_proxy, no_proxy, as curl reads them). TLS is always verified. Redirects are not
// followed. A body is decoded (gzip, brotli, zstd) as it comes and cut at the limit.
//
// An arrival has `http` exactly where a status line and headers came whole and so did the body; else `error` is one of
// connect, dns, tls, reset, timeout, too_large, malformed_reply (bytes that are no HTTP, a wrong length, a body that
// does not decode), truncated (a stream cut in the middle: `http` and what came are there too), interrupted. The
// message names host, errno text or curl's words, and the limit that was met; no secret and no query. `sends` is 0
// where nothing of the request went out: such a call cannot have been billed. A limit that is met before there is a
// connection is therefore `connect` (`dns` while the name is looked up), never `timeout`. A request goes out once: where
// a used connection is closed without a reply, the call is `reset` and not sent again from here. `latency_ms`
// runs from the request's first byte sent to the reply's last byte, on the monotonic clock. An Error of the system's
// (no descriptors, no memory) is `interrupted`, never blamed on a route.
// Throws std::system_error where the system gives neither thread nor descriptors. Raises the soft limit of descriptors
// to the hard one. `note` as in start_processes.
std::unique_ptr<Transport> start_http(std::vector<HttpSpec> lanes, Deliver deliver,
                                      std::function<void(std::string)> note);

}  // namespace headgate::route
