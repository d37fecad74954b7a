#include "doctor.hpp"

#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "headgate/base/clock.hpp"
#include "headgate/base/text.hpp"
#include "headgate/config/languages.hpp"

namespace headgate::cli {
namespace {

using Health = Finding::Health;

constexpr std::uint64_t bytes_a_cell = 8 << 10;  // a reply of some KiB and its grades
constexpr std::uint64_t least_free_bytes = std::uint64_t{64} << 20;
constexpr std::int64_t before_this_program = 1'735'689'600;  // 2025-01-01: a clock that says less is wrong

// The folder itself, or the nearest one above it that is there.
std::string existing(const std::string& folder) {
  std::error_code fault;
  std::filesystem::path path = std::filesystem::absolute(folder.empty() ? "." : folder, fault);
  while (!path.empty() && !std::filesystem::is_directory(path, fault) && path.has_relative_path()) {
    path = path.parent_path();
  }
  return path.string();
}

std::string mebibytes(std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

void examine_disk(const config::Gate& gate, const std::string& reports, std::vector<Finding>& out) {
  const std::string folder = existing(reports);
  const std::string about = "reports in " + reports;
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    out.push_back(
        {Health::bad, about, "nothing can be written into '" + folder + "'", "--reports names another place"});
    return;
  }
  struct statvfs space {};
  if (::statvfs(folder.c_str(), &space) != 0) return;
  std::uint64_t cells = 0;
  for (const Suite& suite : gate.suites) cells += suite.cases.size() * gate.trials * std::uint64_t{2};
  const std::uint64_t wanted = std::max(least_free_bytes, cells * bytes_a_cell);
  const std::uint64_t free = std::uint64_t{space.f_bavail} * space.f_frsize;
  const std::string says = mebibytes(free) + " free";
  if (free < wanted) {
    out.push_back({Health::warning, about, says + ", and " + plural(cells, "cell") + " may take " + mebibytes(wanted),
                   "make room, or name another place with --reports"});
  } else {
    out.push_back({Health::good, about, says});
  }
}

std::size_t most_in_flight(const config::Route& route) {
  const std::size_t own = route.http ? route.http->spec.in_flight : 0;
  return own + (route.fallback ? most_in_flight(*route.fallback) : 0);
}

void examine_descriptors(const config::Gate& gate, std::vector<Finding>& out) {
  constexpr std::size_t others = 128;  // files, pipes, pollers
  std::size_t wanted = others;
  for (const config::Route& route : gate.routes) wanted += most_in_flight(route);
  for (const config::Route* route : config::asked_routes(gate)) wanted += most_in_flight(*route);
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max == RLIM_INFINITY || limit.rlim_max >= wanted) return;
  out.push_back({Health::warning, "descriptors",
                 "a process may have " + std::to_string(limit.rlim_max) +
                     " files open, and this gate's calls in flight may need " + std::to_string(wanted) +
                     ", so that fewer are out at once",
                 "raise the hard limit (ulimit -Hn), or lower limits.in_flight"});
}

void examine_clock(std::vector<Finding>& out) {
  const std::int64_t now = real_clock().wall_seconds();
  if (now >= before_this_program) return;
  out.push_back({Health::bad, "clock", "it says " + utc_stamp(now), "set the clock; stamps of runs depend on it"});
}

void examine_languages(const config::Gate& gate, std::vector<Finding>& out) {
  for (const auto& [name, language] : gate.languages) {
    const std::string what = "language " + name;
    if (gate.unsandboxed) {
      out.push_back({Health::warning, what, "programs of replies run with your rights: --unsafe-no-sandbox",
                     "install bubblewrap"});
      continue;
    }
    const auto probed = config::probe_languages({{name, language}});
    if (probed) {
      out.push_back({Health::good, what,
                     "a program in the sandbox of " + language.program.sandbox->bubblewrap +
                         " was judged, and could not write, connect or look outside"});
    } else {
      out.push_back({Health::bad, what, probed.error().message, probed.error().hint});
    }
  }
}

}  // namespace

void examine_machine(const config::Gate& gate, const std::string& reports, std::vector<Finding>& out) {
  examine_disk(gate, reports, out);
  examine_descriptors(gate, out);
  examine_clock(out);
}

std::vector<Finding> examine(const config::Gate& gate, const DoctorWish& wish) {
  std::vector<Finding> found;
  std::vector<std::string> seen;  // an arm, or its fallback, may be a route that was looked at already
  std::vector<const config::Route*> routes = config::asked_routes(gate);
  routes.insert(routes.begin(), {&gate.routes[0], &gate.routes[1]});
  for (const config::Route* route : routes) {
    for (const config::Route* each = route; each != nullptr; each = each->fallback.get()) {
      const std::string file = std::filesystem::path(each->file).lexically_normal().string();
      if (std::ranges::find(seen, file) != seen.end()) continue;
      seen.push_back(file);
      examine_route(*each, wish.is_offline, found);
    }
  }
  for (const auto& [name, plugin] : gate.plugins) {
    found.push_back({Health::good, "plugin " + name, "program " + plugin.program.command.words.front()});
  }
  examine_languages(gate, found);
  examine_machine(gate, wish.reports, found);
  return found;
}

}  // namespace headgate::cli
