// Gates with programs in them: prompts against cases, plugins against suites.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "gate_folder.hpp"

using namespace headgate;
using namespace headgate::config;

namespace {

class LiveFolder : public GateFolder {
 public:
  LiveFolder() {
    environment = {{"PATH", "/usr/bin:/bin"}};
    write("b.yaml", route_with("prompt: {system: p.md}\n"));
    write("p.md", "Be kind.\n");
  }
  static std::string route_with(const std::string& lines) {
    return "route: b\nkind: process\ncommand: [sh, w.sh]\n" + lines;
  }
  Said said_of_prompt(const std::string& prompt, const std::string& cases = {}) {
    write("p.md", prompt);
    return said_of_cases(cases);
  }
  Said said_of_cases(const std::string& cases) {
    if (!cases.empty()) write("s/cases.jsonl", cases);
    return load().has_value() ? Said{"no complaint"} : said;
  }
};

std::string case_line(const std::string& id, const std::string& rest = {}) {
  return R"({"id":")" + id + R"(","input":"x")" + rest + "}\n";
}

}  // namespace

TEST_CASE("the texts of a prompt are read and compiled") {
  LiveFolder folder;
  folder.write("p.md", "You serve {{case.id}}.\n");
  folder.write("b.yaml", LiveFolder::route_with("prompt:\n  messages:\n    - {role: system, file: p.md}\n"
                                                "    - {role: assistant, content: \"hm\"}\n"
                                                "    - {role: user, content: \"{{case.input}}\"}\n"));
  const auto gate = folder.load();
  REQUIRE(gate.has_value());
  const route::Prompt& prompt = gate->routes[1].prompt;
  REQUIRE(prompt.parts.size() == 3);
  CHECK(prompt.parts[0].role == "system");
  CHECK(prompt.parts[0].where == folder.path("p.md"));
  CHECK(prompt.parts[2].where == folder.path("b.yaml") + ":8");
  const auto messages = prompt.render(gate->suites[0].cases[0]);
  REQUIRE(messages.has_value());
  CHECK(messages->at(0).text == "You serve c1.\n");
  CHECK(messages->at(2).text == "x");
  CHECK(gate->routes[0].prompt.parts.empty());
  CHECK(gate->routes[1].use.parts.prompt.text.find(sha256("You serve {{case.id}}.\n").text()) != std::string::npos);

  folder.write("b.yaml", LiveFolder::route_with("prompt: {version: v1, system: p.md}\n"));
  const auto usual = folder.load();
  REQUIRE(usual.has_value());
  CHECK(usual->routes[1].prompt.parts.at(1).role == "user");
  CHECK(usual->routes[1].prompt.render(usual->suites[0].cases[1])->at(1).text == "y");
}

TEST_CASE("faults of a prompt file have their place in it") {
  LiveFolder folder;
  CHECK(folder.said_of_prompt("Line one.\nYou are {{case.vars}}.\n") ==
        Said{"p.md:2:9: unknown template variable 'case.vars'"});
  CHECK(folder.said_of_prompt("\xEF\xBB\xBFSay {{case.input\n") == Said{"p.md:1:5: '{{' is never closed"});
  CHECK(folder.said_of_prompt("The answer is {{case.expected}}.") ==
        Said{"p.md:1:15: a prompt must not give {{case.expected}} away"});
  CHECK(folder.said_of_prompt("Caf\xe9") == Said{"b.yaml:4:18: the prompt '" + folder.path("p.md") + "' is not UTF-8"});
  CHECK(folder.said_of_prompt("{{open}}case.x}} is literal") == Said{"no complaint"});
  folder.write("b.yaml", LiveFolder::route_with("prompt: {user: \"Q: {{case.inptu}}\"}\n"));
  CHECK(folder.said_of_cases("") == Said{"b.yaml:4:20: unknown template variable 'case.inptu'"});
  folder.write("b.yaml", LiveFolder::route_with("prompt: {system: gone.md}\n"));
  CHECK(folder.said_of_cases("").size() == 1);
  folder.write("b.yaml", LiveFolder::route_with("mode: per_case\nspeaks: text\nprompt: {system: p.md}\n"));
  CHECK(folder.said_of_prompt("x") == Said{"b.yaml:6:1: a program that speaks text is given the last message alone"});
}

