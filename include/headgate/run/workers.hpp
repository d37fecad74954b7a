// The one seam to threads: oneTBB behind it, or std::thread where the thread sanitizer must see everything.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "headgate/base/for_each.hpp"

namespace headgate::run {

// Threads that take jobs in no promised order. submit() is thread-safe; jobs must not throw. The number of waiting jobs
// is bounded by whoever submits.
class Workers {
 public:
  explicit Workers(std::size_t count);  // 0: one a processor
  ~Workers();                           // waits for every job submitted
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  std::size_t count() const { return count_; }
  void submit(std::function<void()> job);

 private:
  struct State;
  std::size_t count_;
  std::unique_ptr<State> state_;
};

std::size_t worker_count(std::size_t asked);  // what 0 means

// A ForEach on that many threads, the caller's among them. 0: one a processor; 1: serial.
ForEach parallel(std::size_t workers);

}  // namespace headgate::run
