#include "headgate/journal/reserve.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "headgate/base/file.hpp"

namespace headgate::journal {
namespace {

constexpr mode_t private_file = 0600;

std::string path_in(const std::string& folder) { return join_path(folder, "journal.reserve"); }

Error cannot_reserve(const std::string& path, int number) {
  return {ErrorCode::environment, "cannot put room aside in '" + path + "': " + std::strerror(number), {}, {}};
}

// Zero: it holds. posix_fallocate returns its error, and writes where the file system cannot allocate.
int allocate(const std::string& path, std::uint64_t bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, private_file);
  if (fd < 0) return errno;
  const int fault = bytes == 0 ? 0 : ::posix_fallocate(fd, 0, static_cast<off_t>(bytes));
  ::close(fd);
  return fault;
}

}  // namespace

Result<std::unique_ptr<Reserve>> Reserve::make(const std::string& folder) {
  const std::string path = path_in(folder);
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) != 0) return failure(cannot_reserve(path, errno));
  const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  std::unique_ptr<Reserve> reserve(new Reserve(path));  // removes a part of it, too
  const int fault = allocate(path, std::min(most_bytes, free / 4));
  if (fault != 0) return failure(cannot_reserve(path, fault));
  return reserve;
}

void Reserve::remove_stale(const std::string& folder) { ::unlink(path_in(folder).c_str()); }

Reserve::~Reserve() { ::unlink(path_.c_str()); }

}  // namespace headgate::journal
