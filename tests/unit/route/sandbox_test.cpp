// A box, tried with shell scripts: what a language's template can rely on. What whole languages do in it is tested
// beside them and end to end. Never start a fork bomb here: it is only harmless where the box holds.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>

#include "headgate/route/sandbox.hpp"
#include "programs.hpp"
#include "syscall_filter.hpp"

using namespace headgate;
using namespace headgate::route;
using namespace headgate::test;
using Catch::Matchers::Contains;

namespace {

bool works() {
  static const bool held = [] {
    const auto found = find_bubblewrap("/usr/local/bin:/usr/bin:/bin");
    if (!found) return false;
    ProgramSpec spec = shell("echo up >&3", Speaks::files_once);
    spec.sandbox.emplace();
    spec.sandbox->bubblewrap = *found;
    const auto tried = call_once(spec, Call{});
    return tried && tried->exit && tried->exit->verdict == "up\n";
  }();
  if (!held) WARN("no bubblewrap works here: boxes are not tested");
  return held;
}

ProgramSpec in_box(const std::string& script) {
  ProgramSpec spec = shell(script, Speaks::files_once);
  spec.limits.timeout = Millis{60'000};
  spec.limits.grace = Millis{0};
  spec.sandbox.emplace();
  spec.sandbox->bubblewrap = *find_bubblewrap("/usr/local/bin:/usr/bin:/bin");
  return spec;
}

Arrival run(const ProgramSpec& spec, std::string payload = {}) {
  Call call;
  call.payload = std::move(payload);
  auto arrival = call_once(spec, call);
  REQUIRE(arrival.has_value());
  return std::move(*arrival);
}

std::string verdict_of(const std::string& script) {
  const Arrival arrival = run(in_box(script));
  INFO(arrival.message);
  REQUIRE(arrival.exit.has_value());
  INFO(arrival.exit->errors);
  return arrival.exit->verdict;
}

}  // namespace

TEST_CASE("a box: stdin, stdout, stderr, status and verdict come apart") {
  if (!works()) return;
  const Arrival arrival = run(in_box("read word; echo out $word; echo err >&2; echo judged >&3; exit 7"), "hello\n");
  CHECK(arrival.error == ErrorKind::none);
  CHECK(arrival.bytes == "out hello\n");
  REQUIRE(arrival.exit.has_value());
  CHECK(arrival.exit->status == 7);
  CHECK(arrival.exit->errors == "err\n");
  CHECK(arrival.exit->verdict == "judged\n");
}

TEST_CASE("a box: nothing of ours is seen inside") {
  if (!works()) return;
  ::setenv("HEADGATE_TEST_CANARY", "1", 1);
  const std::string seen = verdict_of("env >&3; ls -a / /tmp /dev >&3");
  ::unsetenv("HEADGATE_TEST_CANARY");
  CHECK_THAT(seen, !Contains("CANARY"));
  for (const char* hidden : {"\nhome\n", "\nroot\n", "\netc\n", "\nproc\n", "\nsys\n"})
    CHECK_THAT(seen, !Contains(hidden));
  CHECK(verdict_of("[ -e /proc/1/environ ] || echo none >&3; [ -e /proc/self ] || echo none >&3") == "none\nnone\n");
  CHECK(verdict_of("id -u >&3; id -g >&3") == "65534\n65534\n");
}

TEST_CASE("a box: only /tmp and /dev/shm can be written to, and they are bounded") {
  if (!works()) return;
  CHECK(
      verdict_of(
          "for d in / /usr /box /dev /bin /lib; do (: >$d/x) 2>/dev/null && echo wrote $d >&3; done; echo done >&3") ==
      "done\n");
  const std::string fill =
      "i=0; while [ $i -lt 40 ]; do head -c 8000000 /dev/zero >DIR/f$i 2>/dev/null || break; i=$((i+1)); done; "
      "[ $i -lt 40 ] && echo full >&3";
  for (const std::string folder : {"/tmp", "/dev/shm"}) {
    std::string script = fill;
    script.replace(script.find("DIR"), 3, folder);
    CHECK(verdict_of(script) == "full\n");
  }
  CHECK(verdict_of("head -c 20000000 /dev/zero >/tmp/large; wc -c </tmp/large >&3") == "16777216\n");
}

TEST_CASE("a box: processes have an end, and its number is of the box alone") {
  if (!works()) return;
  ProgramSpec spec = in_box("ulimit -u >&3 2>/dev/null || ulimit -p >&3");
  spec.sandbox->processes = 40;
  CHECK(run(spec).exit->verdict == "40\n");
  // As many sleepers as there is room for, and not one more; all are gone with the box.
  spec = in_box("i=0; while [ $i -lt 100 ]; do sleep 1000 & i=$((i+1)); done 2>/dev/null; echo all >&3");
  spec.sandbox->processes = 20;
  const Arrival full = run(spec);
  REQUIRE(full.exit.has_value());
  CHECK(full.exit->status != 0);
  CHECK(full.exit->verdict.empty());
}

TEST_CASE("a box: what it left behind dies with it") {
  if (!works()) return;
  const Holdings before = Holdings::now();
  CHECK(verdict_of("setsid sleep 1000 & setsid sh -c 'trap \"\" TERM HUP; sleep 1000' & echo up >&3") == "up\n");
  CHECK(Holdings::now() == before);
}

TEST_CASE("a box: a time-out ends all of it, whatever it ignores, and says what was heard") {
  if (!works()) return;
  ProgramSpec spec = in_box("echo begun >&3; trap '' TERM HUP INT; setsid sleep 1000 & while :; do sleep 1000; done");
  spec.limits.timeout = Millis{1500};
  const Holdings before = Holdings::now();
  const Arrival late = run(spec);
  CHECK(late.error == ErrorKind::timeout);
  REQUIRE(late.exit.has_value());
  CHECK(late.exit->verdict == "begun\n");
  CHECK(Holdings::now() == before);
}

TEST_CASE("a box: what is written is cut, and so is the verdict") {
  if (!works()) return;
  ProgramSpec spec = in_box("echo begun >&3; head -c 10000000 /dev/zero");
  spec.limits.output_bytes = 1000;
  const Arrival flood = run(spec);
  CHECK(flood.error == ErrorKind::too_large);
  REQUIRE(flood.exit.has_value());
  CHECK(flood.exit->verdict == "begun\n");
  spec = in_box("head -c 10000000 /dev/zero >&3");
  spec.sandbox->verdict_bytes = 1000;
  CHECK(run(spec).exit->verdict.size() == 1000);
}

TEST_CASE("a box: files stand in it, read-only") {
  if (!works()) return;
  ProgramSpec spec = in_box("cat /box/a/b /box/judge >&3; (: >/box/a/b) 2>/dev/null || echo kept >&3");
  spec.sandbox->files = {{"/box/judge", "judge\n"}};
  Call call;
  call.files = {{"a/b", "told\n"}};
  const auto arrival = call_once(spec, call);
  REQUIRE(arrival.has_value());
  CHECK(arrival->exit->verdict == "told\njudge\nkept\n");
}

TEST_CASE("a box: neither memory of another process nor new namespaces are to be had") {
  if (!works() || ::access("/usr/bin/python3", X_OK) != 0) return;
  ProgramSpec spec = in_box("");
  spec.command.words = {"/usr/bin/python3", "-S", "-c", R"(
import ctypes, os, socket
libc = ctypes.CDLL(None, use_errno=True)
PTRACE, UNSHARE, MOUNT, KEYCTL, SETNS, KILL, PRLIMIT = 101, 272, 165, 250, 308, 62, 302
def tried(name, *args):
    if libc.syscall(*args) >= 0: os.write(3, b"did %s\n" % name.encode())
if os.uname().machine == "x86_64":
    tried("ptrace", PTRACE, 16, 1, 0, 0)
    tried("unshare", UNSHARE, 0x10000000)
    tried("mount", MOUNT, b"none", b"/tmp", b"tmpfs", 0, 0)
    tried("keyctl", KEYCTL, 0, -3, 0)
    tried("clone", 56, 0x10000000 | 17, 0, 0, 0, 0)
    child = os.fork()
    if child == 0:
        tried("kill", KILL, 2, 0)
        tried("kill all", KILL, -1, 0)
        tried("kill by another word", KILL, 2 | 1 << 40, 0)
        tried("kill its group", KILL, -2, 0)
        tried("prlimit", PRLIMIT, 2, 0, 0, 0)
        os._exit(0)
    os.waitpid(child, 0)
for family in (40, 38, 17, 16):
    try:
        socket.socket(family, socket.SOCK_RAW if family in (16, 17) else socket.SOCK_STREAM)
        os.write(3, b"socket %d\n" % family)
    except OSError:
        pass
os.write(3, b"pid %d\n" % os.getpid())
)"};
  CHECK(run(spec).exit->verdict == "pid " + std::to_string(first_process) + "\n");
}

TEST_CASE("without a box the session, the limits and the verdict stay") {
  ProgramSpec spec = shell("env | sort >&3; ulimit -c >&3; ulimit -n >&3; ulimit -t >&3; [ -w . ] && echo own >&3",
                           Speaks::files_once);
  spec.limits.timeout = Millis{20'000};
  spec.sandbox.emplace();
  const Arrival arrival = run(spec);
  REQUIRE(arrival.exit.has_value());
  CHECK_THAT(arrival.exit->verdict, Contains("HOME=/"));
  CHECK_THAT(arrival.exit->verdict, Contains("\n0\n64\n21\nown\n"));
  if (::geteuid() == 0) {
    spec = shell("id -u >&3", Speaks::files_once);
    spec.sandbox.emplace();
    CHECK(run(spec).exit->verdict == "65534\n");
  }
}

TEST_CASE("bubblewrap that is not there is said, with the way to get it") {
  const auto found = find_bubblewrap("/nowhere");
  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().code == ErrorCode::input);
  CHECK_THAT(found.error().hint, Contains("bubblewrap"));
}
