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

// `run` as run::find_run takes it, but the latest is the latest with a decision; a newer run that was not brought to its
// end is said on stderr, with the command that goes on.
Result<run::RunFolder> find_decided(const Context& context, const std::string& run);

// The same, opened. Fails with input where there is no such run or it has no decision (then with the
// command that goes on), and with untrusted where the decision is not what its evidence gives.
Result<DecidedRun> open_decided(const Context& context, const std::string& run);
Result<DecidedRun> open_decided(run::RunFolder folder);

}  // namespace headgate::cli
