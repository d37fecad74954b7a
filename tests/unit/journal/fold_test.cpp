#include "headgate/journal/fold.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "headgate/base/random.hpp"
#include "journals.hpp"

using namespace headgate;
using namespace headgate::journal;
using namespace headgate::journal::samples;

namespace {

const Plan& plan() {
  static const Plan made = headgate::samples::plan_of(3, 1);
  return made;
}

std::string header() { return header_body(plan().head.digest, "0.0.1"); }
std::string ok(CellIndex cell) { return result_of(plan(), cell, reply_of(cell)); }
std::string grade(CellIndex cell) { return grade_of(plan(), cell, reply_of(cell), facts_of(cell)); }

Evidence fold(const std::vector<std::string>& bodies) { return evidence_of(plan(), journal_of(bodies)); }

}  // namespace

TEST_CASE("a whole journal folds into one observation a cell") {
  const Evidence evidence = evidence_of(plan(), journal_of(bodies_of(plan())));
  REQUIRE(evidence.observations.size() == 6);
  CHECK(evidence.journal.ended);
  const Observation& first = evidence.observations[0];
  CHECK(first.status == Status::ok);
  CHECK(first.error == ErrorKind::none);
  CHECK_FALSE(first.pass);
  CHECK(first.score == 0.25);
  CHECK(first.latency_ms == 12.5);
  CHECK(first.cost_usd == 0.0001);
  CHECK_FALSE(first.record.is_zero());
  const Observation& error = evidence.observations[1];
  CHECK(error.status == Status::route_error);
  CHECK(error.error == ErrorKind::timeout);
  CHECK_FALSE(error.score.has_value());
  CHECK_FALSE(error.record.is_zero());
  CHECK(evidence.observations[2].pass);
}

TEST_CASE("the order of records does not reach the evidence") {
  std::vector<std::string> bodies = {header()};
  for (CellIndex cell = 0; cell < 6; ++cell) bodies.push_back(ok(cell));
  for (CellIndex cell = 0; cell < 6; ++cell) bodies.push_back(grade(cell));
  const Digest usual = records_digest(fold(bodies));
  Random random(2);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::string> results(bodies.begin() + 1, bodies.begin() + 7);
    std::vector<std::string> grades(bodies.begin() + 7, bodies.end());
    random.shuffle(results);
    random.shuffle(grades);
    std::vector<std::string> mixed = {header()};
    mixed.insert(mixed.end(), results.begin(), results.end());
    mixed.insert(mixed.end(), grades.begin(), grades.end());
    CHECK(records_digest(fold(mixed)) == usual);
  }
}

TEST_CASE("a result without its grade was not run") {
  const Evidence evidence = fold({header(), ok(0), ok(2), grade(2)});
  CHECK(evidence.observations[0].status == Status::not_run);
  CHECK(evidence.observations[0].error == ErrorKind::interrupted);
  CHECK(evidence.observations[0].record.is_zero());
  CHECK_FALSE(evidence.observations[0].cost_usd.has_value());
  CHECK(evidence.observations[2].status == Status::ok);
  CHECK(evidence.observations[4].error == ErrorKind::not_started);
}

TEST_CASE("a grade counts only for that reply by the plan's graders") {
  const GradeFacts facts = facts_of(1);
  const Digest& graders = plan().head.suites[0].graders_digest;
  const std::string of_other_graders = grade_body(0, call_of(plan(), 0), reply_digest(reply_of(0)), sha256("x"), facts);
  const std::string of_other_reply = grade_body(0, call_of(plan(), 0), reply_digest(reply_of(5)), graders, facts);
  const std::string of_other_call = grade_body(0, call_of(plan(), 2), reply_digest(reply_of(0)), graders, facts);
  for (const std::string& body : {of_other_graders, of_other_reply, of_other_call}) {
    CHECK(fold({header(), ok(0), body}).observations[0].status == Status::not_run);
    CHECK(fold({header(), ok(0), body, grade(0)}).observations[0].score == 0.25);
  }
  CHECK(fold({header(), grade(0), ok(0)}).observations[0].status == Status::not_run);
}

