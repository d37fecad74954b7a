#include "event_queue.hpp"

#include <algorithm>
#include <utility>

namespace headgate::run {

void EventQueue::push(Message message, std::size_t bytes) {
  {
    std::unique_lock lock(mutex_);
    drained_.wait(lock, [this] { return closed_ || bytes_ < max_bytes; });
    if (closed_) return;
    held_.push_back({std::move(message), bytes});
    bytes_ += bytes;
  }
  filled_.notify_one();
}

void EventQueue::push_now(Message message) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    held_.push_back({std::move(message), 0});
  }
  filled_.notify_one();
}

void EventQueue::take(std::vector<Message>& out, std::chrono::milliseconds wait) {
  {
    std::unique_lock lock(mutex_);
    filled_.wait_for(lock, wait, [this] { return !held_.empty(); });
    const std::size_t taken = std::min(held_.size(), max_taken);
    for (std::size_t i = 0; i < taken; ++i) {
      bytes_ -= held_[i].bytes;
      out.push_back(std::move(held_[i].message));
    }
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(taken));
  }
  drained_.notify_all();
}

void EventQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    held_.clear();
  }
  drained_.notify_all();
}

bool EventQueue::is_closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

}  // namespace headgate::run
