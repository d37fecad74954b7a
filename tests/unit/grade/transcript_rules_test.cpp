#include "agent_judging.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

testing::Outcome judge_rules(const std::string& options, const std::string& turns) {
  return judge_agent(R"({"kind":"transcript",)" + options + "}", agent_reply("[" + turns + "]"));
}
std::string word(const std::string& options, const std::string& turns) { return judge_rules(options, turns).word; }
std::string reason(const std::string& options, const std::string& turns) { return judge_rules(options, turns).reason; }
std::string complaint(const std::string& options) {
  return complaints_about(R"({"kind":"transcript")" + options + "}").front().message;
}

std::string user(const std::string& text) { return R"({"role":"user","content":")" + text + "\"}"; }
std::string agent(const std::string& text) { return R"({"role":"assistant","content":")" + text + "\"}"; }
std::string call(const std::string& tool, const std::string& arguments = "{}") {
  return R"({"role":"assistant","tool_calls":[{"name":")" + tool + R"(","arguments":)" + arguments + "}]}";
}
std::string answer(const std::string& text, const std::string& more = "") {
  return R"({"role":"tool","content":")" + text + "\"" + more + "}";
}
std::string error() { return answer("no connection", R"(,"error":true)"); }

std::string turns(std::initializer_list<std::string> all) {
  std::string out;
  for (const std::string& each : all) out += (out.empty() ? "" : ",") + each;
  return out;
}

}  // namespace

TEST_CASE("transcript: a tool before a confirmation") {
  const std::string confirmed =
      R"("before":{"tool":"refund*","requires":{"assistant_says":"(?i)shall i","user_says":"(?i)\\byes\\b"}})";
  CHECK(word(confirmed, turns({user("Money back!"), agent("Shall I refund it?"), user("Yes."), call("refund"),
                               answer("ok")})) == "pass");
  CHECK(word(confirmed, turns({user("Money back!"), agent("No.")})) == "pass");
  // The yes must be one to the question.
  CHECK(reason(confirmed, turns({user("Yes, money back!"), agent("Shall I refund it?"), call("refund_all")})) ==
        "turn 3 calls \"refund_all\" before the user says \"(?i)\\byes\\b\" to it");
  CHECK(word(confirmed, turns({user("Yes."), agent("Shall I?"), user("No, yesterday."), call("refund")})) == "fail");
  CHECK(word(confirmed, turns({call("refund"), answer("ok"), agent("Shall I refund it?"), user("Yes.")})) == "fail");
  // A user who quotes the question, or an agent that says yes, confirms nothing.
  CHECK(word(confirmed, turns({user("Shall I? yes"), call("refund")})) == "fail");
  CHECK(word(confirmed, turns({agent("Shall I? Yes."), call("refund")})) == "fail");
}

TEST_CASE("transcript: a tool before another one has answered") {
  const std::string looked_up = R"("before":{"tool":"refund","requires":{"tool":"look_up"}})";
  CHECK(word(looked_up, turns({call("look_up"), answer("found"), call("refund"), answer("ok")})) == "pass");
  CHECK(word(looked_up, turns({call("refund"), answer("ok"), call("look_up"), answer("found")})) == "fail");
  CHECK(word(looked_up, turns({call("look_up"), error(), call("refund")})) == "fail");
  CHECK(word(looked_up,
             turns({R"({"role":"assistant","tool_calls":["look_up","refund"]})", answer("a"), answer("b")})) == "fail");
}

TEST_CASE("transcript: a confirmation for each call") {
  const std::string each = R"("before":{"tool":"pay","requires":{"user_says":"ok"},"each":true})";
  CHECK(word(each, turns({user("ok"), call("pay"), answer("1"), user("ok"), call("pay"), answer("2")})) == "pass");
  CHECK(word(each, turns({user("ok"), call("pay"), answer("1"), call("pay"), answer("2")})) == "fail");
  CHECK(word(R"("before":{"tool":"pay","requires":{"user_says":"ok"}})",
             turns({user("ok"), call("pay"), answer("1"), call("pay"), answer("2")})) == "pass");
}

