// All graders of a cell at once: from outcome to the graded cell.
#pragma once

#include <string>
#include <vector>

#include "headgate/domain/suite.hpp"
#include "headgate/grade/registry.hpp"

namespace headgate::grade {

struct NamedGrade {
  std::string kind;  // as written, with not_
  Grade grade;
};

struct GradedCell {
  ErrorKind error = ErrorKind::none;  // not none: ungraded, and the rest is empty but `message`
  std::string message;
  bool pass = false;
  double score = 0.0;  // mean of the graders' scores
  std::vector<NamedGrade> grades;
};

// The graders of one suite, built once and shared by all workers. Case graders are built when their case is graded.
class SuiteGraders {
 public:
  // Fails (untrusted) when a spec does not build; specs were checked when the suite was read.
  static Result<SuiteGraders> make(const SuiteHead& suite, const Registry& registry);

  // Grades a reply with the suite's graders, then the case's own, then applies the pass rule. A score that is not
  // finite or not in [0, 1] is ErrorKind::score_out_of_range. A grader that asks has nobody to answer it here:
  // ErrorKind::grader_failed. A cell without any grader is grader_failed too. Thread-safe.
  GradedCell grade(const Case& item, const Reply& reply, std::uint64_t seed) const;

 private:
  struct Built {
    std::string kind;
    std::shared_ptr<const Grader> grader;
  };
  std::vector<Built> graders_;
  PassRule pass_;
  const Registry* registry_ = nullptr;
};

}  // namespace headgate::grade
