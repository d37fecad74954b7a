// Where a route is called: an absolute URL without anything secret in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "headgate/base/result.hpp"

namespace headgate::config {

struct Endpoint {
  std::string scheme;  // "http" or "https"
  std::string host;    // lower case; IPv6 in its brackets
  std::uint16_t port = 0;
  std::string path;   // "" or "/…" without a slash at its end
  std::string query;  // "" or "?…"

  std::string host_and_port() const;  // "api.example.com:443"
  // The URL with `further` ("/chat/completions" or "") behind the path.
  std::string url(std::string_view further) const;
};

// Fails (input) with a sentence that says what is wrong and repeats nothing of `text`, as it may hold a secret.
Result<Endpoint> parse_endpoint(std::string_view text);

}  // namespace headgate::config
