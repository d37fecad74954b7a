// All graders of a cell at once: from outcome to the graded cell.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "headgate/domain/suite.hpp"
#include "headgate/grade/registry.hpp"

namespace headgate::grade {

struct NamedGrade {
  std::string kind;  // as written, with not_
  Grade grade;
  bool judged = false;  // a judge's word (Grader::needs names one)
};

struct GradedCell {
  ErrorKind error = ErrorKind::none;  // not none: ungraded, and the rest is empty but `message`
  std::string message;
  bool pass = false;
  double score = 0.0;  // mean of the graders' scores
  std::vector<NamedGrade> grades;
  bool judged = false;        // some grade is a judge's word
  bool fails_anyway = false;  // judged, and it would not pass whatever the judges had said
};

// What one of a cell's graders asks. `ask.key` is the grader's own key.
struct CellAsk {
  std::size_t grader = 0;  // its position: the suite's graders first, then the case's
  GraderSpec spec;
  Ask ask;
  bool of_pair = false;  // of a grader that compares the two replies of a pair: one question for both cells

  std::string key() const;  // "<position>/<key>": unique in the cell
};
using CellStep = std::variant<GradedCell, std::vector<CellAsk>>;

// What a cell is graded on.
struct CellReplies {
  const Reply& own;
  std::span<const Reply* const> pair = {};  // both arms' of the trial, baseline first; empty: the other is not known
  std::size_t side = 0;                     // which of them is own
};

// The graders of one suite, built once and shared by all workers. Case graders are built when their case is graded.
class SuiteGraders {
 public:
  // Fails (untrusted) when a spec does not build; specs were checked when the suite was read.
  static Result<SuiteGraders> make(const SuiteHead& suite, const Registry& registry);

  // Grades a reply with the suite's graders, then the case's own, then applies the pass rule. A score that is not
  // finite or not in [0, 1] is ErrorKind::score_out_of_range. A cell without any grader is ErrorKind::grader_failed,
  // and so is a grader that asks the same again or more than max_asks. Thread-safe.
  //
  // `answers` are all so far, by CellAsk::key(), those of every ask of an earlier step among them. What is returned to
  // ask is new, and all that can be asked at once. An error of one grader ends the step: nothing more is asked.
  CellStep step(const Case& item, const Reply& reply, std::uint64_t seed, std::span<const Answer> answers) const;

  // With both replies of the pair at hand, graders that compare them judge too, and this cell gets its side of their
  // grades. They ask the same for both cells, under the same keys; `seed` must be the pair's for that.
  CellStep step(const Case& item, const CellReplies& replies, std::uint64_t seed,
                std::span<const Answer> answers) const;
  // Whether some grader of the case compares the two replies of a pair.
  bool compares(const Case& item) const;

  // The same where nobody answers: a grader that asks is grader_failed.
  GradedCell grade(const Case& item, const Reply& reply, std::uint64_t seed) const;

 private:
  struct Built {
    GraderSpec spec;
    std::string kind;
    std::shared_ptr<const Grader> grader;
    bool judged = false;
  };
  std::vector<Built> graders_;
  PassRule pass_;
  const Registry* registry_ = nullptr;
};

}  // namespace headgate::grade
