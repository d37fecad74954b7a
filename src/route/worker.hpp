// One long-lived child that speaks JSON lines: request lines out, reply lines in, matched by id.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "child.hpp"
#include "lane.hpp"
#include "reply_id.hpp"

namespace headgate::route {

class Worker : private Child::Owner {
 public:
  // Why a worker is no more.
  struct Down {
    Blame blame;
    std::vector<Job> jobs;               // what it had not answered, in the order of sending
    std::vector<Job> unread;             // and those of a worker that had replied before which it never looked at
    std::optional<std::size_t> culprit;  // one of the jobs, where it is known
  };

  // Whom it reports to.
  class Foreman {
   public:
    virtual ~Foreman() = default;
    virtual void answered(Job&& job, std::string_view line) = 0;
    virtual void is_down(Down&& down) = 0;
    virtual void wrote_stray(std::string_view line) = 0;
  };

  Worker(Floor& floor, ReplyIds& ids, Foreman& foreman, const ProgramSpec& spec)
      : floor_(floor), ids_(ids), foreman_(foreman), spec_(spec), child_(floor, *this) {}

  Result<void> start();
  // Written at the next flush, or as soon as the program is ready.
  void give(Job&& job, bool alone = false);
  void flush();
  void tick();
  std::optional<Instant> next() const;
  std::vector<Job> stop(Millis grace);

  bool is_running() const { return child_.is_running(); }
  bool takes_calls() const { return is_running() && !failing_since_ && !is_alone_; }
  std::size_t in_flight() const { return jobs_.size(); }

 private:
  void said(std::string_view bytes) override;
  void closed_output() override { fail_soon("closed its output before it replied"); }
  void closed_input() override { fail_soon("closed its input"); }
  void exited() override;

  void line(std::string_view line);
  void hear_ready();
  void wake_up();
  void stray(std::string_view line);
  // Waits a little for the exit status, which says more.
  void fail_soon(const char* what);
  void fail(ErrorKind kind, const std::string& what, std::optional<std::uint64_t> culprit_turn = std::nullopt);
  std::vector<Job> take_jobs();
  void set_unread_apart(Down& down, std::optional<std::uint64_t> culprit_turn) const;
  Instant due(const Job& job) const;
  void look_for_timeouts();

  Floor& floor_;
  ReplyIds& ids_;
  Foreman& foreman_;
  const ProgramSpec& spec_;
  Child child_;
  std::unordered_map<std::string, Job> jobs_;  // by id
  bool is_alone_ = false;                      // the one call it has is suspected, and gets no company
  bool is_ready_ = false;
  bool has_replied_ = false;
  Instant started_{};
  std::optional<Instant> awake_since_;  // it said that it is ready, or replied
  std::optional<Instant> look_at_;      // not after the first call is due
  std::optional<Instant> failing_since_;
  const char* failing_as_ = nullptr;
  std::string requests_;  // not yet handed to the child
  std::string half_;      // a line that has not ended
  std::size_t strays_ = 0;
  std::size_t stray_bytes_ = 0;
  std::string first_stray_;  // quoted
};

}  // namespace headgate::route
