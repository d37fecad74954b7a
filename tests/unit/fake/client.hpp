// A client of our own: raw bytes over a blocking socket, and every way a connection can end told apart.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

namespace headgate::test {

enum class End { open, closed, reset };

struct Answer {
  int status = 0;
  std::string head;
  std::string body;  // as it came: chunks are not joined
  End end = End::open;

  std::string header(std::string_view name) const {
    const std::size_t at = head.find("\r\n" + std::string(name) + ": ");
    if (at == std::string::npos) return {};
    const std::size_t from = at + name.size() + 4;
    return head.substr(from, head.find("\r\n", from) - from);
  }
  std::string unchunked() const {
    std::string out;
    for (std::size_t at = 0; at < body.size();) {
      const std::size_t stop = body.find("\r\n", at);
      const std::size_t size = std::stoul(body.substr(at, stop - at), nullptr, 16);
      if (size == 0) break;
      out += body.substr(stop + 2, size);
      at = stop + 2 + size + 2;
    }
    return out;
  }
};

class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    const timeval patience{60, 0};  // a hung test fails
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      REQUIRE(sent > 0);
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void post(std::string_view path, std::string_view body, std::string_view headers = {}) {
    send("POST " + std::string(path) + " HTTP/1.1\r\nHost: here\r\n" + std::string(headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
  }
  void get(std::string_view path) { send("GET " + std::string(path) + " HTTP/1.1\r\nHost: here\r\n\r\n"); }

  // One whole answer, or what came of it before the end of the connection.
  Answer answer() {
    Answer out;
    while (!took_head(out)) {
      if (!more(out.end)) {
        out.head = in_;
        return out;
      }
    }
    while (!took_body(out)) {
      if (!more(out.end)) {
        out.body = in_;
        return out;
      }
    }
    return out;
  }
  // Everything until the connection ends.
  Answer to_the_end() {
    Answer out;
    while (more(out.end)) {
    }
    out.body = in_;
    return out;
  }
  // At least so many bytes, or less at the end.
  std::size_t at_least(std::size_t bytes) {
    End end = End::open;
    while (in_.size() < bytes && more(end)) {
    }
    return in_.size();
  }

 private:
  bool more(End& end) {
    char block[65536];
    const ssize_t got = ::recv(socket_, block, sizeof block, 0);
    if (got > 0) {
      in_.append(block, static_cast<std::size_t>(got));
      return true;
    }
    REQUIRE((got == 0 || errno == ECONNRESET));
    end = got == 0 ? End::closed : End::reset;
    return false;
  }

  bool took_head(Answer& out) {
    const std::size_t end = in_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    out.head = in_.substr(0, end + 2);
    in_.erase(0, end + 4);
    out.status = std::stoi(out.head.substr(9, 3));
    return true;
  }

  bool took_body(Answer& out) {
    std::size_t size = std::string::npos;
    if (out.header("Transfer-Encoding") == "chunked") {
      if (in_.starts_with("0\r\n\r\n")) size = 5;
      if (const std::size_t end = in_.find("\r\n0\r\n\r\n"); size != 5 && end != std::string::npos) size = end + 7;
    } else if (const std::string length = out.header("Content-Length"); !length.empty()) {
      size = std::stoul(length);
    }
    if (in_.size() < size) return false;
    out.body = in_.substr(0, size);
    in_.erase(0, size);
    return true;
  }

  int socket_;
  std::string in_;
};

// One question over a connection of its own.
inline Answer ask(std::uint16_t port, std::string_view path, std::string_view body, std::string_view headers = {}) {
  Client client(port);
  client.post(path, body, headers);
  return client.answer();
}

inline std::string chat(std::string_view content, std::string_view more = {}) {
  return R"({"model":"m1","messages":[{"role":"system","content":"be brief"},{"role":"user","content":")" +
         std::string(content) + "\"}]" + std::string(more) + "}";
}

}  // namespace headgate::test
