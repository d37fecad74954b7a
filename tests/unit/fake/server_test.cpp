// Real sockets: everything that can happen to an answer on its way.

#include <zlib.h>

#include <chrono>
#include <fstream>
#include <thread>
#include <vector>

#include "client.hpp"
#include "support/provider.hpp"

using namespace headgate;
using namespace headgate::test;

namespace {

constexpr std::string_view path = "/v1/chat/completions";

// Asks one question of a provider with this script.
Answer answer_of(const std::string& script, std::string_view body = chat("x")) {
  const auto provider = start_provider(script);
  return ask(provider->port(), path, body);
}

}  // namespace

TEST_CASE("many questions over one connection, one after the other and all at once") {
  const auto provider = start_provider();
  Client client(provider->port());
  for (int i = 0; i < 3; ++i) {
    client.post(path, chat("[[" + std::to_string(i) + "]]"));
    CHECK(client.answer().body.find("\"" + std::to_string(i) + "\"") != std::string::npos);
  }
  for (int i = 0; i < 3; ++i) client.post(path, chat("[[" + std::to_string(i) + "]]"));
  for (int i = 0; i < 3; ++i) CHECK(client.answer().body.find("\"" + std::to_string(i) + "\"") != std::string::npos);
  const Json stats = provider->stats();
  CHECK(stats.at("requests") == 6);
  CHECK(stats.at("repeats") == 3);
  CHECK(stats.at("connections").at("accepted") == 1);
}

TEST_CASE("a question in single bytes, and one that waits for leave to be sent") {
  const auto provider = start_provider();
  Client slow(provider->port());
  const std::string body = chat("[[a]]");
  const std::string text =
      "POST /v1/messages HTTP/1.1\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  for (const char c : text) slow.send(std::string_view(&c, 1));
  CHECK(slow.answer().status == 200);
  Client polite(provider->port());
  polite.send("POST /v1/messages HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\n\r\n");
  CHECK(polite.at_least(25) == 25);  // HTTP/1.1 100 Continue
  polite.send(body);
  CHECK(polite.at_least(26) > 100);
}

TEST_CASE("big questions and big answers, through small buffers") {
  const auto provider = start_provider();
  const std::string big(3 << 20, 'b');
  const Answer answer = ask(provider->port(), path, chat("[[" + big + "]]"));
  CHECK(Json::parse(answer.body).at("choices").at(0).at("message").at("content") == big);
}

TEST_CASE("cut in the status line and headers") {
  const Answer answer = answer_of(R"({"cut": {"in": "head", "after": 30}})");
  CHECK(answer.end == End::closed);
  CHECK(answer.status == 0);
  CHECK(answer.head.size() == 30);
  CHECK(answer_of(R"({"cut": {"in": "head", "after": 0, "how": "reset"}})").end == End::reset);
}

TEST_CASE("cut in the body: less comes than was promised") {
  const Answer answer = answer_of(R"({"cut": {"in": "body", "after": 60}})");
  CHECK(answer.end == End::closed);
  CHECK(answer.status == 200);
  CHECK(answer.body.size() == 60);
  CHECK(std::stoul(answer.header("Content-Length")) > 60);
}

TEST_CASE("cut inside a chunk, after events, and a stream that ends well but too early") {
  const Answer inside = answer_of(R"({"cut": {"in": "chunk", "after": 20}})");
  CHECK(inside.end == End::closed);
  CHECK(inside.header("Transfer-Encoding") == "chunked");
  CHECK(inside.body.ends_with("400\r\nthe rest of this ch"));
  const std::string stream = chat("x", R"(,"stream":true)");
  const Answer events = answer_of(R"({"cut": {"in": "events", "after": 2}})", stream);
  CHECK(events.end == End::closed);
  CHECK(events.body.find("[DONE]") == std::string::npos);
  CHECK(events.body.ends_with("\r\n"));
  const Answer early = answer_of(R"({"cut": {"in": "events", "after": 2, "how": "finish"}})", stream);
  CHECK(early.end == End::open);
  CHECK(early.body.ends_with("0\r\n\r\n"));
  CHECK(early.unchunked().find("finish_reason\":\"stop") == std::string::npos);
  CHECK(answer_of(R"({"cut": {"in": "events", "after": 99}})", stream).unchunked().ends_with("data: [DONE]\n\n"));
}

