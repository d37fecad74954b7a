// Lines that are whole but say what no record may say, and the words in which damage is told.
#include <set>

#include "journals.hpp"
#include "line.hpp"

using namespace headgate;
using namespace headgate::journal;
using namespace headgate::journal::samples;

namespace {

const Plan& plan() {
  static const Plan made = headgate::samples::plan_of(2, 1);
  return made;
}

std::string sealed(const std::string& body, std::uint64_t sequence = 0) {
  std::string line;
  seal(line, body, sequence);
  return line;
}

bool is_record(const std::string& body) {
  const Scanned scanned = scan_text(sealed(body));
  if (scanned.records.size() + scanned.result.health.damaged_total != 1) FAIL("neither a record nor damage: " << body);
  return !scanned.records.empty();
}

// The body with another value for a member that is neither text nor list.
std::string with(const std::string& body, const std::string& name, const std::string& value) {
  const std::size_t at = body.find("\"" + name + "\":");
  if (at == std::string::npos) return body + ",\"" + name + "\":" + value;
  const std::size_t from = at + name.size() + 3;
  std::size_t to = from;
  int depth = 0;
  for (; to < body.size() && (depth > 0 || body[to] != ','); ++to) {
    depth += body[to] == '[' || body[to] == '{' ? 1 : body[to] == ']' || body[to] == '}' ? -1 : 0;
  }
  return body.substr(0, from) + value + body.substr(to);
}

std::string without(const std::string& body, const std::string& name) {
  const std::string changed = with(body, name, "");
  const std::string key = ",\"" + name + "\":";
  const std::size_t at = changed.find(key);
  REQUIRE(at != std::string::npos);
  return changed.substr(0, at) + changed.substr(at + key.size());
}

std::string result() {
  Reply reply = reply_of(0);
  reply.usage.cached_input_tokens = 3;
  reply.usage.reasoning_tokens = 4;
  reply.first_token_ms = 1.5;
  return result_body(0, call_of(plan(), 0), "c0", {0, 0, Arm::baseline}, reply, reply_digest(reply), {2, 5.0, 0.01});
}
std::string failed_result() { return result_of(plan(), 0, CallError{ErrorKind::timeout, "late"}); }
std::string grade() { return grade_of(plan(), 0, reply_of(0), facts_of(1)); }
std::string ungraded() {
  GradeFacts facts;
  facts.error = ErrorKind::grader_failed;
  return grade_of(plan(), 0, reply_of(0), facts);
}
std::string answer() { return answer_body(0, call_of(plan(), 0), "0/v0", JsonText{"{}"}, {2, 0.0, 0.01}); }
std::string intent() { return intent_body(0, call_of(plan(), 0), {}, 0.5); }
std::string failed_try() {
  FailedTry what;
  what.error = ErrorKind::reset;
  what.spent_usd = 0.5;
  return try_body(0, call_of(plan(), 0), {}, what);
}
std::string header() { return header_body(plan().head.digest, "0.0.1"); }

struct Record {
  const char* name;
  std::string body;
  std::vector<const char*> needs;
};
std::vector<Record> records() {
  return {{"result", result(), {"cell", "call", "reply"}},
          {"failed result", failed_result(), {"cell", "call", "error"}},
          {"grade", grade(), {"cell", "call", "reply", "graders", "pass", "score"}},
          {"ungraded", ungraded(), {"cell", "call", "reply", "graders", "error"}},
          {"answer", answer(), {"cell", "call"}},
          {"intent", intent(), {"cell", "call"}},
          {"try", failed_try(), {"cell", "call", "error"}},
          {"header", header(), {"plan", "format"}}};
}

}  // namespace

TEST_CASE("a record without one of its facts is damage") {
  for (const Record& each : records()) {
    CAPTURE(each.name);
    CHECK(is_record(each.body));
    for (const char* fact : each.needs) {
      CAPTURE(fact);
      if (std::string(fact) == "format") continue;  // then it is of another format, which is no damage
      CHECK_FALSE(is_record(without(each.body, fact)));
    }
  }
}

