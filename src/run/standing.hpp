// What the journal of a run says is done already.
#pragma once

#include <string>
#include <vector>

#include "cell_work.hpp"
#include "conductor.hpp"
#include "headgate/domain/evidence.hpp"

namespace headgate::run {

struct Standing {
  std::vector<CellState> states;  // by cell
  Progress progress;
  Replied replied;
  JournalHealth health;
  bool has_header = false;
};

// Fails with untrusted when the journal is of another plan, environment when it cannot be read.
Result<Standing> read_standing(const Plan& plan, const std::string& folder);

}  // namespace headgate::run
