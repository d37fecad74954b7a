#include "headgate/route/prompt.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace headgate;
using namespace headgate::route;

namespace {

Template compiled(const std::string& text) {
  auto out = Template::compile(text, [](std::size_t, std::string message, std::string) { FAIL(message); });
  REQUIRE(out.has_value());
  return std::move(*out);
}

Case plain() {
  Case item;
  item.id = "c1";
  item.input.text = R"("Where is \"it\"?")";
  item.vars.text = R"({"name":"Ana","n":3,"nothing":null})";
  item.context.text = R"([{"id":"kb-1","text":"Refunds take 5 days."},{"text":"No id."}])";
  item.expected.text = R"("SECRET ANSWER")";
  item.tags = {"SECRET-TAG"};
  item.segments = {{"risk", "SECRET-SEGMENT"}};
  item.graders = {{"equals", false, JsonText{R"({"value":"SECRET GRADER"})"}}};
  return item;
}

Case conversation() {
  Case item;
  item.id = "c2";
  item.input.text =
      R"([{"content":"Be brief.","role":"system"},{"content":[{"text":"one","type":"text"},{"text":"two","type":"text"}],"role":"user"}])";
  return item;
}

Case with_image() {
  Case item;
  item.id = "c3";
  item.input.text = R"([{"content":[{"digest":"sha256:0","file":"a.png","type":"image"}],"role":"user"}])";
  return item;
}

std::string shown(const Result<std::vector<Message>>& messages) {
  if (!messages) return "error: " + messages.error().message;
  std::string out;
  for (const Message& each : *messages) out += each.role + "=" + each.text + ";";
  return out;
}

}  // namespace

TEST_CASE("without a prompt a route is asked the input alone") {
  CHECK(shown(Prompt{}.render(plain())) == "user=Where is \"it\"?;");
  CHECK(shown(Prompt{}.render(conversation())) == "system=Be brief.;user=one\ntwo;");
  CHECK(shown(Prompt{}.render(with_image())).starts_with("error: case c3 holds an image"));
}

TEST_CASE("parts are filled from the case, in order") {
  const Prompt prompt{{{"system", compiled("You help {{case.vars.name}}, plan {{case.vars./n}}. {{open}}x}}"), "p.md"},
                       {"user", compiled("{{ case.input }}\n{{case.context}}"), "r.yaml:3"}}};
  CHECK(shown(prompt.render(plain())) ==
        "system=You help Ana, plan 3. {{x}};user=Where is \"it\"?\n[kb-1] Refunds take 5 days.\n\nNo id.;");
}

TEST_CASE("a conversation comes in message by message, but not inside other text") {
  const Prompt alone{{{"system", compiled("Rules."), "p.md"}, {"user", compiled("{{case.input}}"), "r.yaml:3"}}};
  CHECK(shown(alone.render(conversation())) == "system=Rules.;system=Be brief.;user=one\ntwo;");
  const Prompt inside{{{"user", compiled("Q: {{case.input}}"), "r.yaml:3"}}};
  CHECK(shown(inside.render(conversation())) ==
        "error: case c2 is a conversation, which does not fit inside other text: {{case.input}} in r.yaml:3");
}

TEST_CASE("a value the case lacks is an error that names it, never an empty text") {
  for (const char* variable : {"case.vars.city", "case.vars.nothing", "case.vars./name/x"}) {
    INFO(variable);
    const Prompt prompt{{{"user", compiled(std::string("In {{") + variable + "}}"), "p.md"}}};
    CHECK(shown(prompt.render(plain())) == std::string("error: case c1 has no {{") + variable + "}} in p.md");
  }
  Case bare = plain();
  bare.context = {};
  bare.vars = {};
  const Prompt prompt{{{"user", compiled("{{case.context}}"), "p.md"}}};
  CHECK(shown(prompt.render(bare)) == "error: case c1 has no {{case.context}} in p.md");
  CHECK(prompt_lack(*prompt.parts[0].text.only_variable(), true, bare) == PromptLack::missing);
  CHECK(prompt_lack(*prompt.parts[0].text.only_variable(), true, plain()) == PromptLack::none);
}

TEST_CASE("a request says what the route needs, and nothing that graders judge by") {
  RouteParts parts;
  parts.model.text = R"("m-2026")";
  parts.params.text = R"({"temperature":0})";
  parts.tool_policy.text = R"("read_only")";
  parts.program.text = R"({"command":["SECRET"]})";
  CallId id;
  id.bytes[0] = 0xab;
  const Case item = plain();
  const std::string line = request_line(id, item, 2, parts, *Prompt{}.render(item));
  CHECK(Json::parse(line) == Json::parse(R"({
    "id": "ab000000000000000000000000000000",
    "case": {"id":"c1","input":"Where is \"it\"?","vars":{"name":"Ana","n":3,"nothing":null},
             "context":[{"id":"kb-1","text":"Refunds take 5 days."},{"text":"No id."}]},
    "trial": 2,
    "messages": [{"role":"user","content":"Where is \"it\"?"}],
    "model": "m-2026", "params": {"temperature":0}, "tool_policy": "read_only"})"));
  CHECK(line.find("SECRET") == std::string::npos);
  CHECK(line.starts_with(R"({"id":"ab)"));

  Case odd;
  odd.id = "line\nbreak\"";
  odd.input.text = R"("a\nb\u2028")";
  const std::string one = request_line(id, odd, 0, {}, {{"user", "x\ny\r"}});
  CHECK(one.find('\n') == std::string::npos);
  CHECK(Json::parse(one).at("messages").at(0).at("content").get<std::string>() == "x\ny\r");
  CHECK(Json::parse(one).at("case").size() == 2);
}
