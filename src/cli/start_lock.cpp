#include "start_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "headgate/base/file.hpp"

namespace headgate::cli {
namespace {

// Sealing the plan of a million cases takes seconds; a start that takes longer has a disk in trouble.
constexpr std::chrono::seconds patience{30};
constexpr std::chrono::milliseconds pause{20};

Error file_trouble(const std::string& what, const std::string& path) {
  return Error{ErrorCode::environment, what + " " + path + ": " + std::generic_category().message(errno), Place{}, {}};
}

}  // namespace

Result<StartLock> StartLock::take(const std::string& reports) {
  HG_CHECK(make_folders(reports));
  const std::string path = join_path(reports, ".lock");
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return failure(file_trouble("cannot write", path));
  const auto until = std::chrono::steady_clock::now() + patience;
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) {
      Error error = file_trouble("cannot lock", path);
      ::close(fd);
      return failure(std::move(error));
    }
    if (std::chrono::steady_clock::now() >= until) {
      ::close(fd);
      return failure(ErrorCode::locked, "another run has been starting in " + reports + " for a long time",
                     "end it, or use another --reports directory");
    }
    std::this_thread::sleep_for(pause);
  }
  return StartLock(fd);
}

StartLock::StartLock(StartLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

StartLock::~StartLock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> check_not_running(const std::string& folder) {
  const std::string path = join_path(folder, "journal.jsonl");
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return {};
  const bool free = ::flock(fd, LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK;
  ::close(fd);
  if (free) return {};
  return failure(ErrorCode::locked, "a run is writing " + folder, "wait for it, or interrupt it");
}

}  // namespace headgate::cli
