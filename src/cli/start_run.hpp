// Which folder a `run` works in: a new one, or that of the same plan, begun before.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "headgate/config/gate_file.hpp"
#include "headgate/domain/plan.hpp"
#include "headgate/journal/writer.hpp"
#include "run_file.hpp"
#include "settle.hpp"

namespace headgate::cli {

struct StartWish {
  std::string reports;
  bool again = false;         // a new folder in any case
  std::string regrade;        // the folder of the run whose replies are graded again; empty: none. Goes with `again`
  std::string resume;         // as typed: carry equal cells of that run; empty: none
  bool retry_errors = false;  // a finished run whose cells ended in errors goes on
  std::string command;        // for run.json
  bool even_if_undecidable = false;  // for run.json
  std::size_t workers = 0;
};

struct Started {
  std::string folder;
  RunFile run;
  // Set: this very plan has been run to its end, and its decision follows from its evidence. Nothing is locked then.
  std::optional<Settled> finished;
  // Else the journal, open and locked; plan.jsonl and run.json are on disk, an older decision is aside.
  std::unique_ptr<journal::Writer> writer;
  bool resumed = false;            // an unfinished run of this plan goes on
  std::vector<std::string> notes;  // for stderr: what was carried over, why a finished run was not taken for finished
};

// The recordings that each arm reads, by Arm; zero for a live route.
std::array<Digest, 2> recordings(const std::array<config::Route, 2>& routes);

// To be called where replies of that run or check were carried over: says how old they may be.
void note_older_replies(const std::string& from, RunFile& run);

// Takes back a start that came to nothing: removes its folder where this start created it and no reply was recorded.
void discard_if_empty(Started& started);

// Fails with locked where another process runs this plan, environment where the reports cannot be written, input where
// `resume` names no run, untrusted where the plan on disk does not hold.
Result<Started> start_run(const Plan& plan, const std::array<config::Route, 2>& routes, const StartWish& wish);

}  // namespace headgate::cli
