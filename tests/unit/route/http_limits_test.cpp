// Every limit of an exchange: it ends the call, says which it was, and holds memory.
#include <sys/socket.h>

#include <cstdint>

#include <catch2/catch.hpp>

#include "http_line.hpp"

using namespace headgate;
using namespace headgate::route;
using namespace headgate::test;
using Catch::Matchers::Contains;

namespace {

// Bits as deflate has them: the lowest of a byte first.
class Bits {
 public:
  void add(std::uint32_t value, int count) {
    for (int i = 0; i < count; ++i) bit((value >> i) & 1U);
  }
  void add_code(std::uint32_t code, int count) {  // Huffman codes have their highest bit first
    for (int i = count - 1; i >= 0; --i) bit((code >> i) & 1U);
  }
  std::string bytes;

 private:
  void bit(std::uint32_t one) {
    if (filled_ == 0) bytes += '\0';
    bytes.back() = static_cast<char>(static_cast<unsigned char>(bytes.back()) | one << filled_);
    filled_ = (filled_ + 1) % 8;
  }
  int filled_ = 0;
};

const std::string gzip_head = std::string("\x1F\x8B\x08\0\0\0\0\0\0\x03", 10);

// gzip that becomes a NUL and `runs` times 258 more; without an end.
std::string gzip_bomb(std::size_t runs) {
  Bits out;
  out.add(1, 1);  // the last block
  out.add(1, 2);  // with the fixed codes
  out.add_code(0x30, 8);
  for (std::size_t i = 0; i < runs; ++i) {
    out.add_code(0xC5, 8);  // 258 bytes
    out.add_code(0, 5);     // from one before
  }
  return gzip_head + out.bytes;
}

// gzip of a short text, stored as it is.
std::string gzip_of(const std::string& text) {
  std::uint32_t crc = ~0U;
  for (const char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = (crc & 1U) != 0 ? crc >> 1U ^ 0xEDB88320U : crc >> 1U;
  }
  Bits out;
  out.add(1, 8);  // the last block, stored, up to the byte's end
  const auto size = static_cast<std::uint32_t>(text.size());
  out.add(size, 16);
  out.add(~size & 0xFFFFU, 16);
  out.bytes += text;
  Bits tail;
  tail.add(~crc, 32);
  tail.add(size, 32);
  return gzip_head + out.bytes + tail.bytes;
}

HttpSpec limited(const RawServer& server, std::uint64_t bytes) {
  HttpSpec out = http(server);
  out.limits.reply_bytes = bytes;
  return out;
}

}  // namespace

// The calls that are to be late go over a connection that is there already: on a busy machine it may take a while.

TEST_CASE("a server that never answers meets the limit of a try, the lane's or the call's own") {
  Door over;
  RawServer server([&](RawServer::Peer& peer) {
    while (const auto request = peer.request()) {
      if (request->ends_with("hang")) over.wait();
      peer.write(http_reply("{}"));
    }
  });
  HttpSpec spec = http(server);
  Call late = post(2, "hang");
  const bool is_own = GENERATE(false, true);
  if (is_own) {
    late.timeout_ms = 300;
  } else {
    spec.limits.timeout = Millis{300};
  }
  HttpLine line(spec);
  Call first = post(1);
  first.timeout_ms = 60'000;
  CHECK(line.ask(first).error == ErrorKind::none);
  const Arrival arrival = line.ask(late);
  over.open();
  CHECK(arrival.error == ErrorKind::timeout);
  CHECK(arrival.message == "no reply from " + server.place() + " within 300 ms (the limit of one try)");
  CHECK(arrival.sends == 1);
  CHECK(arrival.latency_ms > 0.0);
  CHECK(server.requests().size() == 2);
  first.ticket = 3;
  CHECK(line.ask(first).error == ErrorKind::none);
}

TEST_CASE("a reply that drips meets the limit of a try") {
  RawServer server([](RawServer::Peer& peer) {
    if (!peer.request() || !peer.write(http_reply("{}")) || !peer.request()) return;
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    while (peer.write("x")) std::this_thread::sleep_for(5ms);  // the pace of the drip, nobody waits for it
  });
  HttpLine line(http(server));
  CHECK(line.ask(post(1)).error == ErrorKind::none);
  Call late = post(2);
  late.timeout_ms = 1500;
  const Arrival arrival = line.ask(late);
  CHECK(arrival.error == ErrorKind::timeout);
  CHECK_THAT(arrival.message, Contains("not whole within 1500 ms") && Contains("bytes of it had come"));
}

