#include "headgate/run/workers.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#ifdef HEADGATE_STD_THREADS
#include <deque>
#else
#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#endif

namespace headgate::run {

std::size_t worker_count(std::size_t asked) {
  if (asked > 0) return asked;
  return std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

#ifdef HEADGATE_STD_THREADS

struct Workers::State {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::function<void()>> jobs;
  bool closing = false;
  std::vector<std::thread> threads;

  void work() {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [this] { return closing || !jobs.empty(); });
      if (jobs.empty()) return;
      const std::function<void()> job = std::move(jobs.front());
      jobs.pop_front();
      lock.unlock();
      job();
      lock.lock();
    }
  }
};

Workers::Workers(std::size_t count) : count_(worker_count(count)), state_(std::make_unique<State>()) {
  for (std::size_t i = 0; i < count_; ++i) state_->threads.emplace_back([state = state_.get()] { state->work(); });
}

Workers::~Workers() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->closing = true;
  }
  state_->changed.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
}

void Workers::submit(std::function<void()> job) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->jobs.push_back(std::move(job));
  }
  state_->changed.notify_one();
}

ForEach parallel(std::size_t workers) {
  const std::size_t count = worker_count(workers);
  if (count == 1) return serial();
  return [count](std::size_t n, const std::function<void(std::size_t)>& body) {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      for (std::size_t i = next++; i < n; i = next++) body(i);
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < std::min(count, n); ++i) threads.emplace_back(work);
    work();
    for (std::thread& thread : threads) thread.join();
  };
}

#else

namespace {

namespace tbb = oneapi::tbb;

// oneTBB says by a bare std::runtime_error that the system refused a thread; std::thread would have said this.
[[noreturn]] void no_thread() {
  throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again), "cannot start a thread");
}

// Without this, more workers than processors would be silently fewer.
tbb::global_control allow(std::size_t threads) {
  return {tbb::global_control::max_allowed_parallelism,
          std::max<std::size_t>(threads, std::thread::hardware_concurrency())};
}

}  // namespace

struct Workers::State {
  explicit State(std::size_t count) : allowed(allow(count + 1)), arena(static_cast<int>(count), 0) {}

  tbb::global_control allowed;
  tbb::task_arena arena;
  std::mutex mutex;
  std::condition_variable idle;
  std::size_t pending = 0;
};

Workers::Workers(std::size_t count) : count_(worker_count(count)), state_(std::make_unique<State>(count_)) {}

Workers::~Workers() {
  std::unique_lock lock(state_->mutex);
  state_->idle.wait(lock, [this] { return state_->pending == 0; });
}

void Workers::submit(std::function<void()> job) {
  {
    const std::lock_guard lock(state_->mutex);
    ++state_->pending;
  }
  // Where the system refuses a thread, enqueue throws after the job was queued: a thread that is there may do it yet.
  // Who claims the job does it, or gives it up.
  struct Claimed {
    std::function<void()> job;
    std::atomic<bool> claimed = false;
  };
  const auto shared = std::make_shared<Claimed>();
  shared->job = std::move(job);
  const auto done = [state = state_.get()] {
    const std::lock_guard lock(state->mutex);
    if (--state->pending == 0) state->idle.notify_all();
  };
  try {
    state_->arena.enqueue([done, shared] {
      if (shared->claimed.exchange(true)) return;
      shared->job();
      shared->job = nullptr;
      done();
    });
  } catch (const std::runtime_error&) {
    if (!shared->claimed.exchange(true)) done();
    no_thread();
  }
}

ForEach parallel(std::size_t workers) {
  const std::size_t count = worker_count(workers);
  if (count == 1) return serial();
  return [count](std::size_t n, const std::function<void(std::size_t)>& body) {
    const tbb::global_control allowed = allow(count);
    tbb::task_arena arena(static_cast<int>(count));
    std::atomic<bool> failed = false;  // by the body, so not for want of threads
    const auto guarded = [&](std::size_t i) {
      try {
        body(i);
      } catch (...) {
        failed = true;
        throw;
      }
    };
    try {
      arena.execute([&] {
        tbb::parallel_for(tbb::blocked_range<std::size_t>(0, n), [&](const auto& range) {
          for (std::size_t i = range.begin(); i != range.end(); ++i) guarded(i);
        });
      });
    } catch (const std::runtime_error&) {
      if (failed) throw;
      no_thread();
    }
  };
}

#endif

}  // namespace headgate::run