TEST_CASE("a fact of the wrong kind is damage") {
  for (const Record& each : records()) {
    CAPTURE(each.name);
    for (const char* fact : {"cell", "call", "reply", "graders", "pass", "score", "plan", "cost_usd", "latency_ms",
                             "first_token_ms", "tries", "spent_usd", "reserve_usd", "usage", "grades", "error"}) {
      if (each.body.find("\"" + std::string(fact) + "\":") == std::string::npos) continue;
      CAPTURE(fact);
      CHECK_FALSE(is_record(with(each.body, fact, "null")));
      CHECK_FALSE(is_record(with(each.body, fact, "\"x\"")));
    }
  }
  CHECK_FALSE(is_record(with(result(), "cell", "4294967296")));  // one more than a cell can have
  CHECK_FALSE(is_record(with(failed_result(), "error", "\"none\"")));
  CHECK_FALSE(is_record(with(result(), "usage", "{\"output_tokens\":-1}")));
  CHECK_FALSE(is_record(with(result(), "usage", "{\"reasoning_tokens\":1.5}")));
  CHECK_FALSE(is_record(with(grade(), "grades", "[{\"pass\":true,\"score\":1.0}]")));
  CHECK_FALSE(is_record(with(grade(), "grades", "[{\"kind\":\"equals\",\"pass\":true}]")));
  CHECK_FALSE(is_record(with(grade(), "grades", "[7]")));
}

TEST_CASE("amounts of nothing are amounts, and less is damage") {
  const auto check = [](const std::string& body, const char* fact, const char* out_of_range) {
    CAPTURE(body, fact);
    CHECK(is_record(with(body, fact, "0")));
    CHECK(is_record(with(body, fact, "0.0001")));
    CHECK_FALSE(is_record(with(body, fact, out_of_range)));
  };
  for (const char* fact : {"cost_usd", "latency_ms", "first_token_ms", "spent_usd"}) check(result(), fact, "-0.0001");
  for (const char* fact : {"latency_ms", "spent_usd"}) check(failed_try(), fact, "-0.0001");
  check(intent(), "reserve_usd", "-0.0001");
  check(grade(), "score", "-0.0001");
  CHECK(is_record(with(grade(), "score", "1")));
  CHECK_FALSE(is_record(with(grade(), "score", "1.0001")));
  CHECK(is_record(with(result(), "tries", "1")));
  CHECK_FALSE(is_record(with(result(), "tries", "0")));
}

TEST_CASE("a record that says two things at once is damage") {
  std::string both = failed_result();
  both.insert(both.find(",\"case\""), ",\"reply\":\"" + reply_digest(reply_of(0)).text() + "\"");
  CHECK_FALSE(is_record(both));
  CHECK_FALSE(is_record(grade() + ",\"error\":\"grader_failed\""));
  std::string scored = ungraded();
  scored.insert(scored.find(",\"message\""), ",\"pass\":true,\"score\":1.0");
  CHECK_FALSE(is_record(scored));
}

TEST_CASE("damage is told in words, line by line") {
  std::string flipped = sealed(intent(), 1);
  flipped[20] ^= 1;
  std::string no_number = intent();
  append_checksum(no_number, 0);
  std::string not_a_number = intent() + ",\"q\":";
  append_checksum(not_a_number, 0);
  std::string beyond = intent() + ",\"q\":18446744073709551616";  // 2^64
  append_checksum(beyond, 0);
  const std::vector<std::pair<std::string, std::string>> lines{
      {"\n", "too short for a record"},
      {"01234567890123456\n", "too short for a record"},  // no more than what ends a record
      {"012345678901234567\n", "no checksum"},            // one byte more
      {",\"_c\":\"00000000\"}\n", "too short for a record"},
      {"x,\"_c\":\"00000000\"}\n", "checksum mismatch"},
      {"x,\"_c\":\"00000000\"x\n", "no checksum"},
      {flipped, "checksum mismatch"},
      {no_number, "no sequence number"},
      {not_a_number, "no sequence number"},
      {beyond, "no sequence number"},
      {sealed("{\"t\":\"surprise\"", 9), "an unknown record type"},
      {sealed("{\"u\":\"note\"", 10), "an unknown record type"},
      {sealed("{\"t\":\"intent\" 7", 11), "not JSON"},
      {sealed(with(intent(), "cell", "true"), 12), "a member of the wrong kind"},
      {sealed(with(intent(), "reserve_usd", "-1"), 13), "a number out of range"},
      {sealed(with(result(), "cost_usd", "-1"), 14), "a number out of range"},
      {sealed(with(grade(), "score", "2"), 15), "a score out of range"},
      {sealed(without(intent(), "cell"), 16), "an intent without its facts"},
      {sealed(without(failed_try(), "cell"), 17), "a try without its facts"},
      {sealed(without(result(), "cell"), 18), "a result without its facts"},
      {sealed(without(answer(), "cell"), 19), "an answer without its facts"},
      {sealed(without(grade(), "cell"), 20), "a grade without its facts"},
      {sealed(without(header(), "plan"), 21), "a header without its plan"}};
  for (const auto& [line, words] : lines) {
    CAPTURE(line);
    const Scanned scanned = scan_text(line + sealed(end_body("complete"), 30));
    REQUIRE(scanned.result.health.damaged.size() == 1);
    CHECK(scanned.result.health.damaged[0].what == words);
    CHECK(scanned.result.health.damaged[0].line == 1);
    CHECK(scanned.records.size() == 1);
  }
}

