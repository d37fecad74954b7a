// The one way to turn a grader round, for the not_ form of every kind and for `not`.
#pragma once

#include <memory>

#include "headgate/grade/grader.hpp"

namespace headgate::grade {

// Passes where `inner` fails, with 1 - its score. Errors stay errors, what is absent stays absent, asks pass through:
// nothing that went wrong turns into a pass. Shared, as built graders are.
GraderPtr negated(std::shared_ptr<const Grader> inner);

}  // namespace headgate::grade
