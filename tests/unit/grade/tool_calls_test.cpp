#include "agent_judging.hpp"
#include "tool_names.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

std::string word(const std::string& options, const Reply& reply, std::string_view expected = R"("x")") {
  return judge_agent(R"({"kind":"tool_calls",)" + options + "}", reply, expected).word;
}
std::string reason(const std::string& options, const Reply& reply, std::string_view expected = R"("x")") {
  return judge_agent(R"({"kind":"tool_calls",)" + options + "}", reply, expected).reason;
}
std::string complaint(const std::string& options) {
  return complaints_about(R"({"kind":"tool_calls")" + options + "}").front().message;
}

const Reply abc = calling({{"a", "{}"}, {"b", "{}"}, {"c", "{}"}});

}  // namespace

TEST_CASE("tool_calls: wildcards in names") {
  for (const auto& [pattern, name, match] : {std::tuple{"refund", "refund", true},
                                             {"refund", "refunds", false},
                                             {"refund*", "refund", true},
                                             {"*", "", true},
                                             {"*", "anything", true},
                                             {"", "", true},
                                             {"", "a", false},
                                             {"get_*_x", "get_a_b_x", true},
                                             {"get_*_x", "get_x", false},
                                             {"?et", "get", true},
                                             {"?et", "et", false},
                                             {"a*b*c", "axxbyyc", true},
                                             {"a*b*c", "axxcyyb", false},
                                             {"*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaa", false},
                                             {"Refund", "refund", false}}) {
    CAPTURE(pattern, name);
    CHECK(matches_wildcards(pattern, name) == match);
  }
}

TEST_CASE("tool_calls: required calls and their order") {
  const auto in_order = [](const char* order, const char* required, const Reply& reply) {
    return word(R"("required":)" + std::string(required) + R"(,"order":")" + order + "\"", reply);
  };
  for (const auto& [order, required, outcome] : {std::tuple{"any", R"(["c","a"])", "pass"},
                                                 {"any", R"(["a","d"])", "fail"},
                                                 {"any", R"(["a","a"])", "fail"},
                                                 {"set", R"(["c","b","a"])", "pass"},
                                                 {"set", R"(["c","a"])", "fail"},
                                                 {"subset", R"(["a","c"])", "pass"},
                                                 {"subset", R"(["c","a"])", "fail"},
                                                 {"subset", R"(["a","b","c"])", "pass"},
                                                 {"subset", R"(["a","a"])", "fail"},
                                                 {"prefix", R"(["a","b"])", "pass"},
                                                 {"prefix", R"(["a","c"])", "fail"},
                                                 {"prefix", R"(["a","b","c","d"])", "fail"},
                                                 {"exact", R"(["a","b","c"])", "pass"},
                                                 {"exact", R"(["a","b"])", "fail"},
                                                 {"exact", R"(["a","c","b"])", "fail"},
                                                 {"exact", "[]", "fail"}}) {
    CAPTURE(order, required);
    CHECK(in_order(order, required, abc) == outcome);
  }
  CHECK(in_order("exact", "[]", reply_of("Nothing to do.")) == "pass");
  CHECK(word(R"("required":"b")", abc) == "pass");
  CHECK(reason(R"("required":["d"])", abc) == "\"d\" is not called as often as asked; the calls are a, b, c");
  CHECK(reason(R"("required":["c","a"],"order":"subset")", abc) ==
        "\"a\" is not called as often as asked; the calls are a, b, c (looked for behind \"c\")");
  CHECK(reason(R"("required":["a"],"order":"set")", abc) ==
        "there are 3 calls where 1 are asked for; the calls are a, b, c");
}

TEST_CASE("tool_calls: each call stands for one of those asked for, whichever way that comes out") {
  // Given to "*" first, "a" would be missing.
  CHECK(word(R"("required":["*","a"])", calling({{"a", "{}"}, {"b", "{}"}})) == "pass");
  CHECK(word(R"("required":["*","?","a"],"order":"set")", abc) == "pass");
  CHECK(word(R"("required":["*","a","a"])", abc) == "fail");
}

TEST_CASE(
    "tool_calls: a reply that calls nothing fails where calls are required, and passes where some are forbidden") {
  const Reply words = reply_of("I refunded it.");
  CHECK(word(R"("required":["refund"])", words) == "fail");
  CHECK(reason(R"("required":["refund"])", words) == "\"refund\" is not called as often as asked; no tool was called");
  CHECK(word(R"("forbidden":["refund"])", words) == "pass");
  CHECK(word(R"("forbidden":["refund"])", reply_of("")) == "error");
}

TEST_CASE("tool_calls: some calls are not looked at") {
  const Reply reply =
      calling({{"get_user", "{}"}, {"think", "{}"}, {"book", "{}"}, {"get_flight", "{}"}, {"pay", "{}"}});
  CHECK(word(R"("required":["book","pay"],"order":"exact")", reply) == "fail");
  CHECK(word(R"("required":["book","pay"],"order":"exact","ignore":["get_*","think"])", reply) == "pass");
  CHECK(word(R"("required":["pay"],"order":"exact","only":"p*")", reply) == "pass");
  CHECK(word(R"("required":["pay","book"],"order":"exact","only":["book","pay"])", reply) == "fail");
}

