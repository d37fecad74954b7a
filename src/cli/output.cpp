#include "output.hpp"

#include <unistd.h>

#include <cerrno>
#include <optional>
#include <system_error>
#include <utility>

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

std::optional<std::string>& kept() {
  static std::optional<std::string> text;
  return text;
}

}  // namespace

void write_out(std::string_view text) {
  if (kept()) {
    kept()->append(text);
  } else {
    out().write(text);
  }
}

void keep_out() { kept().emplace(); }

std::string kept_out() {
  std::string text = std::move(kept()).value_or("");
  kept().reset();
  return text;
}

void write_err(std::string_view text) { err().write(text); }

void say(std::string_view line) { write_err(std::string(line) + "\n"); }

bool stdout_is_gone() { return out().trouble != 0; }

std::string stdout_trouble() {
  if (out().trouble == 0 || out().trouble == EPIPE) return {};
  return std::generic_category().message(out().trouble);
}

}  // namespace headgate::cli
