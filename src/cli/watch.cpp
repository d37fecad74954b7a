#include "watch.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace headgate::cli {
namespace {

constexpr int stop_poll_ms = 150;  // how long Ctrl-C may go unnoticed
// A file's folder and those above it, each by its name in the next: further up, nobody moves a project while it is
// watched, and folders that everybody writes to are busy.
constexpr int watched_folders = 3;
constexpr std::uint32_t changes = IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_ATTRIB;
constexpr std::uint32_t loss = IN_DELETE_SELF | IN_MOVE_SELF;  // of the folder itself

bool is_readable(int fd, int timeout_ms) {
  pollfd wanted{fd, POLLIN, 0};
  return ::poll(&wanted, 1, timeout_ms) > 0;
}

Error no_watch(const std::string& what) {
  Error error{ErrorCode::environment, what + ": " + std::generic_category().message(errno), Place{}, {}};
  if (errno == ENOSPC || errno == EMFILE) error.hint = "the limits are in /proc/sys/fs/inotify";
  return error;
}

// Where a symbolic link leads, if the path is or holds one; "" otherwise or where it leads nowhere.
std::string other_name_of(const std::string& path) {
  std::error_code trouble;
  const auto real = std::filesystem::canonical(path, trouble);
  if (trouble) return {};
  const auto plain = std::filesystem::absolute(path, trouble).lexically_normal();
  return trouble || plain == real ? std::string() : real.string();
}

}  // namespace

FileWatch::~FileWatch() {
  if (fd_ >= 0) ::close(fd_);
}

Result<bool> FileWatch::watch_name(const std::string& folder, const std::string& name, bool all) {
  const std::string path = folder.empty() ? "." : folder;
  const int watch = ::inotify_add_watch(fd_, path.c_str(), changes | loss | IN_ONLYDIR);
  if (watch < 0) {
    // A folder that is not there, or not for us, is noticed by its name in the one above.
    if (errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == ELOOP || errno == ENAMETOOLONG) return false;
    return failure(no_watch("cannot watch '" + path + "'"));
  }
  Names& names = names_[watch];
  names.all |= all;
  if (!name.empty()) names.only.insert(name);
  return true;
}

Result<void> FileWatch::watch_path(const SeenPath& seen) {
  int watched = 0;
  if (seen.listed) {
    HG_TRY(is_there, watch_name(seen.path, {}, true));
    watched += is_there ? 1 : 0;
  }
  std::string path = seen.path;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  while (!path.empty() && path != "/" && path != "." && watched < watched_folders) {
    const std::string folder = path.find('/') == 0 && path.rfind('/') == 0 ? "/" : folder_of(path);
    const std::string name = name_of(path);
    if (name == "..") break;  // it leads out of where a name could be watched; its own folder is enough
    HG_TRY(is_there, watch_name(folder, name, false));
    watched += is_there ? 1 : 0;
    path = folder;
  }
  return {};
}

Result<void> FileWatch::watch(std::span<const SeenPath> paths) {
  if (fd_ >= 0) ::close(fd_);
  names_.clear();
  fd_ = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (fd_ < 0) return failure(no_watch("cannot watch files"));
  for (const SeenPath& seen : paths) {
    HG_CHECK(watch_path(seen));
    if (const std::string other = other_name_of(seen.path); !other.empty()) HG_CHECK(watch_path({other, seen.listed}));
  }
  return {};
}

bool FileWatch::matters(int watch, unsigned mask, std::string_view name) const {
  if ((mask & (IN_Q_OVERFLOW | loss | IN_IGNORED)) != 0) return true;
  const auto names = names_.find(watch);
  return names != names_.end() && (names->second.all || names->second.only.contains(name));
}

bool FileWatch::take_events() const {
  alignas(inotify_event) char buffer[16 * 1024];
  bool any = false;
  for (;;) {
    const ssize_t bytes = ::read(fd_, buffer, sizeof buffer);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes <= 0) return any;
    for (ssize_t at = 0; at < bytes;) {
      inotify_event event{};
      std::memcpy(&event, buffer + at, sizeof event);
      const char* const name = buffer + at + sizeof event;
      any |= matters(event.wd, event.mask, std::string_view(name, ::strnlen(name, event.len)));
      at += static_cast<ssize_t>(sizeof event + event.len);
    }
  }
}

bool FileWatch::wait(const std::function<bool()>& stop) const {
  using std::chrono::steady_clock;
  for (;;) {
    if (stop()) return false;
    if (is_readable(fd_, stop_poll_ms) && take_events()) break;
  }
  const auto until = steady_clock::now() + std::chrono::milliseconds(patience_ms);
  auto quiet_until = steady_clock::now() + std::chrono::milliseconds(quiet_ms);
  for (;;) {
    if (stop()) return false;
    const auto now = steady_clock::now();
    if (now >= quiet_until || now >= until) return true;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(quiet_until - now).count() + 1;
    if (is_readable(fd_, static_cast<int>(left)) && take_events()) {
      quiet_until = steady_clock::now() + std::chrono::milliseconds(quiet_ms);
    }
  }
}

}  // namespace headgate::cli
