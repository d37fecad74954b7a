// Texts of single cases out of a run folder, for reports.
#pragma once

#include <string>

#include "headgate/domain/evidence.hpp"
#include "headgate/report/story.hpp"

namespace headgate::run {

// Reads on demand; keeps the files open. `evidence` must outlive the result.
report::Quotes quotes_of(const std::string& folder, const Evidence& evidence);

}  // namespace headgate::run
