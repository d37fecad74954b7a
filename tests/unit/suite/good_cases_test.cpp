#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "suite_files.hpp"

using namespace headgate;
using namespace headgate::suite;

TEST_CASE("a case is read whole") {
  const auto loaded = load_lines(
      R"({"id":"r1","input":"hi","vars":{"b":2,"a":1},"context":[{"id":"kb","text":"t"}],"expected":{"z":1},)"
      R"("segments":{"risk":"high","language":"de"},"severity":"severe","severe_class":"leak","cluster":"k",)"
      R"("tags":["b","a","b"],"sampling":"targeted","weight":2.5,"graders":[{"kind":"not_contains","value":"no"}],)"
      R"("since":"1.0.0","note":"n","origin":{"kind":"production","ref":"T","at":"2026-06-03","redactions":{"EMAIL":1}}})");
  REQUIRE(loaded.said.empty());
  const Case& item = loaded.suite->cases.at(0);
  CHECK(item.input.text == "\"hi\"");
  CHECK(item.vars.text == R"({"a":1,"b":2})");
  CHECK(item.context.text == R"([{"id":"kb","text":"t"}])");
  CHECK(item.expected.text == R"({"z":1})");
  CHECK(item.segments == std::vector<SegmentValue>{{"language", "de"}, {"risk", "high"}});
  CHECK(item.severity == Severity::severe);
  CHECK(item.severe_class == "leak");
  CHECK(item.cluster == "k");
  CHECK(item.tags == std::vector<std::string>{"a", "b"});
  CHECK(item.sampling == Sampling::targeted);
  CHECK(item.weight == 2.5);
  REQUIRE(item.graders.size() == 1);
  CHECK(item.graders[0].written_kind() == "not_contains");
  CHECK(item.digest == case_digest(item));
}

TEST_CASE("notes, origin and windows are not what a case is") {
  const auto plain = load_lines(R"({"id":"a","input":"x"})");
  const auto noted = load_lines(R"({"note":"n","origin":{"ref":"r"},"since":"0.9.0","input":"x","id":"a"})");
  REQUIRE(noted.suite.has_value());
  CHECK(noted.suite->cases[0].digest == plain.suite->cases[0].digest);
}

TEST_CASE("an absent expectation is not null, and a weight is one") {
  const auto loaded = load_lines(R"({"id":"a","input":"x"})"
                                 "\n"
                                 R"({"id":"b","input":"x","expected":null})");
  REQUIRE(loaded.suite.has_value());
  CHECK(loaded.suite->cases[0].expected.absent());
  CHECK(loaded.suite->cases[1].expected.text == "null");
  CHECK(loaded.suite->cases[0].weight == 1.0);
}

TEST_CASE("variants join the cluster of the case they reword") {
  const auto loaded = load_lines(R"({"id":"a","input":"x"})"
                                 "\n"
                                 R"({"id":"a1","input":"y","variant_of":"a"})"
                                 "\n"
                                 R"({"id":"a2","input":"z","variant_of":"a1"})"
                                 "\n"
                                 R"({"id":"b","input":"x","cluster":"k"})"
                                 "\n"
                                 R"({"id":"b1","input":"y","variant_of":"b"})"
                                 "\n"
                                 R"({"id":"c","input":"x"})");
  REQUIRE(loaded.said.empty());
  std::vector<std::string> clusters;
  for (const Case& item : loaded.suite->cases) clusters.push_back(item.id + "=" + item.cluster);
  CHECK(clusters == std::vector<std::string>{"a=a", "a1=a", "a2=a", "b=k", "b1=k", "c="});
}

TEST_CASE("an image is part of what is asked") {
  const std::string line = R"({"id":"a","input":[{"role":"user","content":[{"type":"image","file":"img/x.png"}]}]})";
  const auto one = load_files({{"suite.yaml", plain_head}, {"cases.jsonl", line}, {"img/x.png", "bytes"}});
  const auto two = load_files({{"suite.yaml", plain_head}, {"cases.jsonl", line}, {"img/x.png", "other"}});
  REQUIRE(one.suite.has_value());
  REQUIRE(two.suite.has_value());
  CHECK(one.suite->cases[0].input.text.find(sha256("bytes").text()) != std::string::npos);
  CHECK(one.suite->cases[0].digest != two.suite->cases[0].digest);
}

