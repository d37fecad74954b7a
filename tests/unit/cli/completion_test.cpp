#include "completion.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "support/temp_folder.hpp"
#include "verbs.hpp"

using namespace headgate;
using namespace headgate::cli;

namespace {

const Environment no_environment = [](const std::string&) -> std::optional<std::string> { return std::nullopt; };

Completion at(const std::vector<std::string>& words) { return complete(words, no_environment); }

std::vector<std::string> words_at(const std::vector<std::string>& words) {
  std::vector<std::string> out;
  for (const Candidate& candidate : at(words).candidates) out.push_back(candidate.word);
  return out;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("every verb and every option of the table is offered") {
  const Words first = words_at({""});
  for (const Verb& verb : verbs()) {
    const std::size_t space = verb.name.find(' ');
    CHECK(std::ranges::count(first, verb.name.substr(0, space)) == 1);
    Words typed;
    if (space != std::string::npos) {
      typed.push_back(verb.name.substr(0, space));
      Words second = typed;
      second.emplace_back();
      CHECK(std::ranges::count(words_at(second), verb.name.substr(space + 1)) == 1);
    }
    typed.push_back(verb.name.substr(space == std::string::npos ? 0 : space + 1));
    typed.emplace_back("--");
    const Words options = words_at(typed);
    for (const Option& option : verb.options) CHECK(std::ranges::count(options, option.name) == 1);
    for (const Option& option : common_options()) CHECK(std::ranges::count(options, option.name) == 1);
  }
}

TEST_CASE("a value is completed behind its option, in one word or in two") {
  CHECK(words_at({"run", "--color", ""}) == Words{"auto", "always", "never"});
  CHECK(words_at({"run", "--color=n"}) == Words{"--color=never"});
  CHECK(words_at({"run", "--trials", ""}).empty());
  CHECK(at({"show", "--reports", ""}).also == Completion::Also::folders);
  CHECK(at({"decide", "--gate", ""}).also == Completion::Also::files);
  CHECK(words_at({"run", "--quiet=", ""}).empty());
}

TEST_CASE("operands are counted, options and their values are none") {
  CHECK(at({"plan", ""}).also == Completion::Also::files);
  CHECK(at({"plan", ""}).extensions == Words{"yaml", "yml", "json"});
  CHECK(at({"plan", "--trials", "3", ""}).also == Completion::Also::files);
  CHECK(at({"plan", "--trials=3", ""}).also == Completion::Also::files);
  CHECK(at({"plan", "a.yaml", ""}).also == Completion::Also::nothing);
  CHECK(at({"lint", "a", "b", ""}).also == Completion::Also::files);
  CHECK(words_at({"graders", "--", "nu"}) == Words{"number"});
  CHECK(words_at({"graders", "--", "--"}).empty());
  CHECK(words_at({"completion", ""}) == Words{"bash", "zsh", "fish"});
}

TEST_CASE("a line that cannot become a command has no candidates") {
  CHECK(words_at({}).size() > 5);
  CHECK(words_at({"nonsense", ""}).empty());
  CHECK(words_at({"suite", "nonsense", ""}).empty());
  CHECK(words_at({"help", "run", ""}).empty());
  CHECK(words_at({"help", "suite", ""}).size() == words_at({"suite", ""}).size());
  CHECK(words_at({"version", ""}).empty());
}

TEST_CASE("runs are looked for where they are, and names that need quotes are left out") {
  test::TempFolder folder;
  for (const char* name : {"demo/20261120T120000Z-1a2b3c4d", "demo/with blank", "$(odd)/20261120T120001Z-00000000"}) {
    folder.write(std::string("runs/") + name + "/plan.jsonl", "{}\n");
  }
  const Words found = words_at({"show", "--reports", folder.path("runs"), ""});
  CHECK(std::ranges::count(found, "20261120T120000Z-1a2b3c4d") == 1);
  CHECK(std::ranges::count(found, "demo") == 1);  // a gate, for its latest run
  CHECK(std::ranges::count(found, "with blank") == 0);
  const Environment environment = [&](const std::string& name) {
    return name == "HEADGATE_REPORTS" ? std::optional(folder.path("runs")) : std::nullopt;
  };
  const Words typed = {"show", "2026"};
  CHECK(complete(typed, environment).candidates.size() == 2);
}

TEST_CASE("what the scripts read") {
  Completion completion;
  CHECK(completion_lines(completion) == "nothing\n");
  completion.also = Completion::Also::files;
  completion.extensions = {"yaml", "json"};
  completion.candidates = {{"run", "runs it"}, {"plan", ""}};
  CHECK(completion_lines(completion) == "files yaml json\nrun\truns it\nplan\t\n");
  for (const char* shell : {"bash", "zsh", "fish"}) {
    CHECK(completion_script(shell).find("completion words --") != std::string::npos);
  }
}
