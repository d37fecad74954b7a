// A run that was brought to its end and whose decision follows from its evidence: what `show`, `explain` and `compare`
// look into.
#pragma once

#include <optional>
#include <string>

#include "headgate/run/folder.hpp"
#include "settle.hpp"
#include "verbs.hpp"

namespace headgate::cli {

struct DecidedRun {
  run::RunFolder folder;
  std::optional<RunFile> file;
  Settled settled;

  report::RunFacts facts() const { return facts_of(folder.path, file); }
};

// Says on stderr that of the runs that the word `run` means one is newer than this and unfinished, and how to go on.
void note_unfinished(const Context& context, const std::string& run, const run::RunFolder& taken);

// `run` as run::find_run takes it. Fails with input where there is no such run or it has no decision (then with the
// command that goes on, and the latest run that has one), and with untrusted where the decision is not what its evidence
// gives.
Result<DecidedRun> open_decided(const Context& context, const std::string& run);
Result<DecidedRun> open_decided(run::RunFolder folder);

}  // namespace headgate::cli
