#include "reply_id.hpp"

#include <catch2/catch.hpp>

#include <string>

using headgate::route::ReplyIds;

namespace {

// "=ID", "ready" or "nothing".
std::string look(const std::string& line) {
  ReplyIds ids;
  std::string padded = line;
  padded.append(ReplyIds::padding, '}');  // whatever stands behind a line is no part of it
  switch (ids.look(std::string_view(padded).substr(0, line.size()))) {
    case ReplyIds::Says::reply:
      return "=" + std::string(ids.id());
    case ReplyIds::Says::ready:
      return "ready";
    case ReplyIds::Says::nothing:
      return "nothing";
  }
  return "?";
}

}  // namespace

TEST_CASE("the id of a reply is found wherever it stands") {
  CHECK(look(R"({"id":"a"})") == "=a");
  CHECK(look(R"(  {"output": {"id":"inner"}, "list":[{"id":1}], "id" : "a"} )") == "=a");
  CHECK(look(R"({"id":"\u0061\n"})") == "=a\n");
  CHECK(look("{\"text\":\"gr\xFC\xDF\",\"id\":\"a\"}") == "=a");
  CHECK(look(R"({"id":"a","ready":true})") == "=a");
}

TEST_CASE("what is no reply has none") {
  for (const std::string line :
       {"", "  ", "banner", "[1]", "\"id\"", "{", "{}", R"({"id":1})", R"({"id":null})", R"({"id":"a)", R"(["id","a"])",
        R"({"ready":false})", R"({"ready":"true"})", "null", R"(xx {"id":"a"})"}) {
    CAPTURE(line);
    CHECK(look(line) == "nothing");
  }
  CHECK(look(std::string("\0{\"id\":\"a\"}", 11)) == "nothing");
  CHECK(look(std::string(100'000, '[')) == "nothing");
  CHECK(look("{\"id\":" + std::string(100'000, '[')) == "nothing");
}

TEST_CASE("a worker says that it is ready") {
  CHECK(look(R"({"ready":true})") == "ready");
  CHECK(look(R"({"name":"m", "ready": true})") == "ready");
}

TEST_CASE("long lines and short ones after them are read") {
  ReplyIds ids;
  for (const std::size_t size : {std::size_t{10}, std::size_t{3} << 20, std::size_t{10}}) {
    std::string line = "{\"text\":\"" + std::string(size, 'x') + "\",\"id\":\"a\"}";
    line.reserve(line.size() + ReplyIds::padding);
    CHECK(ids.look(line) == ReplyIds::Says::reply);
    CHECK(ids.id() == "a");
  }
}
