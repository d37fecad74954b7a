// What the journal of a run says is done already.
#pragma once

#include <functional>
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
  std::size_t in_flight = 0;  // calls that were out when an earlier start ended
  double spent_usd = 0.0;     // by all of them
  double asked_usd = 0.0;     // of that: what graders asked
};

// With `retry_errors`, cells that ended in an error wait again, and those that could not be graded for want of an
// answer are to be graded again, with every answer but errors. Fails with untrusted when the journal is of another
// plan, environment when it cannot be read. `compares`: whether the graders of a case compare the replies of a pair;
// null: none does.
Result<Standing> read_standing(const Plan& plan, const std::string& folder, bool retry_errors = false,
                               const std::function<bool(CaseIndex)>& compares = {});

}  // namespace headgate::run