TEST_CASE("closed and reset instead of an answer") {
  CHECK(answer_of(R"({"instead": "close"})").end == End::closed);
  CHECK(answer_of(R"({"instead": "reset"})").end == End::reset);
}

TEST_CASE("never answered: the connection stays, and is counted once the client has left") {
  const auto provider = start_provider(R"({"instead": "never"})");
  {
    Client client(provider->port());
    client.post(path, chat("x"));
    while (provider->stats().at("in_flight") != 1) std::this_thread::yield();
    CHECK(provider->idle_seconds() == 0);
  }
  while (provider->stats().at("in_flight") != 0) std::this_thread::yield();
  CHECK(provider->stats().at("abandoned") == 1);
}

TEST_CASE("a wrong Content-Length, either way") {
  const Answer more = answer_of(R"({"content_length": 5000})");
  CHECK(more.end == End::closed);
  CHECK(more.body.size() < 5000);
  CHECK(answer_of(R"({"content_length": 7})").body.size() == 7);
}

TEST_CASE("ways to tell the end of a body") {
  CHECK(answer_of(R"({"framing": "chunked"})").header("Transfer-Encoding") == "chunked");
  const Answer closing = answer_of(R"({"framing": "close"})");
  CHECK(closing.end == End::closed);
  CHECK(Json::accept(closing.body));
}

