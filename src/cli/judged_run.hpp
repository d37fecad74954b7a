// A run whose judge is looked at, for the verbs below `judge`.
#pragma once

#include <string>

#include "headgate/domain/evidence.hpp"
#include "headgate/run/folder.hpp"
#include "verbs.hpp"

namespace headgate::cli {

struct JudgedRun {
  run::RunFolder folder;
  Evidence evidence;
};

// RUN as run::find_run takes it. It need not be decided, but nothing may be writing to it.
Result<JudgedRun> open_judged(const Context& context, const std::string& run);

}  // namespace headgate::cli