TEST_CASE("every case is held against the prompt before anything is called") {
  LiveFolder folder;
  const std::string with_name = R"(,"vars":{"name":"Ana"})";
  CHECK(folder.said_of_prompt("Dear {{case.vars.name}},\n", case_line("c1", with_name)) == Said{"no complaint"});
  CHECK(folder.said_of_prompt("Dear\n {{case.vars.name}},\n", case_line("c1", with_name) + case_line("c2")) ==
        Said{"p.md:2:2: case c2 has no {{case.vars.name}}"});
  std::string many;
  for (int i = 10; i < 25; ++i) many += case_line("c" + std::to_string(i));
  CHECK(folder.said_of_prompt("Dear {{case.vars.name}},\n", many) ==
        Said{"p.md:1:6: cases c10, c11, c12 and 12 more have no {{case.vars.name}}"});
  CHECK(folder.said_of_prompt("{{case.context}}", case_line("c1")) ==
        Said{"p.md:1:1: case c1 has no {{case.context}}"});

  const std::string talk = R"({"id":"c1","input":[{"role":"user","content":"x"}]})"
                           "\n";
  folder.write("b.yaml", LiveFolder::route_with("prompt: {user: \"Q: {{case.input}}\"}\n"));
  CHECK(folder.said_of_cases(talk) ==
        Said{"b.yaml:4:20: case c1 is a conversation, which does not fit inside other text"});
  folder.write("b.yaml", LiveFolder::route_with(""));
  CHECK(folder.said_of_cases(talk) == Said{"no complaint"});
  folder.write("s/a.png", "png");
  CHECK(folder.said_of_cases(R"({"id":"c1","input":[{"role":"user","content":[{"type":"image","file":"a.png"}]}]})"
                             "\n") == Said{"b.yaml:1:1: case c1 holds an image, which a message of text cannot carry"});
  // Recorded replies were made of another prompt, by somebody else: it is not held against these cases.
  folder.write("b.yaml", "route: b\nkind: replay\nreplies: b.jsonl\nprompt: {user: \"{{whatever}}\"}\n");
  CHECK(folder.said_of_cases(case_line("c1")) == Said{"no complaint"});
}

TEST_CASE("a gate names the plugins that its suites ask") {
  LiveFolder folder;
  folder.write("s/suite.yaml",
               "suite: s\nversion: 1.0.0\ngraders:\n"
               "  - {kind: all_of, graders: [{kind: plugin, name: lint}, {kind: not_plugin, name: other}]}\n"
               "  - {kind: plugin, name: old, retired: 1.0.0}\n");
  folder.write(
      "s/cases.jsonl",
      case_line("c1",
                R"(,"graders":[{"kind":"plugin","name":"mine"},{"kind":"plugin","name":"past","retired":"0.9.0"}])") +
          case_line("c2"));
  folder.write("lint.sh", "one");
  const std::string plugins =
      "plugins:\n  lint: {command: [sh, lint.sh], limits: {timeout: 2s}}\n  other: {command: [sh], mode: per_case}\n"
      "  mine: {command: [sh], environment: {A: b}}\n  unused: {command: [sh]}\n";
  const auto gate = folder.load(plain_gate + plugins);
  for (const std::string& one : folder.said) UNSCOPED_INFO(one);
  REQUIRE(gate.has_value());
  CHECK(gate->suites[0].needs.plugins == std::set<std::string>{"lint", "mine", "other"});
  CHECK(gate->plugins.size() == 4);
  const Plugin& lint = gate->plugins.at("lint");
  CHECK(lint.program.name == "plugin lint");
  CHECK(lint.program.limits.timeout == Millis(2000));
  CHECK(lint.program.limits.output_bytes == std::uint64_t{1} << 20);
  CHECK(lint.program.command.words.at(1) == "lint.sh");
  CHECK(gate->plugins.at("other").program.speaks == route::Speaks::json_once);

  folder.write("lint.sh", "two");
  const auto edited = folder.load();
  REQUIRE(edited.has_value());
  CHECK(edited->plugins.at("lint").digest != lint.digest);
  CHECK(edited->plugins.at("mine").digest == gate->plugins.at("mine").digest);

  CHECK(folder.said_of(plain_gate) ==
        Said{"gate.yaml:4:10: suite 's' asks plugin 'lint', which this gate does not name",
             "gate.yaml:4:10: suite 's' asks plugin 'mine', which this gate does not name",
             "gate.yaml:4:10: suite 's' asks plugin 'other', which this gate does not name"});
  folder.said_of(plain_gate + "plugins: {lnit: {command: [sh]}, mine: {command: [sh]}, other: {command: [sh]}}\n");
  CHECK(folder.hints == std::vector<std::string>{"did you mean 'lnit'?"});
}

TEST_CASE("mistakes in plugins are named with their place, once") {
  LiveFolder folder;
  folder.write("s/suite.yaml", "suite: s\nversion: 1.0.0\ngraders: [{kind: plugin, name: lint}]\n");
  folder.write("s/cases.jsonl", case_line("c1"));
  const auto said_of = [&](const std::string& plugins) {
    return folder.said_of(plain_gate + "plugins: " + plugins + "\n");
  };
  CHECK(said_of("{lint: {command: [no-such-program-anywhere]}}").size() == 1);
  CHECK(folder.said.at(0).starts_with("gate.yaml:7:28: "));
  CHECK(said_of("{lint: {}}") == Said{"gate.yaml:7:17: missing key 'command' in plugin"});
  CHECK(said_of("{lint: {command: [sh], speaks: text}}") == Said{"gate.yaml:7:33: unknown key 'speaks' in plugin"});
  CHECK(said_of("{lint: {command: [sh], environment: {K: env:GONE}}}") ==
        Said{"gate.yaml:7:50: the environment variable GONE is not set"});
  CHECK(said_of("{lint: {command: [sh], model: m}}").size() == 1);
}

TEST_CASE("a suite cannot say which program a plugin is") {
  LiveFolder folder;
  folder.write("s/suite.yaml",
               "suite: s\nversion: 1.0.0\nplugins: {lint: {command: [rm]}}\ngraders: [{kind: contains, value: x}]\n");
  folder.write("s/cases.jsonl", case_line("c1"));
  CHECK(folder.said_of(plain_gate) == Said{"s/suite.yaml:3:1: 'plugins' is the operator's to say, not a suite's"});
}
