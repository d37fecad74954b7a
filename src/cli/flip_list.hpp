// Every case that flipped, one line each, or with all its texts.
#pragma once

#include <string>

#include "headgate/domain/evidence.hpp"
#include "headgate/report/story.hpp"

namespace headgate::cli {

// Regressions first, worst first. `full` adds input, expected answer, both replies and every grader's reason; texts are
// escaped for a terminal.
std::string flip_list(const Evidence& evidence, const report::Quotes& quotes, bool full);

}  // namespace headgate::cli
