#include "inbox.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace headgate::route {

template <class Change>
void Inbox::leave(Change change) {
  const std::lock_guard lock(mutex_);
  change(left_);
  if (std::exchange(is_asleep_, false)) poller_.wake();
}

void Inbox::send(std::vector<Call> calls) {
  leave([&](Left& left) {
    if (left.calls.empty()) {
      left.calls = std::move(calls);
    } else {
      std::move(calls.begin(), calls.end(), std::back_inserter(left.calls));
    }
  });
}

void Inbox::stop(Millis grace) {
  leave([&](Left& left) { left.stop = std::min(left.stop.value_or(grace), grace); });
}

void Inbox::finish() {
  leave([](Left& left) { left.finish = true; });
}

Inbox::Left Inbox::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(left_, {});
}

void Inbox::sleep(std::optional<Instant> until) {
  {
    const std::lock_guard lock(mutex_);
    is_asleep_ = left_.calls.empty() && !left_.stop && !left_.finish;
    if (!is_asleep_) until = Instant::min();
  }
  poller_.wait(until);
  const std::lock_guard lock(mutex_);
  is_asleep_ = false;
}

}  // namespace headgate::route
