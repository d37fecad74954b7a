// What an agent left behind, and grades that came with a reply, through the journal.
#include <nlohmann/json.hpp>

#include "journals.hpp"

using namespace headgate;
using namespace headgate::journal;
using namespace headgate::journal::samples;

namespace {

Result<Outcome> again(const Reply& reply) {
  const Plan plan = headgate::samples::plan_of(1, 1);
  const test::TempFolder folder;
  const auto file = RandomAccessFile::open(folder.write("j", journal_of({result_of(plan, 0, reply)})));
  REQUIRE(file);
  return read_result(**file, 0);
}

Reply round_trip(const Reply& reply) {
  const Result<Outcome> read = again(reply);
  if (!read) FAIL(read.error().message);
  REQUIRE(std::holds_alternative<Reply>(*read));
  return std::get<Reply>(*read);
}

}  // namespace

TEST_CASE("transcript, state and recorded grades come back byte for byte") {
  Reply reply = reply_of(1);
  reply.transcript = {R"([{"content":"hi \"there\" \\u0041","role":"user"},{"role":"tool","n":1e+21}])"};
  for (const char* state :
       {R"({"a":[1,{"b":[]}],"z":-0.5})", "[]", "[[],{}]", "0", "-1.5", "\"a \\\" text\"", "true", "false", "null"}) {
    CAPTURE(state);
    reply.state = {state};
    reply.recorded = {state};
    const Reply read = round_trip(reply);
    CHECK(read.transcript == reply.transcript);
    CHECK(read.state == reply.state);
    CHECK(read.recorded == reply.recorded);
    CHECK(read.text_kept);
    CHECK(reply_digest(read) == reply_digest(reply));
  }
}

TEST_CASE("what was not there does not come back as something") {
  const Reply read = round_trip(reply_of(1));
  CHECK(read.transcript.absent());
  CHECK(read.state.absent());
  CHECK(read.recorded.absent());
  CHECK(read.text_kept);
}

TEST_CASE("a reply of which only the grades were kept stays one") {
  Reply reply;
  reply.recorded = {R"({"is_solved":true})"};
  reply.text_kept = false;
  const Reply read = round_trip(reply);
  CHECK_FALSE(read.text_kept);
  CHECK(read.text.empty());
  CHECK(read.recorded == reply.recorded);
  CHECK(reply_digest(read) == reply_digest(reply));
}

TEST_CASE("a state as deep and as long as a reply may have goes through the journal") {
  Reply reply = reply_of(1);
  reply.state = {std::string(63, '[') + std::string(63, ']')};
  CHECK(round_trip(reply).state == reply.state);
  std::string turns = "[";
  for (int i = 0; i < 50000; ++i) turns += std::string(i == 0 ? "" : ",") + R"({"content":"a turn","role":"user"})";
  reply.transcript = {turns + "]"};
  CHECK(round_trip(reply).transcript == reply.transcript);
}
