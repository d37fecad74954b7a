#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "gate_folder.hpp"

using namespace headgate;
using namespace headgate::config;

namespace {

// A folder with a worker in it, and a route file made of a command and further lines.
class ProcessFolder : public GateFolder {
 public:
  ProcessFolder() {
    write("worker.py", "print('one')\n");
    write("run.sh", "#!/bin/sh\necho hi\n");
    ::chmod(path("run.sh").c_str(), 0755);
    environment = {{"PATH", "/usr/bin:/bin"},
                   {"HOME", "/srv/ana"},
                   {"API_KEY", "sk-live-0123456789"},
                   {"EMPTY", ""},
                   {"OTHER", "not handed on"}};
  }

  static std::string text(const std::string& lines, const std::string& command = "[sh, worker.py]") {
    return "route: p\nkind: process\ncommand: " + command + "\n" + lines;
  }

  std::optional<Route> route(const std::string& lines, const std::string& command = "[sh, worker.py]") {
    write("r.yaml", text(lines, command));
    Complaints complaints;
    auto out = load_route(path("r.yaml"), {}, real_files(), complaints, options.environment);
    for (const Error& error : complaints.errors()) UNSCOPED_INFO(error.message);
    return out;
  }
  Said said_of_lines(const std::string& lines, const std::string& command = "[sh, worker.py]") {
    return said_of_route(text(lines, command));
  }
};

std::string value_of(const Route& route, const std::string& name) {
  for (const auto& [each, value] : route.program->command.environment) {
    if (each == name) return value;
  }
  return "(unset)";
}

}  // namespace

