#include "poller.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace headgate::route {
namespace {

constexpr std::size_t events_at_once = 256;
constexpr std::int64_t longest_wait_ms = 60'000;

int milliseconds_until(std::optional<Instant> until) {
  if (!until) return -1;
  if (*until == Instant::min()) return 0;  // the difference would overflow
  const auto left = std::chrono::ceil<Millis>(*until - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, longest_wait_ms));
}

}  // namespace

Poller::Poller()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), events_(events_at_once) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = 0;
  if (!epoll_ || !wake_ || ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) != 0) {
    throw std::system_error(errno, std::system_category(), "cannot watch descriptors");
  }
}

std::uint64_t Poller::watch(int fd, std::uint32_t events, Watcher* watcher) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = ++last_;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) return 0;
  watchers_.emplace(last_, watcher);
  return last_;
}

bool Poller::change(std::uint64_t watch, int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = watch;
  return ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0;
}

void Poller::forget(std::uint64_t watch, int fd) {
  if (watchers_.erase(watch) > 0) ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

void Poller::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof one);
}

void Poller::wait(std::optional<Instant> until) {
  const int ready =
      ::epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), milliseconds_until(until));
  ready_ = static_cast<std::size_t>(std::max(ready, 0));
}

void Poller::call_watchers() {
  const std::size_t ready = std::exchange(ready_, 0);
  for (std::size_t i = 0; i < ready; ++i) {
    const std::uint64_t watch = events_[i].data.u64;
    if (watch == 0) {
      std::uint64_t count = 0;
      [[maybe_unused]] const ssize_t got = ::read(wake_.get(), &count, sizeof count);
      continue;
    }
    const auto found = watchers_.find(watch);
    if (found != watchers_.end()) found->second->is_ready(watch, events_[i].events);
  }
}

}  // namespace headgate::route
