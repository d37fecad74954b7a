// What goes out, and what comes back whole.
#include <catch2/catch.hpp>

#include "http_line.hpp"

using namespace headgate;
using namespace headgate::route;
using namespace headgate::test;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;

TEST_CASE("a call is a POST of its payload as JSON, with the lane's headers") {
  RawServer server(always(http_reply(R"({"a":2})")));
  HttpSpec spec = http(server.url("/v1/chat/completions?version=3"));
  spec.headers = {{"Authorization", Secret("Bearer abcdefgh")}, {"X-Empty", Secret("")}};
  spec.idempotency_header = "Idempotency-Key";
  const Arrival arrival = ask(spec, post(7, R"({"q":"é"})"));
  CHECK(arrival.ticket == 7);
  CHECK(arrival.error == ErrorKind::none);
  CHECK(arrival.message.empty());
  CHECK(arrival.bytes == R"({"a":2})");
  CHECK(arrival.sends == 1);
  CHECK(arrival.latency_ms > 0.0);
  REQUIRE(arrival.http);
  CHECK(arrival.http->status == 200);
  REQUIRE(arrival.http->header("content-type") != nullptr);
  CHECK(*arrival.http->header("content-type") == "application/json");
  CHECK(arrival.http->header("date") == nullptr);
  CHECK(arrival.http->marks.empty());

  REQUIRE(server.requests().size() == 1);
  const std::string request = server.requests().front();
  CHECK_THAT(request, StartsWith("POST /v1/chat/completions?version=3 HTTP/1.1\r\n"));
  CHECK_THAT(request, EndsWith("\r\n\r\n{\"q\":\"é\"}"));
  for (const char* line : {"Host: 127.0.0.1:", "Content-Type: application/json\r\n", "Accept: application/json\r\n",
                           "Authorization: Bearer abcdefgh\r\n", "X-Empty:\r\n", "Idempotency-Key: id-7\r\n",
                           "User-Agent: headgate/", "gzip", "br", "zstd", "Content-Length: 10\r\n"}) {
    CHECK_THAT(request, Contains(line));
  }
  CHECK_THAT(request, !Contains("Expect"));
}

TEST_CASE("each call has its own idempotency header, on one connection") {
  RawServer server(always(http_reply("{}")));
  HttpSpec spec = http(server);
  spec.idempotency_header = "Idempotency-Key";
  HttpLine line(spec);
  for (std::uint64_t ticket = 1; ticket <= 3; ++ticket) CHECK(line.ask(post(ticket)).error == ErrorKind::none);
  Call strange = post(4);
  strange.id = "a\r\nX-Evil: 1";
  CHECK(line.ask(strange).error == ErrorKind::none);
  const auto requests = server.requests();
  REQUIRE(requests.size() == 4);
  CHECK_THAT(requests[0], Contains("Idempotency-Key: id-1\r\n"));
  CHECK_THAT(requests[2], Contains("Idempotency-Key: id-3\r\n"));
  CHECK_THAT(requests[3], Contains("Idempotency-Key: aX-Evil:1\r\n"));
  CHECK(server.connections() == 1);
}

TEST_CASE("a payload of any size goes out whole, without waiting for leave") {
  RawServer server(always(http_reply("{}")));
  HttpLine line(http(server));
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{70'000}, std::size_t{3'000'000}}) {
    const std::string body(bytes, 'x');
    CHECK(line.ask(post(bytes, body)).error == ErrorKind::none);
    const std::string request = server.requests().back();
    CHECK(request.substr(request.find("\r\n\r\n") + 4) == body);
    CHECK_THAT(request, !Contains("Expect"));
  }
}

TEST_CASE("a lane that only gets sends no body") {
  RawServer server(always(http_reply(R"({"data":[]})")));
  HttpSpec spec = http(server.url("/v1/models"));
  spec.gets = true;
  CHECK(ask(spec).bytes == R"({"data":[]})");
  CHECK_THAT(server.requests().front(), StartsWith("GET /v1/models HTTP/1.1\r\n"));
  CHECK_THAT(server.requests().front(), !Contains("Content-Type"));
}

