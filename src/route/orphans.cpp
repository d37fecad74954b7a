#include "orphans.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "process_tree.hpp"

namespace headgate::route {
namespace {

// Children belong to the process, so what is known of them does too.
struct Known {
  std::mutex mutex;
  std::size_t holders = 0;
  std::size_t launching = 0;
  std::set<pid_t> launched;        // and not reaped
  std::vector<Process> strangers;  // children from before the first holder
  int was_subreaper = 0;
  struct sigaction on_child {};
};

Known& known() {
  static Known of_this_process;
  return of_this_process;
}

bool is_orphan(const Known& all, const Process& child, const Standing& now) {
  return now.parent == ::getpid() && now.group != ::getpgrp() && !all.launched.contains(child.pid) &&
         std::find(all.strangers.begin(), all.strangers.end(), child) == all.strangers.end();
}

}  // namespace

Orphans::Orphans() {
  Known& all = known();
  const std::lock_guard lock(all.mutex);
  if (all.holders++ > 0) return;
  ::prctl(PR_GET_CHILD_SUBREAPER, &all.was_subreaper);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  // Where SIGCHLD is ignored, which a parent can hand down, the kernel reaps for us and no exit status is ever seen.
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  ::sigaction(SIGCHLD, nullptr, &all.on_child);
  if (all.on_child.sa_handler == SIG_IGN) ::sigaction(SIGCHLD, &usual, nullptr);
  all.strangers.clear();
  for (const pid_t pid : children_of(::getpid())) {
    if (const std::optional<Standing> now = standing_of(pid)) all.strangers.push_back({pid, now->began});
  }
}

Orphans::~Orphans() {
  Known& all = known();
  const std::lock_guard lock(all.mutex);
  if (--all.holders > 0) return;
  ::prctl(PR_SET_CHILD_SUBREAPER, all.was_subreaper);
  if (all.on_child.sa_handler == SIG_IGN) ::sigaction(SIGCHLD, &all.on_child, nullptr);
}

void Orphans::before_launch() {
  const std::lock_guard lock(known().mutex);
  ++known().launching;
}

void Orphans::after_launch(pid_t pid) {
  const std::lock_guard lock(known().mutex);
  --known().launching;
  if (pid > 0) known().launched.insert(pid);
}

void Orphans::reaped(pid_t pid) {
  const std::lock_guard lock(known().mutex);
  known().launched.erase(pid);
}

bool Orphans::has_children() const {
  const std::lock_guard lock(known().mutex);
  return !known().launched.empty();
}

std::size_t Orphans::sweep() {
  Known& all = known();
  const std::lock_guard lock(all.mutex);
  if (all.launching > 0) return 0;
  std::size_t ended = 0;
  for (const pid_t pid : children_of(::getpid())) {
    const std::optional<Standing> now = standing_of(pid);
    if (!now || !is_orphan(all, {pid, now->began}, *now)) continue;
    if (::waitpid(pid, nullptr, WNOHANG) == pid || !all.launched.empty()) continue;
    ProcessTree(pid).signal(SIGKILL);
    ++ended;
  }
  return ended;
}

}  // namespace headgate::route
