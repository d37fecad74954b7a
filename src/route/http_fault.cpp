#include "http_fault.hpp"

#include <curl/curl.h>

#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "lane.hpp"

namespace headgate::route {
namespace {

bool has(const HttpEnd& end, std::string_view words) { return end.words.find(words) != end.words.npos; }

std::string in_words_of_curl(const HttpEnd& end) {
  return end.words.empty() ? curl_easy_strerror(static_cast<CURLcode>(end.code)) : end.words;
}

std::string in_words_of_the_system(const HttpEnd& end) {
  return end.os_error == 0 ? in_words_of_curl(end) : std::system_category().message(end.os_error);
}

bool is_ours(int os_error) {
  return os_error == EMFILE || os_error == ENFILE || os_error == ENOMEM || os_error == ENOBUFS ||
         os_error == EADDRNOTAVAIL;
}

// "Failed to connect to HOST port PORT after …": HOST:PORT where it is not the place itself.
std::string proxy_in(const HttpEnd& end) {
  constexpr std::string_view before = "connect to ", between = " port ";
  const std::size_t at = end.words.find(before);
  if (at == end.words.npos) return {};
  const std::string_view rest = std::string_view(end.words).substr(at + before.size());
  const std::size_t port = rest.find(between);
  if (port == rest.npos) return {};
  const std::string_view digits = rest.substr(port + between.size());
  const std::string host(rest.substr(0, port));
  const std::string shown = host.find(':') == host.npos ? host : "[" + host + "]";
  std::string place = shown + ":" + std::string(digits.substr(0, digits.find_first_not_of("0123456789")));
  return place == end.host_port ? std::string() : place;
}

HttpFault no_connection(const HttpEnd& end) {
  if (is_ours(end.os_error)) {
    return {ErrorKind::interrupted, "not sent: this machine could not open a connection to " + end.host_port + ": " +
                                        in_words_of_the_system(end)};
  }
  const std::string proxy = proxy_in(end);
  const std::string where = proxy.empty() ? end.host_port : "the proxy " + proxy + " on the way to " + end.host_port;
  return {ErrorKind::connect, "cannot connect to " + where + ": " + in_words_of_the_system(end)};
}

HttpFault no_address(const HttpEnd& end, bool of_proxy) {
  if (has(end, "thread failed to start")) {
    return {ErrorKind::interrupted, "not sent: this machine gave no thread to look up the address of " + end.host_port};
  }
  if (of_proxy)
    return {ErrorKind::dns,
            "no address is known for the proxy on the way to " + end.host_port + ": " + in_words_of_curl(end)};
  return {ErrorKind::dns, "no address is known for " + end.host_port + ": the name could not be looked up"};
}

HttpFault late(const HttpEnd& end) {
  const bool by_total = end.limits.timeout.count() > 0 && end.elapsed >= end.limits.timeout;
  const std::string total = in_words(end.limits.timeout) + " (the limit of one try)";
  if (!end.is_sent && !by_total && has(end, "Resolving timed out")) {
    return {ErrorKind::dns, "no address was found for " + end.host_port + " within " + in_words(end.limits.connect) +
                                " (the limit for connecting)"};
  }
  if (!end.is_sent) {
    return {ErrorKind::connect, "no connection to " + end.host_port + " within " +
                                    (by_total ? total : in_words(end.limits.connect) + " (the limit for connecting)")};
  }
  if (!end.has_begun) return {ErrorKind::timeout, "no reply from " + end.host_port + " within " + total};
  return {ErrorKind::timeout, "the reply of " + end.host_port + " was not whole within " + total + "; " +
                                  std::to_string(end.body_bytes) + " bytes of it had come"};
}

HttpFault cut(const HttpEnd& end, const std::string& how) {
  if (!end.has_begun) {
    return {ErrorKind::reset, end.is_sent ? end.host_port + " " + how + " before any reply"
                                          : "the connection to " + end.host_port +
                                                " was lost before the request: " + in_words_of_the_system(end)};
  }
  if (!end.has_headers) return {ErrorKind::reset, end.host_port + " " + how + " in the middle of the headers"};
  const std::string after = " after " + std::to_string(end.body_bytes) + " bytes of the body";
  if (end.streams) return {ErrorKind::truncated, end.host_port + " " + how + " in the middle of the stream," + after};
  return {ErrorKind::reset, end.host_port + " " + how + " in the middle of the body," + after};
}

HttpFault lost(const HttpEnd& end) {
  if (end.proxy_status != 0 && !end.is_sent && (end.proxy_status < 200 || end.proxy_status > 299)) {
    return {ErrorKind::connect,
            "the proxy refused the way to " + end.host_port + " (status " + std::to_string(end.proxy_status) + ")"};
  }
  if (has(end, "chunked-encoding") || has(end, "chunk hex-length") || has(end, "in chunked")) {
    return {ErrorKind::malformed_reply, "the reply of " + end.host_port + " is not valid HTTP: " + end.words};
  }
  if (end.os_error != 0) return cut(end, "broke the connection (" + in_words_of_the_system(end) + ")");
  return cut(end, "broke the connection");
}

HttpFault malformed(const HttpEnd& end) {
  return {ErrorKind::malformed_reply, "the reply of " + end.host_port + " is not valid HTTP: " + in_words_of_curl(end)};
}

HttpFault no_tls(const HttpEnd& end) {
  if (has(end, "SSL_ERROR_SYSCALL") || has(end, "Connection reset")) {
    return {ErrorKind::reset, end.host_port + " broke the connection before TLS was agreed on"};
  }
  if (has(end, "wrong version number")) {
    return {ErrorKind::tls, "no trusted connection to " + end.host_port +
                                ": what answers there does not speak TLS (is it http:// instead of https://?)"};
  }
  return {ErrorKind::tls, "no trusted connection to " + end.host_port + ": " + in_words_of_curl(end)};
}

HttpFault too_large(const HttpEnd& end) {
  return {ErrorKind::too_large,
          "the reply of " + end.host_port + " is larger than " + std::to_string(end.limits.reply_bytes) + " bytes"};
}

HttpFault too_many_headers(const HttpEnd& end) {
  return {ErrorKind::too_large, "the headers of " + end.host_port + " are larger than anybody needs"};
}

std::optional<HttpFault> fault_of(const HttpEnd& end, Halt halt) {
  switch (halt) {
    case Halt::none:
      return std::nullopt;
    case Halt::body_too_large:
      return too_large(end);
    case Halt::headers_too_large:
      return too_many_headers(end);
    case Halt::first_byte_late:
      return HttpFault{ErrorKind::timeout, "no byte of a reply from " + end.host_port + " within " +
                                               in_words(end.limits.first_byte) +
                                               " of the request (the limit for the first byte)"};
    case Halt::sent_twice:
      return HttpFault{ErrorKind::reset,
                       end.host_port + " closed a connection that had been used before, without a reply"};
    case Halt::shortage: {
      HttpEnd ours = end;
      if (!is_ours(ours.os_error)) ours.os_error = ENOMEM;
      return no_connection(ours);
    }
    case Halt::stopped:
      return HttpFault{ErrorKind::interrupted, "stopped before the reply came"};
  }
  return std::nullopt;
}

}  // namespace

std::optional<HttpFault> fault_of(const HttpEnd& end) {
  if (const auto halted = fault_of(end, end.halt)) return halted;
  switch (end.code) {
    case CURLE_OK:
      if (end.has_headers) return std::nullopt;
      return cut(end, "closed the connection");
    case CURLE_COULDNT_RESOLVE_HOST:
      return no_address(end, false);
    case CURLE_COULDNT_RESOLVE_PROXY:
      return no_address(end, true);
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
    case CURLE_INTERFACE_FAILED:
      return no_connection(end);
    case CURLE_OPERATION_TIMEDOUT:
      return late(end);
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return cut(end, "closed the connection");
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return lost(end);
    case CURLE_FILESIZE_EXCEEDED:
      return too_large(end);
    case CURLE_WEIRD_SERVER_REPLY:
      return malformed(end);
    case CURLE_UNSUPPORTED_PROTOCOL:  // so libcurl calls it
      return HttpFault{ErrorKind::malformed_reply,
                       "the reply of " + end.host_port + " is not valid HTTP: it does not begin with a status line"};
    case CURLE_BAD_CONTENT_ENCODING:
      return HttpFault{ErrorKind::malformed_reply,
                       "the body from " + end.host_port + " cannot be decoded: " + in_words_of_curl(end)};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_SHUTDOWN_FAILED:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return no_tls(end);
    case CURLE_OUT_OF_MEMORY:
      // One line beyond libcurl's own limit is told in these words too.
      if (end.is_sent && !end.has_headers) return too_many_headers(end);
      return HttpFault{ErrorKind::interrupted, "this machine ran out of memory on a call to " + end.host_port};
    default:
      if (end.is_sent)
        return HttpFault{ErrorKind::reset, "the call to " + end.host_port + " failed: " + in_words_of_curl(end)};
      return HttpFault{ErrorKind::connect, "cannot call " + end.host_port + ": " + in_words_of_curl(end)};
  }
}

}  // namespace headgate::route
