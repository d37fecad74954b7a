#include "output.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace headgate::cli {
namespace {

// What ended the writing, or 0. After that nothing more is tried on that descriptor.
struct Stream {
  int fd;
  int trouble = 0;

  void write(std::string_view text) {
    while (!text.empty() && trouble == 0) {
      const ssize_t done = ::write(fd, text.data(), text.size());
      if (done > 0) {
        text.remove_prefix(static_cast<std::size_t>(done));
      } else if (errno != EINTR && errno != EAGAIN) {
        trouble = errno;
      }
    }
  }
};

Stream& out() {
  static Stream stream{STDOUT_FILENO};
  return stream;
}

Stream& err() {
  static Stream stream{STDERR_FILENO};
  return stream;
}

}  // namespace

void write_out(std::string_view text) { out().write(text); }
void write_err(std::string_view text) { err().write(text); }

void say(std::string_view line) { write_err(std::string(line) + "\n"); }

std::string stdout_trouble() {
  if (out().trouble == 0 || out().trouble == EPIPE) return {};
  return std::generic_category().message(out().trouble);
}

}  // namespace headgate::cli
