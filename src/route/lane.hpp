// One program of a transport: takes calls, gives arrivals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "child.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/domain/status.hpp"
#include "headgate/route/processes.hpp"
#include "headgate/route/program.hpp"
#include "headgate/route/transport.hpp"

namespace headgate::route {

// What a lane uses of its transport.
struct Desk {
  Floor& floor;
  std::vector<Arrival>& arrivals;  // delivered at the end of the turn
  const std::function<void(std::string)>& note;
};

// A call on its way.
struct Job {
  Call call;
  std::uint32_t sends = 0;
  std::uint64_t turn = 0;  // of this sending; smaller is earlier
  Instant sent{};
};

struct Blame {
  ErrorKind kind = ErrorKind::child_died;
  std::string message;  // escaped and redacted
};

inline constexpr Millis longest_start_pause{2000};
// Before the next start, after so many failures in a row: at least one.
Millis pause_after(std::size_t deaths);

class Lane {
 public:
  Lane(Desk desk, const ProgramSpec& spec) : desk_(desk), spec_(spec) {}
  virtual ~Lane() = default;
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  virtual void take(Call&& call) = 0;
  // Once a turn: what is due is done, calls are handed out, children that are no longer needed go.
  virtual void tick() = 0;
  virtual std::optional<Instant> next() const = 0;  // when to tick, if nothing else happens
  virtual void stop(Millis grace) = 0;

 protected:
  Instant now() const { return desk_.floor.now; }
  const Redactor* secrets() const { return spec_.secrets.get(); }

  void deliver(Job&& job, std::string_view bytes, std::optional<Exit> exit = std::nullopt);
  void deliver(Job&& job, const Blame& blame, std::optional<Exit> exit = std::nullopt);
  void note(const std::string& text);

  // A child that replied to nothing ended, or could not be started.
  void count_death(const std::string& message);
  void count_reply();
  bool has_replied() const { return has_replied_; }
  std::size_t deaths() const { return deaths_; }  // since the last reply
  // Set once the program is not to be started again.
  const std::optional<Blame>& broken() const { return broken_; }

  Desk desk_;
  const ProgramSpec& spec_;

 private:
  std::size_t deaths_ = 0;
  bool has_replied_ = false;
  std::size_t notes_ = 0;
  std::optional<Blame> broken_;
};

// "ended with status 3", "was killed by signal 9 (Killed)".
std::string how_it_ended(int status);
std::string in_words(Millis time);  // "30 s", "1500 ms"
// The message of a failure: what happened, and the program's own last words where there are any.
std::string with_words(const std::string& what, const std::string& last_words);

}  // namespace headgate::route
