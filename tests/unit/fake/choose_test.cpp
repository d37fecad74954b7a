// Which request meets what.

#include "choose.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "client.hpp"
#include "desk.hpp"

using namespace headgate;
using namespace headgate::test;

namespace {

std::string answer(Desk& desk, std::string_view input) {
  return desk.json(chat(input)).at("choices").at(0).at("message").at("content").get<std::string>();
}

std::string number(int i) { return chat("question " + std::to_string(i)); }

}  // namespace

TEST_CASE("what is answered: the table, then the rules in their order, then the echo, then the text") {
  Desk desk(R"({"text": "none", "table": {"whole input": "from the table"},
                "answers": [{"contains": "refund", "text": "no refunds"}, {"equals": "hi", "text": "hello"},
                            {"contains": "hi", "text": "high"}]})");
  CHECK(answer(desk, "whole input") == "from the table");
  CHECK(answer(desk, "a refund [[echo]]") == "no refunds");
  CHECK(answer(desk, "hi") == "hello");
  CHECK(answer(desk, "hi!") == "high");
  CHECK(answer(desk, "say [[ so ]] and [[no]]") == " so ");
  CHECK(answer(desk, "say [[ so") == "none");
  Desk silent(R"({"echo": false, "text": ""})");
  CHECK(answer(silent, "[[x]]").empty());
}

TEST_CASE("a share of wrong answers is the same one each time, and another one for another seed or profile") {
  const auto wrong = [](const std::string& script, const std::string& path) {
    Desk desk(script);
    std::vector<int> out;
    for (int i = 0; i < 2000; ++i) {
      if (desk.json(number(i), path).at("choices").at(0).at("message").at("content") == "wrong") out.push_back(i);
    }
    return out;
  };
  const std::string script = R"({"wrong": {"share": 0.1}, "profiles": {"b": {"wrong": {"share": 0.1}}}})";
  const auto first = wrong(script, "/v1/chat/completions");
  CHECK(first.size() > 150);
  CHECK(first.size() < 250);
  CHECK(first == wrong(script, "/v1/chat/completions"));
  CHECK(first != wrong(script, "/b/v1/chat/completions"));
  CHECK(first != wrong(R"({"seed": 1, "wrong": {"share": 0.1}})", "/v1/chat/completions"));
}

TEST_CASE("rules by the number of the request and by the attempt at the same body") {
  Desk desk(R"({"rules": [{"when": {"index": [2, 4]}, "status": 500}, {"when": {"every": 5}, "status": 502},
                          {"when": {"first": 1}, "status": 503}, {"when": {"attempt": 3}, "status": 504}]})");
  std::vector<int> seen;
  for (int i = 0; i < 10; ++i) seen.push_back(desk.status(number(i)));
  CHECK(seen == std::vector<int>{503, 500, 200, 500, 502, 200, 200, 200, 200, 502});
  CHECK(desk.status(number(7)) == 200);
  CHECK(desk.status(number(7)) == 504);
  CHECK(desk.status(number(7)) == 200);
  Desk twice(R"({"rules": [{"when": {"attempts_to": 2}, "status": 500}]})");
  for (const int status : {500, 500, 200, 200}) CHECK(twice.status(number(1)) == status);
  CHECK(twice.status(number(2)) == 500);
}

TEST_CASE("rules by what a request says") {
  Desk desk(
      R"({"rules": [{"when": {"contains": ["refund", "\"loud\""]}, "text": "a"}, {"when": {"equals": "hi"}, "text": "b"},
                          {"when": {"model": "m1", "stream": true}, "status": 500}]})");
  CHECK(answer(desk, "a refund") == "a");
  CHECK(answer(desk, "a \\\"loud\\\" one") == "a");  // escaped in the body, found in the input
  CHECK(answer(desk, "hi") == "b");
  CHECK(desk.status(chat("x")) == 200);
  CHECK(desk.status(chat("x", R"(,"stream":true)")) == 500);
}

