#include "judged_run.hpp"

#include "headgate/journal/fold.hpp"
#include "inputs.hpp"
#include "start_lock.hpp"

namespace headgate::cli {

Result<JudgedRun> open_judged(const Context& context, const std::string& run) {
  HG_TRY(folder, run::find_run(reports_folder(context), run));
  HG_CHECK(check_not_running(folder.path));
  HG_TRY(evidence, journal::read_evidence(folder.path));
  return JudgedRun{std::move(folder), std::move(evidence)};
}

}  // namespace headgate::cli
