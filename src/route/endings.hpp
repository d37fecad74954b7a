// Ends process trees without waiting for them: SIGTERM, a time of grace, SIGKILL, for the root's group and for every
// descendant, also those in groups and sessions of their own.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <vector>

#include "headgate/base/clock.hpp"
#include "launch.hpp"
#include "orphans.hpp"
#include "process_tree.hpp"

namespace headgate::route {

class Endings {
 public:
  explicit Endings(Orphans& orphans) : orphans_(orphans) {}

  // From here on the child is ours to reap. What it still writes is read and dropped, so that a last word in a pipe
  // nobody reads does not kill it before its time. `kept` is let go when the tree is no more.
  void end(Launched child, Millis grace, Instant now, std::shared_ptr<void> kept);
  // For a child that has ended by itself: what it left in its group is killed, and it is reaped.
  void bury(pid_t child);

  void tick(Instant now);
  std::optional<Instant> next() const;  // when to tick
  void shorten(Millis grace, Instant now);
  bool empty() const { return trees_.empty(); }

 private:
  struct Ending {
    Launched child;
    ProcessTree tree;
    Instant kill_at;
    Instant look_at;
    Millis pause;  // until the next look; grows
    std::shared_ptr<void> kept;
  };

  void look(Ending& ending, Instant now);

  Orphans& orphans_;
  std::vector<Ending> trees_;
};

}  // namespace headgate::route
