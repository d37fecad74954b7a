#include "endpoint.hpp"

#include <algorithm>
#include <charconv>

namespace headgate::config {
namespace {

constexpr std::size_t max_url_bytes = 4096;
constexpr std::size_t max_host_bytes = 253;
constexpr const char* example = "write it whole: https://api.example.com/v1";

// Names of query parameters that carry a key.
constexpr std::string_view secret_parameters[] = {"key",    "apikey",    "api_key",       "api-key",         "token",
                                                  "secret", "signature", "sig",           "access_token",    "password",
                                                  "auth",   "code",      "client_secret", "subscription-key"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

tl::unexpected<Error> refuse(std::string what, std::string hint = example) {
  return failure(ErrorCode::input, std::move(what), std::move(hint));
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

bool has_secret(std::string_view query) {
  while (!query.empty()) {
    query.remove_prefix(1);  // ? or &
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string name = lower(query.substr(0, std::min(query.find('='), end)));
    if (std::find(std::begin(secret_parameters), std::end(secret_parameters), name) != std::end(secret_parameters))
      return true;
    query.remove_prefix(end);
  }
  return false;
}

bool is_host(std::string_view host) {
  if (host.empty() || host.size() > max_host_bytes) return false;
  if (host.front() == '[')
    return host.size() > 2 && host.back() == ']' &&
           host.find_first_not_of("0123456789abcdefABCDEF:.", 1) == host.size() - 1;
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
  return host.find_first_not_of(allowed) == std::string_view::npos && host.front() != '.' && host.front() != '-';
}

Result<void> read_authority(std::string_view authority, Endpoint& out) {
  if (authority.find('@') != std::string_view::npos)
    return refuse("an endpoint holds no user and no password", "a key is given by key: env:NAME");
  const std::size_t bracket = authority.find(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view host = authority.substr(0, colon);
  if (host.empty()) return refuse("the endpoint names no host");
  if (!is_host(host)) return refuse("the endpoint's host is no name and no address");
  out.host = lower(host);
  out.port = out.scheme == "https" ? 443 : 80;
  if (colon == std::string_view::npos) return {};
  const std::string_view digits = authority.substr(colon + 1);
  const auto [stop, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (fault != std::errc() || stop != digits.data() + digits.size() || out.port == 0)
    return refuse("the endpoint's port is no number from 1 to 65535");
  return {};
}

}  // namespace

std::string Endpoint::host_and_port() const { return host + ":" + std::to_string(port); }

std::string Endpoint::url(std::string_view further) const {
  const bool is_usual = port == (scheme == "https" ? 443 : 80);
  std::string out = scheme + "://" + (is_usual ? host : host_and_port()) + path;
  out += further;
  if (path.empty() && further.empty()) out += '/';
  return out + query;
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  if (text.size() > max_url_bytes) return refuse("the endpoint is longer than 4096 bytes");
  const std::size_t colon = text.find("://");
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.";
  const bool has_scheme = colon != std::string_view::npos && colon > 0 &&
                          text.substr(0, colon).find_first_not_of(letters) == std::string_view::npos;
  if (!has_scheme || !is_plain(text)) return refuse("the endpoint is not a URL");
  Endpoint out;
  out.scheme = lower(text.substr(0, colon));
  if (out.scheme != "http" && out.scheme != "https") return refuse("the endpoint's scheme is neither http nor https");
  std::string_view rest = text.substr(colon + 3);
  if (rest.find('#') != std::string_view::npos)
    return refuse("the endpoint has a fragment, which no server sees", "remove the # and what stands behind it");
  const std::size_t path = std::min(rest.find_first_of("/?"), rest.size());
  HG_CHECK(read_authority(rest.substr(0, path), out));
  rest.remove_prefix(path);
  const std::size_t query = std::min(rest.find('?'), rest.size());
  out.query = rest.substr(query);
  if (has_secret(out.query)) return refuse("the endpoint's query holds a key", "a key is given by key: env:NAME");
  out.path = rest.substr(0, query);
  while (out.path.ends_with('/')) out.path.pop_back();
  return out;
}

}  // namespace headgate::config
