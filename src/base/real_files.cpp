#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "file_errors.hpp"
#include "headgate/base/cannot_read.hpp"
#include "headgate/base/file.hpp"
#include "posix_file.hpp"

namespace headgate {
namespace {

class RealFiles : public FileReader {
 public:
  Result<std::string> read(const std::string& path, std::size_t max_bytes) const override {
    HG_TRY(file, open_regular(path));
    return read_all(file, path, max_bytes);
  }

  Result<std::string> read_beneath(const std::string& root, const std::string& relative,
                                   std::size_t max_bytes) const override {
    HG_TRY(file, open_regular_beneath(root, relative));
    return read_all(file, relative, max_bytes);
  }

  bool exists(const std::string& path) const override {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0;
  }

  bool is_folder(const std::string& path) const override {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
  }

  std::vector<std::string> list(const std::string& folder) const override {
    std::vector<std::string> names;
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.empty() ? "." : folder.c_str()), &::closedir);
    if (open == nullptr) {
      if (const Error error = cannot_read(folder, errno); error.code != ErrorCode::input) throw CannotRead(error.message);
      return names;
    }
    errno = 0;
    while (const dirent* entry = ::readdir(open.get())) {
      const std::string name = static_cast<const char*>(entry->d_name);
      if (name != "." && name != "..") names.push_back(name);
      errno = 0;
    }
    if (errno != 0) throw CannotRead(cannot_read(folder, errno).message);
    std::sort(names.begin(), names.end());
    return names;
  }
};

}  // namespace

const FileReader& real_files() {
  static const RealFiles files;
  return files;
}

}  // namespace headgate
