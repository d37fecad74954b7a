// What looks into runs (explain, compare), compared byte for byte with approved files.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "golden/scenes.hpp"
#include "headgate/base/json.hpp"
#include "headgate/gate/decide.hpp"
#include "headgate/report/compare.hpp"
#include "headgate/report/explain.hpp"
#include "support/evidence_builder.hpp"

namespace headgate::test {
namespace {

void compare(const std::string& file, const std::string& text) {
  const std::string path = std::string(HEADGATE_SOURCE_DIR) + "/tests/golden/approved/" + file;
  if (std::getenv("HEADGATE_APPROVE") != nullptr) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  std::ifstream in(path, std::ios::binary);
  std::stringstream approved;
  approved << in.rdbuf();
  INFO(path << " (HEADGATE_APPROVE=1 rewrites it; read the difference first)");
  CHECK(approved.str() == text);
}

std::string pretty(const std::string& line) {
  const auto value = parse_own(line);
  REQUIRE(value);
  CHECK(canonical(*value) + "\n" == line);
  return canonical_pretty(*value);
}

// Nothing from outside reaches the terminal as a command, nor the start of a line as one of a build system's.
void check_harmless(const std::string& text) {
  std::size_t line = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    CHECK((c == '\n' || (c >= 0x20 && c != 0x7f)));
    if (c != '\n') continue;
    for (const char* command : {"::", "##vso[", "##["})
      CHECK_FALSE(text.compare(line, std::string(command).size(), command) == 0);
    line = i + 1;
  }
  for (const char* bad : {"\xe2\x80\xae", "\xe2\x81\xa6", "\xc2\x9b"}) CHECK(text.find(bad) == std::string::npos);
}

// The case of each scene whose story is told.
CaseIndex told(const Scene& scene) {
  static const std::map<std::string, std::string> ids{{"eligible", "login-en-0"},
                                                      {"not_eligible", hostile_texts()[0]},
                                                      {"inconclusive", "promise-unknown"},
                                                      {"shadow", "refund-unsteady"},
                                                      {"live", "fell-wrong-0"}};
  return *scene.evidence.cases.find(ids.at(scene.name));
}

const Scene& scene_called(const std::vector<Scene>& all, const std::string& name) {
  return *std::ranges::find(all, name, &Scene::name);
}

std::vector<Digest> digests_of(const Evidence& evidence) {
  std::vector<Digest> digests;
  for (CaseIndex item = 0; item < evidence.cases.size(); ++item) digests.push_back(sha256(evidence.cases.id(item)));
  return digests;
}

}  // namespace

TEST_CASE("explanations are what was approved") {
  for (const Scene& scene : scenes()) {
    const std::string text =
        report::explanation(scene.decision, scene.evidence, scene.quotes, scene.facts, {false, 100});
    compare(scene.name + "/explain.txt", text);
    check_harmless(text);
    compare(scene.name + "/explain.json",
            pretty(report::explanation_json(scene.decision, scene.evidence, scene.quotes, scene.facts)));
    CHECK(text.substr(0, text.find('\n')) ==
          report::terminal(scene.decision, scene.story, scene.facts, {false, 100}).substr(0, text.find('\n')));
  }
}

TEST_CASE("stories of cases are what was approved") {
  for (const Scene& scene : scenes()) {
    const Rules& rules = scene.evidence.plan.rules;
    const std::string text =
        report::case_story(scene.evidence, rules, told(scene), scene.quotes, scene.facts, {false, 100});
    compare(scene.name + "/explain_case.txt", text);
    check_harmless(text);
    compare(scene.name + "/explain_case.json",
            pretty(report::case_story_json(scene.evidence, rules, told(scene), scene.quotes, scene.facts)));
  }
}

TEST_CASE("a story shows context, tags, sampling and every trial") {
  const auto all = scenes();
  const Scene& scene = scene_called(all, "shadow");
  const report::Quotes quotes = [&](CaseIndex item, std::uint32_t trial) {
    auto quote = scene.quotes(item, trial);
    quote->context = R"([{"id":"kb-12","text":"five days\nat most"},{"id":"kb-13","text":"::error::x"}])";
    quote->vars = R"({"name":"Ada"})";
    quote->tags = {"regression"};
    quote->sampling = Sampling::targeted;
    quote->cluster = "ticket-4411";
    quote->weight = 2.0;
    return quote;
  };
  const std::string text =
      report::case_story(scene.evidence, scene.evidence.plan.rules, told(scene), quotes, scene.facts, {false, 100});
  check_harmless(text);
  for (const char* part : {"kb-12: five days\n", "| at most", "kb-13: ::error::x", "regression", "targeted",
                           "ticket-4411", "weight", "Ada", "trial 0", "trial 2", "candidate: fail, score 0.2"}) {
    CAPTURE(part, text);
    CHECK(text.find(part) != std::string::npos);
  }
}