TEST_CASE("a whole line without its newline is unfinished") {
  std::string text = sealed(header()) + sealed(intent(), 1);
  text.pop_back();
  const Scanned scanned = scan_text(text);
  CHECK(scanned.records.size() == 1);
  CHECK(scanned.result.good_bytes == sealed(header()).size());
  CHECK(scanned.result.next_sequence == 1);
}

TEST_CASE("numbers that are missing are gaps, but for lines that are damaged") {
  const auto gaps = [](const std::vector<std::uint64_t>& numbers, std::size_t garbage) {
    std::string text = sealed(header());
    for (std::size_t i = 0; i < garbage; ++i) text += "garbage\n";
    for (const std::uint64_t number : numbers) text += sealed(note_body("n", ""), number);
    const Scanned scanned = scan_text(text);
    CHECK(scanned.result.next_sequence == numbers.back() + 1);
    CHECK(scanned.result.health.damaged_total == garbage);
    return scanned.result.health.gaps;
  };
  CHECK(gaps({1}, 0) == 0);
  CHECK(gaps({2}, 0) == 1);
  CHECK(gaps({5}, 0) == 4);
  CHECK(gaps({2}, 1) == 0);
  CHECK(gaps({1}, 1) == 0);  // the damaged line may be no record at all
  CHECK(gaps({6}, 2) == 3);
  CHECK(gaps({2, 5}, 1) == 2);
  CHECK(gaps({3, 6}, 0) == 4);
}

TEST_CASE("as much damage as may be listed is listed, and no more") {
  for (const std::size_t n : {JournalHealth::max_listed, JournalHealth::max_listed + 1}) {
    std::string torn_between, senseless;
    for (std::size_t i = 0; i < n; ++i) {
      torn_between += "garbage\n";
      senseless += sealed("{\"t\":\"surprise\"", i);
    }
    for (const std::string& text : {torn_between, senseless}) {
      const JournalHealth health = scan_text(text + sealed(end_body("complete"), n)).result.health;
      CHECK(health.damaged_total == n);
      CHECK(health.damaged.size() == JournalHealth::max_listed);
      CHECK(health.damaged.back().line == JournalHealth::max_listed);
    }
  }
}

TEST_CASE("recovery looks at no record's facts, and its header must be of this format all the same") {
  const auto recovered = [](const std::string& text) {
    const test::TempFolder folder;
    const auto file = RandomAccessFile::open(folder.write("journal.jsonl", text));
    REQUIRE(file);
    return scan(**file, nullptr);
  };
  const auto senseless = recovered(sealed(header()) + sealed(without(result(), "cell"), 1));
  REQUIRE(senseless);
  CHECK(senseless->health.damaged_total == 0);
  CHECK(senseless->next_sequence == 2);
  CHECK(recovered(sealed(without(header(), "format"))).error().code == ErrorCode::untrusted);
  CHECK(recovered(sealed(with(header(), "format", "\"headgate/journal/2\""))).error().code == ErrorCode::untrusted);
}

TEST_CASE("a journal is ended only where its end stands last") {
  const std::string end = end_body("complete");
  CHECK(scan_text(sealed(header()) + sealed(end, 1)).result.health.ended);
  CHECK_FALSE(scan_text(sealed(header()) + sealed(end, 1) + sealed(intent(), 2)).result.health.ended);
}

