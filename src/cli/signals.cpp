#include "signals.hpp"

#include <time.h>
#include <unistd.h>

#include <atomic>
#include <csignal>

namespace headgate::cli {
namespace {

constexpr int terminate_drain_seconds = 5;  // continuous integration kills ten seconds after SIGTERM

// Lock-free atomics may be touched by a signal handler.
std::atomic<bool> watching{false};
std::atomic<int> count{0};
std::atomic<int> first{0};
std::atomic<long> first_at{0};

long monotonic_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec;
}

void on_signal(int number) {
  if (!watching.load()) ::_exit(128 + number);
  if (count.fetch_add(1) == 0) {
    first.store(number);
    first_at.store(monotonic_seconds());
  }
}

}  // namespace

void end_on_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  // Also where a script's shell started us in the background with SIGINT ignored: a run that drains can be resumed, so
  // obeying costs little, and a CI script's `kill -INT` works.
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(number, &action, nullptr);
}

InterruptWatch::InterruptWatch() {
  count.store(0);
  first.store(0);
  watching.store(true);
}

InterruptWatch::~InterruptWatch() { watching.store(false); }

int InterruptWatch::asked() const {
  const int asked = count.load();
  if (asked == 1 && first.load() != SIGINT && monotonic_seconds() - first_at.load() >= terminate_drain_seconds) {
    return 2;
  }
  return asked > 2 ? 2 : asked;
}

int InterruptWatch::signal() const { return first.load(); }

}  // namespace headgate::cli
