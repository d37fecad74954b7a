// Judges and embeddings of a gate file.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "gate_folder.hpp"
#include "headgate/domain/codec.hpp"

using namespace headgate;
using namespace headgate::config;

namespace {

struct Helped : GateFolder {
  Helped() {
    environment = {{"PATH", "/usr/bin:/bin"}, {"KEY", "sk-0123456789"}};
    write("s/suite.yaml",
          "suite: s\nversion: 1.0.0\nsegments: {language: [en, de], risk: any}\nsevere_classes: {leak: tells}\n"
          "graders:\n  - {kind: judge, judge: rubric, rubric: is kind}\n"
          "  - {kind: similarity, metric: cosine, embeddings: small, value: x, at_least: 0.5}\n");
    write("judge.yaml", "route: judge\nkind: openai\nendpoint: https://x.example/v1\nmodel: m\nkey: env:KEY\n");
    write("embed.yaml", "route: embed\nkind: openai\napi: embeddings\nendpoint: https://x.example/v1\nmodel: e\n");
  }
  std::optional<Gate> with(const std::string& lines) { return load(plain_gate + lines); }
  Said said_with(const std::string& lines) { return said_of(plain_gate + lines); }
};

const std::string embeddings = "embeddings: {small: embed.yaml}\n";

}  // namespace

TEST_CASE("a judge is a route file, or that with its calibrations") {
  Helped folder;
  const auto plain = folder.with("judges: {rubric: judge.yaml}\n" + embeddings);
  REQUIRE(plain);
  REQUIRE(plain->judges.at("rubric").route);
  CHECK(plain->judges.at("rubric").route->http->spec.url == "https://x.example/v1/chat/completions");
  CHECK(plain->embeddings.at("small").http->spec.url == "https://x.example/v1/embeddings");
  CHECK(asked_routes(*plain).size() == 2);
  REQUIRE(plain->suites[0].needs.judges.size() == 1);

  Calibration calibration;
  calibration.use = *plain->suites[0].needs.judges.begin();
  calibration.route = "judge";
  calibration.route_digest = plain->judges.at("rubric").route->use.digest;
  calibration.made_at = "2026-11-20T12:00:00Z";
  folder.write("c.json", canonical(to_json(calibration)));
  const auto calibrated = folder.with("judges: {rubric: {route: judge.yaml, calibration: [c.json]}}\n" + embeddings);
  REQUIRE(calibrated);
  CHECK(calibrated->judges.at("rubric").calibrations.size() == 1);
  folder.write("d.json", canonical(to_json(calibration)));
  const Said twice =
      folder.said_with("judges: {rubric: {route: judge.yaml, calibration: [c.json, d.json]}}\n" + embeddings);
  REQUIRE(twice.size() == 1);
  CHECK(twice[0].ends_with("d.json' is a second calibration of the same judge by the same rubric"));
}

TEST_CASE("whom a suite asks must be named, and is what it should be") {
  Helped folder;
  const Said unnamed = folder.said_with("judges: {rubrik: judge.yaml}\n");
  REQUIRE(unnamed.size() == 2);
  CHECK(unnamed[0] == "gate.yaml:4:10: suite 's' asks judge 'rubric', which this gate does not name");
  CHECK(unnamed[1] == "gate.yaml:4:10: suite 's' asks embedding 'small', which this gate does not name");
  CHECK(folder.hints[0] == "did you mean 'rubrik'?");
  CHECK(folder.hints[1] == "say which route that is: embeddings: {small: routes/small.yaml}");

  CHECK(folder.said_with("judges: {rubric: embed.yaml}\n" + embeddings) ==
        Said{"gate.yaml:7:18: route 'embed' turns texts into vectors and judges nothing"});
  CHECK(folder.said_with("judges: {rubric: a.yaml}\n" + embeddings) ==
        Said{"gate.yaml:7:18: route 'a' is recorded, and nobody recorded what a judge will be asked"});
  CHECK(folder.said_with("judges: {rubric: {}}\n" + embeddings) ==
        Said{"gate.yaml:7:18: judge 'rubric' is asked, and has no route"});
  CHECK(folder.said_with("judges: {rubric: judge.yaml}\nembeddings: {small: judge.yaml}\n") ==
        Said{"gate.yaml:8:21: route 'judge' does not turn texts into vectors"});
  CHECK(folder.said_with("judges: {rubric: none.yaml}\n" + embeddings).size() == 1);
  folder.write("c.json", "{}");
  const Said none = folder.said_with("judges: {rubric: {route: judge.yaml, calibration: c.json}}\n" + embeddings);
  REQUIRE(none.size() == 1);
  CHECK(none[0].find("c.json' is no calibration: ") != std::string::npos);
}

TEST_CASE("secrets and prices of judges and embeddings are checked like those of routes") {
  Helped folder;
  const std::string judges = "judges: {rubric: judge.yaml}\n" + embeddings;
  folder.environment.erase("KEY");
  CHECK(folder.said_with(judges).size() == 1);
  folder.options.routes = RouteNeed::plan;
  const auto planned = folder.with(judges);
  REQUIRE(planned);
  CHECK(planned->judges.at("rubric").route->missing.size() == 1);
  folder.environment["KEY"] = "sk-0123456789";
  folder.options.routes = RouteNeed::calls;
  const Said prices = folder.said_with(judges + "budget: {max_usd: 1}\n");
  REQUIRE(prices.size() == 2);
  CHECK(prices[0].find("what route 'judge' costs") != std::string::npos);
  CHECK(prices[1].find("what route 'embed' costs") != std::string::npos);
  // One that nobody asks needs neither.
  folder.write("other.yaml", "route: other\nkind: openai\nendpoint: https://x.example/v1\nmodel: m\nkey: env:NONE\n");
  CHECK(folder.with("judges: {rubric: judge.yaml, spare: other.yaml}\n" + embeddings));
  // To grade again nobody asks the routes, but the judges must be there.
  folder.options.routes = RouteNeed::replies;
  folder.environment.erase("KEY");
  CHECK(folder.said_with(judges).size() == 1);
}

TEST_CASE("an arm is no embedding, and an embedding's price needs no output") {
  Helped folder;
  const std::string lines = "judges: {rubric: judge.yaml}\n" + embeddings;
  folder.write("b.yaml", "route: b\nkind: openai\napi: embeddings\nendpoint: https://x.example/v1\nmodel: e\n");
  CHECK(folder.said_with(lines) == Said{"gate.yaml:3:12: route 'b' turns texts into vectors and answers nobody"});
  CHECK(folder.said_of_route("route: e\nkind: openai\napi: embeddings\nendpoint: https://x.example/v1\nmodel: e\n"
                             "price: {input_per_mtok: 0.02}\n") == Said{"no complaint"});
  CHECK(folder.said_of_route("route: e\nkind: openai\napi: embeddings\nendpoint: https://x.example/v1\nmodel: e\n"
                             "stream: true\n") == Said{"r.yaml:6:1: embeddings come whole"});
}
