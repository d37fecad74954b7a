// What /stats says, with a clock in hand.

#include "counts.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "client.hpp"
#include "desk.hpp"

using namespace headgate;
using namespace headgate::test;

TEST_CASE("a repeat is a request whose body had its whole answer before, nothing else") {
  Desk desk(R"({"rules": [{"when": {"contains": "cut"}, "cut": {"in": "body", "after": 3}},
                          {"when": {"contains": "fail"}, "status": 500}]})");
  for (const char* each : {"good", "cut", "fail", "good", "cut", "fail", "good"}) desk.ask(chat(each));
  desk.begin(chat("left"));
  desk.end(true);
  desk.ask(chat("left"));
  const Json stats = desk.stats();
  CHECK(stats.at("requests") == 9);
  CHECK(stats.at("repeats") == 2);
  CHECK(stats.at("answered") == 4);
  CHECK(stats.at("abandoned") == 1);
  CHECK(stats.at("by_status") == Json({{"200", 6}, {"500", 2}}));
  CHECK(stats.at("by_ending") == Json({{"cut", 2}}));
  CHECK(stats.at("bodies") == Json({{"different", 4}, {"asked_most", 3}, {"not_remembered", 0}}));
  const Json first = stats.at("each_body").at(0);
  CHECK(first.at("input") == "good");
  CHECK(first.at("asked") == 3);
  CHECK(first.at("answered") == 3);
}

TEST_CASE("the same body in another profile is another body") {
  Desk desk(R"({"profiles": {"a": {}, "b": {}}})");
  desk.ask(chat("x"), "/a/v1/chat/completions");
  desk.ask(chat("x"), "/b/v1/chat/completions");
  desk.ask(chat("x"), "/b/v1/chat/completions");
  const Json stats = desk.stats();
  CHECK(stats.at("repeats") == 1);
  CHECK(stats.at("profiles").at("a").at("repeats") == 0);
  CHECK(stats.at("profiles").at("b").at("repeats") == 1);
  CHECK(stats.at("profiles").at("b").at("requests") == 2);
}

TEST_CASE("how long clients wait after a rejection, and who comes before the time it was given") {
  Desk desk(R"({"rules": [{"when": {"contains": "slow", "attempt": 1}, "status": 429, "retry_after": "2"}]})");
  desk.now = 1'000'000;
  desk.ask(chat("slow"));
  desk.now += 50'000;  // was on its way
  desk.ask(chat("a"));
  CHECK(desk.stats().at("too_early") == 0);
  CHECK(desk.stats().at("least_gap_ms") == 50.0);
  CHECK(desk.stats().at("least_gap_same_body_ms").is_null());
  desk.now += 950'000;
  desk.ask(chat("b"));
  CHECK(desk.stats().at("too_early") == 1);
  desk.now += 1'000'000;
  desk.ask(chat("slow"));
  CHECK(desk.stats().at("too_early") == 1);
  CHECK(desk.stats().at("least_gap_same_body_ms") == 2000.0);
  CHECK(desk.stats().at("rejected") == 1);
  desk.now += 1'000'000;
  desk.ask(chat("slow"));  // answered since: no wait of a rejected one
  CHECK(desk.stats().at("least_gap_same_body_ms") == 2000.0);
}

TEST_CASE("in flight, now and most") {
  Desk desk;
  fake::Ticket tickets[3];
  for (int i = 0; i < 3; ++i) {
    desk.begin(chat(std::to_string(i)));
    tickets[i] = desk.ticket;
  }
  desk.responder.finished(tickets[0], false, desk.now);
  desk.responder.finished(tickets[1], true, desk.now);
  CHECK(desk.stats().at("in_flight") == 1);
  CHECK(desk.stats().at("most_in_flight") == 3);
}

TEST_CASE("a bound on what is remembered: beyond it nothing is a repeat, and it is said how much that was") {
  Desk desk(R"({"remember": 2})");
  for (const char* each : {"a", "b", "c", "c", "a"}) desk.ask(chat(each));
  const Json stats = desk.stats();
  CHECK(stats.at("bodies") == Json({{"different", 2}, {"asked_most", 2}, {"not_remembered", 2}}));
  CHECK(stats.at("repeats") == 1);
}

TEST_CASE("reset forgets counts, limits and attempts; what was under way before it is not counted") {
  Desk desk(R"({"limits": [{"kind": "in_flight", "amount": 1}]})");
  desk.begin(chat("x"));
  const fake::Ticket old = desk.ticket;
  CHECK(desk.status(chat("y")) == 429);
  CHECK(desk.ask("", "/reset").starts_with("HTTP/1.1 200"));
  CHECK(desk.stats().at("requests") == 0);
  CHECK(desk.status(chat("x")) == 200);
  desk.responder.finished(old, false, desk.now);
  CHECK(desk.stats().at("answered") == 1);
  CHECK(desk.stats().at("in_flight") == 0);
  CHECK(desk.ticket.attempt == 1);
}

