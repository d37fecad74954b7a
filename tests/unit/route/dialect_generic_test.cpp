#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "spoken.hpp"

using namespace headgate;
using namespace headgate::route;
using headgate::test::arrived;

namespace {

GenericDialect asking(const std::string& request) {
  GenericDialect what;
  what.request.text = request;
  what.model = "m \"1\"";
  what.params.text = R"({"k":[1,2]})";
  return what;
}

std::shared_ptr<const Dialect> good(GenericDialect what) {
  std::vector<Error> complaints;
  auto out = make_dialect(std::move(what), complaints);
  for (const Error& each : complaints) FAIL(each.message);
  return out;
}

std::vector<std::string> complaints_of(GenericDialect what) {
  std::vector<Error> complaints;
  make_dialect(std::move(what), complaints);
  std::vector<std::string> out;
  for (const Error& each : complaints) {
    CHECK_FALSE(each.hint.empty());
    CHECK(each.place.file.empty());
    out.push_back(each.message);
  }
  return out;
}

Case a_case() {
  Case item;
  item.id = "refund-017";
  item.input.text = R"("say \"hi\" {{case.id}}")";
  item.vars.text = R"({"name":"An\na","n":7,"list":[1,"x"],"none":null})";
  item.context.text = R"([{"id":"kb-1","text":"how"}])";
  item.expected.text = R"("secret")";
  return item;
}

const std::vector<Message> two{{"system", "Be brief."}, {"user", "What's \"it\"?"}};

std::string body(const std::string& request, const Case& item = a_case()) {
  const auto out = good(asking(request))->body({&two, &item, 3, {}});
  REQUIRE(out.has_value());
  REQUIRE(nlohmann::json::accept(*out));
  return *out;
}

std::string refusal(const std::string& request, const ChatRequest& call) {
  const auto out = good(asking(request))->body(call);
  REQUIRE_FALSE(out.has_value());
  CHECK(out.error().code == ErrorCode::input);
  return out.error().message;
}

Outcome read(const std::string& reply, const GenericDialect& more = asking(R"("{{prompt}}")")) {
  return good(more)->read(arrived(reply));
}

}  // namespace

