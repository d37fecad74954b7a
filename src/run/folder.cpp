#include "headgate/run/folder.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>
#include <tuple>
#include <utility>

#include "headgate/base/clock.hpp"
#include "headgate/base/file.hpp"
#include "headgate/base/text.hpp"
#include "headgate/journal/plan_file.hpp"

namespace headgate::run {
namespace {

constexpr std::size_t stamp_bytes = 16;  // 20261120T120000Z
constexpr int max_runs_a_second = 1000;
constexpr const char* plan_name = "plan.jsonl";

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
  if (out.empty() || out.size() > 100 || out != gate) out = out.substr(0, 80) + "-" + sha256(gate).brief();
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

void add_runs(const std::string& folder, const std::string& gate, std::vector<RunFolder>& out) {
  for (const std::string& name : real_files().list(folder)) {
    const std::string path = join_path(folder, name);
    if (!is_stamp(name) || !real_files().exists(join_path(path, plan_name))) continue;
    out.push_back({path, gate, name, real_files().exists(join_path(path, "decision.json"))});
  }
}

RunFolder run_at(const std::string& given) {
  std::string path = given;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return {path, name_of(folder_of(path)), name_of(path), real_files().exists(join_path(path, "decision.json"))};
}

std::string what_there_is(const std::vector<RunFolder>& runs) {
  if (runs.empty()) return "there are no runs yet; `headgate run GATE` makes one";
  std::vector<std::string> names;
  for (const RunFolder& run : runs) names.push_back(run.run_id);
  return "there " + std::string(runs.size() == 1 ? "is " : "are ") + join_words(names, 5);
}

// The number of the next run in that second, over all plans of the gate, so that the newest is always known.
int next_number(const std::string& folder, const std::string& stamp) {
  int last = 0;
  for (const std::string& name : real_files().list(folder)) {
    if (name.starts_with(stamp)) last = std::max(last, number_in_second(name));
  }
  return last + 1;
}

}  // namespace

std::vector<RunFolder> list_runs(const std::string& reports, const std::string& gate) {
  std::vector<RunFolder> runs;
  if (!gate.empty()) {
    add_runs(join_path(reports, folder_name(gate)), gate, runs);
  } else {
    for (const std::string& name : real_files().list(reports)) {
      const std::string folder = join_path(reports, name);
      if (real_files().is_folder(folder)) add_runs(folder, name, runs);
    }
  }
  std::sort(runs.begin(), runs.end(), [](const RunFolder& a, const RunFolder& b) {
    return std::tuple(age_of(b), b.run_id, b.gate) < std::tuple(age_of(a), a.run_id, a.gate);
  });
  return runs;
}

Result<RunFolder> find_run(const std::string& reports, const std::string& run) {
  if (!run.empty() && real_files().exists(join_path(run, plan_name))) return run_at(run);
  const std::vector<RunFolder> runs = list_runs(reports);
  if (run.empty()) {
    if (runs.empty()) return failure(ErrorCode::input, "no run in '" + reports + "'", what_there_is(runs));
    return runs.front();
  }
  std::vector<RunFolder> found;
  for (const RunFolder& each : runs) {
    if (each.run_id == run) return each;
    if (each.run_id.starts_with(run)) found.push_back(each);
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) return failure(ErrorCode::input, "no run '" + run + "' in '" + reports + "'", what_there_is(runs));
  return failure(ErrorCode::input, "'" + run + "' begins the names of " + plural(found.size(), "run"),
                 what_there_is(found));
}

std::optional<RunFolder> find_same_plan(const std::string& reports, const PlanHead& head) {
  for (RunFolder& run : list_runs(reports, head.gate)) {
    // A folder whose plan cannot be read is no run of this plan; a new one is then begun.
    const Result<PlanHead> other = journal::read_plan_head(run.path);
    if (other && other->digest == head.digest) return std::move(run);
  }
  return std::nullopt;
}

Result<RunFolder> create_run(const std::string& reports, const PlanHead& head, std::int64_t wall_seconds) {
  const std::string folder = join_path(reports, folder_name(head.gate));
  HG_CHECK(make_folders(folder));
  const std::string stamp = utc_compact(wall_seconds);
  for (int number = next_number(folder, stamp); number < max_runs_a_second; ++number) {
    const std::string id = stamp + "-" + head.digest.brief() + (number > 1 ? "-" + std::to_string(number) : "");
    const std::string path = join_path(folder, id);
    if (::mkdir(path.c_str(), 0700) == 0) {
      ::chmod(path.c_str(), 0700);  // whatever the umask says
      return RunFolder{path, head.gate, id, false};
    }
    if (errno != EEXIST)
      return failure(ErrorCode::environment, "cannot create '" + path + "': " + std::strerror(errno));
  }
  return failure(ErrorCode::environment, "too many runs in one second in '" + folder + "'");
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
