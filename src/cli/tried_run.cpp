#include "tried_run.hpp"

#include "headgate/base/file.hpp"
#include "headgate/grade/labels.hpp"
#include "headgate/journal/fold.hpp"
#include "headgate/journal/plan_file.hpp"
#include "headgate/journal/scan.hpp"
#include "headgate/run/quotes.hpp"
#include "output.hpp"
#include "private_folder.hpp"
#include "run_cells.hpp"

namespace headgate::cli {
namespace {

Result<TriedCell> read_cell(const RandomAccessFile& file, const Observation& seen, std::uint32_t trial) {
  TriedCell cell;
  cell.trial = trial;
  cell.status = seen.status;
  cell.error = seen.error;
  if (seen.error == ErrorKind::not_started) {
    cell.outcome = CallError{ErrorKind::not_started, "not run"};
    return cell;
  }
  HG_TRY(outcome, journal::read_result(file, seen.result_offset));
  cell.outcome = std::move(outcome);
  if (std::holds_alternative<CallError>(cell.outcome) || seen.grade_offset == 0) return cell;
  HG_TRY(grade, journal::read_grade(file, seen.grade_offset));
  cell.grade = std::move(grade);
  return cell;
}

Result<TriedArm> read_arm(const std::string& folder, const Evidence& evidence, const config::Route& route, Arm arm,
                          const Case& item, const report::Quotes& quotes) {
  const RouteUse& use = evidence.plan.routes[static_cast<std::size_t>(arm)];
  TriedArm tried{arm, use.name, use.kind, route.replies != nullptr, {}, {}, {}};
  if (!tried.recorded) {
    HG_TRY(messages, route.prompt.render(item));
    tried.messages = std::move(messages);
    if (route.http && use.kind == "generic_http") {
      HG_TRY(body, route.http->dialect->body({&tried.messages, &item, 0, {}}));
      tried.body = std::move(body);
    }
  }
  HG_TRY(file, RandomAccessFile::open(join_path(folder, "journal.jsonl")));
  for (std::uint32_t trial = 0; trial < evidence.plan.trials; ++trial) {
    HG_TRY(cell, read_cell(*file, evidence.at(0, trial, arm), trial));
    if (auto quote = quotes(0, trial)) {
      cell.call = std::move(arm == Arm::baseline ? quote->baseline : quote->candidate);
    }
    tried.cells.push_back(std::move(cell));
  }
  return tried;
}

Result<Tried> read_tried(const std::string& folder, const Plan& plan, const std::array<config::Route, 2>& routes,
                         const std::optional<Arm>& only) {
  HG_TRY(evidence, journal::read_evidence(folder));
  Tried tried{plan.head.suites[plan.case_suite[0]].name, plan.cases[0], {}, {}, {}, {}};
  tried.labels = grade::labels(plan.head.suites[plan.case_suite[0]].graders, tried.item.graders);
  const report::Quotes quotes = run::quotes_of(folder, evidence);
  if (const auto quote = quotes(0, 0)) {
    tried.input = quote->input;
    tried.expected = quote->expected;
  }
  for (const Arm arm : both_arms) {
    if (only && *only != arm) continue;
    HG_TRY(one, read_arm(folder, evidence, routes[static_cast<std::size_t>(arm)], arm, tried.item, quotes));
    tried.arms.push_back(std::move(one));
  }
  return tried;
}

}  // namespace

Result<std::variant<Tried, ExitCode>> run_tried(const Context& context, const config::Gate& gate, const Plan& plan,
                                                const CallWish& calls, const std::optional<Arm>& only) {
  const InterruptWatch watch;  // outlives the folder, so that a signal cannot keep it from being removed
  HG_TRY(folder, PrivateFolder::create(context.environment));
  HG_TRY(writer, journal::Writer::open(folder.path()));
  HG_CHECK(journal::write_plan(folder.path(), plan));
  RunFile unused;
  const run::Helpers helpers = run::helpers_of(gate);
  const CellsJob cells{.plan = plan,
                       .routes = gate.routes,
                       .helpers = helpers,
                       .workers = 1,
                       .calls = calls,
                       .progress = {.silent = true, .live = false, .width = context.terminal.width},
                       .is_kept = false};
  HG_TRY(ran, run_cells(cells, folder.path(), unused, *writer, watch));
  if (ran.driven.interrupted) {
    say("interrupted");
    return std::variant<Tried, ExitCode>(interrupted_code(watch));
  }
  HG_TRY(tried, read_tried(folder.path(), plan, gate.routes, only));
  return std::variant<Tried, ExitCode>(std::move(tried));
}

}  // namespace headgate::cli
