#include <algorithm>
#include <catch2/catch.hpp>

#include "world.hpp"

using namespace headgate;
using namespace headgate::sim;

namespace {

constexpr std::uint64_t honest_seeds = 5000;
constexpr std::uint64_t planted_seeds = 400;

// The conductor, with the start, the events or the actions bent.
class Bent : public Subject {
 public:
  explicit Bent(const Start& start) : inner_(honest(start)) {}
  void step(Event&& event, Instant now, Actions& out) override {
    ++steps_;
    bend_event(event);
    if (!swallows(event)) inner_->step(std::move(event), seen(now), out);
    bend(out);
  }
  const run::Progress& progress() const override { return inner_->progress(); }

 protected:
  virtual bool swallows(const Event&) { return false; }
  virtual void bend_event(Event&) {}
  virtual Instant seen(Instant now) { return now; }
  virtual void bend(Actions&) {}
  int steps_ = 0;

 private:
  std::unique_ptr<Subject> inner_;
};

// The violation that some seed brings to light.
std::string caught(const MakeSubject& make) {
  for (std::uint64_t seed = 1; seed <= planted_seeds; ++seed) {
    const Verdict verdict = simulate(seed, make);
    if (!verdict.violation.empty()) return verdict.violation;
  }
  return {};
}

template <class Subject>
MakeSubject made() {
  return [](const Start& start) { return std::make_unique<Subject>(start); };
}

MakeSubject with_start(std::function<void(Start&)> bend) {
  return [bend = std::move(bend)](const Start& start) {
    Start bent = start;
    bend(bent);
    return honest(bent);
  };
}

}  // namespace

TEST_CASE("the conductor keeps every promise in every world") {
  std::size_t steps = 0;
  std::size_t starts = 0;
  std::size_t sends = 0;
  std::size_t resent = 0;
  std::size_t tries = 0;
  std::size_t lost = 0;
  decltype(Verdict::ends) ends{};
  for (std::uint64_t seed = 1; seed <= honest_seeds; ++seed) {
    const Verdict verdict = simulate(seed, honest);
    if (!verdict.violation.empty()) FAIL("seed " << seed << ": " << verdict.violation);
    steps += verdict.steps;
    starts += verdict.starts;
    sends += verdict.sends;
    resent += verdict.resent;
    tries += verdict.tries;
    lost += verdict.lost;
    for (std::size_t i = 0; i < ends.size(); ++i) ends[i] += verdict.ends[i];
  }
  // The worlds are rough enough to mean something.
  CHECK(steps > honest_seeds * 20);
  CHECK(starts > honest_seeds * 2);
  CHECK(sends > honest_seeds * 20);
  CHECK(resent > honest_seeds);
  CHECK(tries > honest_seeds * 2);
  CHECK(lost > honest_seeds / 10);
  for (const run::End end : {run::End::complete, run::End::interrupted, run::End::broken, run::End::budget,
                             run::End::deadline, run::End::refused, run::End::disk_full, run::End::write_failed}) {
    CHECK(ends[static_cast<std::size_t>(end)] > honest_seeds / 100);
  }
}

TEST_CASE("a bound of calls that is off by one is caught") {
  for (const std::size_t lane : {2U, 3U}) {
    CHECK(caught(with_start([&](Start& start) { ++start.bounds.lanes.lanes[lane].most_out; })) ==
          "no more calls of a lane are out than the bound says");
  }
  // For a route the bound of begun cells, which follows from it, may break first.
  for (const std::size_t lane : {0U, 1U}) {
    CHECK_FALSE(caught(with_start([&](Start& start) { ++start.bounds.lanes.lanes[lane].most_out; })).empty());
  }
  CHECK_FALSE(caught(with_start([](Start& start) {
                for (run::PoolSetup& pool : start.bounds.lanes.pools) ++*pool.limits.in_flight;
              })).empty());
}

TEST_CASE("lanes that do not share their pool are caught") {
  CHECK_FALSE(caught(with_start([](Start& start) {
                run::LaneSetup& setup = start.bounds.lanes;
                if (setup.pools.empty()) return;
                for (run::LaneBounds& lane : setup.lanes) {
                  if (!lane.pool) continue;
                  setup.pools.push_back(setup.pools[*lane.pool]);
                  lane.pool = setup.pools.size() - 1;
                }
              })).empty());
}

