// What a worker does for one cell: find its reply or ask for it, grade it, write down what was learnt as record bodies.
// Recorded and live cells differ in where the reply comes from, and in nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include "asks.hpp"
#include "conductor.hpp"
#include "headgate/base/cannot_read.hpp"
#include "headgate/base/file.hpp"
#include "headgate/config/route_file.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/grade/cell.hpp"
#include "headgate/journal/fold.hpp"
#include "headgate/journal/record.hpp"
#include "headgate/route/reply_cache.hpp"
#include "live_work.hpp"

namespace headgate::run {

// The cell needs an answer that nobody recorded, and nobody may be asked.
struct Offline : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Where results stand that wait for their grade, and what their graders were answered.
struct Replied {
  struct At {
    std::uint64_t result = 0;
    std::vector<std::uint64_t> answers;
  };
  std::shared_ptr<const RandomAccessFile> journal;
  std::unordered_map<CellIndex, At> cells;
  // Cells of pairs that are graded as one, whose other cell was done when this start began: where its reply stands, if
  // it has one.
  std::unordered_map<CellIndex, std::optional<std::uint64_t>> others;
};

// A cell that has its outcome, on its way to a grade.
struct Graded {
  Outcome outcome = CallError{};
  Digest reply;
  std::vector<grade::Answer> answers;
  std::optional<grade::GradedCell> done;  // the first word stands, whatever is answered later
};

// A cell between two tasks.
struct HeldCell;

// Immutable but for the cache, which is thread-safe as well. Borrows plan and routes. Throws CannotRead where a reply
// or an answer that is on record or in the cache cannot be read back: no cell can carry that.
class CellWork {
 public:
  struct Means {
    const Plan& plan;
    const std::array<config::Route, 2>& routes;
    std::vector<grade::SuiteGraders> graders;  // by suite
    Replied replied;
    Asks asks;
    bool offline = false;
    route::ReplyCache* cache = nullptr;  // may be null
  };
  explicit CellWork(Means means);

  // What arrived, as records to hand over before anything is made of it: it was paid for. Nothing for other tasks.
  std::optional<CellNews> receive(Task& task) const;
  // The rest of the task.
  CellNews finish(Task& task) const;

 private:
  struct Subject;  // the cell with what its index stands for
  Subject subject_of(CellIndex cell) const;

  static std::string result_record(const Subject& cell, const Graded& graded, const journal::CallFacts& facts);
  CellNews whole(const Subject& cell) const;
  CellNews prepare(const Subject& cell) const;
  bool is_made_to_fail(const Subject& cell) const;
  // Its request to `route`, which becomes the cell's call, or the outcome it ends with without one.
  void call(const Subject& cell, HeldCell& held, CellNews& news) const;
  std::optional<Reply> kept_reply(const Subject& cell, const Prepared& prepared, HeldCell& held) const;
  void keep(const HeldCell& held) const;
  void fall_back(const Subject& cell, HeldCell& held, CellNews& news) const;

  void receive_reply(const Subject& cell, HeldCell& held, Arrived& arrived, CellNews& news) const;
  // The end of the cell's call: recorded, and held for its grade. Where the route falls back, only a try of it.
  void conclude_call(const Subject& cell, HeldCell& held, Outcome&& outcome, const journal::CallFacts& facts,
                     const journal::FailedTry& failed, CellNews& news) const;
  void record_outcome(const Subject& cell, HeldCell& held, Outcome&& outcome, const journal::CallFacts& facts,
                      CellNews& news) const;
  void receive_answer(CellIndex cell, HeldCell& held, Arrived& arrived, CellNews& news) const;

  CellNews grade_recorded(const Subject& cell) const;
  // From an outcome: to a grade, a question, or, for an error, nothing more.
  void go_on(const Subject& cell, std::shared_ptr<HeldCell> held, CellNews& news) const;
  // Whether it is graded together with the other cell of its pair, whose outcome is still to come.
  bool must_await(const Subject& cell, HeldCell& held) const;
  // Steps the graders until they have a grade or need to ask; of both cells of a pair, where both are here.
  void judge(const Subject& cell, HeldCell& held, CellNews& news) const;
  Fate conclude(const Subject& cell, Graded& graded, CellNews& news) const;
  grade::CellStep step(const Subject& cell, const HeldCell& held, const Graded& graded) const;
  // False when a call has to be made: it stands in the news then.
  bool answer(const Subject& cell, grade::CellAsk&& ask, HeldCell& held, bool is_others, CellNews& news) const;
  std::optional<AnswerBody> kept_answer(const PendingAsk& ask) const;
  CallId id_of(const Subject& cell, const grade::CellAsk& ask, const HeldCell& held, const Graded& graded) const;
  KnownAnswers known_answers(const Replied::At& at) const;

  const Plan& plan_;
  const std::array<config::Route, 2>& routes_;
  std::vector<grade::SuiteGraders> graders_;  // by suite
  Replied replied_;
  Asks asks_;
  bool offline_;
  route::ReplyCache* cache_;
  std::set<std::string, std::less<>> made_to_fail_;  // ids of cases
};

}  // namespace headgate::run
