#include "partial_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "headgate/base/json.hpp"
#include "support/evidence_builder.hpp"

using namespace headgate;
using namespace headgate::cli;
using namespace headgate::test;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Partial half_done(std::size_t done, std::size_t open) {
  EvidenceBuilder builder;
  builder.plan().rules = quality_rules();
  builder.add_many(done, "done", pass(), pass());
  builder.add({.id = "worse", .severe_class = "harm"}, pass(), fail());
  builder.add_many(open, "open", broken(ErrorKind::not_started), broken(ErrorKind::not_started));
  return partial_of(builder.evidence(), "reports/x/20261120T120000Z-1a2b3c4d", "headgate run x.gate.yaml");
}

}  // namespace

TEST_CASE("a partial report has no decision, and its findings look only at cases that are whole") {
  const Partial partial = half_done(99, 300);
  const std::string text = partial_text(partial);
  CHECK(text.starts_with("INTERRUPTED: no decision\n200 of 800 cells done; "));
  CHECK(text.ends_with("\nto go on: headgate run x.gate.yaml\n"));
  CHECK(holds(text, "  baseline support_a: 100 pass, 0 fail, 0 error, 300 not run, of 400\n"));
  CHECK(holds(text, "  flips so far: 1 regression, 0 improvements\n    regression  worse (severe)\n"));
  CHECK(holds(text, "  so far, on 100 of 400 cases:\n"));
  CHECK(holds(text, "    quality (partial): "));
  CHECK(holds(text, "1.0 points"));  // 1 of 100 whole cases got worse, whatever the other 300 will do
  for (const char* word : {"eligible", "ELIGIBLE", "INCONCLUSIVE", "action"}) CHECK_FALSE(holds(text, word));
}

TEST_CASE("a partial report claims nothing about cases that were not done") {
  EvidenceBuilder builder;
  builder.plan().rules = quality_rules();
  builder.plan().rules.severe = {SevereRule{}};
  builder.plan().rules.severe[0].max_new_failures = 0;
  builder.plan().rules.must_pass = MustPassRule{};
  builder.plan().rules.must_pass->cases = {"done-0", "open-0", "open-1"};
  builder.add_many(40, "done", pass(), pass());
  builder.add({.id = "later", .severe_class = "harm"}, broken(ErrorKind::not_started), broken(ErrorKind::not_started));
  builder.add_many(20, "open", broken(ErrorKind::not_started), broken(ErrorKind::not_started));
  const Partial partial = partial_of(builder.evidence(), "reports/x", "headgate run x");
  const std::string text = partial_text(partial);
  CHECK(holds(text, "  so far, on 40 of 61 cases:\n    quality (partial): "));
  for (const char* said : {"No case of this gate", "does not have", "planned cells were run", "evidence."}) {
    CHECK_FALSE(holds(text, said));
    CHECK_FALSE(holds(partial_json(partial), said));
  }
  CHECK(partial_text(partial, true) == "INTERRUPTED: no decision\n80 of 122 cells done\nto go on: headgate run x\n");
}

TEST_CASE("a partial report says nothing of rules where no case is whole") {
  EvidenceBuilder builder;
  builder.plan().rules = quality_rules();
  builder.add_many(3, "open", pass(), broken(ErrorKind::interrupted));
  const Partial partial = partial_of(builder.evidence(), "reports/x", "headgate run x");
  CHECK(partial.done == 3);
  CHECK(partial.whole_cases == 0);
  CHECK_FALSE(holds(partial_text(partial), "(partial)"));
  CHECK(parse_own(partial_json(partial))->at("findings").empty());
}

TEST_CASE("a partial report as Markdown and JSON") {
  const Partial partial = half_done(40, 10);
  CHECK(partial_markdown(partial).starts_with("# INTERRUPTED: no decision\n"));
  const auto value = parse_own(partial_json(partial));
  REQUIRE(value);
  CHECK(value->at("answer") == "interrupted");
  CHECK(value->at("decision").is_null());
  CHECK(value->at("done") == 82);
  CHECK(value->at("whole_cases") == 41);
  CHECK(value->at("arms").at("candidate").at("not_run") == 10);
  CHECK(value->at("flips")[0].at("case") == "worse");
}
