// Why an exchange by HTTP failed, from what libcurl and we saw of it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "headgate/base/clock.hpp"
#include "headgate/domain/status.hpp"
#include "headgate/route/http.hpp"

namespace headgate::route {

// What ended an exchange from our side.
enum class Halt : std::uint8_t {
  none,
  body_too_large,
  headers_too_large,
  first_byte_late,
  sent_twice,  // libcurl wanted to send the request again, which might be paid twice
  shortage,    // the system gave no descriptor, or would not watch one; os_error says why
  stopped,
};

struct HttpEnd {
  int code = 0;       // a CURLcode
  std::string words;  // libcurl's, about this exchange; escaped and redacted
  int os_error = 0;
  int proxy_status = 0;  // what a proxy said to CONNECT
  Halt halt = Halt::none;
  bool is_sent = false;      // the request's first byte was
  bool has_begun = false;    // the reply's first byte came
  bool has_headers = false;  // all of them
  bool streams = false;
  std::size_t body_bytes = 0;  // that came
  Millis elapsed{0};           // since the call was taken
  HttpLimits limits;           // as they held for this call
  std::string host_port;
};

struct HttpFault {
  ErrorKind kind = ErrorKind::none;
  std::string message;  // one sentence without a full stop
};

// Nothing where a reply came whole.
std::optional<HttpFault> fault_of(const HttpEnd& end);

}  // namespace headgate::route
