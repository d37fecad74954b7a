#include "world.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "headgate/base/bug_error.hpp"

namespace headgate::sim {
namespace {

using run::CellDone;
using run::End;
using run::Job;
using run::Part;
using run::Task;

constexpr std::size_t max_steps = 20'000;
constexpr std::size_t max_starts = 60;

struct Broken {  // a promise, not a run
  std::string what;
};

void promise(bool kept, const char* what) {
  if (!kept) throw Broken{what};
}

class HonestSubject : public Subject {
 public:
  explicit HonestSubject(const Start& start) : conductor_(start.order, start.states, start.progress, start.bounds) {}
  void step(Event&& event, Instant now, Actions& out) override { conductor_.step(std::move(event), now, out); }
  const run::Progress& progress() const override { return conductor_.progress(); }

 private:
  run::Conductor conductor_;
};

// The journal of the world: bodies in the order written.
std::string result_of(CellIndex cell) { return "result " + std::to_string(cell); }
std::string grade_of(CellIndex cell) { return "grade " + std::to_string(cell); }

// A job that is out, with the tasks its worker has not handed over yet.
struct Out {
  Job job;
  std::size_t handed = 0;
};

// One start of the run, from what the journal holds to an end or a crash.
class Session {
 public:
  Session(Random& random, const std::vector<CellIndex>& order, const std::set<CellIndex>& errors,
          std::vector<std::string>& journal)
      : random_(random), order_(order), errors_(errors), journal_(journal) {}

  // True when the run is complete.
  bool play(const MakeSubject& make, std::size_t& steps) {
    begin(make);
    while (!end_) {
      promise(++steps < max_steps, "the run comes to an end");
      if (random_.below(400) == 0) return false;  // kill -9
      turn();
    }
    return *end_ == End::complete;
  }

 private:
  void begin(const MakeSubject& make) {
    bounds_.jobs_in_flight = 1 + random_.below(6);
    bounds_.cells_a_job = 1 + random_.below(5);
    bounds_.stop_after_cells = random_.below(6) == 0 ? 1 + random_.below(20) : 0;
    bounds_.drain = Millis(static_cast<Millis::rep>(random_.below(40)));
    states_ = states_in_journal();
    run::Progress progress;
    progress.cells = order_.size();
    progress.done = progress.reused =
        static_cast<std::size_t>(std::count(states_.begin(), states_.end(), CellState::done));
    recorded_ = progress.done;
    subject_ = make({order_, states_, progress, bounds_});
    feed(run::Begin{});
  }

  std::vector<CellState> states_in_journal() const {
    std::vector<CellState> states(order_.size(), CellState::waiting);
    const std::set<std::string> lines(journal_.begin(), journal_.end());
    for (CellIndex cell = 0; cell < states.size(); ++cell) {
      if (!lines.contains(result_of(cell))) continue;
      states[cell] = errors_.contains(cell) || lines.contains(grade_of(cell)) ? CellState::done : CellState::replied;
    }
    return states;
  }

  void turn() {
    now_ += Millis(static_cast<Millis::rep>(random_.below(5)));
    const std::uint64_t dice = random_.below(100);
    if (dice < 2) {
      interrupt();
    } else if (dice < 12 || out_.empty()) {
      feed(run::Tick{});
    } else {
      hand_over();
    }
  }

  void interrupt() {
    ++interrupts_;
    if (interrupts_ == 1) drain_until_ = now_ + bounds_.drain;
    feed(run::Interrupt{});
    promise(interrupts_ < 2 || end_.has_value(), "a second interrupt ends the run at once");
  }

  // Some of the cells of some job that is out come back.
  void hand_over() {
    Out& out = out_[random_.below(out_.size())];
    const std::size_t left = out.job.tasks.size() - out.handed;
    const std::size_t count = random_.below(left + 1);
    Part part{out.job.id, {}, count == left};
    for (std::size_t i = 0; i < count; ++i) part.cells.push_back(done(out.job.tasks[out.handed++]));
    for (const CellDone& cell : part.cells) {
      if (!cell.result.empty()) due_.push_back(cell.result);
      if (!cell.grade.empty()) due_.push_back(cell.grade);
      states_[cell.cell] = CellState::done;
    }
    recorded_ += part.cells.size();
    if (part.last) out_.erase(out_.begin() + (&out - out_.data()));
    feed(std::move(part));
  }

  CellDone done(const Task& task) const {
    CellDone cell{task.cell, errors_.contains(task.cell) ? run::Fate::error : run::Fate::passed, {}, {}};
    if (!task.grade_only) cell.result = result_of(task.cell);
    if (!errors_.contains(task.cell)) cell.grade = grade_of(task.cell);
    return cell;
  }

  void feed(Event event) {
    const bool is_tick = std::holds_alternative<run::Tick>(event);
    Actions actions;
    subject_->step(std::move(event), now_, actions);
    judge(actions, is_tick);
    if (!write(actions.append)) return fail_writing(actions.end.has_value());
    for (Job& job : actions.submit) accept(std::move(job));
    promise(out_.size() <= bounds_.jobs_in_flight, "no more jobs are in flight than the bound says");
    if (actions.end) end_ = actions.end;
    judge_state();
  }

