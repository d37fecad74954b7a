#include "headgate/report/render.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "headgate/base/text.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/domain/codec.hpp"
#include "headgate/gate/decide.hpp"
#include "layout.hpp"
#include "support/evidence_builder.hpp"
#include "support/xml_outline.hpp"

using namespace headgate;
using namespace headgate::test;

namespace {

const std::vector<std::string> hostile{
    "ok\x1b[2K\x1b[1A\x1b[32mPASS\x1b]0;title\x07\xc2\x9b"
    "31m\b\r",
    "access\xe2\x80\xae.dnarg\xe2\x81\xa6 not\xe2\x81\xa9",
    "::set-output name=x::y\n::error file=a.c,line=1::fake\n##vso[task.setvariable variable=a]b\n ##[group]c",
    "]]></system-out><testcase name=\"fake\"/>\x01\x0b\xef\xbf\xbe",
    "| a | b |\n|---|---|\n```\n</details>\n![x](http://127.0.0.1/p.png)<script>x</script>",
    "\" onfocus=\"x\" y='",
    "\xff\xfe\xc3",
};

// Every text a person or a model may write, hostile.
struct Scene {
  Evidence evidence;
  Decision decision;
  report::Quotes quotes;
  report::Story story;
};

report::Quotes quotes_for(const std::string& text) {
  return [text](CaseIndex, std::uint32_t) -> std::optional<report::CaseQuote> {
    report::CaseQuote quote;
    quote.id = quote.suite = quote.input = quote.expected = quote.severe_class = text;
    quote.severity = Severity::severe;
    quote.segments = {{text, text}};
    quote.baseline.status = quote.candidate.status = Status::ok;
    quote.baseline.text = quote.candidate.text = text;
    quote.candidate.grades.push_back({text, false, text});
    return quote;
  };
}

Scene hostile_scene(const std::string& raw) {
  const std::string text = repair_utf8(raw);  // ids and names were read from JSON
  EvidenceBuilder builder(2);
  builder.plan().gate = builder.plan().release_question = text;
  builder.plan().routes[1].name = text;
  builder.plan().suites[0].name = builder.plan().suites[0].version = text;
  CaseFacts facts;
  facts.segments = {{text, text}};
  facts.severe_class = text;
  facts.id = text;
  builder.add(facts, pass(), fail());
  facts.id = text + "2";
  builder.add(facts, pass(), broken(ErrorKind::timeout));
  facts.id = text + "3";
  builder.add(facts, pass(), broken(ErrorKind::interrupted));
  builder.add_many(120, text, pass(), pass());
  builder.evidence().journal.damaged = {{3, text}};
  builder.evidence().journal.damaged_total = 1;
  Rules rules = quality_rules();
  rules.severe.push_back({text, 0, 0, 0.01, false});
  rules.segments = SegmentsRule{{text}, 0.1, 1, {text + "=x"}, false};
  rules.must_pass = MustPassRule{{}, {text}, false};
  rules.known_failures.push_back({text + "9", text, text, text, false});
  builder.plan().rules = rules;
  Scene scene{builder.evidence(), gate::decide(builder.evidence(), rules), quotes_for(raw), {}};
  scene.story = report::tell(scene.evidence, scene.quotes);
  return scene;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string junit_of(const Scene& scene) {
  std::string xml;
  report::junit(scene.decision, scene.evidence, scene.quotes, [&](std::string_view part) { xml += part; });
  return xml;
}

// Bars that separate cells; those in data are references by then.
std::ptrdiff_t bars(const std::string& line) { return std::count(line.begin(), line.end(), '|'); }

}  // namespace

TEST_CASE("terminal: nothing from outside moves the cursor, reorders text or commands a CI system") {
  for (const std::string& text : hostile) {
    const Scene scene = hostile_scene(text);
    const report::RunFacts facts{text, text, 1.0, 1, 1, 1};
    const std::string out = report::terminal(scene.decision, scene.story, facts, {false, 80});
    CHECK(is_utf8(out));
    CHECK(std::ranges::none_of(out, [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return (byte < 0x20 && byte != '\n') || byte == 0x7f;
    }));
    for (std::size_t at = out.find('\xc2'); at != std::string::npos; at = out.find('\xc2', at + 1)) {
      CHECK(static_cast<unsigned char>(out[at + 1]) >= 0xa0);  // else one of U+0080 to U+009F
    }
    for (const char* control : {"\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa9", "\xe2\x80\xa8"}) {
      CHECK(out.find(control) == std::string::npos);
    }
    for (const std::string& line : lines_of(out)) {
      CHECK(trimmed(line).substr(0, 2) != "::");
      CHECK(line.find("##[") == std::string::npos);
      CHECK(line.find("##vso[") == std::string::npos);
    }
  }
}

TEST_CASE("terminal: the answer, the reason, and last where to look") {
  const Scene scene = hostile_scene("plain");
  const report::RunFacts facts{"run-7", "reports/plain/run-7", 1.0, 1, 1, 1};
  for (const std::size_t width : {std::size_t{60}, std::size_t{100}, std::size_t{200}}) {
    const auto lines = lines_of(report::terminal(scene.decision, scene.story, facts, {false, width}));
    CHECK(lines[0] == "NOT ELIGIBLE for internal: plain");
    CHECK(lines[1].starts_with("severe: "));
    CHECK(lines.back() == "report: reports/plain/run-7/summary.md  (headgate show run-7)");
    // Tables of many columns have a least width; sentences keep to the page.
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) CHECK(columns_of(lines[i]) <= std::max<std::size_t>(width, 100));
  }
}