TEST_CASE("transcript: an error is not retried more than n times") {
  const std::string twice = R"("retries":{"max":2})";
  const std::string fails = call("f") + "," + error();
  CHECK(word(twice, turns({fails, fails, fails})) == "pass");
  CHECK(reason(twice, turns({fails, fails, fails, fails})) ==
        "turn 7 calls \"f\" again after an error, for the 3rd time; at most 2 asked");
  // A good answer ends the row; other tools have rows of their own.
  CHECK(word(twice, turns({fails, fails, fails, call("g"), answer("ok")})) == "pass");
  CHECK(word(twice, turns({fails, fails, call("f"), answer("ok"), fails, fails, fails})) == "pass");
  CHECK(word(R"("retries":{"max":0,"tools":"g"})", turns({fails, fails})) == "pass");
  CHECK(word(R"("retries":{"max":0})", turns({fails, call("g"), error()})) == "pass");
  CHECK(word(R"("retries":{"max":0})", turns({fails, fails})) == "fail");
  // A corrected call is no retry of the same one.
  const std::string same = R"("retries":{"max":0,"same_arguments":true})";
  CHECK(word(same, turns({call("f", R"({"a":1})"), error(), call("f", R"({"a":2})"), answer("ok")})) == "pass");
  CHECK(word(same, turns({call("f", R"({"a":1})"), error(), call("f", R"({"a":1.0})"), answer("ok")})) == "fail");
  CHECK(word(same, turns({R"({"role":"assistant","tool_calls":["f"]})", error()})) == "error");
}

TEST_CASE("transcript: errors may show in the words of a tool") {
  const std::string fails = call("f") + "," + answer("Error: gone");
  CHECK(word(R"("retries":{"max":0})", turns({fails, fails})) == "pass");
  CHECK(word(R"("retries":{"max":0},"errors":"^Error")", turns({fails, fails})) == "fail");
}

TEST_CASE("transcript: recovery after an error, an empty and a misshapen answer") {
  const std::string recovers = R"("recovery":{"retry":true,"call":"hand_over","tell":"(?i)could not"})";
  for (const std::string& bad : {error(), answer(""), answer("  "), answer("[]"), answer("null"),
                                 std::string(R"({"role":"tool","content":{}})"), std::string(R"({"role":"tool"})")}) {
    CAPTURE(bad);
    CHECK(word(recovers, turns({call("f"), bad, agent("All is well.")})) == "fail");
    CHECK(word(recovers, turns({call("f"), bad})) == "fail");
    CHECK(word(recovers, turns({agent("I could not."), call("f"), bad})) == "fail");
    CHECK(word(recovers, turns({call("f"), bad, call("f"), answer("fine"), agent("Done.")})) == "pass");
    CHECK(word(recovers, turns({call("f"), bad, call("f"), bad, agent("Done.")})) == "fail");
    CHECK(word(recovers, turns({call("f"), bad, call("g"), answer("fine")})) == "fail");
    CHECK(word(recovers, turns({call("f"), bad, call("hand_over")})) == "pass");
    CHECK(word(recovers, turns({call("f"), bad, agent("I could not do it.")})) == "pass");
    CHECK(word(recovers, turns({call("f"), bad, user("You could not?")})) == "fail");
  }
  CHECK(word(recovers, turns({call("f"), answer("0"), agent("Done.")})) == "pass");
  CHECK(reason(recovers, turns({user("hi"), call("f"), error(), agent("Done.")})) ==
        "\"f\" answered with an error in turn 3, and the agent then does not call it again or call \"hand_over\" or "
        "say \"(?i)could not\"");

  const std::string shape = R"("recovery":{"tools":"f","retry":true,"schema":{"type":"object","required":["id"]}})";
  CHECK(word(shape, turns({call("f"), R"({"role":"tool","content":{"id":1}})", agent("Done.")})) == "pass");
  CHECK(word(shape, turns({call("f"), answer(R"({\"id\":1})"), agent("Done.")})) == "pass");
  CHECK(reason(shape, turns({call("f"), answer("plain words"), agent("Done.")})) ==
        "\"f\" answered in another shape in turn 2, and the agent then does not call it again");
  CHECK(word(shape, turns({call("g"), answer("plain words"), agent("Done.")})) == "pass");
}

TEST_CASE("transcript: recovery after an answer that comes late, or never") {
  const std::string late = R"("recovery":{"after":["late"],"tell":"(?i)waiting","late_ms":1000})";
  const std::string slow = answer("ok", R"(,"latency_ms":1001)");
  CHECK(word(late, turns({call("f"), answer("ok", R"(,"latency_ms":1000)"), agent("Done.")})) == "pass");
  // It was late, but a good answer came: nothing more is asked.
  CHECK(word(late, turns({call("f"), slow, agent("Done.")})) == "pass");
  CHECK(word(late, turns({call("f"), agent("Done.")})) == "fail");
  CHECK(word(late, turns({call("f"), user("Hello?"), agent("I am waiting.")})) == "pass");
  CHECK(word(late, turns({call("f"), agent("Done."), answer("ok")})) == "pass");
  // The last call may wait for its answer still.
  CHECK(word(late, turns({agent("One moment."), call("f")})) == "pass");
  // Until it has answered well, nobody knows.
  const std::string claims = R"("recovery":{"after":["late","error"],"never_say":"(?i)it is done"})";
  CHECK(reason(claims, turns({call("f"), agent("It is done."), answer("ok")})) ==
        "turn 2 says \"(?i)it is done\" though \"f\", called in turn 1, had not answered in time");
  CHECK(word(claims, turns({call("f"), agent("Wait."), answer("ok"), agent("It is done.")})) == "pass");
  CHECK(word(claims, turns({call("f"), agent("Wait."), error(), agent("It is done.")})) == "fail");
  CHECK(word(claims, turns({call("f"), error(), agent("It is done.")})) == "fail");
  CHECK(word(claims, turns({call("f"), error(), call("f"), answer("ok"), agent("It is done.")})) == "pass");
}

