// What other threads leave for the thread of a transport.
#pragma once

#include <mutex>
#include <optional>
#include <vector>

#include "headgate/base/clock.hpp"
#include "headgate/route/transport.hpp"
#include "poller.hpp"

namespace headgate::route {

class Inbox {
 public:
  struct Left {
    std::vector<Call> calls;
    std::optional<Millis> stop;  // the shortest grace that was asked for
    bool finish = false;
  };

  explicit Inbox(Poller& poller) : poller_(poller) {}

  // From any thread. The poller is woken only where somebody sleeps on it.
  void send(std::vector<Call> calls);
  void stop(Millis grace);
  void finish();

  // Of the transport's thread alone.
  Left take();
  // Waits on the poller; where something was left in the meantime, it only looks at it, so that no sender starves
  // what is ready.
  void sleep(std::optional<Instant> until);

 private:
  template <class Change>
  void leave(Change change);

  Poller& poller_;
  std::mutex mutex_;
  Left left_;
  bool is_asleep_ = false;
};

}  // namespace headgate::route