  void judge(const Actions& actions, bool is_tick) {
    promise(actions.append == due_, "what workers hand over is written once, unchanged, in order");
    due_.clear();
    promise(interrupts_ == 0 || actions.submit.empty(), "nothing is submitted after an interrupt");
    promise(!actions.end || actions.submit.empty(), "nothing is submitted at the end");
    if (is_tick && interrupts_ > 0 && now_ >= drain_until_) promise(actions.end.has_value(), "draining has an end");
  }

  // One write of all records; it may fail after any of them.
  bool write(const std::vector<std::string>& bodies) {
    const bool fails = !bodies.empty() && random_.below(200) == 0;
    const std::size_t kept = fails ? random_.below(bodies.size()) : bodies.size();
    journal_.insert(journal_.end(), bodies.begin(), bodies.begin() + static_cast<std::ptrdiff_t>(kept));
    return !fails;
  }

  void fail_writing(bool was_over) {
    Actions actions;
    subject_->step(run::WriteFailed{}, now_, actions);
    promise(actions.append.empty() && actions.submit.empty(), "nothing is done after a failed write");
    promise(was_over || actions.end == End::write_failed, "a failed write ends the run");
    end_ = End::write_failed;
  }

  void accept(Job job) {
    promise(!job.tasks.empty() && job.tasks.size() <= bounds_.cells_a_job,
            "a job has no more cells than the bound says");
    submitted_ += job.tasks.size();
    promise(bounds_.stop_after_cells == 0 || submitted_ <= bounds_.stop_after_cells,
            "a run stops where it was told to");
    for (const Task& task : job.tasks) {
      CellState& state = states_.at(task.cell);
      promise(state != CellState::done, "what is recorded is not done again");
      promise(state != CellState::in_flight, "no cell is in flight twice");
      promise(task.grade_only == (state == CellState::replied), "a recorded reply is graded, not asked for again");
      state = CellState::in_flight;
    }
    out_.push_back({std::move(job), 0});
  }

  void judge_state() const {
    const run::Progress& progress = subject_->progress();
    promise(progress.done == recorded_, "progress counts what is recorded");
    if (!end_) {
      promise(!out_.empty(), "while a run goes on, something is in flight");
      std::size_t in_flight = 0;
      for (const Out& out : out_) in_flight += out.job.tasks.size() - out.handed;
      promise(progress.in_flight == in_flight, "progress counts what is in flight");
      return;
    }
    const bool all =
        std::all_of(states_.begin(), states_.end(), [](CellState state) { return state == CellState::done; });
    promise((*end_ == End::complete) == all, "a run is complete when every cell is recorded, and only then");
  }

  Random& random_;
  const std::vector<CellIndex>& order_;
  const std::set<CellIndex>& errors_;
  std::vector<std::string>& journal_;
  run::Bounds bounds_;
  std::vector<CellState> states_;
  std::unique_ptr<Subject> subject_;
  std::vector<Out> out_;
  std::vector<std::string> due_;
  std::size_t recorded_ = 0;
  std::size_t submitted_ = 0;
  int interrupts_ = 0;
  Instant now_{};
  Instant drain_until_{};
  std::optional<End> end_;
};

// A crash may also take the last records with it.
void tear(Random& random, std::vector<std::string>& journal) {
  if (random.below(4) == 0) journal.resize(journal.size() - random.below(std::min<std::size_t>(journal.size(), 5) + 1));
}

void judge_journal(const std::vector<std::string>& journal, std::size_t cells, const std::set<CellIndex>& errors) {
  std::vector<std::string> expected;
  for (CellIndex cell = 0; cell < cells; ++cell) {
    expected.push_back(result_of(cell));
    if (!errors.contains(cell)) expected.push_back(grade_of(cell));
  }
  std::vector<std::string> found = journal;
  std::sort(found.begin(), found.end());
  std::sort(expected.begin(), expected.end());
  promise(found == expected,
          "in the end the journal holds what an undisturbed run would have written, each record once");
}

}  // namespace

std::unique_ptr<Subject> honest(const Start& start) { return std::make_unique<HonestSubject>(start); }

Verdict simulate(std::uint64_t seed, const MakeSubject& make) {
  Random random(seed);
  const std::size_t cells = 2 * (1 + random.below(40));
  std::vector<CellIndex> order;
  std::set<CellIndex> errors;
  for (CellIndex cell = 0; cell < cells; ++cell) {
    order.push_back(cell);
    if (random.below(10) == 0) errors.insert(cell);
  }
  random.shuffle(order);

  Verdict verdict;
  std::vector<std::string> journal;
  try {
    bool complete = false;
    while (!complete) {
      promise(++verdict.starts < max_starts, "taking a run up again gets on");
      complete = Session(random, order, errors, journal).play(make, verdict.steps);
      if (!complete) tear(random, journal);
    }
    judge_journal(journal, cells, errors);
  } catch (const Broken& broken) {
    verdict.violation = broken.what;
  } catch (const BugError& bug) {
    verdict.violation = bug.what();
  }
  return verdict;
}

}  // namespace headgate::sim
