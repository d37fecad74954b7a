// The few system calls beneath the file room: descriptors that close themselves, opening without blocking.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "headgate/base/result.hpp"

namespace headgate {

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();

  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  int release() {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }
  bool close();  // true when the system reported no error

 private:
  int fd_;
};

// Opens for reading; only a regular file passes, and opening a FIFO does not wait for its other end.
Result<Descriptor> open_regular(const std::string& path);
// The same beneath a folder. `walk` forces the way of old kernels, which follows no symbolic link at all.
Result<Descriptor> open_regular_beneath(const std::string& root, const std::string& relative, bool walk = false);

Result<std::string> read_all(const Descriptor& file, const std::string& path, std::size_t max_bytes);
// Writes everything, however often the system interrupts. False with errno set.
bool write_all(int fd, std::string_view content);
// Makes a rename or a new name durable. False with errno set.
bool sync_folder(const std::string& folder);

}  // namespace headgate
