#include <catch2/catch.hpp>

#include <filesystem>

#include "headgate/route/program.hpp"
#include "support/temp_folder.hpp"

using namespace headgate;
using namespace headgate::route;
using Catch::Matchers::Contains;

namespace {

const std::string usual_path = "/usr/local/bin:/usr/bin:/bin";

class Programs : public test::TempFolder {
 public:
  std::string add(const std::string& name, const std::string& content, bool is_executable = true) const {
    const std::string path = write(name, content);
    namespace fs = std::filesystem;
    fs::permissions(path, is_executable ? fs::perms::owner_all : fs::perms::owner_read | fs::perms::owner_write);
    return path;
  }
  Result<std::string> find(const std::string& word) const { return find_program(word, path(), usual_path); }
  std::string refusal(const std::string& word) const {
    const Result<std::string> found = find(word);
    if (found) return "found: " + *found;
    CHECK(found.error().code == ErrorCode::input);
    return found.error().message + " / " + found.error().hint;
  }
};

}  // namespace

TEST_CASE("a program is a path relative to the folder, or a word of the search path") {
  const Programs programs;
  const std::string script = programs.add("bin/run.sh", "#!/bin/sh\necho hello\n");
  CHECK(programs.find("./bin/run.sh").value() == script);
  CHECK(programs.find("bin/run.sh").value() == script);
  CHECK(programs.find(script).value() == script);
  CHECK(programs.find("sh").value().ends_with("/sh"));
  CHECK(find_program("run.sh", "/", "relative/bin::" + programs.path("bin")).value() == script);
}

TEST_CASE("what cannot be found says where to look") {
  const Programs programs;
  programs.add("model.sh", "#!/bin/sh\n");
  CHECK_THAT(programs.refusal(""), Contains("names no program"));
  CHECK_THAT(programs.refusal("no-such-program"), Contains("'no-such-program' is not found") && Contains(usual_path));
  CHECK_THAT(programs.refusal("model.sh"), Contains("is not found") && Contains("./model.sh"));
  CHECK_THAT(programs.refusal("./nothing"), Contains("No such file"));
  CHECK_THAT(programs.refusal("./"), Contains("is a folder"));
  CHECK_THAT(programs.refusal("/dev/null"), Contains("is not a file"));
}

TEST_CASE("what may not be executed is refused") {
  const Programs programs;
  const std::string path = programs.add("run.sh", "#!/bin/sh\n", false);
  CHECK_THAT(programs.refusal("./run.sh"), Contains("may not be executed") && Contains("chmod +x " + path));
  CHECK_FALSE(find_program("run.sh", "/", programs.path()));
}

TEST_CASE("scripts need an interpreter that is there") {
  const Programs programs;
  programs.add("missing", "#!/usr/bin/no-such-interpreter -x\n");
  programs.add("windows", "#!/bin/sh\r\necho hello\r\n");
  programs.add("bare", "#!\necho\n");
  programs.add("env_missing", "#!/usr/bin/env no-such-interpreter\n");
  programs.add("env", "#!/usr/bin/env python3\nprint()\n");
  programs.add("env_split", "#!/usr/bin/env -S python3 -u\nprint()\n");
  programs.add("loop", "#!" + programs.path("loop") + "\n");
  programs.add("through_folder", "#!" + programs.path() + "\n");
  CHECK_THAT(programs.refusal("./missing"), Contains("needs the interpreter '/usr/bin/no-such-interpreter'"));
  CHECK_THAT(programs.refusal("./windows"), Contains("Windows line end"));
  CHECK_THAT(programs.refusal("./bare"), Contains("no interpreter"));
  CHECK_THAT(programs.refusal("./env_missing"), Contains("needs 'no-such-interpreter'"));
  CHECK_THAT(programs.refusal("./loop"), Contains("too many times over"));
  CHECK_THAT(programs.refusal("./through_folder"), Contains("is a folder"));
  CHECK(programs.find("./env"));
  CHECK(programs.find("./env_split"));
}

TEST_CASE("texts without #!, empty files and programs for other machines are refused") {
  const Programs programs;
  programs.add("text.sh", "echo hello\n");
  programs.add("empty", "");
  programs.add("data", std::string("MZ\0\0", 4));
  std::string elf = programs.read("../../../../../../proc/self/exe");
  elf.resize(4096);
  std::string other_machine = elf;
  other_machine[18] = static_cast<char>(other_machine[18] ^ 0x55);  // e_machine
  std::string other_class = elf;
  other_class[4] = 1;  // 32 bits
  programs.add("other_machine", other_machine);
  programs.add("other_class", other_class);
  programs.add("cut", elf.substr(0, 10));
  CHECK_THAT(programs.refusal("./text.sh"),
             Contains("without #!") && Contains("#!/bin/sh") && Contains("[sh, text.sh]"));
  CHECK_THAT(programs.refusal("./empty"), Contains("is empty"));
  CHECK_THAT(programs.refusal("./data"), Contains("neither a script"));
  CHECK_THAT(programs.refusal("./other_machine"), Contains("for another machine"));
  CHECK_THAT(programs.refusal("./other_class"), Contains("for another machine"));
  CHECK_THAT(programs.refusal("./cut"), Contains("for another machine"));
  CHECK(programs.find("/bin/cat"));
}

TEST_CASE("names from outside are escaped in complaints") {
  const Programs programs;
  CHECK_THAT(programs.refusal("./\033[31m"), !Contains("\033"));
}
