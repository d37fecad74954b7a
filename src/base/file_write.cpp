#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

#include "file_errors.hpp"
#include "headgate/base/atomic_file.hpp"
#include "headgate/base/file.hpp"
#include "posix_file.hpp"

namespace headgate {
namespace {

Error cannot(std::string_view what, const std::string& path) {
  return system_error(ErrorCode::environment, what, path, errno);
}

}  // namespace

Result<void> write_file_atomically(const std::string& path, std::string_view content, Access access) {
  HG_TRY(file, AtomicFile::create(path, access));
  HG_CHECK(file.append(content));
  return file.commit();
}

Result<void> make_folders(const std::string& path, Access access) {
  const mode_t mode = access == Access::owner ? 0700 : 0755;
  if (path.empty() || real_files().is_folder(path)) return {};
  const std::string parent = folder_of(path);
  if (parent != path) HG_CHECK(make_folders(parent, access));
  if (::mkdir(path.c_str(), mode) == 0) {
    if (::chmod(path.c_str(), mode) != 0) return failure(cannot("cannot protect", path));
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
