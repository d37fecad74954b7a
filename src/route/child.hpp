// One child and its three pipes, none of which is ever waited for. Single-threaded: everything happens on the thread of
// the poller.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "endings.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/result.hpp"
#include "headgate/route/program.hpp"
#include "last_words.hpp"
#include "launch.hpp"
#include "orphans.hpp"
#include "poller.hpp"

namespace headgate::route {

// What all children of a transport share.
struct Floor {
  static constexpr std::size_t read_bytes = std::size_t{64} << 10;
  static constexpr std::size_t padding = 64;  // what the JSON parser may read behind a line

  Poller poller;
  Orphans orphans;
  Endings endings{orphans};
  Instant now;  // of this turn
  std::array<char, read_bytes + padding> block{};
};

class Child : private Poller::Watcher {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    // Bytes of stdout. They are writable up to Floor::padding behind their end.
    virtual void said(std::string_view bytes) = 0;
    virtual void closed_output() = 0;
    virtual void closed_input() = 0;  // before it had read all that was written to it
    virtual void exited() = 0;        // what was still in its pipes has been handed over
  };

  Child(Floor& floor, Owner& owner) : floor_(floor), owner_(owner) {}
  ~Child() override { end(Millis{0}); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  Result<void> start(const Command& command, std::uint64_t memory_bytes, const Confinement* confinement = nullptr);
  void write(std::string_view bytes);  // now what fits, the rest when there is room
  void close_input_when_written();

  bool is_running() const { return launched_.pid > 0; }  // until end() or bury()
  // As the shell has it: 128 + signal where a signal ended it.
  const std::optional<int>& status() const { return status_; }
  const LastWords& last_words() const { return last_words_; }
  // Of a confined child: what came over its channel so far, up to `most_verdict_bytes`.
  const std::string& verdict() const { return verdict_; }
  void keep_verdict_up_to(std::uint64_t bytes) { most_verdict_bytes_ = bytes; }
  // Of what was written, what it has not read (and after its exit: never will).
  std::size_t unread() const;
  // The system refused a write, though the child would have read: whatever it does then is no fault of what it was
  // sent.
  bool is_untold() const { return is_untold_; }
  // Takes what stderr and the channel of the verdict hold at this moment.
  void hear_errors();
  void hear_verdict();

  // Ends the whole tree in the background; no word of it comes any more. `kept` (a folder it may write to) is let go
  // when the tree is no more.
  void end(Millis grace, std::shared_ptr<void> kept = nullptr);
  // Instead, where it has exited by itself.
  void bury();

 private:
  void is_ready(std::uint64_t watch, std::uint32_t events) override;
  void read_output();
  void read_errors();
  void read_verdict();
  void write_more();
  void forget_written();
  void look_at_exit();
  void drain();
  void close_input();
  void close_output();
  void close_errors();
  void close_verdict();
  void forget_all();

  Floor& floor_;
  Owner& owner_;
  Launched launched_;
  std::uint64_t in_watch_ = 0, out_watch_ = 0, err_watch_ = 0, exit_watch_ = 0, verdict_watch_ = 0;
  std::string unwritten_;
  std::size_t written_ = 0;  // of unwritten_
  bool close_when_written_ = false;
  std::size_t never_read_ = 0;
  bool is_untold_ = false;
  std::optional<int> status_;
  LastWords last_words_;
  std::string verdict_;
  std::uint64_t most_verdict_bytes_ = 0;
};

}  // namespace headgate::route
