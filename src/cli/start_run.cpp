#include "start_run.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "baseline_reuse.hpp"
#include "headgate/base/atomic_file.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/text.hpp"
#include "headgate/journal/plan_file.hpp"
#include "headgate/journal/scan.hpp"
#include "headgate/run/carry.hpp"
#include "headgate/run/folder.hpp"
#include "partial_report.hpp"
#include "start_lock.hpp"

namespace headgate::cli {
namespace {

std::string now() { return utc_stamp(real_clock().wall_seconds()); }

const char* reason_for(run::NotCarried why) {
  switch (why) {
    case run::NotCarried::other_route:
      return "another route";
    case run::NotCarried::not_asked:
      return "not asked in that run";
    case run::NotCarried::no_reply:
      return "no reply in that run";
    case run::NotCarried::corrected:
      return "recorded otherwise now";
  }
  return "";
}

// "carried 120 of 240 cells over from X; not carried: 120 of the candidate (another route); cases: 0 changed, 0 added,
// 0 removed"
std::string counted(const run::Carried& carried, std::size_t cells, const std::string& from) {
  std::string text = "carried " + std::to_string(carried.cells) + " of " + plural(cells, "cell") + " over from " + from;
  const char* separator = "; not carried: ";
  for (const auto& [what, count] : carried.left) {
    text += separator + std::to_string(count) + " of the " + name(what.first) + " (" + reason_for(what.second) + ")";
    separator = ", ";
  }
  return text + "; cases: " + std::to_string(carried.changed) + " changed, " + std::to_string(carried.added) +
         " added, " + std::to_string(carried.removed) + " removed";
}

// The unfinished or finished run of this plan over the same recordings, if there is one.
std::optional<run::RunFolder> earlier(const Plan& plan, const std::array<config::Route, 2>& routes,
                                      const StartWish& wish, Started& started) {
  if (wish.again) return std::nullopt;
  // What `regrade` made of an earlier run's replies is not what this gate's routes answered, and replies from before
  // and after an edit are not what one route answered.
  auto found = run::find_same_plan(wish.reports, plan.head, [](const run::RunFolder& run) {
    const auto file = read_run_file(run.path);
    return !file || (!file->regraded && file->edited.empty());
  });
  if (!found) return std::nullopt;
  const auto known = read_run_file(found->path);
  if (!known) {
    started.notes.push_back(found->run_id + " has no readable run.json, so this is a new run");
    return std::nullopt;
  }
  if (known->replies != recordings(routes)) {
    started.notes.push_back("the recorded replies are others than in " + found->run_id + ", so this is a new run");
    return std::nullopt;
  }
  started.run = *known;
  return found;
}

Result<std::optional<run::RunFolder>> run_to_carry_from(const StartWish& wish) {
  if (wish.resume.empty()) return std::nullopt;
  HG_TRY(named, run::find_run(wish.reports, wish.resume));
  const auto file = read_run_file(named.path);
  if (named.check || (file && file->check)) {
    return failure(ErrorCode::input, "'" + wish.resume + "' is a check, and what a check saw is never a run's evidence",
                   "name a run; a check may be repeated until it likes what it sees");
  }
  if (file && !file->edited.empty()) {
    return failure(ErrorCode::untrusted,
                   "route '" + file->edited + "' was edited while " + named.run_id + " was going on",
                   "its replies are of two routes; leave --resume out");
  }
  return named;
}

// Where the baseline's replies may come from; nothing where the gate does not say reuse, or they cost nothing anyway.
Result<std::optional<std::vector<run::RunFolder>>> baseline_sources(const Plan& plan,
                                                                    const std::array<config::Route, 2>& routes,
                                                                    const StartWish& wish) {
  if (plan.head.baseline_reuse.empty() || !wish.regrade.empty() || routes[0].replies) return std::nullopt;
  HG_TRY(runs, runs_to_reuse(wish.reports, plan.head.gate, plan.head.baseline_reuse));
  return runs;
}

Result<void> carry_from(const run::RunFolder& from, const Plan& plan, const std::array<config::Route, 2>& routes,
                        std::vector<bool>& taken, Started& started) {
  HG_TRY(carried, run::carry_over(from.path, plan, routes, *started.writer, {std::nullopt, &taken}));
  started.run.cells_carried = carried.cells;
  if (carried.cells > 0) note_older_replies(from.path, started.run);
  started.notes.push_back(counted(carried, plan.cells(), from.run_id));
  return {};
}

Result<void> reuse_from(const std::vector<run::RunFolder>& sources, const Plan& plan,
                        const std::array<config::Route, 2>& routes, std::vector<bool>& taken, Started& started) {
  HG_TRY(reused, reuse_baseline(sources, plan, routes, started.writer.get(), taken));
  started.run.cells_carried += reused.cells;
  note_reused(reused, started.run);
  std::string note = reuse_text(reused, plan.cells() / 2);
  if (const std::string age = age_text(reused.since, started.run.started); !age.empty()) note += " (" + age + " ago)";
  started.notes.push_back(std::move(note));
  return {};
}

Result<void> open_new(const Plan& plan, const std::array<config::Route, 2>& routes, const StartWish& wish,
                      const std::optional<run::RunFolder>& from, Started& started) {
  run::clear_killed_starts(wish.reports, plan.head.gate);
  HG_TRY(to_reuse, baseline_sources(plan, routes, wish));
  HG_TRY(folder, run::create_run(wish.reports, plan.head, real_clock().wall_seconds()));
  started.folder = folder.path;
  started.run = RunFile{};
  started.run.command = wish.command;
  started.run.started = started.run.replies_since = now();
  started.run.workers = wish.workers;
  started.run.even_if_undecidable = wish.even_if_undecidable;
  started.run.replies = recordings(routes);
  if (from) started.run.resumed_from = from->run_id;
  if (!wish.regrade.empty()) {
    const auto regraded = read_run_file(wish.regrade);
    started.run.regraded = {name_of(wish.regrade), regraded ? regraded->started : "", ""};
    note_older_replies(wish.regrade, started.run);
  }
  HG_TRY(writer, journal::Writer::open(started.folder));
  started.writer = std::move(writer);
  // run.json stands before the plan does, so a folder with a plan always says which recordings it read.
  HG_CHECK(write_run_file(started.folder, started.run));
  HG_CHECK(journal::write_plan(started.folder, plan));
  std::vector<bool> taken(plan.cells());
  if (from) HG_CHECK(carry_from(*from, plan, routes, taken, started));
  if (to_reuse) HG_CHECK(reuse_from(*to_reuse, plan, routes, taken, started));
  return write_run_file(started.folder, started.run);
}

Result<void> go_on(const run::RunFolder& folder, const StartWish& wish, Started& started) {
  started.folder = folder.path;
  HG_TRY(writer, journal::Writer::open(folder.path));
  started.writer = std::move(writer);
  remove_parts(folder.path);  // ours alone: its journal is locked
  started.resumed = true;
  started.run.command = wish.command;
  started.run.ended.clear();
  started.run.workers = wish.workers;
  started.run.starts += 1;
  started.run.even_if_undecidable = wish.even_if_undecidable;
  HG_CHECK(write_run_file(folder.path, started.run));
  HG_CHECK(remove_partial_report(folder.path));
  return run::set_aside_decision(folder.path);
}

bool has_errors(const Evidence& evidence) {
  return std::ranges::any_of(evidence.observations, [](const Observation& cell) {
    return cell.status != Status::ok && cell.status != Status::not_run;
  });
}

// Whether an earlier run of the plan was brought to its end; then `started` holds its decision.
Result<bool> is_finished(const run::RunFolder& folder, const StartWish& wish, Started& started) {
  if (!folder.decided) return false;
  auto settled = settle(folder.path);
  if (!settled) {
    if (settled.error().hint.empty()) settled.error().hint = "--again runs this plan anew and leaves that run as it is";
    return failure(std::move(settled).error());
  }
  if (!holds(*settled)) {
    started.notes.push_back("the decision of " + folder.run_id + " does not follow from its evidence and is set aside");
    return false;
  }
  if (unfinished(settled->evidence)) {
    started.notes.push_back(folder.run_id + " is unfinished; going on");
    return false;
  }
  if (wish.retry_errors && has_errors(settled->evidence)) return false;
  if (wish.retry_errors) started.notes.push_back("no cell of " + folder.run_id + " ended in an error");
  started.folder = folder.path;
  started.finished = std::move(*settled);
  return true;
}

}  // namespace

std::array<Digest, 2> recordings(const std::array<config::Route, 2>& routes) {
  std::array<Digest, 2> digests;
  for (std::size_t arm = 0; arm < 2; ++arm) {
    if (routes[arm].replies) digests[arm] = routes[arm].replies->digest();
  }
  return digests;
}

void note_older_replies(const std::string& from, RunFile& run) {
  const auto known = read_run_file(from);
  // Stamps compare as texts.
  if (known && !known->replies_since.empty()) run.replies_since = std::min(run.replies_since, known->replies_since);
}

void discard_if_empty(Started& started) {
  if (started.resumed || started.finished || started.folder.empty()) return;
  started.writer.reset();
  bool has_result = false;
  if (const auto file = RandomAccessFile::open(join_path(started.folder, "journal.jsonl"))) {
    // A journal that cannot be scanned is kept: somebody should look at it.
    const auto scanned = journal::scan(
        **file, [&](const journal::RecordView& record) { has_result |= record.type == journal::RecordType::result; });
    has_result |= !scanned.has_value();
  }
  if (has_result) return;
  std::error_code ignored;
  std::filesystem::remove_all(started.folder, ignored);
}

Result<Started> start_run(const Plan& plan, const std::array<config::Route, 2>& routes, const StartWish& wish) {
  Started started;
  HG_TRY(lock, StartLock::take(wish.reports));
  HG_TRY(from, run_to_carry_from(wish));
  const auto folder = earlier(plan, routes, wish, started);
  if (!folder) {
    if (auto opened = open_new(plan, routes, wish, from, started); !opened) {
      discard_if_empty(started);
      return failure(std::move(opened).error());
    }
    return started;
  }
  HG_TRY(finished, is_finished(*folder, wish, started));
  if (!finished) HG_CHECK(go_on(*folder, wish, started));
  return started;
}

}  // namespace headgate::cli
