#include "world.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "headgate/base/bug_error.hpp"
#include "promise.hpp"
#include "script.hpp"
#include "worker.hpp"

namespace headgate::sim {
namespace {

using run::CellNews;
using run::End;
using run::Hand;
using run::Job;
using run::Part;
using run::Sending;
using run::Task;
using run::Work;

constexpr std::size_t max_steps = 30'000;
constexpr std::size_t max_starts = 80;

class HonestSubject : public Subject {
 public:
  explicit HonestSubject(const Start& start) : conductor_(start.order, start.states, start.progress, start.bounds) {}
  void step(Event&& event, Instant now, Actions& out) override { conductor_.step(std::move(event), now, out); }
  const run::Progress& progress() const override { return conductor_.progress(); }

 private:
  run::Conductor conductor_;
};

// A job that is out: what its worker has received, and the tasks it has not finished yet.
struct Out {
  Job job;
  bool received = false;
  std::size_t finished = 0;
};

// One start of the run, from what the journal holds to an end or a crash.
class Session {
 public:
  Session(Random& random, const Script& script, std::vector<std::string>& journal, std::set<std::string>& ever_sent,
          Verdict& verdict)
      : random_(random),
        script_(script),
        journal_(journal),
        ever_sent_(ever_sent),
        verdict_(verdict),
        worker_(script, {journal.begin(), journal.end()}) {}

  // True when the run is complete.
  bool play(const MakeSubject& make) {
    begin(make);
    while (!end_) {
      promise(++verdict_.steps < max_steps, "the run comes to an end");
      if (random_.below(400) == 0) return false;  // kill -9
      turn();
    }
    return *end_ == End::complete;
  }

 private:
  void begin(const MakeSubject& make) {
    bounds_.jobs_in_flight = 1 + random_.below(6);
    bounds_.workers = 1 + random_.below(3);
    bounds_.cells_a_job = 1 + random_.below(5);
    bounds_.stop_after_cells = random_.below(6) == 0 ? 1 + random_.below(20) : 0;
    bounds_.begun_ahead = random_.below(8);
    bounds_.asking = 1 + random_.below(6);
    bounds_.drain = Millis(static_cast<Millis::rep>(random_.below(40)));
    bounds_.live = script_.live;
    bounds_.lanes = script_.lanes;
    breaks_ = random_.below(30) == 0;
    states_ = states_in_journal();
    run::Progress progress;
    progress.cells = script_.cells();
    progress.done = progress.reused =
        static_cast<std::size_t>(std::count(states_.begin(), states_.end(), CellState::done));
    recorded_ = progress.done;
    subject_ = make({script_.order, states_, progress, bounds_});
    feed(run::Begin{});
  }

  std::vector<CellState> states_in_journal() const {
    std::vector<CellState> states(script_.cells(), CellState::waiting);
    const std::set<std::string> lines(journal_.begin(), journal_.end());
    for (CellIndex cell = 0; cell < states.size(); ++cell) {
      if (!lines.contains(result_of(cell))) continue;
      const bool is_done = script_.errors.contains(cell) || lines.contains(grade_of(cell));
      states[cell] = is_done ? CellState::done : CellState::replied;
    }
    return states;
  }

  // A turn takes in what happened since the last one, and ends with a tick.
  void turn() {
    now_ += Millis(static_cast<Millis::rep>(random_.below(5)));
    for (std::uint64_t happenings = random_.below(4); happenings > 0 && !end_; --happenings) {
      const std::uint64_t dice = random_.below(100);
      if (dice < 1) {
        interrupt();
      } else if (dice < 50 && !calls_.empty()) {
        bring_back();
      } else if (!out_.empty()) {
        hand_over();
      }
    }
    if (!end_) feed(run::Tick{});
  }

  void interrupt() {
    ++interrupts_;
    if (interrupts_ == 1) drain_until_ = now_ + bounds_.drain;
    feed(run::Interrupt{});
    promise(interrupts_ < 2 || end_.has_value(), "a second interrupt ends the run at once");
  }

