// A run folder back to evidence. The first ok result of a call stands; a result counts as graded only with a grade of
// that very reply by the plan's graders; everything else is not run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "headgate/base/for_each.hpp"
#include "headgate/domain/evidence.hpp"
#include "headgate/journal/scan.hpp"

namespace headgate::journal {

// Reads plan.jsonl and journal.jsonl of `folder`. Fails with untrusted when the plan does not hold (digest, format) or
// the journal is of another plan, and with environment when a file cannot be read.
Result<Evidence> read_evidence(const std::string& folder);

// Folds journal records over a plan. Used by read_evidence and by resuming. Single-threaded.
class Fold {
 public:
  explicit Fold(const Plan& plan);
  Fold(PlanHead head, CaseTable cases, std::vector<Digest> case_digests);
  ~Fold();
  void add(const RecordView& record);
  // What each cell has so far: nothing, a result without its grade, or all.
  enum class Progress : std::uint8_t { nothing, replied, done };
  Progress progress(CellIndex cell) const;
  std::uint64_t result_offset(CellIndex cell) const;
  // Meaningful where progress is done.
  const Observation& so_far(CellIndex cell) const;
  // Calls that were sent and not answered when the run ended, of a crash or otherwise.
  std::size_t in_flight() const;
  // What was counted against the budget so far: what results, answers and failed tries spent, and all of what calls
  // without an answer reserved.
  double spent_usd() const;
  // Of that, what graders' questions cost.
  double asked_usd() const;
  // What the graders of a cell were answered, in the order recorded; read_answer() reads each.
  struct AnswerAt {
    std::uint64_t offset = 0;
    ErrorKind error = ErrorKind::none;
  };
  const std::vector<AnswerAt>& answers(CellIndex cell) const;
  bool has_header() const;
  // Whether a header names another plan than this one: then nothing in the journal is to be trusted.
  bool is_foreign() const;
  Evidence finish(JournalHealth health) &&;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace headgate::journal
