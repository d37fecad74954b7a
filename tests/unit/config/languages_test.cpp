// Languages of a gate: what its suites need is there, or said to be missing. What happens in a box is tested in route.
#include <catch2/catch.hpp>

#include "gate_folder.hpp"
#include "headgate/config/languages.hpp"
#include "language_reader.hpp"

using namespace headgate;
using namespace headgate::config;
using Catch::Matchers::Contains;

namespace {

class CodeFolder : public GateFolder {
 public:
  explicit CodeFolder(const std::string& language = "python") {
    environment = {{"PATH", "/usr/bin:/bin"}};
    write("s/suite.yaml",
          "suite: s\nversion: 1.0.0\nsegments: {language: [en, de], risk: any}\ngraders:\n  - {kind: code, language: " +
              language + ", tests: 'f(1)'}\n");
  }
  std::string all_said() const {
    std::string out;
    for (const std::string& one : said) out += one + "\n";
    return out;
  }
};

const char* own = "languages:\n  mine: {command: [sh, run.sh, -x], readable: [/usr/share]}\n";

}  // namespace

TEST_CASE("the languages that ship have templates, and no others") {
  CHECK_THAT(std::string(shipped_template("python")), Contains("VERDICT = 3"));
  CHECK_THAT(std::string(shipped_template("cpp")), Contains("around.cpp"));
  CHECK(shipped_template("ruby").empty());
}

TEST_CASE("a language that nobody runs is said at the suites") {
  CodeFolder folder("pyton");
  CHECK_FALSE(folder.load().has_value());
  CHECK_THAT(folder.all_said(), Contains("a suite runs programs in 'pyton', which this gate has no template for"));
}

TEST_CASE("an operator's own language: its files go into the box, and change what it is") {
  CodeFolder folder("mine");
  folder.environment["PATH"] = "/nowhere";
  folder.write("run.sh", "echo one\n");
  folder.options.unsafe_no_sandbox = true;
  const auto gate = folder.load(plain_gate + own);
  INFO(folder.all_said());
  REQUIRE(gate.has_value());
  CHECK(gate->unsandboxed);
  const Language& mine = gate->languages.at("mine");
  REQUIRE(mine.program.sandbox.has_value());
  CHECK_FALSE(mine.program.sandbox->isolates());
  CHECK(mine.program.sandbox->readable == std::vector<std::string>{"/usr/share"});
  CHECK(mine.program.speaks == route::Speaks::files_once);

  folder.write("run.sh", "echo two\n");
  const auto changed = folder.load(plain_gate + own);
  REQUIRE(changed.has_value());
  CHECK(changed->languages.at("mine").digest != mine.digest);

  folder.options.unsafe_no_sandbox = false;
  CHECK_FALSE(folder.load(plain_gate + own).has_value());
  CHECK_THAT(folder.all_said(), Contains("bubblewrap (bwrap) is not there"));
}

TEST_CASE("what a language may name is checked") {
  CodeFolder folder("mine");
  folder.options.unsafe_no_sandbox = true;
  CHECK_FALSE(folder.load(plain_gate + "languages:\n  mine: {command: [no-such-interpreter]}\n").has_value());
  CHECK_THAT(folder.all_said(), Contains("no-such-interpreter"));
  CHECK_FALSE(folder.load(plain_gate + "languages:\n  mine: {command: [sh], readable: [relative]}\n").has_value());
  CHECK_THAT(folder.all_said(), Contains("absolute path"));
}

TEST_CASE("a gate without programs needs no bubblewrap and has no languages") {
  GateFolder folder;
  folder.environment = {{"PATH", "/nowhere"}};
  const auto gate = folder.load();
  REQUIRE(gate.has_value());
  CHECK(gate->languages.empty());
  CHECK_FALSE(gate->unsandboxed);
  CHECK(probe_languages(gate->languages).has_value());
}
