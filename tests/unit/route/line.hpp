// A transport under test, and one who waits for what comes back.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "headgate/route/transports.hpp"

namespace headgate::test {

using std::chrono_literals::operator""s;
using std::chrono_literals::operator""ms;

// A transport and all that came from it. Fails the test's expectations by count: each arrival is kept.
class Line {
 public:
  template <class Specs>
  Line(std::unique_ptr<route::Transport> start(Specs, route::Deliver, std::function<void(std::string)>), Specs specs)
      : transport_(start(
            std::move(specs), [this](std::vector<route::Arrival>&& some) { take(std::move(some)); },
            [this](std::string text) {
              const std::lock_guard lock(mutex_);
              notes_.push_back(std::move(text));
            })) {}
  explicit Line(std::vector<route::ProgramSpec> specs) : Line(route::start_processes, std::move(specs)) {}
  explicit Line(route::ProgramSpec spec) : Line(std::vector<route::ProgramSpec>{std::move(spec)}) {}

  route::Transport& transport() { return *transport_; }
  void send(std::vector<route::Call> some) { transport_->send(std::move(some)); }
  void end() { transport_.reset(); }

  // All arrivals by ticket, once `n` are there or the time is over.
  std::map<std::uint64_t, route::Arrival> wait(std::size_t n, std::chrono::milliseconds most = 100s) {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, most, [&] { return arrivals_.size() >= n; });
    std::map<std::uint64_t, route::Arrival> out;
    for (const route::Arrival& arrival : arrivals_) out.emplace(arrival.ticket, arrival);
    return out;
  }
  route::Arrival ask(route::Call one) {
    std::vector<route::Call> some;
    some.push_back(std::move(one));
    const std::uint64_t ticket = some.front().ticket;
    const std::size_t before = count();
    send(std::move(some));
    const auto all = wait(before + 1);
    const auto found = all.find(ticket);
    return found == all.end() ? route::Arrival{} : found->second;
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return arrivals_.size();
  }
  std::size_t deliveries() {
    const std::lock_guard lock(mutex_);
    return deliveries_;
  }
  std::string notes() {
    const std::lock_guard lock(mutex_);
    std::string out;
    for (const std::string& note : notes_) out += note + "\n";
    return out;
  }

 private:
  void take(std::vector<route::Arrival>&& some) {
    const std::lock_guard lock(mutex_);
    ++deliveries_;
    std::move(some.begin(), some.end(), std::back_inserter(arrivals_));
    came_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<route::Arrival> arrivals_;
  std::vector<std::string> notes_;
  std::size_t deliveries_ = 0;
  std::unique_ptr<route::Transport> transport_;  // last: it calls into the above
};

}  // namespace headgate::test
