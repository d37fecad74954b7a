#include "endings.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

namespace headgate::route {
namespace {

constexpr Millis first_pause{1};
constexpr Millis longest_pause{20};

// As much as a program in good faith may have to say; one in bad faith is slowed down by it.
void read_and_drop(const Fd& fd) {
  std::array<char, 65536> block;
  if (fd) [[maybe_unused]]
    const ssize_t got = ::read(fd.get(), block.data(), block.size());
}

}  // namespace

void Endings::end(Launched child, Millis grace, Instant now, std::shared_ptr<void> kept) {
  child.in.close();
  ProcessTree tree(child.pid);
  trees_.push_back({std::move(child), std::move(tree), now + grace, now + first_pause, first_pause, std::move(kept)});
  trees_.back().tree.signal(SIGTERM);
}

void Endings::bury(pid_t child) {
  ::kill(-child, SIGKILL);
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  orphans_.reaped(child);
}

void Endings::look(Ending& ending, Instant now) {
  read_and_drop(ending.child.out);
  read_and_drop(ending.child.err);
  if (now >= ending.kill_at) ending.tree.signal(SIGKILL);
  ending.pause = std::min(2 * ending.pause, longest_pause);
  ending.look_at = now + ending.pause;
  if (now < ending.kill_at) ending.look_at = std::min(ending.look_at, ending.kill_at);
}

void Endings::tick(Instant now) {
  std::erase_if(trees_, [&](Ending& ending) {
    if (now < ending.look_at) return false;
    if (ending.tree.has_ended()) {
      bury(ending.child.pid);
      return true;
    }
    look(ending, now);
    return false;
  });
}

std::optional<Instant> Endings::next() const {
  std::optional<Instant> soonest;
  for (const Ending& ending : trees_) soonest = soonest ? std::min(*soonest, ending.look_at) : ending.look_at;
  return soonest;
}

void Endings::shorten(Millis grace, Instant now) {
  for (Ending& ending : trees_) {
    ending.kill_at = std::min(ending.kill_at, now + grace);
    ending.look_at = std::min(ending.look_at, ending.kill_at);
  }
}

}  // namespace headgate::route