  // Some call that is out comes back; or its lane is broken, and it does not.
  void bring_back() {
    const auto call = std::next(calls_.begin(), static_cast<std::ptrdiff_t>(random_.below(calls_.size())));
    run::Returned returned{call->first};
    if (breaks_ && call->second.lane == 0) {
      returned.not_run = ErrorKind::breaker;
      is_broken_ = true;
    } else if (random_.below(300) == 0) {
      returned.not_run = ErrorKind::interrupted;
    } else {
      returned.what = call->second.request;
    }
    // A cell whose call never happened may be left at once; its arm has room for another.
    const CellIndex cell = dynamic_cast<const Brought&>(*call->second.request).cell;
    if (returned.what == nullptr && needed_call_.erase(cell) > 0) --begun_[cell & 1U];
    calls_.erase(call);
    feed(std::move(returned));
  }

  // Some of what a worker made of a job comes back.
  void hand_over() {
    Out& out = out_[random_.below(out_.size())];
    Part part{out.job.id, {}, false};
    if (!std::exchange(out.received, true)) {
      for (Task& task : out.job.tasks) {
        if (auto news = worker_.receive(task)) part.cells.push_back(std::move(*news));
      }
    }
    const std::size_t left = out.job.tasks.size() - out.finished;
    for (std::uint64_t count = random_.below(left + 1); count > 0; --count) {
      part.cells.push_back(worker_.finish(out.job.tasks[out.finished++]));
    }
    part.last = out.finished == out.job.tasks.size();
    for (const CellNews& news : part.cells) {
      due_.insert(due_.end(), news.records.begin(), news.records.end());
      if (news.hand != Hand::finished) continue;
      states_[news.cell] = CellState::done;
      ++recorded_;
      if (needed_call_.erase(news.cell) > 0) --begun_[news.cell & 1U];
    }
    if (part.last) out_.erase(out_.begin() + (&out - out_.data()));
    feed(std::move(part));
  }

  void feed(Event event) {
    const bool ends_turn = std::holds_alternative<run::Tick>(event) || std::holds_alternative<run::Begin>(event);
    Actions actions;
    subject_->step(std::move(event), now_, actions);
    judge(actions, ends_turn);
    if (!write(actions)) return fail_writing(actions.end.has_value());
    const bool is_full = !is_full_ && !actions.send.empty() && random_.below(100) == 0;
    if (is_full) {
      fill_disk(actions.send);
    } else {
      for (Sending& call : actions.send) accept(std::move(call));
    }
    for (Job& job : actions.submit) accept(std::move(job));
    promise(out_.size() <= bounds_.jobs_in_flight, "no more jobs are in flight than the bound says");
    if (actions.end) end_ = actions.end;
    judge_state(ends_turn && !is_full);
  }

  void judge(const Actions& actions, bool ends_turn) {
    promise(actions.append == due_, "what workers hand over is written once, unchanged, in order");
    due_.clear();
    const bool is_draining = interrupts_ > 0 || is_full_ || is_broken_;
    promise(!is_draining || actions.send.empty(), "nothing is sent after an interrupt");
    promise(!actions.end || (actions.submit.empty() && actions.send.empty()), "nothing is submitted at the end");
    for (const Job& job : actions.submit) {
      for (const Task& task : job.tasks) {
        promise(!is_draining || task.work == Work::go_on, "nothing is begun after an interrupt");
      }
    }
    if (ends_turn && interrupts_ > 0 && now_ >= drain_until_) {
      promise(actions.end.has_value(), "draining has an end");
    }
  }

