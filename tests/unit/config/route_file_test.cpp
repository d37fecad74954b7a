#include <catch2/catch.hpp>

#include "gate_folder.hpp"

using namespace headgate;
using namespace headgate::config;

namespace {

std::optional<Route> load_text(GateFolder& folder, const std::string& text) {
  folder.write("r.yaml", text);
  Complaints complaints;
  return load_route(folder.path("r.yaml"), {{"far", folder.path("away")}}, real_files(), complaints);
}

const std::string replay = "route: r\nkind: replay\nreplies: a.jsonl\n";

}  // namespace

TEST_CASE("a recorded route is opened, and its parts make its digest") {
  GateFolder folder;
  folder.write("p.md", "be kind");
  const auto route =
      load_text(folder, replay +
                            "model: m\nprompt: {version: v1, system: p.md, user: \"{{case.input}}\"}\n"
                            "retrieval: {profile: kb}\ntool_policy: read_only\nparams: {temperature: 0}\n");
  REQUIRE(route.has_value());
  CHECK(route->use.name == "r");
  CHECK(route->use.kind == "replay");
  CHECK(route->use.recorded);
  CHECK(route->use.parts.model.text == "\"m\"");
  CHECK(route->use.parts.params.text == R"({"temperature":0})");
  CHECK(route->use.parts.prompt.text.find(sha256("be kind").text()) != std::string::npos);
  CHECK(route->use.parts.replies.absent());
  CHECK(route->use.digest == route_digest(route->use.parts));
  CHECK(std::get<Reply>(route->replies->find("c1", 0)).text == "one");

  // Another text in the same prompt file is another route.
  folder.write("p.md", "be rude");
  const auto other =
      load_text(folder, replay +
                            "model: m\nprompt: {version: v1, system: p.md, user: \"{{case.input}}\"}\n"
                            "retrieval: {profile: kb}\ntool_policy: read_only\nparams: {temperature: 0}\n");
  REQUIRE(other.has_value());
  CHECK(route_diff(route->use.parts, other->use.parts) == Said{"prompt"});
}

TEST_CASE("a route that says nothing of itself is told by its replies") {
  GateFolder folder;
  const auto a = load_text(folder, "route: r\nkind: replay\nreplies: a.jsonl\n");
  const auto b = load_text(folder, "route: r\nkind: replay\nreplies: b.jsonl\n");
  REQUIRE(a.has_value());
  REQUIRE(b.has_value());
  CHECK(route_diff(a->use.parts, b->use.parts) == Said{"replies"});
  CHECK(a->use.digest != b->use.digest);
}

TEST_CASE("of: says whose replies these are, whatever kind that route is") {
  GateFolder folder;
  folder.write("live.yaml",
               "route: live\nkind: openai\nendpoint: https://api.example.com/v1\nkey: env:A_KEY\nmodel: m1\n"
               "limits: {in_flight: 4}\n");
  const auto direct = load_text(folder, replay + "model: m1\n");
  const auto through = load_text(folder, replay + "of: live.yaml\n");
  REQUIRE(direct.has_value());
  REQUIRE(through.has_value());
  CHECK(through->use.digest == direct->use.digest);
  CHECK(through->use.name == "r");

  folder.write("bare.yaml", "route: bare\nkind: replay\nreplies: b.jsonl\n");
  const auto bare = load_text(folder, replay + "of: bare.yaml\n");
  REQUIRE(bare.has_value());
  CHECK(bare->use.digest == load_text(folder, "route: q\nkind: replay\nreplies: b.jsonl\n")->use.digest);
}

TEST_CASE("fields read recorded replies of another shape, from a data root") {
  GateFolder folder;
  folder.write("away/out.jsonl", R"({"key":"c1","answer":{"text":"hello"},"latency_s":1.5,"a/b":0.25})"
                                 "\n");
  const auto route =
      load_text(folder,
                "route: r\nkind: replay\nreplies: data:far/out.jsonl\nfields:\n  case_id: key\n"
                "  output: /answer/text\n  latency_ms: {from: latency_s, scale: 1000}\n  cost_usd: a/b\n");
  REQUIRE(route.has_value());
  const Outcome outcome = route->replies->find("c1", 0);
  REQUIRE(std::holds_alternative<Reply>(outcome));
  CHECK(std::get<Reply>(outcome).text == "hello");
  CHECK(std::get<Reply>(outcome).latency_ms == 1500.0);
  CHECK(std::get<Reply>(outcome).cost_usd == 0.25);
}

