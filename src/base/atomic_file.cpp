#include "headgate/base/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <utility>

#include "file_errors.hpp"
#include "headgate/base/assert.hpp"
#include "headgate/base/file.hpp"
#include "posix_file.hpp"

namespace headgate {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{256} << 10;

constexpr std::string_view part_mark = ".part-";

// Unique in this process and, through the process id, beside any other.
std::string part_name(const std::string& path) {
  static std::atomic<unsigned> counter{0};
  const std::string name = "." + name_of(path) + std::string(part_mark) + std::to_string(::getpid()) + "-" +
                           std::to_string(++counter);
  const std::string folder = folder_of(path);
  return folder.empty() ? name : join_path(folder, name);
}

// Whether part_name could have made it: a dot, a name, the mark, two numbers.
bool is_part(std::string_view name) {
  const std::size_t mark = name.rfind(part_mark);
  if (mark == std::string_view::npos || mark < 2 || name[0] != '.') return false;
  const std::string_view numbers = name.substr(mark + part_mark.size());
  const std::size_t dash = numbers.find('-');
  return dash != std::string_view::npos && dash > 0 && dash + 1 < numbers.size() &&
         numbers.find_first_not_of("0123456789") == dash &&
         numbers.find_first_not_of("0123456789", dash + 1) == std::string_view::npos;
}

Error cannot(std::string_view what, const std::string& path) {
  return system_error(ErrorCode::environment, what, path, errno);
}

}  // namespace

struct AtomicFile::State {
  std::string path;
  std::string part;
  Descriptor file;
  std::string buffer;
  bool committed = false;

  Result<void> flush() {
    if (!write_all(file.get(), buffer)) return failure(cannot("cannot write", path));
    buffer.clear();
    return {};
  }

  ~State() {
    if (!committed && !part.empty()) ::unlink(part.c_str());
  }
};

AtomicFile::AtomicFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
AtomicFile::AtomicFile(AtomicFile&&) noexcept = default;
AtomicFile& AtomicFile::operator=(AtomicFile&&) noexcept = default;
AtomicFile::~AtomicFile() = default;

Result<AtomicFile> AtomicFile::create(const std::string& path, Access access) {
  const mode_t mode = access == Access::owner ? 0600 : 0644;
  auto state = std::make_unique<State>();
  state->path = path;
  const std::string part = part_name(path);
  state->file = Descriptor(::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!state->file.is_open()) return failure(cannot("cannot create", path));
  state->part = part;
  // The umask may have taken bits away.
  if (::fchmod(state->file.get(), mode) != 0) return failure(cannot("cannot protect", path));
  return AtomicFile(std::move(state));
}

Result<void> AtomicFile::append(std::string_view bytes) {
  HG_ASSERT(state_ != nullptr && !state_->committed);
  state_->buffer.append(bytes);
  if (state_->buffer.size() < buffer_bytes) return {};
  return state_->flush();
}

Result<void> AtomicFile::commit() {
  HG_ASSERT(state_ != nullptr && !state_->committed);
  HG_CHECK(state_->flush());
  if (::fsync(state_->file.get()) != 0) return failure(cannot("cannot write", state_->path));
  if (!state_->file.close()) return failure(cannot("cannot write", state_->path));
  HG_CHECK(rename_file(state_->part, state_->path));
  state_->committed = true;
  return {};
}

void remove_parts(const std::string& folder) {
  for (const std::string& name : real_files().list(folder)) {
    if (is_part(name)) ::unlink(join_path(folder, name).c_str());
  }
}

}  // namespace headgate