TEST_CASE("a process route says what to start, with usual limits") {
  ProcessFolder folder;
  const auto route = folder.route("");
  REQUIRE(route.has_value());
  CHECK(route->use.kind == "process");
  CHECK_FALSE(route->use.recorded);
  CHECK(route->replies == nullptr);
  REQUIRE(route->program.has_value());
  const route::ProgramSpec& program = *route->program;
  CHECK(program.name == "route p");
  CHECK(program.command.words.size() == 2);
  CHECK(program.command.words[0].starts_with('/'));
  CHECK(program.command.words[0].ends_with("/sh"));
  CHECK(program.command.words[1] == "worker.py");
  CHECK(program.command.folder == folder_of(folder.path("r.yaml")));
  CHECK(program.speaks == route::Speaks::json_lines);
  CHECK(program.limits.timeout == Millis(30'000));
  CHECK(program.workers == 1);
  CHECK(program.in_flight == 4);
  CHECK(program.secrets == nullptr);
  CHECK_FALSE(program.says_ready);
}

TEST_CASE("ways of speaking and limits are taken over") {
  ProcessFolder folder;
  const auto worker = folder.route(
      "wait_for_ready: true\nlimits: {timeout: 250ms, start_timeout: 2m, grace: 0s, memory: 512MiB, output: 64KiB, "
      "workers: 8}\n");
  REQUIRE(worker.has_value());
  CHECK(worker->program->says_ready);
  CHECK(worker->program->limits.timeout == Millis(250));
  CHECK(worker->program->limits.start == Millis(120'000));
  CHECK(worker->program->limits.grace == Millis(0));
  CHECK(worker->program->limits.memory_bytes == std::uint64_t{512} << 20);
  CHECK(worker->program->limits.output_bytes == 65536);
  CHECK(worker->program->workers == 8);
  CHECK(worker->program->in_flight == 8);  // no worker is idle by default

  CHECK(folder.route("mode: per_case\n")->program->speaks == route::Speaks::json_once);
  const auto text = folder.route("mode: per_case\nspeaks: text\nlimits: {in_flight: 2}\n", "[./run.sh]");
  REQUIRE(text.has_value());
  CHECK(text->program->speaks == route::Speaks::text_once);
  CHECK(text->program->in_flight == 2);
  CHECK(text->program->command.words[0] == folder.path("run.sh"));
}

TEST_CASE("a program sees a few variables and those it is given") {
  ProcessFolder folder;
  folder.write("secrets/token", "file-secret-value\n");
  const auto route = folder.route(
      "environment: {MODE: strict, PORT: 8080, DEBUG: true, HOME: /tmp, NONE: '', KEY: env:API_KEY, "
      "TOKEN: file:secrets/token}\n");
  REQUIRE(route.has_value());
  CHECK(value_of(*route, "PATH") == "/usr/bin:/bin");
  CHECK(value_of(*route, "HOME") == "/tmp");
  CHECK(value_of(*route, "MODE") == "strict");
  CHECK(value_of(*route, "PORT") == "8080");
  CHECK(value_of(*route, "DEBUG") == "true");
  CHECK(value_of(*route, "NONE").empty());
  CHECK(value_of(*route, "KEY") == "sk-live-0123456789");
  CHECK(value_of(*route, "TOKEN") == "file-secret-value");
  CHECK(value_of(*route, "OTHER") == "(unset)");
  CHECK(value_of(*route, "API_KEY") == "(unset)");
  CHECK(value_of(*route, "LANG") == "(unset)");

  REQUIRE(route->program->secrets != nullptr);
  CHECK((*route->program->secrets)("sk-live-0123456789 file-secret-value strict") ==
        "[secret API_KEY] [secret TOKEN] strict");
  const std::string& part = route->use.parts.program.text;
  CHECK(part.find("sk-live") == std::string::npos);
  CHECK(part.find("file-secret") == std::string::npos);
  CHECK(part.find("env:API_KEY") != std::string::npos);
}

TEST_CASE("a variable that is not set is an error with its name and place") {
  ProcessFolder folder;
  CHECK(folder.said_of_lines("environment:\n  A: plain\n  KEY: env:NO_SUCH_KEY\n") ==
        Said{"r.yaml:6:8: the environment variable NO_SUCH_KEY is not set"});
  CHECK(folder.hints[0] == "set it: export NO_SUCH_KEY=…");
  CHECK(folder.said_of_lines("environment: {KEY: env:EMPTY}\n") ==
        Said{"r.yaml:4:20: the environment variable EMPTY is empty"});
  CHECK(folder.said_of_lines("environment: {KEY: 'env:'}\n").size() == 1);
  CHECK(folder.said_of_lines("environment: {KEY: 'env:A-B'}\n") ==
        Said{"r.yaml:4:20: 'A-B' is no name of an environment variable"});
  CHECK(folder.said_of_lines("environment: {A=B: x}\n") ==
        Said{"r.yaml:4:15: 'A=B' is no name of an environment variable"});
  CHECK(folder.said_of_lines("environment: {KEY: file:gone}\n").at(0).starts_with("r.yaml:4:20: "));
  folder.write("nothing", "\n");
  CHECK(folder.said_of_lines("environment: {KEY: file:nothing}\n") == Said{"r.yaml:4:20: the file 'nothing' is empty"});
  folder.write("nul", std::string("abc\0def", 7));
  CHECK(folder.said_of_lines("environment: {KEY: file:nul}\n").at(0).find("holds a NUL") != std::string::npos);
  CHECK(folder.said_of_lines("environment: {KEY: [x]}\n").size() == 1);
}

TEST_CASE("a program that cannot be started is said at its word") {
  ProcessFolder folder;
  folder.write("plain.txt", "no program\n");
  ::chmod(folder.path("plain.txt").c_str(), 0755);
  folder.write("mine.sh", "#!/bin/sh\n");
  folder.write("lost.sh", "#!/no/such/interpreter\n");
  ::chmod(folder.path("lost.sh").c_str(), 0755);
  for (const char* program :
       {"no-such-program-anywhere", "./gone.sh", "./mine.sh", "./plain.txt", "./lost.sh", "./s"}) {
    INFO(program);
    const Said said = folder.said_of_lines("", std::string("[") + program + ", worker.py]");
    CHECK(said.size() == 1);
    CHECK(said.at(0).starts_with("r.yaml:3:11: "));
  }
  CHECK(folder.said_of_lines("", "['', x]") == Said{"r.yaml:3:11: the first word of a command names the program"});
  CHECK(folder.said_of_lines("", "[]").size() == 1);
  CHECK(folder.said_of_lines("", "sh worker.py").size() == 1);
  CHECK(folder.said_of_route("route: p\nkind: process\n") ==
        Said{"r.yaml:1:1: a route of kind process needs a 'command'"});
}

TEST_CASE("mistakes in limits, mode and keys of other kinds are named with their place") {
  ProcessFolder folder;
  CHECK(folder.said_of_lines("limits: {timeout: 30 sec}\n") == Said{"r.yaml:4:19: '30 sec' is no duration"});
  CHECK(folder.said_of_lines("limits: {timeout: 0s}\n") == Said{"r.yaml:4:19: '0s' is not between 1ms and 24h"});
  CHECK(folder.said_of_lines("limits: {memory: 512}\n").size() == 1);
  CHECK(folder.said_of_lines("limits: {memory: 1KiB}\n") ==
        Said{"r.yaml:4:18: '1KiB' is not between 1MiB and 1048576GiB"});
  CHECK(folder.said_of_lines("limits: {in_flight: 0}\n").size() == 1);
  CHECK(folder.said_of_lines("limits: {time: 1s}\n") == Said{"r.yaml:4:10: unknown key 'time' in limits"});
  CHECK(folder.said_of_lines("mode: batch\n").at(0).find("must be one of worker and per_case") != std::string::npos);
  CHECK(folder.said_of_lines("speaks: text\n") ==
        Said{"r.yaml:4:9: a long-lived worker speaks JSON, a line for each request"});
  CHECK(folder.said_of_lines("mode: per_case\nwait_for_ready: true\n") ==
        Said{"r.yaml:5:1: 'wait_for_ready' is for long-lived workers, this is mode: per_case"});
  CHECK(folder.said_of_lines("mode: per_case\nlimits: {workers: 2, start_timeout: 1s}\n").size() == 2);
  CHECK(folder.said_of_lines("replies: a.jsonl\nof: a.yaml\n") ==
        Said{"r.yaml:4:1: 'replies' is for recorded replies (kind: replay); this route is a program",
             "r.yaml:5:1: 'of' is for recorded replies (kind: replay); this route is a program"});
  CHECK(folder.said_of_lines("timeout: 3s\n") ==
        Said{"r.yaml:4:1: 'timeout' means nothing for a program (kind: process)"});
  CHECK(folder.hints[0] == "write limits: {timeout: 30s}");
  CHECK(folder.said_of_route("route: r\nkind: replay\nreplies: a.jsonl\nmode: worker\ncommand: [sh]\n") ==
        Said{"r.yaml:4:1: 'mode' means nothing for recorded replies (kind: replay)",
             "r.yaml:5:1: 'command' means nothing for recorded replies (kind: replay)"});
}

TEST_CASE("what the program is made of makes the route, how fast it may be asked does not") {
  ProcessFolder folder;
  const auto digest = [&](const std::string& lines, const std::string& command = "[sh, worker.py]") {
    const auto route = folder.route(lines, command);
    REQUIRE(route.has_value());
    return route->use.digest;
  };
  const Digest plain = digest("");
  CHECK(digest("limits: {timeout: 1s, workers: 3}\nwait_for_ready: true\n") == plain);
  CHECK(digest("description: the same\n") == plain);
  CHECK(digest("mode: per_case\n") != plain);
  CHECK(digest("environment: {A: '1'}\n") != plain);
  CHECK(digest("", "[sh, worker.py, --fast]") != plain);
  CHECK(digest("model: m\n") != plain);

  const Digest with_key = digest("environment: {KEY: env:API_KEY}\n");
  folder.environment["API_KEY"] = "sk-live-another-one";
  CHECK(digest("environment: {KEY: env:API_KEY}\n") == with_key);

  folder.write("options.json", "{}");
  folder.write("lib.py", "1");
  const Digest before = digest("files: [lib.py]\n", "[sh, worker.py, --config=options.json]");
  folder.write("options.json", "{ }");
  const Digest edited = digest("files: [lib.py]\n", "[sh, worker.py, --config=options.json]");
  CHECK(edited != before);
  folder.write("lib.py", "2");
  CHECK(digest("files: [lib.py]\n", "[sh, worker.py, --config=options.json]") != edited);
  CHECK(folder.said_of_lines("files: [gone.py]\n").at(0).starts_with("r.yaml:4:9: "));

  folder.write("worker.py", "print('two')\n");
  const auto changed = folder.route("");
  REQUIRE(changed.has_value());
  CHECK(changed->use.digest != plain);

  const Digest script = digest("", "[./run.sh]");
  folder.write("run.sh", "#!/bin/sh\necho other\n");
  CHECK(digest("", "[./run.sh]") != script);
}

TEST_CASE("of: a program says whose recorded replies these are, and starts nothing") {
  ProcessFolder folder;
  folder.write("p.yaml", ProcessFolder::text("model: m\nenvironment: {KEY: env:NO_SUCH_KEY}\n"));
  const std::string replay = "route: r\nkind: replay\nreplies: a.jsonl\nof: p.yaml\n";
  folder.write("r.yaml", replay);
  Complaints complaints;
  const auto through = load_route(folder.path("r.yaml"), {}, real_files(), complaints);
  REQUIRE(through.has_value());
  CHECK_FALSE(through->program.has_value());
  CHECK(through->use.recorded);
  folder.environment["NO_SUCH_KEY"] = "it is set now";
  CHECK(through->use.digest == folder.route("model: m\nenvironment: {KEY: env:NO_SUCH_KEY}\n")->use.digest);

  folder.write("p.yaml", ProcessFolder::text("", "[no-such-program-anywhere, worker.py]"));
  CHECK(folder.said_of_route(replay) == Said{"no complaint"});
  folder.write("p.yaml", ProcessFolder::text("", "[./gone.sh]"));
  CHECK(folder.said_of_route(replay).at(0).starts_with("p.yaml:3:11: "));
  folder.write("p.yaml", "route: p\nkind: process\n");
  CHECK(folder.said_of_route(replay) == Said{"p.yaml:1:1: a route of kind process needs a 'command'"});
}

TEST_CASE("a key is never quoted back from a program's route either") {
  ProcessFolder folder;
  folder.write("r.yaml", ProcessFolder::text("key: sk-test-0000SECRET\nheaders: {A: SECRET}\n"));
  Complaints complaints;
  CHECK_FALSE(load_route(folder.path("r.yaml"), {}, real_files(), complaints, folder.options.environment).has_value());
  CHECK(complaints.total() == 2);
  for (const Error& error : complaints.errors()) {
    CHECK((error.message + error.hint + error.place.excerpt).find("SECRET") == std::string::npos);
  }
}

TEST_CASE("a wrong type in a program's route hides no other complaint") {
  ProcessFolder folder;
  const Said said = folder.said_of_route(
      "route: p\nkind: process\ncommand: [./gone.sh]\nlimits: {timeout: 5, memory: 2G}\n"
      "prompt: {system: gone.txt, user: '{{case.inptu}}'}\nenvironment: {KEY: env:NO_SUCH_KEY}\n");
  REQUIRE(said.size() == 6);
  CHECK(said[0].starts_with("r.yaml:3:11: "));  // the program
  CHECK(said[1] == "r.yaml:4:19: 'timeout' must be a text, not the number 5");
  CHECK(said[2] == "r.yaml:4:30: '2G' is no size");
  CHECK(said[3].starts_with("r.yaml:5:18: "));  // the file
  CHECK(said[4].starts_with("r.yaml:5:"));      // the variable
  CHECK(said[5] == "r.yaml:6:20: the environment variable NO_SUCH_KEY is not set");

  // A kind that is misspelt is guessed from what stands there; nothing is said of what was complained about.
  CHECK(folder.said_of_route("route: p\nkind: proces\ncommand: [./gone.sh]\n").size() == 2);
  CHECK(folder.said_of_route("route: p\nkind: process\ncommand: 5\n").size() == 1);
  CHECK(folder.said_of_route("route: p\nkind: process\ncommand: [5, worker.py]\n").size() == 1);
  CHECK(folder.said_of_route("route: p\nkind: replay\nreplies: 5\n").size() == 1);
  CHECK(folder.said_of_route("route: p\nkind: replay\nfrom: {run: 5, arm: candidate}\n").size() == 1);
  CHECK(folder.said_of_route("route: p\nkind: replay\nreplies: [5, gone.jsonl]\n").size() == 2);
  CHECK(folder.said_of_route("route: p\nkind: process\ncommand: [sh]\nmode: per_caze\nspeaks: text\n").size() == 1);
}

TEST_CASE("every value of a route may be of a wrong type, by itself and all together") {
  ProcessFolder folder;
  const std::vector<std::string> keys = {"route",       "kind",      "description", "replies",        "fields",
                                         "from",        "of",        "command",     "mode",           "files",
                                         "environment", "limits",    "speaks",      "wait_for_ready", "model",
                                         "prompt",      "retrieval", "tool_policy", "params"};
  const std::vector<std::string> values = {"5", "null", "true", "[]", "[null, {}]", "{}", "{x: [y]}", "''"};
  for (const std::string& value : values) {
    std::string all;
    for (const std::string& key : keys) {
      all += key + ": " + value + "\n";
      CHECK(folder.said_of_lines((key == "command" ? "" : key + ": " + value) + "\nx_: y\n").front() != "no complaint");
      for (const char* head : {"route: p\nkind: replay\nreplies: a.jsonl\n", "kind: process\ncommand: [sh]\n"}) {
        CHECK(folder.said_of_route(head + ("limits: 5\n" + key) + "_: " + value + "\n").front() != "no complaint");
      }
    }
    CHECK(folder.said_of_route(all) != Said{"no complaint"});
  }
  for (const char* prompt : {"{messages: [5, {role: 5, content: 5}, {file: gone.txt}]}", "{messages: 5, user: 5}",
                             "{system: 5}", "{user: '{{case.nothing}}', version: 5}"}) {
    CHECK(folder.said_of_lines("prompt: " + std::string(prompt) + "\n").front() != "no complaint");
  }
  CHECK(folder
            .said_of_route("route: p\nkind: replay\nreplies: a.jsonl\nfields: {case_id: 5, output: {from: 5, scale: "
                           "x}, trial: {}}\n")
            .size() >= 3);
}

TEST_CASE("who does not call a route needs neither its secrets nor its program") {
  ProcessFolder folder;
  const std::string lines = "environment: {KEY: env:NO_SUCH_KEY, TOKEN: file:gone.token, NONE: env:EMPTY}\n";
  const auto read = [&](RouteNeed need, const std::string& text) {
    folder.write("r.yaml", text);
    Complaints complaints;
    auto out = load_route(folder.path("r.yaml"), {}, real_files(), complaints, folder.options.environment, need);
    CHECK(out.has_value() == complaints.empty());
    return out;
  };
  CHECK_FALSE(read(RouteNeed::calls, ProcessFolder::text(lines)));
  const auto planned = read(RouteNeed::plan, ProcessFolder::text(lines));
  REQUIRE(planned);
  REQUIRE(planned->missing.size() == 3);
  CHECK(planned->missing[0] == "the environment variable NO_SUCH_KEY is not set");
  CHECK(planned->missing[1] == "the environment variable EMPTY is empty");
  folder.environment["NO_SUCH_KEY"] = folder.environment["EMPTY"] = "it is set now";
  folder.write("gone.token", "there now\n");
  const auto called = read(RouteNeed::calls, ProcessFolder::text(lines));
  REQUIRE(called);
  CHECK(called->missing.empty());
  CHECK(called->use.digest == planned->use.digest);

  const std::string gone = ProcessFolder::text("files: [gone.json]\n", "[./gone.sh]");
  CHECK_FALSE(read(RouteNeed::plan, gone));
  CHECK(read(RouteNeed::replies, gone));
  CHECK_FALSE(read(RouteNeed::replies, ProcessFolder::text("limits: {timeout: 5}\n")));
}
