#include "standing.hpp"

#include <utility>

#include "headgate/journal/fold.hpp"

namespace headgate::run {
namespace {

using Done = journal::Fold::Progress;

void count(const Observation& seen, ArmProgress& arm) {
  ++arm.done;
  if (seen.status != Status::ok) {
    ++arm.errors;
  } else {
    ++(seen.pass ? arm.passed : arm.failed);
  }
}

// Whether asking the graders' helpers again may help, or the reply of the other arm that is asked for again.
bool may_be_graded_now(const Observation& seen) {
  return seen.grade_offset != 0 && (seen.error == ErrorKind::plugin_failed || seen.error == ErrorKind::judge_failed ||
                                    seen.error == ErrorKind::reply_missing);
}

void take_replied(const journal::Fold& fold, CellIndex cell, bool with_errors, Standing& standing) {
  standing.states[cell] = CellState::replied;
  Replied::At at{fold.result_offset(cell), {}};
  for (const CellIndex asker : {cell, cell ^ 1U}) {  // what is asked about a pair stands at either of its cells
    for (const auto& answer : fold.answers(asker)) {
      if (with_errors || answer.error == ErrorKind::none) at.answers.push_back(answer.offset);
    }
  }
  standing.replied.cells.emplace(cell, std::move(at));
}

void take_done(const Observation& seen, CellIndex cell, Standing& standing) {
  standing.states[cell] = CellState::done;
  ++standing.progress.done;
  ++standing.progress.reused;
  count(seen, standing.progress.arms[cell & 1U]);
}

void take_cell(const journal::Fold& fold, CellIndex cell, bool retry_errors, Standing& standing) {
  switch (fold.progress(cell)) {
    case Done::nothing:
      return;
    case Done::replied:
      return take_replied(fold, cell, !retry_errors, standing);
    case Done::done:
      break;
  }
  const Observation& seen = fold.so_far(cell);
  if (retry_errors && seen.status != Status::ok) {
    if (seen.grade_offset == 0) return;  // it has no reply
    if (may_be_graded_now(seen)) return take_replied(fold, cell, false, standing);
  }
  take_done(seen, cell, standing);
}

void take_others(const journal::Fold& fold, const Plan& plan, const std::function<bool(CaseIndex)>& compares,
                 Standing& standing) {
  for (CellIndex cell = 0; cell < plan.cells(); ++cell) {
    const CellIndex other = cell ^ 1U;
    if (standing.states[cell] == CellState::done || standing.states[other] != CellState::done) continue;
    if (!compares(cell_ref(cell, plan.head.trials).item)) continue;
    const Observation& seen = fold.so_far(other);
    const bool has_reply = seen.status == Status::ok || seen.grade_offset != 0;
    standing.replied.others[cell] = has_reply ? std::optional(fold.result_offset(other)) : std::nullopt;
  }
}

}  // namespace

Result<Standing> read_standing(const Plan& plan, const std::string& folder, bool retry_errors,
                               const std::function<bool(CaseIndex)>& compares) {
  const std::string path = join_path(folder, "journal.jsonl");
  HG_TRY(file, RandomAccessFile::open(path));
  Standing standing;
  standing.states.resize(plan.cells(), CellState::waiting);
  standing.progress.cells = plan.cells();
  if (file->size() == 0) return standing;  // a new run pays nothing for resuming
  journal::Fold fold(plan);
  HG_TRY(scanned, journal::scan(*file, [&](const journal::RecordView& record) { fold.add(record); }));
  if (fold.is_foreign()) {
    return failure(ErrorCode::untrusted, "'" + path + "' is the journal of another plan than the one to run");
  }
  for (CellIndex cell = 0; cell < plan.cells(); ++cell) take_cell(fold, cell, retry_errors, standing);
  if (compares) take_others(fold, plan, compares, standing);
  standing.in_flight = fold.in_flight();
  standing.spent_usd = fold.spent_usd();
  standing.asked_usd = fold.asked_usd();
  standing.replied.journal = std::move(file);
  standing.health = std::move(scanned.health);
  standing.has_header = fold.has_header();
  return standing;
}

}  // namespace headgate::run
