#include "options.hpp"

#include <catch2/catch.hpp>

#include "help.hpp"

using namespace headgate;
using namespace headgate::cli;

namespace {

using Words = std::vector<std::string>;

Command parsed(const Words& words) {
  auto result = parse_command(words);
  if (!result) FAIL(result.error().message);
  REQUIRE(std::holds_alternative<Command>(*result));
  return std::get<Command>(std::move(*result));
}

Error refused(const Words& words) {
  auto result = parse_command(words);
  REQUIRE_FALSE(result);
  CHECK(result.error().code == ErrorCode::input);
  return result.error();
}

std::string help(const Words& words) {
  auto result = parse_command(words);
  REQUIRE(result);
  REQUIRE(std::holds_alternative<HelpText>(*result));
  return std::get<HelpText>(*result).text;
}

}  // namespace

TEST_CASE("options may stand before and after operands, with = or a space, in any spelling") {
  const Command command =
      parsed({"run", "--trials=3", "a.gate.yaml", "--set", "a.b=1", "--set", "c=d e", "-j", "2", "--again"});
  CHECK(command.verb->name == "run");
  CHECK(command.arguments.operands == Words{"a.gate.yaml"});
  CHECK(command.arguments.whole("--trials") == 3);
  CHECK(command.arguments.whole("--jobs") == 2);
  CHECK(command.arguments.texts("--set") == Words{"a.b=1", "c=d e"});
  CHECK(command.arguments.flag("--again"));
  CHECK_FALSE(command.arguments.flag("--json"));
  CHECK(parsed({"run", "g", "--repeat", "2"}).arguments.whole("--trials") == 2);
  CHECK(parsed({"run", "g", "--epochs", "2"}).arguments.whole("--trials") == 2);
}

TEST_CASE("several operands and the -- that ends options") {
  CHECK(parsed({"lint", "a", "b", "c"}).arguments.operands == Words{"a", "b", "c"});
  CHECK(parsed({"lint", "--", "--odd", "-name"}).arguments.operands == Words{"--odd", "-name"});
}

TEST_CASE("a value that looks odd stays a value") {
  CHECK(parsed({"run", "g", "--filter", "id=a b,!tag=x|y"}).arguments.text("--filter") == "id=a b,!tag=x|y");
  CHECK(refused({"run", "g", "--filter="}).message == "--filter needs a value");
  CHECK(refused({"run", "g", "--reports", ""}).message == "--reports needs a value");
}

TEST_CASE("unknown words are refused with a guess") {
  CHECK(refused({"rnu", "g"}).hint == "did you mean 'run'?");
  CHECK(refused({"run", "g", "--tirals", "2"}).hint == "did you mean '--trials'?");
  CHECK(refused({"run", "g", "--tirals=2"}).message.find("'--tirals'") != std::string::npos);
  CHECK(refused({"frobnicate"}).hint.find("--help") != std::string::npos);
  CHECK(refused({}).hint.find("--help") != std::string::npos);
  CHECK(refused({"--frobnicate"}).message.find("unknown option") != std::string::npos);
  CHECK(refused({"suite", "relaese", "x"}).hint == "did you mean 'suite release'?");
  CHECK(refused({"suite"}).message.find("needs a verb") != std::string::npos);
}

TEST_CASE("verbs of later versions say so") {
  CHECK(refused({"admit", "g"}).message.find("not in this version") != std::string::npos);
  CHECK(refused({"suite", "add", "g"}).message.find("not in this version") != std::string::npos);
}

TEST_CASE("numbers, operands and repeats are checked") {
  for (const char* bad : {"0", "-1", "x", "1.5", "", "99999999999999999999", " 3"}) {
    INFO(bad);
    CHECK(refused({"run", "g", "--trials", bad}).message.find("--trials") != std::string::npos);
  }
  CHECK(parsed({"run", "g", "--seed", "0"}).arguments.whole("--seed") == 0);
  CHECK(refused({"run"}).message == "'run' needs GATE");
  CHECK(refused({"run", "a", "b"}).message.find("unexpected 'b'") != std::string::npos);
  CHECK(refused({"run", "g", "--seed", "1", "--seed", "2"}).message.find("more than once") != std::string::npos);
  CHECK(refused({"run", "g", "--color", "alway"}).hint == "did you mean 'always'?");
  CHECK(refused({"run", "g", "--filter"}).message == "--filter needs a value");
}

TEST_CASE("every verb has help with an example, its options and the exit codes") {
  for (const auto& verb : verbs()) {
    Words words;
    for (std::size_t from = 0; from < verb.name.size();) {
      const std::size_t end = std::min(verb.name.find(' ', from), verb.name.size());
      words.push_back(verb.name.substr(from, end - from));
      from = end + 1;
    }
    words.push_back("--help");
    const std::string text = help(words);
    INFO(text);
    CHECK(text.find("Example") != std::string::npos);
    CHECK(text.find("headgate " + verb.name) != std::string::npos);
    CHECK(text.find("Exit status:") != std::string::npos);
    CHECK(text.find("--json") != std::string::npos);
    for (const auto& option : verb.options) CHECK(text.find(option.name) != std::string::npos);
    words.pop_back();
    words.insert(words.begin(), "help");
    CHECK(help(words) == text);
    CHECK(overview().find("  " + verb.name + " ") != std::string::npos);
  }
  CHECK(help({"--help"}) == overview());
  CHECK(help({"help"}) == overview());
  CHECK(help({"suite", "--help"}).find("suite release") != std::string::npos);
}

TEST_CASE("no verb or option is listed twice, and later verbs are not listed") {
  for (const auto& verb : verbs()) {
    std::vector<std::string> names = {"--json", "--color", "--help", "-h"};
    for (const auto& option : verb.options) {
      names.push_back(option.name);
      names.insert(names.end(), option.also.begin(), option.also.end());
    }
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  }
  for (const auto& name : later_verbs()) CHECK(find_verb(name) == nullptr);
}
