// run.json: what may differ between equal runs (when, where, how long). Shown, and never read by a decision.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "headgate/base/digest.hpp"
#include "headgate/report/story.hpp"

namespace headgate::cli {

struct RunFile {
  std::string command;       // as typed, quoted for a shell
  std::string started;       // UTC stamps
  std::string ended;         // empty: not ended
  std::string resumed_from;  // run id whose equal cells were carried over, or empty
  std::size_t starts = 1;    // how often the run was started or resumed
  std::size_t workers = 0;
  std::size_t cells_run = 0, cells_reused = 0, cells_carried = 0;
  std::size_t calls = 0;                 // paid ones, over all starts
  std::size_t calls_maybe_repeated = 0;  // of those: sent again, as nothing says that an earlier start had the answer
  std::size_t baseline_reused = 0;       // of cells_carried: the baseline's, taken over because the gate says reuse
  std::vector<std::string> baseline_from;  // the runs they are from
  std::string baseline_since;              // UTC stamp: none of them is older
  bool check = false;                    // of `check`: never decided
  bool even_if_undecidable = false;      // asked for although the gate cannot say eligible
  std::string edited;                    // a live route whose files changed while it ran: replies of both stand here
  std::string replies_since;             // UTC stamp of the start that got the oldest reply in it
  // Of `regrade`: whose replies these are, and what grading them again changed.
  struct Regraded {
    std::string from;     // run id
    std::string started;  // of that run, UTC stamp; may be empty
    std::string changes;  // one sentence; empty until the run is decided
  };
  std::optional<Regraded> regraded;
  double seconds = 0.0;
  std::string stopped;            // why cells were left by the last start, one sentence; empty: none were
  std::size_t cells_cached = 0;   // answered by the response cache
  std::size_t tries = 0;          // of all calls
  double spent_usd = 0.0;         // what the budget counts
  bool spent_is_known = true;     // false: some calls have no price or no usage
  std::optional<double> max_usd;  // the cap of the last start
  // What graders asked of judges and embeddings, over all starts; part of calls, tries and spent_usd.
  struct Asked {
    std::vector<std::string> whom;  // "judge rubric", "embedding vectors"
    std::size_t calls = 0, cached = 0;
    double spent_usd = 0.0;
    bool spent_is_known = true;
  } asked;
  double answering_s = 0.0, failing_s = 0.0, queued_s = 0.0, paused_s = 0.0;  // summed over calls
  // Of the recorded replies that each arm read, by Arm; zero for a live route. A route's digest says what it is, this
  // says which recording of it: the same plan over another recording is another run.
  std::array<Digest, 2> replies;
};

Result<void> write_run_file(const std::string& folder, const RunFile& run);
// Nothing when it is missing or not readable: then nothing is known about the run but its evidence.
std::optional<RunFile> read_run_file(const std::string& folder);

// For a report. `folder` as the user may type it.
report::RunFacts facts_of(const std::string& folder, const std::optional<RunFile>& run);

}  // namespace headgate::cli
