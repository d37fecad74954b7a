// Proxies come from the environment.
#include <cstdlib>
#include <string>

#include <catch2/catch.hpp>

#include "http_line.hpp"

using namespace headgate;
using namespace headgate::route;
using namespace headgate::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

// As long as no transport runs.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

}  // namespace

TEST_CASE("a proxy of the environment is asked, unless no_proxy has the host") {
  RawServer target(always(http_reply("{}")));
  RawServer proxy(always(http_reply(R"({"by":"proxy"})")));
  const Variable variable("http_proxy", "http://me:hushhush@" + proxy.place());
  CHECK(ask(http(target)).bytes == R"({"by":"proxy"})");
  CHECK_THAT(proxy.requests().front(), StartsWith("POST " + target.url() + " HTTP/1.1\r\n"));
  CHECK(target.requests().empty());
  const Variable none("no_proxy", "127.0.0.1");
  CHECK(ask(http(target)).bytes == "{}");
  CHECK(target.requests().size() == 1);
}

TEST_CASE("a proxy that is not there is named") {
  const LoopbackPort port;
  const Variable variable("http_proxy", "http://me:hushhush@" + port.place());
  const Arrival arrival = ask(http("http://api.example.com/v1"));
  CHECK(arrival.error == ErrorKind::connect);
  CHECK(arrival.message ==
        "cannot connect to the proxy " + port.place() + " on the way to api.example.com:80: Connection refused");
}

TEST_CASE("a proxy that refuses the way is no reply of the route") {
  RawServer proxy(once("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"));
  const Variable variable("https_proxy", "http://" + proxy.place());
  const Arrival arrival = ask(http("https://api.example.com/v1"));
  CHECK(arrival.error == ErrorKind::connect);
  CHECK(arrival.message == "the proxy refused the way to api.example.com:443 (status 403)");
  CHECK(arrival.sends == 0);
  CHECK_FALSE(arrival.http);
  CHECK_THAT(proxy.requests().front(), StartsWith("CONNECT api.example.com:443 HTTP/1.1\r\n"));
  CHECK_THAT(proxy.requests().front(), !Contains("Content-Type"));
}

TEST_CASE("a proxy without an address is told from a host without one") {
  const Variable variable("http_proxy", "http://" + std::string(64, 'p') + ".invalid:3128");
  const Arrival arrival = ask(http("http://api.example.com/v1"));
  CHECK(arrival.error == ErrorKind::dns);
  CHECK_THAT(arrival.message, Contains("proxy on the way to api.example.com:80"));
}