TEST_CASE("the first byte has a limit of its own, from the request on") {
  Door over;
  RawServer server([&](RawServer::Peer& peer) {
    const auto request = peer.request();
    if (request && request->ends_with("begin")) peer.write("HTTP/1.1 200 OK\r\n");
    over.wait();
  });
  HttpSpec spec = http(server);
  SECTION("none came") {
    spec.limits.first_byte = Millis{200};
    const Arrival arrival = ask(spec);
    CHECK(arrival.error == ErrorKind::timeout);
    CHECK_THAT(arrival.message, Contains(server.place()) && Contains("within 200 ms") && Contains("first byte"));
    CHECK(arrival.sends == 1);
  }
  SECTION("one came: the limit of the try holds") {
    spec.limits.first_byte = Millis{2000};
    spec.limits.timeout = Millis{2600};
    const Arrival arrival = ask(spec, post(1, "begin"));
    CHECK(arrival.error == ErrorKind::timeout);
    CHECK_THAT(arrival.message, Contains("not whole within 2600 ms"));
  }
  over.open();
}

TEST_CASE("a server that takes no more connections meets the limit for connecting; nothing was sent") {
  LoopbackPort port;
  REQUIRE(::listen(port.fd(), 0) == 0);
  std::vector<int> fillers;
  for (int i = 0; i < 8; ++i) {
    fillers.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    ::connect(fillers.back(), port.address(), sizeof(sockaddr_in));
  }
  HttpSpec spec = http("http://" + port.place() + "/");
  const char* words = nullptr;
  SECTION("of connecting") {
    spec.limits.connect = Millis{300};
    words = "within 300 ms (the limit for connecting)";
  }
  SECTION("of the try, where it is the shorter one") {
    spec.limits.timeout = Millis{300};
    words = "within 300 ms (the limit of one try)";
  }
  const Arrival arrival = ask(spec);
  CHECK(arrival.error == ErrorKind::connect);
  CHECK_THAT(arrival.message, Contains(words));
  CHECK(arrival.sends == 0);
  for (const int fd : fillers) ::close(fd);
}

TEST_CASE("a body of exactly the limit is taken, one byte more is not") {
  RawServer server([](RawServer::Peer& peer) {
    while (const auto request = peer.request()) {
      const std::string body(request->ends_with("more") ? 5001 : 5000, 'x');
      if (request->ends_with("chunked more")) {
        peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1389\r\n" + body + "\r\n0\r\n\r\n");
      } else {
        peer.write(http_reply(body));
      }
    }
  });
  HttpLine line(limited(server, 5000));
  CHECK(line.ask(post(1)).bytes == std::string(5000, 'x'));
  for (const char* how : {"more", "chunked more"}) {
    const Arrival arrival = line.ask(post(2, how));
    CHECK(arrival.error == ErrorKind::too_large);
    CHECK(arrival.message == "the reply of " + server.place() + " is larger than 5000 bytes");
    CHECK_FALSE(arrival.http);
    CHECK(arrival.bytes.empty());
  }
}

TEST_CASE("a body without end is read up to the limit and no further") {
  constexpr std::uint64_t limit = 1 << 20;
  std::atomic<std::uint64_t> written = 0;
  Door ended;
  RawServer server([&](RawServer::Peer& peer) {
    peer.request();
    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "10000\r\n" + std::string(65536, 'x') + "\r\n";
    while (peer.write(chunk)) written += chunk.size();
    ended.open();
  });
  CHECK(ask(limited(server, limit)).error == ErrorKind::too_large);
  ended.wait();
  CHECK(written < limit + (std::uint64_t{64} << 20));  // what the system's buffers took besides
}

TEST_CASE("compressed replies are decoded, and a bomb stops at the limit") {
  RawServer server([](RawServer::Peer& peer) {
    while (const auto request = peer.request()) {
      const std::string body = request->ends_with("bomb") ? gzip_bomb(4'000'000) : gzip_of(R"({"a":1})");
      if (!peer.write(http_reply(body, "Content-Encoding: gzip\r\n"))) return;
    }
  });
  HttpLine line(limited(server, 8 << 20));
  CHECK(line.ask(post(1)).bytes == R"({"a":1})");
  const Arrival arrival = line.ask(post(2, "bomb"));  // 6.5 MB that become 1 GB
  INFO(arrival.message);
  CHECK(arrival.error == ErrorKind::too_large);
  CHECK_THAT(arrival.message, Contains("larger than 8388608 bytes"));
}

TEST_CASE("headers have a limit") {
  const bool one_line = GENERATE(false, true);
  RawServer server([&](RawServer::Peer& peer) {
    if (!peer.request() || !peer.write("HTTP/1.1 200 OK\r\n")) return;
    if (one_line) peer.write("X-Long: ");
    const std::string more = one_line ? std::string(8192, 'x') : "X-More: " + std::string(1000, 'x') + "\r\n";
    while (peer.write(more)) continue;
  });
  const Arrival arrival = ask(http(server));
  INFO(arrival.message);
  CHECK(arrival.error == ErrorKind::too_large);
  CHECK_THAT(arrival.message, Contains(server.place()) && Contains("headers"));
}

TEST_CASE("interim replies without end have the limit of headers") {
  RawServer server([&](RawServer::Peer& peer) {
    peer.request();
    while (peer.write("HTTP/1.1 100 Continue\r\n\r\n")) continue;
  });
  CHECK(ask(http(server)).error == ErrorKind::too_large);
}