TEST_CASE("the first ok result of a call stands, and repeats are counted") {
  Reply second = reply_of(0);
  second.text = "another";
  const std::string again = result_of(plan(), 0, second);
  const Evidence evidence = fold({header(), ok(0), again, grade(0), again});
  CHECK(evidence.observations[0].score == 0.25);
  CHECK(evidence.journal.repeats == 2);
  CHECK(records_digest(evidence) == records_digest(fold({header(), ok(0), grade(0)})));
}

TEST_CASE("an ok result stands over an error, before or after it") {
  const std::string error = result_of(plan(), 0, CallError{ErrorKind::connect, "refused"});
  const Digest usual = records_digest(fold({header(), ok(0), grade(0)}));
  CHECK(records_digest(fold({header(), error, ok(0), grade(0)})) == usual);
  CHECK(records_digest(fold({header(), ok(0), error, grade(0)})) == usual);
  CHECK(records_digest(fold({header(), ok(0), grade(0), error})) == usual);
  const std::string missing = result_of(plan(), 0, CallError{ErrorKind::reply_missing, ""});
  CHECK(records_digest(fold({header(), missing, ok(0), grade(0)})) == usual);
  CHECK(fold({header(), error}).observations[0].status == Status::provider_error);
  CHECK(fold({header(), missing}).observations[0].status == Status::ungraded);
}

TEST_CASE("a cell that could not be graded is ungraded, until a grade comes") {
  GradeFacts failed;
  failed.error = ErrorKind::grader_failed;
  failed.message = "no";
  const std::string ungraded = grade_of(plan(), 0, reply_of(0), failed);
  const Evidence evidence = fold({header(), ok(0), ungraded});
  CHECK(evidence.observations[0].status == Status::ungraded);
  CHECK(evidence.observations[0].error == ErrorKind::grader_failed);
  CHECK_FALSE(evidence.observations[0].score.has_value());
  CHECK_FALSE(evidence.observations[0].record.is_zero());
  CHECK(records_digest(fold({header(), ok(0), ungraded, grade(0)})) ==
        records_digest(fold({header(), ok(0), grade(0)})));
  failed.message = "in other words";
  CHECK(records_digest(fold({header(), ok(0), grade_of(plan(), 0, reply_of(0), failed)})) == records_digest(evidence));
}

TEST_CASE("records of another plan are foreign") {
  Plan other = plan();
  other.cases[0].input.text = "\"edited\"";
  other.cases[0].digest = case_digest(other.cases[0]);
  const Evidence evidence = fold({header(), result_of(other, 0, reply_of(0)), ok(2), grade(2)});
  CHECK(evidence.journal.foreign == 1);
  CHECK(evidence.observations[0].status == Status::not_run);
  CHECK(evidence.observations[2].status == Status::ok);

  Plan larger = headgate::samples::plan_of(9, 1);
  CHECK(fold({header(), result_of(larger, 17, reply_of(17))}).journal.foreign == 1);
}

TEST_CASE("the journal of another plan is not evidence of this one") {
  const test::TempFolder folder;
  REQUIRE(write_plan(folder.path(), plan()));
  folder.write("journal.jsonl", journal_of({header_body(sha256("another"), "0.0.1"), ok(0), grade(0)}));
  const auto evidence = read_evidence(folder.path());
  REQUIRE_FALSE(evidence);
  CHECK(evidence.error().code == ErrorCode::untrusted);
}

