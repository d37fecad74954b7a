// A responder with a clock in the test's hand: no socket, no thread.
#pragma once

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "headgate/base/file.hpp"
#include "headgate/fake/script.hpp"
#include "http_request.hpp"
#include "responder.hpp"

namespace headgate::test {

inline fake::Script script_of(const std::string& text) {
  Complaints complaints;
  const auto tree = parse_json("script.json", text, complaints);
  const MemoryFiles none;
  auto script = tree ? fake::read_script(*tree, none, "", complaints) : std::nullopt;
  if (!script) FAIL(complaints.errors().front().message << " in " << text);
  return *script;
}

struct Desk {
  explicit Desk(const std::string& script = "{}") : responder(script_of(script)) {}

  // The answer begins; it ends by end().
  fake::Delivery begin(std::string_view body, std::string_view path = "/v1/chat/completions",
                       std::string_view headers = {}) {
    const std::string text = "POST " + std::string(path) + " HTTP/1.1\r\n" + std::string(headers) +
                             "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
    fake::HttpRequest request;
    REQUIRE(fake::parse_request(text, request) == fake::Parsed::whole);
    return responder.respond(request, {now, 1'767'225'600}, ticket);
  }
  void end(bool abandoned = false) { responder.finished(ticket, abandoned, now); }

  // All bytes that an answer sends, without its waits.
  std::string ask(std::string_view body, std::string_view path = "/v1/chat/completions",
                  std::string_view headers = {}) {
    const fake::Delivery answer = begin(body, path, headers);
    end();
    std::string out;
    for (const fake::Step& step : answer.steps) {
      for (std::uint64_t i = 0; i < (step.kind == fake::Step::Kind::repeat ? step.count : 1); ++i) out += step.bytes;
    }
    return out;
  }
  int status(std::string_view body, std::string_view path = "/v1/chat/completions", std::string_view headers = {}) {
    const std::string answer = ask(body, path, headers);
    return answer.empty() ? 0 : std::stoi(answer.substr(9, 3));
  }
  std::string body(std::string_view text, std::string_view path = "/v1/chat/completions") {
    const std::string answer = ask(text, path);
    return answer.substr(answer.find("\r\n\r\n") + 4);
  }
  Json json(std::string_view text, std::string_view path = "/v1/chat/completions") {
    return Json::parse(body(text, path));
  }
  Json stats() const { return responder.counts().stats(true, now); }

  fake::Responder responder;
  fake::Micros now = 0;
  fake::Ticket ticket;
};

}  // namespace headgate::test
