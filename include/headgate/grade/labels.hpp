// What to call the graders of a cell in texts for people, so that two of one kind can be told apart.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "headgate/domain/case.hpp"

namespace headgate::grade {

// One a grader, in the order of a cell's grades: the suite's, then the case's. The kind as written; a plugin with its
// name; where several are of one kind, with the options in which they differ, cut to some 40 columns. Never two alike.
std::vector<std::string> labels(std::span<const GraderSpec> of_suite, std::span<const GraderSpec> of_case);

}  // namespace headgate::grade
