// The request side of HTTP/1.1, as much of it as clients of model servers use.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace headgate::fake {

inline constexpr std::size_t most_head_bytes = std::size_t{64} << 10;
inline constexpr std::size_t most_body_bytes = std::size_t{64} << 20;

// Views point into the text that was parsed.
struct HttpRequest {
  std::string_view method;
  std::string_view path;   // without scheme and host (a client that takes us for its proxy sends them) and query
  std::string_view query;  // without '?'
  std::string_view head;   // the header lines, each with its line end
  std::string_view body;
  std::string unchunked;  // what `body` points to where it came in chunks
  std::string_view authorization;
  std::string_view x_api_key;
  bool keep_alive = true;
  bool through_proxy = false;
  std::size_t size = 0;  // bytes it took of the text
};

enum class Parsed {
  whole,
  more,           // not all of it is there yet
  more_continue,  // so; and the client waits for "100 Continue" before it sends the rest
  bad,            // no HTTP
  too_large,
};

// Reads one request from the beginning of `text`.
Parsed parse_request(std::string_view text, HttpRequest& out);

}  // namespace headgate::fake
