// Where a URL leads, as far as messages and connections care.
#pragma once

#include <string>

#include "headgate/base/result.hpp"

namespace headgate::route {

struct HttpPlace {
  std::string host;  // without the brackets of IPv6
  std::string port;
  std::string host_port;  // "api.example.com:443", "[::1]:8080": what messages say
  bool is_tls = false;
  bool has_name = false;  // that the system has to look up; not an address, not localhost
};

// Fails for what is no absolute http or https URL, and for one that holds a user or password (which it does not
// repeat).
Result<HttpPlace> place_of(const std::string& url);

}  // namespace headgate::route
