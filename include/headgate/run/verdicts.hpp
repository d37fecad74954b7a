// What one grader by itself says of every cell of a run, from what the run recorded: replies, and what the grader was
// answered. A cell that could not be graded as a whole still has the words of those graders that could.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/domain/evidence.hpp"
#include "headgate/grade/registry.hpp"

namespace headgate::run {

// One grader of the suites of a run. A suite that does not have it has no position.
struct SuiteGrader {
  std::string name;                                  // how people call it
  std::optional<JudgeUse> judge;                     // whose word it is, where it is a judge's
  bool compares = false;                             // grade::Scope::pair
  std::vector<std::optional<std::size_t>> position;  // by suite of the plan
  std::vector<GraderSpec> spec;                      // by suite; of those without it, unused
};

// By the judge's name, its label in reports, its kind, or its place ("2"), in every suite that has it. Fails (input)
// where none does, where several of a suite do, or where they are not the same judge by the same rubric.
Result<SuiteGrader> find_grader(const PlanHead& plan, std::string_view wanted);

struct CellWord {
  enum class Kind : std::uint8_t {
    none,      // nobody was asked, the reply is missing, or the suite has no such grader
    graded,    // `pass` and `score`
    unusable,  // an answer that is no verdict
  };
  Kind kind = Kind::none;
  bool pass = false;
  double score = 0.0;
  std::vector<Measure> measures;
  std::string message;  // why there is no grade
};

// A run's replies, with what is needed to look at them one by one.
struct RunReplies {
  Plan plan;
  std::vector<std::optional<Reply>> replies;  // by CellIndex; absent: it has none
};
// Only the replies of these cells are read; an empty list reads none.
Result<RunReplies> read_replies(const std::string& folder, const Evidence& evidence,
                                const std::vector<CellIndex>& wanted);

// By CellIndex. Fails with environment where the run cannot be read, with untrusted where it does not hold.
Result<std::vector<CellWord>> words_of(const std::string& folder, const Evidence& evidence, const SuiteGrader& grader);

}  // namespace headgate::run