  // One write of all records, intents last; it may fail after any of them.
  bool write(const Actions& actions) {
    std::vector<std::string> bodies = actions.append;
    for (const Sending& call : actions.send) bodies.push_back(call.intent);
    const bool fails = !bodies.empty() && random_.below(200) == 0;
    const std::size_t kept = fails ? random_.below(bodies.size()) : bodies.size();
    journal_.insert(journal_.end(), bodies.begin(), bodies.begin() + static_cast<std::ptrdiff_t>(kept));
    return !fails;
  }

  void fail_writing(bool was_over) {
    Actions actions;
    subject_->step(run::WriteFailed{}, now_, actions);
    promise(actions.append.empty() && actions.submit.empty() && actions.send.empty(),
            "nothing is done after a failed write");
    promise(was_over || actions.end == End::write_failed, "a failed write ends the run");
    end_ = End::write_failed;
  }

  // The records are written; the calls of this turn are not sent, and no other ever.
  void fill_disk(const std::vector<Sending>& unsent) {
    is_full_ = true;
    Actions actions;
    subject_->step(run::DiskFull{}, now_, actions);
    for (const Sending& call : unsent) {
      subject_->step(run::Returned{call.ticket, ErrorKind::interrupted, nullptr}, now_, actions);
    }
    promise(actions.send.empty() && actions.submit.empty() && actions.append.empty(), "a full disk begins nothing");
  }

  void accept(Sending call) {
    const auto& brought = dynamic_cast<const Brought&>(*call.request);
    const std::set<std::string> lines(journal_.begin(), journal_.end());
    const std::string intent = intent_of(brought.cell, brought.ask);
    promise(lines.contains(intent) && call.intent == intent, "nothing is sent without its intent on record");
    promise(!lines.contains(brought.ask ? answer_of(brought.cell, *brought.ask) : result_of(brought.cell)),
            "what is recorded is not asked for again");
    std::size_t out = 0;
    for (const auto& [ticket, other] : calls_) {
      if (other.lane != call.lane) continue;
      ++out;
      const auto& its = dynamic_cast<const Brought&>(*other.request);
      promise(script_.id(its.cell, its.ask) != script_.id(brought.cell, brought.ask),
              "calls that are out together have ids of their own");
    }
    promise(out < script_.lanes.at(call.lane), "no more calls of a lane are out than the bound says");
    promise(sent_now_.insert(intent).second, "a start sends a call once");
    ++verdict_.sends;
    if (!ever_sent_.insert(intent).second) ++verdict_.resent;
    promise(calls_.try_emplace(call.ticket, call).second, "a ticket is given once");
  }

  void accept(Job job) {
    promise(!job.tasks.empty() && job.tasks.size() <= bounds_.cells_a_job,
            "a job has no more cells than the bound says");
    for (const Task& task : job.tasks) {
      if (task.work == Work::go_on) continue;
      accept_begin(task);
    }
    out_.push_back({std::move(job)});
  }

  void accept_begin(const Task& task) {
    promise(bounds_.stop_after_cells == 0 || ++submitted_ <= bounds_.stop_after_cells,
            "a run stops where it was told to");
    CellState& state = states_.at(task.cell);
    promise(state != CellState::done, "what is recorded is not done again");
    promise(state != CellState::begun, "no cell is in flight twice");
    promise((task.work == Work::grade) == (state == CellState::replied),
            "a recorded reply is graded, not asked for again");
    if (state == CellState::waiting) {
      promise((task.work == Work::prepare) == script_.is_live(task.cell),
              "a live route is called, a recorded one read");
    }
    const auto place = std::find(script_.order.begin(), script_.order.end(), task.cell) - script_.order.begin();
    promise(place >= begun_to_, "cells are begun in the plan's order");
    begun_to_ = place;
    state = CellState::begun;
    if (task.work != Work::prepare) return;
    const std::size_t arm = task.cell & 1U;
    needed_call_.insert(task.cell);
    promise(++begun_[arm] <= script_.lanes[arm] + bounds_.begun_ahead,
            "no more cells of an arm are begun than the bound says");
  }

