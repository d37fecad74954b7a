// What the two output streams are: a terminal or not, how wide, and whether colour is welcome.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace headgate::cli {

struct Terminal {
  bool out_is_tty = false;
  bool err_is_tty = false;
  bool out_colour = false;
  bool err_colour = false;
  std::size_t width = 100;  // of stderr's or stdout's terminal, else a width that suits logs
};

using Environment = std::function<std::optional<std::string>(const std::string&)>;
// The process's own; nothing for an unset variable.
Environment real_environment();

enum class ColourWish { automatic, always, never };

// Decides colour for one stream. --color wins; then NO_COLOR (not empty), then CLICOLOR_FORCE (not empty, not 0); then
// a terminal that is not dumb.
bool wants_colour(ColourWish wish, bool is_tty, const Environment& environment);

Terminal look_at_terminal(ColourWish wish, const Environment& environment);

}  // namespace headgate::cli