TEST_CASE("a cap that is larger than it should be, or forgets what was spent, is caught") {
  CHECK(caught(with_start([](Start& start) {
          if (start.bounds.lanes.max_usd) *start.bounds.lanes.max_usd += 0.01;
        })) == "no more is spent than the cap says");
  CHECK(caught(with_start([](Start& start) { start.bounds.lanes.spent_before_usd = 0.0; })) ==
        "no more is spent than the cap says");
}

TEST_CASE("a run that does not know its time is caught") {
  CHECK_FALSE(caught(with_start([](Start& start) {
                if (start.bounds.deadline) *start.bounds.deadline += Millis(50);
              })).empty());
}

TEST_CASE("going on with a refused key is caught") {
  struct Hopes : Bent {
    using Bent::Bent;
    void bend_event(Event& event) override {
      auto* returned = std::get_if<run::Returned>(&event);
      if (returned == nullptr || !returned->says || returned->says->kind != ErrorKind::key_refused) return;
      returned->says->kind = ErrorKind::rate_limited;
      returned->says->http_status = 429;
    }
  };
  CHECK_FALSE(caught(made<Hopes>()).empty());
}

TEST_CASE("taking an error for an answer is caught") {
  struct Trusts : Bent {
    using Bent::Bent;
    void bend_event(Event& event) override {
      auto* returned = std::get_if<run::Returned>(&event);
      if (returned != nullptr && returned->says) returned->says->kind = ErrorKind::none;
    }
  };
  CHECK_FALSE(caught(made<Trusts>()).empty());
}

TEST_CASE("a bound of begun cells that is off by one is caught") {
  CHECK(caught(with_start([](Start& start) { ++start.bounds.begun_ahead; })) ==
        "no more cells of an arm are begun than the bound says");
}

TEST_CASE("a call without its intent on record is caught") {
  struct Forgets : Bent {
    using Bent::Bent;
    void bend(Actions& out) override {
      if (steps_ % 5 == 4 && !out.send.empty()) out.send.back().intent.clear();
    }
  };
  CHECK(caught(made<Forgets>()) == "nothing is sent without its intent on record");
}

TEST_CASE("a call lost, doubled or held back is caught") {
  struct Loses : Bent {
    using Bent::Bent;
    void bend(Actions& out) override {
      if (steps_ % 5 == 4 && !out.send.empty()) out.send.pop_back();
    }
  };
  struct Doubles : Bent {
    using Bent::Bent;
    void bend(Actions& out) override {
      if (steps_ % 5 == 4 && !out.send.empty()) out.send.push_back(run::Sending(out.send.back()));
    }
  };
  struct Delays : Bent {
    using Bent::Bent;
    void bend(Actions& out) override { std::swap(out.send, late_); }
    std::vector<run::Sending> late_;
  };
  CHECK(caught(made<Loses>()) == "progress counts the calls that are out");
  CHECK_FALSE(caught(made<Doubles>()).empty());
  CHECK_FALSE(caught(made<Delays>()).empty());
}

TEST_CASE("an arrival that is lost or goes to another cell is caught") {
  struct Loses : Bent {
    using Bent::Bent;
    bool swallows(const Event& event) override {
      return std::holds_alternative<run::Returned>(event) && ++returned_ % 7 == 0;
    }
    int returned_ = 0;
  };
  struct Swaps : Bent {
    using Bent::Bent;
    void bend_event(Event& event) override {
      auto* returned = std::get_if<run::Returned>(&event);
      if (returned == nullptr || returned->what == nullptr) return;
      if (held_ != nullptr)
        std::swap(returned->what, held_);
      else
        held_ = returned->what;
    }
    run::Payload held_;
  };
  CHECK(caught(made<Loses>()) == "progress counts the calls that are out");
  CHECK_FALSE(caught(made<Swaps>()).empty());
}