TEST_CASE("the log holds the newest requests, what was sent, and no key") {
  Desk desk(R"({"log": 2})");
  for (const char* each : {"a", "b", "c"}) {
    desk.now += 1'000'000;
    desk.ask(chat(each), "/v1/chat/completions", "Authorization: Bearer sk-secret\r\nIdempotency-Key: 7\r\n");
  }
  const Json log = desk.responder.counts().log();
  CHECK(log.at("requests") == 3);
  REQUIRE(log.at("log").size() == 2);
  const Json& last = log.at("log").at(1);
  CHECK(last.at("index") == 3);
  CHECK(last.at("at_ms") == 2000.0);
  CHECK(last.at("status") == 200);
  CHECK(last.at("ending") == "whole");
  CHECK(last.at("text") == chat("c"));
  CHECK(last.at("headers").at("idempotency-key") == "7");
  CHECK(log.dump().find("sk-secret") == std::string::npos);
}

TEST_CASE("limits reject with their status, their words and the time to wait") {
  Desk desk(R"({"limits": [{"kind": "bucket", "amount": 0.5, "burst": 1, "headers": "openai"}],
                "profiles": {"ms": {"limits": [{"kind": "bucket", "amount": 2, "burst": 1, "retry_after_ms": true}]},
                             "mute": {"limits": [{"kind": "in_flight", "amount": 1, "retry_after": "none", "status": 529}]},
                             "odd": {"limits": [{"kind": "bucket", "amount": 1, "burst": 1, "retry_after": "soon"}]}}})");
  CHECK(desk.ask(chat("a")).find("x-ratelimit-remaining-requests: 0\r\n") != std::string::npos);
  const std::string rejected = desk.ask(chat("b"));
  CHECK(rejected.starts_with("HTTP/1.1 429 Too Many Requests\r\n"));
  CHECK(rejected.find("\r\nRetry-After: 2\r\n") != std::string::npos);
  CHECK(rejected.find("rate_limit_exceeded") != std::string::npos);
  desk.now = 2'000'000;
  CHECK(desk.status(chat("b")) == 200);
  CHECK(desk.status(chat("a"), "/ms/v1/messages") == 200);
  CHECK(desk.ask(chat("a"), "/ms/v1/messages").find("\r\nretry-after-ms: 500\r\n") != std::string::npos);
  desk.begin(chat("a"), "/mute/v1/messages");
  const std::string mute = desk.ask(chat("b"), "/mute/v1/messages");
  CHECK(mute.starts_with("HTTP/1.1 529"));
  CHECK(mute.find("etry-") == std::string::npos);
  desk.ask(chat("a"), "/odd/v1/messages");
  CHECK(desk.ask(chat("a"), "/odd/v1/messages").find("\r\nRetry-After: soon\r\n") != std::string::npos);
}

TEST_CASE("Retry-After as a date is told from now on, and counts like seconds") {
  Desk desk(R"({"rules": [{"when": {"first": 1}, "status": 429, "retry_after": "date+2"}]})");
  CHECK(desk.ask(chat("x")).find("\r\nRetry-After: Thu, 01 Jan 2026 00:00:03 GMT\r\n") != std::string::npos);
  desk.now = 1'000'000;
  desk.ask(chat("x"));
  CHECK(desk.stats().at("too_early") == 1);
}

TEST_CASE("limits that profiles share") {
  Desk desk(R"({"shared_limits": [{"kind": "bucket", "amount": 1, "burst": 2}], "profiles": {"a": {}, "b": {}}})");
  CHECK(desk.status(chat("1"), "/a/v1/messages") == 200);
  CHECK(desk.status(chat("1"), "/b/v1/messages") == 200);
  CHECK(desk.status(chat("1"), "/a/v1/messages") == 429);
  CHECK(desk.status(chat("1")) == 429);
}

TEST_CASE("a key is checked in the header of either API") {
  Desk desk(R"({"key": {"bearer": "sk-1", "x_api_key": "ant-1"},
                "profiles": {"loud": {"key": {"bearer": "sk-1", "echo": true}}}})");
  CHECK(desk.status(chat("x")) == 401);
  CHECK(desk.status(chat("x"), "/v1/messages", "x-api-key: ant-1\r\n") == 200);
  CHECK(desk.status(chat("x"), "/v1/chat/completions", "Authorization: Bearer sk-1\r\n") == 200);
  CHECK(desk.status(chat("x"), "/v1/chat/completions", "Authorization: Bearer sk-12\r\n") == 401);
  CHECK(desk.ask(chat("x"), "/v1/messages", "x-api-key: wrong\r\n").find("wrong") == std::string::npos);
  const std::string loud = desk.ask(chat("x"), "/loud/v1/messages", "Authorization: Bearer sk-else\r\n");
  CHECK(loud.find("Bearer sk-else") != std::string::npos);
  CHECK(loud.find("authentication_error") != std::string::npos);
}

TEST_CASE("a body that is no JSON is refused where an API wants JSON") {
  Desk desk;
  CHECK(desk.status("{") == 400);
  CHECK(desk.status("[]", "/v1/messages") == 400);
  CHECK(desk.status("{", "/ask") == 200);
}