TEST_CASE("progress tells what a resumed run has to do") {
  Fold fold(plan());
  const test::TempFolder folder;
  const auto file = RandomAccessFile::open(folder.write(
      "j", journal_of({header(), ok(0), grade(0), result_of(plan(), 1, CallError{ErrorKind::timeout, ""}), ok(2)})));
  REQUIRE(scan(**file, [&](const RecordView& record) { fold.add(record); }));
  CHECK(fold.has_header());
  CHECK_FALSE(fold.is_foreign());
  CHECK(fold.progress(0) == Fold::Progress::done);
  CHECK(fold.progress(1) == Fold::Progress::done);
  CHECK(fold.progress(2) == Fold::Progress::replied);
  CHECK(fold.progress(3) == Fold::Progress::nothing);
  CHECK(std::get<Reply>(read_result(**file, fold.result_offset(2)).value()).text == reply_of(2).text);
}

TEST_CASE("an observation stays small") { CHECK(sizeof(Observation) <= 136); }

TEST_CASE("intents and answers change nothing that is decided on") {
  const std::string intent = intent_body(0, call_of(plan(), 0));
  CallId asked;
  asked.bytes[3] = 7;
  const std::string question = intent_body(0, asked, "0/v0");
  const std::string answer = answer_body(0, asked, "0/v0", JsonText{R"({"pass":true})"});
  const std::string no_answer = answer_body(0, asked, "0/v0", CallError{ErrorKind::plugin_failed, "it \"died\""});
  const Evidence usual = fold({header(), ok(0), grade(0)});
  for (const auto& bodies :
       {std::vector{header(), intent, ok(0), question, answer, grade(0)},
        std::vector{header(), intent, ok(0), grade(0)},
        std::vector{header(), intent, intent, ok(0), question, no_answer, question, answer, grade(0)},
        std::vector{header(), question, answer, ok(0), grade(0), intent, answer, question}}) {
    const Evidence evidence = fold(bodies);
    CHECK(records_digest(evidence) == records_digest(usual));
    CHECK(evidence.observations[0].score == 0.25);
    CHECK(evidence.journal.repeats == 0);
    CHECK(evidence.journal.foreign == 0);
    CHECK(evidence.journal.damaged_total == 0);
  }
  CHECK(fold({header(), intent, question, answer}).observations[0].error == ErrorKind::not_started);
}

TEST_CASE("a call is in flight from its intent until its result") {
  CallId asked;
  asked.bytes[3] = 7;
  const std::string question = intent_body(2, asked, "0/v0");
  const std::string answer = answer_body(2, asked, "0/v0", JsonText{"{}"});
  const auto in_flight = [](const std::vector<std::string>& bodies) {
    Fold fold(plan());
    const test::TempFolder folder;
    const auto file = RandomAccessFile::open(folder.write("j", journal_of(bodies)));
    REQUIRE(scan(**file, [&](const RecordView& record) { fold.add(record); }));
    return fold.in_flight();
  };
  const std::string first = intent_body(0, call_of(plan(), 0));
  const std::string second = intent_body(2, call_of(plan(), 2));
  CHECK(in_flight({header()}) == 0);
  CHECK(in_flight({header(), first, second}) == 2);
  CHECK(in_flight({header(), first, second, ok(0)}) == 1);
  CHECK(in_flight({header(), first, first, second, ok(2), question}) == 2);
  CHECK(in_flight({header(), first, ok(0), second, ok(2), question, answer}) == 0);
  CHECK(in_flight({header(), first, result_of(plan(), 0, CallError{ErrorKind::timeout, ""})}) == 0);
  FailedTry failed;
  failed.error = ErrorKind::reset;
  const std::string again = try_body(0, call_of(plan(), 0), {}, failed);
  CHECK(in_flight({header(), first, again}) == 0);
  CHECK(in_flight({header(), first, again, first}) == 1);
  CHECK(in_flight({header(), first, again, first, again, first, ok(0)}) == 0);
  CHECK(in_flight({header(), question, try_body(2, asked, "0/v0", failed)}) == 0);
}

