// Who is not vouched for is not talked to.
#include <csignal>
#include <mutex>

#include <catch2/catch.hpp>

#include "http_line.hpp"
#include "support/temp_folder.hpp"
#include "support/tls_peer.hpp"

using namespace headgate;
using namespace headgate::route;
using namespace headgate::test;
using Catch::Matchers::Contains;

namespace {

// OpenSSL writes to a client that has gone without asking whether that kills us.
struct NoSigpipe {
  NoSigpipe() { std::signal(SIGPIPE, SIG_IGN); }
  ~NoSigpipe() { std::signal(SIGPIPE, SIG_DFL); }
};

RawServer::Script speaking_tls(const Identity& identity) {
  return [&identity](RawServer::Peer& peer) { serve_tls(peer.fd(), identity, http_reply(R"({"tls":true})")); };
}

HttpSpec https(const RawServer& server, const std::string& ca_file = "") {
  HttpSpec out = http("https://" + server.place() + "/v1");
  out.ca_file = ca_file;
  return out;
}

Identity::Wish authority() {
  Identity::Wish out;
  out.is_authority = true;
  return out;
}

}  // namespace

TEST_CASE("a certificate that the roots of a file vouch for is trusted, by that lane alone") {
  const NoSigpipe no_sigpipe;
  TempFolder folder;
  const Identity root(authority());
  const Identity server_identity(Identity::Wish{}, &root);
  root.write_certificate(folder.path("ca.pem"));
  RawServer server(speaking_tls(server_identity));
  HttpLine line({https(server, folder.path("ca.pem")), https(server)});
  for (std::uint64_t i = 0; i < 3; ++i) {
    const Arrival arrival = line.ask(post(i));
    INFO(arrival.message);
    CHECK(arrival.error == ErrorKind::none);
    CHECK(arrival.bytes == R"({"tls":true})");
  }
  CHECK(server.connections() == 1);
  // There is a connection to that very place; it is not for a lane that does not trust it.
  const Arrival arrival = line.ask(post(10, "{}", 1));
  CHECK(arrival.error == ErrorKind::tls);
  CHECK_THAT(arrival.message, Contains(server.place()) && Contains("certificate"));
  CHECK(arrival.sends == 0);
}

TEST_CASE("certificates that nobody should believe") {
  const NoSigpipe no_sigpipe;
  TempFolder folder;
  const Identity root(authority());
  root.write_certificate(folder.path("ca.pem"));
  Identity::Wish wish;
  std::string ca_file = folder.path("ca.pem");
  const Identity* signer = &root;
  const char* words = nullptr;
  SECTION("of an authority that is not known") {
    ca_file.clear();
    words = "unable to get local issuer certificate";
  }
  SECTION("signed by itself") {
    signer = nullptr;
    words = "self-signed certificate";
  }
  SECTION("expired") {
    wish.valid_from_s = -7200;
    wish.valid_to_s = -3600;
    words = "certificate has expired";
  }
  SECTION("of the future") {
    wish.valid_from_s = 3600;
    wish.valid_to_s = 7200;
    words = "certificate is not yet valid";
  }
  SECTION("for another host") {
    wish.name = "10.1.2.3";
    words = "no alternative certificate subject name matches";
  }
  const Identity identity(wish, signer);
  RawServer server(speaking_tls(identity));
  const Arrival arrival = ask(https(server, ca_file));
  CHECK(arrival.error == ErrorKind::tls);
  CHECK_THAT(arrival.message, Contains("no trusted connection to " + server.place()) && Contains(words));
  CHECK(arrival.sends == 0);
}

TEST_CASE("a server's own certificate is a root where the operator says so") {
  const NoSigpipe no_sigpipe;
  TempFolder folder;
  const Identity identity(Identity::Wish{});
  identity.write_certificate(folder.path("own.pem"));
  RawServer server(speaking_tls(identity));
  const Arrival arrival = ask(https(server, folder.path("own.pem")));
  INFO(arrival.message);
  CHECK(arrival.error == ErrorKind::none);
}

TEST_CASE("a file of roots that cannot be read stops the lane before any connection") {
  TempFolder folder;
  RawServer server(always(""));
  const Arrival arrival = ask(https(server, folder.path("none.pem")));
  CHECK(arrival.error == ErrorKind::tls);
  CHECK_THAT(arrival.message, Contains("none.pem") && Contains("cannot read certificates"));
  CHECK(server.connections() == 0);
}

TEST_CASE("a server that speaks no TLS") {
  RawServer server([](RawServer::Peer& peer) {
    peer.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    peer.wait_for_end();
  });
  const Arrival arrival = ask(https(server));
  CHECK(arrival.error == ErrorKind::tls);
  CHECK(arrival.sends == 0);
}

TEST_CASE("a connection that breaks before TLS is agreed on is a reset") {
  RawServer server([](RawServer::Peer& peer) {
    char first = 0;  // of the client's hello
    if (::recv(peer.fd(), &first, 1, 0) == 1) peer.reset();
  });
  const Arrival arrival = ask(https(server));
  CHECK(arrival.error == ErrorKind::reset);
  CHECK(arrival.sends == 0);
}
