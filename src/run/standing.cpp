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

void take_cell(const journal::Fold& fold, CellIndex cell, Standing& standing) {
  switch (fold.progress(cell)) {
    case Done::nothing:
      return;
    case Done::replied:
      standing.states[cell] = CellState::replied;
      standing.replied.offsets.emplace(cell, fold.result_offset(cell));
      return;
    case Done::done:
      standing.states[cell] = CellState::done;
      ++standing.progress.done;
      ++standing.progress.reused;
      count(fold.so_far(cell), standing.progress.arms[cell & 1U]);
      return;
  }
}

}  // namespace

Result<Standing> read_standing(const Plan& plan, const std::string& folder) {
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
  for (CellIndex cell = 0; cell < plan.cells(); ++cell) take_cell(fold, cell, standing);
  standing.replied.journal = std::move(file);
  standing.health = std::move(scanned.health);
  standing.has_header = fold.has_header();
  return standing;
}

}  // namespace headgate::run