TEST_CASE("terminal: colour changes nothing but colour") {
  const Scene scene = hostile_scene("plain");
  const report::RunFacts facts{"run-7", "reports/plain/run-7", 1.0, 1, 1, 1};
  std::string coloured = report::terminal(scene.decision, scene.story, facts, {true, 100});
  CHECK(coloured.find("\x1b[31m") != std::string::npos);
  for (std::size_t at = coloured.find('\x1b'); at != std::string::npos; at = coloured.find('\x1b')) {
    coloured.erase(at, coloured.find('m', at) - at + 1);
  }
  CHECK((coloured == report::terminal(scene.decision, scene.story, facts, {false, 100})));
}

TEST_CASE("markdown: tables keep their columns and no markup comes from outside") {
  for (const std::string& text : hostile) {
    const Scene scene = hostile_scene(text);
    const std::string out = report::markdown(scene.decision, scene.story, {text, text, 1.0, 1, 1, 1});
    std::ptrdiff_t columns = 0;
    for (const std::string& line : lines_of(out)) {
      if (line.empty() || line[0] != '|') {
        columns = 0;
        CHECK(bars(line) == 0);
      } else {
        if (columns == 0) columns = bars(line);
        CHECK(bars(line) == columns);
      }
      CHECK(line.find("```") == std::string::npos);
      CHECK(line.find("](") == std::string::npos);
      CHECK(line.find('\r') == std::string::npos);
    }
    std::string rest = out;
    std::size_t opened = 0, closed = 0;
    for (const auto& [tag, n] : {std::pair<std::string, std::size_t*>{"<details>", &opened},
                                 {"</details>", &closed},
                                 {"<summary>", nullptr},
                                 {"</summary>", nullptr}}) {
      for (std::size_t at = rest.find(tag); at != std::string::npos; at = rest.find(tag)) {
        rest.erase(at, tag.size());
        if (n != nullptr) ++*n;
      }
    }
    CHECK(rest.find('<') == std::string::npos);
    CHECK(opened == closed);
    CHECK(opened == scene.story.severe.size());
  }
}

TEST_CASE("junit: well-formed for any text, with one test case a case and one a finding") {
  for (const std::string& text : hostile) {
    const Scene scene = hostile_scene(text);
    const XmlElement root = XmlReader::read(junit_of(scene));
    CHECK(root.name == "testsuites");
    CHECK(root.count("testcase") == scene.evidence.cases.size() + scene.decision.findings.size());
    REQUIRE(root.children.size() == 2);
    CHECK(root.children[0].attributes.at("name") == "rules");
    CHECK(root.children[1].count("testcase") == scene.evidence.cases.size());
    CHECK(root.children[1].count("failure") == 1);
    CHECK(root.children[1].count("error") == 1);
    CHECK(root.children[1].count("skipped") == 1);
    for (const XmlElement& suite : root.children) {
      CHECK(suite.attributes.at("tests") == std::to_string(suite.count("testcase")));
      CHECK(suite.attributes.at("failures") == std::to_string(suite.count("failure")));
      CHECK(suite.attributes.at("errors") == std::to_string(suite.count("error")));
      CHECK(suite.attributes.at("skipped") == std::to_string(suite.count("skipped")));
    }
    CHECK(root.attributes.at("tests") == std::to_string(root.count("testcase")));
  }
}