TEST_CASE("what was spent is what was settled, and what is out as reserved") {
  const CallId call = call_of(plan(), 0);
  CallId asked;
  asked.bytes[3] = 7;
  const auto spent = [](const std::vector<std::string>& bodies) {
    Fold fold(plan());
    const test::TempFolder folder;
    const auto file = RandomAccessFile::open(folder.write("j", journal_of(bodies)));
    REQUIRE(scan(**file, [&](const RecordView& record) { fold.add(record); }));
    return fold.spent_usd();
  };
  const auto result = [&](double usd) {
    return result_body(0, call, "c0", {0, 0, Arm::baseline}, reply_of(0), reply_digest(reply_of(0)), {2, 0.0, usd});
  };
  FailedTry free;
  free.error = ErrorKind::connect;
  FailedTry billed = free;
  billed.spent_usd = 4.0;
  const std::string intent = intent_body(0, call, {}, 8.0);
  const std::string question = intent_body(0, asked, "0/v0", 16.0);
  CHECK(spent({header()}) == 0.0);
  CHECK(spent({header(), ok(0), grade(0)}) == 0.0);  // its cost_usd is a fact of the reply, not of this run's budget
  CHECK(spent({header(), intent}) == 8.0);
  CHECK(spent({header(), intent, question}) == 24.0);
  CHECK(spent({header(), intent, result(1.0)}) == 1.0);
  CHECK(spent({header(), intent, ok(0)}) == 0.0);
  CHECK(spent({header(), intent, try_body(0, call, {}, free)}) == 0.0);
  CHECK(spent({header(), intent, try_body(0, call, {}, billed), intent, result(1.0)}) == 5.0);
  CHECK(spent({header(), intent, try_body(0, call, {}, billed), intent}) == 12.0);
  // Killed with the call out, and sent again: both may have been billed.
  CHECK(spent({header(), intent, intent}) == 16.0);
  CHECK(spent({header(), intent, intent, result(1.0)}) == 9.0);
  CHECK(spent({header(), question, answer_body(0, asked, "0/v0", JsonText{"{}"}, {1, 0.0, 2.0})}) == 2.0);
  const CallError died{ErrorKind::judge_failed, ""};
  CHECK(spent({header(), question, answer_body(0, asked, "0/v0", died, {1, 0.0, 3.0})}) == 3.0);
}

TEST_CASE("who answered reaches the evidence, and failed tries do not") {
  Reply reply = reply_of(0);
  reply.served_by = "spare";
  reply.first_token_ms = 4.25;
  Reply kept = reply_of(2);
  kept.cached = true;
  FailedTry failed;
  failed.error = ErrorKind::overloaded;
  const std::string again = try_body(0, call_of(plan(), 0), {}, failed);
  const std::string graded = grade_of(plan(), 0, reply, facts_of(0));
  const Evidence evidence = fold({header(), result_of(plan(), 0, reply), graded, result_of(plan(), 2, kept),
                                  grade_of(plan(), 2, kept, facts_of(2)), ok(4), grade(4)});
  CHECK(evidence.observations[0].fallback);
  CHECK_FALSE(evidence.observations[0].cached);
  CHECK(evidence.observations[0].first_token_ms == 4.25F);
  CHECK(evidence.observations[2].cached);
  CHECK_FALSE(evidence.observations[2].fallback);
  CHECK_FALSE(evidence.observations[2].latency_ms.has_value());
  CHECK_FALSE(evidence.observations[4].fallback);
  CHECK_FALSE(evidence.observations[4].cached);
  CHECK_FALSE(evidence.observations[4].first_token_ms.has_value());

  const Digest usual = records_digest(fold({header(), ok(0), grade(0)}));
  CHECK(records_digest(fold({header(), again, again, ok(0), grade(0)})) == usual);
  CHECK(records_digest(fold({header(), result_of(plan(), 0, reply), graded})) != usual);
  CHECK(fold({header(), again}).observations[0].error == ErrorKind::not_started);
  Plan larger = headgate::samples::plan_of(9, 1);
  CHECK(fold({header(), try_body(17, call_of(larger, 17), {}, failed)}).journal.foreign == 1);
}

