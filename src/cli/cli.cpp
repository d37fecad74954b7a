#include "headgate/cli/cli.hpp"

#include <algorithm>

#include "diagnostics.hpp"
#include "headgate/base/cannot_read.hpp"
#include "headgate/base/text.hpp"
#include "options.hpp"
#include "output.hpp"
#include "pager.hpp"
#include "signals.hpp"

namespace headgate::cli {
namespace {

ColourWish colour_wish(const Arguments& arguments) {
  const std::string when = arguments.text("--color").value_or("auto");
  return when == "always" ? ColourWish::always : when == "never" ? ColourWish::never : ColourWish::automatic;
}

// "" where the text goes straight to stdout.
std::string pager_for(bool wanted, const Terminal& terminal, const Environment& environment) {
  return wanted && terminal.out_is_tty ? pager_command(environment) : std::string();
}

Result<ExitCode> carried_out(const Verb& verb, const Context& context) {
  try {
    return verb.run(context);
  } catch (const CannotRead& trouble) {
    return failure(ErrorCode::environment, trouble.what());
  }
}

ExitCode run(const Command& command, const Environment& environment) {
  const Terminal terminal = look_at_terminal(colour_wish(command.arguments), environment);
  const bool paged = command.verb->paged && !command.arguments.flag("--json") && !command.arguments.flag("--no-pager");
  const Pages pages(pager_for(paged, terminal, environment));
  const auto code = carried_out(*command.verb, Context{command.arguments, terminal, environment});
  return code ? *code : report(code.error(), terminal);
}

void show_help(std::span<const std::string> words, const std::string& text, const Environment& environment) {
  const Terminal terminal = look_at_terminal(ColourWish::automatic, environment);
  const Pages pages(pager_for(std::ranges::count(words, "--no-pager") == 0, terminal, environment));
  write_out(text);
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
    show_help(words, help->text, environment);
  } else {
    code = run(std::get<Command>(*parsed), environment);
  }
  if (const std::string trouble = stdout_trouble(); !trouble.empty()) {
    say("headgate: error: writing to stdout: " + trouble);
    return status(ExitCode::environment);
  }
  return status(code);
}

int report_shortage(const char* what) {
  say("headgate: error: " + terminal_line(what));
  say("hint: what was recorded stays; the same command goes on with it");
  return status(ExitCode::environment);
}

int report_bug(const char* what) {
  say("headgate: a mistake in headgate itself stopped this command: " + terminal_line(what));
  say("hint: no decision was written; please report this line together with the command");
  return status(ExitCode::bug);
}

}  // namespace headgate::cli
