// Long-lived workers that behave, more or less.
#include <catch2/catch.hpp>

#include "headgate/base/redactor.hpp"
#include "programs.hpp"

using namespace headgate;
using namespace headgate::route;
using namespace headgate::test;
using Catch::Matchers::Contains;

namespace {

const std::string echo = "while read -r line; do printf '%s\\n' \"$line\"; done";

void check_all_answered(Line& line, std::size_t n) {
  const auto all = line.wait(n);
  REQUIRE(all.size() == n);
  for (const auto& [ticket, arrival] : all) {
    INFO(arrival.message);
    CHECK(arrival.error == ErrorKind::none);
    CHECK(arrival.bytes == call(ticket).payload);
    CHECK(arrival.sends == 1);
  }
  line.end();
  CHECK(line.count() == n);
}

}  // namespace

TEST_CASE("a worker answers every call once, many a delivery") {
  const Holdings before = Holdings::now();
  ProgramSpec spec = program({"/bin/cat"});
  spec.in_flight = 64;
  Line line(spec);
  line.send(calls(2000));
  check_all_answered(line, 2000);
  CHECK(line.deliveries() < 1000);
  CHECK(Holdings::now() == before);
}

TEST_CASE("workers share the calls evenly") {
  TempFolder folder;
  ProgramSpec spec = shell("echo $$ >> " + folder.path("pids") + "; " + echo);
  spec.workers = 3;
  spec.in_flight = 6;
  Line line(spec);
  line.send(calls(300));
  check_all_answered(line, 300);
  CHECK(pids_in(folder.path("pids"), 3).size() == 3);
}

TEST_CASE("nothing is started before the first call") {
  const Holdings before = Holdings::now();
  Line line(program({"/bin/cat"}));
  CHECK(Holdings::now().children == before.children);
}

TEST_CASE("replies that come twice, for nobody, or among other lines are told apart") {
  const std::string noise =
      GENERATE(as<std::string>{},  //
               R"(printf '%s\n%s\n' "$l" "$l")", R"(printf '{"id":"nobody"}\n%s\n' "$l")",
               R"(printf 'debug: %s\n%s\n' "$l" "$l")", R"(printf '\n[1]\n{"text":1}\n{"id":7}\n{"id"\n%s\n' "$l")",
               R"(printf '\0\0{"id":"c0"}\n%s\n' "$l")");
  CAPTURE(noise);
  Line line(shell("while read -r l; do " + noise + "; done"));
  for (std::uint64_t i = 0; i < 5; ++i) {
    CHECK(line.ask(call(i)).bytes == call(i).payload);
  }
  line.end();
  CHECK(line.count() == 5);
  CHECK_THAT(line.notes(), Contains("wrote a line that is no reply"));
}

TEST_CASE("replies come in any order") {
  ProgramSpec spec = python(
      "import sys\n"
      "lines = [sys.stdin.readline() for _ in range(8)]\n"
      "sys.stdout.write(''.join(reversed(lines)))\n"
      "sys.stdout.flush()\n"
      "sys.stdin.read()");
  spec.in_flight = 8;
  Line line(spec);
  line.send(calls(8));
  check_all_answered(line, 8);
}

TEST_CASE("Windows line ends are no part of a reply") {
  Line line(shell("while read -r l; do printf '%s\\r\\n' \"$l\"; done"));
  CHECK(line.ask(call(1)).bytes == call(1).payload);
}

TEST_CASE("lines of a megabyte, and a reply that is not UTF-8, arrive as they are") {
  ProgramSpec spec = program({"/bin/cat"});
  Line line(spec);
  const Call large = call(1, std::string(std::size_t{1} << 20, 'x'));
  CHECK(line.ask(large).bytes == large.payload);
  const Call latin = call(2, "gr\xFC\xDF");
  CHECK(line.ask(latin).bytes == latin.payload);
}

TEST_CASE("the start has a time of its own, with or without a word that it is over") {
  const bool says_ready = GENERATE(true, false);
  ProgramSpec spec = shell(std::string("sleep 0.8; ") + (says_ready ? "echo '{\"ready\": true}'; " : "") + "exec cat");
  spec.says_ready = says_ready;
  spec.limits.timeout = Millis{500};
  Line line(spec);
  line.send(calls(4));
  check_all_answered(line, 4);
  CHECK(line.notes().empty());
}

