// What a socket of ours cannot easily show: odd codes of libcurl, and shortages.
#include "http_fault.hpp"

#include <curl/curl.h>

#include <catch2/catch.hpp>
#include <cerrno>

using namespace headgate;
using namespace headgate::route;
using Catch::Matchers::Contains;

namespace {

HttpEnd seen(int code, std::string words = "") {
  HttpEnd out;
  out.code = code;
  out.words = std::move(words);
  out.host_port = "api.example.com:443";
  return out;
}

HttpEnd sent(int code, std::string words = "") {
  HttpEnd out = seen(code, std::move(words));
  out.is_sent = true;
  return out;
}

}  // namespace

TEST_CASE("what this machine lacks is never the route's or the provider's doing") {
  for (const int error : {EMFILE, ENFILE, ENOMEM, ENOBUFS, EADDRNOTAVAIL}) {
    HttpEnd end = seen(CURLE_COULDNT_CONNECT);
    end.os_error = error;
    CHECK(fault_of(end)->kind == ErrorKind::interrupted);
  }
  CHECK(fault_of(seen(CURLE_COULDNT_RESOLVE_HOST, "getaddrinfo() thread failed to start"))->kind ==
        ErrorKind::interrupted);
  CHECK(fault_of(seen(CURLE_OUT_OF_MEMORY))->kind == ErrorKind::interrupted);
  HttpEnd unwatched = sent(CURLE_OK);
  unwatched.halt = Halt::shortage;
  unwatched.os_error = ENOSPC;
  CHECK(fault_of(unwatched)->kind == ErrorKind::interrupted);
}

TEST_CASE("a proxy is told from the place itself, also by an address of IPv6") {
  const auto message = [](const char* words) { return fault_of(seen(CURLE_COULDNT_CONNECT, words))->message; };
  CHECK_THAT(message("Failed to connect to ::1 port 3128 after 0 ms: Couldn't connect to server"),
             Contains("the proxy [::1]:3128 on the way to api.example.com:443"));
  CHECK_THAT(message("Failed to connect to api.example.com port 443 after 0 ms: Couldn't connect to server"),
             !Contains("proxy"));
  CHECK_THAT(message(""), Contains("cannot connect to api.example.com:443"));
}

TEST_CASE("broken HTTP/2 is the way's doing, and a stream that lost its connection is truncated") {
  for (const int code : {CURLE_HTTP2, CURLE_HTTP2_STREAM}) {
    HttpEnd end = sent(code, "Error in the HTTP2 framing layer");
    CHECK(fault_of(end)->kind == ErrorKind::reset);
    end.has_begun = end.has_headers = end.streams = true;
    CHECK(fault_of(end)->kind == ErrorKind::truncated);
  }
}

TEST_CASE("a name that is looked up for too long has no address; a connection that takes too long is none") {
  HttpEnd end = seen(CURLE_OPERATION_TIMEDOUT, "Resolving timed out after 10000 milliseconds");
  end.elapsed = Millis{10'001};
  CHECK(fault_of(end)->kind == ErrorKind::dns);
  CHECK_THAT(fault_of(end)->message, Contains("within 10 s (the limit for connecting)"));
  end.words = "Connection timed out after 10000 milliseconds";
  CHECK(fault_of(end)->kind == ErrorKind::connect);
  end.is_sent = true;
  end.elapsed = Millis{30'001};
  CHECK(fault_of(end)->kind == ErrorKind::timeout);
  CHECK_THAT(fault_of(end)->message, Contains("within 30 s (the limit of one try)"));
}

TEST_CASE("every code of libcurl but success is a fault, even with all headers there") {
  for (int code = 1; code < CURL_LAST; ++code) {
    CAPTURE(code);
    HttpEnd end = sent(code);
    end.has_begun = end.has_headers = true;
    const auto fault = fault_of(end);
    REQUIRE(fault);
    CHECK(fault->kind != ErrorKind::none);
    CHECK_THAT(fault->message, Contains("api.example.com"));
  }
}
