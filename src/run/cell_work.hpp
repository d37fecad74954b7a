// What a worker does for one cell: find its reply, grade it, write both down as record bodies.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <unordered_map>
#include <vector>

#include "conductor.hpp"
#include "headgate/base/file.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/grade/cell.hpp"
#include "headgate/route/source.hpp"

namespace headgate::run {

// Something outside failed in a way that a cell cannot carry: the journal that holds its reply cannot be read.
struct CannotRead : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Where results stand that wait for their grade.
struct Replied {
  std::shared_ptr<const RandomAccessFile> journal;
  std::unordered_map<CellIndex, std::uint64_t> offsets;
};

// Immutable, hence thread-safe. Borrows the plan.
class CellWork {
 public:
  CellWork(const Plan& plan, std::array<std::shared_ptr<const route::RecordedReplies>, 2> replies,
           std::vector<grade::SuiteGraders> graders, Replied replied)
      : plan_(plan), replies_(std::move(replies)), graders_(std::move(graders)), replied_(std::move(replied)) {}

  CellDone operator()(const Task& task) const;

 private:
  Outcome outcome_of(const Task& task, const CellRef& ref) const;
  grade::GradedCell grade(CellIndex cell, const CellRef& ref, const Reply& reply) const;

  const Plan& plan_;
  std::array<std::shared_ptr<const route::RecordedReplies>, 2> replies_;
  std::vector<grade::SuiteGraders> graders_;  // by suite
  Replied replied_;
};

}  // namespace headgate::run
