#include "conductor.hpp"

#include <algorithm>
#include <utility>

#include "headgate/base/assert.hpp"

namespace headgate::run {

Conductor::Conductor(std::span<const CellIndex> order, std::vector<CellState> states, const Progress& progress,
                     const Bounds& bounds)
    : order_(order), states_(std::move(states)), progress_(progress), bounds_(bounds) {
  HG_ASSERT(bounds_.jobs_in_flight > 0 && bounds_.cells_a_job > 0);
  HG_ASSERT(order_.size() == states_.size());
}

void Conductor::step(Event&& event, Instant now, Actions& out) {
  if (over_) return;  // what arrives after the end belongs to nobody
  if (auto* part = std::get_if<Part>(&event)) take(std::move(*part), out);
  if (std::holds_alternative<Interrupt>(event)) interrupt(now, out);
  if (std::holds_alternative<WriteFailed>(event)) end(End::write_failed, out);
  if (over_) return;
  top_up(out);
  if (jobs_.empty()) {
    end(progress_.done == progress_.cells ? End::complete : End::interrupted, out);
  } else if (draining_ && now >= drain_until_) {
    end(End::interrupted, out);
  }
}

void Conductor::take(Part&& part, Actions& out) {
  const auto job = jobs_.find(part.job);
  HG_ASSERT(job != jobs_.end());
  HG_ASSERT(part.cells.size() <= job->second);
  job->second -= part.cells.size();
  for (CellDone& cell : part.cells) finish_cell(std::move(cell), out);
  if (!part.last) return;
  HG_ASSERT(job->second == 0);
  jobs_.erase(job);
}

void Conductor::finish_cell(CellDone&& cell, Actions& out) {
  HG_ASSERT(cell.cell < states_.size() && states_[cell.cell] == CellState::in_flight);
  states_[cell.cell] = CellState::done;
  if (!cell.result.empty()) out.append.push_back(std::move(cell.result));
  if (!cell.grade.empty()) out.append.push_back(std::move(cell.grade));
  --progress_.in_flight;
  ++progress_.done;
  ArmProgress& arm = progress_.arms[cell.cell & 1U];
  ++arm.done;
  switch (cell.fate) {
    case Fate::passed:
      ++arm.passed;
      break;
    case Fate::failed:
      ++arm.failed;
      break;
    case Fate::error:
      ++arm.errors;
      break;
  }
}

void Conductor::interrupt(Instant now, Actions& out) {
  if (draining_) return end(End::interrupted, out);
  draining_ = true;
  drain_until_ = now + bounds_.drain;
}

void Conductor::top_up(Actions& out) {
  while (!draining_ && jobs_.size() < bounds_.jobs_in_flight) {
    Job job{next_job_, next_tasks()};
    if (job.tasks.empty()) return;
    ++next_job_;
    jobs_.emplace(job.id, job.tasks.size());
    progress_.in_flight += job.tasks.size();
    out.submit.push_back(std::move(job));
  }
}

std::vector<Task> Conductor::next_tasks() {
  std::vector<Task> tasks;
  while (next_ < order_.size() && tasks.size() < bounds_.cells_a_job) {
    if (bounds_.stop_after_cells != 0 && submitted_ == bounds_.stop_after_cells) break;
    CellState& state = states_[order_[next_]];
    if (state != CellState::done) {
      tasks.push_back({order_[next_], state == CellState::replied});
      state = CellState::in_flight;
      ++submitted_;
    }
    ++next_;
  }
  return tasks;
}

void Conductor::end(End how, Actions& out) {
  over_ = true;
  out.end = how;
}

}  // namespace headgate::run
