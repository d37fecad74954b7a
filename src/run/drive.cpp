#include "headgate/run/drive.hpp"

#include <sys/resource.h>

#include <chrono>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "driver.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/version.hpp"
#include "headgate/journal/record.hpp"
#include "headgate/route/limits.hpp"

namespace headgate::run {
namespace {

Result<std::vector<grade::SuiteGraders>> build_graders(const Plan& plan, const grade::Registry& registry) {
  std::vector<grade::SuiteGraders> graders;
  for (const SuiteHead& suite : plan.head.suites) {
    HG_TRY(built, grade::SuiteGraders::make(suite, registry));
    graders.push_back(std::move(built));
  }
  return graders;
}

void note(Observer* observer, const std::string& text) {
  if (observer != nullptr) observer->on_note(text);
}

// Tells what the journal has been through, and begins or resumes it.
void open_journal(const Plan& plan, const Standing& standing, journal::Writer& writer, Observer* observer) {
  if (!standing.has_header) writer.append(journal::header_body(plan.head.digest, version()));
  if (!writer.recovery().empty()) {
    note(observer, writer.recovery());
    writer.append(journal::note_body("recovered", writer.recovery()));
  }
  for (const JournalHealth::Damage& each : standing.health.damaged) {
    note(observer, "journal.jsonl:" + std::to_string(each.line) + ": " + each.what + "; the record is ignored");
  }
  const Progress& progress = standing.progress;
  if (progress.done > 0 && progress.done < progress.cells) {
    const std::string text = "goes on after " + std::to_string(progress.done) + " of " + plural(progress.cells, "cell");
    writer.append(journal::note_body("resumed", text));
  }
  if (standing.in_flight > 0 && progress.done < progress.cells) {
    const std::string text = plural(standing.in_flight, "call was", "calls were") +
                             " in flight when an earlier start ended; " +
                             (standing.in_flight == 1 ? "it may have been paid for and is sent again"
                                                      : "they may have been paid for and are sent again");
    note(observer, text);
    writer.append(journal::note_body("in flight", text));
  }
}

// Why a start left cells, where that was not a person's wish and nothing failed.
struct Stopped {
  Left why = Left::nothing;
  std::string words;  // one sentence
};

// How many files this process may have open, once it has asked for all it can get.
std::size_t most_descriptors() {
  rlimit limit{};
  const bool is_bounded = ::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_max != RLIM_INFINITY;
  return is_bounded ? static_cast<std::size_t>(limit.rlim_max) : std::numeric_limits<std::size_t>::max();
}

// What was used up, and how to go on.
std::string out_of_money(const Lanes& lanes, double cap, const std::vector<route::LaneSpec>& specs) {
  const std::string used = route::usd(lanes.spend().spent()) + " of " + route::usd(cap) + " is spent or reserved; ";
  const std::optional<Lanes::Unpaid>& next = lanes.unpaid();
  const std::string call = "the next call" + (next ? " (" + route::name_of(specs[next->lane]) + ")" : "");
  if (next && next->most_usd) {
    return used + call + " may cost up to " + route::usd(*next->most_usd) + "; raise --max-usd to go on";
  }
  return used + "what " + call +
         " may cost is not known; raise --max-usd to go on (with a price and max_tokens it would be known)";
}

Stopped stopped_by(End end, const Driver& driver, const LanePlan& lanes, const DriveOptions& options) {
  const Spend& spend = driver.lanes().spend();
  if (end == End::broken) return {Left::broken, driver.broken()};
  if (end == End::budget && spend.cap()) {
    return {Left::budget, out_of_money(driver.lanes(), *spend.cap(), lanes.specs)};
  }
  if (end == End::deadline && options.deadline) {
    return {Left::deadline, "the time of this start is over (" +
                                shortest(static_cast<double>(options.deadline->count()) / 1000.0) + " s)"};
  }
  return {};
}

Error refused(const Refusal& refusal, const LanePlan& lanes) {
  const config::HttpRoute* http = lanes.http[refusal.lane];
  const std::string key = http != nullptr && !http->key_name.empty() ? http->key_name : "none is configured";
  const bool is_quota = refusal.why.kind == ErrorKind::quota;
  const std::string what = is_quota ? "a quota or spend cap of the provider is used up (key: " + key + ")"
                                    : "the provider refuses the key (" + key + ")";
  const bool has_key = http != nullptr && !http->key_name.empty();
  const std::string advice = is_quota  ? "raise it with the provider"
                             : has_key ? "check the value of " + key
                                       : "give it a key, as in key: env:NAME";
  return {ErrorCode::environment,
          route::name_of(lanes.specs[refusal.lane]) + ": " + what + ": " + refusal.why.message,
          {},
          advice};
}

Result<void> close_journal(End end, const Driver& driver, const std::string& why, bool ended_before,
                           journal::Writer& writer) {
  const Progress& progress = driver.progress();
  const std::string after = "after " + std::to_string(progress.done) + " of " + plural(progress.cells, "cell");
  if (end == End::complete && !ended_before) writer.append(journal::end_body("complete"));
  if (end == End::interrupted) writer.append(journal::note_body("interrupted", after));
  if (!why.empty()) writer.append(journal::note_body("stopped", after + ": " + why));
  HG_CHECK(writer.flush());
  return writer.sync();
}

const char* arm_name(std::size_t arm) { return name(static_cast<Arm>(arm)); }

// Every route has to have something that answers; offline, that is its recording alone, or what the cache holds, which
// each cell finds out for itself.
Result<void> check_routes(const std::array<config::Route, 2>& routes, const Standing& standing,
                          const DriveOptions& options) {
  for (const config::Route& route : routes) {
    if (route.replies || route.is_live()) continue;
    return failure(ErrorCode::input, "route '" + route.use.name + "' has no recorded replies to read");
  }
  if (!options.offline || options.cache != nullptr) return {};
  std::array<std::size_t, 2> missing{};
  for (std::size_t cell = 0; cell < standing.states.size(); ++cell) {
    if (standing.states[cell] == CellState::waiting) ++missing[cell & 1U];
  }
  std::string unrecorded;
  for (std::size_t arm = 0; arm < 2; ++arm) {
    if (!is_called(routes[arm]) || missing[arm] == 0) continue;
    unrecorded += (unrecorded.empty() ? "" : ", ") + plural(missing[arm], "cell") + " of " + arm_name(arm) + " '" +
                  routes[arm].use.name + "'";
  }
  if (unrecorded.empty()) return {};
  return failure(ErrorCode::input, "--offline: " + unrecorded + " are not recorded",
                 "run without --offline once, or give the route recorded replies");
}

// A cap can only hold calls back whose cost is known before they go out.
void note_unbounded(const LanePlan& lanes, const DriveOptions& options) {
  if (!options.max_usd) return;
  for (std::size_t lane = 0; lane < lanes.specs.size(); ++lane) {
    const config::HttpRoute* http = lanes.http[lane];
    if (http == nullptr || route::worst_cost(http->price, 1.0, http->max_output_tokens)) continue;
    note(options.observer, route::name_of(lanes.specs[lane]) +
                               ": without a price and max_tokens nobody knows what a call may cost, so that under a "
                               "budget one goes out at a time");
  }
}

// The lanes of judges and embeddings are the first of the helpers'.
Asked asked_of(const Driver& driver, const Helpers& helpers, double before_usd) {
  const Lanes& lanes = driver.lanes();
  Asked asked;
  asked.cached = driver.progress().answers_cached;
  asked.spent_usd = before_usd;
  const std::size_t count = helpers.judges.size() + helpers.embeddings.size();
  for (std::size_t lane = first_helper_lane; lane < first_helper_lane + count; ++lane) {
    asked.calls += lanes.begun(lane);
    asked.spent_usd += lanes.spend().spent(lane);
    asked.spent_is_known = asked.spent_is_known && lanes.spend().is_known(lane);
  }
  return asked;
}

DriveResult result_of(const Driver& driver, const Progress& begun, std::size_t in_flight_before) {
  const Lanes& lanes = driver.lanes();
  const Progress& progress = driver.progress();
  DriveResult result;
  result.cells_reused = begun.reused;
  result.maybe_repeated = begun.done < begun.cells ? in_flight_before : 0;
  result.cells_run = progress.done - begun.done;
  result.cells_left = begun.cells - progress.done;
  result.cells_cached = progress.cached;
  result.calls = lanes.begun();
  result.tries = lanes.sent();
  result.spent_usd = lanes.spend().spent();
  result.spent_is_known = lanes.spend().is_known();
  result.time = lanes.time();
  return result;
}

}  // namespace

Result<DriveResult> drive(const Plan& plan, const std::array<config::Route, 2>& routes, const std::string& folder,
                          journal::Writer& writer, const DriveOptions& options) {
  const Instant start = real_clock().now();
  HG_CHECK(writer.flush());
  HG_TRY(graders, build_graders(plan, *options.registry));
  const auto compares = [&](CaseIndex item) { return graders[plan.case_suite[item]].compares(plan.cases[item]); };
  HG_TRY(standing, read_standing(plan, folder, options.retry_errors, compares));
  HG_CHECK(check_routes(routes, standing, options));
  LanePlan lanes = plan_lanes(routes, options.helpers, options.fail_fast);
  lanes.setup.seed = plan.head.seed;
  lanes.setup.max_usd = options.max_usd;
  lanes.setup.spent_before_usd = standing.spent_usd;
  const std::uint64_t before = writer.next_sequence();
  open_journal(plan, standing, writer, options.observer);
  note_unbounded(lanes, options);
  if (const std::string fewer = fit_descriptors(lanes.setup, most_descriptors()); !fewer.empty()) {
    note(options.observer, fewer);
  }
  const CellWork work({plan, routes, std::move(graders), std::move(standing.replied),
                       Asks(options.helpers, first_helper_lane), options.offline, options.cache});
  const Progress begun = standing.progress;
  try {
    Driver driver({plan, routes, lanes, work, writer, options}, standing);
    HG_TRY(end, driver.run());
    if (options.cache != nullptr) HG_CHECK(options.cache->flush());
    if (end == End::disk_full) return failure(writer.no_space());
    std::string why = driver.refusal() ? refused(*driver.refusal(), lanes).message : std::string();
    const Stopped stopped = stopped_by(end, driver, lanes, options);
    if (why.empty()) why = stopped.words;
    const bool ended_before = standing.health.ended && writer.next_sequence() == before;
    HG_CHECK(close_journal(end, driver, why, ended_before, writer));
    if (end == End::refused) return failure(refused(*driver.refusal(), lanes));
    DriveResult result = result_of(driver, begun, standing.in_flight);
    result.asked = asked_of(driver, options.helpers, standing.asked_usd);
    result.interrupted = end == End::interrupted;
    result.why = stopped.why;
    result.stopped = stopped.words;
    if (stopped.why != Left::nothing) {
      note(options.observer,
           "stopped, " + plural(result.cells_left, "cell is", "cells are") + " not run: " + result.stopped);
    }
    const std::chrono::duration<double> taken = real_clock().now() - start;
    result.seconds = taken.count();
    return result;
  } catch (const CannotRead& e) {
    return failure(ErrorCode::environment, e.what());
  } catch (const Offline& e) {
    return failure(ErrorCode::input, e.what(), "run without --offline once, or give the route recorded replies");
  }
}

}  // namespace headgate::run
