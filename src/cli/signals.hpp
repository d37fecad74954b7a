// Ctrl-C and termination as two numbers that the run's conductor polls.
#pragma once

namespace headgate::cli {

// While one lives, SIGINT and SIGTERM ask the run to end: the first to drain, the second to stop at once. Outside of
// that, nothing is half done and both end the process at once with their exit status. One at a time.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;

  // 0: go on; 1: no new calls; 2: stop at once. SIGTERM comes from a supervisor that kills soon, so its drain is cut
  // after a few seconds.
  int asked() const;
  // SIGINT or SIGTERM, whichever came first; 0: none.
  int signal() const;
};

// Installs the handlers that end the process with 130 or 143.
void end_on_signals();

}  // namespace headgate::cli
