#include "syncer.hpp"

#include <utility>

namespace headgate::run {

Syncer::Syncer(std::function<Result<void>()> sync) : sync_(std::move(sync)), thread_([this] { work(); }) {}

Syncer::~Syncer() { static_cast<void>(finish()); }

Result<void> Syncer::finish() {
  if (thread_.joinable()) {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }
  if (error_) return failure(*error_);
  return {};
}

void Syncer::ask() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(asked_, true)) return;
  }
  changed_.notify_one();
}

std::optional<Error> Syncer::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

void Syncer::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return asked_ || closing_; });
    if (!asked_) return;
    asked_ = false;
    if (error_) continue;
    lock.unlock();
    Result<void> synced = sync_();
    lock.lock();
    if (!synced) error_ = std::move(synced).error();
  }
}

}  // namespace headgate::run
