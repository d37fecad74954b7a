// Doing the plan: opens the journal of a run folder, skips what is done, does the rest, closes it.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "headgate/config/gate_file.hpp"
#include "headgate/domain/evidence.hpp"
#include "headgate/grade/registry.hpp"
#include "headgate/journal/writer.hpp"
#include "headgate/route/reply_cache.hpp"
#include "headgate/route/transports.hpp"
#include "headgate/run/observer.hpp"

namespace headgate::run {

// What graders may ask, besides the routes. All may be empty: then a grader that asks cannot judge.
struct Helpers {
  std::map<std::string, config::Route> judges;            // targets of grade::Chat, by the name that graders use
  std::map<std::string, config::Route> embeddings;      // targets of grade::Embed
  std::map<std::string, config::Plugin> plugins;        // targets of grade::Consult
  std::map<std::string, route::ProgramSpec> languages;  // of grade::Program, in their sandbox
};

// Those of a gate that its suites ask.
Helpers helpers_of(const config::Gate& gate);

// How calls leave: route::start_transports, or a test's own.
using StartTransport = std::function<std::unique_ptr<route::Transport>(
    std::vector<route::LaneSpec> lanes, route::Deliver deliver, std::function<void(std::string)> note)>;

struct DriveOptions {
  std::size_t workers = 0;       // 0: one a processor
  Observer* observer = nullptr;  // may be null
  const grade::Registry* registry = &grade::registry();
  Helpers helpers;
  bool offline = false;       // fail (input) before the first call where something would have to be called
  bool retry_errors = false;  // cells that ended in an error are asked again
  std::optional<double> max_usd;      // over all starts of the run; every live route must have a price then
  std::optional<Millis> deadline;     // of this start
  bool fail_fast = false;             // no call is tried again, and nothing waits for a provider's pause
  route::ReplyCache* cache = nullptr;  // may be null
  // Empty: route::start_transports. Called before the first call of a run; never, where nothing has to be called.
  StartTransport start_transport;
  // Polled each turn: 0 go on, 1 interrupted once (drain), 2 stop at once.
  std::function<int()> interrupted = [] { return 0; };
  double drain_seconds = 10.0;       // what is out may arrive for so long after the first interrupt
  std::size_t stop_after_cells = 0;  // tests: behave as if interrupted after so many; 0: never
};

// Why a start left cells that were not interrupted.
enum class Left : std::uint8_t { nothing, broken, budget, deadline };

// What graders asked of judges and embeddings, apart from what the arms cost.
struct Asked {
  std::size_t calls = 0;        // in this start
  std::size_t cached = 0;       // answered by the response cache instead
  double spent_usd = 0.0;       // over all starts; part of what the budget counts
  bool spent_is_known = true;   // of the calls of this start
};

// Where the time of a start went, summed over calls.
struct TimeSpent {
  double answering_s = 0.0;  // successful tries
  double failing_s = 0.0;    // tries that failed
  double queued_s = 0.0;     // waiting for room among those in flight, or for the rate
  double paused_s = 0.0;     // waiting because a provider asked for it, or to try again
};

struct DriveResult {
  std::size_t cells_run = 0, cells_reused = 0;
  std::size_t calls = 0;           // sent to live routes and plugins in this start
  std::size_t maybe_repeated = 0;  // sent before an earlier start ended, unanswered there, and sent again now
  bool interrupted = false;
  // Not interrupted, but cells are left that this start could not do (they are not run, and a later start goes on): a
  // program that does not live. Why, in one sentence; else empty.
  std::size_t cells_left = 0;
  std::string stopped;
  Left why = Left::nothing;
  std::size_t cells_cached = 0;  // answered by the response cache
  std::size_t tries = 0;         // sent in this start, all tries of all calls
  double spent_usd = 0.0;        // over all starts: what the budget counts
  bool spent_is_known = true;    // false: some calls had no price or no usage, or may have been billed
  Asked asked;
  TimeSpent time;
  double seconds = 0.0;
};

// Fails with environment too where a provider refuses a key or says that a quota or spend cap is used up: the message
// names where the key comes from.
// `writer` must be open on `folder`, whose plan.jsonl is `plan`. Fails with environment when recording fails (what
// was recorded stays, and a later start goes on from there) and with input where offline would have to call.
Result<DriveResult> drive(const Plan& plan, const std::array<config::Route, 2>& routes, const std::string& folder,
                          journal::Writer& writer, const DriveOptions& options);

}  // namespace headgate::run
