#include "headgate/journal/record.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "headgate/base/bug_error.hpp"
#include "journals.hpp"

using namespace headgate;
using namespace headgate::journal;
using namespace headgate::journal::samples;

namespace {

Outcome round_trip(const Outcome& outcome) {
  const Plan plan = headgate::samples::plan_of(1, 1);
  const test::TempFolder folder;
  const std::string text = journal_of({result_of(plan, 0, outcome)});
  const auto file = RandomAccessFile::open(folder.write("j", text));
  REQUIRE(file);
  const auto read = read_result(**file, 0);
  if (!read) FAIL(read.error().message);
  return *read;
}

}  // namespace

TEST_CASE("a sealed record is one line of JSON with its number and a checksum last") {
  std::string out = "before\n";
  seal(out, note_body("resumed", "a \"text\"\n"), 17);
  CHECK(out.ends_with("\"}\n"));
  const std::string line = out.substr(7, out.size() - 8);
  const Json value = Json::parse(line);
  CHECK(value.at("t") == "note");
  CHECK(value.at("text") == "a \"text\"\n");
  CHECK(value.at("q") == 17);
  const std::string body = line.substr(0, line.size() + 1 - suffix_bytes);
  char expected[9];
  std::snprintf(expected, sizeof expected, "%08x", crc32c(body));
  CHECK(value.at("_c") == expected);
}

TEST_CASE("a result keeps everything of a reply") {
  Reply reply = reply_of(3);
  reply.tool_calls = {{"t1", "refund", {"{\"amount\":1e+21,\"b\":[1,{}]}"}}, {"", "noop", {}}};
  reply.documents = {{"kb-12", "how to refund", 0.75}, {"kb-13", "", std::nullopt}};
  reply.repaired = true;
  const Outcome again = round_trip(reply);
  const Reply& read = std::get<Reply>(again);
  CHECK(read.text == reply.text);
  CHECK(read.repaired);
  CHECK(read.latency_ms == reply.latency_ms);
  CHECK(read.cost_usd == reply.cost_usd);
  CHECK(read.usage.input_tokens == 103);
  CHECK_FALSE(read.usage.reasoning_tokens.has_value());
  CHECK(read.tool_calls.at(0).arguments.text == "{\"amount\":1e+21,\"b\":[1,{}]}");
  CHECK(read.tool_calls.at(1).arguments.absent());
  CHECK(read.documents.at(0).score == 0.75);
  CHECK(reply_digest(read) == reply_digest(reply));
}

TEST_CASE("a live reply keeps who answered, how soon, under which id, and what it took") {
  const Plan plan = headgate::samples::plan_of(1, 1);
  Reply reply = reply_of(0);
  reply.first_token_ms = 3.25;
  reply.served_by = "a \"spare\"";
  reply.request_id = "req_\xE2\x80\xA8 1";
  const CallFacts facts{3, 1500.5, 0.25};
  const std::string body =
      result_body(0, call_of(plan, 0), "c0", {0, 0, Arm::baseline}, reply, reply_digest(reply), facts);
  const test::TempFolder folder;
  const auto file = RandomAccessFile::open(folder.write("j", journal_of({body})));
  REQUIRE(file);
  const auto outcome = read_result(**file, 0);
  if (!outcome) FAIL(outcome.error().message);
  const Reply& read = std::get<Reply>(*outcome);
  CHECK(read.first_token_ms == 3.25);
  CHECK(read.latency_ms == reply.latency_ms);
  CHECK(read.served_by == reply.served_by);
  CHECK(read.request_id == reply.request_id);
  CHECK_FALSE(read.cached);
  const auto took = read_call_facts(**file, 0);
  REQUIRE(took);
  CHECK(took->tries == 3);
  CHECK(took->waited_ms == 1500.5);
  CHECK(took->spent_usd == 0.25);
}

TEST_CASE("a cached reply has no latency of its own") {
  Reply reply = reply_of(0);
  reply.first_token_ms = 3.0;
  reply.cached = true;
  const Outcome again = round_trip(reply);
  const Reply& read = std::get<Reply>(again);
  CHECK(read.cached);
  CHECK_FALSE(read.latency_ms.has_value());
  CHECK_FALSE(read.first_token_ms.has_value());
  CHECK(read.cost_usd == reply.cost_usd);
}

