#include "cache_files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

#include "headgate/base/file.hpp"

namespace headgate::route {
namespace {

constexpr const char* database_name = "headgate-replies.db";
constexpr const char* lock_name = "headgate-replies.lock";
constexpr std::array<const char*, 4> endings = {"", "-wal", "-shm", "-journal"};

constexpr std::string_view signature{"SQLite format 3\0", 16};
constexpr std::size_t id_at = 68;  // application_id, four bytes, big-endian
constexpr std::size_t header_bytes = 100;

std::string errno_text(int number) { return std::generic_category().message(number); }

Error trouble(const std::string& what, const std::string& path) {
  return {ErrorCode::environment, what + " '" + path + "': " + errno_text(errno), {}, {}};
}

}  // namespace

std::string cache_database(const std::string& folder) { return join_path(folder, database_name); }

Result<Fd> lock_cache(const std::string& folder, CacheLock how) {
  const std::string path = join_path(folder, lock_name);
  Fd file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
  if (!file) return failure(trouble("cannot open", path));
  const int kind = how == CacheLock::shared ? LOCK_SH : LOCK_EX;
  int status = 0;
  do {
    status = ::flock(file.get(), kind | LOCK_NB);
  } while (status != 0 && errno == EINTR);
  if (status == 0) return file;
  if (errno != EWOULDBLOCK) return failure(trouble("cannot lock", path));
  return failure(ErrorCode::locked,
                 how == CacheLock::shared ? "the reply cache in '" + folder + "' is just being cleared"
                                          : "the reply cache in '" + folder + "' is in use",
                 how == CacheLock::shared ? "start again" : "wait until no run uses it");
}

Result<void> make_database_file(const std::string& folder) {
  const std::string path = cache_database(folder);
  struct stat seen = {};
  if (::lstat(path.c_str(), &seen) == 0) {
    if (S_ISREG(seen.st_mode)) return {};
    return failure(ErrorCode::input, "'" + path + "' is not a regular file, so it is no reply cache",
                   "give the cache a folder of its own");
  }
  const Fd file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file && errno != EEXIST) return failure(trouble("cannot make", path));
  return {};
}

bool has_database(const std::string& folder) {
  struct stat seen = {};
  return ::lstat(cache_database(folder).c_str(), &seen) == 0;
}

std::uint64_t bytes_on_disk(const std::string& folder) {
  std::uint64_t bytes = 0;
  for (const char* ending : endings) {
    struct stat seen = {};
    if (::lstat((cache_database(folder) + ending).c_str(), &seen) == 0 && S_ISREG(seen.st_mode)) {
      bytes += static_cast<std::uint64_t>(seen.st_size);
    }
  }
  return bytes;
}

Result<bool> is_foreign_database(const std::string& folder, std::uint32_t our_id) {
  const std::string path = cache_database(folder);
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file) return failure(trouble("cannot read", path));
  std::array<char, header_bytes> header{};
  const ssize_t got = ::pread(file.get(), header.data(), header.size(), 0);
  if (got < 0) return failure(trouble("cannot read", path));
  const std::string_view bytes(header.data(), static_cast<std::size_t>(got));
  if (bytes.size() < header_bytes || !bytes.starts_with(signature)) return false;
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < 4; ++i) id = (id << 8U) | static_cast<unsigned char>(bytes[id_at + i]);
  return id != our_id;
}

Result<void> remove_database(const std::string& folder) {
  for (const char* ending : endings) {
    const std::string path = cache_database(folder) + ending;
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failure(trouble("cannot remove", path));
  }
  return {};
}

}  // namespace headgate::route