TEST_CASE("every count of tokens is a fact, and so is that it is not known") {
  std::set<Digest> told_apart;
  const auto facts = [](const Usage& usage) {
    Reply reply = reply_of(0);
    reply.usage = usage;
    return scan_text(journal_of({result_of(plan(), 0, reply)})).records.at(0).facts;
  };
  CHECK(told_apart.insert(facts({})).second);
  using Count = std::optional<std::int64_t> Usage::*;
  for (const Count count :
       {&Usage::input_tokens, &Usage::output_tokens, &Usage::cached_input_tokens, &Usage::reasoning_tokens}) {
    for (const std::int64_t tokens : {0, 1, 256}) {
      Usage usage;
      usage.*count = tokens;
      CHECK(told_apart.insert(facts(usage)).second);
    }
  }
}

TEST_CASE("facts are digested byte by byte as they always were, so that runs of any version compare") {
  Reply reply = reply_of(0);
  reply.usage = {7, std::nullopt, 258, std::nullopt};
  reply.cost_usd = 0.5;
  reply.served_by = "spare";
  reply.cached = true;
  const auto number = [](std::uint64_t value) {
    std::string out = "\1";
    for (int i = 0; i < 8; ++i) out += static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
    return out;
  };
  const auto bytes = [](const Digest& digest) { return std::string(digest.bytes.begin(), digest.bytes.end()); };
  const std::string absent(1, '\0');
  const std::string own = "headgate/result/1\nok\nnone\n" + bytes(reply_digest(reply)) + number(7) + absent +
                          number(258) + absent + number(0x3FE0000000000000);  // 0.5
  const auto facts = [](const std::string& body) { return scan_text(journal_of({body})).records.at(0).facts; };
  CHECK(facts(result_of(plan(), 0, reply)) == sha256(own + "via\n" + number(5) + "spare\ncached\n"));
  reply.served_by.clear();
  CHECK(facts(result_of(plan(), 0, reply)) == sha256(own + "cached\n"));
  reply.cached = false;
  CHECK(facts(result_of(plan(), 0, reply)) == sha256(own));
  GradeFacts graded;
  graded.pass = true;
  graded.score = 0.5;
  graded.grades = {{"equals", true, 0.0, "words for people"}};
  CHECK(facts(grade_of(plan(), 0, reply, graded)) == sha256("headgate/grade/1\nequals\n" + number(1) + number(0) +
                                                            "none\n" + number(1) + number(0x3FE0000000000000)));
}

TEST_CASE("a grader that is not said to have passed did not") {
  const auto facts = [](const std::string& grades) {
    return scan_text(sealed(with(grade(), "grades", grades))).records.at(0).facts;
  };
  const Digest silent = facts("[{\"kind\":\"equals\",\"score\":1.0}]");
  CHECK(silent == facts("[{\"kind\":\"equals\",\"pass\":false,\"score\":1.0}]"));
  CHECK(silent != facts("[{\"kind\":\"equals\",\"pass\":true,\"score\":1.0}]"));
}

TEST_CASE("what graders found is a fact one by one: kind, pass, score and their order") {
  std::set<Digest> told_apart;
  const auto facts = [](const std::vector<GradeFacts::One>& grades, bool pass) {
    GradeFacts all;
    all.pass = pass;
    all.score = 0.5;
    all.grades = grades;
    return scan_text(journal_of({grade_of(plan(), 0, reply_of(0), all)})).records.at(0).facts;
  };
  const GradeFacts::One equals{"equals", true, 1.0, "a"};
  const GradeFacts::One contains{"contains", true, 1.0, "b"};
  const GradeFacts::One failing{"equals", false, 1.0, "a"};
  const GradeFacts::One half{"equals", true, 0.5, "a"};
  for (const bool pass : {false, true}) {
    for (const auto& grades : std::vector<std::vector<GradeFacts::One>>{
             {}, {equals}, {contains}, {failing}, {half}, {equals, contains}, {contains, equals}, {equals, equals}}) {
      CHECK(told_apart.insert(facts(grades, pass)).second);
    }
  }
  const auto error = [](ErrorKind kind) {
    GradeFacts all;
    all.error = kind;
    return scan_text(journal_of({grade_of(plan(), 0, reply_of(0), all)})).records.at(0).facts;
  };
  CHECK(told_apart.insert(error(ErrorKind::grader_failed)).second);
  CHECK(told_apart.insert(error(ErrorKind::judge_failed)).second);
}
