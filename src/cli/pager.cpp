#include "pager.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <vector>

#include "headgate/base/text.hpp"
#include "output.hpp"

extern char** environ;

namespace headgate::cli {
namespace {

constexpr std::size_t usual_rows = 24;
constexpr std::size_t usual_columns = 80;
constexpr int shell_found_nothing = 127;
constexpr int shell_may_not_run_it = 126;

struct Screen {
  std::size_t rows = usual_rows;
  std::size_t columns = usual_columns;
};

Screen look_at_screen() {
  winsize size{};
  Screen screen;
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return screen;
  if (size.ws_row > 0) screen.rows = size.ws_row;
  if (size.ws_col > 0) screen.columns = size.ws_col;
  return screen;
}

bool is_installed(const std::string& program, const std::string& search_path) {
  std::size_t from = 0;
  while (from <= search_path.size()) {
    const std::size_t to = std::min(search_path.find(':', from), search_path.size());
    const std::string folder = search_path.substr(from, to - from);
    if (!folder.empty() && ::access((folder + "/" + program).c_str(), X_OK) == 0) return true;
    from = to + 1;
  }
  return false;
}

std::string without_colour(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\x1b' && i + 1 < line.size() && line[i + 1] == '[') {
      while (i < line.size() && line[i] != 'm') ++i;
    } else {
      out += line[i];
    }
  }
  return out;
}

// Where people set nothing: quit if one screen suffices, show colours, leave the text on the screen.
std::vector<std::string> pager_environment() {
  std::vector<std::string> variables;
  bool has_less = false;
  bool has_lv = false;
  for (char** each = environ; *each != nullptr; ++each) {
    variables.emplace_back(*each);
    has_less = has_less || variables.back().starts_with("LESS=");
    has_lv = has_lv || variables.back().starts_with("LV=");
  }
  if (!has_less) variables.emplace_back("LESS=FRX");
  if (!has_lv) variables.emplace_back("LV=-c");
  return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (std::string& word : words) out.push_back(word.data());
  out.push_back(nullptr);
  return out;
}

// The reading end becomes the pager's stdin. Nothing where the shell itself cannot be started.
std::optional<pid_t> start(const std::string& command, int reading_end) {
  std::vector<std::string> words = {"sh", "-c", command};
  std::vector<std::string> variables = pager_environment();
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_adddup2(&files, reading_end, STDIN_FILENO);
  ::posix_spawnattr_init(&attributes);
  sigset_t as_usual;
  ::sigemptyset(&as_usual);
  for (const int number : {SIGPIPE, SIGINT, SIGQUIT}) ::sigaddset(&as_usual, number);
  ::posix_spawnattr_setsigdefault(&attributes, &as_usual);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  pid_t pid = 0;
  const int trouble =
      ::posix_spawn(&pid, "/bin/sh", &files, &attributes, pointers_to(words).data(), pointers_to(variables).data());
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&attributes);
  return trouble == 0 ? std::optional(pid) : std::nullopt;
}

// A pager that has seen enough closes the pipe; SIGPIPE is ignored in this process.
void feed(int writing_end, std::string_view text) {
  while (!text.empty()) {
    const ssize_t done = ::write(writing_end, text.data(), text.size());
    if (done > 0) {
      text.remove_prefix(static_cast<std::size_t>(done));
    } else if (errno != EINTR) {
      return;
    }
  }
}

// False when nothing was shown.
bool show(const std::string& command, std::string_view text) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return false;
  // Ctrl-C belongs to the pager while it runs; we go on and end when it does.
  const auto on_interrupt = std::signal(SIGINT, SIG_IGN);
  const auto on_quit = std::signal(SIGQUIT, SIG_IGN);
  const auto pid = start(command, ends[0]);
  ::close(ends[0]);
  if (pid) feed(ends[1], text);
  ::close(ends[1]);
  int status = 0;
  while (pid && ::waitpid(*pid, &status, 0) < 0 && errno == EINTR) {
  }
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGQUIT, on_quit);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  return pid && code != shell_found_nothing && code != shell_may_not_run_it;
}

}  // namespace

std::string pager_command(const Environment& environment) {
  if (environment("TERM").value_or("") == "dumb") return {};
  std::optional<std::string> command = environment("HEADGATE_PAGER");
  if (!command) command = environment("PAGER");
  if (!command) command = is_installed("less", environment("PATH").value_or("")) ? "less" : "";
  return *command == "cat" ? "" : *command;
}

std::size_t screen_lines(std::string_view text, std::size_t columns) {
  std::size_t lines = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::size_t wide = columns_of(without_colour(text.substr(0, end)));
    lines += std::max<std::size_t>((wide + columns - 1) / columns, 1);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Pages::Pages(std::string command) : command_(std::move(command)) {
  if (!command_.empty()) keep_out();
}

Pages::~Pages() {
  if (command_.empty()) return;
  const std::string text = kept_out();
  const Screen screen = look_at_screen();
  // The prompt, of the shell or of the pager, takes the last line.
  const bool fits = screen_lines(text, screen.columns) < screen.rows;
  if (fits || !show(command_, text)) write_out(text);
}

}  // namespace headgate::cli