TEST_CASE("transcript: trouble that never came shows nothing") {
  const std::string once = R"("recovery":{"retry":true,"at_least":1})";
  CHECK(word(once, turns({call("f"), answer("ok"), agent("Done.")})) == "fail");
  CHECK(word(once, turns({call("f"), error(), call("f"), answer("ok")})) == "pass");
}

TEST_CASE("transcript: words by role, and the course of it all") {
  const std::string all = turns({R"({"role":"system","content":"secret rule"})", user("Hi"), call("f"),
                                 answer("Error 7"), agent("Ticket #12 is open.")});
  CHECK(word(R"("says":{"pattern":"#\\d+"})", all) == "pass");
  CHECK(word(R"("says":{"role":"user","pattern":"#\\d+"})", all) == "fail");
  CHECK(word(R"("says":[{"role":"tool","pattern":"^Error"},{"role":"system","pattern":"rule"}])", all) == "pass");
  CHECK(word(R"("never_says":{"pattern":"secret rule"})", all) == "pass");
  CHECK(reason(R"("never_says":{"pattern":"TICKET"},"fold_case":true)", all) ==
        "turn 5: the assistant says \"TICKET\"");
  CHECK(word(R"("never_says":{"pattern":"TICKET"})", all) == "pass");
  CHECK(word(R"("max_turns":2)", all) == "pass");
  CHECK(reason(R"("max_turns":1)", all) == "the assistant took 2 turns, at most 1 asked");
  CHECK(word(R"("ends_with_answer":true)", all) == "pass");
  CHECK(word(R"("ends_with_answer":true)", turns({user("Hi"), call("f")})) == "fail");
  CHECK(word(R"("ends_with_answer":true)", turns({call("f"), answer("ok")})) == "fail");
  CHECK(word(R"("ends_with_answer":true)", turns({agent("Hi"), user("Bye")})) == "fail");
  CHECK(word(R"("no_calls_after":"closed")", turns({call("f"), answer("ok"), agent("It is closed.")})) == "pass");
  CHECK(reason(R"("no_calls_after":"closed")", turns({agent("It is closed."), call("f")})) ==
        "turn 2 calls \"f\" though turn 1 says \"closed\"");
  CHECK(word(R"("no_calls_after":"closed")", turns({user("closed"), call("f")})) == "pass");
}

TEST_CASE("transcript: without a transcript nothing is judged, turned round or not") {
  const std::string rule = R"({"kind":"transcript","never_says":{"pattern":"x"}})";
  CHECK(judge_agent(rule, reply_of("hello")).word == "error");
  CHECK(judge_agent(turned_round(rule), reply_of("hello")).word == "error");
  for (const char* bad : {"[]", "{}", R"([{"role":"x"}])", R"([{"role":"user","content":"hi"}])"}) {
    CAPTURE(bad);
    CHECK(judge_agent(rule, agent_reply(bad)).word == "error");
    CHECK(judge_agent(turned_round(rule), agent_reply(bad)).word == "error");
  }
}

TEST_CASE("transcript: options that ask for nothing are refused") {
  CHECK(complaint("") == "transcript asks for nothing");
  CHECK(complaint(R"(,"fold_case":true,"errors":"x")") == "transcript asks for nothing");
  CHECK(complaint(R"(,"before":{"tool":"f","requires":{}})") ==
        "a requirement needs user_says, assistant_says or tool");
  CHECK(complaint(R"(,"before":{"requires":{"tool":"f"}})") == "missing key 'tool' in before");
  CHECK(complaint(R"(,"recovery":{})") == "a recovery needs retry, call, tell or never_say");
  CHECK(complaint(R"(,"recovery":{"retry":false})") == "this asks nothing of the agent");
  CHECK(complaint(R"(,"recovery":{"retry":true,"after":["shape"]})").find("which shape?") == 0);
  CHECK(complaint(R"(,"recovery":{"retry":true,"after":["late"],"schema":{}})") ==
        "`schema` says nothing where `after` has no shape");
  CHECK(complaint(R"(,"recovery":{"retry":true,"after":["error"],"late_ms":5})") ==
        "`late_ms` says nothing where `after` has no late");
  CHECK(complaint(R"(,"says":{"pattern":"(x"})").find("bad pattern") == 0);
  CHECK(complaint(R"(,"retries":{})") == "missing key 'max' in retries");
}
