#include "headgate/cli/cli.hpp"

#include "diagnostics.hpp"
#include "headgate/base/text.hpp"
#include "options.hpp"
#include "output.hpp"
#include "signals.hpp"

namespace headgate::cli {
namespace {

ColourWish colour_wish(const Arguments& arguments) {
  const std::string when = arguments.text("--color").value_or("auto");
  return when == "always" ? ColourWish::always : when == "never" ? ColourWish::never : ColourWish::automatic;
}

ExitCode run(const Command& command, const Environment& environment) {
  const Terminal terminal = look_at_terminal(colour_wish(command.arguments), environment);
  const auto code = command.verb->run(Context{command.arguments, terminal, environment});
  return code ? *code : report(code.error(), terminal);
}

}  // namespace

int run_command(std::span<const std::string> words) {
  end_on_signals();
  const Environment environment = real_environment();
  const auto parsed = parse_command(words);
  ExitCode code = ExitCode::yes;
  if (!parsed) {
    code = report(parsed.error(), look_at_terminal(ColourWish::automatic, environment));
  } else if (const auto* help = std::get_if<HelpText>(&*parsed)) {
    write_out(help->text);
  } else {
    code = run(std::get<Command>(*parsed), environment);
  }
  if (const std::string trouble = stdout_trouble(); !trouble.empty()) {
    say("headgate: error: writing to stdout: " + trouble);
    return status(ExitCode::environment);
  }
  return status(code);
}

int report_bug(const char* what) {
  say("headgate: a mistake in headgate itself stopped this command: " + terminal_line(what));
  say("hint: no decision was written; please report this line together with the command");
  return status(ExitCode::bug);
}

}  // namespace headgate::cli
