// One child a call.
#include <sys/resource.h>

#include <catch2/catch.hpp>

#include <cstdlib>

#include "programs.hpp"

using namespace headgate;
using namespace headgate::route;
using namespace headgate::test;
using Catch::Matchers::Contains;

namespace {

Call text(std::uint64_t ticket, std::string payload, std::size_t lane = 0) {
  Call out;
  out.ticket = ticket;
  out.lane = lane;
  out.payload = std::move(payload);
  return out;
}

// $TMPDIR for as long as it lives.
class TemporaryFiles {
 public:
  TemporaryFiles() { ::setenv("TMPDIR", folder_.path().c_str(), 1); }
  ~TemporaryFiles() { ::unsetenv("TMPDIR"); }
  bool empty() const { return std::filesystem::is_empty(folder_.path()); }

 private:
  TempFolder folder_;
};

}  // namespace

TEST_CASE("a one-shot program's output is the reply") {
  Line line(program({"/bin/cat"}, Speaks::text_once));
  CHECK(line.ask(text(1, "Grüße\nund mehr\n")).bytes == "Grüße\nund mehr\n");
  CHECK(line.ask(text(2, "")).bytes.empty());
  CHECK_FALSE(line.ask(text(3, "x")).exit.has_value());
}

TEST_CASE("its exit status counts, and the end of its stderr is told") {
  Line line({shell("echo half; echo first >&2; echo ' '>&2; echo last >&2; exit 3", Speaks::text_once),
             shell("kill -TERM $$", Speaks::json_once)});
  const Arrival status = line.ask(text(1, "", 0));
  CHECK(status.error == ErrorKind::child_died);
  CHECK(status.message == "the program ended with status 3: first | last");
  CHECK(status.bytes.empty());
  const Arrival signal = line.ask(text(2, "", 1));
  CHECK(signal.error == ErrorKind::child_died);
  CHECK(signal.message == "the program was killed by signal 15 (Terminated)");
}

TEST_CASE("it sees the given environment and nothing else") {
  ::setenv("HEADGATE_TEST_CANARY", "1", 1);
  ProgramSpec spec = program({"/usr/bin/env"}, Speaks::text_once);
  spec.command.environment = {{"A", "1"}, {"B", "two words"}};
  CHECK(Line(spec).ask(text(1, "")).bytes == "A=1\nB=two words\n");
  spec.command.environment = {};
  CHECK(Line(spec).ask(text(1, "")).bytes.empty());
  ::unsetenv("HEADGATE_TEST_CANARY");
}

TEST_CASE("it holds stdin, stdout and stderr, also while other programs live") {
  Line line({program({"/bin/ls", "/proc/self/fd"}, Speaks::text_once), program({"/bin/cat"})});
  CHECK(line.ask(call(1, "hello", 1)).error == ErrorKind::none);
  CHECK(line.ask(text(2, "")).bytes == "0\n1\n2\n3\n");  // 3 is the folder that ls reads
}

