// Long text on a terminal, page by page.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "terminal.hpp"

namespace headgate::cli {

// The command that pages would be shown with, as the shell takes it: HEADGATE_PAGER, else PAGER, else less where it is
// installed. "" means none: empty or `cat`, or a dumb terminal.
std::string pager_command(const Environment& environment);

// How many lines of a screen the text takes, long lines folded; colour codes take no room.
std::size_t screen_lines(std::string_view text, std::size_t columns);

// While it lives, everything that goes to stdout is kept. In the end it is shown by the pager where it is longer than
// the screen, else written as it is. A pager that cannot be started changes nothing but that the text is then written;
// one that quits early is no failure.
class Pages {
 public:
  // With an empty command it does nothing.
  explicit Pages(std::string command);
  ~Pages();
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;

 private:
  std::string command_;
};

}  // namespace headgate::cli
