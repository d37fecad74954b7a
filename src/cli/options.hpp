// A command line to a verb and its arguments. The only place that knows the parsing library (6.6 s to compile).
#pragma once

#include <span>
#include <string>
#include <variant>

#include "verbs.hpp"

namespace headgate::cli {

struct Command {
  const Verb* verb;
  Arguments arguments;
};
// Asked for: text for stdout, exit 0.
struct HelpText {
  std::string text;
};

// Fails (input) with a message and a hint: an unknown verb or option with did-you-mean, a missing operand, a number
// that is none.
Result<std::variant<Command, HelpText>> parse_command(std::span<const std::string> words);

}  // namespace headgate::cli
