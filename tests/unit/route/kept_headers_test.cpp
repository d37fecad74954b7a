#include "kept_headers.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace headgate;
using namespace headgate::route;

namespace {

HttpAnswer taken(const std::vector<std::string>& lines) {
  KeptHeaders headers;
  HttpAnswer out;
  for (const std::string& line : lines) REQUIRE(headers.add(line, out, nullptr));
  return out;
}

}  // namespace

TEST_CASE("headers that somebody asks for are kept, by their name in lower case") {
  const HttpAnswer answer = taken({"HTTP/1.1 200 OK\r\n", "Content-TYPE:  text/html \r\n",
                                   "x-RATELIMIT-reset: 6m0s\r\n", "anthropic-ratelimit-tokens-remaining:5\r\n",
                                   "Set-Cookie: a\r\n", "no colon\r\n", ": nameless\r\n", "Date:\r\n", "\r\n"});
  REQUIRE(answer.headers.size() == 4);
  CHECK(*answer.header("content-type") == "text/html");
  CHECK(*answer.header("x-ratelimit-reset") == "6m0s");
  CHECK(*answer.header("anthropic-ratelimit-tokens-remaining") == "5");
  CHECK(answer.header("date")->empty());
  CHECK(answer.header("Content-Type") == nullptr);
}

TEST_CASE("of equal names the first counts, and there are bounds of number and size") {
  std::vector<std::string> lines{"HTTP/1.1 200 OK\r\n", "Retry-After: 1\r\n", "Retry-After: 2\r\n"};
  for (int i = 0; i < 100; ++i) lines.push_back("x-ratelimit-" + std::to_string(i) + ": 1\r\n");
  lines.push_back(std::string(100, 'n') + "ratelimit: 1\r\n");
  const HttpAnswer answer = taken(lines);
  CHECK(answer.headers.size() == HttpAnswer::max_headers);
  CHECK(*answer.header("retry-after") == "1");
  CHECK(taken({"HTTP/1.1 200\r\n", "location: " + std::string(5000, 'x')}).header("location")->size() ==
        HttpAnswer::max_header_bytes);
}

TEST_CASE("values are made plain") {
  const HttpAnswer answer = taken({"HTTP/1.1 200\r\n", "x-request-id: a\x1B[31m\xFF\r\n"});
  CHECK(answer.header("x-request-id")->find('\x1B') == std::string::npos);
  CHECK(answer.header("x-request-id")->find('\xFF') == std::string::npos);
}

TEST_CASE("a secret is redacted before its header is cut") {
  const std::string secret = "key-test-0000SECRET0000";
  const Redactor redactor({{"env:KEY", secret}});
  KeptHeaders headers;
  HttpAnswer answer;
  const std::string before(HttpAnswer::max_header_bytes - 5, 'x');
  REQUIRE(headers.add("location: " + before + secret, answer, &redactor));
  CHECK(answer.header("location")->find("key-t") == std::string::npos);
}

TEST_CASE("interim replies and trailers count, but are not kept") {
  KeptHeaders headers;
  HttpAnswer answer;
  for (const char* line : {"HTTP/1.1 103 Early Hints\r\n", "Date: early\r\n", "\r\n"})
    CHECK(headers.add(line, answer, nullptr));
  CHECK(headers.have_begun());
  CHECK_FALSE(headers.are_whole());
  for (const char* line : {"HTTP/2 200\r\n", "Date: now\r\n", "\r\n"}) CHECK(headers.add(line, answer, nullptr));
  CHECK(headers.are_whole());
  for (const char* line : {"Date: late\r\n", "HTTP/1.1 500 no\r\n"}) CHECK(headers.add(line, answer, nullptr));
  REQUIRE(answer.headers.size() == 1);
  CHECK(*answer.header("date") == "now");
  CHECK_FALSE(headers.add(std::string(KeptHeaders::most_bytes, 'x'), answer, nullptr));
}
