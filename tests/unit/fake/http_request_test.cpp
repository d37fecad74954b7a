#include "http_request.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace headgate::fake;

namespace {

const std::string whole =
    "POST /good/v1/chat/completions?x=1 HTTP/1.1\r\nHost: here\r\nauthorization:  Bearer abc \r\n"
    "X-API-Key: k\r\nContent-Length: 5\r\n\r\nhello";

Parsed parsed(const std::string& text) {
  HttpRequest out;
  return parse_request(text, out);
}

}  // namespace

TEST_CASE("a request is read from its first byte to its last, and not before that is there") {
  const std::string text = whole + "POST /next";
  HttpRequest out;
  REQUIRE(parse_request(text, out) == Parsed::whole);
  CHECK(out.method == "POST");
  CHECK(out.path == "/good/v1/chat/completions");
  CHECK(out.query == "x=1");
  CHECK(out.body == "hello");
  CHECK(out.authorization == "Bearer abc");
  CHECK(out.x_api_key == "k");
  CHECK(out.keep_alive);
  CHECK(out.size == whole.size());
  for (std::size_t cut = 0; cut < whole.size(); ++cut) CHECK(parsed(whole.substr(0, cut)) == Parsed::more);
}

TEST_CASE("bodies in chunks") {
  const std::string text =
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;ext=1\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: "
      "x\r\n\r\n";
  HttpRequest out;
  REQUIRE(parse_request(text + "rest", out) == Parsed::whole);
  CHECK(out.body == "abc0123456789");
  CHECK(out.size == text.size());
  for (std::size_t cut = 0; cut < text.size(); ++cut) CHECK(parsed(text.substr(0, cut)) == Parsed::more);
  CHECK(parsed("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n") == Parsed::bad);
}

TEST_CASE("who waits for leave to send is told apart") {
  const std::string head = "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  CHECK(parsed(head) == Parsed::more_continue);
  CHECK(parsed(head + "ab") == Parsed::whole);
}

TEST_CASE("a proxy's form of the target, old clients and closing ones") {
  HttpRequest out;
  const std::string proxied = "POST http://elsewhere.invalid:80/v1/x?q HTTP/1.1\r\n\r\n";
  REQUIRE(parse_request(proxied, out) == Parsed::whole);
  CHECK(out.path == "/v1/x");
  CHECK(out.through_proxy);
  const std::string old = "GET /stats HTTP/1.0\r\n\r\n";
  REQUIRE(parse_request(old, out) == Parsed::whole);
  CHECK(!out.keep_alive);
  const std::string closing = "GET /stats HTTP/1.1\r\nConnection: Close\r\n\r\n";
  REQUIRE(parse_request(closing, out) == Parsed::whole);
  CHECK(!out.keep_alive);
}

TEST_CASE("what is no request, or too much of one") {
  CHECK(parsed("\x16\x03\x01 a TLS client") == Parsed::bad);
  CHECK(parsed("POST /\r\n\r\n") == Parsed::bad);
  CHECK(parsed("POST / HTTP/2\r\n\r\n") == Parsed::bad);
  CHECK(parsed("POST / HTTP/1.1\r\nno colon\r\n\r\n") == Parsed::bad);
  CHECK(parsed("POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n") == Parsed::bad);
  CHECK(parsed("POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n") == Parsed::too_large);
  CHECK(parsed("POST / HTTP/1.1\r\nX: " + std::string(most_head_bytes, 'x')) == Parsed::too_large);
}
