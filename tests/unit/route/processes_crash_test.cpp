// Long-lived workers that die, and who is to blame.
#include <catch2/catch.hpp>

#include "programs.hpp"

using namespace headgate;
using namespace headgate::route;
using namespace headgate::test;
using Catch::Matchers::Contains;

namespace {

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("of many calls on their way, only the one that takes workers down is blamed") {
  ProgramSpec spec = shell(
      "while read -r l; do case $l in *boom*) echo 'no memory for this' >&2; kill -9 $$;; "
      "*) printf '%s\\n' \"$l\";; esac; done");
  // This one reads all that is there at once, so calls behind the bad one are suspects too.
  if (GENERATE(false, true)) {
    spec = python(
        "import os, sys\n"
        "while block := os.read(0, 65536):\n"
        "  for line in block.splitlines(keepends=True):\n"
        "    if b'boom' in line:\n"
        "      os.write(2, b'no memory for this\\n')\n"
        "      os.kill(os.getpid(), 9)\n"
        "    os.write(1, line)\n");
  }
  spec.workers = GENERATE(1u, 2u);
  spec.in_flight = 16;
  Line line(spec);
  std::vector<Call> some = calls(100);
  for (const std::uint64_t bad : {7u, 8u, 60u}) some[bad] = call(bad, "boom");
  line.send(std::move(some));
  const auto all = line.wait(100);
  REQUIRE(all.size() == 100);
  for (const auto& [ticket, arrival] : all) {
    INFO(ticket << " " << arrival.message);
    const bool is_bad = ticket == 7 || ticket == 8 || ticket == 60;
    CHECK(arrival.error == (is_bad ? ErrorKind::child_died : ErrorKind::none));
    if (is_bad) {
      CHECK(arrival.message == "the program was killed by signal 9 (Killed) before it replied: no memory for this");
    }
    CHECK(arrival.sends <= 2);
  }
  line.end();
  CHECK(line.count() == 100);
}

TEST_CASE("a program that always dies is not started thousands of times") {
  TempFolder folder;
  const Holdings before = Holdings::now();
  ProgramSpec spec = shell("echo start >> " + folder.path("starts") + "; echo 'no such model' >&2; exit 3");
  Line line(spec);
  line.send(calls(1000));
  const auto all = line.wait(1000);
  REQUIRE(all.size() == 1000);
  std::size_t died = 0;
  for (const auto& [ticket, arrival] : all) {
    INFO(arrival.message);
    CHECK((arrival.error == ErrorKind::child_died || arrival.error == ErrorKind::breaker));
    CHECK_THAT(arrival.message, Contains("the program ended with status 3 before it replied: no such model"));
    died += arrival.error == ErrorKind::child_died ? 1 : 0;
  }
  CHECK(died >= 1);
  CHECK(died <= max_deaths);
  CHECK(lines_in(folder.read("starts")) == max_deaths);
  const Arrival later = line.ask(call(2000));
  CHECK(later.error == ErrorKind::breaker);
  CHECK_THAT(later.message, Contains("not started again after 5 failures without any reply"));
  line.end();
  CHECK(lines_in(line.notes()) <= max_notes);
  CHECK(Holdings::now() == before);
}

TEST_CASE("a program that cannot be started says why, and nothing is left") {
  const Holdings before = Holdings::now();
  const Speaks speaks = GENERATE(Speaks::json_lines, Speaks::json_once, Speaks::text_once);
  TempFolder folder;
  const std::string not_a_program = folder.write("text", "hello");
  std::filesystem::permissions(not_a_program, std::filesystem::perms::owner_all);
  const std::vector<std::pair<std::vector<std::string>, std::string>> table = {
      {{"/nowhere/at/all"}, "cannot start /nowhere/at/all: No such file or directory"},
      {{"/etc/passwd"}, "cannot start /etc/passwd: Permission denied"},
      {{not_a_program}, "Exec format error"},
      {{"/bin/true", std::string(std::size_t{3} << 20, 'x')}, "cannot start /bin/true: Argument list too long"},
  };
  for (const auto& [words, why] : table) {
    Line line(program(words, speaks));
    line.send(calls(20));
    const auto all = line.wait(20);
    REQUIRE(all.size() == 20);
    CHECK(all.at(0).error == ErrorKind::child_died);
    CHECK_THAT(all.at(0).message, Contains(why));
    CHECK(all.at(19).error == ErrorKind::breaker);
    CHECK_THAT(all.at(19).message, Contains(why));
  }
  CHECK(Holdings::now() == before);
}

TEST_CASE("a missing working directory is told") {
  ProgramSpec spec = program({"/bin/cat"});
  spec.command.folder = "/nowhere/at/all";
  Line line(spec);
  CHECK(line.ask(call(1)).message == "cannot start /bin/cat: enter its folder: No such file or directory");
}

TEST_CASE("half a line and an exit are a death, not a reply") {
  Line line(shell("read -r l; printf '{\"id\":\"c1\",\"outp'; exit 0"));
  const Arrival arrival = line.ask(call(1));
  CHECK(arrival.error == ErrorKind::child_died);
  CHECK(arrival.message == "the program ended with status 0 before it replied, in the middle of a line");
}

TEST_CASE("a worker that closes its output and lives on is ended") {
  const Holdings before = Holdings::now();
  Line line(shell("exec >&-; while read -r l; do :; done; sleep 60"));
  const Arrival arrival = line.ask(call(1));
  CHECK(arrival.error == ErrorKind::child_died);
  CHECK(arrival.message == "the program closed its output before it replied");
  line.end();
  CHECK(Holdings::now() == before);
}

TEST_CASE("a worker that closes its input is ended") {
  Line line(shell("read -r l; printf '%s\\n' \"$l\"; exec <&-; sleep 60"));
  CHECK(line.ask(call(1)).error == ErrorKind::none);
  std::this_thread::sleep_for(100ms);
  const Arrival arrival = line.ask(call(2));
  INFO(arrival.message);
  CHECK(arrival.error == ErrorKind::none);  // it was never read, so another worker takes it
}

TEST_CASE("a reply without end is cut, and memory stays small") {
  const std::size_t before = resident_bytes();
  ProgramSpec spec = shell("read -r l; cat /dev/zero");
  spec.limits.output_bytes = 1 << 20;
  Line line(spec);
  const Arrival arrival = line.ask(call(1));
  CHECK(arrival.error == ErrorKind::too_large);
  CHECK(arrival.message == "a reply line is longer than 1048576 bytes");
  CHECK(resident_bytes() < before + (std::size_t{100} << 20));
}

TEST_CASE("a flood of lines that are no replies ends the worker") {
  Line line(shell("read -r l; yes"));
  const Arrival arrival = line.ask(call(1));
  CHECK(arrival.error == ErrorKind::malformed_reply);
  CHECK(arrival.message == "the program wrote 1001 lines that are no replies, the first: y");
}

TEST_CASE("a worker that only writes to stderr times out, and only its last words are kept") {
  const std::size_t before = resident_bytes();
  ProgramSpec spec = shell("yes '\033[31mred' >&2");
  spec.limits.timeout = spec.limits.start = Millis{500};
  Line line(spec);
  const Arrival arrival = line.ask(call(1));
  CHECK(arrival.error == ErrorKind::timeout);
  CHECK_THAT(arrival.message, Contains("\\x1b[31mred", Catch::CaseSensitive::No) && !Contains("\033"));
  CHECK(arrival.message.size() < 400);
  CHECK(resident_bytes() < before + (std::size_t{100} << 20));
}

TEST_CASE("a worker that never reads 10 MiB blocks nobody") {
  ProgramSpec deaf = shell("sleep 60");
  deaf.limits.timeout = deaf.limits.start = Millis{200};
  Line line({deaf, program({"/bin/cat"})});
  line.send([] {
    std::vector<Call> some;
    some.push_back(call(1, std::string(std::size_t{10} << 20, 'x')));
    return some;
  }());
  CHECK(line.ask(call(2, "hello", 1)).error == ErrorKind::none);
  CHECK(line.wait(2).at(1).error == ErrorKind::timeout);
}

TEST_CASE("a replying program that dies often is restarted with pauses") {
  TempFolder folder;
  ProgramSpec spec = shell("echo start >> " + folder.path("starts") +
                           "; while read -r l; do case $l in *boom*) exit 1;; *) printf '%s\\n' \"$l\";; esac; done");
  spec.in_flight = 1;
  Line line(spec);
  CHECK(line.ask(call(0)).error == ErrorKind::none);
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t i = 1; i <= 4; ++i) CHECK(line.ask(call(i, "boom")).error == ErrorKind::child_died);
  CHECK(std::chrono::steady_clock::now() - begin >= 50ms + 100ms + 200ms);  // before the 2nd, 3rd and 4th
  CHECK(line.ask(call(9)).error == ErrorKind::none);
  CHECK(lines_in(folder.read("starts")) == 5);
}