TEST_CASE("connections are used again, also by other lanes to the same place") {
  RawServer server(always(http_reply("{}")));
  HttpLine line({http(server.url("/a")), http(server.url("/b"))});
  for (std::uint64_t i = 0; i < 20; ++i) CHECK(line.ask(post(i, "{}", i % 2)).error == ErrorKind::none);
  CHECK(server.requests().size() == 20);
  CHECK(server.connections() == 1);
}

TEST_CASE("bytes after a reply are not the next reply") {
  // The first reply says less than it brings: what is over looks like a reply.
  const std::string surplus = http_reply("{}") + http_reply(R"({"for":"nobody"})");
  RawServer server([&](RawServer::Peer& peer) {
    if (!peer.request() || !peer.write(peer.number() == 0 ? surplus : http_reply(R"({"n":2})"))) return;
    while (peer.request() && peer.write(http_reply(R"({"n":3})"))) continue;
  });
  HttpLine line(http(server));
  CHECK(line.ask(post(1)).bytes == "{}");
  const Arrival second = line.ask(post(2));
  INFO(second.message);
  CHECK(second.bytes != R"({"for":"nobody"})");
}

TEST_CASE("a status that is no success is an answer too") {
  RawServer server(always(http_reply(R"({"error":{"code":"slow_down"}})",
                                     "Retry-After: 2\r\nRetry-After-Ms: 1500\r\n"
                                     "X-RateLimit-Remaining-Requests: 0\r\nx-request-id: req_1\r\nServer: me\r\n"
                                     "Set-Cookie: a=b\r\nX-Should-Retry: true\r\n",
                                     "429 Too Many Requests")));
  const Arrival arrival = ask(http(server));
  CHECK(arrival.error == ErrorKind::none);
  REQUIRE(arrival.http);
  CHECK(arrival.http->status == 429);
  CHECK(arrival.bytes == R"({"error":{"code":"slow_down"}})");
  CHECK(*arrival.http->header("retry-after") == "2");
  CHECK(*arrival.http->header("retry-after-ms") == "1500");
  CHECK(*arrival.http->header("x-ratelimit-remaining-requests") == "0");
  CHECK(*arrival.http->header("x-request-id") == "req_1");
  CHECK(*arrival.http->header("x-should-retry") == "true");
  CHECK(arrival.http->header("server") == nullptr);
  CHECK(arrival.http->header("set-cookie") == nullptr);
}

TEST_CASE("a redirect is an answer and is not followed") {
  RawServer target(always(http_reply("{}")));
  RawServer server(always(http_reply("", "Location: " + target.url() + "\r\n", "307 Temporary Redirect")));
  const Arrival arrival = ask(http(server));
  CHECK(arrival.error == ErrorKind::none);
  CHECK(arrival.http->status == 307);
  CHECK(*arrival.http->header("location") == target.url());
  CHECK(target.requests().empty());
  CHECK(server.requests().size() == 1);
}