TEST_CASE("a text that is one variable becomes its JSON") {
  CHECK(body(R"({"q":"{{prompt}}"})") == R"({"q":"What's \"it\"?"})");
  CHECK(body(R"("{{ messages }}")") ==
        R"([{"role":"system","content":"Be brief."},{"role":"user","content":"What's \"it\"?"}])");
  CHECK(body(R"({"a":"{{prompt}}","m":"{{model}}","p":"{{params}}","t":"{{trial}}"})") ==
        R"({"a":"What's \"it\"?","m":"m \"1\"","p":{"k":[1,2]},"t":3})");
  CHECK(body(R"(["{{case.id}}","{{case.input}}","{{case.context}}"])") ==
        R"(["refund-017","say \"hi\" {{case.id}}",[{"id":"kb-1","text":"how"}]])");
  CHECK(body(R"(["{{case.vars.n}}","{{case.vars.list}}","{{case.vars./list/1}}","{{case.vars.name}}"])") ==
        R"([7,[1,"x"],"x","An\na"])");
}

TEST_CASE("inside other text a variable is its characters, as part of one JSON string") {
  CHECK(body(R"({"q":"<{{prompt}}> {{case.vars.name}} {{case.vars.n}} {{trial}} {{model}} {{case.vars.list}}"})") ==
        R"({"q":"<What's \"it\"?> An\na 7 3 m \"1\" [1,\"x\"]"})");
  CHECK(body(R"({"q":"{{prompt}}{{prompt}}"})") == R"({"q":"What's \"it\"?What's \"it\"?"})");
  CHECK(body(R"({"q":"{{case.context}}!"})") == R"({"q":"[kb-1] how!"})");
  CHECK(body(R"({"q":"{{open}}prompt}} {{prompt}}"})") == R"({"q":"{{prompt}} What's \"it\"?"})");
}

TEST_CASE("what is no variable stays as it is, in the order of names") {
  CHECK(body(R"({"z":[1,2.50,true,null,{"y":"text"}],"a":"{{prompt}}"})") ==
        R"({"a":"What's \"it\"?","z":[1,2.5,true,null,{"y":"text"}]})");
}

TEST_CASE("nothing that a case says can leave its place") {
  Case item = a_case();
  item.id = "\",\"admin\":true,\"x\":\"{{model}}";
  const auto read = nlohmann::json::parse(body(R"({"id":"{{case.id}}","text":"id: {{case.id}}"})", item));
  CHECK(read.size() == 2);
  CHECK(read["id"] == item.id);
  CHECK(read["text"] == "id: " + item.id);
}

TEST_CASE("a conversation goes in whole, and not into other text") {
  Case item = a_case();
  item.input.text = R"([{"content":"Hi","role":"user"}])";
  CHECK(body(R"({"q":"{{case.input}}"})", item) == R"({"q":[{"content":"Hi","role":"user"}]})");
  CHECK(refusal(R"({"q":"Q: {{case.input}}"})", {&two, &item, 0, {}}).find("is a conversation") != std::string::npos);
}

TEST_CASE("a missing value is an error with the variable's name") {
  const Case item = a_case();
  Case bare;
  bare.id = "bare";
  CHECK(refusal(R"({"q":"{{case.vars.gone}}"})", {&two, &item, 0, {}}) ==
        "case refund-017 has no {{case.vars.gone}}, which the request names");
  CHECK(refusal(R"({"q":"x {{case.vars.none}}"})", {&two, &item, 0, {}}) ==
        "case refund-017 has no {{case.vars.none}}, which the request names");
  CHECK(refusal(R"({"q":"{{case.context}}"})", {&two, &bare, 0, {}}).find("case bare has no {{case.context}}") == 0);
  CHECK(refusal(R"({"q":"{{case.input}} "})", {&two, &bare, 0, {}}).find("case bare has no {{case.input}}") == 0);
  CHECK(refusal(R"({"q":"{{prompt}}"})", {nullptr, &item, 0, {}}).find("{{prompt}}") != std::string::npos);
  CHECK(refusal(R"({"q":"{{messages}}"})", {nullptr, &item, 0, {}}).find("{{messages}}") != std::string::npos);
  CHECK(refusal(R"({"q":"{{case.id}}"})", {&two, nullptr, 0, {}}).find("about no case") != std::string::npos);
  CHECK(refusal(R"({"q":"id {{case.id}}"})", {&two, nullptr, 0, {}}).find("about no case") != std::string::npos);
}

TEST_CASE("what nobody knows is complained of before any call") {
  const auto one = [](const std::string& request) {
    const auto all = complaints_of(asking(request));
    REQUIRE(all.size() == 1);
    return all[0];
  };
  CHECK(one(R"({"q":"{{promt}}"})").find("'promt'") != std::string::npos);
  CHECK(one(R"({"q":"{{case.vars}}"})").find("unknown variable") == 0);
  CHECK(one(R"({"q":"{{prompt"})").find("never closed") != std::string::npos);
  CHECK(one(R"({"q":"{{case.expected}}"})").find("must not give {{case.expected}} away") != std::string::npos);
  CHECK(one(R"({"{{prompt}}":"{{prompt}}"})").find("variable in a name") != std::string::npos);
  CHECK(one(R"({"q":"all: {{messages}}"})").find("{{messages}} stands inside other text") == 0);
  CHECK(one(R"({"q":"{{prompt}} {{params}}"})").find("{{params}} stands inside other text") == 0);
  CHECK(one(R"({"q":"the same for all"})").find("every case would be asked the same") == 0);
  CHECK(one(R"({"q":"{{model}} {{trial}}"})").find("every case would be asked the same") == 0);
  CHECK(one("{broken").find("no JSON") != std::string::npos);
  CHECK(one("").find("no JSON") != std::string::npos);
  GenericDialect what = asking(R"("{{prompt}} {{model}}")");
  what.model.clear();
  CHECK(complaints_of(what) == std::vector<std::string>{"the request names {{model}}, and the route has none"});
  CHECK(complaints_of(asking(R"(["{{a}}","{{b}}","{{prompt}}"])")).size() == 2);
}

TEST_CASE("pointers are complained of too") {
  GenericDialect what = asking(R"("{{prompt}}")");
  what.output = "answer";
  what.usage_input = "/a~2";
  CHECK(complaints_of(what).size() == 2);
  what = asking(R"("{{prompt}}")");
  what.output = "";
  CHECK(complaints_of(what).size() == 1);
  what.tool_calls = "/calls";
  CHECK(complaints_of(what).empty());
}

TEST_CASE("the variables of the case that a request is made of") {
  const auto dialect = good(asking(R"({"a":"{{case.id}} {{case.vars.x}}","b":"{{case.vars.x}}","c":"{{prompt}}"})"));
  const auto variables = dialect->variables();
  REQUIRE(variables.size() == 2);
  CHECK(variables[0].written == "case.id");
  CHECK(variables[1].written == "case.vars.x");
  CHECK(make_dialect(ChatDialect{})->variables().empty());
}

TEST_CASE("a reply is where the pointers say") {
  GenericDialect what = asking(R"("{{prompt}}")");
  what.output = "/answer/text";
  what.finish_reason = "/why";
  what.usage_input = "/n/in";
  what.usage_output = "/n/out";
  what.tool_calls = "/calls";
  what.documents = "/docs";
  what.cost_usd = "/usd";
  what.error = "/problem";
  what.request_id = "/id";
  const Outcome outcome = read(
      R"({"answer":{"text":"hi"},"why":"stop","n":{"in":5,"out":2},"calls":[{"id":1,"name":"f","arguments":{"a":1}}],"docs":["bare",{"id":"kb","text":"t","score":0.5}],"usd":0.25,"problem":null,"id":77})",
      what);
  REQUIRE(std::holds_alternative<Reply>(outcome));
  const Reply& reply = std::get<Reply>(outcome);
  CHECK(reply.text == "hi");
  CHECK(reply.finish_reason == "stop");
  CHECK(reply.usage.input_tokens == 5);
  CHECK(reply.usage.output_tokens == 2);
  CHECK(reply.tool_calls.at(0).id == "1");
  CHECK(reply.documents.size() == 2);
  CHECK(reply.cost_usd == 0.25);
  CHECK(reply.request_id == "77");
  CHECK(reply.latency_ms == 250.0);
  CHECK(std::get<CallError>(read(R"({"answer":{"text":"hi"},"problem":"index gone"})", what)).kind ==
        ErrorKind::error_in_reply);
  CHECK(std::get<CallError>(read(R"({"problem":{"code":"content_filter"}})", what)).kind == ErrorKind::content_filter);
  CHECK(std::holds_alternative<Reply>(read(R"({"answer":{"text":"hi"},"problem":""})", what)));
}

TEST_CASE("a service's transcript and state are where the pointers say") {
  GenericDialect what = asking(R"("{{prompt}}")");
  what.transcript = "/run/turns";
  what.state = "/run/db";
  const Outcome outcome =
      read(R"({"output":"ok","run":{"turns":[{"role":"user","content":"a"}],"db":{"n":1.0}}})", what);
  REQUIRE(std::holds_alternative<Reply>(outcome));
  CHECK(std::get<Reply>(outcome).transcript.text == R"([{"content":"a","role":"user"}])");
  CHECK(std::get<Reply>(outcome).state.text == R"({"n":1})");
  CHECK(std::get<Reply>(read(R"({"output":"ok","run":{"turns":null}})", what)).transcript.absent());
  CHECK(std::get<CallError>(read(R"({"output":"ok","run":{"turns":"a"}})", what)).kind == ErrorKind::malformed_reply);
}

TEST_CASE("any JSON is an output, in its canonical form") {
  GenericDialect what = asking(R"("{{prompt}}")");
  what.output = "/0/answer";
  CHECK(std::get<Reply>(read(R"([{"answer":{"b":1.0,"a":[true]}}])", what)).text == R"({"a":[true],"b":1})");
  CHECK(std::get<Reply>(read(R"([{"answer":42}])", what)).text == "42");
}

TEST_CASE("what is no reply of the service's is an error") {
  const auto kind = [](const std::string& reply) { return std::get<CallError>(read(reply)).kind; };
  CHECK(kind(R"({"other":1})") == ErrorKind::malformed_reply);
  CHECK(kind(R"({"output":null})") == ErrorKind::empty_reply);
  CHECK(kind(R"({"output":" "})") == ErrorKind::empty_reply);
  CHECK(kind("plain words") == ErrorKind::malformed_reply);
  CHECK(kind("<html>") == ErrorKind::malformed_reply);
  CHECK(kind("") == ErrorKind::malformed_reply);
  CHECK(kind(R"({"output":"a","output":"b"})") == ErrorKind::malformed_reply);
  CHECK(kind(std::string(100'000, '[')) == ErrorKind::malformed_reply);
  GenericDialect what = asking(R"("{{prompt}}")");
  what.usage_input = what.usage_output = "/n";
  what.cost_usd = "/usd";
  for (const char* odd : {R"({"output":"x","n":-1,"usd":-1})", R"({"output":"x","n":1.5,"usd":"1"})",
                          R"({"output":"x","n":1e30,"usd":null})", R"({"output":"x","n":"5"})"}) {
    const Reply reply = std::get<Reply>(read(odd, what));
    CHECK_FALSE(reply.usage.input_tokens.has_value());
    CHECK_FALSE(reply.cost_usd.has_value());
  }
  const Usage zero = std::get<Reply>(read(R"({"output":"x","n":0})", what)).usage;
  CHECK_FALSE(zero.input_tokens.has_value());
  CHECK(zero.output_tokens == 0);
  CHECK(std::get<CallError>(good(what)->read(arrived(R"({"output":"x"})", 503))).kind == ErrorKind::overloaded);
  CHECK(std::get<CallError>(good(what)->read(arrived(R"({"output":"x"})", 206))).kind == ErrorKind::malformed_reply);
}

TEST_CASE("a key is sent as a bearer, and the bound of a reply is that of the params") {
  GenericDialect what = asking(R"("{{prompt}}")");
  CHECK(good(what)->key_header() == std::pair<std::string, std::string>{"Authorization", "Bearer "});
  CHECK_FALSE(good(what)->streams());
  CHECK_FALSE(good(what)->most_output_tokens().has_value());
  what.params.text = R"({"max_tokens":5})";
  CHECK(good(what)->most_output_tokens() == 5.0);
}
