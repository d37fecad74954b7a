// Waiting until files change. The only place that knows inotify.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>

#include "headgate/base/result.hpp"
#include "seen_files.hpp"

namespace headgate::cli {

// A file is watched by its name in its folder, and its folder by its name in the one above: editors write beside a file
// and rename, version control removes and creates. What is not there yet is waited for. Single-threaded.
class FileWatch {
 public:
  FileWatch() = default;
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  // From its return on, changes of these paths (and no longer of earlier ones) are noticed. Fails with environment
  // where the system gives no more watches.
  Result<void> watch(std::span<const SeenPath> paths);

  // Waits for a change and then until `quiet_ms` pass without another, at most `patience_ms`: an editor's save is
  // several steps. False: `stop` said so; it is asked a few times a second.
  bool wait(const std::function<bool()>& stop) const;

  static constexpr int quiet_ms = 100;
  static constexpr int patience_ms = 2'000;

 private:
  struct Names {
    bool all = false;
    std::set<std::string, std::less<>> only;
  };
  // False: there is no such folder.
  Result<bool> watch_name(const std::string& folder, const std::string& name, bool all);
  Result<void> watch_path(const SeenPath& path);
  // Takes what is queued; whether any of it matters. A queue that ran over stands for everything.
  bool take_events() const;
  bool matters(int watch, unsigned mask, std::string_view name) const;

  int fd_ = -1;
  std::map<int, Names> names_;  // by watch
};

}  // namespace headgate::cli