TEST_CASE("a reply of a route without calls is written as it always was") {
  const Plan plan = headgate::samples::plan_of(1, 1);
  const Reply reply = reply_of(0);
  const std::string usual = result_of(plan, 0, reply);
  for (const char* word : {"tries", "waited_ms", "spent_usd", "via", "cached\"", "request_id", "first_token_ms"}) {
    CAPTURE(word);
    CHECK(usual.find(word) == std::string::npos);
  }
  const CallFacts first_try_at_once{1, 0.4, std::nullopt};
  CHECK(result_body(0, call_of(plan, 0), "c0", {0, 0, Arm::baseline}, reply, reply_digest(reply), first_try_at_once) ==
        usual);
  CHECK(intent_body(0, call_of(plan, 0)).find("reserve_usd") == std::string::npos);
}

TEST_CASE("a record says what its page says: every member by its name") {
  const Plan plan = headgate::samples::plan_of(1, 1);
  const auto members = [](const std::string& body) {
    std::string line;
    seal(line, body, 3);
    Json value = Json::parse(line);
    value.erase("_c");
    return value;
  };
  const std::string call = call_of(plan, 0).hex();
  Reply reply;
  reply.text = "yes";
  reply.finish_reason = "stop";
  reply.usage = {1, 2, 3, 4};
  reply.latency_ms = 5.5;
  reply.cost_usd = 0.25;
  reply.repaired = true;
  const std::string digest = reply_digest(reply).text();
  CHECK(members(result_of(plan, 0, reply)) ==
        Json::parse(R"({"t":"result","cell":0,"arm":"baseline","trial":0,"status":"ok","cost_usd":0.25,
                        "usage":{"input_tokens":1,"output_tokens":2,"cached_input_tokens":3,"reasoning_tokens":4},
                        "latency_ms":5.5,"repaired":true,"case":"c0","finish_reason":"stop","output":"yes","q":3,
                        "call":")" +
                    call + R"(","reply":")" + digest + "\"}"));
  CHECK(members(result_of(plan, 1, CallError{ErrorKind::connect, "refused"})) ==
        Json::parse(R"({"t":"result","cell":1,"arm":"candidate","trial":0,"status":"provider_error",
                        "error":"connect","case":"c0","message":"refused","q":3,"call":")" +
                    call_of(plan, 1).hex() + "\"}"));
  CHECK(members(answer_body(0, call_of(plan, 0), "0/v0", JsonText{"[1]"}, {2, 1.0, 0.5})) ==
        Json::parse(R"({"t":"result","cell":0,"status":"ok","tries":2,"waited_ms":1.0,"spent_usd":0.5,"ask":"0/v0",
                        "answer":[1],"q":3,"call":")" +
                    call + "\"}"));
  CHECK(members(answer_body(0, call_of(plan, 0), "0/v0", CallError{ErrorKind::judge_failed, "no"})) ==
        Json::parse(R"({"t":"result","cell":0,"status":"ungraded","error":"judge_failed","ask":"0/v0","message":"no",
                        "q":3,"call":")" +
                    call + "\"}"));
  CHECK(members(intent_body(0, call_of(plan, 0), "0/v0", 0.5)) ==
        Json::parse(R"({"t":"intent","cell":0,"reserve_usd":0.5,"ask":"0/v0","q":3,"call":")" + call + "\"}"));
  CHECK(members(try_body(0, call_of(plan, 0), "0/v0", {2, ErrorKind::overloaded, 529, 1.5, 0.5, "busy"})) ==
        Json::parse(R"({"t":"try","cell":0,"number":2,"error":"overloaded","http_status":529,"latency_ms":1.5,
                        "spent_usd":0.5,"ask":"0/v0","message":"busy","q":3,"call":")" +
                    call + "\"}"));
}

TEST_CASE("of the counts of tokens those are written that are known") {
  using Count = std::optional<std::int64_t> Usage::*;
  const std::vector<std::pair<Count, const char*>> counts{{&Usage::input_tokens, "input_tokens"},
                                                          {&Usage::output_tokens, "output_tokens"},
                                                          {&Usage::cached_input_tokens, "cached_input_tokens"},
                                                          {&Usage::reasoning_tokens, "reasoning_tokens"}};
  const Plan plan = headgate::samples::plan_of(1, 1);
  for (const auto& [only, name] : counts) {
    CAPTURE(name);
    Reply reply;
    reply.text = "x";
    reply.usage.*only = 7;
    CHECK(result_of(plan, 0, reply).find("\"usage\":{\"" + std::string(name) + "\":7}") != std::string::npos);
    const Outcome again = round_trip(reply);
    for (const auto& [count, each] : counts) {
      CHECK(std::get<Reply>(again).usage.*count == (count == only ? std::optional<std::int64_t>(7) : std::nullopt));
    }
  }
}

