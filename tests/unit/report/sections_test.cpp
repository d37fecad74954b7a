// Trials, classes, measures and rewordings in the two readable renderings; whatever their texts hold.
#include "sections.hpp"

#include <catch2/catch.hpp>

#include "headgate/report/render.hpp"
#include "support/evidence_builder.hpp"

using namespace headgate;
using namespace headgate::report;

namespace {

const std::string hostile = "<script>alert(1)</script>|\x1b[31m\n::error::`x`";

Decision told() {
  Decision decision;
  decision.gate = "g";
  TrialsSection trials;
  trials.trials = 2;
  trials.reduce = {Reducer::Kind::pass_hat_k, 2};
  trials.arms[0] = {164, {125, 118}, 0, 0.74, {0.74, 0.8}, {0.74, 0.7}, {{}, 0}};
  trials.arms[1] = {164, {160, 161}, 3, 0.98, {0.98, 0.99}, {0.98, 0.97}, {{"c1", hostile}, 41}};
  decision.trials = trials;
  for (const bool candidate : {false, true}) {
    Classification classes;
    classes.suite = "triage";
    classes.candidate = candidate;
    classes.n = 10;
    classes.correct = candidate ? 8 : 7;
    classes.unread = 1;
    classes.classes = {{hostile, {3, 4, 0.19, 0.99}, {3, 5, 0.15, 0.95}, 0.6667},
                       {"login", {0, 0}, {0, 5, 0.0, 0.52}, {}}};
    classes.classes_total = 2;
    classes.macro_f1 = 0.5;
    classes.confusion = {
        {hostile, hostile, 3}, {hostile, "login", candidate ? std::size_t{2} : std::size_t{1}}, {"login", "", 1}};
    classes.confusion_total = 3;
    decision.classification.push_back(classes);
  }
  decision.measures = {{hostile, {{{10, 0.5}, {9, 1.25}}}, 9, 0.75, 0.5, 1.0},
                       {"x.y", {{{0, {}}, {1, 2.0}}}, 0, {}, {}, {}}};
  VariantAgreement variants;
  variants.candidate = true;
  variants.agreement = {3, 4, 0.2, 0.99};
  variants.unmeasured = 2;
  variants.disagreeing = {{hostile}, 1};
  decision.variants = {variants};
  DuplicateReplies same;
  same.count = 60;
  same.replied = 100;
  same.most_expected = 7;
  same.cases = {{hostile, "c2"}, 60};
  decision.duplicate_replies = {same};
  return decision;
}

Story with_totals() {
  Story story;
  story.trials[0] = {{0.0549, 326.56, 164, 164}, {0.05, 300.0, 160, 164}};
  story.trials[1] = {{}, {}};
  return story;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("sections: each trial with what passed, cost and took; unknown is not zero") {
  const std::string page = terminal(told(), with_totals(), {}, {});
  CHECK(holds(page, "trials: 2 of each case, reduced by pass^2"));
  CHECK(holds(page, "125 of 164"));
  CHECK(holds(page, "$0.0549"));
  CHECK(holds(page, "326.6 s"));
  CHECK(holds(page, "$0.0500 (160 known)"));
  CHECK_FALSE(holds(page, "$0.0000"));
  CHECK(holds(page, "41 flaky cases"));
  CHECK(holds(page, "and 39 more"));
  CHECK(holds(page, "3 cells without a grade count as failed here"));
}

TEST_CASE("sections: classes of both arms stand together, mistakes before what is right") {
  const auto sections = sections_of(told(), {}, 50);
  REQUIRE(sections.size() == 7);
  const Section& classes = sections[2];
  CHECK(classes.title == "Classes of triage");
  REQUIRE(classes.rows.size() == 5);
  CHECK(classes.rows[1][1] == "baseline");
  CHECK(classes.rows[2][0] == hostile);
  CHECK(classes.rows[2][3] == "60.0 % (15.0 to 95.0) of 5");
  CHECK(classes.rows[4][2] == "-");
  CHECK(classes.rows[4][4] == "-");
  CHECK(classes.lines[0] == "baseline: 7 of 10 right, macro F1 0.500, 1 without a grade (count against recall)");
  const Section& confused = sections[3];
  CHECK(confused.rows[1][1] == "login");
  CHECK(confused.rows[1][3] == "2");
  CHECK(confused.rows[2][1] == "(no grade)");
  CHECK(confused.rows[3][1] == hostile);
  CHECK(sections[4].rows[2] == std::vector<std::string>{"x.y", "- of 0", "2.000 of 1", "-", "-", "0"});
  CHECK(sections[6].rows[1] == std::vector<std::string>{"baseline", "60 of 100", "60.0 %", "at most 7"});
  CHECK(sections[6].lines[0] == "baseline: " + hostile + ", c2 and 58 more");
  CHECK(sections[5].rows[1] == std::vector<std::string>{"candidate", "75.0 % (20.0 to 99.0) of 4", "2"});
}

TEST_CASE("sections: long tables are cut, and say so") {
  Decision decision = told();
  for (int i = 0; i < 100; ++i) decision.measures.push_back({"m", {}, 0, {}, {}, {}});
  const Section measures = sections_of(decision, {}, 20)[4];
  CHECK(measures.rows.size() == 21);
  CHECK(measures.lines[0] == "and 82 more rows");
}

TEST_CASE("sections: hostile texts stay texts on a terminal and in Markdown") {
  const std::string page = terminal(told(), with_totals(), {}, {});
  CHECK_FALSE(holds(page, "\x1b"));
  CHECK_FALSE(holds(page, "\n::error"));
  const std::string markdown_page = markdown(told(), with_totals(), {});
  CHECK_FALSE(holds(markdown_page, "<script>"));
  CHECK_FALSE(holds(markdown_page, "\x1b"));
  // Every row of a table has as many cells as its heading.
  std::size_t columns = 0;
  for (std::size_t start = 0; start < markdown_page.size();) {
    const std::size_t end = markdown_page.find('\n', start);
    const std::string line = markdown_page.substr(start, end - start);
    start = end + 1;
    if (!line.starts_with("|")) {
      columns = 0;
      continue;
    }
    std::size_t bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i) bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\') ? 1U : 0U;
    if (columns == 0) columns = bars;
    INFO(line);
    CHECK(bars == columns);
  }
}

TEST_CASE("sections: what trials cost and took is added up only where there are several") {
  test::EvidenceBuilder one;
  one.add_many(3, "c", test::pass(), test::pass());
  CHECK(trial_totals(one.evidence())[0].empty());
  test::EvidenceBuilder two(2);
  Observation seen = test::pass();
  seen.cost_usd = 0.25;
  seen.latency_ms = 1500.0;
  two.add_many(3, "c", seen, test::pass());
  two.at(0, 1, Arm::baseline).cost_usd.reset();
  const auto totals = trial_totals(two.evidence());
  CHECK(totals[0][0].cost_usd == 0.75);
  CHECK(totals[0][1].cost_usd == 0.5);
  CHECK(totals[0][1].costs == 2);
  CHECK(totals[0][1].seconds == 4.5);
  CHECK(totals[1][0].costs == 0);
}