TEST_CASE("tool_calls: what is required may stand in the case") {
  const std::string options = R"("required":"{{case.expected./actions}}","order":"set","ignore":["get_*"])";
  const Reply booked = calling({{"get_user", "{}"}, {"book", R"({"n":2,"to":"B"})"}});
  CHECK(word(options, booked, R"({"actions":["book"]})") == "pass");
  CHECK(word(options, booked, R"({"actions":["cancel"]})") == "fail");
  CHECK(word(options, booked, R"({"actions":[]})") == "fail");
  CHECK(word(options, calling({{"get_user", "{}"}}), R"({"actions":[]})") == "pass");
  CHECK(word(options, booked, R"({"actions":[{"name":"book","arguments":{"n":2.0}}]})") == "pass");
  CHECK(word(options, booked, R"({"actions":[{"name":"book","kwargs":{"n":3}}]})") == "fail");
  // What stands in a case is data: a star is a star, braces are braces.
  CHECK(word(options, booked, R"({"actions":["*"]})") == "fail");
  CHECK(word(options, booked, R"({"actions":[{"name":"book","arguments":{"to":"{{case.id}}"}}]})") == "fail");
  CHECK(word(options, booked, R"({"actions":[7]})") == "error");
  CHECK(word(options, booked, R"({"other":[]})") == "error");
  CHECK(grader(R"({"kind":"tool_calls",)" + options + "}")->lacks(case_with(R"({"other":[]})")) ==
        "the case has no {{case.expected./actions}}");
  CHECK(grader(R"({"kind":"tool_calls",)" + options + "}")->lacks(case_with(R"({"actions":["f"]})")).empty());
}

TEST_CASE("tool_calls: arguments are compared as JSON, not as text") {
  const auto with = [](const char* arguments) { return calling({{"refund", arguments}}); };
  const std::string some = R"("required":[{"name":"refund","arguments":{"amount":1,"to":{"id":"A"}}}])";
  CHECK(word(some, with(R"({"amount":1,"to":{"id":"A"}})")) == "pass");
  CHECK(word(some, with(R"({"to":{"id":"A","more":true},"note":"x","amount":1.0})")) == "pass");
  CHECK(word(some, with(R"({"amount":"1","to":{"id":"A"}})")) == "fail");
  CHECK(word(some, with(R"({"amount":1})")) == "fail");
  CHECK(word(some, with(R"({"amount":1,"to":[{"id":"A"}]})")) == "fail");
  const std::string whole = R"("required":[{"name":"refund","arguments":{"a":1},"whole":true}])";
  CHECK(word(whole, with(R"({"a":1.0})")) == "pass");
  CHECK(word(whole, with(R"({"a":1,"b":2})")) == "fail");
  CHECK(word(R"("required":[{"name":"refund","arguments":{"a":1},"tolerance":0.1}])", with(R"({"a":1.05})")) == "pass");
  CHECK(word(R"("required":[{"name":"refund","arguments":{"to":"{{case.expected}}"}}])", with(R"({"to":"x"})")) ==
        "pass");
  // In NFC, as all texts here.
  CHECK(word("\"required\":[{\"name\":\"refund\",\"arguments\":{\"a\":\"caf\xC3\xA9\"}}]",
             with("{\"a\":\"cafe\xCC\x81\"}")) == "pass");
  CHECK(reason(R"("required":[{"name":"refund","arguments":{"a":1}}],"order":"exact")", with(R"({"a":2})")) ==
        "call 1 of \"refund\": /a is 2, expected 1");
  CHECK(reason(some, with(R"({"amount":2,"to":{"id":"A"}})")).find("\"refund\" is not called as asked: ") == 0);
}

TEST_CASE("tool_calls: arguments by schema and by pointer") {
  const Reply reply = calling({{"refund", R"({"amount":12.5,"items":[{"id":"A"}]})"}});
  CHECK(
      word(R"("required":[{"name":"refund","schema":{"required":["amount"],"properties":{"amount":{"maximum":20}}}}])",
           reply) == "pass");
  CHECK(word(R"("required":[{"name":"refund","schema":{"properties":{"amount":{"maximum":10}}}}])", reply) == "fail");
  CHECK(word(R"("required":[{"name":"refund","values":{"/items/0/id":"A","/amount":{"near":12,"tolerance":0.5}}}])",
             reply) == "pass");
  CHECK(word(R"("required":[{"name":"refund","values":{"/items/1/id":"A"}}])", reply) == "fail");
}

TEST_CASE("tool_calls: every call of a tool must be as asked") {
  const std::string every =
      R"("every":[{"name":"refund*","schema":{"properties":{"amount":{"maximum":20}},"required":["amount"]}}])";
  CHECK(word(every, calling({{"refund", R"({"amount":5})"}, {"look", "{}"}, {"refund_all", R"({"amount":20})"}})) ==
        "pass");
  CHECK(reason(every, calling({{"refund", R"({"amount":5})"}, {"refund_all", R"({"amount":21})"}}))
            .starts_with("call 2 of \"refund_all\": against the schema"));
  CHECK(word(every, reply_of("hello")) == "pass");
}

