// Programs for tests of the process transport, and one who waits for what comes back.
#pragma once

#include <dirent.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "headgate/route/processes.hpp"
#include "line.hpp"
#include "process_tree.hpp"
#include "support/temp_folder.hpp"

namespace headgate::test {

inline route::ProgramSpec program(std::vector<std::string> words, route::Speaks speaks = route::Speaks::json_lines) {
  route::ProgramSpec out;
  out.name = "route x";
  out.command.words = std::move(words);
  out.command.environment = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}};
  out.speaks = speaks;
  out.limits.timeout = Millis{20'000};
  out.limits.start = Millis{20'000};
  out.limits.grace = Millis{100};
  return out;
}

inline route::ProgramSpec shell(const std::string& script, route::Speaks speaks = route::Speaks::json_lines) {
  return program({"/bin/sh", "-c", script}, speaks);
}

inline route::ProgramSpec python(const std::string& script, route::Speaks speaks = route::Speaks::json_lines) {
  return program({"/usr/bin/python3", "-S", "-c", script}, speaks);
}

// {"id": "c7", "text": …}, which cat answers by itself.
inline route::Call call(std::uint64_t ticket, const std::string& text = "hello", std::size_t lane = 0) {
  route::Call out;
  out.ticket = ticket;
  out.lane = lane;
  out.id = "c" + std::to_string(ticket);
  out.payload = R"({"id":")" + out.id + R"(","text":")" + text + R"("})";
  return out;
}

inline std::vector<route::Call> calls(std::size_t n, const std::string& text = "hello") {
  std::vector<route::Call> out;
  for (std::size_t i = 0; i < n; ++i) out.push_back(call(i, text));
  return out;
}

// What a process holds of the system: to be the same before and after.
struct Holdings {
  std::size_t descriptors = 0;
  std::vector<pid_t> children;
  bool operator==(const Holdings&) const = default;

  static Holdings now() {
    Holdings out;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++out.descriptors;
    out.children = route::children_of(::getpid());
    std::sort(out.children.begin(), out.children.end());
    return out;
  }
};

inline bool is_alive(pid_t pid) {
  const auto standing = route::standing_of(pid);
  return standing && !standing->ended();
}

// The pids that programs wrote to a file, once there are `n`.
inline std::vector<pid_t> pids_in(const std::string& path, std::size_t n) {
  std::vector<pid_t> out;
  for (int i = 0; i < 2000 && out.size() < n; ++i) {
    std::ifstream file(path);
    out.assign(std::istream_iterator<pid_t>(file), {});
    if (out.size() < n) std::this_thread::sleep_for(10ms);
  }
  return out;
}

inline std::size_t alive_of(const std::vector<pid_t>& pids) {
  return static_cast<std::size_t>(std::count_if(pids.begin(), pids.end(), is_alive));
}

inline std::size_t resident_bytes() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace headgate::test
