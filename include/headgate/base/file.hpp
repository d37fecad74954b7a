// The file system behind a seam: readers of files take a FileReader, so that tests hand them memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "headgate/base/result.hpp"

namespace headgate {

// Reads whole files. Paths use '/'; a relative path is relative to the working directory.
class FileReader {
 public:
  virtual ~FileReader() = default;
  // Fails with ErrorCode::input when the path is missing, not a regular file (FIFO, directory, device: never blocks),
  // unreadable, or larger than `max_bytes`.
  virtual Result<std::string> read(const std::string& path, std::size_t max_bytes = std::size_t{256} << 20) const = 0;
  // Like read, but `relative` must stay beneath `root`: no "..", no absolute path, no symlink leads out ("leaves the
  // suite root"); the target outside is never opened.
  virtual Result<std::string> read_beneath(const std::string& root, const std::string& relative,
                                           std::size_t max_bytes = std::size_t{256} << 20) const = 0;
  virtual bool exists(const std::string& path) const = 0;
  virtual bool is_folder(const std::string& path) const = 0;
  // Names in a folder, sorted; empty when there is none, or none that may be read. Throws CannotRead where the system
  // fails: a run that is not seen would be run, and paid, again.
  virtual std::vector<std::string> list(const std::string& folder) const = 0;
};

const FileReader& real_files();

// For tests and fuzzers. Folders exist by having files.
class MemoryFiles : public FileReader {
 public:
  std::map<std::string, std::string> files;

  Result<std::string> read(const std::string& path, std::size_t max_bytes) const override;
  Result<std::string> read_beneath(const std::string& root, const std::string& relative,
                                   std::size_t max_bytes) const override;
  bool exists(const std::string& path) const override;
  bool is_folder(const std::string& path) const override;
  std::vector<std::string> list(const std::string& folder) const override;
};

// Path arithmetic on '/' paths, no file system. join("a/b", "../c") = "a/c"; an absolute second part wins.
std::string join_path(std::string_view folder, std::string_view part);
std::string folder_of(std::string_view path);    // "" for a bare name
std::string name_of(std::string_view path);
std::string extension_of(std::string_view path);  // with the dot, lowercase

// Who may read what we write, whatever the umask: `owner` for everything of a run (0600, folders 0700), `everyone` for
// files that belong to a project and are shared through its repository (0644, folders 0755).
enum class Access { owner, everyone };

// Writes temp + fsync + rename + fsync of the folder. Fails with ErrorCode::environment, path and errno text.
Result<void> write_file_atomically(const std::string& path, std::string_view content, Access access = Access::owner);
// Creates missing folders. Fails with ErrorCode::environment.
Result<void> make_folders(const std::string& path, Access access = Access::owner);
Result<void> rename_file(const std::string& from, const std::string& to);  // then fsync of the folder

// Random reads of one open regular file (open fails as FileReader::read does); thread-safe (pread). Used where a file
// must not be held in memory.
class RandomAccessFile {
 public:
  static Result<std::shared_ptr<const RandomAccessFile>> open(const std::string& path);
  ~RandomAccessFile();
  RandomAccessFile(const RandomAccessFile&) = delete;
  RandomAccessFile& operator=(const RandomAccessFile&) = delete;

  std::uint64_t size() const { return size_; }
  // Fills `out` with exactly `length` bytes from `offset`; fails (environment) on a short read.
  Result<void> read(std::uint64_t offset, std::size_t length, std::string& out) const;

 private:
  RandomAccessFile(int fd, std::uint64_t size, std::string path);
  int fd_;
  std::uint64_t size_;
  std::string path_;
};

// Calls `each` with consecutive lines (without their LF; a CR stays) and their offsets, reading blocks; stops when it
// returns false. The last line comes even without LF. A line longer than the bound fails with ErrorCode::input.
Result<void> for_each_line(const RandomAccessFile& file,
                           const std::function<bool(std::uint64_t offset, std::string_view line)>& each,
                           std::size_t max_line_bytes = std::size_t{8} << 20);

}  // namespace headgate
