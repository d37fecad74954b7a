#include "agent_judging.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

const char* const shop = R"({"orders":{"A-17":{"status":"refunded","total":12.50}},"log":[{"at":1},{"at":2}]})";

testing::Outcome judge_state(const std::string& options, std::string_view state, std::string_view expected = R"("x")") {
  return judge_agent(R"({"kind":"state",)" + options + "}", agent_reply("", state), expected);
}
std::string word(const std::string& options, std::string_view state = shop, std::string_view expected = R"("x")") {
  return judge_state(options, state, expected).word;
}
std::string complaint(const std::string& options) {
  return complaints_about(R"({"kind":"state")" + options + "}").front().message;
}

}  // namespace

TEST_CASE("state: a place is there and equal") {
  CHECK(word(R"("pointer":"/orders/A-17/status","equals":"refunded")") == "pass");
  CHECK(word(R"("pointer":"/orders/A-17/status","equals":"open")") == "fail");
  CHECK(word(R"("pointer":"/orders/A-17")") == "pass");
  CHECK(word(R"("pointer":"/orders/B-1")") == "fail");
  CHECK(word(R"("pointer":"/log/1/at","equals":2.0)") == "pass");
  CHECK(word(R"("pointer":"/log/2/at","equals":2)") == "fail");
  CHECK(word(R"("equals":{"a":[1,{"b":null}]})", R"({"a":[1.0,{"b":null}]})") == "pass");
  CHECK(word(R"("equals":{"a":1})", R"({"a":1,"b":2})") == "fail");
  CHECK(word(R"("equals":{"a":1},"extra_keys":true)", R"({"a":1,"b":2})") == "pass");
}

TEST_CASE("state: several places, near, absent and by pattern") {
  CHECK(word(R"("values":{"/orders/A-17/total":{"near":12.5,"tolerance":0.01},"/orders/B-1":{"exists":false}})") ==
        "pass");
  CHECK(word(R"("values":{"/orders/A-17/total":{"near":12.6,"tolerance":0.01}})") == "fail");
  CHECK(word(R"("values":{"/orders/A-17":{"exists":false}})") == "fail");
  CHECK(word(R"("values":{"/orders/A-17/status":{"matches":"^refund"}})") == "pass");
  CHECK(word(R"("values":{"/orders/A-17/status":{"one_of":["open","sent"]}})") == "fail");
}

TEST_CASE("state: what is expected may stand in the case") {
  CHECK(word(R"("pointer":"/orders","equals":"{{case.expected./orders}}")", shop,
             R"({"orders":{"A-17":{"total":12.5,"status":"refunded"}}})") == "pass");
  CHECK(word(R"("pointer":"/orders","equals":"{{case.expected./orders}}")", shop, R"({"orders":{}})") == "fail");
  CHECK(word(R"("pointer":"/orders","equals":"{{case.expected./nothing}}")", shop, R"({"orders":{}})") == "error");
  CHECK_FALSE(grader(R"({"kind":"state","equals":"{{case.expected./nothing}}"})")->lacks(case_with("{}")).empty());
}

TEST_CASE("state: by schema, with places left out") {
  CHECK(word(R"("schema":{"required":["orders"],"properties":{"log":{"maxItems":2}}})") == "pass");
  CHECK(word(R"("schema":{"properties":{"log":{"maxItems":1}}})") == "fail");
  CHECK(word(R"("pointer":"/log","equals":[{"at":9},{"at":8}],"ignore":["/log/*/at"])") == "pass");
}

TEST_CASE("state: no state is never good") {
  const std::string some = R"({"kind":"state","pointer":"/a"})";
  CHECK(judge_agent(some, reply_of("done")).word == "error");
  CHECK(judge_agent(turned_round(some), reply_of("done")).word == "error");
  CHECK(judge_agent(some, agent_reply("", "0")).word == "fail");
  CHECK(judge_agent(R"({"kind":"state","values":{"/a":{"exists":false}}})", reply_of("done")).word == "error");
}

TEST_CASE("state: options that ask for nothing are refused") {
  CHECK(complaint("") == "state asks for nothing");
  CHECK(complaint(R"(,"tolerance":0.1)") == "nothing is compared here");
  CHECK(complaint(R"(,"pointer":"orders")") == "not a JSON pointer");
  CHECK(complaint(R"(,"values":{"orders":1})") == "not a JSON pointer");
  CHECK(complaint(R"(,"values":{})") == "`values` is empty");
  CHECK(complaint(R"(,"equals":"{{case.nothing}}")").find("case.nothing") != std::string::npos);
}