TEST_CASE("tool_calls: forbidden calls, by name and by arguments") {
  CHECK(reason(R"("forbidden":["delete_*"])", calling({{"look", "{}"}, {"delete_all", "{}"}})) ==
        "call 2 is \"delete_all\", which is forbidden");
  const std::string big =
      R"("forbidden":[{"name":"refund","schema":{"properties":{"amount":{"exclusiveMinimum":100}},"required":["amount"]}}])";
  CHECK(word(big, calling({{"refund", R"({"amount":100})"}})) == "pass");
  CHECK(word(big, calling({{"refund", R"({"amount":101})"}})) == "fail");
}

TEST_CASE("tool_calls: counts, steps and loops") {
  const Reply reply = calling({{"s", R"({"q":"a"})"}, {"s", R"({"q":"b"})"}, {"s", R"({"q":"a"})"}, {"t", "{}"}});
  CHECK(word(R"("counts":{"s":3,"t":{"min":1,"max":1}})", reply) == "pass");
  CHECK(reason(R"("counts":{"s":{"max":2}})", reply) == "\"s\" is called 3 times, at most 2 asked");
  CHECK(reason(R"("counts":{"u":{"min":1}})", reply) == "\"u\" is called 0 times, at least 1 asked");
  CHECK(word(R"("counts":{"*":{"max":4}})", reply) == "pass");
  CHECK(word(R"("max_steps":4)", reply) == "pass");
  CHECK(reason(R"("max_steps":3)", reply) == "4 tool calls, at most 3 asked");
  CHECK(word(R"("max_steps":0)", reply_of("hello")) == "pass");
  CHECK(word(R"("max_same":2)", reply) == "pass");
  CHECK(reason(R"("max_same":1)", reply) == R"(a loop: "s" is called with {"q":"a"} more than 1 time)");
  // Equal as JSON, not as text.
  CHECK(word(R"("max_same":1)", calling({{"s", R"({"a":1,"b":2})"}, {"s", R"({"b":2.0,"a":1})"}})) == "fail");
}

TEST_CASE("tool_calls: what was not recorded cannot be judged") {
  const Reply names = calling({{"refund", ""}, {"refund", ""}});
  CHECK(word(R"("required":["refund","refund"])", names) == "pass");
  CHECK(word(R"("required":[{"name":"refund","arguments":{"a":1}}])", names) == "error");
  CHECK(word(R"("forbidden":[{"name":"refund","arguments":{"a":1}}])", names) == "error");
  CHECK(word(R"("every":[{"name":"refund","arguments":{"a":1}}])", names) == "error");
  CHECK(word(R"("max_same":1)", names) == "error");
  CHECK(word(R"("max_same":2)", names) == "pass");
  CHECK(word(R"("max_same":1)", calling({{"a", ""}, {"b", ""}})) == "pass");
  // Nor does turning it round make something good of it.
  const std::string negated =
      turned_round(R"({"kind":"tool_calls","required":[{"name":"refund","arguments":{"a":1}}]})");
  CHECK(judge_agent(negated, names).word == "error");
  CHECK(judge_agent(turned_round(R"({"kind":"tool_calls","required":["refund"]})"), reply_of("")).word == "error");
  CHECK(judge_agent(turned_round(R"({"kind":"tool_calls","required":["f"]})"), agent_reply(R"([{"role":"x"}])")).word ==
        "error");
}

TEST_CASE("tool_calls: options that ask for nothing are refused") {
  CHECK(complaint("") == "tool_calls asks for nothing");
  CHECK(complaint(R"(,"required":[])") == "an empty list asks for nothing");
  CHECK(complaint(R"(,"order":"exact","max_steps":1)") == "`order` says nothing without `required`");
  CHECK(complaint(R"(,"max_steps":1,"ignore":"x")") == "`ignore` says nothing without `required`");
  CHECK(complaint(R"(,"every":["refund"])") == "this says nothing about the arguments, so every call is like it");
  CHECK(complaint(R"(,"counts":{"a":{"min":2,"max":1}})") == "`max` is below `min`: nothing passes");
  CHECK(complaint(R"(,"counts":{"a":{}})") == "a count needs 'min' or 'max'");
  CHECK(complaint(R"(,"required":[{"name":"a","whole":true}])") == "this says nothing without `arguments`");
  CHECK(complaint(R"(,"required":[{"name":"a","values":{"x":1}}])") == "not a JSON pointer");
  CHECK(complaint(R"(,"required":"{{case.expectde}}")").find("case.expectde") != std::string::npos);
  CHECK(complaint(R"(,"required":[{"name":"a","schema":{"type":"objetc"}}])").size() > 0);
  CHECK(complaint(R"(,"requird":["a"])").find("unknown key 'requird'") == 0);
}
