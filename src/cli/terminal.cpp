#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace headgate::cli {
namespace {

constexpr std::size_t log_width = 100;
constexpr std::size_t least_width = 40;
constexpr std::size_t most_width = 160;  // longer lines are tiring on a wide screen

std::size_t width_of(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return log_width;
  return std::clamp<std::size_t>(size.ws_col, least_width, most_width);
}

bool set(const std::optional<std::string>& value) { return value && !value->empty(); }

}  // namespace

Environment real_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

bool wants_colour(ColourWish wish, bool is_tty, const Environment& environment) {
  if (wish != ColourWish::automatic) return wish == ColourWish::always;
  if (set(environment("NO_COLOR"))) return false;
  const auto force = environment("CLICOLOR_FORCE");
  if (set(force) && *force != "0") return true;
  return is_tty && environment("TERM").value_or("") != "dumb";
}

Terminal look_at_terminal(ColourWish wish, const Environment& environment) {
  Terminal terminal;
  terminal.out_is_tty = ::isatty(STDOUT_FILENO) == 1;
  terminal.err_is_tty = ::isatty(STDERR_FILENO) == 1;
  terminal.out_colour = wants_colour(wish, terminal.out_is_tty, environment);
  terminal.err_colour = wants_colour(wish, terminal.err_is_tty, environment);
  if (terminal.out_is_tty) {
    terminal.width = width_of(STDOUT_FILENO);
  } else if (terminal.err_is_tty) {
    terminal.width = width_of(STDERR_FILENO);
  }
  return terminal;
}

}  // namespace headgate::cli