TEST_CASE("what judges said, measures and classes become columns, and are facts") {
  GradeFacts told = facts_of(0);
  told.judged = true;
  told.fails_anyway = true;
  told.grades[0].judged = true;
  told.grades[0].measures = {{"tone", 0.5}, {"tone", 0.25}};
  told.grades[0].label = "refund";
  told.grades[0].expected_label = "login";
  GradeFacts other = facts_of(2);
  other.grades[0].measures = {{"facts", 2.0}};
  other.grades[0].label = other.grades[0].expected_label = "billing";
  const std::vector<std::string> plain = {header(), ok(0), grade(0), ok(2), grade(2), ok(4), grade(4)};
  std::vector<std::string> bodies = plain;
  bodies[2] = grade_of(plan(), 0, reply_of(0), told);
  bodies[4] = grade_of(plan(), 2, reply_of(2), other);
  const Evidence evidence = fold(bodies);
  CHECK(evidence.observations[0].judged);
  CHECK(evidence.observations[0].fails_anyway);
  CHECK_FALSE(evidence.observations[2].judged);
  REQUIRE(evidence.measures.size() == 3);
  CHECK(evidence.measures[0].name == "equals.facts");
  CHECK(evidence.measures[1].name == "equals.tone");
  CHECK(evidence.measures[2].name == "equals.tone#2");
  CHECK(evidence.measures[1].values.size() == 6);
  CHECK(evidence.measures[1].values[0] == 0.5F);
  CHECK(std::isnan(evidence.measures[1].values[2]));
  CHECK(evidence.measures[2].values[0] == 0.25F);
  CHECK(evidence.labels.names == std::vector<std::string>{"billing", "login", "refund"});
  CHECK(evidence.labels.given[0] == 2);
  CHECK(evidence.labels.expected[0] == 1);
  CHECK(evidence.labels.given[2] == 0);
  CHECK(evidence.labels.given[4] == LabelColumns::none);

  const Evidence bare = fold(plain);
  CHECK(bare.measures.empty());
  CHECK(bare.labels.empty());
  CHECK(bare.labels.given.empty());
  const auto digest_with = [&](const GradeFacts& facts) {
    bodies[2] = grade_of(plan(), 0, reply_of(0), facts);
    return records_digest(fold(bodies));
  };
  const Digest usual = digest_with(told);
  GradeFacts changed = told;
  changed.grades[0].measures[0].value = 0.75;
  CHECK(digest_with(changed) != usual);
  changed = told;
  changed.grades[0].label = "billing";
  CHECK(digest_with(changed) != usual);
  changed = told;
  changed.fails_anyway = false;
  CHECK(digest_with(changed) != usual);
  changed = told;
  changed.grades[0].judged = false;
  CHECK(digest_with(changed) != usual);
}

TEST_CASE("of more measures than are kept, the first by their names stay, whatever order they came in") {
  const Plan many = headgate::samples::plan_of(60, 1);
  const auto names_of = [](CellIndex cell) {
    std::vector<std::string> names;
    for (CellIndex i = 0; i < 4; ++i) names.push_back("m" + std::to_string(cell * 7 % 100 + i * 100));
    return names;
  };
  std::vector<CellIndex> cells;
  for (CellIndex cell = 0; cell < 120; cell += 2) cells.push_back(cell);
  Random(5).shuffle(cells);
  std::vector<std::string> bodies = {header_body(many.head.digest, "0.0.1")};
  std::map<std::string, long> times;
  for (const CellIndex cell : cells) {
    GradeFacts facts = facts_of(cell);
    for (const std::string& name : names_of(cell)) {
      facts.grades[0].measures.push_back({name, 1.0});
      ++times["equals." + name];
    }
    bodies.push_back(result_of(many, cell, reply_of(cell)));
    bodies.push_back(grade_of(many, cell, reply_of(cell), facts));
  }
  const Evidence evidence = evidence_of(many, journal_of(bodies));
  CHECK(evidence.measures_left_out);
  REQUIRE(evidence.measures.size() == max_measure_columns);
  auto expected = times.begin();
  for (const MeasureColumn& column : evidence.measures) {
    CHECK(column.name == expected->first);
    CHECK(std::ranges::count_if(column.values, [](float each) { return !std::isnan(each); }) == expected->second);
    ++expected;
  }
}

