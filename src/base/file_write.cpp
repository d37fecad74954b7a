#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>

#include "file_errors.hpp"
#include "headgate/base/file.hpp"
#include "posix_file.hpp"

namespace headgate {
namespace {

constexpr mode_t private_file = 0600;
constexpr mode_t private_folder = 0700;

Error cannot(std::string_view what, const std::string& path) {
  return system_error(ErrorCode::environment, what, path, errno);
}

// Unique in this process and, through the process id, beside any other.
std::string temporary_name(const std::string& path) {
  static std::atomic<unsigned> counter{0};
  const std::string name = "." + name_of(path) + ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(++counter);
  const std::string folder = folder_of(path);
  return folder.empty() ? name : join_path(folder, name);
}

Result<void> write_new_file(const std::string& path, std::string_view content) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, private_file));
  if (!file.is_open()) return failure(cannot("cannot create", path));
  // The umask may have taken bits away.
  if (::fchmod(file.get(), private_file) != 0) return failure(cannot("cannot protect", path));
  if (!write_all(file.get(), content)) return failure(cannot("cannot write", path));
  if (::fsync(file.get()) != 0) return failure(cannot("cannot write", path));
  if (!file.close()) return failure(cannot("cannot write", path));
  return {};
}

}  // namespace

Result<void> write_file_atomically(const std::string& path, std::string_view content) {
  const std::string temporary = temporary_name(path);
  if (Result<void> written = write_new_file(temporary, content); !written) {
    ::unlink(temporary.c_str());
    return written;
  }
  if (Result<void> renamed = rename_file(temporary, path); !renamed) {
    ::unlink(temporary.c_str());
    return renamed;
  }
  return {};
}

Result<void> make_folders(const std::string& path) {
  if (path.empty() || real_files().is_folder(path)) return {};
  const std::string parent = folder_of(path);
  if (parent != path) HG_CHECK(make_folders(parent));
  if (::mkdir(path.c_str(), private_folder) == 0) {
    if (::chmod(path.c_str(), private_folder) != 0) return failure(cannot("cannot protect", path));
    return {};
  }
  const int number = errno;
  if (real_files().is_folder(path)) return {};  // somebody else was faster, or the path ends in a slash
  return failure(system_error(ErrorCode::environment, "cannot create", path, number));
}

Result<void> rename_file(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) return failure(cannot("cannot rename to", to));
  if (!sync_folder(folder_of(to))) return failure(cannot("cannot sync the folder of", to));
  return {};
}

}  // namespace headgate
