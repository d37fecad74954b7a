#include "check_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "headgate/base/json.hpp"
#include "support/evidence_builder.hpp"

using namespace headgate;
using namespace headgate::cli;
using namespace headgate::test;

namespace {

// Every case replied "no, \x1b[2J" on the candidate, for which two graders fail it.
report::Quotes quotes(const Evidence& evidence) {
  return [&evidence](CaseIndex item, std::uint32_t trial) {
    report::CaseQuote quote;
    quote.id = evidence.cases.id(item);
    quote.input = "asked";
    quote.baseline.status = Status::ok;
    quote.baseline.text = "yes";
    quote.candidate.status = evidence.at(item, trial, Arm::candidate).status;
    quote.candidate.error = evidence.at(item, trial, Arm::candidate).error;
    quote.candidate.text = quote.candidate.status == Status::ok ? "no, \x1b[2J" : "took longer than 30 s";
    if (quote.candidate.status == Status::ok) {
      quote.candidate.grades = {{"equals", false, "not yes"}, {"length", true, "short"}, {"regex", false, "no match"}};
    }
    return std::optional(quote);
  };
}

struct Told {
  EvidenceBuilder builder;
  gate::Check check;
  CaseNames before;

  CheckStory story() {
    check = gate::check(builder.evidence());
    return {.evidence = builder.evidence(),
            .check = check,
            .quotes = quotes(builder.evidence()),
            .folder = "reports/x",
            .baseline_reused = 0,
            .replies_since = {},
            .selected_by = {},
            .interrupted = false,
            .failing_before = nullptr};
  }
};

std::string line(const std::string& text, int number) {
  std::size_t from = 0;
  for (; number > 1; --number) from = text.find('\n', from) + 1;
  return text.substr(from, text.find('\n', from) - from);
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a regression: the answer, the worst flip, then each with its reply and why it fails") {
  Told told;
  told.builder.add({.id = "fine"}, pass(), pass());
  told.builder.add({.id = "worse"}, pass(), fail());
  told.builder.add({.id = "bad", .segments = {{"language", "de"}}, .severe_class = "harm"}, pass(), fail());
  const std::string text = check_text(told.story(), {});
  CHECK(line(text, 1) == "REGRESSION: 2 of 3 cases that the baseline passes fail on the candidate");
  CHECK(line(text, 2) == R"(bad (severe harm) language=de: "no, \x1b[2J"; equals: not yes; regex: no match)");
  CHECK(text.find("regression  bad") < text.find("regression  worse"));
  CHECK(holds(text, "      because equals: not yes; regex: no match\n"));
  CHECK(holds(text, "(estimand: suite)"));
  CHECK(text.ends_with("\nreplies and grades: reports/x\n"));
  CHECK_FALSE(holds(text, "\x1b"));
  CHECK(check_text(told.story(), {.brief = true}) == line(text, 1) + "\n" + line(text, 2) + "\n");
  CHECK(holds(check_text(told.story(), {.full = true}), "      | asked\n"));
  CHECK(check_text(told.story(), {.colour = true}).starts_with("\x1b[1;31mREGRESSION"));
}

TEST_CASE("no regression is said with what stands behind it") {
  Told told;
  told.builder.add_many(5, "same", pass(), pass());
  told.builder.add({.id = "better"}, fail(), pass());
  CHECK(line(check_text(told.story(), {}), 1) == "none seen: 6 cases, 0 regressions, 1 improvement");
  CHECK(line(check_text(told.story(), {}), 2) ==
        "all 5 cases that the baseline passes pass on the candidate, in 1 trial");
  Told nothing;
  nothing.builder.add({.id = "hard"}, fail(), fail());
  CHECK(line(check_text(nothing.story(), {}), 2) == "the baseline passes none of them, so no case could get worse");
}

TEST_CASE("what could not be measured is counted by arm and kind, the first with its message") {
  Told told;
  told.builder.add_many(10, "same", pass(), pass());
  told.builder.add_many(7, "slow", pass(), broken(ErrorKind::timeout));
  told.builder.add({.id = "away"}, broken(ErrorKind::connect), pass());
  const std::string text = check_text(told.story(), {});
  CHECK(line(text, 1) ==
        "not measured: 8 of 36 cells not ok (baseline connect 1, candidate timeout 7); no regression among the rest");
  CHECK(line(text, 2) == "slow0, candidate: route_error (timeout): took longer than 30 s");
  CHECK(holds(text, "  and 3 more\n"));
  CHECK_FALSE(holds(check_text(told.story(), {.full = true}), "more\n"));
}

TEST_CASE("at most twenty flips, and all of them when asked") {
  Told told;
  told.builder.add_many(30, "worse", pass(), fail());
  CHECK(holds(check_text(told.story(), {}), "  and 10 more; --full shows them all\n"));
  CHECK(holds(check_text(told.story(), {.full = true}), "regression  worse29\n"));
}

TEST_CASE("what failed before comes first, and what is new says so") {
  Told told;
  told.builder.add({.id = "bad", .severe_class = "harm"}, pass(), fail());
  told.builder.add({.id = "old"}, pass(), fail());
  told.before = {{"support_triage", "old"}};
  CheckStory story = told.story();
  story.failing_before = &told.before;
  const std::string text = check_text(story, {});
  CHECK(line(text, 2).starts_with("old: "));
  CHECK(holds(text, "regression  bad (severe harm) (new)\n"));
  CHECK(text.find("regression  old") < text.find("regression  bad"));
}

TEST_CASE("an interrupted check has no answer, whatever it saw") {
  Told told;
  told.builder.add({.id = "worse"}, pass(), fail());
  told.builder.add({.id = "late"}, pass(), broken(ErrorKind::not_started));
  CheckStory story = told.story();
  story.interrupted = true;
  CHECK(line(check_text(story, {}), 1) ==
        "INTERRUPTED: no answer; 3 of 4 cells measured, 1 regression, 0 improvements so far");
  CHECK(parse_own(check_json(story))->at("answer") == "interrupted");
}

TEST_CASE("an interrupted check without a regression says how much was not run, and lists only errors") {
  Told told;
  told.builder.add({.id = "done"}, pass(), pass());
  told.builder.add({.id = "slow"}, pass(), broken(ErrorKind::timeout));
  told.builder.add_many(2, "late", broken(ErrorKind::not_started), broken(ErrorKind::interrupted));
  CheckStory story = told.story();
  story.interrupted = true;
  const std::string text = check_text(story, {});
  CHECK(line(text, 2) == "interrupted: 4 of 8 cells were not run");
  CHECK(text.find("\n1 cell not measured:\n") != std::string::npos);
  CHECK(text.find("not_run") == std::string::npos);
}

TEST_CASE("as JSON: one canonical line with every regression and error whole") {
  Told told;
  told.builder.suite("other");
  told.builder.add({.id = "worse", .suite = 0}, pass(), fail());
  told.builder.add({.id = "better", .suite = 1}, fail(), pass());
  told.builder.add({.id = "slow", .suite = 1}, pass(), broken(ErrorKind::timeout));
  const std::string text = check_json(told.story());
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  const auto value = parse_own(text);
  REQUIRE(value);
  CHECK(canonical(*value) + "\n" == text);
  CHECK(value->at("answer") == "regression");
  CHECK(value->at("estimand") == "suite");
  CHECK(value->at("regressions").size() == 1);
  CHECK(value->at("regressions")[0].at("reply") == "no, \x1b[2J");
  CHECK(value->at("regressions")[0].at("reason") == "equals: not yes; regex: no match");
  CHECK(value->at("regressions")[0].at("graders").size() == 2);
  CHECK(value->at("improvements")[0] == "other/better");
  CHECK(value->at("errors")[0].at("kind") == "timeout");
  CHECK(value->at("errors")[0].at("message") == "took longer than 30 s");
}

TEST_CASE("whose replies are the fallback's is the answer, a line and a member") {
  Told told;
  told.builder.add_many(3, "same", pass(), pass());
  told.builder.plan().routes[1].recorded = false;
  told.builder.plan().routes[1].fallback = "spare";
  CHECK_FALSE(holds(check_text(told.story(), {}), "fallback"));
  for (const CaseIndex item : {1U, 2U}) told.builder.at(item, 0, Arm::candidate).fallback = true;
  const std::string text = check_text(told.story(), {});
  CHECK(line(text, 1) ==
        "not measured: 2 of 3 candidate replies came from its fallback spare; no regression among the rest");
  CHECK(line(text, 2) == "same1, candidate: answered by the fallback spare, not by route support_b");
  const auto json = parse_own(check_json(told.story()));
  CHECK(json->at("candidate_replies") == 3);
  CHECK(json->at("answered_by_fallback").size() == 2);
  CHECK(json->at("answered_by_fallback")[0].at("case") == "same1");
  CHECK(json->at("answer") == "not_measured");
  told.builder.add({.id = "worse"}, pass(), fail());
  const std::string worse = check_text(told.story(), {});
  CHECK(line(worse, 1).starts_with("REGRESSION"));
  CHECK(holds(worse,
              "2 of 4 candidate replies came from its fallback spare: such a reply says nothing of the candidate\n"));
}