TEST_CASE("the head is read whole") {
  const auto loaded = load_files(
      {{"suite.yaml",
        plain_head + "pass: {mean: 0.7}\ntraffic: {language: {en: 0.7, de: 0.3}}\nreviewed_at: 2026-09-01\n"},
       {"cases.jsonl", R"({"id":"a","input":"x","segments":{"risk":"odd","language":"en"}})"}});
  REQUIRE(loaded.said.empty());
  const SuiteHead& head = loaded.suite->head;
  CHECK(head.name == "s");
  CHECK(head.version == "1.0.0");
  CHECK_FALSE(head.released);
  CHECK(head.pass.kind == PassRule::Kind::mean);
  CHECK(head.pass.least_mean == 0.7);
  CHECK(head.segments.at("language") == std::vector<std::string>{"en", "de"});
  CHECK(head.segments.at("risk") == std::vector<std::string>{"odd"});  // any: what the cases have
  CHECK(head.traffic.at("language").at("de") == 0.3);
  CHECK(head.reviewed_at == "2026-09-01");
  CHECK(head.graders.at(0).kind == "contains");
  CHECK(head.cases == 1);
}

TEST_CASE("a suite file in JSON says the same") {
  const std::string line = R"({"id":"a","input":"x"})";
  const auto yaml = load_files(
      {{"suite.yaml", "suite: s\nversion: 1.0.0\ngraders: [{kind: contains, value: ok}]\n"}, {"cases.jsonl", line}});
  const auto json =
      load_files({{"suite.json", R"({"suite":"s","version":"1.0.0","graders":[{"kind":"contains","value":"ok"}]})"},
                  {"cases.jsonl", line}});
  REQUIRE(json.suite.has_value());
  CHECK(json.suite->head.digest == yaml.suite->head.digest);
}

TEST_CASE("cases come from a list, a pattern, a folder") {
  const std::string a = R"({"id":"a","input":"x"})";
  const std::string b = R"({"id":"b","input":"x"})";
  const auto list = load_files(
      {{"suite.yaml", plain_head + "cases: [one.jsonl, sub/two.jsonl]\n"}, {"one.jsonl", a}, {"sub/two.jsonl", b}});
  const auto pattern = load_files({{"suite.yaml", plain_head + "cases: sub/t*.jsonl\n"},
                                   {"sub/two.jsonl", b},
                                   {"sub/tea.jsonl", a},
                                   {"sub/x.jsonl", "no"}});
  const auto folder = load_files({{"suite.yaml", plain_head}, {"cases/1.jsonl", a}, {"cases/2.jsonl", b}});
  REQUIRE(list.suite.has_value());
  REQUIRE(pattern.suite.has_value());
  REQUIRE(folder.suite.has_value());
  CHECK(list.suite->head.digest == pattern.suite->head.digest);
  CHECK(list.suite->head.digest == folder.suite->head.digest);
}

TEST_CASE("threads change nothing") {
  std::string lines;
  for (int i = 0; i < 2000; ++i) {
    lines += R"({"id":"c)" + std::to_string(i) + R"(","input":"x","graders":[{"kind":"contains","value":"v)" +
             std::to_string(i % 7) + "\"}]" + (i % 97 == 5 ? ",\"oops\":1" : "") + "}\n";
  }
  const ForEach threads = [](std::size_t n, const std::function<void(std::size_t)>& body) {
    std::vector<std::thread> all;
    for (std::size_t t = 0; t < 3; ++t) {
      all.emplace_back([&body, n, t] {
        for (std::size_t i = t; i < n; i += 3) body(n - 1 - i);
      });
    }
    for (std::thread& each : all) each.join();
  };
  const auto load_with = [&](const std::string& text, ForEach for_each) {
    return load_files({{"suite.yaml", plain_head}, {"cases.jsonl", text}}, "", {}, std::move(for_each));
  };
  const auto alone = load_with(lines, serial());
  CHECK(alone.said.size() == Complaints::max_kept_per_file);
  CHECK(alone.said == load_with(lines, threads).said);

  std::string clean = lines;
  for (std::size_t at = clean.find(",\"oops\":1"); at != std::string::npos; at = clean.find(",\"oops\":1"))
    clean.erase(at, 9);
  const auto one = load_with(clean, serial());
  const auto three = load_with(clean, threads);
  REQUIRE(three.suite.has_value());
  CHECK(one.suite->head.digest == three.suite->head.digest);
  CHECK(one.suite->cases.size() == 2000);
}
