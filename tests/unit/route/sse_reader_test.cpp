#include "sse.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using headgate::route::looks_like_sse;
using headgate::route::SseEvent;
using headgate::route::SseReader;

namespace {

using Events = std::vector<std::string>;  // "name|data"

Events events_of(const std::string& body) {
  Events out;
  SseReader reader(body);
  for (SseEvent event; reader.next(event);) out.push_back(std::string(event.name) + "|" + std::string(event.data));
  return out;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += by.size()) text.replace(at, what.size(), by);
  return text;
}

}  // namespace

TEST_CASE("events are parsed as the standard says") {
  CHECK(events_of("data: a\n\ndata: b\n\n") == Events{"|a", "|b"});
  CHECK(events_of("event: x\ndata: a\n\n") == Events{"x|a"});
  CHECK(events_of("data: a\nevent: x\n\n") == Events{"x|a"});
  CHECK(events_of("event: x\nevent: y\ndata:a\n\n") == Events{"y|a"});
  CHECK(events_of("data: a\ndata: b\ndata:\ndata:  c\n\n") == Events{"|a\nb\n\n c"});
  CHECK(events_of(": nothing\n\n:\n\ndata: a\n\n") == Events{"|a"});
  CHECK(events_of("id: 3\nretry: 100\nnonsense\n data: x\ndata: a\n\n") == Events{"|a"});
  CHECK(events_of("data\n\n") == Events{"|"});
  CHECK(events_of("data:\n\n") == Events{"|"});
  CHECK(events_of("\xEF\xBB\xBF"
                  "data: a\n\n") == Events{"|a"});
  CHECK(events_of("data: \xEF\xBB\xBF\n\n") == Events{"|\xEF\xBB\xBF"});
  CHECK(events_of("data: a:b: c\n\n") == Events{"|a:b: c"});
  CHECK(events_of(std::string("data: a\0b\xff\n\n", 13)) == Events{std::string("|a\0b\xff", 5)});
  CHECK(events_of("").empty());
  CHECK(events_of("\n\n\n").empty());
}

TEST_CASE("a name without data is no event, and does not stick to the next") {
  CHECK(events_of("event: x\n\ndata: a\n\n") == Events{"|a"});
}

TEST_CASE("an event that no blank line ends is dropped") {
  CHECK(events_of("data: a\n\ndata: b") == Events{"|a"});
  CHECK(events_of("data: a\n\ndata: b\n") == Events{"|a"});
  CHECK(events_of("data: a\r\n\r\ndata: b\r\n") == Events{"|a"});
  CHECK(events_of("data: b").empty());
}

TEST_CASE("lines end by LF, CR LF or CR, mixed as they come") {
  const std::string body = "event: x\ndata: a\ndata: b\n\n: c\n\ndata: d\n\n";
  const Events expected{"x|a\nb", "|d"};
  CHECK(events_of(replaced(body, "\n", "\r\n")) == expected);
  CHECK(events_of(replaced(body, "\n", "\r")) == expected);
  CHECK(events_of("event: x\rdata: a\ndata: b\r\n\n: c\r\r\ndata: d\n\r\n") == expected);
  CHECK(events_of("data: a\r\rdata: b\r\n\rdata: c\n\r") == Events{"|a", "|b", "|c"});
}

TEST_CASE("an event ends where the line end that completed it stands") {
  SseEvent event;
  SseReader reader("data: a\n\ndata: b\r\n\r\ndata: c\r\r");
  REQUIRE(reader.next(event));
  CHECK(event.end == 9);
  REQUIRE(reader.next(event));
  CHECK(event.end == 19);  // the CR of the blank line; its LF need not have come
  REQUIRE(reader.next(event));
  CHECK(event.end == 29);
  CHECK_FALSE(reader.next(event));
}

TEST_CASE("a body of CRs alone, or of one endless line, takes no time") {
  const std::string crs(std::size_t{4} << 20, '\r');
  CHECK(events_of(crs).empty());
  const std::string line = "data: " + std::string(std::size_t{4} << 20, 'x');
  CHECK(events_of(line).empty());
  std::string many;
  for (int i = 0; i < 200'000; ++i) many += "data:x\r";
  const Events joined = events_of(many + "\r");
  REQUIRE(joined.size() == 1);
  CHECK(joined[0].size() == 1 + 200'000 * 2 - 1);
}

TEST_CASE("what is a stream looks like one") {
  for (const char* body : {"data: x", ": ping", "event: x", "\n\ndata:",
                           "\xEF\xBB\xBF"
                           "id: 1",
                           "retry: 1"}) {
    CHECK(looks_like_sse(body));
  }
  for (const char* body : {"", "{\"a\":1}", "<html>", "dat", "datum: x", " data: x"}) CHECK_FALSE(looks_like_sse(body));
}
