// Routes that have somebody to answer for them.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "http_folder.hpp"

using namespace headgate;
using namespace headgate::config;

TEST_CASE("a fallback is a route of any kind, and part of what the route is") {
  HttpFolder folder;
  folder.write("other.yaml", HttpFolder::text("key: env:A_KEY\nparams: {temperature: 1}\n", "other"));
  folder.write("w.yaml", "route: w\nkind: process\ncommand: [sh]\n");
  folder.environment["PATH"] = "/usr/bin:/bin";
  const auto plain = folder.route("");
  const auto with = folder.route("fallback: other.yaml\n");
  REQUIRE((plain && with));
  REQUIRE(with->fallback != nullptr);
  CHECK(with->fallback->use.name == "other");
  CHECK(with->fallback->http->spec.name == "route other");
  CHECK(with->use.fallback == "other");
  CHECK(route_diff(plain->use.parts, with->use.parts) == Said{"fallback"});
  CHECK(with->use.parts.fallback == to_text(Json(with->fallback->use.digest.text())));

  const auto to_program = folder.route("fallback: w.yaml\n");
  REQUIRE(to_program.has_value());
  CHECK(to_program->fallback->program.has_value());
  const auto to_recorded = folder.route("fallback: a.yaml\n");
  REQUIRE(to_recorded.has_value());
  CHECK(to_recorded->fallback->replies != nullptr);
  const auto of_program = folder.loaded("route: p\nkind: process\ncommand: [sh]\nfallback: other.yaml\n");
  REQUIRE(of_program.has_value());
  CHECK(of_program->fallback->http.has_value());

  folder.write("other.yaml", HttpFolder::text("params: {temperature: 0}\n", "other"));
  CHECK(folder.route("fallback: other.yaml\n")->use.digest != with->use.digest);
  CHECK(folder.said_of_route("route: r\nkind: replay\nreplies: a.jsonl\nfallback: a.yaml\n") ==
        Said{"r.yaml:4:1: 'fallback' means nothing for recorded replies (kind: replay)"});
}

TEST_CASE("a fallback goes to another route, and no further") {
  HttpFolder folder;
  CHECK(folder.said_of_lines("fallback: r.yaml\n") == Said{"r.yaml:5:11: a route is not its own fallback"});
  CHECK(folder.said_of_lines("fallback: ./s/../r.yaml\n") == Said{"r.yaml:5:11: a route is not its own fallback"});
  CHECK(folder.said_of_lines("fallback: gone.yaml\n").at(0).starts_with("r.yaml:5:11: there is no route file"));
  folder.write("back.yaml", HttpFolder::text("fallback: r.yaml\n", "back"));
  CHECK(folder.said_of_lines("fallback: back.yaml\n") ==
        Said{"r.yaml:5:11: the route that this one falls back to has a fallback of its own"});
  folder.write("same.yaml", HttpFolder::text("", "h"));
  CHECK(folder.said_of_lines("fallback: same.yaml\n") == Said{"r.yaml:5:11: the fallback is called 'h' too"});
}

TEST_CASE("what is wrong with a fallback is said at its place in its own file") {
  HttpFolder folder;
  folder.write("other.yaml", HttpFolder::text("key: env:GONE\nlimits: {timeout: 5}\n", "other"));
  CHECK(folder.said_of_lines("fallback: other.yaml\n") ==
        Said{"other.yaml:5:6: the environment variable GONE is not set",
             "other.yaml:6:19: 'timeout' must be a text, not the number 5"});
  folder.write("other.yaml", HttpFolder::text("key: env:GONE\n", "other"));
  const auto planned = folder.loaded(HttpFolder::text("key: env:GONE\nfallback: other.yaml\n"), RouteNeed::plan);
  REQUIRE(planned.has_value());
  CHECK(planned->missing == Said{"the environment variable GONE is not set"});
}