TEST_CASE("rules by time, from the first request on") {
  Desk desk(R"({"rules": [{"when": {"until_ms": 5000}, "status": 529}, {"when": {"from_ms": 8000}, "status": 500}]})");
  desk.now = 60'000'000;
  CHECK(desk.status(chat("x")) == 529);
  desk.now += 4'999'000;
  CHECK(desk.status(chat("x")) == 529);
  desk.now += 1000;
  CHECK(desk.status(chat("x")) == 200);
  desk.now += 3'000'000;
  CHECK(desk.status(chat("x")) == 500);
}

TEST_CASE("a share of bodies fails for good, a share of tries does not") {
  Desk bodies(R"({"rules": [{"when": {"share": 0.2}, "status": 500}]})");
  Desk tries(R"({"rules": [{"when": {"share_of_tries": 0.2}, "status": 500}]})");
  int failed = 0, changed = 0, failed_tries = 0;
  for (int i = 0; i < 1000; ++i) {
    const int first = bodies.status(number(i));
    failed += first == 500 ? 1 : 0;
    CHECK(bodies.status(number(i)) == first);
    const int a = tries.status(number(i));
    const int b = tries.status(number(i));
    failed_tries += a == 500 ? 1 : 0;
    changed += a != b ? 1 : 0;
  }
  CHECK(failed > 140);
  CHECK(failed < 260);
  CHECK(failed_tries > 140);
  CHECK(failed_tries < 260);
  CHECK(changed > 200);
}

TEST_CASE("a rule says what is different; the rest stays as in its profile, and a profile has nothing of another") {
  Desk desk(R"({"text": "base", "headers": {"X-A": "1", "X-B": "1"},
                "rules": [{"when": {"equals": "odd"}, "headers": {"X-B": "2"}}, {"when": {"equals": "ill"}, "status": 500}],
                "profiles": {"other": {"text": "theirs"}}})");
  const std::string odd = desk.ask(chat("odd"));
  CHECK(odd.find("\r\nX-A: 1\r\n") != std::string::npos);
  CHECK(odd.find("\r\nX-B: 2\r\n") != std::string::npos);
  CHECK(odd.find("\r\nX-B: 1\r\n") == std::string::npos);
  CHECK(odd.find("\"base\"") != std::string::npos);
  CHECK(desk.status(chat("ill")) == 500);
  const std::string other = desk.ask(chat("odd"), "/other/v1/chat/completions");
  CHECK(other.find("theirs") != std::string::npos);
  CHECK(other.find("X-A") == std::string::npos);
}

TEST_CASE("delays: fixed, with jitter, and log-normal about their median; the same each time") {
  const auto waits = [](const std::string& script) {
    Desk desk(script);
    std::vector<fake::Micros> out;
    for (int i = 0; i < 1001; ++i) {
      const fake::Delivery delivery = desk.begin(number(i));
      desk.end();
      REQUIRE(delivery.steps.front().kind == fake::Step::Kind::wait);
      out.push_back(delivery.steps.front().micros);
    }
    std::sort(out.begin(), out.end());
    return out;
  };
  CHECK(waits(R"({"delay_ms": 50})").front() == 50'000);
  CHECK(waits(R"({"delay_ms": 50})").back() == 50'000);
  const auto jitter = waits(R"({"delay_ms": 50, "jitter_ms": 10})");
  CHECK(jitter.front() >= 50'000);
  CHECK(jitter.front() < 50'500);
  CHECK(jitter.back() > 59'500);
  const auto spread = waits(R"({"delay_ms": 2000, "spread": 0.5})");
  CHECK(spread[500] > 1'850'000);
  CHECK(spread[500] < 2'150'000);
  CHECK(spread[841] / 1000 > 3000);  // a sigma up is a factor of e^0.5
  CHECK(spread[841] / 1000 < 3600);
  CHECK(spread == waits(R"({"delay_ms": 2000, "spread": 0.5})"));
}