TEST_CASE("a wait is told from a millisecond on, a second try always") {
  const Plan plan = headgate::samples::plan_of(1, 1);
  const auto body = [&](const CallFacts& facts) {
    const Reply reply = reply_of(0);
    return result_body(0, call_of(plan, 0), "c0", {0, 0, Arm::baseline}, reply, reply_digest(reply), facts);
  };
  CHECK(body({1, 0.999, {}}).find("waited_ms") == std::string::npos);
  CHECK(body({1, 1.0, {}}).find("\"waited_ms\":1") != std::string::npos);
  CHECK(body({1, 0.0, 0.0}).find("\"spent_usd\":0") != std::string::npos);  // nothing spent is not unknown
  CHECK(body({1, 0.0, {}}).find("tries") == std::string::npos);
  CHECK(body({2, 0.0, {}}).find("\"tries\":2") != std::string::npos);
}

TEST_CASE("a record of any length is read whole, wherever its line ends") {
  const Plan plan = headgate::samples::plan_of(1, 1);
  Reply reply = reply_of(0);
  const std::size_t frame = journal_of({result_of(plan, 0, reply)}).size() - reply.text.size();
  for (const std::size_t size : {std::size_t{4095}, std::size_t{4096}, std::size_t{4097}, std::size_t{16383},
                                 std::size_t{16384}, std::size_t{16385}, std::size_t{200'000}}) {
    reply.text = std::string(size - frame, 'x');
    for (const bool is_last : {true, false}) {
      std::string text = journal_of({result_of(plan, 0, reply)});
      if (!is_last) text += journal_of({note_body("after", "")});
      CAPTURE(size, is_last);
      const test::TempFolder folder;
      const auto file = RandomAccessFile::open(folder.write("j", text));
      REQUIRE(file);
      const auto read = read_result(**file, 0);
      REQUIRE(read);
      CHECK(std::get<Reply>(*read).text == reply.text);
    }
  }
}

TEST_CASE("what is read at a place says why it is not what was asked for") {
  const Plan plan = headgate::samples::plan_of(1, 1);
  std::string text = journal_of({result_of(plan, 0, reply_of(0))});
  const std::size_t second = text.size();
  seal(text, answer_body(0, call_of(plan, 0), "0/v0", JsonText{"{}"}), 1);
  const std::size_t third = text.size();
  seal(text, "{\"t\":\"result\",\"cost_usd\":\"free\"", 2);
  const std::size_t fourth = text.size();
  text += "{\"t\":\"result\"";
  const test::TempFolder folder;
  const auto file = RandomAccessFile::open(folder.write("j", text));
  REQUIRE(file);
  const auto why = [](const auto& read) { return read ? std::string("it was read") : read.error().message; };
  const auto says = [&](const auto& read, const std::string& words) {
    CAPTURE(why(read));
    CHECK(why(read).find(words) != std::string::npos);
  };
  says(read_grade(**file, 0), "it is of another type");
  says(read_try(**file, 0), "it is of another type");
  says(read_answer(**file, 0), "it is no answer");
  says(read_result(**file, 1), "checksum mismatch");
  says(read_result(**file, third), "a member is of the wrong kind");
  says(read_result(**file, fourth), "its line has no end");
  says(read_result(**file, text.size()), "the file is shorter");
  CHECK(read_answer(**file, second));
  says(read_result(**file, third), "at byte " + std::to_string(third) + " of");
}

TEST_CASE("a status of HTTP is a number that fits") {
  const Plan plan = headgate::samples::plan_of(1, 1);
  FailedTry what;
  what.error = ErrorKind::reset;
  for (const auto& [status, fits] : {std::pair("0", true), std::pair("599", true), std::pair("4294967295", false)}) {
    CAPTURE(status);
    std::string body = try_body(0, call_of(plan, 0), {}, what);
    body.insert(body.find(",\"latency_ms\""), std::string(",\"http_status\":") + status);
    const test::TempFolder folder;
    const auto file = RandomAccessFile::open(folder.write("j", journal_of({body})));
    REQUIRE(file);
    CHECK(read_try(**file, 0).has_value() == fits);
  }
}

TEST_CASE("a failed try comes back as it was") {
  const Plan plan = headgate::samples::plan_of(1, 1);
  const FailedTry first{2, ErrorKind::overloaded, 529, 812.5, 0.003, "the provider \"said\" so\n"};
  FailedTry bare;
  bare.error = ErrorKind::reset;
  std::string text;
  seal(text, try_body(0, call_of(plan, 0), {}, first), 0);
  const std::uint64_t second = text.size();
  seal(text, try_body(1, call_of(plan, 1), "1/v0", bare), 1);
  const test::TempFolder folder;
  const auto file = RandomAccessFile::open(folder.write("j", text));
  REQUIRE(file);
  const auto read = read_try(**file, 0);
  if (!read) FAIL(read.error().message);
  CHECK(read->call == call_of(plan, 0));
  CHECK(read->ask.empty());
  CHECK(read->what.number == 2);
  CHECK(read->what.error == ErrorKind::overloaded);
  CHECK(read->what.http_status == 529);
  CHECK(read->what.latency_ms == 812.5);
  CHECK(read->what.spent_usd == 0.003);
  CHECK(read->what.message == first.message);
  const auto other = read_try(**file, second);
  REQUIRE(other);
  CHECK(other->ask == "1/v0");
  CHECK(other->what.http_status == 0);
  CHECK_FALSE(other->what.spent_usd.has_value());
  CHECK_FALSE(read_result(**file, 0));
  CHECK_FALSE(read_try(**file, 7));
  const auto found = find_tries(**file);
  REQUIRE(found);
  using Offsets = std::vector<std::uint64_t>;
  CHECK(*found == std::map<CellIndex, Offsets>{{0, Offsets{0}}, {1, Offsets{second}}});
}

TEST_CASE("damaged tries are not found") {
  const Plan plan = headgate::samples::plan_of(1, 1);
  FailedTry what;
  what.error = ErrorKind::reset;
  std::string text = journal_of({try_body(0, call_of(plan, 0), {}, what)});
  text[60] ^= 1;
  const test::TempFolder folder;
  const auto file = RandomAccessFile::open(folder.write("j", text));
  REQUIRE(file);
  CHECK(find_tries(**file)->empty());
}

TEST_CASE("what is unknown of a reply stays unknown") {
  Reply reply;
  reply.text = "x";
  const Outcome again = round_trip(reply);
  const Reply& read = std::get<Reply>(again);
  CHECK_FALSE(read.latency_ms.has_value());
  CHECK_FALSE(read.cost_usd.has_value());
  CHECK_FALSE(read.usage.input_tokens.has_value());
  CHECK_FALSE(read.repaired);
}

TEST_CASE("every kind of error comes back as itself") {
  for (const ErrorKind kind : all_error_kinds()) {
    const Outcome again = round_trip(CallError{kind, "why \xE2\x80\xA8 not"});
    CHECK(std::get<CallError>(again).kind == kind);
    CHECK(std::get<CallError>(again).message == "why \xE2\x80\xA8 not");
  }
}

TEST_CASE("grades come back with their reasons, and so does a cell that could not be graded") {
  const Plan plan = headgate::samples::plan_of(1, 1);
  GradeFacts failed;
  failed.error = ErrorKind::score_out_of_range;
  failed.message = "2.5";
  const std::string first = journal_of({grade_of(plan, 0, reply_of(0), facts_of(1))});
  std::string text = first;
  seal(text, grade_of(plan, 0, reply_of(0), failed), 1);
  const test::TempFolder folder;
  const auto file = RandomAccessFile::open(folder.write("j", text));
  REQUIRE(file);
  const auto graded = read_grade(**file, 0);
  REQUIRE(graded);
  CHECK(graded->pass);
  CHECK(graded->grades.at(0).reason == "because of \"it\"");
  CHECK(read_grades(**file, 0)->at(0).kind == "equals");
  const auto ungraded = read_grade(**file, first.size());
  REQUIRE(ungraded);
  CHECK(ungraded->error == ErrorKind::score_out_of_range);
  CHECK(ungraded->message == "2.5");
}

namespace {

GradeFacts told_facts() {
  GradeFacts facts;
  facts.pass = true;
  facts.score = 0.75;
  facts.judged = facts.fails_anyway = true;
  GradeFacts::One judge{"judge", true, 1.0, "polite", true, {{"tone", 0.5}, {"facts", -3.0}}, {}, {}};
  GradeFacts::One classes{"classification", false, 0.5, "", false, {}, "<b>refund\"\x1b[31m", "login"};
  facts.grades = {judge, classes};
  return facts;
}

GradeFacts grade_round_trip(const GradeFacts& facts) {
  const Plan plan = headgate::samples::plan_of(1, 1);
  const test::TempFolder folder;
  const auto file = RandomAccessFile::open(folder.write("j", journal_of({grade_of(plan, 0, reply_of(0), facts)})));
  REQUIRE(file);
  const auto read = read_grade(**file, 0);
  REQUIRE(read);
  return *read;
}

}  // namespace

TEST_CASE("a grade keeps what judges said, what was measured and the classes") {
  const GradeFacts read = grade_round_trip(told_facts());
  CHECK(read.judged);
  CHECK(read.fails_anyway);
  REQUIRE(read.grades.size() == 2);
  CHECK(read.grades[0].judged);
  REQUIRE(read.grades[0].measures.size() == 2);
  CHECK(read.grades[0].measures[0].name == "tone");
  CHECK(read.grades[0].measures[1].value == -3.0);
  CHECK_FALSE(read.grades[1].judged);
  CHECK(read.grades[1].measures.empty());
  CHECK(read.grades[1].label == "<b>refund\"\x1b[31m");
  CHECK(read.grades[1].expected_label == "login");
}

TEST_CASE("a grade without judges, measures and classes is written as it always was") {
  const Plan plan = headgate::samples::plan_of(1, 1);
  const std::string body = grade_of(plan, 0, reply_of(0), facts_of(1));
  for (const char* word : {"judged", "fails_anyway", "measures", "label"}) {
    CHECK(body.find(word) == std::string::npos);
  }
}

TEST_CASE("what a grader measured is bounded, and its classes are cut between characters") {
  GradeFacts facts = told_facts();
  auto& measures = facts.grades[0].measures;
  measures = {{"a b", 1.0}, {"", 1.0}, {std::string(65, 'x'), 1.0}, {"nan", std::nan("")}, {"line\n", 1.0}};
  for (int i = 0; i < 100; ++i) measures.push_back({"m" + std::to_string(i), 1.0});
  std::string long_label = "x";
  for (int i = 0; i < 300; ++i) long_label += "\xC3\xA9";
  facts.grades[1].label = long_label;
  const GradeFacts read = grade_round_trip(facts);
  CHECK(read.grades[0].measures.size() == max_measures);
  CHECK(read.grades[0].measures.front().name == "m0");
  CHECK(read.grades[1].label == long_label.substr(0, 199));
}

TEST_CASE("only whole records of the right type are read") {
  const Plan plan = headgate::samples::plan_of(1, 1);
  std::string text = journal_of({result_of(plan, 0, reply_of(0))});
  text[40] ^= 1;
  text += "{\"t\":\"result\"}\n";
  const test::TempFolder folder;
  const auto file = RandomAccessFile::open(folder.write("j", text));
  REQUIRE(file);
  for (const std::uint64_t offset :
       {std::uint64_t{0}, std::uint64_t{5}, std::uint64_t{text.size() - 15}, std::uint64_t{text.size()}}) {
    const auto read = read_result(**file, offset);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::untrusted);
  }
}

TEST_CASE("a value that must never enter a record is a mistake of ours") {
  const Plan plan = headgate::samples::plan_of(1, 1);
  Reply reply = reply_of(0);
  reply.cost_usd = -1.0;
  CHECK_THROWS_AS(result_of(plan, 0, reply), BugError);
  reply = reply_of(0);
  reply.usage.input_tokens = -1;
  CHECK_THROWS_AS(result_of(plan, 0, reply), BugError);
  GradeFacts facts = facts_of(0);
  facts.score = 1.5;
  CHECK_THROWS_AS(grade_of(plan, 0, reply, facts), BugError);
  CHECK_THROWS_AS(result_of(plan, 0, CallError{ErrorKind::none, ""}), BugError);
  reply = reply_of(0);
  reply.first_token_ms = -1.0;
  CHECK_THROWS_AS(result_of(plan, 0, reply), BugError);
  CHECK_THROWS_AS(try_body(0, call_of(plan, 0), {}, FailedTry{}), BugError);
  CHECK_THROWS_AS(intent_body(0, call_of(plan, 0), {}, std::numeric_limits<double>::infinity()), BugError);
  const CallFacts unpaid{1, 0.0, std::numeric_limits<double>::quiet_NaN()};
  CHECK_THROWS_AS(answer_body(0, call_of(plan, 0), "0/v0", JsonText{"{}"}, unpaid), BugError);
}
