// Makes durable what was written, on a thread of its own: a paid reply should outlive the machine, not only the
// process.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "headgate/base/result.hpp"

namespace headgate::run {

// Syncs what was asked for while it synced with one further call. Its members may be called from any thread.
class Syncer {
 public:
  explicit Syncer(std::function<Result<void>()> sync);  // Writer::sync
  ~Syncer();                                            // after what was asked for is synced
  Syncer(const Syncer&) = delete;
  Syncer& operator=(const Syncer&) = delete;

  void ask();
  // Ends the thread after what was asked for is synced. The first failure.
  Result<void> finish();
  // The first failure; nothing is synced after it, since what the system failed to write it may have forgotten.
  std::optional<Error> error() const;

 private:
  void work();

  std::function<Result<void>()> sync_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool asked_ = false;
  bool closing_ = false;
  std::optional<Error> error_;
  std::thread thread_;
};

}  // namespace headgate::run