TEST_CASE("raw bytes, redirects, other content types") {
  const auto provider = start_provider(R"({"raw": "HTTP/1.1 418 No\r\nX: y\r\n\r\nteapot"})");
  const Answer raw = ask(provider->port(), path, chat("x"));
  CHECK(raw.status == 418);
  CHECK(raw.body == "teapot");
  CHECK(provider->stats().at("by_status") == Json({{"418", 1}}));
  const Answer redirect = answer_of(R"({"status": 302, "location": "http://elsewhere.invalid/"})");
  CHECK(redirect.status == 302);
  CHECK(redirect.header("Location") == "http://elsewhere.invalid/");
  const Answer html = answer_of(R"({"body": "<html>", "content_type": "text/html"})");
  CHECK(html.header("Content-Type") == "text/html");
  CHECK(html.body == "<html>");
}

TEST_CASE("huge bodies come as they are asked for, and cost the server no memory to speak of") {
  const auto provider = start_provider(R"({"huge": 300000000})");
  const auto resident = [] {
    std::ifstream file("/proc/self/statm");
    std::size_t size = 0, pages = 0;
    file >> size >> pages;
    return pages * 4096;
  };
  Client client(provider->port());
  client.post(path, chat("x"));
  const std::size_t before = resident();
  CHECK(client.at_least(2'000'000) >= 2'000'000);
  CHECK(resident() - before < std::size_t{100} << 20);
  const auto small = start_provider(R"({"huge": 200001})");
  CHECK(ask(small->port(), path, chat("x")).unchunked() == std::string(200'001, 'x'));
}

TEST_CASE("compressed answers and bombs") {
  const auto unpacked = [](std::string bytes) {
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    std::string out(4 << 20, '\1');
    stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(out.size() - stream.avail_out);
    inflateEnd(&stream);
    return out;
  };
  const Answer packed = answer_of(R"({"compress": "gzip"})", chat("[[packed]]"));
  CHECK(packed.header("Content-Encoding") == "gzip");
  CHECK(unpacked(packed.body).find("\"packed\"") != std::string::npos);
  const Answer stream = answer_of(R"({"compress": "gzip"})", chat("[[packed]]", R"(,"stream":true)"));
  CHECK(unpacked(stream.unchunked()).ends_with("data: [DONE]\n\n"));
  const Answer bomb = answer_of(R"({"bomb": 3000000})");
  CHECK(bomb.body.size() < 10'000);
  CHECK(unpacked(bomb.unchunked()) == std::string(3 << 20, '\0'));
}

TEST_CASE("time passes: delays, gaps between events, drips") {
  const auto seconds = [](const std::string& script, const std::string& body) {
    const auto provider = start_provider(script);
    const auto begun = std::chrono::steady_clock::now();
    const Answer answer = ask(provider->port(), path, body);
    CHECK(answer.status == 200);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  };
  // Never too early; how late depends on the machine.
  CHECK(seconds(R"({"delay_ms": 60})", chat("x")) >= 0.06);
  CHECK(seconds(R"({"stream": {"gap_ms": 20, "piece": 1}, "text": "four"})", chat("x", R"(,"stream":true)")) >= 0.12);
  CHECK(seconds(R"({"drip": {"bytes": 100, "every_ms": 20}})", chat("x")) >= 0.06);
}

TEST_CASE("a client that leaves in the middle is noticed, and nobody else") {
  const auto provider =
      start_provider(R"({"rules": [{"when": {"contains": "slow"}, "drip": {"bytes": 1, "every_ms": 1000}}]})");
  {
    Client client(provider->port());
    client.post(path, chat("slow"));
    CHECK(client.at_least(100) >= 100);
  }
  while (provider->stats().at("abandoned") != 1) std::this_thread::yield();
  CHECK(ask(provider->port(), path, chat("x")).status == 200);
}

TEST_CASE("hundreds of connections at once") {
  const auto provider = start_provider(R"({"delay_ms": 100})");
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 300; ++i) {
    clients.push_back(std::make_unique<Client>(provider->port()));
    clients.back()->post(path, chat("[[" + std::to_string(i) + "]]"));
  }
  for (int i = 0; i < 300; ++i) {
    CHECK(clients[static_cast<std::size_t>(i)]->answer().body.find("\"" + std::to_string(i) + "\"") !=
          std::string::npos);
  }
  CHECK(provider->stats().at("answered") == 300);
}

TEST_CASE("what is no HTTP is told so") {
  const auto provider = start_provider();
  Client client(provider->port());
  client.send("\x16\x03\x01 hello\r\n\r\n");
  const Answer answer = client.answer();
  CHECK(answer.status == 400);
  CHECK(provider->stats().at("requests") == 0);
}

TEST_CASE("GET: stats, log, models, and the way back for others") {
  const auto provider = start_provider(R"({"models": ["one", "two"]})");
  Client client(provider->port());
  client.get("/stats");
  CHECK(Json::parse(client.answer().body).at("format") == "headgate/fake-provider-stats/1");
  client.get("/log");
  CHECK(Json::parse(client.answer().body).at("log").empty());
  client.get("/v1/models");
  CHECK(Json::parse(client.answer().body).at("data").at(1).at("id") == "two");
  client.get("/elsewhere");
  CHECK(client.answer().status == 404);
}

TEST_CASE("a port that is taken is said, and a stopped provider gives its port back") {
  auto provider = start_provider();
  const std::uint16_t port = provider->port();
  const auto second = fake::Provider::start(Json::object(), port);
  REQUIRE(!second);
  CHECK(second.error().code == ErrorCode::environment);
  CHECK(second.error().message.find(std::to_string(port)) != std::string::npos);
  provider.reset();
  CHECK(fake::Provider::start(Json::object(), port));
}

TEST_CASE("TLS: a root that exists while the provider does, and none where the certificate signs itself") {
  std::string root;
  {
    const auto provider = start_provider(R"({"tls": {}})");
    CHECK(provider->url() == "https://localhost:" + std::to_string(provider->port()));
    root = provider->ca_file();
    CHECK(std::ifstream(root).good());
    Client plain(provider->port());
    plain.post(path, chat("x"));
    CHECK(plain.answer().status == 0);  // no TLS, no answer
  }
  CHECK(!std::ifstream(root).good());
  CHECK(start_provider(R"({"tls": {"certificate": "self_signed"}})")->ca_file().empty());
}
