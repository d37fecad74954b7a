// Every case that flipped, one line each, or with all its texts.
#pragma once

#include <optional>
#include <string>

#include "headgate/domain/evidence.hpp"
#include "headgate/gate/flips.hpp"
#include "headgate/report/story.hpp"

namespace headgate::cli {

// Regressions first, worst first. `full` adds input, expected answer, both replies and every grader's reason; texts are
// escaped for a terminal.
std::string flip_list(const Evidence& evidence, const report::Quotes& quotes, bool full);

// One line of it, and all texts of one case, indented below it.
std::string flip_line(const Evidence& evidence, const gate::Flip& flip);
std::string case_texts(const std::optional<report::CaseQuote>& quote);

}  // namespace headgate::cli
