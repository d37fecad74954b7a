#include "headgate/journal/record.hpp"

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
}
