// What a report tells of a live run: who answered, how long it took, what was tried, why it stopped.
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "headgate/base/json.hpp"
#include "headgate/base/unicode.hpp"
#include "headgate/gate/decide.hpp"
#include "headgate/report/explain.hpp"
#include "support/evidence_builder.hpp"
#include "support/xml_outline.hpp"

using namespace headgate;
using namespace headgate::test;

namespace {

Observation timed(double latency_ms, std::optional<float> first_token_ms = std::nullopt) {
  Observation seen = pass();
  seen.latency_ms = latency_ms;
  seen.first_token_ms = first_token_ms;
  return seen;
}

struct Told {
  Decision decision;
  report::Story story;
};

Told told(EvidenceBuilder& builder) {
  const Rules rules = quality_rules();
  builder.plan().rules = rules;
  return {gate::decide(builder.evidence(), rules), report::tell(builder.evidence(), nullptr)};
}

std::string terminal(const Told& scene, const report::RunFacts& facts = {}) {
  return report::terminal(scene.decision, scene.story, facts, {false, 400});
}
std::string markdown(const Told& scene, const report::RunFacts& facts = {}) {
  return report::markdown(scene.decision, scene.story, facts);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// A candidate's call with everything there is to tell, and a text from outside in every place.
report::Quotes quotes_of(const std::string& text) {
  return [text](CaseIndex, std::uint32_t) -> std::optional<report::CaseQuote> {
    report::CaseQuote quote;
    quote.id = "refund-017";
    quote.suite = "support_triage";
    quote.baseline.status = quote.candidate.status = Status::ok;
    quote.baseline.text = quote.candidate.text = "three days";
    report::CellQuote& cell = quote.candidate;
    cell.tries = 3;
    cell.waited_ms = 1500.0;
    cell.first_token_ms = 120.25;
    cell.spent_usd = 0.004;
    cell.via = text;
    cell.cached = true;
    cell.request_id = text;
    cell.failed_tries.push_back({1, "", ErrorKind::overloaded, 529, 812.0, text});
    cell.failed_tries.push_back({2, text, ErrorKind::reset, 0, 12'000.0, ""});
    return quote;
  };
}

std::string story_of(const std::string& text) {
  EvidenceBuilder builder;
  CaseFacts facts;
  facts.id = "refund-017";
  builder.add(facts, pass(), pass());
  return report::case_story(builder.evidence(), quality_rules(), 0, quotes_of(text), {"run-1", "reports/g/run-1"},
                            {false, 400});
}

Json json_of(const report::Quotes& quotes) {
  EvidenceBuilder builder;
  CaseFacts facts;
  facts.id = "refund-017";
  builder.add(facts, pass(), pass());
  return report::case_json(builder.evidence(), 0, 0, quotes);
}

}  // namespace

TEST_CASE("times are the median and the 95th percentile of what is known, by arm") {
  EvidenceBuilder builder(2);
  for (int i = 0; i < 100; ++i) {
    CaseFacts facts;
    facts.id = "c" + std::to_string(i);
    builder.add(facts, timed(10.0), timed(100.0 + i, static_cast<float>(i)));
  }
  builder.at(7, 0, Arm::candidate) = broken(ErrorKind::timeout);
  Observation cached = pass();
  cached.cached = true;
  builder.at(8, 1, Arm::candidate) = cached;
  const auto times = report::times_of(builder.evidence());
  CHECK(times[0].reply.n == 200);
  CHECK(times[0].reply.median_ms == 10.0);
  CHECK(times[0].reply.p95_ms == 10.0);
  CHECK(times[0].first_token.n == 0);
  CHECK(times[0].cached == 0);
  CHECK(times[1].reply.n == 198);
  CHECK(times[1].reply.median_ms == Approx(150.0).margin(1.0));
  CHECK(times[1].reply.p95_ms == Approx(194.0).margin(1.0));
  CHECK(times[1].first_token.n == 198);
  CHECK(times[1].cached == 1);
  EvidenceBuilder one;
  CaseFacts facts;
  facts.id = "c";
  one.add(facts, pass(), timed(5.0));
  CHECK(report::times_of(one.evidence())[1].reply.median_ms == 5.0);
  CHECK(report::times_of(one.evidence())[1].reply.p95_ms == 5.0);
}

TEST_CASE("cases that were made to fall back tell nothing of how long replies take") {
  EvidenceBuilder builder;
  builder.add_many(3, "c", timed(10.0), timed(10.0));
  builder.at(2, 0, Arm::candidate) = timed(9000.0);
  builder.plan().fallback_tested = {"c2"};
  CHECK(report::times_of(builder.evidence())[1].reply.n == 3);  // no route falls back
  builder.plan().routes[1].fallback = "spare";
  builder.plan().routes[1].recorded = false;
  CHECK(report::times_of(builder.evidence())[1].reply.n == 2);
  CHECK(report::times_of(builder.evidence())[1].reply.p95_ms == 10.0);
}

TEST_CASE("times stand in reports where they are recorded, and nowhere else") {
  EvidenceBuilder builder;
  builder.add_many(120, "c", pass(), timed(812.0, 95.5F));
  Observation cached = pass();
  cached.cached = true;
  builder.at(0, 0, Arm::candidate) = cached;
  const Told scene = told(builder);
  const std::string replies =
      "baseline not recorded; candidate median 812 ms, 95 % within 812 ms (1 cached reply has none)";
  const std::string first = "baseline not recorded; candidate median 96 ms, 95 % within 96 ms";
  CHECK(has(terminal(scene), "reply time " + replies));
  CHECK(has(terminal(scene), "first token " + first));
  CHECK(has(markdown(scene), "- reply time: " + replies));
  CHECK(has(markdown(scene), "- first token: " + first));
  EvidenceBuilder timeless;
  timeless.add_many(120, "c", pass(), pass());
  for (const std::string& text : {terminal(told(timeless)), markdown(told(timeless))}) {
    CHECK_FALSE(has(text, "reply time"));
    CHECK_FALSE(has(text, "first token"));
  }
}

TEST_CASE("why a run stopped stands under the main reason, what its calls took near the end") {
  EvidenceBuilder builder;
  builder.add_many(120, "c", pass(), pass());
  const Told scene = told(builder);
  report::RunFacts facts{"run-1", "reports/g/run-1", 1.0, 240, 0, 2};
  facts.stopped = "the budget is spent";
  facts.calls = "240 calls in 250 tries";
  const auto lines = lines_of(terminal(scene, facts));
  CHECK(lines[2] == "stopped: the budget is spent");
  CHECK(lines[lines.size() - 2] == "calls: 240 calls in 250 tries");
  CHECK(lines.back().starts_with("report: "));
  const std::string page = markdown(scene, facts);
  CHECK(page.find("- stopped: the budget is spent") < page.find("- action: "));
  CHECK(has(page, "\nCalls: 240 calls in 250 tries.\n"));
  std::string xml;
  report::junit(
      scene.decision, builder.evidence(), nullptr, [&](std::string_view part) { xml += part; }, facts);
  CHECK(has(xml, "<property name=\"stopped\" value=\"the budget is spent\"/>"));
  CHECK(has(xml, "<property name=\"calls\" value=\"240 calls in 250 tries\"/>"));
  facts.stopped.clear();
  facts.calls.clear();
  CHECK_FALSE(has(terminal(scene, facts), "stopped"));
  CHECK_FALSE(has(terminal(scene, facts), "calls:"));
  CHECK_FALSE(has(markdown(scene, facts), "Calls:"));
}

TEST_CASE("a stop's words are made harmless in every format") {
  EvidenceBuilder builder;
  builder.add_many(3, "c", pass(), pass());
  const Told scene = told(builder);
  report::RunFacts facts;
  facts.stopped = facts.calls = "\x1b[2K\xe2\x80\xae| x |\n::error::y\n</details><b> \" ' ]]> \xff";
  const std::string out = terminal(scene, facts);
  CHECK(out.find('\x1b') == std::string::npos);
  CHECK_FALSE(has(out, "\xe2\x80\xae"));
  for (const std::string& line : lines_of(out)) CHECK_FALSE(line.starts_with("::"));
  CHECK_FALSE(has(markdown(scene, facts), "<b>"));
  CHECK_FALSE(has(markdown(scene, facts), "| x |"));
  std::string xml;
  report::junit(
      scene.decision, builder.evidence(), nullptr, [&](std::string_view part) { xml += part; }, facts);
  const XmlElement root = XmlReader::read(xml);  // fails where it is not well-formed
  CHECK(root.children.size() == 2);
}

TEST_CASE("the story of a case tells what its call took") {
  const std::string story = story_of("spare");
  CHECK(has(story,
            "call: answered by the fallback spare, from the response cache, 3 tries, waited 1500 ms, first token after "
            "120 ms, $0.004 against the budget, request id spare"));
  CHECK(has(story, "try 1: overloaded (HTTP 529) after 812 ms: spare"));
  CHECK(has(story, "question spare, try 2: reset after 12.0 s"));
  EvidenceBuilder builder;
  CaseFacts facts;
  facts.id = "refund-017";
  builder.add(facts, pass(), pass());
  const std::string plain =
      report::case_story(builder.evidence(), quality_rules(), 0, nullptr, {"run-1", "reports/g/run-1"}, {false, 400});
  CHECK_FALSE(has(plain, "call:"));
  CHECK_FALSE(has(plain, "try 1"));
}

TEST_CASE("what a provider says of a call cannot command a terminal") {
  const std::string story = story_of("\x1b[2K\xe2\x80\xae\n::error::x\xff");
  CHECK(is_utf8(story));
  CHECK(story.find('\x1b') == std::string::npos);
  CHECK_FALSE(has(story, "\xe2\x80\xae"));
  for (const std::string& line : lines_of(story)) CHECK_FALSE(line.starts_with("::"));
}

TEST_CASE("a case as JSON has what is known of its call, and nothing of one that was not made") {
  const Json value = json_of(quotes_of("sp\xff"));
  CHECK_FALSE(value.at("baseline").contains("call"));
  const Json& call = value.at("candidate").at("call");
  CHECK(call.at("via") == "sp\xef\xbf\xbd");
  CHECK(call.at("cached") == true);
  CHECK(call.at("tries") == 3);
  CHECK(call.at("waited_ms") == 1500.0);
  CHECK(call.at("first_token_ms") == 120.25);
  CHECK(call.at("spent_usd") == 0.004);
  CHECK(call.at("request_id") == "sp\xef\xbf\xbd");
  REQUIRE(call.at("failed_tries").size() == 2);
  CHECK(call.at("failed_tries")[0].at("error") == "overloaded");
  CHECK(call.at("failed_tries")[0].at("http_status") == 529);
  CHECK_FALSE(call.at("failed_tries")[0].contains("ask"));
  CHECK_FALSE(call.at("failed_tries")[1].contains("http_status"));
  CHECK(call.at("failed_tries")[1].at("ask") == "sp\xef\xbf\xbd");
  CHECK_FALSE(json_of(nullptr).at("candidate").contains("call"));
}
