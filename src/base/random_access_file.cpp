#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "file_errors.hpp"
#include "headgate/base/file.hpp"
#include "posix_file.hpp"

namespace headgate {
namespace {

constexpr std::size_t line_block = std::size_t{256} << 10;

}  // namespace

RandomAccessFile::RandomAccessFile(int fd, std::uint64_t size, std::string path)
    : fd_(fd), size_(size), path_(std::move(path)) {}

RandomAccessFile::~RandomAccessFile() { ::close(fd_); }

Result<std::shared_ptr<const RandomAccessFile>> RandomAccessFile::open(const std::string& path) {
  HG_TRY(file, open_regular(path));
  struct stat about {};
  if (::fstat(file.get(), &about) != 0) {
    return failure(system_error(ErrorCode::environment, "cannot read", path, errno));
  }
  const auto size = static_cast<std::uint64_t>(about.st_size);
  return std::shared_ptr<const RandomAccessFile>(new RandomAccessFile(file.release(), size, path));
}

Result<void> RandomAccessFile::read(std::uint64_t offset, std::size_t length, std::string& out) const {
  out.resize(length);
  std::size_t filled = 0;
  while (filled < length) {
    const ssize_t count = ::pread(fd_, out.data() + filled, length - filled, static_cast<off_t>(offset + filled));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure(system_error(ErrorCode::environment, "cannot read", path_, errno));
    if (count == 0) {
      return failure(ErrorCode::environment, "'" + path_ + "' ended at byte " + std::to_string(offset + filled) + ", " +
                                                 std::to_string(length - filled) + " bytes too early");
    }
    filled += static_cast<std::size_t>(count);
  }
  return {};
}

Result<void> for_each_line(const RandomAccessFile& file,
                           const std::function<bool(std::uint64_t offset, std::string_view line)>& each,
                           std::size_t max_line_bytes) {
  std::string block;
  std::string pending;  // the beginning of a line whose end lies in a later block
  std::uint64_t line_start = 0;
  const auto too_long = [&](std::size_t length) { return length > max_line_bytes; };
  const auto refuse = [&] {
    return failure(ErrorCode::input, "a line longer than " + std::to_string(max_line_bytes) + " bytes at byte " +
                                         std::to_string(line_start + 1));
  };
  for (std::uint64_t offset = 0; offset < file.size(); offset += block.size()) {
    const std::uint64_t left = file.size() - offset;
    HG_CHECK(file.read(offset, static_cast<std::size_t>(std::min<std::uint64_t>(left, line_block)), block));
    std::string_view rest = block;
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      std::string_view line = rest.substr(0, end);
      rest.remove_prefix(end + 1);
      if (!pending.empty()) line = pending.append(line);
      if (too_long(line.size())) return refuse();
      if (!each(line_start, line)) return {};
      line_start += line.size() + 1;
      pending.clear();
    }
    pending.append(rest);
    if (too_long(pending.size())) return refuse();
  }
  if (!pending.empty()) each(line_start, pending);
  return {};
}

}  // namespace headgate
