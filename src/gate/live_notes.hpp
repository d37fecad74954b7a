// Notes on replies that were not simply the route's own, now: of a fallback, forced or not, and of an earlier run.
#pragma once

#include <string>
#include <vector>

#include "judgement.hpp"

namespace headgate::gate {

void note_live(const Context& context, std::vector<std::string>& notes);

}  // namespace headgate::gate
