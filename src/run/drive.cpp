#include "headgate/run/drive.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "driver.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/text.hpp"
#include "headgate/base/version.hpp"
#include "headgate/journal/record.hpp"

namespace headgate::run {
namespace {

// Whom the run may call: the arms' programs at their own numbers, then what graders ask.
std::vector<route::ProgramSpec> lanes_of(const std::array<config::Route, 2>& routes, const Helpers& helpers) {
  std::vector<route::ProgramSpec> lanes;
  for (const config::Route& route : routes) lanes.push_back(route.program.value_or(route::ProgramSpec{}));
  for (const auto& [name, plugin] : helpers.plugins) lanes.push_back(plugin.program);
  for (const auto& [name, program] : helpers.languages) lanes.push_back(program);
  return lanes;
}

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

Result<void> close_journal(End end, const Driver& driver, bool ended_before, journal::Writer& writer) {
  const Progress& progress = driver.progress();
  const std::string after = "after " + std::to_string(progress.done) + " of " + plural(progress.cells, "cell");
  if (end == End::complete && !ended_before) writer.append(journal::end_body("complete"));
  if (end == End::interrupted) writer.append(journal::note_body("interrupted", after));
  if (end == End::broken) writer.append(journal::note_body("stopped", after + ": " + driver.broken()));
  HG_CHECK(writer.flush());
  return writer.sync();
}

const char* arm_name(std::size_t arm) { return name(static_cast<Arm>(arm)); }

// Every route has to have something that answers; offline, that is its recording alone.
Result<void> check_routes(const std::array<config::Route, 2>& routes, const Standing& standing, bool offline) {
  std::array<std::size_t, 2> missing{};
  for (std::size_t cell = 0; cell < standing.states.size(); ++cell) {
    if (standing.states[cell] == CellState::waiting) ++missing[cell & 1U];
  }
  std::string unrecorded;
  for (std::size_t arm = 0; arm < 2; ++arm) {
    if (!offline || !routes[arm].program || missing[arm] == 0) continue;
    unrecorded += (unrecorded.empty() ? "" : ", ") + plural(missing[arm], "cell") + " of " + arm_name(arm) + " '" +
                  routes[arm].use.name + "'";
  }
  if (unrecorded.empty()) return {};
  return failure(ErrorCode::input, "--offline: " + unrecorded + " are not recorded",
                 "run without --offline once, or give the route recorded replies");
}

}  // namespace

Result<DriveResult> drive(const Plan& plan, const std::array<config::Route, 2>& routes, const std::string& folder,
                          journal::Writer& writer, const DriveOptions& options) {
  const Instant start = real_clock().now();
  for (const config::Route& route : routes) {
    if (!route.replies && !route.program) {
      return failure(ErrorCode::input, "route '" + route.use.name + "' has no recorded replies to read");
    }
  }
  HG_CHECK(writer.flush());
  HG_TRY(standing, read_standing(plan, folder, options.retry_errors));
  HG_CHECK(check_routes(routes, standing, options.offline));
  HG_TRY(graders, build_graders(plan, *options.registry));
  const std::uint64_t before = writer.next_sequence();
  open_journal(plan, standing, writer, options.observer);
  const CellWork work(plan, routes, std::move(graders), std::move(standing.replied),
                      Asks(options.helpers, routes.size()), options.offline);
  const Progress begun = standing.progress;

  DriveResult result;
  result.cells_reused = begun.reused;
  result.maybe_repeated = begun.done < begun.cells ? standing.in_flight : 0;
  try {
    Driver driver({plan, routes, lanes_of(routes, options.helpers), work, writer, options}, standing);
    HG_TRY(end, driver.run());
    if (end == End::disk_full) return failure(writer.no_space());
    const bool ended_before = standing.health.ended && writer.next_sequence() == before;
    HG_CHECK(close_journal(end, driver, ended_before, writer));
    result.cells_run = driver.progress().done - begun.done;
    result.calls = driver.calls();
    result.interrupted = end == End::interrupted;
    result.cells_left = begun.cells - driver.progress().done;
    if (end == End::broken) {
      result.stopped = driver.broken();
      note(options.observer,
           "stopped, " + plural(result.cells_left, "cell is", "cells are") + " not run: " + result.stopped);
    }
  } catch (const CannotRead& e) {
    return failure(ErrorCode::environment, e.what());
  } catch (const Offline& e) {
    return failure(ErrorCode::input, e.what());
  }
  const std::chrono::duration<double> taken = real_clock().now() - start;
  result.seconds = taken.count();
  return result;
}

}  // namespace headgate::run
