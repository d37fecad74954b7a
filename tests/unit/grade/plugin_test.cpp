#include "judging.hpp"

using namespace headgate;
using namespace headgate::grade;
using namespace headgate::grade::testing;

namespace {

const std::string written = R"({"kind":"plugin","name":"lint","options":{"max":3,"words":["a","b"]}})";

Step step_with(const std::string& of, const std::vector<Answer>& answers, const std::string& text = "hello") {
  const Reply reply = reply_of(text);
  const Reply* const replies[] = {&reply};
  const Case item = case_with(R"("x")");
  return grader(of)->step({item, replies, 1}, Answers(answers));
}

testing::Outcome with_answer(const std::string& json, const std::string& of = written) {
  return outcome_of(step_with(of, {{"verdict", JsonText{json}}}));
}

ErrorKind error_of(const std::vector<Answer>& answers, const std::string& of = written) {
  const Step out = step_with(of, answers);
  const auto* error = std::get_if<CallError>(&out);
  if (error == nullptr) return ErrorKind::none;
  CHECK(error->message.find("'lint'") != std::string::npos);
  return error->kind;
}

}  // namespace

TEST_CASE("a plugin is asked once, with case, reply and options") {
  Reply reply = reply_of("say \"hi\"\n");
  reply.tool_calls.push_back({"t1", "refund", JsonText{R"({"usd":5})"}});
  reply.documents.push_back({"kb-1", "how", 0.5});
  reply.documents.push_back({"", "bare", std::nullopt});
  reply.finish_reason = "stop";
  Case item = case_with(R"({"answer":42})");
  item.vars.text = R"({"plan":"pro"})";
  item.context.text = R"([{"id":"kb-1","text":"how"}])";
  item.tags = {"regression"};
  const Step out = step(*grader(written), reply, item);
  const auto* asks = std::get_if<std::vector<Ask>>(&out);
  REQUIRE(asks != nullptr);
  REQUIRE(asks->size() == 1);
  CHECK(asks->front().key == "verdict");
  const auto& consult = std::get<Consult>(asks->front().what);
  CHECK(consult.target == "lint");
  CHECK(Json::parse(consult.json) == Json::parse(R"({
    "case": {"id":"case-1","input":"What is it?","vars":{"plan":"pro"},"context":[{"id":"kb-1","text":"how"}],
             "expected":{"answer":42}},
    "reply": {"text":"say \"hi\"\n","tool_calls":[{"id":"t1","name":"refund","arguments":{"usd":5}}],
              "documents":[{"id":"kb-1","text":"how","score":0.5},{"id":"","text":"bare"}],"finish_reason":"stop"},
    "options": {"max":3,"words":["a","b"]}})"));
  CHECK(consult.json.find('\n') == std::string::npos);
  CHECK(grader(written)->needs().plugins == std::set<std::string>{"lint"});
  CHECK(grader(turned_round(written))->needs().plugins == std::set<std::string>{"lint"});

  const Step bare = step(*grader(R"({"kind":"plugin","name":"lint"})"), reply_of("x"), case_with(""));
  const Json json = Json::parse(std::get<Consult>(std::get<std::vector<Ask>>(bare).front().what).json);
  CHECK(json.at("options") == Json::object());
  CHECK_FALSE(json.at("case").contains("expected"));
}

TEST_CASE("a verdict is taken as it is given") {
  CHECK(with_answer(R"({"pass":true})").word == "pass");
  CHECK(with_answer(R"({"pass":true})").score == 1.0);
  CHECK(with_answer(R"({"pass":false})").word == "fail");
  CHECK(with_answer(R"({"pass":false})").score == 0.0);
  const auto all = with_answer(R"({"id":"7","pass":false,"score":0.25,"reason":"too long","seconds":1})");
  CHECK(all.word == "fail");
  CHECK(all.score == 0.25);
  CHECK(all.reason == "too long");
  const auto turned = with_answer(R"({"pass":false,"score":0.25,"reason":"too long"})", turned_round(written));
  CHECK(turned.word == "pass");
  CHECK(turned.score == 0.75);
  CHECK_FALSE(with_answer(R"({"pass":true,"reason":""})").reason.empty());
}

TEST_CASE("whatever is no verdict is an error, never a pass, turned round or not") {
  const char* const bad[] = {"",
                             "null",
                             "true",
                             "[true]",
                             R"("pass")",
                             "{}",
                             "{\"pass\"",
                             R"({"pass":"yes"})",
                             R"({"pass":1})",
                             R"({"pass":null})",
                             R"({"pass":[true]})",
                             R"({"Pass":true})",
                             R"({"pass":true,"score":1.5})",
                             R"({"pass":true,"score":-0.1})",
                             R"({"pass":true,"score":"1"})",
                             R"({"pass":true,"score":null})",
                             R"({"pass":true,"reason":7})",
                             R"({"pass":true,"error":"the model was down"})",
                             R"({"pass":true,"pass":false})"};
  for (const std::string& of : {written, turned_round(written)}) {
    for (const char* json : bad) {
      INFO(of << " answered " << json);
      CHECK(error_of({{"verdict", JsonText{json}}}, of) == ErrorKind::plugin_failed);
    }
    CHECK(error_of({{"verdict", CallError{ErrorKind::timeout, ""}}}, of) == ErrorKind::plugin_failed);
    CHECK(error_of({{"verdict", Reply{}}}, of) == ErrorKind::plugin_failed);
    CHECK(error_of({{"verdict", ProgramResult{}}}, of) == ErrorKind::plugin_failed);
    CHECK(error_of({{"verdict", Vectors{}}}, of) == ErrorKind::plugin_failed);
  }
  const Step out = step_with(written, {{"verdict", CallError{ErrorKind::child_died, "ended with status 3"}}});
  CHECK(std::get<CallError>(out).message == "'lint' did not answer: ended with status 3");
}

TEST_CASE("an answer under another key is not the verdict") {
  CHECK(outcome_of(step_with(written, {{"0/verdict", JsonText{R"({"pass":true})"}}})).word == "asks");
  CHECK(outcome_of(step_with(R"({"kind":"all_of","graders":[)" + written + "]}",
                             {{"0/verdict", JsonText{R"({"pass":true})"}}}))
            .word == "pass");
}
