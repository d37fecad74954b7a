#include "headgate/run/folder.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>

#include "headgate/base/atomic_file.hpp"
#include "headgate/base/cannot_read.hpp"
#include "headgate/base/clock.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/text.hpp"
#include "headgate/journal/plan_file.hpp"

namespace headgate::run {
namespace {

constexpr std::size_t stamp_bytes = 16;  // 20261120T120000Z
constexpr int max_runs_a_second = 1000;
constexpr const char* plan_name = "plan.jsonl";
constexpr const char* checks_name = "checks";

bool is_stamp(std::string_view text) {
  if (text.size() < stamp_bytes || text[8] != 'T' || text[15] != 'Z') return false;
  for (std::size_t i = 0; i < 15; ++i) {
    if (i != 8 && (text[i] < '0' || text[i] > '9')) return false;
  }
  return true;
}

// Gate names may hold anything; the name of a folder may not lead anywhere.
std::string folder_name(const std::string& gate) {
  std::string out;
  for (const char c : gate) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    out += plain || (c == '.' && !out.empty() && out.back() != '.') ? c : '_';
  }
  if (out.empty() || out.size() > 100 || out != gate || out == checks_name)
    out = out.substr(0, 80) + "-" + sha256(gate).brief();
  return out;
}

// 20261120T120000Z-1a2b3c4d or …-2: which run of its second it is.
int number_in_second(const std::string& run_id) {
  const std::size_t dash = run_id.rfind('-');
  if (dash == std::string::npos || dash <= stamp_bytes) return 1;
  int number = 1;
  const char* const end = run_id.data() + run_id.size();
  const auto read = std::from_chars(run_id.data() + dash + 1, end, number);
  return read.ec == std::errc{} && read.ptr == end ? number : 1;
}

struct Age {
  std::string stamp;
  int number = 1;
  friend auto operator<=>(const Age&, const Age&) = default;
};

Age age_of(const RunFolder& run) { return {run.run_id.substr(0, stamp_bytes), number_in_second(run.run_id)}; }

void add_runs(const std::string& folder, const std::string& gate, bool checks, std::vector<RunFolder>& out) {
  for (const std::string& name : real_files().list(folder)) {
    const std::string path = join_path(folder, name);
    if (!is_stamp(name) || !real_files().exists(join_path(path, plan_name))) continue;
    out.push_back({path, gate, name, real_files().exists(join_path(path, "decision.json")), checks});
  }
}

void put_newest_first(std::vector<RunFolder>& runs) {
  std::sort(runs.begin(), runs.end(), [](const RunFolder& a, const RunFolder& b) {
    return std::tuple(age_of(b), b.run_id, b.gate) < std::tuple(age_of(a), a.run_id, a.gate);
  });
}

std::string checks_folder(const std::string& reports, const std::string& gate) {
  return join_path(join_path(reports, folder_name(gate)), checks_name);
}

RunFolder run_at(const std::string& given) {
  std::string path = given;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  std::string above = folder_of(path);
  const bool check = name_of(above) == checks_name;
  if (check) above = folder_of(above);
  return {path, name_of(above), name_of(path), real_files().exists(join_path(path, "decision.json")), check};
}

// By run id, or by path where two gates have a run of that id.
std::string what_there_is(const std::vector<RunFolder>& runs) {
  if (runs.empty()) return "there are no runs yet; `headgate run GATE` makes one";
  std::vector<std::string> names;
  for (const RunFolder& run : runs) {
    const bool shared = std::ranges::count(runs, run.run_id, &RunFolder::run_id) > 1;
    names.push_back(shared ? run.path : run.run_id);
  }
  return "there " + std::string(runs.size() == 1 ? "is " : "are ") + join_words(names, 5);
}

// What somebody may have meant who typed the name of no run, and what there is.
std::string nearest_and_all(const std::vector<RunFolder>& runs, const std::string& word) {
  std::vector<std::string> names;
  for (const RunFolder& run : runs) {
    if (std::ranges::count(names, run.gate) == 0) names.push_back(run.gate);
  }
  for (const RunFolder& run : runs) names.push_back(run.run_id);
  const std::string guess = did_you_mean(word, names);
  return (guess.empty() ? "" : guess + " ") + what_there_is(runs);
}

enum class Latest { any, decided };

// What of a gate's runs is meant by its name; newest first.
const RunFolder* latest_of(const std::vector<RunFolder>& runs, const std::string& gate, Latest latest) {
  const auto is_its = [&](const RunFolder& run) {
    return gate.empty() || run.gate == gate || run.gate == folder_name(gate);
  };
  if (latest == Latest::decided) {
    const auto decided = std::ranges::find_if(runs, [&](const RunFolder& run) { return run.decided && is_its(run); });
    if (decided != runs.end()) return &*decided;
  }
  const auto found = std::ranges::find_if(runs, is_its);
  return found == runs.end() ? nullptr : &*found;
}

// What a word means among these runs (newest first): one run whose id it is; else all whose id, or the digest within
// it, begins so, and the latest of the gate that is called so.
std::vector<RunFolder> named(const std::vector<RunFolder>& runs, const std::string& word, Latest wanted) {
  std::vector<RunFolder> found;
  std::ranges::copy_if(runs, std::back_inserter(found), [&](const RunFolder& run) { return run.run_id == word; });
  if (!found.empty()) return found;
  const RunFolder* const latest = latest_of(runs, word, wanted);
  for (const RunFolder& run : runs) {
    const std::string_view after_stamp = std::string_view(run.run_id).substr(stamp_bytes);
    const bool begins =
        run.run_id.starts_with(word) || (after_stamp.starts_with('-') && after_stamp.substr(1).starts_with(word));
    if (begins || &run == latest) found.push_back(run);
  }
  return found;
}

Result<RunFolder> find(const std::string& reports, const std::string& run, Latest latest) {
  if (!run.empty() && real_files().exists(join_path(run, plan_name))) return run_at(run);
  const std::vector<RunFolder> runs = list_runs(reports);
  if (run.empty()) {
    if (runs.empty()) return failure(ErrorCode::input, "no run in '" + reports + "'", what_there_is(runs));
    return *latest_of(runs, run, latest);
  }
  const std::vector<RunFolder> found = named(runs, run, latest);
  if (found.size() == 1) return found.front();
  if (found.empty())
    return failure(ErrorCode::input, "no run '" + run + "' in '" + reports + "'", nearest_and_all(runs, run));
  return failure(ErrorCode::input, "'" + run + "' names " + plural(found.size(), "run"), what_there_is(found));
}

// The number of the next run or check in that second, over all plans of the gate, so that the newest is always known.
int next_number(const std::string& of_gate, const std::string& stamp) {
  int last = 0;
  for (const std::string& folder : {of_gate, join_path(of_gate, checks_name)}) {
    for (const std::string& name : real_files().list(folder)) {
      if (name.starts_with(stamp)) last = std::max(last, number_in_second(name));
    }
  }
  return last + 1;
}

Result<RunFolder> create_in(const std::string& reports, const PlanHead& head, std::int64_t wall_seconds, bool check) {
  const std::string of_gate = join_path(reports, folder_name(head.gate));
  const std::string folder = check ? join_path(of_gate, checks_name) : of_gate;
  HG_CHECK(make_folders(folder));
  const std::string stamp = utc_compact(wall_seconds);
  for (int number = next_number(of_gate, stamp); number < max_runs_a_second; ++number) {
    const std::string id = stamp + "-" + head.digest.brief() + (number > 1 ? "-" + std::to_string(number) : "");
    const std::string path = join_path(folder, id);
    if (::mkdir(path.c_str(), 0700) == 0) {
      ::chmod(path.c_str(), 0700);  // whatever the umask says
      return RunFolder{path, head.gate, id, false, check};
    }
    if (errno != EEXIST)
      return failure(ErrorCode::environment, "cannot create '" + path + "': " + std::strerror(errno));
  }
  return failure(ErrorCode::environment, "too many runs in one second in '" + folder + "'");
}

// A run folder without a plan, with nothing in it but what a start writes before the plan.
bool is_killed_start(const std::string& path) {
  const auto is_ours = [](const std::string& name) {
    return name == "journal.jsonl" || name == "run.json" || name == "run.lock";
  };
  return !real_files().exists(join_path(path, plan_name)) && std::ranges::all_of(real_files().list(path), is_ours);
}

}  // namespace

