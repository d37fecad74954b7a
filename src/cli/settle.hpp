// From a run folder's evidence to its decision, and the decision's files.
#pragma once

#include <string>

#include "headgate/domain/decision.hpp"
#include "headgate/domain/evidence.hpp"
#include "headgate/report/story.hpp"
#include "run_file.hpp"
#include "verbs.hpp"

namespace headgate::cli {

struct Settled {
  std::string folder;
  Evidence evidence;
  Decision decision;
  report::Story story;
};

// Reads the evidence from disk, as anybody could later, and decides under `rules` (null: the sealed ones).
Result<Settled> settle(const std::string& folder, const Rules* rules = nullptr);

// The bytes of decision.json in that folder; fails (environment) when they cannot be read.
Result<std::string> recorded_decision(const std::string& folder);

// Whether decision.json is there and is exactly what this evidence gives.
bool holds(const Settled& settled);

// Whether cells are still to be run.
bool unfinished(const Evidence& evidence);

// summary.md, junit.xml, and last, when everything else is on disk, decision.json.
Result<void> write_reports(const Settled& settled, const report::RunFacts& facts);

// The result on stdout: the terminal report, the first lines of it, or with --json the bytes of decision.json.
void print(const Context& context, const Settled& settled, const report::RunFacts& facts, bool brief = false);

}  // namespace headgate::cli
