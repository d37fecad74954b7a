// The baseline's replies, taken over from earlier runs of the gate instead of asked anew.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "headgate/config/route_file.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/journal/writer.hpp"
#include "headgate/run/folder.hpp"
#include "run_file.hpp"

namespace headgate::cli {

// Runs with the baseline's route that are looked through for its replies; looking through one costs as much as reading
// its journal.
inline constexpr std::size_t searched_for_replies = 10;

// The runs that replies may be taken from, the best first. `reuse` is what the gate says: "latest" (those of the gate,
// the newest first), or a run as somebody types it. Never from a check, from a run whose route was edited while it ran,
// or from one that only graded another's replies again. Fails (input) where `reuse` names no such run.
Result<std::vector<run::RunFolder>> runs_to_reuse(const std::string& reports, const std::string& gate,
                                                  const std::string& reuse);
// What `check` may take from: checks too.
std::vector<run::RunFolder> runs_and_checks_to_reuse(const std::string& reports, const std::string& gate);

struct Reused {
  std::size_t cells = 0;
  std::vector<std::string> runs;  // their ids, in the order they were looked through; those that gave none left out
  std::string since;              // UTC stamp: no reply is older; empty where there is none
};

// Appends to `writer` the newest ok reply that there is of each baseline cell that is not `taken` yet: an error is no
// reply, so behind a newer one an older reply counts. With `writer` null nothing is written and the replies are only
// counted. Runs that are damaged give nothing. Fails with environment.
Result<Reused> reuse_baseline(const std::vector<run::RunFolder>& from, const Plan& plan,
                              const std::array<config::Route, 2>& routes, journal::Writer* writer,
                              std::vector<bool>& taken);

// For run.json.
void note_reused(const Reused& reused, RunFile& run);

// "39 of the baseline's 40 replies are from earlier runs (X and 1 more), none older than 2026-11-14T09:00:00Z"; says
// too where there are none.
std::string reuse_text(const Reused& reused, std::size_t baseline_cells);

// "6 days", "3 hours", "12 minutes" between two UTC stamps; empty where one of them is none.
std::string age_text(const std::string& since, const std::string& now);

}  // namespace headgate::cli
