// Keys and headers of routes: where they come from, and that nothing ever repeats them.
#include <catch2/catch.hpp>

#include "http_folder.hpp"

using namespace headgate;
using namespace headgate::config;

namespace {

constexpr const char* never_itself = " is written as env:NAME or file:PATH, never as itself";

// Everything a person would see of these complaints.
std::string all_that_is_shown(HttpFolder& folder, const std::string& file, const std::string& text) {
  folder.write(file, text);
  Complaints complaints;
  CHECK_FALSE(load_route(folder.path(file), {}, real_files(), complaints, folder.options.environment).has_value());
  std::string out;
  for (const Error& error : complaints.errors()) out += error.message + error.hint + error.place.excerpt + "\n";
  return out;
}

}  // namespace

TEST_CASE("a key that is missing or empty is an error that names variable and place") {
  HttpFolder folder;
  CHECK(folder.said_of_lines("key: env:NO_SUCH_KEY\n") ==
        Said{"r.yaml:5:6: the environment variable NO_SUCH_KEY is not set"});
  CHECK(folder.hints == Said{"set it: export NO_SUCH_KEY=…"});
  CHECK(folder.said_of_lines("key: env:EMPTY\n") == Said{"r.yaml:5:6: the environment variable EMPTY is empty"});
  CHECK(folder.said_of_lines("key: file:gone\n").at(0).starts_with("r.yaml:5:6: "));
  folder.write("none", "\n");
  CHECK(folder.said_of_lines("key: file:none\n") == Said{"r.yaml:5:6: the file 'none' is empty"});
  CHECK(folder.said_of_lines("headers: {X-Team: env:NO_TEAM}\n") ==
        Said{"r.yaml:5:19: the environment variable NO_TEAM is not set"});
}

TEST_CASE("a value that no header can carry is refused without being shown") {
  HttpFolder folder;
  for (const char* value : {"sk-SECRET\n", "sk-SECRET\r\nX-Evil: 1", " sk-SECRET", "sk-SECRET ", "sk\tSECRET\x01"}) {
    folder.environment["ODD"] = value;
    CHECK(folder.said_of_lines("key: env:ODD\n").size() == 1);
    CHECK(folder.said.at(0).starts_with("r.yaml:5:6: the value of env:ODD "));
    CHECK(folder.said.at(0).find("SECRET") == std::string::npos);
  }
  folder.write("key.txt", "sk-from-file-1\n");
  const auto route = folder.route("key: file:key.txt\n");
  REQUIRE(route.has_value());
  CHECK(header_of(*route->http, "Authorization") == "Bearer sk-from-file-1");
}

