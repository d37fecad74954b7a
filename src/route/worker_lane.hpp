// A program of long-lived workers: hands out calls, finds out which call takes workers down, restarts them.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "lane.hpp"
#include "reply_id.hpp"
#include "worker.hpp"

namespace headgate::route {

class WorkerLane : public Lane, public Worker::Foreman {
 public:
  WorkerLane(Desk desk, const ProgramSpec& spec, ReplyIds& ids);

  void take(Call&& call) override;
  void tick() override;
  std::optional<Instant> next() const override;
  void stop(Millis grace) override;

 private:
  void answered(Job&& job, std::string_view line) override;
  void is_down(Worker::Down&& down) override;
  void wrote_stray(std::string_view line) override;

  void hand_out();
  void hand_out_suspects();
  void give(Worker& worker, std::deque<Job>& from, bool alone);
  Worker* least_busy();
  // A new worker, or null: as many as are allowed run, it is too early, or the start failed.
  Worker* hire();
  void start_failed(const Error& error);
  void go_again(Job&& job, const Blame& blame);

  ReplyIds& ids_;
  std::size_t share_;  // calls of one worker at once
  std::deque<Job> waiting_;
  std::deque<Job> suspects_;  // went down with a worker; each goes again, alone
  std::vector<std::unique_ptr<Worker>> workers_;
  std::optional<Instant> hire_at_;  // not before
  std::uint64_t turn_ = 0;
};

}  // namespace headgate::route