TEST_CASE("taking a call that never happened for an answer is caught") {
  struct Trusts : Bent {
    using Bent::Bent;
    void bend_event(Event& event) override {
      auto* returned = std::get_if<run::Returned>(&event);
      if (returned == nullptr || returned->not_run == ErrorKind::none || last_ == nullptr) {
        if (returned != nullptr && returned->what != nullptr) last_ = returned->what;
        return;
      }
      returned->not_run = ErrorKind::none;
      returned->what = last_;
    }
    run::Payload last_;
  };
  CHECK_FALSE(caught(made<Trusts>()).empty());
}

TEST_CASE("going on with a full disk or a broken lane is caught") {
  struct Deaf : Bent {
    using Bent::Bent;
    bool swallows(const Event& event) override { return std::holds_alternative<run::DiskFull>(event); }
  };
  struct Hopes : Bent {
    using Bent::Bent;
    void bend_event(Event& event) override {
      auto* returned = std::get_if<run::Returned>(&event);
      if (returned != nullptr && returned->not_run == ErrorKind::breaker) returned->not_run = ErrorKind::interrupted;
    }
  };
  CHECK_FALSE(caught(made<Deaf>()).empty());
  CHECK_FALSE(caught(made<Hopes>()).empty());
}

TEST_CASE("sending again what a start has sent is caught") {
  struct Again : Bent {
    using Bent::Bent;
    void bend(Actions& out) override {
      if (!out.send.empty()) last_ = out.send.back();
      if (steps_ % 20 != 19 || last_.request == nullptr || out.end) return;
      out.send.push_back(last_);
      out.send.back().ticket += 1000;
    }
    run::Sending last_;
  };
  CHECK_FALSE(caught(made<Again>()).empty());
}

TEST_CASE("a bound of jobs that is off by one is caught") {
  CHECK(caught(with_start([](Start& start) { ++start.bounds.jobs_in_flight; })) ==
        "no more jobs are in flight than the bound says");
}

TEST_CASE("a bound of cells that is off by one is caught") {
  CHECK(caught(with_start([](Start& start) { ++start.bounds.cells_a_job; })) ==
        "a job has no more cells than the bound says");
}

TEST_CASE("a bound on all cells that is off by one is caught") {
  CHECK(caught(with_start([](Start& start) {
          if (start.bounds.stop_after_cells != 0) ++start.bounds.stop_after_cells;
        })) == "a run stops where it was told to");
}

TEST_CASE("resuming without the journal is caught") {
  CHECK(caught(with_start([](Start& start) {
          std::fill(start.states.begin(), start.states.end(), CellState::waiting);
        })) == "what is recorded is not done again");
}

TEST_CASE("asking again for a reply that only lacks its grade is caught") {
  CHECK(caught(with_start([](Start& start) {
          for (CellState& state : start.states) state = state == CellState::replied ? CellState::waiting : state;
        })) == "a recorded reply is graded, not asked for again");
}

TEST_CASE("taking a reply without a grade for done is caught") {
  CHECK_FALSE(caught(with_start([](Start& start) {
                for (CellState& state : start.states) state = state == CellState::replied ? CellState::done : state;
              })).empty());
}

TEST_CASE("a cell left out is caught") {
  CHECK_FALSE(caught(with_start([](Start& start) {
                if (start.states.back() != CellState::done) ++start.progress.done;
                start.states.back() = CellState::done;
              })).empty());
}

TEST_CASE("going on after an interrupt is caught") {
  struct Deaf : Bent {
    using Bent::Bent;
    bool swallows(const Event& event) override {
      return std::holds_alternative<run::Interrupt>(event) && ++heard_ == 1;
    }
    int heard_ = 0;
  };
  CHECK(caught(made<Deaf>()) != "");
}

TEST_CASE("ignoring the second interrupt is caught") {
  struct Deaf : Bent {
    using Bent::Bent;
    bool swallows(const Event& event) override { return std::holds_alternative<run::Interrupt>(event) && ++heard_ > 1; }
    int heard_ = 0;
  };
  CHECK(caught(made<Deaf>()) == "a second interrupt ends the run at once");
}

