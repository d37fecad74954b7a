// Programs and servers behind one transport.
#include "headgate/route/transports.hpp"

#include <catch2/catch.hpp>

#include "http_line.hpp"
#include "programs.hpp"

using namespace headgate;
using namespace headgate::route;
using namespace headgate::test;

namespace {

std::vector<LaneSpec> lanes(const RawServer& server) {
  std::vector<LaneSpec> out;
  out.emplace_back();
  out.emplace_back(http(server));
  out.emplace_back(program({"/bin/cat"}));
  out.emplace_back(http(server.url("/other")));
  return out;
}

}  // namespace

TEST_CASE("each lane reaches its own, whatever lies between them") {
  RawServer server(always(http_reply("{}")));
  Line line(start_transports, lanes(server));
  std::vector<Call> calls;
  calls.push_back(post(1, "a", 1));
  calls.push_back(call(2, "hello", 2));
  calls.push_back(post(3, "b", 3));
  line.send(std::move(calls));
  const auto all = line.wait(3);
  REQUIRE(all.size() == 3);
  CHECK(all.at(1).http);
  CHECK(all.at(2).bytes == call(2, "hello").payload);
  CHECK_FALSE(all.at(2).http);
  CHECK(all.at(3).bytes == "{}");
  std::size_t others = 0;
  for (const std::string& request : server.requests()) others += request.starts_with("POST /other ");
  CHECK(others == 1);
}

TEST_CASE("a stop that comes before the first call holds for it") {
  RawServer server(always(http_reply("{}")));
  Line line(start_transports, lanes(server));
  line.transport().stop(0);
  for (const std::size_t lane : {1u, 2u}) {
    Call one = call(lane);
    one.lane = lane;
    CHECK(line.ask(one).error == ErrorKind::interrupted);
  }
  CHECK(server.connections() == 0);
}

TEST_CASE("nothing is started for lanes that nobody calls") {
  RawServer server(always(http_reply("{}")));
  const Holdings before = Holdings::now();
  Line line(start_transports, lanes(server));
  CHECK(Holdings::now() == before);
}

TEST_CASE("lanes have the names of their specs") {
  RawServer server(always(""));
  const std::vector<LaneSpec> all = lanes(server);
  CHECK(name_of(all[0]).empty());
  CHECK(name_of(all[1]) == "route x");
  CHECK(name_of(all[2]) == "route x");
}