  void judge_state(bool ends_turn) const {
    const run::Progress& progress = subject_->progress();
    promise(progress.done == recorded_, "progress counts what is recorded");
    promise(progress.in_flight == calls_.size(), "progress counts the calls that are out");
    if (!end_) {
      promise(!ends_turn || !out_.empty() || !calls_.empty(), "while a run goes on, something is in flight");
      return;
    }
    const bool all =
        std::all_of(states_.begin(), states_.end(), [](CellState state) { return state == CellState::done; });
    promise((*end_ == End::complete) == all, "a run is complete when every cell is recorded, and only then");
    promise(*end_ != End::broken || is_broken_, "a run says that a lane broke when one did");
    promise(*end_ != End::disk_full || is_full_, "a run says that the disk is full when it is");
    promise(!is_full_ || all || *end_ == End::disk_full, "a full disk is told");
  }

  Random& random_;
  const Script& script_;
  std::vector<std::string>& journal_;
  std::set<std::string>& ever_sent_;
  Verdict& verdict_;
  Worker worker_;
  run::Bounds bounds_;
  std::vector<CellState> states_;
  std::unique_ptr<Subject> subject_;
  std::vector<Out> out_;
  std::map<run::Ticket, Sending> calls_;
  std::set<std::string> sent_now_;
  std::set<CellIndex> needed_call_;
  std::array<std::size_t, 2> begun_{};
  std::ptrdiff_t begun_to_ = 0;
  std::vector<std::string> due_;
  std::size_t recorded_ = 0;
  std::size_t submitted_ = 0;
  int interrupts_ = 0;
  bool breaks_ = false;
  bool is_broken_ = false;
  bool is_full_ = false;
  Instant now_{};
  Instant drain_until_{};
  std::optional<End> end_;
};

// A crash may also take the last records with it.
void tear(Random& random, std::vector<std::string>& journal) {
  if (random.below(4) == 0) journal.resize(journal.size() - random.below(std::min<std::size_t>(journal.size(), 5) + 1));
}

void judge_journal(const std::vector<std::string>& journal, const Script& script) {
  std::vector<std::string> expected = script.records();
  std::vector<std::string> found;
  for (const std::string& body : journal) {
    if (!body.starts_with("intent")) found.push_back(body);
  }
  std::sort(found.begin(), found.end());
  std::sort(expected.begin(), expected.end());
  promise(found == expected,
          "in the end the journal holds what an undisturbed run would have written, each record once");
}

// Calls that were sent and whose answer the journal does not hold: those that a later start may send again.
std::size_t unanswered(const std::set<std::string>& sent, const std::vector<std::string>& journal) {
  const std::set<std::string> lines(journal.begin(), journal.end());
  return static_cast<std::size_t>(std::count_if(sent.begin(), sent.end(), [&](const std::string& intent) {
    const std::string name = intent.substr(intent.find(' '));
    return !lines.contains((name.find('/') == std::string::npos ? "result" : "answer") + name);
  }));
}

}  // namespace

std::unique_ptr<Subject> honest(const Start& start) { return std::make_unique<HonestSubject>(start); }

Verdict simulate(std::uint64_t seed, const MakeSubject& make) {
  Random random(seed);
  const Script script(random);
  Verdict verdict;
  std::vector<std::string> journal;
  std::set<std::string> sent;
  std::size_t may_repeat = 0;
  try {
    bool complete = false;
    while (!complete) {
      promise(++verdict.starts < max_starts, "taking a run up again gets on");
      complete = Session(random, script, journal, sent, verdict).play(make);
      if (!complete) tear(random, journal);
      may_repeat += unanswered(sent, journal);
    }
    judge_journal(journal, script);
    promise(verdict.resent <= may_repeat, "no more is sent again than was out when a start ended");
  } catch (const Broken& broken) {
    verdict.violation = broken.what;
  } catch (const BugError& bug) {
    verdict.violation = bug.what();
  }
  return verdict;
}

}  // namespace headgate::sim
