#include "worker_lane.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "last_words.hpp"

namespace headgate::route {
namespace {

constexpr std::uint32_t most_sends = 3;
}  // namespace

WorkerLane::WorkerLane(Desk desk, const ProgramSpec& spec, ReplyIds& ids) : Lane(desk, spec), ids_(ids) {
  const std::size_t workers = std::max<std::size_t>(spec.workers, 1);
  share_ = std::max<std::size_t>((spec.in_flight + workers - 1) / workers, 1);
}

void WorkerLane::take(Call&& call) { waiting_.push_back(Job{std::move(call)}); }

void WorkerLane::tick() {
  for (const auto& worker : workers_) worker->tick();
  std::erase_if(workers_, [](const auto& worker) { return !worker->is_running(); });
  hand_out();
  for (const auto& worker : workers_) worker->flush();
}

void WorkerLane::hand_out() {
  hand_out_suspects();
  // While suspects wait for a worker of their own, nobody else gets one.
  while (suspects_.empty() && !waiting_.empty() && !broken()) {
    Worker* worker = least_busy();
    if (worker == nullptr || worker->in_flight() > 0) {
      const std::size_t before = waiting_.size();
      if (Worker* fresh = hire()) worker = fresh;
      if (waiting_.size() < before) continue;  // the start failed, and a call with it
    }
    if (worker == nullptr || worker->in_flight() >= share_) break;
    give(*worker, waiting_, false);
  }
  if (!broken()) return;
  for (std::deque<Job>* jobs : {&suspects_, &waiting_}) {
    for (Job& job : *jobs) deliver(std::move(job), *broken());
    jobs->clear();
  }
}

void WorkerLane::hand_out_suspects() {
  while (!suspects_.empty() && !broken()) {
    Worker* worker = least_busy();
    if (worker == nullptr || worker->in_flight() > 0) {
      const std::size_t before = suspects_.size();
      worker = hire();
      if (suspects_.size() < before) continue;
    }
    if (worker == nullptr) return;
    give(*worker, suspects_, true);
  }
}

void WorkerLane::give(Worker& worker, std::deque<Job>& from, bool alone) {
  Job job = std::move(from.front());
  from.pop_front();
  job.turn = ++turn_;
  worker.give(std::move(job), alone);
}

Worker* WorkerLane::least_busy() {
  Worker* best = nullptr;
  for (const auto& worker : workers_) {
    if (worker->takes_calls() && (best == nullptr || worker->in_flight() < best->in_flight())) best = worker.get();
  }
  return best;
}

Worker* WorkerLane::hire() {
  if (broken() || workers_.size() >= std::max<std::size_t>(spec_.workers, 1)) return nullptr;
  if (hire_at_ && now() < *hire_at_) return nullptr;
  auto worker = std::make_unique<Worker>(desk_.floor, ids_, *this, spec_);
  const Result<void> started = worker->start();
  desk_.floor.now = real_clock().now();
  if (!started) {
    start_failed(started.error());
    return nullptr;
  }
  workers_.push_back(std::move(worker));
  return workers_.back().get();
}

// With another worker alive, the calls wait for that one: the system is short of something, the program is sound.
void WorkerLane::start_failed(const Error& error) {
  const std::string& why = error.message;
  if (!workers_.empty()) {
    hire_at_ = now() + longest_start_pause;
    return note("runs with fewer workers for a while: " + why);
  }
  count_death(why);
  if (is_shortage(error)) {  // no case is to blame: all of them wait
    hire_at_ = now() + pause_after(deaths());
    return;
  }
  std::deque<Job>& jobs = suspects_.empty() ? waiting_ : suspects_;
  deliver(std::move(jobs.front()), Blame{ErrorKind::child_died, why});
  jobs.pop_front();
  if (has_replied()) hire_at_ = now() + pause_after(deaths());
}

void WorkerLane::answered(Job&& job, std::string_view line) {
  count_reply();
  deliver(std::move(job), line);
}

void WorkerLane::wrote_stray(std::string_view line) {
  note("wrote a line that is no reply: " + quoted_line(line, secrets()));
}

void WorkerLane::is_down(Worker::Down&& down) {
  count_death(down.blame.message);
  if (has_replied()) hire_at_ = now() + pause_after(deaths());
  if (!broken()) note("lost a worker: " + down.blame.message);
  for (std::size_t i = 0; i < down.jobs.size(); ++i) {
    if (down.culprit == i) {
      deliver(std::move(down.jobs[i]), down.blame);
    } else {
      go_again(std::move(down.jobs[i]), down.blame);
    }
  }
  waiting_.insert(waiting_.begin(), std::make_move_iterator(down.unread.begin()),
                  std::make_move_iterator(down.unread.end()));
}

void WorkerLane::go_again(Job&& job, const Blame& blame) {
  if (job.sends < most_sends) {
    suspects_.push_back(std::move(job));
  } else {
    deliver(std::move(job), Blame{ErrorKind::child_died, blame.message});
  }
}

std::optional<Instant> WorkerLane::next() const {
  std::optional<Instant> soonest;
  const auto consider = [&](std::optional<Instant> at) {
    if (at) soonest = soonest ? std::min(*soonest, *at) : *at;
  };
  for (const auto& worker : workers_) consider(worker->next());
  if ((!waiting_.empty() || !suspects_.empty()) && hire_at_ && now() < *hire_at_) consider(hire_at_);
  return soonest;
}

void WorkerLane::stop(Millis grace) {
  const Blame stopped{ErrorKind::interrupted, "stopped before it replied"};
  for (const auto& worker : workers_) {
    for (Job& job : worker->stop(grace)) deliver(std::move(job), stopped);
  }
  workers_.clear();
  for (std::deque<Job>* jobs : {&suspects_, &waiting_}) {
    for (Job& job : *jobs) deliver(std::move(job), stopped);
    jobs->clear();
  }
}

}  // namespace headgate::route
