// Each way in which an exchange fails has its kind and names the place.
#include <catch2/catch.hpp>

#include "http_line.hpp"

using namespace headgate;
using namespace headgate::route;
using namespace headgate::test;
using Catch::Matchers::Contains;

namespace {

const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

}  // namespace

TEST_CASE("a refused connection says so in the system's words") {
  const LoopbackPort port;
  const Arrival arrival = ask(http("http://" + port.place() + "/v1?key=hush"));
  CHECK(arrival.error == ErrorKind::connect);
  CHECK(arrival.message == "cannot connect to " + port.place() + ": Connection refused");
  CHECK_FALSE(arrival.http);
  CHECK(arrival.sends == 0);
  CHECK(arrival.latency_ms == 0.0);
}

TEST_CASE("a name without an address fails all calls that wait for it, each once") {
  // No resolver is asked about a label of more than 63 bytes.
  HttpLine line(http("http://" + std::string(64, 'a') + ".invalid/"));
  line.send(posts(50));
  const auto all = line.wait(50);
  CHECK(all.size() == 50);
  CHECK(line.count() == 50);
  for (const auto& [ticket, arrival] : all) {
    CHECK(arrival.error == ErrorKind::dns);
    CHECK_THAT(arrival.message, Contains(".invalid:80") && Contains("looked up"));
    CHECK(arrival.sends == 0);
  }
  CHECK(line.ask(post(99)).error == ErrorKind::dns);
}

TEST_CASE("calls to a name that has an address all go out") {
  RawServer server(always(http_reply("{}")));
  HttpLine line(http("http://localhost:" + std::to_string(server.port()) + "/"));
  line.send(posts(20));
  for (const auto& [ticket, arrival] : line.wait(20)) {
    INFO(arrival.message);
    CHECK(arrival.error == ErrorKind::none);
  }
}

TEST_CASE("a connection that ends too early is a reset; a stream's is truncated and brings what came") {
  struct Row {
    const char* what;
    std::string said;
    const char* words;
    bool has_headers;
    std::string body;
  };
  const Row row = GENERATE(
      Row{"nothing", "", "before any reply", false, ""},
      Row{"half a status line", "HTTP/1.1 20", "before any reply", false, ""},
      Row{"half the headers", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Le",
          "in the middle of the headers", false, ""},
      Row{"an interim reply alone", "HTTP/1.1 100 Continue\r\n\r\n", "in the middle of the headers", false, ""},
      Row{"half the body", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":", "after 5 bytes", true, "{\"a\":"},
      Row{"half a chunk", chunked + "10\r\ndata:", "after 5 bytes", true, "data:"},
      Row{"no last chunk", chunked + "5\r\ndata:\r\n", "after 5 bytes", true, "data:"});
  CAPTURE(row.what);
  const bool streams = GENERATE(false, true);
  RawServer server(once(row.said));
  const Arrival arrival = ask(streams ? streaming(server) : http(server));
  INFO(arrival.message);
  CHECK_THAT(arrival.message, Contains(server.place()) && Contains(row.words));
  CHECK(arrival.sends == 1);
  if (streams && row.has_headers) {
    CHECK(arrival.error == ErrorKind::truncated);
    REQUIRE(arrival.http);
    CHECK(arrival.http->status == 200);
    CHECK(arrival.bytes == row.body);
    CHECK_FALSE(arrival.http->marks.empty());
  } else {
    CHECK(arrival.error == ErrorKind::reset);
    CHECK_FALSE(arrival.http);
    CHECK(arrival.bytes.empty());
  }
}

TEST_CASE("a connection that breaks is a reset with the errno text") {
  RawServer server([](RawServer::Peer& peer) {
    peer.request();
    peer.reset();
  });
  const Arrival arrival = ask(http(server));
  CHECK(arrival.error == ErrorKind::reset);
  CHECK_THAT(arrival.message, Contains(server.place()) && Contains("Connection reset by peer"));
}