TEST_CASE("a key that stands in the file itself is refused and never repeated") {
  HttpFolder folder;
  CHECK(folder.said_of_lines("key: sk-SECRET-0000\n") == Said{"r.yaml:5:6: the key" + std::string(never_itself)});
  CHECK(folder.hints == Said{"write key: env:SUPPORT_API_KEY, and set that variable"});
  CHECK(folder.said_of_lines("headers: {X-Team: SECRET-0000}\n") ==
        Said{"r.yaml:5:19: a header" + std::string(never_itself)});
  const std::string head = "route: h\nkind: openai\nendpoint: https://api.example.com/v1\nmodel: m\n";
  for (const std::string& text : {
           head + "key: sk-SECRET-0000\n",
           head + "key: 'sk-SECRET-0000'  # mine\n",
           head + "key: \"sk-SECRET-0000\"\n",
           head + "key: [sk-SECRET-0000]\n",
           head + "key: {value: sk-SECRET-0000}\n",
           head + "key: env:sk-SECRET-0000\n",
           head + "key: |\n  sk-SECRET-0000\n",
           head + "key: sk-SECRET-0000\n  more-SECRET\n",
           head + "key: \"sk-\\x53ECRET-0000\"\n",
           head + "headers: {Authorization: Bearer sk-SECRET-0000}\n",
           head + "headers: 'Authorization: Bearer sk-SECRET-0000'\n",
           head + "headers: [sk-SECRET-0000]\n",
           head + "api_key: sk-SECRET-0000\n",
           head + "token: sk-SECRET-0000\nstop: x\n",
           // Somebody else's mistake on the same line.
           std::string("{route: h, kind: openai, endpoint: 'ftp://x', model: m, key: sk-SECRET-0000, modle: x}\n"),
           std::string("{route: h, kind: opnai, endpoint: 'ftp://x', key: \"sk-SECRET-0000\", limits: 5}\n"),
           std::string("route: h\nkind: openai\nmodel: m\nendpoint: https://user:sk-SECRET-0000@api.example.com/v1\n"),
           std::string("route: h\nkind: openai\nmodel: m\nendpoint: https://api.example.com/v1?key=sk-SECRET-0000\n"),
           std::string("route: h\nkind: replay\nreplies: a.jsonl\nkey: sk-SECRET-0000\n"),
           std::string("route: h\nkind: process\ncommand: [sh]\nkey: sk-SECRET-0000\nheaders: {A: sk-SECRET-0000}\n"),
           // What cannot be parsed at all.
           head + "key: sk-SECRET-0000\nkey: sk-SECRET-0000\n",
           head + "key: 'sk-SECRET-0000\n",
           head + "key: *sk-SECRET-0000\n",
       }) {
    CAPTURE(text);
    CHECK(all_that_is_shown(folder, "r.yaml", text).find("SECRET") == std::string::npos);
  }
  CHECK(all_that_is_shown(folder, "r.json",
                          R"({"route":"h","kind":"openai","endpoint":"https://h","model":"m","key":"sk-SECRET-0000"})")
            .find("SECRET") == std::string::npos);
}

TEST_CASE("an endpoint in the environment is not repeated: it may be a key by mistake") {
  HttpFolder folder;
  const std::string text = "route: h\nkind: openai\nendpoint: env:A_KEY\nmodel: m\n";
  CHECK(folder.said_of_route(text) == Said{"r.yaml:3:11: the endpoint is not a URL (the value of env:A_KEY)"});
  CHECK(all_that_is_shown(folder, "r.yaml", text).find("sk-live") == std::string::npos);
}

TEST_CASE("headers have names that may be set") {
  HttpFolder folder;
  const auto said_of = [&](const std::string& headers, const std::string& key = "") {
    return folder.said_of_lines(key + "headers: " + headers + "\n");
  };
  for (const char* name : {"Host", "content-length", "Transfer-Encoding", "Connection", "Content-Type", "TE"}) {
    CAPTURE(name);
    CHECK(said_of("{" + std::string(name) + ": env:A_KEY}") ==
          Said{"r.yaml:5:11: the header '" + std::string(name) + "' is set by headgate itself"});
  }
  CHECK(said_of("{'X Team': env:A_KEY}") == Said{"r.yaml:5:11: 'X Team' is no name of a header"});
  CHECK(said_of("{\"X\\nY\": env:A_KEY}").size() == 1);
  CHECK(said_of("{'': env:A_KEY}").size() == 1);
  CHECK(said_of("{authorization: env:A_KEY}", "key: env:A_KEY\n") ==
        Said{"r.yaml:6:11: the header 'authorization' is there already"});
  CHECK(said_of("{X-A: env:A_KEY, x-a: env:A_KEY}").size() == 1);
  CHECK(said_of("{Authorization: env:A_KEY, X-Team: env:A_KEY}") == Said{"no complaint"});
  CHECK(folder.said_of_lines("idempotency_header: 'a b'\n") == Said{"r.yaml:5:21: 'a b' is no name of a header"});
  CHECK(folder.said_of_lines("idempotency_header: host\n").size() == 1);
  CHECK(folder.said_of_lines("idempotency_header: x-a\nheaders: {X-A: env:A_KEY}\n").size() == 1);
}

TEST_CASE("headers and their secrets reach the transport") {
  HttpFolder folder;
  folder.environment["TEAM"] = "Basic dGVhbTpzZWNyZXQ=";
  const auto route = folder.route("key: env:A_KEY\nheaders: {X-Team: env:TEAM}\n");
  REQUIRE(route.has_value());
  const HttpRoute& http = *route->http;
  CHECK(header_of(http, "X-Team") == "Basic dGVhbTpzZWNyZXQ=");
  REQUIRE(http.spec.secrets != nullptr);
  const Redactor& hide = *http.spec.secrets;
  CHECK(hide("no sk-live-0123456789 here") == "no [secret A_KEY] here");
  CHECK(hide("{\"k\":\"c2stbGl2ZS0wMTIzNDU2Nzg5\"}") == "{\"k\":\"[secret A_KEY]\"}");  // base64
  CHECK(hide("you sent dGVhbTpzZWNyZXQ= as X-Team") == "you sent [secret TEAM] as X-Team");
  CHECK(folder.route("")->http->spec.secrets == nullptr);
}
