// The HTTP transport under test.
#pragma once

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "line.hpp"
#include "support/raw_server.hpp"

namespace headgate::test {

// Those of the machine that the tests run on are not for them.
inline const bool has_no_proxies = [] {
  for (const char* name :
       {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"}) {
    ::unsetenv(name);
  }
  return true;
}();

inline route::HttpSpec http(std::string url) {
  route::HttpSpec out;
  out.name = "route x";
  out.url = std::move(url);
  out.limits.connect = Millis{60'000};
  out.limits.timeout = Millis{60'000};
  return out;
}
inline route::HttpSpec http(const RawServer& server) { return http(server.url()); }

inline route::HttpSpec streaming(const RawServer& server) {
  route::HttpSpec out = http(server);
  out.streams = true;
  return out;
}

inline route::Call post(std::uint64_t ticket, std::string body = R"({"q":1})", std::size_t lane = 0) {
  route::Call out;
  out.ticket = ticket;
  out.lane = lane;
  out.id = "id-" + std::to_string(ticket);
  out.payload = std::move(body);
  return out;
}

inline std::vector<route::Call> posts(std::size_t n) {
  std::vector<route::Call> out;
  for (std::size_t i = 0; i < n; ++i) out.push_back(post(i));
  return out;
}

class HttpLine : public Line {
 public:
  explicit HttpLine(std::vector<route::HttpSpec> specs) : Line(route::start_http, std::move(specs)) {}
  explicit HttpLine(route::HttpSpec spec) : HttpLine(std::vector<route::HttpSpec>{std::move(spec)}) {}
};

// One call, on a transport of its own.
inline route::Arrival ask(route::HttpSpec spec, route::Call call = post(1)) {
  HttpLine line(std::move(spec));
  return line.ask(std::move(call));
}

}  // namespace headgate::test