TEST_CASE("junit: a wrong reply, no usable reply and no call at all are three things; texts are asked for only there") {
  EvidenceBuilder builder(2);
  CaseFacts facts;
  const auto add = [&](const char* id, const Observation& first, const Observation& second) {
    facts.id = id;
    const CaseIndex item = builder.add(facts, pass(), first);
    builder.at(item, 1, Arm::candidate) = second;
  };
  add("passes", pass(), pass());
  add("wrong", broken(ErrorKind::timeout), fail());
  add("broken", pass(), broken(ErrorKind::server_error));
  add("cut", broken(ErrorKind::deadline), pass());
  add("both", fail(), broken(ErrorKind::deadline));
  builder.at(4, 0, Arm::baseline) = fail();
  const Evidence& evidence = builder.evidence();
  const Decision decision = gate::decide(evidence, quality_rules());
  std::vector<std::pair<CaseIndex, std::uint32_t>> asked;
  std::string xml;
  report::junit(
      decision, evidence,
      [&](CaseIndex item, std::uint32_t trial) -> std::optional<report::CaseQuote> {
        asked.emplace_back(item, trial);
        return std::nullopt;
      },
      [&](std::string_view part) { xml += part; });
  CHECK(asked == std::vector<std::pair<CaseIndex, std::uint32_t>>{{1, 1}, {2, 1}, {4, 0}});
  const XmlElement root = XmlReader::read(xml);
  const auto& cases = root.children[1].children;
  REQUIRE(cases.size() == 5);
  CHECK(cases[0].children.empty());
  CHECK(cases[1].children[0].name == "failure");
  CHECK(cases[1].children[0].attributes.at("type") == "regression");
  CHECK(cases[2].children[0].name == "error");
  CHECK(cases[2].children[0].attributes.at("type") == "server_error");
  CHECK(cases[3].children[0].name == "skipped");
  CHECK(cases[4].children[0].attributes.at("type") == "failure");
}

TEST_CASE("junit: an advisory rule is never red") {
  EvidenceBuilder builder;
  builder.add_many(300, "a-", pass(), pass());
  builder.add_many(20, "b-", fail(), fail());
  Rules rules = quality_rules();
  rules.floor = FloorRule{0.999, true};
  const Decision decision = gate::decide(builder.evidence(), rules);
  REQUIRE(decision.findings[1].verdict == Verdict::fail);
  std::string xml;
  report::junit(decision, builder.evidence(), nullptr, [&](std::string_view part) { xml += part; });
  const XmlElement root = XmlReader::read(xml);
  CHECK(root.children[0].count("failure") == 0);
  CHECK(root.children[0].count("skipped") == 1);
}

TEST_CASE("decision.json: canonical bytes with a final newline that read back") {
  const Scene scene = hostile_scene("plain");
  const std::string text = report::decision_json(scene.decision);
  REQUIRE(text.ends_with("}\n"));
  const auto parsed = parse_own(std::string_view(text).substr(0, text.size() - 1));
  REQUIRE(parsed);
  CHECK((canonical(*parsed) + "\n" == text));
  CHECK(parsed->at("format").get<std::string>() == "headgate/decision/1");
  CHECK(decision_from_json(*parsed).has_value());
}

TEST_CASE("story: new severe failures and flips, worst first and bounded, also where texts are gone") {
  EvidenceBuilder builder;
  CaseFacts severe;
  severe.severe_class = "harm";
  builder.add_many(14, "new-", pass(), fail(), severe);
  builder.add_many(2, "old-", fail(), fail(), severe);
  builder.add_many(5, "plain-", pass(), fail());
  builder.plan().rules.known_failures.push_back({"new-0", "ana@example.com", "2026-12-31", "fix in flight", true});
  const report::Story story = report::tell(builder.evidence(), nullptr);
  CHECK(story.severe_total == 14);
  REQUIRE(story.severe.size() == report::Story::max_quoted);
  CHECK(story.severe[0].id == "new-1");  // known failures come last
  CHECK(story.severe[0].severe_class == "harm");
  CHECK(story.severe[0].regression);
  CHECK(story.severe[0].candidate.status == Status::ok);
  CHECK(story.flips.size() == report::Story::max_quoted);
  CHECK(story.flips[0].id == "new-0");
  const auto quoted = report::tell(builder.evidence(), quotes_for("text"));
  CHECK(quoted.severe[0].candidate.text == "text");
}

TEST_CASE("because: a grader's own name, and of an ungraded cell the reason once") {
  report::CellQuote cell;
  cell.status = Status::ok;
  report::CellQuote::Why why{"plugin", false, "too long", 0.0, "plugin lint"};
  CHECK(report::because(cell, why) == "plugin lint: too long");
  why.label.clear();
  CHECK(report::because(cell, why) == "plugin: too long");
  cell.status = Status::ungraded;
  CHECK(report::because(cell, {"plugin_failed", false, "plugin: the answer of 'weird' has no 'pass'"}) ==
        "plugin: the answer of 'weird' has no 'pass'");
}
