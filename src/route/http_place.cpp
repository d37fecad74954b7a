#include "http_place.hpp"

#include <arpa/inet.h>

#include <array>

#include "curl.hpp"

namespace headgate::route {
namespace {

std::string part(CURLU* url, CURLUPart what, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, what, &text, flags) != CURLUE_OK) return {};
  return std::string(CurlText(text).get());
}

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

bool is_here(const std::string& host) { return host == "localhost" || host.ends_with(".localhost"); }

}  // namespace

Result<HttpPlace> place_of(const std::string& url) {
  const UrlParts parts(curl_url());
  if (!parts || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
    return failure(ErrorCode::input, "its endpoint is not an absolute http or https URL");
  }
  HttpPlace out;
  const std::string scheme = part(parts.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    return failure(ErrorCode::input, "its endpoint is neither an http nor an https URL");
  }
  if (!part(parts.get(), CURLUPART_USER).empty() || !part(parts.get(), CURLUPART_PASSWORD).empty()) {
    return failure(ErrorCode::input, "its endpoint holds a user or password");
  }
  const std::string host = part(parts.get(), CURLUPART_HOST);
  const bool is_bracketed = host.starts_with('[') && host.ends_with(']');
  out.is_tls = scheme == "https";
  out.host = is_bracketed ? host.substr(1, host.size() - 2) : host;
  out.port = part(parts.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  out.host_port = host + ":" + out.port;
  out.has_name = !is_address(out.host.substr(0, out.host.find('%'))) && !is_here(out.host);
  return out;
}

}  // namespace headgate::route
