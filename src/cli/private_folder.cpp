#include "private_folder.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "headgate/base/file.hpp"

namespace headgate::cli {
namespace {

std::string place(const Environment& environment) {
  if (const auto set = environment("TMPDIR"); set && !set->empty()) return *set;
  constexpr const char* memory = "/dev/shm";
  if (::access(memory, W_OK | X_OK) == 0) return memory;
  std::error_code trouble;
  const auto usual = std::filesystem::temp_directory_path(trouble);
  return trouble ? "." : usual.string();
}

}  // namespace

Result<PrivateFolder> PrivateFolder::create(const Environment& environment) {
  std::string path = join_path(place(environment), "headgate-try-XXXXXX");
  if (::mkdtemp(path.data()) == nullptr) {
    return failure(ErrorCode::environment,
                   "cannot create a folder like '" + path + "': " + std::generic_category().message(errno),
                   "TMPDIR may name another place");
  }
  return PrivateFolder(std::move(path));
}

PrivateFolder::~PrivateFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace headgate::cli
