#include <sstream>

#include "headgate/grade/plugin.hpp"
#include "headgate/grade/serve.hpp"
#include "judging.hpp"

namespace headgate::grade {
namespace {

using namespace testing;

const Kind& kind(const char* name) { return *registry().find(name); }

std::vector<Json> served(const Kind& kind, const std::string& lines) {
  std::istringstream in(lines);
  std::ostringstream out;
  CHECK(serve(kind, in, out) == 0);
  std::vector<Json> answers;
  std::istringstream written(out.str());
  for (std::string line; std::getline(written, line);) answers.push_back(Json::parse(line));
  return answers;
}

Json question(const std::string& id, const std::string& text, const Json& options) {
  return {{"id", id},
          {"case", {{"id", "c"}, {"expected", "12"}}},
          {"reply", {{"text", text}, {"tool_calls", Json::array()}, {"documents", Json::array()}}},
          {"options", options}};
}

TEST_CASE("serve: one answer a question, with its id, and by its options") {
  const auto answers = served(kind("contains"), question("a", "it is 12", Json::object()).dump() + "\n\n" +
                                                    question("b", "it is 12", {{"value", "13"}}).dump() + "\n");
  REQUIRE(answers.size() == 2);
  CHECK(answers[0]["id"] == "a");
  CHECK(answers[0]["pass"] == true);
  CHECK(answers[1]["id"] == "b");
  CHECK(answers[1]["pass"] == false);
}

TEST_CASE("serve: whatever cannot be judged is an error, never a verdict") {
  const std::string good = question("a", "12", {{"valeu", "13"}}).dump();
  for (const std::string& line : {good, std::string("no JSON"), std::string(R"({"id":"a"})"), std::string("[]")}) {
    INFO(line);
    const auto answers = served(kind("contains"), line + "\n");
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].contains("error"));
    CHECK_FALSE(answers[0].contains("pass"));
  }
  CHECK(served(kind("plugin"), question("a", "x", {{"name", "lint"}}).dump() + "\n")[0].contains("error"));
}

TEST_CASE("serve: what is not in the reply is absent, so that it passes in neither form") {
  const auto answers = served(kind("number"), question("a", "no number", Json::object()).dump() + "\n");
  REQUIRE(answers.size() == 1);
  CHECK(answers[0]["absent"] == true);
  CHECK_FALSE(answers[0].contains("pass"));
}

TEST_CASE("serve: its answers fit the published table") {
  for (const Json& answer :
       {served(kind("contains"), question("a", "12", Json::object()).dump())[0],
        served(kind("number"), question("a", "x", Json::object()).dump())[0], served(kind("contains"), "no JSON")[0]}) {
    Complaints complaints;
    const auto tree = parse_json("answer", answer.dump(), complaints);
    CHECK(check(*tree, tree->root(), plugin_answer_table(), complaints));
  }
}

}  // namespace
}  // namespace headgate::grade