TEST_CASE("it starts with no signal ignored or blocked, no core file, in its folder") {
  TempFolder folder;
  ProgramSpec spec = shell("grep -E '^Sig(Blk|Ign)' /proc/self/status; ulimit -c; pwd", Speaks::text_once);
  spec.command.folder = folder.path();
  ::signal(SIGPIPE, SIG_IGN);
  const Arrival arrival = Line(spec).ask(text(1, ""));
  ::signal(SIGPIPE, SIG_DFL);
  CHECK(arrival.bytes == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n0\n" + folder.path() + "\n");
}

TEST_CASE("memory and output have limits") {
  ProgramSpec greedy = python("x = bytearray(512 << 20)", Speaks::text_once);
  greedy.limits.memory_bytes = std::uint64_t{256} << 20;
  ProgramSpec loud = program({"/usr/bin/yes"}, Speaks::text_once);
  loud.limits.output_bytes = 1 << 20;
  const std::size_t before = resident_bytes();
  Line line({greedy, loud});
  CHECK_THAT(line.ask(text(1, "", 0)).message, Contains("status 1") && Contains("MemoryError"));
  const Arrival arrival = line.ask(text(2, "", 1));
  CHECK(arrival.error == ErrorKind::too_large);
  CHECK(arrival.message == "the program wrote more than 1048576 bytes");
  CHECK(resident_bytes() < before + (std::size_t{100} << 20));
}

TEST_CASE("it need not read 10 MiB of stdin, and times out where it never ends") {
  const std::string much(std::size_t{10} << 20, 'x');
  ProgramSpec slow = program({"/bin/sleep", "60"}, Speaks::text_once);
  slow.limits.timeout = Millis{200};
  Line line({shell("exec <&-; echo ok", Speaks::text_once), slow, program({"/bin/cat"}, Speaks::text_once)});
  CHECK(line.ask(text(1, much, 0)).bytes == "ok\n");
  const Arrival arrival = line.ask(text(2, much, 1));
  CHECK(arrival.error == ErrorKind::timeout);
  CHECK(arrival.message == "no reply within 200 ms");
  CHECK(line.ask(text(3, much, 2)).bytes == much);
}

TEST_CASE("a helper left in the background does not hold the reply back") {
  const Holdings before = Holdings::now();
  TempFolder folder;
  const auto begin = std::chrono::steady_clock::now();
  Line line(shell("sleep 60 & echo $! > " + folder.path("pid") + "; echo done", Speaks::text_once));
  CHECK(line.ask(text(1, "")).bytes == "done\n");
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
  line.end();
  CHECK(alive_of(pids_in(folder.path("pid"), 1)) == 0);
  CHECK(Holdings::now() == before);
}

TEST_CASE("a call with files has a folder of its own, which is gone afterwards") {
  const TemporaryFiles temporary;
  Line line(shell("cat main.txt sub/more.txt; touch new; chmod 0 sub; echo words >&2; exit 7", Speaks::files_once));
  Call one = text(1, "");
  one.files = {{"main.txt", "one "}, {"sub/more.txt", "two"}};
  const Arrival arrival = line.ask(std::move(one));
  CHECK(arrival.error == ErrorKind::none);
  CHECK(arrival.bytes == "one two");
  REQUIRE(arrival.exit.has_value());
  CHECK(arrival.exit->status == 7);
  CHECK(arrival.exit->errors == "words\n");
  CHECK(temporary.empty());
}

TEST_CASE("files of a call stay in its folder") {
  const TemporaryFiles temporary;
  const std::string path = GENERATE(as<std::string>{}, "../x", "a/../../x", "/etc/x", "", "a/", ".", "..");
  Line line(program({"/bin/true"}, Speaks::files_once));
  Call one = text(1, "");
  one.files = {{path, "x"}};
  const Arrival arrival = line.ask(std::move(one));
  CHECK(arrival.error == ErrorKind::child_died);
  CHECK_THAT(arrival.message, Contains("the path leaves the folder"));
  CHECK(temporary.empty());
}

TEST_CASE("a call with files that times out, or is killed, leaves no folder") {
  const TemporaryFiles temporary;
  ProgramSpec slow = shell("trap '' TERM; while :; do echo x > file.$$; rm -f file.$$; done", Speaks::files_once);
  slow.limits.timeout = Millis{150};
  Line line({slow, shell("kill -9 $$", Speaks::files_once)});
  CHECK(line.ask(text(1, "", 0)).error == ErrorKind::timeout);
  CHECK(line.ask(text(2, "", 1)).exit->status == 137);
  line.end();
  CHECK(temporary.empty());
}

TEST_CASE("a thousand starts leave no descriptor, no child, no file") {
  const TemporaryFiles temporary;
  const Holdings before = Holdings::now();
  {
    std::vector<ProgramSpec> specs;
    for (const Speaks speaks : {Speaks::text_once, Speaks::files_once}) specs.push_back(program({"/bin/true"}, speaks));
    Line line(specs);
    std::vector<Call> some;
    for (std::uint64_t i = 0; i < 1000; ++i) some.push_back(text(i, "x", i % 2));
    line.send(std::move(some));
    CHECK(line.wait(1000).size() == 1000);
  }
  CHECK(Holdings::now() == before);
  CHECK(temporary.empty());
}

TEST_CASE("where descriptors run short, fewer run at once and no call is lost") {
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  rlimit few = before;
  few.rlim_cur = Holdings::now().descriptors + 40;
  ::setrlimit(RLIMIT_NOFILE, &few);
  {
    ProgramSpec spec = shell("sleep 0.05; cat", Speaks::text_once);
    spec.in_flight = 64;
    Line line(spec);
    std::vector<Call> some;
    for (std::uint64_t i = 0; i < 64; ++i) some.push_back(text(i, "x"));
    line.send(std::move(some));
    const auto all = line.wait(64);
    CHECK(all.size() == 64);
    for (const auto& [ticket, arrival] : all) {
      INFO(arrival.message);
      CHECK(arrival.bytes == "x");
      CHECK(arrival.sends == 1);
    }
    CHECK_THAT(line.notes(), Contains("at once, no more"));
  }
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST_CASE("many large calls from several threads come back whole") {
  ProgramSpec spec = program({"/bin/cat"}, Speaks::text_once);
  spec.in_flight = 64;
  Line line(spec);
  const auto content = [](std::uint64_t i) {
    return std::string(std::size_t{1} << 20, static_cast<char>('A' + i % 64));
  };
  std::vector<std::thread> threads;
  for (std::uint64_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::uint64_t i = 0; i < 16; ++i) {
        std::vector<Call> some;
        some.push_back(text(thread * 16 + i, content(thread * 16 + i)));
        line.send(std::move(some));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto all = line.wait(64);
  REQUIRE(all.size() == 64);
  for (const auto& [ticket, arrival] : all) CHECK(arrival.bytes == content(ticket));
}
