// Where workers and the transport meet the conductor: one queue, bounded by the bytes it holds.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "conductor.hpp"
#include "headgate/route/transport.hpp"

namespace headgate::run {

// A job that threw: a bug of ours, or an environment that fails. The driver throws it on.
struct Broken {
  std::exception_ptr what;
};
// What the transport brought, and what it has to say to people.
struct Arrivals {
  std::vector<route::Arrival> all;
};
struct Note {
  std::string text;
};
using Message = std::variant<Part, Broken, Arrivals, Note>;

// Thread-safe.
class EventQueue {
 public:
  // One turn takes at most so many, so that progress and signals are seen to.
  static constexpr std::size_t max_taken = 4096;
  // Workers wait while so much is queued; large replies then cost time, not memory.
  static constexpr std::size_t max_bytes = std::size_t{32} << 20;

  void push(Message message, std::size_t bytes);
  // Never waits: for a transport's thread. What it brings is bounded by the calls that are out.
  void push_now(Message message);
  // Moves what is there to `out`, after waiting until there is something or the time is over.
  void take(std::vector<Message>& out, std::chrono::milliseconds wait);
  // From now on push drops everything and nobody waits.
  void close();
  bool is_closed() const;

 private:
  struct Held {
    Message message;
    std::size_t bytes;
  };
  mutable std::mutex mutex_;
  std::condition_variable filled_, drained_;
  std::vector<Held> held_;
  std::size_t bytes_ = 0;
  bool closed_ = false;
};

}  // namespace headgate::run
