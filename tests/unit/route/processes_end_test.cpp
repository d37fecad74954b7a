// Nothing of ours survives, and nothing that is not ours is touched.
#include <catch2/catch.hpp>

#include <sys/wait.h>

#include "programs.hpp"

using namespace headgate;
using namespace headgate::route;
using namespace headgate::test;

namespace {

// Starts a child in its group, one in a session of its own, and one that was left by its parent; all of them deaf to
// SIGTERM and SIGHUP, with deaf children of their own. Goes on when their pids are written.
std::string family(const std::string& pids) {
  const std::string deaf = "trap \"\" TERM HUP; echo $$ >> " + pids + "; sleep 300 & wait; sleep 300; sleep 300";
  return "sh -c '" + deaf + "' & setsid sh -c '" + deaf + "' & (setsid sh -c '" + deaf + "' > /dev/null 2>&1 &); " +
         "until [ -f " + pids + " ] && [ $(wc -l < " + pids + ") -ge 3 ]; do sleep 0.01; done; ";
}

const std::string answer_once = "read -r line; printf '%s\\n' \"$line\"; ";

Call hasty(std::uint64_t ticket, std::size_t lane = 0) {
  Call out = call(ticket, "hello", lane);
  out.timeout_ms = 50;
  return out;
}

}  // namespace

TEST_CASE("no descendant survives, whatever group or session it is in") {
  const Holdings before = Holdings::now();
  TempFolder folder;
  const bool is_stuck = GENERATE(false, true);
  std::vector<pid_t> pids;
  {
    Line line(shell(family(folder.path("pids")) + answer_once + "sleep 300"));
    CHECK(line.ask(call(1)).error == ErrorKind::none);
    pids = pids_in(folder.path("pids"), 3);
    REQUIRE(pids.size() == 3);
    CHECK(alive_of(pids) == 3);
    if (is_stuck) CHECK(line.ask(hasty(2)).error == ErrorKind::timeout);
  }
  CHECK(alive_of(pids) == 0);
  CHECK(Holdings::now() == before);
}

TEST_CASE("a one-shot program's family ends when nobody is left whose it could be") {
  const Holdings before = Holdings::now();
  TempFolder folder;
  Line line(shell(family(folder.path("pids")) + "echo done", Speaks::text_once));
  CHECK(line.ask(call(1)).bytes == "done\n");
  const std::vector<pid_t> pids = pids_in(folder.path("pids"), 3);
  REQUIRE(pids.size() == 3);
  for (int i = 0; i < 2000 && alive_of(pids) > 0; ++i) std::this_thread::sleep_for(10ms);
  CHECK(alive_of(pids) == 0);
  line.end();
  CHECK(Holdings::now() == before);
}

TEST_CASE("a worker that ignores SIGTERM is killed after the time of grace, one that does not is left to end") {
  TempFolder folder;
  ProgramSpec deaf = shell("trap '' TERM; echo $$ > " + folder.path("pid") + "; " + answer_once + "sleep 300");
  deaf.limits.grace = Millis{300};
  ProgramSpec polite = shell("trap 'echo bye >&2; echo bye > " + folder.path("bye") + "; exit' TERM; " + answer_once +
                             "while :; do sleep 0.01; done");
  polite.limits.grace = Millis{20'000};
  Line line({deaf, polite});
  for (const std::size_t lane : {0u, 1u}) {
    CHECK(line.ask(call(1 + lane, "x", lane)).error == ErrorKind::none);
    CHECK(line.ask(hasty(3 + lane, lane)).error == ErrorKind::timeout);
  }
  const std::vector<pid_t> pid = pids_in(folder.path("pid"), 1);
  line.end();
  CHECK(alive_of(pid) == 0);
  CHECK(folder.read("bye") == "bye\n");
}

TEST_CASE("stop ends everything at once and delivers the rest as interrupted") {
  const Holdings before = Holdings::now();
  {
    ProgramSpec slow_once = program({"/bin/sleep", "60"}, Speaks::text_once);
    ProgramSpec slow_files = program({"/bin/sleep", "60"}, Speaks::files_once);
    Line line({shell("sleep 60"), slow_once, slow_files, program({"/bin/cat"})});
    CHECK(line.ask(call(100, "x", 3)).error == ErrorKind::none);
    std::vector<Call> some;
    for (std::uint64_t i = 0; i < 60; ++i) some.push_back(call(i, "x", i % 3));
    line.send(std::move(some));
    std::this_thread::sleep_for(50ms);
    line.transport().stop(50);
    const auto all = line.wait(61);
    REQUIRE(all.size() == 61);
    for (const auto& [ticket, arrival] : all) {
      if (ticket != 100) CHECK(arrival.error == ErrorKind::interrupted);
    }
    CHECK(line.ask(call(200)).error == ErrorKind::interrupted);
    line.transport().stop(0);
    line.end();
    CHECK(line.count() == 62);
  }
  CHECK(Holdings::now() == before);
}

TEST_CASE("a transport may end with calls on their way, or be stopped from its own thread") {
  const Holdings before = Holdings::now();
  {
    Line line(shell("sleep 60"));
    line.send(calls(10));
  }
  CHECK(Holdings::now() == before);
  {
    std::mutex mutex;
    std::condition_variable came;
    std::size_t count = 0;
    Transport* self = nullptr;
    const auto transport = start_processes(
        {program({"/bin/cat"})},
        [&](std::vector<Arrival>&& some) {
          self->stop(0);
          const std::lock_guard lock(mutex);
          count += some.size();
          came.notify_all();
        },
        nullptr);
    self = transport.get();
    transport->send(calls(100));
    std::unique_lock lock(mutex);
    CHECK(came.wait_for(lock, 10s, [&] { return count == 100; }));
  }
  CHECK(Holdings::now() == before);
}

TEST_CASE("the children of others are not touched") {
  const auto start_sleeper = [] {
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::execl("/bin/sleep", "sleep", "60", nullptr);
      ::_exit(127);
    }
    return pid;
  };
  const pid_t early = start_sleeper();
  Line other(shell("(setsid sleep 60 > /dev/null 2>&1 &); exec cat"));
  CHECK(other.ask(call(1)).error == ErrorKind::none);
  const pid_t late = start_sleeper();
  {
    Line line(program({"/bin/cat"}));
    CHECK(line.ask(call(1)).error == ErrorKind::none);
  }
  CHECK(is_alive(early));
  CHECK(is_alive(late));
  CHECK(other.ask(call(2)).error == ErrorKind::none);
  other.end();
  for (const pid_t pid : {early, late}) {
    CHECK(is_alive(pid));
    ::kill(pid, SIGKILL);
    CHECK(::waitpid(pid, nullptr, 0) == pid);
  }
}

TEST_CASE("children die with a process that is killed") {
  TempFolder folder;
  const pid_t harness = ::fork();
  if (harness == 0) {
    const auto transport = start_processes(
        {shell("echo $$ > " + folder.path("pid") + "; exec sleep 60")}, [](std::vector<Arrival>&&) {}, nullptr);
    transport->send(calls(1));
    ::pause();
  }
  const std::vector<pid_t> pid = pids_in(folder.path("pid"), 1);
  REQUIRE(pid.size() == 1);
  ::kill(harness, SIGKILL);
  ::waitpid(harness, nullptr, 0);
  for (int i = 0; i < 300 && alive_of(pid) > 0; ++i) std::this_thread::sleep_for(10ms);
  CHECK(alive_of(pid) == 0);
}