std::vector<RunFolder> list_runs(const std::string& reports, const std::string& gate) {
  std::vector<RunFolder> runs;
  if (!gate.empty()) {
    add_runs(join_path(reports, folder_name(gate)), gate, false, runs);
  } else {
    for (const std::string& name : real_files().list(reports)) {
      const std::string folder = join_path(reports, name);
      if (real_files().is_folder(folder)) add_runs(folder, name, false, runs);
    }
  }
  put_newest_first(runs);
  return runs;
}

std::vector<RunFolder> list_checks(const std::string& reports, const std::string& gate) {
  std::vector<RunFolder> checks;
  add_runs(checks_folder(reports, gate), gate, true, checks);
  put_newest_first(checks);
  return checks;
}

std::vector<RunFolder> list_runs_and_checks(const std::string& reports, const std::string& gate) {
  std::vector<RunFolder> all = list_runs(reports, gate);
  for (RunFolder& check : list_checks(reports, gate)) all.push_back(std::move(check));
  put_newest_first(all);
  return all;
}

Result<RunFolder> find_run(const std::string& reports, const std::string& run) {
  return find(reports, run, Latest::any);
}

Result<RunFolder> find_decided_run(const std::string& reports, const std::string& run) {
  return find(reports, run, Latest::decided);
}

