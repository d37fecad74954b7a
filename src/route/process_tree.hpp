// Who descends from a process, read from /proc. Pids are used again, so a process is its pid and when it began.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace headgate::route {

struct Process {
  pid_t pid = -1;
  std::uint64_t began = 0;  // clock ticks since boot
  bool operator==(const Process&) const = default;
};

struct Standing {
  char state = '?';  // Z and X have ended
  pid_t parent = -1;
  pid_t group = -1;
  std::uint64_t began = 0;

  bool ended() const { return state == 'Z' || state == 'X'; }
};

std::optional<Standing> standing_of(pid_t pid);
std::vector<pid_t> children_of(pid_t pid);
// Does nothing where the pid belongs to another process by now.
void send_signal(const Process& to, int signal);

// A child of ours and all that it started. Members are remembered, so they are still known when their parents have
// ended and they have become children of init or of us. The root must not be reaped while its tree is in use: its
// zombie keeps the number of the process and of its group from being given away.
class ProcessTree {
 public:
  explicit ProcessTree(pid_t root);

  pid_t root() const { return members_.front().pid; }
  // Sends to the root's group and to every member outside of it, until a walk finds no new member.
  void signal(int signal);
  // Looks for new members, reaps those that ended and were left to us; whether nobody but the root's zombie is there.
  bool has_ended();

 private:
  bool grow();

  std::vector<Process> members_;  // the root first
};

}  // namespace headgate::route
