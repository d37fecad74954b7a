// libcurl's sockets in epoll. An idle connection stays registered, so that a call over it costs no epoll_ctl.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "poller.hpp"

namespace headgate::route {

class HttpSockets {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void is_ready(int fd, std::uint32_t events) = 0;
  };

  explicit HttpSockets(Poller& poller) : poller_(poller) {}

  // The owner wants these events from now on; 0: none. False where the system refused to watch.
  bool want(int fd, std::uint32_t events, Owner& owner);
  // A connection of ours: libcurl tells when it closes it. Other descriptors it closes without a word.
  void opened(int fd);
  void closing(int fd);

 private:
  struct Socket : Poller::Watcher {
    void is_ready(std::uint64_t watch, std::uint32_t events) override;

    HttpSockets* all = nullptr;
    int fd = -1;
    bool is_connection = false;
    std::uint64_t watch = 0;  // 0: not registered
    std::uint32_t registered = 0, wanted = 0;
    Owner* owner = nullptr;
  };

  Socket& of(int fd);
  void forget(Socket& socket);

  Poller& poller_;
  std::vector<std::unique_ptr<Socket>> sockets_;  // by descriptor
};

}  // namespace headgate::route