TEST_CASE("equal words are told to be equal whatever came with them") {
  const auto said = [](CellIndex cell, const auto& change) {
    Reply reply = reply_of(0);
    change(reply);
    const Evidence evidence =
        fold({header(), result_of(plan(), cell, reply), grade_of(plan(), cell, reply, facts_of(cell))});
    return evidence.observations[cell].said_mark;
  };
  const auto nothing = [](Reply&) {};
  const auto labelled = [](const char* json) { return [json](Reply& reply) { reply.recorded.text = json; }; };
  CHECK(said(0, nothing) != 0);
  CHECK(said(0, nothing) == said(2, nothing));
  CHECK(said(0, labelled("{\"h\":1}")) == said(2, labelled("{\"h\":2}")));
  CHECK(said(0, labelled("{\"h\":1}")) != said(2, [](Reply& reply) {
          reply.recorded.text = "{}";
          reply.text += "!";
        }));
  CHECK(said(0, [](Reply& reply) {
          reply.recorded.text = "{}";
          reply.text_kept = false;
        }) == 0);
}

TEST_CASE("a reworded case knows its parent, in evidence and in a plan that is resumed") {
  Plan worded = headgate::samples::plan_of(3, 1);
  worded.cases[2].variant_of = worded.cases[0].id;
  worded.cases[1].variant_of = "gone";
  const test::TempFolder folder;
  REQUIRE(write_plan(folder.path(), worded));
  folder.write("journal.jsonl", journal_of({header_body(worded.head.digest, "0.0.1")}));
  const auto evidence = read_evidence(folder.path());
  REQUIRE(evidence);
  CHECK(evidence->cases[2].variant_of == 0);
  CHECK(evidence->cases[1].variant_of == CaseTable::no_case);
  CHECK(std::move(Fold(worded)).finish({}).cases[2].variant_of == 0);
  CHECK(read_plan(folder.path())->cases[2].variant_of == worded.cases[0].id);
}

TEST_CASE("answers are kept while their cell is not graded") {
  CallId asked;
  asked.bytes[3] = 7;
  const JsonText said{R"({"n":[1,2.5],"text":"über \"alles\""})"};
  const test::TempFolder folder;
  const auto file = RandomAccessFile::open(
      folder.write("j", journal_of({header(), ok(0), answer_body(0, asked, "1/v0", said),
                                    answer_body(0, asked, "1/v0", CallError{ErrorKind::plugin_failed, "it died"}),
                                    ok(2), answer_body(2, asked, "0/v0", said), grade(2), ok(3), grade(3)})));
  Fold fold(plan());
  REQUIRE(scan(**file, [&](const RecordView& record) { fold.add(record); }));
  CHECK(fold.answers(2).empty());
  CHECK(fold.answers(4).empty());
  const auto& answers = fold.answers(0);
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].error == ErrorKind::none);
  CHECK(answers[1].error == ErrorKind::plugin_failed);
  const auto first = read_answer(**file, answers[0].offset);
  REQUIRE(first);
  CHECK(first->call == asked);
  CHECK(first->ask == "1/v0");
  CHECK(first->answer == said);
  CHECK(first->error.kind == ErrorKind::none);
  const auto second = read_answer(**file, answers[1].offset);
  REQUIRE(second);
  CHECK(second->answer.absent());
  CHECK(second->error.message == "it died");
  CHECK_FALSE(read_answer(**file, fold.result_offset(0)));
}
