#include "pager.hpp"

#include <catch2/catch.hpp>
#include <map>

using namespace headgate::cli;

namespace {

std::string pager_with(std::map<std::string, std::string> variables) {
  return pager_command([variables](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

}  // namespace

TEST_CASE("which pager") {
  CHECK(pager_with({{"HEADGATE_PAGER", "mine -x"}, {"PAGER", "more"}}) == "mine -x");
  CHECK(pager_with({{"PAGER", "more"}}) == "more");
  CHECK(pager_with({{"HEADGATE_PAGER", ""}, {"PAGER", "more"}}).empty());
  CHECK(pager_with({{"HEADGATE_PAGER", "cat"}}).empty());
  CHECK(pager_with({{"PAGER", "cat"}}).empty());
  CHECK(pager_with({{"PAGER", "more"}, {"TERM", "dumb"}}).empty());
  CHECK(pager_with({{"PATH", "nowhere:also/nowhere"}}).empty());
  CHECK(pager_with({}).empty());
}

TEST_CASE("how many lines of a screen a text takes") {
  CHECK(screen_lines("", 80) == 0);
  CHECK(screen_lines("a", 80) == 1);
  CHECK(screen_lines("a\n\nb\n", 80) == 3);
  CHECK(screen_lines(std::string(80, 'x') + "\n", 80) == 1);
  CHECK(screen_lines(std::string(81, 'x') + "\n", 80) == 2);
  CHECK(screen_lines("\x1b[1;31m" + std::string(80, 'x') + "\x1b[0m\n", 80) == 1);
  CHECK(screen_lines("\xe6\x97\xa5\xe6\x9c\xac\n", 3) == 2);  // two wide characters
}
