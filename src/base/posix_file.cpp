#include "posix_file.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "file_errors.hpp"

namespace headgate {
namespace {

constexpr int read_flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
constexpr int max_open_attempts = 16;
constexpr std::size_t read_block = std::size_t{1} << 20;

std::string_view kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a named pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

Result<Descriptor> checked(Descriptor file, const std::string& path) {
  if (!file.is_open()) {
    if (errno == ENXIO) return failure(not_regular(path, "a socket"));
    return failure(cannot_read(path, errno));
  }
  struct stat about {};
  if (::fstat(file.get(), &about) != 0) return failure(cannot_read(path, errno));
  if (!S_ISREG(about.st_mode)) return failure(not_regular(path, kind_of(about.st_mode)));
  return file;
}

int open_at(int folder, const char* name, int flags) {
  int fd = -1;
  do {
    fd = ::openat(folder, name, flags);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

int open_resolved_beneath(int folder, const std::string& relative) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(read_flags);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  for (int attempt = 1;; ++attempt) {
    const long fd = ::syscall(SYS_openat2, folder, relative.c_str(), &how, sizeof how);
    // EAGAIN: something was renamed meanwhile, and the kernel could not tell whether the path had left the folder.
    const bool again = fd < 0 && (errno == EINTR || errno == EAGAIN) && attempt < max_open_attempts;
    if (!again) return static_cast<int>(fd);
  }
}

// Step by step; ".." was refused by its words before it could climb, and no link is followed.
int open_walking(int folder, std::string_view relative) {
  Descriptor current;
  int at = folder;
  while (true) {
    const std::size_t end = std::min(relative.find('/'), relative.size());
    const std::string step(relative.substr(0, end));
    relative.remove_prefix(std::min(end + 1, relative.size()));
    if (!relative.empty() && (step.empty() || step == ".")) continue;
    const int kind = relative.empty() ? read_flags : O_PATH | O_DIRECTORY | O_CLOEXEC;
    const int fd = open_at(at, step.empty() ? "." : step.c_str(), kind | O_NOFOLLOW);
    if (fd < 0 || relative.empty()) return fd;
    current = Descriptor(fd);
    at = current.get();
  }
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = other.release();
  }
  return *this;
}

Descriptor::~Descriptor() { close(); }

bool Descriptor::close() {
  if (fd_ < 0) return true;
  return ::close(release()) == 0;
}

Result<Descriptor> open_regular(const std::string& path) {
  if (path.find('\0') != std::string::npos) return failure(missing(path));
  return checked(Descriptor(open_at(AT_FDCWD, path.c_str(), read_flags)), path);
}

Result<Descriptor> open_regular_beneath(const std::string& root, const std::string& relative, bool walk) {
  const std::string shown = root.empty() || root == "." ? relative : root + "/" + relative;
  if (relative.find('\0') != std::string::npos) return failure(missing(shown));
  if (leaves_root(relative)) return failure(escape(relative));
  const char* const start = root.empty() ? "." : root.c_str();
  const Descriptor folder(open_at(AT_FDCWD, start, O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open()) return failure(cannot_read(root, errno));

  int fd = walk ? -1 : open_resolved_beneath(folder.get(), relative);
  const bool unknown_call = !walk && fd < 0 && (errno == ENOSYS || errno == EPERM);
  if (walk || unknown_call) fd = open_walking(folder.get(), relative);
  if (fd < 0 && (errno == EXDEV || (errno == ELOOP && (walk || unknown_call)))) return failure(escape(relative));
  return checked(Descriptor(fd), shown);
}

Result<std::string> read_all(const Descriptor& file, const std::string& path, std::size_t max_bytes) {
  struct stat about {};
  const bool known = ::fstat(file.get(), &about) == 0 && about.st_size > 0;
  const std::size_t expected = known ? static_cast<std::size_t>(about.st_size) : 0;
  if (expected > max_bytes) return failure(too_large(path, max_bytes));
  std::string content;
  std::size_t filled = 0;
  while (true) {
    // One byte more than expected, so that the end is usually seen by the second call.
    const std::size_t room = filled < expected ? expected - filled + 1 : read_block;
    content.resize(filled + std::min(room, max_bytes - filled + 1));
    const ssize_t count = ::read(file.get(), content.data() + filled, content.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure(cannot_read(path, errno));
    filled += static_cast<std::size_t>(count);
    if (filled > max_bytes) return failure(too_large(path, max_bytes));
    if (count == 0) break;
  }
  content.resize(filled);
  return content;
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t count = ::write(fd, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool sync_folder(const std::string& folder) {
  const Descriptor open(open_at(AT_FDCWD, folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems cannot sync a folder and say so with EINVAL; they order names themselves.
  return open.is_open() && (::fsync(open.get()) == 0 || errno == EINVAL);
}

}  // namespace headgate