TEST_CASE("draining for ever is caught") {
  struct Timeless : Bent {
    using Bent::Bent;
    void bend_event(Event& event) override { stands_ = stands_ || std::holds_alternative<run::Interrupt>(event); }
    Instant seen(Instant now) override { return last_ = stands_ ? last_ : now; }
    bool stands_ = false;
    Instant last_{};
  };
  CHECK(caught(made<Timeless>()) == "draining has an end");
}

TEST_CASE("going on after a failed write is caught") {
  struct Careless : Bent {
    using Bent::Bent;
    bool swallows(const Event& event) override { return std::holds_alternative<run::WriteFailed>(event); }
  };
  CHECK(caught(made<Careless>()) == "a failed write ends the run");
}

TEST_CASE("a record lost, doubled, changed or moved is caught") {
  struct Loses : Bent {
    using Bent::Bent;
    void bend(Actions& out) override {
      if (steps_ % 10 == 9 && !out.append.empty()) out.append.pop_back();
    }
  };
  struct Doubles : Bent {
    using Bent::Bent;
    void bend(Actions& out) override {
      if (steps_ % 10 == 9 && !out.append.empty()) out.append.push_back(std::string(out.append.back()));
    }
  };
  struct Changes : Bent {
    using Bent::Bent;
    void bend(Actions& out) override {
      if (steps_ % 10 == 9 && !out.append.empty()) out.append.back() += ' ';
    }
  };
  struct Moves : Bent {
    using Bent::Bent;
    void bend(Actions& out) override {
      if (out.append.size() > 1) std::swap(out.append.front(), out.append.back());
    }
  };
  const char* const promise = "what workers hand over is written once, unchanged, in order";
  CHECK(caught(made<Loses>()) == promise);
  CHECK(caught(made<Doubles>()) == promise);
  CHECK(caught(made<Changes>()) == promise);
  CHECK(caught(made<Moves>()) == promise);
}

TEST_CASE("a job lost or doubled is caught") {
  struct Loses : Bent {
    using Bent::Bent;
    void bend(Actions& out) override {
      if (steps_ % 10 == 9 && !out.submit.empty()) out.submit.pop_back();
    }
  };
  struct Doubles : Bent {
    using Bent::Bent;
    void bend(Actions& out) override {
      if (steps_ % 10 == 9 && !out.submit.empty()) out.submit.push_back(run::Job(out.submit.back()));
    }
  };
  CHECK_FALSE(caught(made<Loses>()).empty());
  CHECK_FALSE(caught(made<Doubles>()).empty());
}

TEST_CASE("never ending and ending early are caught") {
  struct Never : Bent {
    using Bent::Bent;
    void bend(Actions& out) override { out.end.reset(); }
  };
  struct Early : Bent {
    using Bent::Bent;
    void bend(Actions& out) override {
      if (steps_ < 5) return;
      out.submit.clear();
      out.end = run::End::complete;
    }
  };
  CHECK(caught(made<Never>()) != "");
  CHECK(caught(made<Early>()) == "a run is complete when every cell is recorded, and only then");
}

TEST_CASE("a pair that is torn apart is caught") {
  struct Tears : Bent {
    using Bent::Bent;
    void bend(Actions& out) override {
      for (run::Job& job : out.submit) {
        for (run::Task& task : job.tasks) task.other = nullptr;
      }
    }
  };
  CHECK_FALSE(caught(made<Tears>()).empty());
}

TEST_CASE("a cell that waits for ever for the other of its pair is caught") {
  struct Waits : Bent {
    using Bent::Bent;
    void bend_event(Event& event) override {
      auto* part = std::get_if<run::Part>(&event);
      if (part == nullptr) return;
      for (run::CellNews& news : part->cells) {
        if (news.hand == run::Hand::awaits && ++waited_ == 3) news.cell ^= 1U;
      }
    }
    int waited_ = 0;
  };
  CHECK_FALSE(caught(made<Waits>()).empty());
}

TEST_CASE("a seed gives the same world again") {
  for (const std::uint64_t seed : {1U, 77U, 4242U}) CHECK(simulate(seed, honest).steps == simulate(seed, honest).steps);
}
