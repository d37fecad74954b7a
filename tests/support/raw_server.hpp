// A TCP server on loopback that says exactly what a test tells it to, byte by byte: one thread a connection.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace headgate::test {

// Shut until somebody opens it; all that wait go on then.
class Door {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    opened_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [&] { return is_open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool is_open_ = false;
};

// A free port of this machine, in a socket that does not listen yet: who connects is refused.
class LoopbackPort {
 public:
  LoopbackPort() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    if (::bind(fd_, address(), size) != 0 || ::getsockname(fd_, address(), &size) != 0) {
      throw std::runtime_error("the test has no port");
    }
  }
  ~LoopbackPort() { ::close(fd_); }
  LoopbackPort(const LoopbackPort&) = delete;
  LoopbackPort& operator=(const LoopbackPort&) = delete;

  int fd() const { return fd_; }
  sockaddr* address() { return static_cast<sockaddr*>(static_cast<void*>(&address_)); }
  int number() const { return ntohs(address_.sin_port); }
  std::string place() const { return "127.0.0.1:" + std::to_string(number()); }

 private:
  int fd_;
  sockaddr_in address_{};
};

class RawServer {
 public:
  class Peer {
   public:
    Peer(RawServer& server, int fd, std::size_t number) : server_(server), fd_(fd), number_(number) {}

    std::size_t number() const { return number_; }  // of the connection, from 0

    // Headers and body of the next request; nothing where the client is gone.
    std::optional<std::string> request() {
      for (;;) {
        const std::size_t blank = read_.find("\r\n\r\n");
        const std::size_t whole = blank == read_.npos ? read_.npos : blank + 4 + length_in(read_.substr(0, blank));
        if (whole != read_.npos && read_.size() >= whole) {
          std::string out = read_.substr(0, whole);
          read_.erase(0, whole);
          server_.came(out);
          return out;
        }
        if (!read_more()) return std::nullopt;
      }
    }
    bool write(std::string_view bytes) {
      while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      }
      return true;
    }
    // Until the client closes; what it still says is lost.
    void wait_for_end() {
      while (read_more()) read_.clear();
    }
    // What has been sent arrives, then the end.
    void close() { ::shutdown(fd_, SHUT_WR); }
    // The connection breaks when the peer is done with: RST instead of FIN.
    void reset() {
      const linger at_once{1, 0};
      ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    int fd() const { return fd_; }

   private:
    static std::size_t length_in(std::string_view headers) {
      constexpr std::string_view name = "Content-Length: ";
      const std::size_t at = headers.find(name);
      std::size_t out = 0;
      if (at != headers.npos) {
        std::from_chars(headers.data() + at + name.size(), headers.data() + headers.size(), out);
      }
      return out;
    }
    bool read_more() {
      char block[16384];
      const ssize_t got = ::recv(fd_, block, sizeof block, 0);
      if (got <= 0) return false;
      read_.append(block, static_cast<std::size_t>(got));
      return true;
    }

    RawServer& server_;
    int fd_;
    std::size_t number_;
    std::string read_;
  };

  using Script = std::function<void(Peer&)>;

  explicit RawServer(Script script) : script_(std::move(script)) {
    if (::listen(port_.fd(), 4096) != 0) throw std::runtime_error("the test's server cannot listen");
    thread_ = std::thread([this] { accept_all(); });
  }
  ~RawServer() {
    is_over_ = true;
    ::shutdown(port_.fd(), SHUT_RDWR);
    thread_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
    }
    for (std::thread& peer : peers_) peer.join();
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  int port() const { return port_.number(); }
  std::string place() const { return port_.place(); }
  std::string url(const std::string& path = "/v1/chat/completions") const { return "http://" + place() + path; }

  std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  std::size_t connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
  }
  void wait_for_requests(std::size_t n) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return requests_.size() >= n; });
  }

 private:
  void accept_all() {
    while (!is_over_) {
      const int fd = ::accept4(port_.fd(), nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      const std::lock_guard lock(mutex_);
      open_.push_back(fd);
      peers_.emplace_back([this, fd, number = connections_++] { serve(fd, number); });
    }
  }
  void serve(int fd, std::size_t number) {
    Peer peer(*this, fd, number);
    script_(peer);
    const std::lock_guard lock(mutex_);
    open_.remove(fd);
    ::close(fd);
  }
  void came(const std::string& request) {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    changed_.notify_all();
  }

  Script script_;
  LoopbackPort port_;
  std::atomic<bool> is_over_ = false;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> requests_;
  std::size_t connections_ = 0;
  std::list<int> open_;
  std::list<std::thread> peers_;
  std::thread thread_;
};

// A whole reply.
inline std::string http_reply(std::string_view body, std::string_view headers = "",
                              std::string_view status = "200 OK") {
  return "HTTP/1.1 " + std::string(status) + "\r\nContent-Type: application/json\r\n" + std::string(headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

// Answers each request with these bytes and leaves the connection open.
inline RawServer::Script always(std::string bytes) {
  return [bytes = std::move(bytes)](RawServer::Peer& peer) {
    while (peer.request() && peer.write(bytes)) continue;
  };
}

// Answers the first request with these bytes, then closes.
inline RawServer::Script once(std::string bytes) {
  return [bytes = std::move(bytes)](RawServer::Peer& peer) {
    if (!peer.request()) return;
    peer.write(bytes);
    peer.close();
    peer.wait_for_end();
  };
}

}  // namespace headgate::test