TEST_CASE("comparisons are what was approved") {
  const auto all = scenes();
  const Scene& a = scene_called(all, "not_eligible");
  // The same gate some days later: a looser rule, an edited and a new case, one case better, one that times out, and
  // answers that differ though the route is the same.
  Evidence later = a.evidence;
  later.plan.rules.quality->max_loss = 0.05;
  later.plan.rules.floor = FloorRule{0.5, true};
  later.plan.suites[0].version = "1.5.0";
  const auto cell = [&](const std::string& id, Arm arm) -> Observation& {
    return later.observations[cell_index({*later.cases.find(id), 0, arm}, 1)];
  };
  cell("broken-promise-3", Arm::candidate) = graded(1.0, true);
  cell("broken-promise-3", Arm::candidate).reply_mark = 7;
  cell("refund-7", Arm::candidate).status = Status::route_error;
  cell("refund-7", Arm::candidate).error = ErrorKind::timeout;
  cell(hostile_texts()[0], Arm::candidate) = graded(1.0, true);
  std::vector<Digest> digests_b = digests_of(later);
  digests_b[3] = sha256("edited");
  const Decision decision = gate::decide(later, later.plan.rules);
  const report::ComparedRun first{a.decision, a.evidence, a.quotes, a.facts, "2026-09-01T12:00:00Z"};
  report::ComparedRun second{decision, later, a.quotes, a.facts, ""};
  second.facts.run_id = "20260907T120000Z-5e6f7a8b";
  second.facts.origin = "of run x, graded again";
  const gate::Contrast contrast = gate::contrast(a.evidence, digests_of(a.evidence), later, digests_b);
  const std::string text = report::comparison(first, second, contrast, {false, 100}, false);
  compare("compare/other.txt", text);
  check_harmless(text);
  const std::string full = report::comparison(first, second, contrast, {false, 100}, true);
  compare("compare/other_full.txt", full);
  check_harmless(full);
  compare("compare/other.json", pretty(report::comparison_json(first, second, contrast)));

  const gate::Contrast none = gate::contrast(a.evidence, digests_of(a.evidence), a.evidence, digests_of(a.evidence));
  compare("compare/identical.txt", report::comparison(first, first, none, {false, 100}, false));
  const Scene& shadow = scene_called(all, "shadow");
  const report::ComparedRun other{shadow.decision, shadow.evidence, shadow.quotes, shadow.facts, ""};
  const auto nothing = gate::contrast(a.evidence, digests_of(a.evidence), shadow.evidence, digests_of(shadow.evidence));
  compare("compare/unrelated.txt", report::comparison(first, other, nothing, {false, 100}, false));
}

TEST_CASE("rules are compared value by value") {
  Rules a, b;
  a.quality = QualityRule{Metric::score, 0.03, std::nullopt, false, false};
  b.quality = QualityRule{Metric::pass, 0.03, std::nullopt, false, false};
  b.severe.push_back({"*", 0, std::nullopt, std::nullopt, false});
  std::vector<std::string> said;
  for (const auto& change : report::rule_changes(a, b))
    said.push_back(change.key + ": " + change.a + " -> " + change.b);
  CHECK(said == std::vector<std::string>{"quality.metric: \"score\" -> \"pass\"", "severe.0.class: not asked -> \"*\"",
                                         "severe.0.max_new_failures: not asked -> 0"});
  CHECK(report::rule_changes(a, a).empty());
}

TEST_CASE("where the replies are another run's, a report says so at once") {
  const auto all = scenes();
  Scene scene = scene_called(all, "eligible");
  scene.facts.origin = "of run \x1b[2J, graded again";
  scene.facts.changes = "same answer";
  const std::string text = report::terminal(scene.decision, scene.story, scene.facts, {false, 100});
  check_harmless(text);
  CHECK(text.find("\nreplies: of run \\x1b[2J, graded again\nagainst it: same answer\n\n") != std::string::npos);
  const std::string page = report::markdown(scene.decision, scene.story, scene.facts);
  CHECK(page.find("graded again") != std::string::npos);
  CHECK(page.find('\x1b') == std::string::npos);
}

}  // namespace headgate::test
