#include "world.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "headgate/base/bug_error.hpp"
#include "headgate/journal/record.hpp"
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
constexpr std::size_t max_starts = 200;
// What a drained run is given after a refusal, and after the end of its time.
constexpr Millis refused_grace{500}, deadline_grace{2'000};
constexpr double usd_rounding = 1e-9;

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

// A call that is out.
struct OutCall {
  Sending sending;
  std::optional<Instant> due;  // when its time is over
  bool cut_by_run = false;
  const Brought& brought() const { return dynamic_cast<const Brought&>(*sending.request); }
};

// Money as the providers see it, over all starts: what is out may yet cost its worst.
struct Ledger {
  double spent = 0.0;
};

bool is_try(const std::string& body) { return body.starts_with(R"({"t":"try")"); }

// One start of the run, from what the journal holds to an end or a crash.
class Session {
 public:
  Session(Random& random, const Script& script, std::vector<std::string>& journal, std::set<std::string>& ever_sent,
          Ledger& ledger, Verdict& verdict)
      : random_(random),
        script_(script),
        journal_(journal),
        ever_sent_(ever_sent),
        ledger_(ledger),
        verdict_(verdict),
        lines_(journal.begin(), journal.end()),
        worker_(script, lines_) {}

  // True when the run is complete.
  bool play(const MakeSubject& make) {
    begin(make);
    while (!end_) {
      promise(++verdict_.steps < max_steps, "the run comes to an end");
      if (random_.below(400) == 0) break;  // kill -9
      turn();
    }
    for (const auto& [ticket, call] : calls_) ledger_.spent += worst_usd(call);
    if (end_) ++verdict_.ends.at(static_cast<std::size_t>(*end_));
    return end_ == End::complete;
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
    bounds_.lanes.spent_before_usd = ledger_.spent;
    if (random_.below(4) == 0) bounds_.lanes.max_usd = ledger_.spent + 0.001 * static_cast<double>(random_.below(400));
    if (random_.below(6) == 0) {
      bounds_.deadline = Millis(static_cast<Millis::rep>(random_.below(400)));
      deadline_at_ = now_ + *bounds_.deadline;
    }
    breaks_ = random_.below(30) == 0;
    refuses_ = random_.below(30) == 0;
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
    pass_time();
    for (std::uint64_t happenings = random_.below(4); happenings > 0 && !end_; --happenings) {
      const std::uint64_t dice = random_.below(100);
      if (dice < 1) {
        interrupt();
      } else if (dice < 50 && !calls_.empty()) {
        bring_back(std::next(calls_.begin(), static_cast<std::ptrdiff_t>(random_.below(calls_.size()))));
      } else if (!out_.empty()) {
        hand_over();
      }
    }
    if (!end_) feed(run::Tick{});
  }

  // Where nothing is in flight, only time can change anything.
  void pass_time() {
    now_ += Millis(static_cast<Millis::rep>(random_.below(5)));
    if (random_.below(50) == 0) now_ += Millis(static_cast<Millis::rep>(random_.below(300)));
    if (out_.empty() && calls_.empty() && wake_) now_ = std::max(now_, *wake_);
    while (!end_) {
      const auto late = std::find_if(calls_.begin(), calls_.end(),
                                     [&](const auto& each) { return each.second.due && *each.second.due <= now_; });
      if (late == calls_.end()) return;
      time_out(late);
    }
  }

  void interrupt() {
    ++interrupts_;
    if (interrupts_ == 1) drain_until(now_ + bounds_.drain);
    feed(run::Interrupt{});
    promise(interrupts_ < 2 || end_.has_value(), "a second interrupt ends the run at once");
  }

  void drain_until(Instant instant) { drain_until_ = drain_until_ ? std::min(*drain_until_, instant) : instant; }

  using OutCalls = std::map<run::Ticket, OutCall>;

  double worst_usd(const OutCall& call) const { return script_.worst_usd(call.sending.lane).value_or(0.0); }
  static std::string intent_of(const OutCall& call) { return sim::intent_of(call.brought().cell, call.brought().ask); }

  // Some call that is out comes back; or its lane is broken, and it does not.
  void bring_back(OutCalls::iterator at) {
    OutCall call = at->second;
    run::Returned returned{at->first};
    calls_.erase(at);
    if (random_.below(300) == 0) {
      returned.not_run = ErrorKind::interrupted;
    } else if (script_.is_pooled(call.sending.lane)) {
      answer(call, returned);
    } else if (breaks_ && call.sending.lane == 0) {
      returned.not_run = ErrorKind::breaker;
      is_broken_ = true;
    } else {
      returned.what = call.sending.request;
    }
    give(call, std::move(returned));
  }

  void time_out(OutCalls::iterator at) {
    OutCall call = at->second;
    run::Returned returned{at->first};
    calls_.erase(at);
    returned.timed_out = true;
    if (call.cut_by_run) cut_.insert(returned.ticket);
    if (script_.is_pooled(call.sending.lane)) {
      fail(call, returned, ErrorKind::timeout, 0, true);
    } else {
      returned.what = call.sending.request;
    }
    give(call, std::move(returned));
  }

  // What a server makes of it.
  void answer(const OutCall& call, run::Returned& returned) {
    const std::uint64_t dice = random_.below(100);
    if (refuses_ && dice < 10) return fail(call, returned, ErrorKind::key_refused, 401, false);
    if (dice < 8) return fail(call, returned, ErrorKind::rate_limited, 429, false);
    if (dice < 14) return fail(call, returned, ErrorKind::server_error, 500, false);
    if (dice < 17) return fail(call, returned, ErrorKind::connect, 0, false);
    if (dice < 19) return fail(call, returned, ErrorKind::reset, 0, true);
    if (dice < 20) return fail(call, returned, ErrorKind::request_rejected, 400, false);
    auto brought = std::make_shared<Brought>(call.brought().cell, call.brought().ask);
    brought->is_damaged = dice < 25;
    if (!brought->is_damaged && dice < 95) brought->cost_usd = worst_usd(call) * random_.uniform();
    ledger_.spent += brought->cost_usd.value_or(worst_usd(call));
    if (brought->is_damaged) forget_sending(call);
    returned.what = std::move(brought);
    returned.says.emplace();
  }

  void fail(const OutCall& call, run::Returned& returned, ErrorKind kind, int status, bool maybe_billed) {
    returned.says.emplace();
    returned.says->kind = kind;
    returned.says->http_status = status;
    returned.says->message = "the world is rough";
    returned.says->maybe_billed = maybe_billed;
    if (kind == ErrorKind::rate_limited && random_.coin()) returned.says->rate.retry_after_s = 0.05;
    if (maybe_billed) ledger_.spent += worst_usd(call);
    forget_sending(call);
    has_failed_ = true;
    if (kind != ErrorKind::key_refused) return;
    is_refused_ = true;
    drain_until(now_ + refused_grace);
  }

  // A try that failed may be followed by another.
  void forget_sending(const OutCall& call) {
    sent_now_.erase(intent_of(call));
    ever_sent_.erase(intent_of(call));
  }

  void give(const OutCall& call, run::Returned&& returned) {
    const bool never_was = returned.not_run != ErrorKind::none;
    if (never_was) ledger_.spent += worst_usd(call);
    // A cell whose call never happened may be left at once; its arm has room for another.
    // So may the other one of its pair that waits for it.
    const CellIndex cell = call.brought().cell;
    if (never_was) {
      gone_.insert(cell);
      release(cell);
      if (script_.compares(cell)) release(cell ^ 1U);
    }
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
      if (news.hand == Hand::awaits && gone_.contains(news.cell ^ 1U)) release(news.cell);
      if (news.hand != Hand::finished) continue;
      conclude(news.cell);
      if (!news.other) continue;
      const CellIndex other = news.cell ^ 1U;
      promise(lines_.contains(result_of(news.cell)) && lines_.contains(result_of(other)),
              "a pair is graded when both of its replies are on record");
      conclude(other);
    }
    if (part.last) out_.erase(out_.begin() + (&out - out_.data()));
    feed(std::move(part));
  }

  void conclude(CellIndex cell) {
    states_[cell] = CellState::done;
    ++recorded_;
    release(cell);
  }

  // It takes no place among the begun cells of its arm any more.
  void release(CellIndex cell) {
    if (needed_call_.erase(cell) > 0) --begun_[cell & 1U];
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
    if (ends_turn) wake_ = actions.wake;
    judge_state(ends_turn && !is_full);
  }

  void judge(const Actions& actions, bool ends_turn) {
    for (const std::string& body : actions.append) {
      verdict_.tries += is_try(body) || body.starts_with("try") ? 1U : 0U;
      verdict_.lost += body.starts_with("lost") ? 1U : 0U;
    }
    promise(without_tries(actions.append) == due_, "what workers hand over is written once, unchanged, in order");
    due_.clear();
    if (ends_turn && deadline_at_ && now_ >= *deadline_at_) {
      is_late_ = true;
      drain_until(*deadline_at_ + deadline_grace);
    }
    const bool is_draining = interrupts_ > 0 || is_full_ || is_broken_ || is_refused_ || is_late_;
    promise(!is_draining || actions.send.empty(), "nothing is sent after an interrupt");
    promise(!actions.end || (actions.submit.empty() && actions.send.empty()), "nothing is submitted at the end");
    for (const Job& job : actions.submit) {
      for (const Task& task : job.tasks) {
        promise(!is_draining || task.work == Work::go_on, "nothing is begun after an interrupt");
      }
    }
    if (ends_turn && drain_until_ && now_ >= *drain_until_) {
      promise(actions.end.has_value(), "draining has an end");
    }
  }

  // Those of tries that the conductor writes itself.
  static std::vector<std::string> without_tries(const std::vector<std::string>& bodies) {
    std::vector<std::string> rest;
    std::copy_if(bodies.begin(), bodies.end(), std::back_inserter(rest),
                 [](const auto& body) { return !is_try(body); });
    return rest;
  }

  // One write of all records, intents last; it may fail after any of them.
  bool write(const Actions& actions) {
    std::vector<std::string> bodies = without_tries(actions.append);
    for (const Sending& call : actions.send) {
      const auto& brought = dynamic_cast<const Brought&>(*call.request);
      const std::string end = brought.ask ? R"("ask":")" + std::to_string(*brought.ask) + '"' : "";
      const std::string begin = journal::intent_body(brought.cell, script_.id(brought.cell, brought.ask));
      if (!call.intent.starts_with(begin) || !call.intent.ends_with(end)) continue;
      bodies.push_back(sim::intent_of(brought.cell, brought.ask));
    }
    const bool fails = !bodies.empty() && random_.below(200) == 0;
    const std::size_t kept = fails ? random_.below(bodies.size()) : bodies.size();
    journal_.insert(journal_.end(), bodies.begin(), bodies.begin() + static_cast<std::ptrdiff_t>(kept));
    lines_.insert(bodies.begin(), bodies.begin() + static_cast<std::ptrdiff_t>(kept));
    // For what this turn sends, not for an earlier try of it.
    intents_now_ = {bodies.begin(), bodies.begin() + static_cast<std::ptrdiff_t>(kept)};
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

  void accept(Sending sending) {
    OutCall call{std::move(sending), {}, false};
    const Brought& brought = call.brought();
    const std::size_t lane = call.sending.lane;
    const std::string intent = intent_of(call);
    promise(intents_now_.erase(intent) == 1, "nothing is sent without its intent on record");
    promise(!lines_.contains(brought.ask ? answer_of(brought.cell, *brought.ask) : result_of(brought.cell)),
            "what is recorded is not asked for again");
    std::size_t out = 0;
    double usd = ledger_.spent + worst_usd(call);
    for (const auto& [ticket, other] : calls_) {
      usd += worst_usd(other);
      if (!script_.share(other.sending.lane, lane)) continue;
      ++out;
      promise(script_.is_pooled(lane) ||
                  script_.id(other.brought().cell, other.brought().ask) != script_.id(brought.cell, brought.ask),
              "calls that are out together have ids of their own");
    }
    promise(out < script_.most_out(lane), "no more calls of a lane are out than the bound says");
    promise(!bounds_.lanes.max_usd || worst_usd(call) == 0.0 || usd <= *bounds_.lanes.max_usd + usd_rounding,
            "no more is spent than the cap says");
    promise(sent_now_.insert(intent).second, "a start sends a call once");
    ++verdict_.sends;
    if (!ever_sent_.insert(intent).second) ++verdict_.resent;
    limit(call);
    const run::Ticket ticket = call.sending.ticket;
    promise(calls_.try_emplace(ticket, std::move(call)).second, "a ticket is given once");
  }

  // When it will time out; a program that is given no time of its own takes what it likes.
  void limit(OutCall& call) {
    const Millis own = script_.lanes.lanes[call.sending.lane].timeout;
    if (call.sending.timeout || script_.is_pooled(call.sending.lane)) {
      call.due = now_ + call.sending.timeout.value_or(own);
    }
    if (!deadline_at_) return;
    promise(now_ < *deadline_at_, "nothing is sent after the end of the time");
    promise(call.due.value_or(now_ + own) <= *deadline_at_ + Millis(1), "a call is cut by the end of the time");
    call.cut_by_run = call.sending.timeout && *call.due >= *deadline_at_;
  }

  void accept(Job job) {
    promise(!job.tasks.empty() && job.tasks.size() <= bounds_.cells_a_job,
            "a job has no more cells than the bound says");
    for (const Task& task : job.tasks) {
      for (const run::Arrived& arrived : task.arrived) {
        promise(!cut_.contains(arrived.ticket), "what the end of the time cut is no answer");
      }
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
    promise(++begun_[arm] <= script_.most_out(arm) + bounds_.begun_ahead,
            "no more cells of an arm are begun than the bound says");
  }

  void judge_state(bool ends_turn) const {
    const run::Progress& progress = subject_->progress();
    promise(progress.done == recorded_, "progress counts what is recorded");
    promise(progress.in_flight == calls_.size(), "progress counts the calls that are out");
    if (!end_) {
      promise(!ends_turn || !out_.empty() || !calls_.empty() || wake_, "while a run goes on, something is in flight");
      return;
    }
    const bool all =
        std::all_of(states_.begin(), states_.end(), [](CellState state) { return state == CellState::done; });
    promise((*end_ == End::complete) == all, "a run is complete when every cell is recorded, and only then");
    promise(*end_ != End::broken || is_broken_ || has_failed_, "a run says that a lane broke when one did");
    promise(*end_ != End::budget || bounds_.lanes.max_usd, "a run says that the money is spent when there is a cap");
    promise(*end_ != End::deadline || is_late_, "a run says that its time is over when it is");
    promise(*end_ != End::refused || is_refused_, "a run says that a key was refused when one was");
    promise(!is_refused_ || all || *end_ == End::refused || *end_ == End::disk_full, "a refused key is told");
    promise(*end_ != End::disk_full || is_full_, "a run says that the disk is full when it is");
    promise(!is_full_ || all || *end_ == End::disk_full, "a full disk is told");
  }

  Random& random_;
  const Script& script_;
  std::vector<std::string>& journal_;
  std::set<std::string>& ever_sent_;
  Ledger& ledger_;
  Verdict& verdict_;
  std::set<std::string> lines_;  // of the journal
  Worker worker_;
  run::Bounds bounds_;
  std::vector<CellState> states_;
  std::unique_ptr<Subject> subject_;
  std::vector<Out> out_;
  OutCalls calls_;
  std::set<std::string> sent_now_, intents_now_;
  std::set<run::Ticket> cut_;
  std::set<CellIndex> needed_call_, gone_;
  std::array<std::size_t, 2> begun_{};
  std::ptrdiff_t begun_to_ = 0;
  std::vector<std::string> due_;
  std::size_t recorded_ = 0;
  std::size_t submitted_ = 0;
  int interrupts_ = 0;
  bool breaks_ = false;
  bool is_broken_ = false;
  bool is_full_ = false;
  bool refuses_ = false;
  bool is_refused_ = false;
  bool is_late_ = false;
  bool has_failed_ = false;
  Instant now_{};
  std::optional<Instant> drain_until_, deadline_at_, wake_;
  std::optional<End> end_;
};

// A crash may also take the last records with it.
void tear(Random& random, std::vector<std::string>& journal) {
  if (random.below(4) == 0) journal.resize(journal.size() - random.below(std::min<std::size_t>(journal.size(), 5) + 1));
}

// What is neither a sending nor a failure that a later start made up for.
bool is_outcome(const std::string& body) {
  return !body.starts_with("intent") && !body.starts_with("try") && !body.starts_with("lost");
}

// Whether no cell ended in an error of the way; else a later start asks for those again.
bool is_whole(const std::vector<std::string>& journal, const Script& script) {
  const std::set<std::string> lines(journal.begin(), journal.end());
  const std::vector<std::string> records = script.records();
  return std::all_of(records.begin(), records.end(), [&](const auto& record) { return lines.contains(record); });
}

void judge_journal(const std::vector<std::string>& journal, const Script& script) {
  std::vector<std::string> expected = script.records();
  std::vector<std::string> found;
  for (const std::string& body : journal) {
    if (is_outcome(body)) found.push_back(body);
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
    Ledger ledger;
    while (!complete) {
      promise(++verdict.starts < max_starts, "taking a run up again gets on");
      const bool is_over = Session(random, script, journal, sent, ledger, verdict).play(make);
      complete = is_over && is_whole(journal, script);
      if (!is_over) tear(random, journal);
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