TEST_CASE("a used connection that is closed in our face is a reset, and nothing is sent twice") {
  RawServer server([](RawServer::Peer& peer) {
    if (!peer.request() || !peer.write(http_reply("{}"))) return;
    peer.request();  // and no reply
    peer.close();
    peer.wait_for_end();
  });
  HttpLine line(http(server));
  CHECK(line.ask(post(1)).error == ErrorKind::none);
  const Arrival arrival = line.ask(post(2));
  CHECK(arrival.error == ErrorKind::reset);
  CHECK_THAT(arrival.message, Contains(server.place()));
  CHECK_FALSE(arrival.http);
  CHECK(server.requests().size() == 2);
  CHECK(line.ask(post(3)).error == ErrorKind::none);  // on another connection
}

TEST_CASE("a connection that was closed while it was idle costs no call") {
  Door closed;
  RawServer server([&](RawServer::Peer& peer) {
    if (!peer.request() || !peer.write(http_reply("{}"))) return;
    if (peer.number() > 0) return;
    peer.close();
    closed.open();
    peer.wait_for_end();
  });
  HttpLine line(http(server));
  CHECK(line.ask(post(1)).error == ErrorKind::none);
  closed.wait();
  const Arrival arrival = line.ask(post(2));
  INFO(arrival.message);
  CHECK(arrival.error == ErrorKind::none);
  CHECK(server.requests().size() == 2);
}

TEST_CASE("what is no HTTP is malformed") {
  struct Row {
    const char* what;
    std::string said;
  };
  const Row row = GENERATE(
      Row{"another protocol", "SSH-2.0-OpenSSH_9.2\r\n"},
      Row{"binary", std::string("\x16\x03\x01\0\xA5\0\0\0\0\0\0\0", 12)},
      Row{"a page without headers", "<html><body>hello</body></html>\r\n\r\n"},
      Row{"a length that is no number", "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}"},
      Row{"a length below nothing", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}"},
      Row{"a chunk without a size", chunked + "zz\r\n{}\r\n0\r\n\r\n"},
      Row{"NUL in a header", std::string("HTTP/1.1 200 OK\r\nDate: a\0b\r\nContent-Length: 2\r\n\r\n{}", 52)},
      Row{"a header without a colon", "HTTP/1.1 200 OK\r\nhello\r\nContent-Length: 2\r\n\r\n{}"},
      Row{"an encoding nobody knows", "HTTP/1.1 200 OK\r\nContent-Encoding: rot13\r\nContent-Length: 2\r\n\r\n{}"},
      Row{"gzip that is none", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 11\r\n\r\n{\"no\":gzip}"},
      Row{"brotli that is none",
          "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 4\r\n\r\n\xFF\xFF\xFF\xFF"});
  CAPTURE(row.what);
  RawServer server(once(row.said));
  const Arrival arrival = ask(http(server));
  INFO(arrival.message);
  CHECK(arrival.error == ErrorKind::malformed_reply);
  CHECK_THAT(arrival.message, Contains(server.place()));
  CHECK_FALSE(arrival.http);
}

TEST_CASE("what cannot be sent is refused before anything goes out") {
  RawServer server(always(http_reply("{}")));
  HttpSpec spec = http(server);
  const char* words = nullptr;
  SECTION("no URL") {
    spec.url = "::not a url::";
    words = "URL";
  }
  SECTION("another scheme") {
    spec.url = "ftp://" + server.place() + "/";
    words = "neither an http nor an https";
  }
  SECTION("a password in the URL") {
    spec.url = "http://me:hushhush@" + server.place() + "/";
    words = "holds a user or password";
  }
  SECTION("a line break in a header") {
    spec.headers = {{"Authorization", Secret("hushhush\r\nX-Evil: 1")}};
    words = "the header 'Authorization'";
  }
  SECTION("a header whose name is none") {
    spec.headers = {{"X Y", Secret("hushhush")}};
    words = "the header 'X Y'";
  }
  const Arrival arrival = ask(spec);
  CHECK(arrival.error == ErrorKind::connect);
  CHECK_THAT(arrival.message, Contains(words) && !Contains("hushhush"));
  CHECK(arrival.sends == 0);
  CHECK(server.connections() == 0);
}