TEST_CASE("unusual but valid replies") {
  struct Row {
    const char* what;
    std::string reply;
    int status;
    std::string bytes;
  };
  const Row row = GENERATE(
      Row{"HTTP/1.0 without a length ends with the connection", "HTTP/1.0 200 OK\r\n\r\n{\"a\":1}", 200, R"({"a":1})"},
      Row{"nothing to say", "HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
      Row{"interim replies come first",
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nDate: no\r\n\r\n" +
              http_reply("{}", "Date: yes\r\n"),
          200, "{}"},
      Row{"chunks and trailers",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4;x=y\r\n\":1}\r\n0\r\n"
          "Date: late\r\n\r\n",
          200, R"({"a":1})"},
      Row{"any bytes in the body", http_reply(std::string("a\0b\xFF\xC3(", 6)), 200, std::string("a\0b\xFF\xC3(", 6)},
      Row{"an empty body", http_reply(""), 200, ""},
      Row{"a status without words", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}", 200, "{}"});
  CAPTURE(row.what);
  RawServer server(once(row.reply));
  const Arrival arrival = ask(http(server));
  INFO(arrival.message);
  CHECK(arrival.error == ErrorKind::none);
  REQUIRE(arrival.http);
  CHECK(arrival.http->status == row.status);
  CHECK(arrival.bytes == row.bytes);
  if (const std::string* date = arrival.http->header("date")) CHECK(*date == "yes");
}

TEST_CASE("a stream is asked for, and marked as it comes") {
  RawServer server([](RawServer::Peer& peer) {
    while (peer.request()) {
      peer.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (const char* chunk : {"9\r\ndata: 1\n\n\r\n", "9\r\ndata: 2\n\n\r\n", "0\r\n\r\n"}) peer.write(chunk);
    }
  });
  const Arrival arrival = ask(streaming(server));
  CHECK_THAT(server.requests().front(), Contains("Accept: text/event-stream\r\n"));
  CHECK(arrival.error == ErrorKind::none);
  CHECK(arrival.bytes == "data: 1\n\ndata: 2\n\n");
  REQUIRE(arrival.http);
  const auto& marks = arrival.http->marks;
  REQUIRE_FALSE(marks.empty());
  CHECK(marks.back().bytes == arrival.bytes.size());
  CHECK(marks.back().ms <= arrival.latency_ms);
  for (std::size_t i = 1; i < marks.size(); ++i) {
    CHECK(marks[i - 1].bytes < marks[i].bytes);
    CHECK(marks[i - 1].ms <= marks[i].ms);
  }
}

TEST_CASE("a stream of very many pieces has a bounded number of marks, the last at its end") {
  const std::size_t pieces = 3 * HttpAnswer::max_marks;
  std::string reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::size_t i = 0; i < pieces; ++i) reply += "1\r\nx\r\n";
  RawServer server(always(reply + "0\r\n\r\n"));
  const Arrival arrival = ask(streaming(server));
  CHECK(arrival.bytes.size() == pieces);
  CHECK(arrival.http->marks.size() <= HttpAnswer::max_marks);
  CHECK(arrival.http->marks.back().bytes == pieces);
}

TEST_CASE("a secret that is echoed reaches neither headers nor body") {
  const std::string key = "key-test-0000SECRET0000";
  HttpSpec spec;
  SECTION("of an answer") {
    RawServer server(always(http_reply(R"({"error":"bad key )" + key + "\"}",
                                       "X-Request-Id: " + key + "\r\nLocation: /?k=" + key + "\r\n", "401 No")));
    spec = http(server);
    spec.headers = {{"Authorization", Secret("Bearer " + key)}};
    spec.secrets = std::make_shared<const Redactor>(std::vector<std::pair<std::string, std::string>>{{"env:KEY", key}});
    const Arrival arrival = ask(spec);
    CHECK_THAT(server.requests().front(), Contains(key));
    CHECK(arrival.bytes == R"({"error":"bad key [secret env_KEY]"})");
    CHECK(*arrival.http->header("x-request-id") == "[secret env_KEY]");
    CHECK(*arrival.http->header("location") == "/?k=[secret env_KEY]");
  }
  SECTION("of an error's message, nor does a query") {
    RawServer server(once("HTTP/1.1 200 OK\r\nContent-Encoding: " + key + "\r\nContent-Length: 2\r\n\r\n{}"));
    spec = http(server.url("/v1?token=hush&k=" + key));
    spec.secrets = std::make_shared<const Redactor>(std::vector<std::pair<std::string, std::string>>{{"env:KEY", key}});
    const Arrival arrival = ask(spec);
    CHECK(arrival.error == ErrorKind::malformed_reply);
    CHECK_THAT(arrival.message, Contains(server.place()) && !Contains(key) && !Contains("hush"));
  }
}
