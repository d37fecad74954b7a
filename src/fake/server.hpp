// The loop: one thread, any number of connections.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

#include "connection.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/result.hpp"
#include "responder.hpp"
#include "tls.hpp"

namespace headgate::fake {

// A descriptor that is closed with it.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

class Server {
 public:
  // `tls` may be null. Fails with environment.
  static Result<std::unique_ptr<Server>> start(Script script, std::uint16_t port, std::unique_ptr<TlsServer> tls);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const { return port_; }
  Json stats() const;
  double idle_seconds() const;

 private:
  struct Slot {
    std::unique_ptr<Connection> connection;
    std::uint32_t generation = 0;
    Micros armed = -1;  // the alarm that is its own; others of it are stale
  };
  struct Alarm {
    Micros at;
    std::uint32_t slot, generation;
    bool operator>(const Alarm& other) const { return at > other.at; }
  };

  Server(Script script, std::unique_ptr<TlsServer> tls);
  Result<void> listen(std::uint16_t port);

  void run();
  void turn(const void* events, int count);
  void accept_all();
  void add(int socket);
  void advance(std::uint32_t slot, bool hung_up);
  void ring();
  void set_alarm();
  Now now() const;

  std::unique_ptr<TlsServer> tls_;
  mutable std::mutex mutex_;  // held while the loop works; guards all below but the atomics
  Responder responder_;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::priority_queue<Alarm, std::vector<Alarm>, std::greater<>> alarms_;
  Micros alarm_set_for_ = -1;
  Instant begun_;
  std::uint16_t port_ = 0;
  Descriptor listener_, poll_, timer_, wake_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace headgate::fake