TEST_CASE("a program that never says it is ready gets no call and times out") {
  TempFolder folder;
  ProgramSpec spec = shell("read -r l && echo read >> " + folder.path("read") + "; sleep 60");
  spec.says_ready = true;
  spec.limits.start = Millis{200};
  Line line(spec);
  const Arrival arrival = line.ask(call(1));
  CHECK(arrival.error == ErrorKind::timeout);
  CHECK_THAT(arrival.message, Contains("did not say {\"ready\":true} within 200 ms"));
  line.end();
  CHECK(folder.read("read").empty());
}

TEST_CASE("a call in time has a limit; the message says what the program wrote instead") {
  ProgramSpec spec = shell("echo Welcome; echo loading >&2; while read -r l; do echo thinking; done");
  spec.limits.timeout = Millis{500};
  spec.limits.start = Millis{500};
  Line line(spec);
  const Arrival arrival = line.ask(call(1));
  CHECK(arrival.error == ErrorKind::timeout);
  CHECK(arrival.message ==
        "no reply within 1 s, the start included; it also wrote lines that are no replies, the first: Welcome; its "
        "stderr ends: loading");
  CHECK(arrival.latency_ms >= 1000);
}

TEST_CASE("a stuck call is timed out alone; those behind it are answered by another worker") {
  ProgramSpec spec = shell("while read -r l; do case $l in *stuck*) sleep 60;; *) printf '%s\\n' \"$l\";; esac; done");
  spec.limits.timeout = Millis{700};
  spec.in_flight = 8;
  Line line(spec);
  std::vector<Call> some = calls(8);
  some[3] = call(3, "stuck");
  line.send(std::move(some));
  const auto all = line.wait(8);
  REQUIRE(all.size() == 8);
  for (const auto& [ticket, arrival] : all) {
    INFO(ticket << " " << arrival.message);
    CHECK(arrival.error == (ticket == 3 ? ErrorKind::timeout : ErrorKind::none));
    CHECK(arrival.sends == 1);  // the shell reads line by line: those behind were never looked at
  }
}

TEST_CASE("a call may have a time-out of its own") {
  ProgramSpec spec = shell("read -r l; printf '%s\\n' \"$l\"; sleep 60");
  Line line(spec);
  CHECK(line.ask(call(1)).error == ErrorKind::none);
  Call hasty = call(2);
  hasty.timeout_ms = 100;
  const Arrival arrival = line.ask(std::move(hasty));
  CHECK(arrival.error == ErrorKind::timeout);
  CHECK(arrival.message == "no reply within 100 ms");
}

TEST_CASE("a worker that ends after some calls by its own will harms none") {
  ProgramSpec spec = shell("for i in 1 2 3; do read -r l; printf '%s\\n' \"$l\"; done");
  spec.in_flight = 1;
  Line line(spec);
  for (std::uint64_t i = 0; i < 12; ++i) {
    const Arrival arrival = line.ask(call(i));
    INFO(arrival.message);
    CHECK(arrival.error == ErrorKind::none);
  }
}

TEST_CASE("secrets leave neither by replies nor by messages") {
  const std::string key = "sk-0123456789abcdef";
  ProgramSpec spec =
      shell("read -r l; printf '%s\\n' \"$l\"; read -r l; echo \"key $KEY\"; echo \"bad key $KEY\" >&2; exit 1");
  spec.command.environment.emplace_back("KEY", key);
  spec.secrets = std::make_shared<const Redactor>(std::vector<std::pair<std::string, std::string>>{{"KEY", key}});
  Line line(spec);
  CHECK_THAT(line.ask(call(1, key)).bytes, Contains("[secret KEY]"));
  const Arrival arrival = line.ask(call(2));
  CHECK(arrival.error == ErrorKind::child_died);
  CHECK_THAT(arrival.message, Contains("bad key [secret KEY]") && !Contains(key));
  line.end();
  CHECK_THAT(line.notes(), Contains("[secret KEY]") && !Contains(key));
}
