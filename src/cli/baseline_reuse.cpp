#include "baseline_reuse.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <utility>

#include "headgate/base/text.hpp"
#include "headgate/journal/plan_file.hpp"
#include "headgate/run/carry.hpp"

namespace headgate::cli {
namespace {

constexpr const char* of_the_gate = "latest";

bool is_of_two_routes(const std::optional<RunFile>& run) { return run && !run->edited.empty(); }

Result<run::RunFolder> named_run(const std::string& reports, const std::string& name) {
  HG_TRY(found, run::find_run(reports, name));
  const auto known = read_run_file(found.path);
  const auto refused = [&](std::string why) {
    return failure(ErrorCode::input, "baseline.reuse: '" + name + "' " + std::move(why),
                   "name another run, or write reuse: latest");
  };
  if (found.check || (known && known->check)) {
    return refused("is a check, and what a check saw is never a run's evidence");
  }
  if (is_of_two_routes(known)) return refused("holds replies of two routes: one was edited while it was going on");
  if (known && known->regraded) {
    return refused("only graded the replies of " + known->regraded->from + " again; name that one");
  }
  return found;
}

// The earliest start that any reply of the baseline in that run can be of.
std::string oldest_reply_of(const std::string& folder) {
  const auto known = read_run_file(folder);
  if (!known) return {};
  return known->replies_since.empty() ? known->started : known->replies_since;
}

std::optional<std::chrono::sys_seconds> moment_of(const std::string& stamp) {
  constexpr std::size_t length = 20;  // 2026-11-20T12:00:00Z
  if (stamp.size() != length) return std::nullopt;
  bool fits = true;
  const auto number = [&](std::size_t from, std::size_t count) {
    int value = 0;
    const char* const end = stamp.data() + from + count;
    const auto [stopped, trouble] = std::from_chars(stamp.data() + from, end, value);
    fits = fits && trouble == std::errc{} && stopped == end && value >= 0;
    return value;
  };
  const auto two = [&](std::size_t from) { return static_cast<unsigned>(number(from, 2)); };
  const std::chrono::year_month_day day(std::chrono::year(number(0, 4)), std::chrono::month(two(5)),
                                        std::chrono::day(two(8)));
  const auto at = std::chrono::hours(two(11)) + std::chrono::minutes(two(14)) + std::chrono::seconds(two(17));
  if (!fits || !day.ok()) return std::nullopt;
  return std::chrono::sys_days(day) + at;
}

Result<void> taken_from(const std::string& folder, const Plan& plan, const std::array<config::Route, 2>& routes,
                        journal::Writer* writer, const run::CarryOptions& options) {
  if (writer == nullptr) {
    HG_CHECK(run::count_carried(folder, plan, routes, options));
  } else {
    HG_CHECK(run::carry_over(folder, plan, routes, *writer, options));
  }
  return {};
}

}  // namespace

Result<std::vector<run::RunFolder>> runs_to_reuse(const std::string& reports, const std::string& gate,
                                                  const std::string& reuse) {
  std::vector<run::RunFolder> runs;
  if (reuse != of_the_gate) {
    HG_TRY(named, named_run(reports, reuse));
    runs.push_back(std::move(named));
    return runs;
  }
  runs = run::list_runs(reports, gate);
  std::erase_if(runs, [](const run::RunFolder& run) {
    const auto known = read_run_file(run.path);
    return run.check || is_of_two_routes(known) || (known && (known->check || known->regraded));
  });
  return runs;
}

std::vector<run::RunFolder> runs_and_checks_to_reuse(const std::string& reports, const std::string& gate) {
  auto runs = run::list_runs_and_checks(reports, gate);
  std::erase_if(runs, [](const run::RunFolder& run) { return is_of_two_routes(read_run_file(run.path)); });
  return runs;
}

Result<Reused> reuse_baseline(const std::vector<run::RunFolder>& from, const Plan& plan,
                              const std::array<config::Route, 2>& routes, journal::Writer* writer,
                              std::vector<bool>& taken) {
  Reused reused;
  std::size_t missing = 0;
  for (CellIndex cell = 0; cell < plan.cells(); ++cell) {
    const bool is_baseline = cell_ref(cell, plan.head.trials).arm == Arm::baseline;
    if (is_baseline && !taken[cell]) ++missing;
  }
  std::size_t searched = 0;
  for (const run::RunFolder& run : from) {
    if (reused.cells == missing || searched == searched_for_replies) break;
    const auto head = journal::read_plan_head(run.path);
    if (!head || head->routes[0].digest != plan.head.routes[0].digest) continue;
    ++searched;
    const run::CarryOptions options{Arm::baseline, &taken};
    const auto before = std::ranges::count(taken, true);
    const auto done = taken_from(run.path, plan, routes, writer, options);
    if (!done && done.error().code == ErrorCode::environment) return failure(done.error());
    // Of a damaged run, what was taken before the damage showed; each of its records holds by itself.
    const auto cells = static_cast<std::size_t>(std::ranges::count(taken, true) - before);
    if (cells == 0) continue;
    reused.cells += cells;
    reused.runs.push_back(run.run_id);
    // Stamps compare as texts.
    const std::string since = oldest_reply_of(run.path);
    if (!since.empty()) reused.since = reused.since.empty() ? since : std::min(reused.since, since);
  }
  return reused;
}

void note_reused(const Reused& reused, RunFile& run) {
  run.baseline_reused = reused.cells;
  run.baseline_from = reused.runs;
  run.baseline_since = reused.since;
  if (!reused.since.empty()) run.replies_since = std::min(run.replies_since, reused.since);
}

std::string reuse_text(const Reused& reused, std::size_t baseline_cells) {
  if (reused.cells == 0) return "no earlier reply of the baseline fits; all of them are asked";
  std::string text = std::to_string(reused.cells) + " of the baseline's " + plural(baseline_cells, "reply", "replies") +
                     (reused.cells == 1 ? " is" : " are") + " from ";
  text += reused.runs.size() == 1
              ? "run " + reused.runs.front()
              : "earlier runs (" + reused.runs.front() + " and " + std::to_string(reused.runs.size() - 1) + " more)";
  if (!reused.since.empty()) text += ", none older than " + reused.since;
  return text;
}

std::string age_text(const std::string& since, const std::string& now) {
  const auto from = moment_of(since);
  const auto to = moment_of(now);
  if (!from || !to) return {};
  const auto minutes = static_cast<std::size_t>(
      std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::minutes>(*to - *from).count()));
  if (minutes < 120) return plural(minutes, "minute");
  if (minutes < 48 * 60) return plural(minutes / 60, "hour");
  return plural(minutes / (24 * 60), "day");
}

}  // namespace headgate::cli
