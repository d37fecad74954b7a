#include "headgate/journal/scan.hpp"

#include <algorithm>
#include <set>

#include "headgate/base/random.hpp"
#include "journals.hpp"
#include "line.hpp"
#include "line_reader.hpp"

using namespace headgate;
using namespace headgate::journal;
using namespace headgate::journal::samples;

namespace {

// 5 cases on two arms: 10 cells, header and end: 21 records.
const Plan& plan() {
  static const Plan made = headgate::samples::plan_of(5, 1);
  return made;
}
const std::string& good() {
  static const std::string text = journal_of(bodies_of(plan()));
  return text;
}

std::size_t lines_before(std::size_t offset) {
  return static_cast<std::size_t>(
      std::count(good().begin(), good().begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

std::size_t not_run(const Evidence& evidence) {
  return static_cast<std::size_t>(std::count_if(evidence.observations.begin(), evidence.observations.end(),
                                                [](const auto& seen) { return seen.status == Status::not_run; }));
}

}  // namespace

TEST_CASE("a whole journal reads back record by record") {
  const Scanned scanned = scan_text(good());
  CHECK(scanned.records.size() == 21);
  CHECK(scanned.result.health.ended);
  CHECK(scanned.result.health.torn_bytes == 0);
  CHECK(scanned.result.health.damaged_total == 0);
  CHECK(scanned.result.health.gaps == 0);
  CHECK(scanned.result.next_sequence == 21);
  CHECK(scanned.result.good_bytes == good().size());
  const RecordView& result = scanned.records.at(1);
  CHECK(result.type == RecordType::result);
  CHECK(result.call == call_of(plan(), 0));
  CHECK(result.reply == reply_digest(reply_of(0)));
  CHECK(result.latency_ms == 12.5);
  const RecordView& error = scanned.records.at(3);
  CHECK(error.status == Status::route_error);
  CHECK(error.error == ErrorKind::timeout);
  CHECK(error.reply.is_zero());
}

TEST_CASE("an empty journal is an empty journal") {
  const Scanned scanned = scan_text("");
  CHECK(scanned.records.empty());
  CHECK(scanned.result.next_sequence == 0);
  CHECK(scanned.result.good_bytes == 0);
  CHECK_FALSE(scanned.result.health.ended);
}

TEST_CASE("a journal cut at any byte gives exactly the whole records before the cut") {
  for (std::size_t cut = 0; cut < good().size(); ++cut) {
    const Scanned scanned = scan_text(good().substr(0, cut));
    const std::size_t whole = lines_before(cut);
    const std::size_t end = cut == 0 ? 0 : good().rfind('\n', cut - 1) + 1;  // npos + 1 is 0
    if (scanned.records.size() != whole || scanned.result.good_bytes != end ||
        scanned.result.health.torn_bytes != cut - end || scanned.result.health.damaged_total != 0) {
      FAIL("cut at byte " << cut << ": " << scanned.records.size() << " records, " << scanned.result.good_bytes
                          << " bytes");
    }
  }
}

TEST_CASE("no flipped bit passes, and none costs more than two records") {
  Random random(7);
  for (std::size_t at = 0; at < good().size(); ++at) {
    std::string text = good();
    text[at] = static_cast<char>(text[at] ^ (1 << random.below(8)));
    const Scanned scanned = scan_text(text);
    const JournalHealth& health = scanned.result.health;
    if (scanned.records.size() < 19 || scanned.records.size() > 20)
      FAIL("byte " << at << ": " << scanned.records.size());
    const std::size_t line = lines_before(at) + 1;
    const bool is_tail = line == 21 || (line == 20 && good()[at] == '\n');
    if (is_tail ? health.torn_bytes == 0 : health.damaged.empty() || health.damaged[0].line != line) {
      FAIL("byte " << at << " in line " << line << " is not reported there");
    }
    for (const RecordView& record : scanned.records) {
      if (record.sequence >= 21) FAIL("byte " << at << " made a record up");
    }
  }
}

TEST_CASE("tails of zeros, garbage and half records are torn, not damage") {
  std::string garbage;
  Random random(3);
  for (int i = 0; i < 3000; ++i) garbage += static_cast<char>(random.below(256));
  for (const std::string& tail :
       {std::string(4096, '\0'), std::string(3 << 20, '\0'), garbage, good().substr(300, 90),
        std::string("{\"t\":\"result\",\"cell\":3"), std::string("\n"), std::string("\n\n\n")}) {
    const Scanned scanned = scan_text(good() + tail);
    CHECK(scanned.records.size() == 21);
    CHECK(scanned.result.health.torn_bytes == tail.size());
    CHECK(scanned.result.health.damaged_total == 0);
    CHECK(scanned.result.good_bytes == good().size());
  }
}

TEST_CASE("bad lines between good ones are damage, each with its line") {
  const std::size_t third = good().find('\n', good().find('\n') + 1) + 1;
  const Scanned scanned = scan_text(good().substr(0, third) + "garbage\n\n" + good().substr(third));
  CHECK(scanned.records.size() == 21);
  REQUIRE(scanned.result.health.damaged.size() == 2);
  CHECK(scanned.result.health.damaged[0].line == 3);
  CHECK(scanned.result.health.damaged[1].line == 4);
  CHECK(scanned.result.health.gaps == 0);
}

TEST_CASE("damage is counted in full and listed in part") {
  std::string text = good();
  std::string last;
  seal(last, end_body("complete"), 21);
  for (int i = 0; i < 100; ++i) text += "garbage\n";
  const Scanned scanned = scan_text(text + last);
  CHECK(scanned.result.health.damaged_total == 100);
  CHECK(scanned.result.health.damaged.size() == JournalHealth::max_listed);
}

TEST_CASE("a missing line is a gap, a copied one a repeat") {
  const std::size_t second = good().find('\n') + 1;
  const std::size_t third = good().find('\n', second) + 1;
  CHECK(scan_text(good().substr(0, second) + good().substr(third)).result.health.gaps == 1);

  const std::string copied = good() + good().substr(second, third - second);
  const Scanned scanned = scan_text(copied);
  CHECK(scanned.records.size() == 21);
  CHECK(scanned.result.health.repeats == 1);
  CHECK(scanned.result.health.torn_bytes == 0);
  CHECK(scanned.result.next_sequence == 21);
}

TEST_CASE("a record that is intact but makes no sense is damage") {
  const Plan& made = plan();
  for (const std::string& body :
       {std::string("{\"t\":\"surprise\""), std::string("{\"x\":1"), std::string("{\"t\":\"result\",\"cell\":1"),
        std::string("{\"t\":\"result\",\"cell\":-1,\"call\":\"00\""),
        result_of(made, 0, reply_of(0)).replace(12, 6, "\"cell\" ["), std::string("{\"t\":\"try\",\"cell\":1"),
        std::string("{\"t\":\"try\",\"cell\":0,\"call\":\"" + call_of(made, 0).hex() +
                    "\",\"number\":1,\"error\":\"none\""),
        std::string("{\"t\":\"intent\",\"cell\":0,\"call\":\"" + call_of(made, 0).hex() + "\",\"reserve_usd\":-1"),
        std::string("{\"t\":\"result\",\"cell\":0,\"call\":\"" + call_of(made, 0).hex() +
                    "\",\"error\":\"timeout\",\"tries\":0"),
        std::string("{\"t\":\"result\",\"cell\":0,\"call\":\"" + call_of(made, 0).hex() +
                    "\",\"error\":\"timeout\",\"spent_usd\":-0.1")}) {
    CAPTURE(body);
    std::string text;
    seal(text, body, 0);
    const Scanned scanned = scan_text(text);
    CHECK(scanned.records.empty());
    CHECK(scanned.result.health.damaged_total == 1);
    CHECK(scanned.result.good_bytes == text.size());
  }
}

TEST_CASE("facts digests tell facts apart and ignore words for people") {
  const Plan& made = plan();
  const auto facts = [&](const std::string& body) { return scan_text(journal_of({body})).records.at(0).facts; };
  const Reply reply = reply_of(0);
  const Digest usual = facts(result_of(made, 0, reply));
  Reply other = reply;
  other.latency_ms = 99.0;
  CHECK(facts(result_of(made, 0, other)) == usual);  // latency has a digest of its own
  other.cost_usd = std::nullopt;
  CHECK(facts(result_of(made, 0, other)) != usual);
  other = reply;
  other.usage.cached_input_tokens = 0;
  CHECK(facts(result_of(made, 0, other)) != usual);
  other = reply;
  other.text += ".";
  CHECK(facts(result_of(made, 0, other)) != usual);
  other = reply;
  other.first_token_ms = 2.0;
  other.request_id = "req_7";
  const CallFacts took{4, 900.0, 0.5};
  CHECK(facts(result_body(0, call_of(made, 0), "c0", {0, 0, Arm::baseline}, other, reply_digest(other), took)) ==
        usual);

  std::set<Digest> told_apart{usual};
  for (const char* via : {"a", "b", "a\ncached"}) {
    for (const bool cached : {false, true}) {
      other = reply;
      other.served_by = via;
      other.cached = cached;
      CHECK(told_apart.insert(facts(result_of(made, 0, other))).second);
    }
  }
  other = reply;
  other.cached = true;
  CHECK(told_apart.insert(facts(result_of(made, 0, other))).second);

  const GradeFacts graded = facts_of(1);
  const Digest grade = facts(grade_of(made, 0, reply, graded));
  GradeFacts same = graded;
  same.grades[0].reason = "in other words";
  CHECK(facts(grade_of(made, 0, reply, same)) == grade);
  same.grades[0].score = 0.5;
  CHECK(facts(grade_of(made, 0, reply, same)) != grade);
  same = graded;
  same.score = 0.5;
  CHECK(facts(grade_of(made, 0, reply, same)) != grade);
}

TEST_CASE("records of calls show what they cost and what they took") {
  const Plan& made = plan();
  Reply reply = reply_of(0);
  reply.served_by = "spare";
  reply.first_token_ms = 4.5;
  FailedTry failed;
  failed.error = ErrorKind::server_error;
  failed.latency_ms = 30.0;
  failed.spent_usd = 0.01;
  Reply kept = reply_of(1);
  kept.cached = true;
  const CallFacts facts{2, 40.0, 0.02};
  CallId asked;
  asked.bytes[3] = 7;
  const Scanned scanned = scan_text(
      journal_of({intent_body(0, call_of(made, 0), {}, 0.05), try_body(0, call_of(made, 0), {}, failed),
                  result_body(0, call_of(made, 0), "c0", {0, 0, Arm::baseline}, reply, reply_digest(reply), facts),
                  answer_body(0, asked, "0/v0", JsonText{"{}"}, facts), result_of(made, 1, kept)}));
  CHECK(scanned.result.health.damaged_total == 0);
  REQUIRE(scanned.records.size() == 5);
  CHECK(scanned.records[0].reserve_usd == 0.05);
  CHECK(scanned.records[1].type == RecordType::failed_try);
  CHECK(scanned.records[1].status == Status::provider_error);
  CHECK(scanned.records[1].latency_ms == 30.0);
  CHECK(scanned.records[1].spent_usd == 0.01);
  CHECK(scanned.records[2].fallback);
  CHECK_FALSE(scanned.records[2].cached);
  CHECK(scanned.records[2].first_token_ms == 4.5);
  CHECK(scanned.records[2].tries == 2);
  CHECK(scanned.records[2].spent_usd == 0.02);
  CHECK(scanned.records[3].type == RecordType::answer);
  CHECK(scanned.records[3].tries == 2);
  CHECK(scanned.records[3].spent_usd == 0.02);
  CHECK(scanned.records[4].cached);
  CHECK_FALSE(scanned.records[4].fallback);
  CHECK(scanned.records[4].tries == 1);
}

TEST_CASE("lines are read whole whatever the size of the blocks") {
  const test::TempFolder folder;
  std::string text;
  std::vector<std::string> lines;
  Random random(11);
  for (int i = 0; i < 300; ++i) {
    lines.emplace_back(random.below(700), static_cast<char>('a' + i % 26));
    text += lines.back() + "\n";
  }
  text += "unfinished";
  const auto file = RandomAccessFile::open(folder.write("lines", text));
  REQUIRE(file);
  for (const std::size_t block : {std::size_t{1}, std::size_t{7}, std::size_t{512}, std::size_t{100'000'000}}) {
    LineReader reader(**file, 0, block);
    std::uint64_t offset = 0;
    for (const std::string& line : lines) {
      REQUIRE(reader.next().value());
      REQUIRE(reader.line() == line);
      REQUIRE(reader.offset() == offset);
      REQUIRE(reader.whole());
      offset += line.size() + 1;
    }
    REQUIRE(reader.next().value());
    CHECK(reader.line() == "unfinished");
    CHECK_FALSE(reader.whole());
    CHECK_FALSE(reader.next().value());
  }
}

TEST_CASE("a line of any length is passed over without being held") {
  const test::TempFolder folder;
  const auto file = RandomAccessFile::open(
      folder.write("lines", "first\n" + std::string(5000, 'x') + "\nthird\n" + std::string(3000, '\0')));
  REQUIRE(file);
  LineReader reader(**file, 0, 64, 1000);
  REQUIRE(reader.next().value());
  CHECK(reader.line() == "first");
  REQUIRE(reader.next().value());
  CHECK(reader.oversized());
  CHECK(reader.whole());
  CHECK(reader.offset() == 6);
  CHECK(reader.line().empty());
  REQUIRE(reader.next().value());
  CHECK_FALSE(reader.oversized());
  CHECK(reader.line() == "third");
  CHECK(reader.offset() == 5007);
  REQUIRE(reader.next().value());
  CHECK(reader.oversized());
  CHECK_FALSE(reader.whole());
  CHECK_FALSE(reader.next().value());
}

TEST_CASE("evidence of a damaged journal lacks the cells of the lost records and no others") {
  std::string text = good();
  const std::size_t third = text.find('\n', text.find('\n') + 1) + 1;  // the grade of cell 0
  text[third + 20] ^= 1;
  const Evidence evidence = evidence_of(plan(), text);
  CHECK(not_run(evidence) == 1);
  CHECK(evidence.observations[0].status == Status::not_run);
  CHECK(evidence.observations[0].error == ErrorKind::interrupted);
  CHECK(evidence.journal.damaged_total == 1);
  CHECK(evidence.journal.damaged.at(0).line == 3);
}
