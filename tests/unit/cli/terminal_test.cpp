#include "terminal.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "command_text.hpp"
#include "headgate/base/text.hpp"
#include "progress.hpp"

using namespace headgate;
using namespace headgate::cli;

namespace {

Environment with(std::map<std::string, std::string> values) {
  return [values](const std::string& name) -> std::optional<std::string> {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional(found->second);
  };
}

}  // namespace

TEST_CASE("colour: the flag, then NO_COLOR, then CLICOLOR_FORCE, then the terminal") {
  CHECK(wants_colour(ColourWish::automatic, true, with({{"TERM", "xterm"}})));
  CHECK_FALSE(wants_colour(ColourWish::automatic, false, with({{"TERM", "xterm"}})));
  CHECK_FALSE(wants_colour(ColourWish::automatic, true, with({{"TERM", "dumb"}})));
  CHECK_FALSE(wants_colour(ColourWish::automatic, true, with({{"NO_COLOR", "1"}})));
  CHECK(wants_colour(ColourWish::automatic, true, with({{"NO_COLOR", ""}})));
  CHECK(wants_colour(ColourWish::automatic, false, with({{"CLICOLOR_FORCE", "1"}})));
  CHECK_FALSE(wants_colour(ColourWish::automatic, false, with({{"CLICOLOR_FORCE", "0"}})));
  CHECK_FALSE(wants_colour(ColourWish::automatic, false, with({{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}})));
  CHECK(wants_colour(ColourWish::always, false, with({{"NO_COLOR", "1"}})));
  CHECK_FALSE(wants_colour(ColourWish::never, true, with({{"CLICOLOR_FORCE", "1"}})));
}

TEST_CASE("columns of text") {
  CHECK(columns_of("abc") == 3);
  CHECK(columns_of("\xc3\xa9") == 1);
  CHECK(columns_of("e\xcc\x81") == 1);
  CHECK(columns_of("\xe6\x97\xa5") == 2);
  CHECK(first_columns("a\xe6\x97\xa5z", 2) == "a");
  CHECK(last_columns("a\xe6\x97\xa5z", 3) == "\xe6\x97\xa5z");
  CHECK(first_columns("abc", 9) == "abc");
  CHECK(last_columns("", 3).empty());
}

TEST_CASE("commands can be pasted into a shell") {
  const auto text = [](std::vector<std::string> words) { return command_text(words); };
  CHECK(text({"run", "a.gate.yaml", "--set", "x=1"}) == "headgate run a.gate.yaml --set x=1");
  CHECK(text({"run", "my gate.yaml", ""}) == "headgate run 'my gate.yaml' ''");
  CHECK(text({"run", "it's"}) == "headgate run 'it'\\''s'");
  CHECK(text({"run", "a\nb'\x1b"}) == "headgate run $'a\\x0ab\\'\\x1b'");
  CHECK(text({"run", "!tag=x|y"}) == "headgate run '!tag=x|y'");
  CHECK(resume_command(std::vector<std::string>{"run", "g", "--again", "--json"}) == "headgate run g --json");
}

TEST_CASE("the progress line counts each arm and guesses the rest from what was not reused") {
  run::Progress progress;
  progress.cells = 1000;
  progress.done = 300;
  progress.reused = 100;
  progress.in_flight = 8;
  progress.arms[0] = {150, 140, 10, 0};
  progress.arms[1] = {150, 120, 25, 5};
  CHECK(progress_line(progress, 10.0) ==
        "300/1000 cells, 8 in flight, 100 reused; baseline 140 pass 10 fail; candidate 120 pass 25 fail 5 error; 20/s, "
        "35 s left");
  CHECK(progress_line(progress, 0.0).find("/s") == std::string::npos);
  CHECK(progress_line(progress, 10.0, true).find("left") == std::string::npos);
  progress.reused = 300;
  CHECK(progress_line(progress, 10.0).find("left") == std::string::npos);
}
