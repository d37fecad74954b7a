#include "check_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "baseline_reuse.hpp"
#include "headgate/base/atomic_file.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/text.hpp"
#include "headgate/gate/forced.hpp"
#include "headgate/journal/fold.hpp"
#include "headgate/journal/plan_file.hpp"
#include "headgate/run/carry.hpp"
#include "headgate/run/folder.hpp"
#include "start_lock.hpp"

namespace headgate::cli {
namespace {

bool is_finished(const run::RunFolder& check) { return real_files().exists(join_path(check.path, check_file)); }

bool is_same(const run::RunFolder& check, const Plan& plan, const std::array<Digest, 2>& replies, RunFile& run) {
  const auto head = journal::read_plan_head(check.path);
  if (!head || head->digest != plan.head.digest) return false;
  const auto known = read_run_file(check.path);
  if (!known || known->replies != replies || !known->edited.empty()) return false;
  run = *known;
  return true;
}

std::optional<run::RunFolder> interrupted_one(const Plan& plan, const std::array<config::Route, 2>& routes,
                                              const CheckWish& wish, RunFile& run) {
  if (!wish.carry_from.empty()) return std::nullopt;
  for (auto& check : run::list_checks(wish.reports, plan.head.gate)) {
    if (!is_finished(check) && is_same(check, plan, recordings(routes), run)) return std::move(check);
  }
  return std::nullopt;
}

void remove_old_checks(const std::string& reports, const std::string& gate) {
  const auto checks = run::list_checks(reports, gate);
  for (std::size_t i = kept_checks; i < checks.size(); ++i) {
    if (!check_not_running(checks[i].path)) continue;
    std::error_code ignored;  // the next check tries again
    std::filesystem::remove_all(checks[i].path, ignored);
  }
}

Result<void> go_on(const run::RunFolder& check, const CheckWish& wish, Started& started) {
  started.folder = check.path;
  HG_TRY(writer, journal::Writer::open(check.path));
  started.writer = std::move(writer);
  remove_parts(check.path);  // ours alone: its journal is locked
  started.resumed = true;
  started.run.command = wish.command;
  started.run.ended.clear();
  started.run.workers = wish.workers;
  started.run.starts += 1;
  return write_run_file(check.path, started.run);
}

Result<void> open_new(const Plan& plan, const std::array<config::Route, 2>& routes, const CheckWish& wish,
                      StartedCheck& check) {
  Started& started = check.started;
  const auto to_reuse =
      wish.reuse_baseline ? runs_and_checks_to_reuse(wish.reports, plan.head.gate) : std::vector<run::RunFolder>();
  HG_TRY(folder, run::create_check(wish.reports, plan.head, real_clock().wall_seconds()));
  started.folder = folder.path;
  started.run = RunFile{};
  started.run.check = true;
  started.run.command = wish.command;
  started.run.started = started.run.replies_since = utc_stamp(real_clock().wall_seconds());
  started.run.workers = wish.workers;
  started.run.replies = recordings(routes);
  HG_TRY(writer, journal::Writer::open(started.folder));
  started.writer = std::move(writer);
  HG_CHECK(write_run_file(started.folder, started.run));
  HG_CHECK(journal::write_plan(started.folder, plan));
  if (wish.reuse_baseline) {
    std::vector<bool> taken(plan.cells());
    HG_TRY(reused, reuse_baseline(to_reuse, plan, routes, started.writer.get(), taken));
    check.baseline_reused = started.run.cells_carried = reused.cells;
    note_reused(reused, started.run);
  }
  if (!wish.carry_from.empty()) {
    HG_TRY(carried, run::carry_over(wish.carry_from, plan, routes, *started.writer));
    started.run.cells_carried = carried.cells;
    note_older_replies(wish.carry_from, started.run);
  }
  return started.writer->flush();
}

bool is_failing(const Evidence& evidence, CaseIndex item, bool is_forced) {
  const auto cells = evidence.of_case(item);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const bool is_candidate = i % 2 == 1;
    if (cells[i].status != Status::ok || (is_candidate && !cells[i].pass)) return true;
    if (is_candidate && cells[i].fallback && !is_forced) return true;  // nobody asked the candidate
  }
  return false;
}

}  // namespace

Result<StartedCheck> start_check(const Plan& plan, const std::array<config::Route, 2>& routes, const CheckWish& wish) {
  StartedCheck check;
  HG_TRY(lock, StartLock::take(wish.reports));
  run::clear_killed_starts(wish.reports, plan.head.gate);
  if (const auto earlier = interrupted_one(plan, routes, wish, check.started.run)) {
    HG_CHECK(go_on(*earlier, wish, check.started));
    return check;
  }
  if (auto opened = open_new(plan, routes, wish, check); !opened) {
    discard_if_empty(check.started);
    return failure(std::move(opened).error());
  }
  remove_old_checks(wish.reports, plan.head.gate);
  return check;
}

CaseNames failing_cases(const Evidence& evidence) {
  CaseNames names;
  const auto forced = gate::forced_ids(evidence.plan);
  for (CaseIndex item = 0; item < evidence.cases.size(); ++item) {
    if (!is_failing(evidence, item, forced.contains(evidence.cases.id(item)))) continue;
    names.emplace(evidence.plan.suites[evidence.cases[item].suite].name, std::string(evidence.cases.id(item)));
  }
  return names;
}

Result<EarlierFailures> latest_failures(const std::string& reports, const std::string& gate) {
  const auto all = run::list_runs_and_checks(reports, gate);
  if (all.empty()) {
    return failure(ErrorCode::input, "no run or check of gate '" + gate + "' in '" + reports + "' says what failed",
                   "check the whole gate first");
  }
  HG_TRY(evidence, journal::read_evidence(all.front().path));
  EarlierFailures failures{failing_cases(evidence), all.front().run_id};
  if (failures.cases.empty()) {
    return failure(ErrorCode::input,
                   "0 cases selected: nothing failed in " + all.front().run_id + ", the latest " +
                       (all.front().check ? "check" : "run") + " of gate '" + gate + "'",
                   "check the whole gate");
  }
  return failures;
}

}  // namespace headgate::cli
