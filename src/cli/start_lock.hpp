// One `run` at a time may choose or create a run folder, so that two that start together never both do the same plan.
#pragma once

#include <memory>
#include <string>

#include "headgate/base/result.hpp"

namespace headgate::cli {

// Holds an exclusive flock on <reports>/.lock while it lives (close-on-exec, so no child keeps it). The kernel drops it
// with the process, however that ends.
class StartLock {
 public:
  // Creates the reports folder where it is missing. Waits a little for another run that is just starting. Fails with
  // environment (path and errno text) or locked.
  static Result<StartLock> take(const std::string& reports);
  StartLock(StartLock&& other) noexcept;
  StartLock& operator=(StartLock&&) = delete;
  ~StartLock();

 private:
  explicit StartLock(int fd) : fd_(fd) {}
  int fd_;
};

// Fails with locked when a run is writing that run folder's journal; succeeds where there is none.
Result<void> check_not_running(const std::string& folder);

}  // namespace headgate::cli
