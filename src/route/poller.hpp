// epoll, and a way to wake it from another thread. Who is watched is named by a number, so an event for somebody who is
// gone by the time it is looked at finds nobody.
#pragma once

#include <sys/epoll.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "fd.hpp"
#include "headgate/base/clock.hpp"

namespace headgate::route {

class Poller {
 public:
  class Watcher {
   public:
    virtual ~Watcher() = default;
    // `events` as epoll has them.
    virtual void is_ready(std::uint64_t watch, std::uint32_t events) = 0;
  };

  Poller();  // throws std::system_error where the system has no descriptors left

  // The number of this watch, or 0 where the system refused. `watcher` must outlive it.
  std::uint64_t watch(int fd, std::uint32_t events, Watcher* watcher);
  bool change(std::uint64_t watch, int fd, std::uint32_t events);
  void forget(std::uint64_t watch, int fd);  // before the descriptor is closed

  void wake();  // from any thread
  void wait(std::optional<Instant> until);
  void call_watchers();  // of what the wait found ready

 private:
  Fd epoll_;
  Fd wake_;
  std::uint64_t last_ = 0;
  std::unordered_map<std::uint64_t, Watcher*> watchers_;
  std::vector<epoll_event> events_;
  std::size_t ready_ = 0;
};

}  // namespace headgate::route