std::optional<RunFolder> find_same_plan(const std::string& reports, const PlanHead& head,
                                        const std::function<bool(const RunFolder&)>& wanted) {
  for (RunFolder& run : list_runs(reports, head.gate)) {
    // A folder whose plan cannot be read is no run of this plan; a new one is then begun.
    const Result<PlanHead> other = journal::read_plan_head(run.path);
    // But who pays for calls must not do so again because the system had no descriptor left just then.
    if (!other && other.error().code == ErrorCode::environment) throw CannotRead(other.error().message);
    if (other && other->digest == head.digest && (!wanted || wanted(run))) return std::move(run);
  }
  return std::nullopt;
}

Result<RunFolder> create_run(const std::string& reports, const PlanHead& head, std::int64_t wall_seconds) {
  return create_in(reports, head, wall_seconds, false);
}

Result<RunFolder> create_check(const std::string& reports, const PlanHead& head, std::int64_t wall_seconds) {
  return create_in(reports, head, wall_seconds, true);
}

void clear_killed_starts(const std::string& reports, const std::string& gate) {
  for (const std::string& folder : {join_path(reports, folder_name(gate)), checks_folder(reports, gate)}) {
    for (const std::string& name : real_files().list(folder)) {
      const std::string path = join_path(folder, name);
      if (!is_stamp(name) || real_files().exists(join_path(path, plan_name))) continue;
      remove_parts(path);
      std::error_code ignored;  // what stays is ignored by everyone, as it has no plan
      if (is_killed_start(path)) std::filesystem::remove_all(path, ignored);
    }
  }
}

Result<void> set_aside_decision(const std::string& folder) {
  constexpr std::pair<const char*, const char*> names[] = {{"decision.json", "decision.previous.json"},
                                                           {"decision.dsse.json", "decision.previous.dsse.json"},
                                                           {"report.html", "report.previous.html"},
                                                           {"summary.md", "summary.previous.md"},
                                                           {"junit.xml", "junit.previous.xml"}};
  for (const auto& [name, previous] : names) {
    const std::string path = join_path(folder, name);
    if (real_files().exists(path)) HG_CHECK(rename_file(path, join_path(folder, previous)));
  }
  return {};
}

}  // namespace headgate::run