TEST_CASE("fields say what recorded values mean") {
  GateFolder folder;
  folder.write("away/out.jsonl", R"({"case_id":"c1","output":"x","recorded":{"stopped":true},"tool_calls":["f"]})"
                                 "\n"
                                 R"({"case_id":"c2","output":"y","recorded":{"stopped":false}})"
                                 "\n");
  const std::string route = "route: r\nkind: replay\nreplies: data:far/out.jsonl\n";
  const auto read = load_text(folder, route +
                                          "fields:\n  error: {from: /recorded/stopped, map: {\"true\": step_limit, "
                                          "\"false\": null}}\n  finish_reason: {const: stop}\n  state: recorded\n");
  REQUIRE(read.has_value());
  CHECK(std::get<CallError>(read->replies->find("c1", 0)).kind == ErrorKind::step_limit);
  const Reply reply = std::get<Reply>(read->replies->find("c2", 0));
  CHECK(reply.finish_reason == "stop");
  CHECK(reply.state.text == R"({"stopped":false})");
  CHECK(reply.recorded == reply.state);

  const auto said_of = [&](const std::string& fields) { return folder.said_of_route(replay + "fields: " + fields); };
  CHECK(said_of("{error: {map: {a: b}}}\n") == Said{"r.yaml:4:17: 'error' in fields needs either 'from' or 'const'"});
  CHECK(said_of("{error: {from: e, const: x}}\n") ==
        Said{"r.yaml:4:17: 'error' in fields needs either 'from' or 'const'"});
  CHECK(said_of("{error: {const: x, map: {a: b}}}\n") == Said{"r.yaml:4:17: 'const' in fields stands alone"});
  CHECK(said_of("{case_id: {const: c1}}\n") ==
        Said{"r.yaml:4:19: every reply would be of one case: 'case_id' cannot be constant"});
  CHECK(said_of("{error: {from: e, map: {}}}\n") == Said{"r.yaml:4:27: the map of 'error' in fields is empty"});
  CHECK(said_of("{error: {from: output, map: {two: timeout}}}\n").at(0).find("the map for /output has no") !=
        std::string::npos);
}

TEST_CASE("mistakes in a route file are named with their place") {
  GateFolder folder;
  const auto said_of = [&](const std::string& text) { return folder.said_of_route(text); };
  CHECK(said_of("kind: replay\nreplies: a.jsonl\n") == Said{"r.yaml:1:1: missing key 'route' in route"});
  CHECK(said_of("route: r\nkind: reply\nreplies: a.jsonl\n") ==
        Said{"r.yaml:2:7: 'kind' must be one of replay, process, openai, anthropic and generic_http, not 'reply'"});
  CHECK(said_of("route: r\nkind: replay\n") ==
        Said{"r.yaml:1:1: a route of recorded replies needs either 'replies' or 'from'"});
  CHECK(said_of(replay + "from: {run: x, arm: baseline}\n").size() == 1);
  CHECK(said_of(replay + "modell: m\n") == Said{"r.yaml:4:1: unknown key 'modell' in route"});
  CHECK(said_of("route: r\nkind: replay\nreplies: [a.jsonl, gone.jsonl]\n")
            .at(0)
            .starts_with("r.yaml:3:20: there is no file"));
  CHECK(said_of("route: r\nkind: replay\nreplies: [a.jsonl, ./a.jsonl]\n").at(0).find("is named twice") !=
        std::string::npos);
  CHECK(said_of("route: r\nkind: replay\nreplies: data:near/x.jsonl\n") ==
        Said{"r.yaml:3:10: there is no data root 'near'"});
  CHECK(said_of(replay + "prompt: {system: gone.md}\n").at(0).starts_with("r.yaml:4:18: "));
  CHECK(said_of(replay + "prompt: {messages: [{role: user}]}\n") ==
        Said{"r.yaml:4:21: a prompt message needs either 'content' or 'file'"});
  CHECK(said_of(replay + "of: gone.yaml\n").at(0).starts_with("r.yaml:4:5: there is no route file"));
  CHECK(said_of(replay + "of: r.yaml\n").at(0).find("goes round in a circle") != std::string::npos);
  CHECK(said_of(replay + "of: a.yaml\nmodel: m\n") == Said{"r.yaml:4:1: 'of' already says what the route is"});
  CHECK(said_of(replay + "fields: {trial: {from: t, scale: 2}}\n") ==
        Said{"r.yaml:4:27: 'scale' is for latency_ms and cost_usd"});
  CHECK(said_of("route: r\nkind: replay\nfrom: {run: gone, arm: baseline}\n").at(0).starts_with("r.yaml:3:13: "));
  CHECK(said_of("route: r\nkind: replay\nreplies: s\n").at(0).starts_with("r.yaml:3:10: "));
}

TEST_CASE("keys of live routes are refused with words for recorded replies") {
  GateFolder folder;
  for (const char* key : {"price", "limits", "endpoint", "key", "fallback"}) {
    CAPTURE(key);
    CHECK(folder.said_of_route(replay + key + ": x\n") ==
          Said{"r.yaml:4:1: '" + std::string(key) + "' means nothing for recorded replies (kind: replay)"});
  }
}

TEST_CASE("a key is never quoted back") {
  GateFolder folder;
  folder.write("r.yaml", replay + "key: sk-test-0000SECRET\n");
  Complaints complaints;
  CHECK_FALSE(load_route(folder.path("r.yaml"), {}, real_files(), complaints).has_value());
  for (const Error& error : complaints.errors()) {
    CHECK((error.message + error.hint + error.place.excerpt).find("SECRET") == std::string::npos);
  }
}
