// Secrets inside what an agent left behind: they are hidden, and what stays is JSON.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "headgate/base/json.hpp"
#include "headgate/base/redactor.hpp"
#include "live_work.hpp"

using namespace headgate;
using namespace headgate::run;

namespace {

Reply read_with(const std::vector<std::pair<std::string, std::string>>& secrets, const std::string& line) {
  config::Route route;
  route.program.emplace();
  route.program->secrets = std::make_shared<const Redactor>(secrets);
  route::Arrival arrival;
  arrival.bytes = line;
  ReadReply read = read_reply(route, arrival);
  if (const auto* error = std::get_if<CallError>(&read.outcome)) FAIL(error->message);
  return std::get<Reply>(std::move(read.outcome));
}

}  // namespace

TEST_CASE("a secret in a transcript or a state does not stay there, however it is written") {
  const Reply reply = read_with({{"KEY", "hush\"hush\\8"}, {"PIN", "1234567890123"}},
                                R"({"output":"ok","transcript":[{"role":"tool","content":"it is hush\"hush\\8."}],
      "state":{"pin":1234567890123,"hush\"hush\\8":[true,null,-1.5],"other":"kept"},
      "recorded":["1234567890123"],"tool_calls":[{"name":"f","arguments":{"pin":1234567890123}}]})");
  for (const JsonText& json : {reply.transcript, reply.state, reply.recorded, reply.tool_calls.at(0).arguments}) {
    CAPTURE(json.text);
    CHECK(parse_own(json.text).has_value());
    CHECK(json.text.find("hush") == std::string::npos);
    CHECK(json.text.find("1234567890123") == std::string::npos);
    CHECK(json.text.find("[secret ") != std::string::npos);
  }
  CHECK(reply.state.text.find(R"("other":"kept")") != std::string::npos);
  CHECK(reply.state.text.find("[true,null,-1.5]") != std::string::npos);
  CHECK(reply.tool_calls.at(0).arguments.text == R"({"pin":"[secret PIN]"})");
}

TEST_CASE("where nothing is hidden the bytes stay as they are") {
  const Reply reply = read_with({{"KEY", "not in there"}}, R"({"output":"ok","state":{"n":1e21,"a":"b"}})");
  CHECK(reply.state.text == R"({"a":"b","n":1e+21})");
}
