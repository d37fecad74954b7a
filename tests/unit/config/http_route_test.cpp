// Routes that are called over HTTP: what their files may say, and what is made of it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "http_folder.hpp"

using namespace headgate;
using namespace headgate::config;

TEST_CASE("an openai route says where to call, with usual limits") {
  HttpFolder folder;
  const auto route = folder.route("key: env:A_KEY\n");
  REQUIRE(route.has_value());
  CHECK(route->use.kind == "openai");
  CHECK_FALSE(route->use.recorded);
  CHECK(route->is_live());
  CHECK(route->replies == nullptr);
  CHECK(route->fallback == nullptr);
  CHECK_FALSE(route->program.has_value());
  REQUIRE(route->http.has_value());
  const HttpRoute& http = *route->http;
  CHECK(http.spec.name == "route h");
  CHECK(http.spec.url == "https://api.example.com/v1/chat/completions");
  CHECK(header_of(http, "Authorization") == "Bearer sk-live-0123456789");
  CHECK(http.key_name == "env:A_KEY");
  CHECK(http.spec.in_flight == 64);
  CHECK_FALSE(http.limits.in_flight.has_value());
  CHECK_FALSE(http.limits.requests_per_minute.has_value());
  CHECK(http.limits.retry_after == route::RetryAfter::honour);
  CHECK(http.limits.deadline == Millis(600'000));
  CHECK(http.limits.no_progress == Millis(300'000));
  CHECK(http.spec.limits.timeout == Millis(30'000));
  CHECK(http.spec.limits.connect == Millis(10'000));
  CHECK(http.spec.limits.first_byte == Millis(0));
  CHECK(http.spec.limits.reply_bytes == std::uint64_t{16} << 20);
  CHECK_FALSE(http.spec.http2);
  CHECK_FALSE(http.spec.streams);
  CHECK(http.spec.ca_file.empty());
  CHECK(http.spec.idempotency_header.empty());
  CHECK_FALSE(http.price.input_per_mtok.has_value());
  CHECK_FALSE(http.max_output_tokens.has_value());
  CHECK(http.dialect != nullptr);
  CHECK(route->prompt.parts.size() == 1);
}

TEST_CASE("limits, price, stream and the rest are taken over") {
  HttpFolder folder;
  folder.write("ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  const auto route = folder.route(
      "stream: true\nhttp2: true\nca_file: ca.pem\nidempotency_header: Idempotency-Key\n"
      "params: {max_tokens: 512, temperature: 0}\n"
      "price: {input_per_mtok: 0.15, output_per_mtok: 0.6, cached_input_per_mtok: 0.075, per_call_usd: 0.001}\n"
      "limits: {in_flight: 8, requests_per_minute: 3000, tokens_per_minute: 2e5, timeout: 90s, connect_timeout: 2s, "
      "first_byte_timeout: 40s, deadline: 20m, no_progress: 7m, retry_after: cap, retry_after_cap: 3s, response: "
      "64KiB}\n");
  REQUIRE(route.has_value());
  const HttpRoute& http = *route->http;
  CHECK(http.spec.streams);
  CHECK(http.dialect->streams());
  CHECK(http.spec.http2);
  CHECK(http.spec.ca_file == folder.path("ca.pem"));
  CHECK(http.spec.idempotency_header == "Idempotency-Key");
  CHECK(http.max_output_tokens == 512);
  CHECK(http.price.input_per_mtok == 0.15);
  CHECK(http.price.output_per_mtok == 0.6);
  CHECK(http.price.cached_input_per_mtok == 0.075);
  CHECK(http.price.per_call == 0.001);
  CHECK(http.spec.in_flight == 8);
  CHECK(http.limits.in_flight == std::size_t{8});
  CHECK(http.limits.requests_per_minute == 3000);
  CHECK(http.limits.tokens_per_minute == 200000);
  CHECK(http.limits.retry_after == route::RetryAfter::cap);
  CHECK(http.limits.retry_after_cap == Millis(3000));
  CHECK(http.limits.deadline == Millis(1'200'000));
  CHECK(http.limits.no_progress == Millis(420'000));
  CHECK(http.spec.limits.timeout == Millis(90'000));
  CHECK(http.spec.limits.connect == Millis(2'000));
  CHECK(http.spec.limits.first_byte == Millis(40'000));
  CHECK(http.spec.limits.reply_bytes == 65536);
}

TEST_CASE("what bounds all tries has room for one of them") {
  HttpFolder folder;
  const auto slow = folder.route("limits: {timeout: 20m}\n");
  REQUIRE(slow.has_value());
  CHECK(slow->http->limits.deadline == Millis(1'200'000));
  CHECK(slow->http->limits.no_progress == Millis(2'400'000));
  CHECK(folder.said_of_lines("limits: {timeout: 2m, deadline: 1m}\n") ==
        Said{"r.yaml:5:33: the deadline of a call is shorter than the timeout of one try"});
  CHECK(folder.said_of_lines("limits: {timeout: 5s, connect_timeout: 6s}\n") ==
        Said{"r.yaml:5:40: connect_timeout is longer than the timeout of a try"});
  CHECK(folder.said_of_lines("limits: {first_byte_timeout: 31s}\n").size() == 1);
  CHECK(folder.route("limits: {timeout: 5s}\n").has_value());  // the usual connect_timeout is longer, and never met
}

TEST_CASE("every kind has its own path") {
  HttpFolder folder;
  const auto url = [&](const std::string& kind, const std::string& endpoint, const std::string& lines = "model: m\n") {
    const auto route = folder.loaded("route: h\nkind: " + kind + "\nendpoint: " + endpoint + "\n" + lines);
    REQUIRE(route.has_value());
    return route->http->spec.url;
  };
  CHECK(url("openai", "http://127.0.0.1:8000/v1/") == "http://127.0.0.1:8000/v1/chat/completions");
  CHECK(url("openai", "HTTPS://API.Example.com") == "https://api.example.com/chat/completions");
  CHECK(url("openai", "https://api.example.com:443/v1", "model: m\napi: responses\n") ==
        "https://api.example.com/v1/responses");
  CHECK(url("openai", "'http://[::1]:11434/v1'") == "http://[::1]:11434/v1/chat/completions");
  CHECK(url("openai", "https://x.example.com/d?api-version=2026-01-01") ==
        "https://x.example.com/d/chat/completions?api-version=2026-01-01");
  const std::string bounded = "model: m\nparams: {max_tokens: 9}\n";
  CHECK(url("anthropic", "https://api.example.com", bounded) == "https://api.example.com/v1/messages");
  CHECK(url("anthropic", "https://api.example.com/v1/", bounded) == "https://api.example.com/v1/messages");
  CHECK(url("anthropic", "https://gateway.example.com/a", bounded) == "https://gateway.example.com/a/v1/messages");
  const std::string request = "request: {q: '{{prompt}}'}\n";
  CHECK(url("generic_http", "http://localhost:5000/ask/", request) == "http://localhost:5000/ask");
  CHECK(url("generic_http", "http://localhost:5000", request) == "http://localhost:5000/");

  folder.environment["WHERE"] = "https://elsewhere.example.com/v1";
  CHECK(url("openai", "env:WHERE") == "https://elsewhere.example.com/v1/chat/completions");
}

TEST_CASE("an endpoint that is no good is said at its place") {
  HttpFolder folder;
  const auto said_of = [&](const std::string& endpoint) {
    return folder.said_of_route("route: h\nkind: openai\nendpoint: " + endpoint + "\nmodel: m\n");
  };
  const std::string at = "r.yaml:3:11: ";
  for (const char* no_url : {"api.example.com/v1", "localhost:8000", "/v1/chat", "'https:/api.example.com'", "'://x'",
                             "'https://api example.com'", "'https://ä.example.com/v1'"}) {
    CAPTURE(no_url);
    CHECK(said_of(no_url) == Said{at + "the endpoint is not a URL"});
    CHECK(folder.hints == Said{"write it whole: https://api.example.com/v1"});
  }
  CHECK(said_of("ftp://api.example.com") == Said{at + "the endpoint's scheme is neither http nor https"});
  CHECK(said_of("ws://api.example.com") == Said{at + "the endpoint's scheme is neither http nor https"});
  CHECK(said_of("https:///v1") == Said{at + "the endpoint names no host"});
  CHECK(said_of("https://:8080/v1") == Said{at + "the endpoint names no host"});
  CHECK(said_of("https://a%20b/v1") == Said{at + "the endpoint's host is no name and no address"});
  CHECK(said_of("'https://[::1/v1'") == Said{at + "the endpoint's host is no name and no address"});
  for (const char* port : {"https://api.example.com:0", "https://api.example.com:65536",
                           "https://api.example.com:https", "'https://api.example.com:'"}) {
    CAPTURE(port);
    CHECK(said_of(port) == Said{at + "the endpoint's port is no number from 1 to 65535"});
  }
  CHECK(said_of("'https://api.example.com/v1#x'") == Said{at + "the endpoint has a fragment, which no server sees"});
  CHECK(said_of("https://api.example.com/v1/chat/completions") ==
        Said{at + "the endpoint already ends in /chat/completions, which is added to it"});
  CHECK(said_of("env:NOWHERE") == Said{at + "the environment variable NOWHERE is not set"});
  CHECK(said_of("5").size() == 1);
  CHECK(folder.said_of_route("route: h\nkind: openai\nmodel: m\n") ==
        Said{"r.yaml:1:1: missing key 'endpoint' in route"});
  CHECK(folder.said_of_route("route: h\nkind: openai\nendpoint: https://api.example.com\n") ==
        Said{"r.yaml:1:1: missing key 'model' in route"});
  CHECK(folder.said_of_route("route: h\nkind: generic_http\nendpoint: https://api.example.com\n") ==
        Said{"r.yaml:1:1: missing key 'request' in route"});
}

TEST_CASE("mistakes in limits and prices are named with their place") {
  HttpFolder folder;
  CHECK(folder.said_of_lines("price: {input_per_mtok: -1, output_per_mtok: 1}\n") ==
        Said{"r.yaml:5:25: 'input_per_mtok' must be between 0 and 1000000, not -1"});
  CHECK(folder.said_of_lines("price: {per_call_usd: '0.01'}\n") ==
        Said{"r.yaml:5:23: 'per_call_usd' must be a number, not the text '0.01'"});
  CHECK(folder.said_of_lines("price: {per_call_usd: .inf}\n").at(0).starts_with("r.yaml:5:23: "));
  CHECK(folder.said_of_lines("price: {per_call_usd: .nan}\n").at(0).starts_with("r.yaml:5:23: "));
  CHECK(folder.said_of_lines("price: {}\n") ==
        Said{"r.yaml:5:8: a price needs input_per_mtok, output_per_mtok or per_call_usd"});
  CHECK(folder.said_of_lines("price: {input_per_mtok: 0.15}\n") ==
        Said{"r.yaml:5:8: a price of tokens needs output_per_mtok too: else no reply's cost is known"});
  CHECK(folder.said_of_lines("price: {input: 1}\n").at(0).find("unknown key 'input' in price") != std::string::npos);
  CHECK(folder.said_of_lines("limits: {in_flight: 0}\n") ==
        Said{"r.yaml:5:21: 'in_flight' must be between 1 and 4096, not 0"});
  CHECK(folder.said_of_lines("limits: {in_flight: 4097}\n").size() == 1);
  CHECK(folder.said_of_lines("limits: {requests_per_minute: 0}\n").size() == 1);
  CHECK(folder.said_of_lines("limits: {timeout: 30}\n").size() == 1);
  CHECK(folder.said_of_lines("limits: {timeout: 30 sec}\n") == Said{"r.yaml:5:19: '30 sec' is no duration"});
  CHECK(folder.said_of_lines("limits: {response: 1GiB}\n") == Said{"r.yaml:5:20: '1GiB' is not between 1B and 64MiB"});
  CHECK(folder.said_of_lines("limits: {retry_after: never}\n").size() == 1);
  CHECK(folder.said_of_lines("limits: {retry_after_cap: 3s}\n") ==
        Said{"r.yaml:5:10: 'retry_after_cap' means nothing without retry_after: cap"});
  CHECK(folder.said_of_lines("limits: {workers: 2}\n") ==
        Said{"r.yaml:5:10: unknown key 'workers' in limits of calls"});
}

TEST_CASE("certificates must be there and be certificates") {
  HttpFolder folder;
  CHECK(folder.said_of_lines("ca_file: gone.pem\n").at(0).starts_with("r.yaml:5:10: "));
  CHECK(folder.said_of_lines("ca_file: s\n").at(0).starts_with("r.yaml:5:10: "));  // a folder
  folder.write("ca.pem", "no certificate\n");
  CHECK(folder.said_of_lines("ca_file: ca.pem\n").at(0).find("holds no certificate") != std::string::npos);
}

TEST_CASE("parameters that headgate sets itself are refused") {
  HttpFolder folder;
  const std::string set_itself = "' is set by headgate itself";
  for (const char* key : {"model", "messages", "input", "stream", "system", "prompt", "instructions"}) {
    CAPTURE(key);
    CHECK(folder.said_of_lines("params: {" + std::string(key) + ": x}\n") ==
          Said{"r.yaml:5:10: the parameter '" + std::string(key) + set_itself});
  }
  CHECK(folder.said_of_lines("params: {stream_options: {include_usage: true}}\n") ==
        Said{"r.yaml:5:10: 'stream_options' means nothing for replies that come whole"});
  CHECK(folder.route("stream: true\nparams: {stream_options: {include_usage: true}}\n").has_value());
  CHECK(folder.said_of_lines("params: {n: 2}\n") == Said{"r.yaml:5:13: a call has one reply: 'n' may only be 1"});
  CHECK(folder.route("params: {n: 1, temperature: 0, seed: 7, response_format: {type: json_object}}\n").has_value());
  CHECK(folder.said_of_lines("params: {max_tokens: 0}\n") ==
        Said{"r.yaml:5:22: 'max_tokens' must be a whole number of at least 1"});
  CHECK(folder.said_of_lines("params: {max_completion_tokens: many}\n").size() == 1);
  CHECK(folder.route("params: {max_completion_tokens: 7}\n")->http->max_output_tokens == 7);
  CHECK(folder.route("api: responses\nparams: {max_output_tokens: 8}\n")->http->max_output_tokens == 8);
  // A service of one's own may call its parameters what it likes.
  CHECK(folder.said_of_route("route: h\nkind: generic_http\nendpoint: http://h/\nparams: {system: x, n: 2}\n"
                             "request: {p: '{{params}}', q: '{{prompt}}'}\n") == Said{"no complaint"});
}

TEST_CASE("keys of other kinds and of other tools are named with a hint") {
  HttpFolder folder;
  CHECK(folder.said_of_lines("command: [sh]\nreplies: a.jsonl\nrequest: {}\n") ==
        Said{"r.yaml:5:1: 'command' is for kind: process, this route is kind: openai",
             "r.yaml:6:1: 'replies' is for kind: replay, this route is kind: openai",
             "r.yaml:7:1: 'request' is for kind: generic_http, this route is kind: openai"});
  CHECK(folder.said_of_route("route: h\nkind: anthropic\nendpoint: https://h\nmodel: m\nparams: {max_tokens: 9}\n"
                             "api: chat\n") ==
        Said{"r.yaml:6:1: 'api' is for kind: openai, this route is kind: anthropic"});
  CHECK(folder.said_of_route("route: h\nkind: generic_http\nendpoint: http://h\nrequest: {q: '{{prompt}}'}\n"
                             "stream: true\n") ==
        Said{"r.yaml:5:1: 'stream' is for kind: openai or anthropic, this route is kind: generic_http"});
  const auto hint_for = [&](const std::string& line) {
    CHECK(folder.said_of_lines(line + "\n").size() == 1);
    return folder.hints.empty() ? "" : folder.hints[0];
  };
  CHECK(hint_for("base_url: x") == "write endpoint: https://…");
  CHECK(hint_for("temperature: 0") == "write it into params: {…}");
  CHECK(hint_for("timeout: 30s") == "write limits: {timeout: 30s}");
  CHECK(hint_for("api_key: x") == "write key: env:SUPPORT_API_KEY");
  CHECK(hint_for("limts: {}") == "did you mean 'limits'?");
  CHECK(folder.said_of_route("route: p\nkind: process\ncommand: [sh]\nendpoint: https://h\nkey: env:A_KEY\n").size() ==
        2);
}

TEST_CASE("a misspelt kind is said once, and the rest is read as what it was meant to be") {
  HttpFolder folder;
  const std::string must = "'kind' must be one of replay, process, openai, anthropic and generic_http, not '";
  CHECK(folder.said_of_route("route: h\nkind: opnai\nendpoint: https://h/v1\nmodel: m\nlimits: {in_flight: 9}\n") ==
        Said{"r.yaml:2:7: " + must + "opnai'"});
  CHECK(folder.said_of_route("route: h\nkind: gpt\nendpoint: ftp://h/v1\nmodel: m\nlimits: {in_flight: 0}\n") ==
        Said{"r.yaml:2:7: " + must + "gpt'", "r.yaml:3:11: the endpoint's scheme is neither http nor https",
             "r.yaml:5:21: 'in_flight' must be between 1 and 4096, not 0"});
  CHECK(folder.said_of_route("route: h\nendpoint: https://h/v1\nmodel: m\nkey: env:GONE\n") ==
        Said{"r.yaml:1:1: missing key 'kind' in route", "r.yaml:4:6: the environment variable GONE is not set"});
}

TEST_CASE("every value of such a route may be of a wrong type, by itself and all together") {
  HttpFolder folder;
  const std::vector<std::string> keys = {
      "route",    "kind",   "endpoint", "api",   "key",     "headers", "stream", "request",
      "reply",    "price",  "limits",   "model", "ca_file", "http2",   "params", "idempotency_header",
      "fallback", "prompt", "retrieval"};
  for (const char* value : {"5", "null", "true", "[]", "[null, {}]", "{}", "{x: [y]}", "''"}) {
    for (const char* kind : {"openai", "anthropic", "generic_http"}) {
      std::string all;
      for (const std::string& key : keys) {
        all += key + ": " + value + "\n";
        std::string text = "x_: y\n";
        for (const auto& [name, usual] : std::vector<std::pair<std::string, std::string>>{
                 {"route", "h"}, {"kind", kind}, {"endpoint", "https://h/v1"}, {"model", "m"}}) {
          if (name != key) text += name + ": " + usual + "\n";
        }
        CHECK(folder.said_of_route(text + key + ": " + value + "\n").front() != "no complaint");
      }
      CHECK(folder.said_of_route(all) != Said{"no complaint"});
    }
  }
}

TEST_CASE("what a route is makes its digest, how it is reached does not") {
  HttpFolder folder;
  const auto digest = [&](const std::string& lines) {
    const auto route = folder.route(lines);
    REQUIRE(route.has_value());
    return route->use.digest;
  };
  folder.environment["B_KEY"] = "sk-other-9876543210";
  const Digest plain = digest("");
  CHECK(digest("key: env:A_KEY\n") == plain);
  CHECK(digest("key: env:B_KEY\nheaders: {X-Team: env:B_KEY}\n") == plain);
  CHECK(digest("price: {per_call_usd: 1}\nlimits: {timeout: 1s}\nhttp2: true\ndescription: same\n") == plain);
  CHECK(digest("stream: true\n") == plain);
  CHECK(digest("idempotency_header: X-Once\n") == plain);
  CHECK(digest("params: {temperature: 1}\n") != plain);
  CHECK(digest("prompt: {user: 'Q: {{case.input}}'}\n") != plain);
  CHECK(digest("retrieval: {profile: kb}\n") != plain);
  CHECK(digest("tool_policy: none\n") != plain);

  const std::string generic = "route: h\nkind: generic_http\nendpoint: http://h/\n";
  const auto one = folder.loaded(generic + "request: {q: '{{prompt}}'}\n");
  const auto two = folder.loaded(generic + "request: {question: '{{prompt}}'}\n");
  const auto three = folder.loaded(generic + "request: {q: '{{prompt}}'}\nreply: {output: /text}\n");
  REQUIRE((one && two && three));
  CHECK(route_diff(one->use.parts, two->use.parts) == Said{"request"});
  CHECK(route_diff(one->use.parts, three->use.parts) == Said{"request"});
}

TEST_CASE("of: says whose replies these are, of every kind, and needs nothing of it") {
  HttpFolder folder;
  folder.write("back.yaml", HttpFolder::text("key: env:GONE\n", "back"));
  const std::string prompt = "prompt: {user: 'Q: {{case.input}}'}\n";
  const std::vector<std::string> all = {
      HttpFolder::text("key: env:GONE\nfallback: back.yaml\nca_file: gone.pem\n" + prompt),
      "route: h\nkind: anthropic\nendpoint: env:GONE\nmodel: m\nparams: {max_tokens: 5}\nstream: true\n" + prompt,
      "route: h\nkind: generic_http\nendpoint: http://h/\nheaders: {X-A: env:GONE}\nrequest: {q: '{{prompt}}'}\n"
      "reply: {documents: /sources}\n"};
  for (const std::string& text : all) {
    CAPTURE(text);
    folder.write("live.yaml", text);
    const auto live = folder.loaded(text, RouteNeed::replies);
    const auto recorded = folder.loaded("route: r\nkind: replay\nreplies: a.jsonl\nof: live.yaml\n");
    REQUIRE((live && recorded));
    CHECK(recorded->use.digest == live->use.digest);
    CHECK(recorded->use.recorded);
    CHECK_FALSE(recorded->is_live());
  }
}

TEST_CASE("who does not call a route needs neither its key nor its endpoint") {
  HttpFolder folder;
  const std::string text =
      "route: h\nkind: openai\nendpoint: env:WHERE\nmodel: m\nkey: env:GONE\nheaders: {X-A: file:gone.txt}\n";
  CHECK(folder.said_of_route(text).size() == 3);
  const auto planned = folder.loaded(text, RouteNeed::plan);
  REQUIRE(planned.has_value());
  CHECK(planned->missing.size() == 3);
  CHECK(std::count(planned->missing.begin(), planned->missing.end(), "the environment variable GONE is not set") == 1);
  CHECK(planned->http->key_name == "env:GONE");
  CHECK(header_of(*planned->http, "Authorization") == "(none)");
  CHECK(folder.loaded(text, RouteNeed::replies).has_value());
  CHECK_FALSE(folder.loaded(HttpFolder::text("ca_file: gone.pem\n"), RouteNeed::plan).has_value());
  CHECK(folder.loaded(HttpFolder::text("ca_file: gone.pem\n"), RouteNeed::replies).has_value());
}

TEST_CASE("routes share a pool by host, key and model family") {
  HttpFolder folder;
  folder.environment["SAME_KEY"] = folder.environment["A_KEY"];
  folder.environment["B_KEY"] = "sk-other-9876543210";
  const auto pool = [&](const std::string& lines, const std::string& model = "example-4-2026-01-31",
                        const std::string& endpoint = "https://api.example.com/v1") {
    const auto route =
        folder.loaded("route: h\nkind: openai\nendpoint: " + endpoint + "\nmodel: " + model + "\n" + lines);
    REQUIRE(route.has_value());
    CHECK(route->http->pool.find("sk-") == std::string::npos);
    return route->http->pool;
  };
  const std::string one = pool("key: env:A_KEY\n");
  CHECK(pool("key: env:SAME_KEY\nlimits: {in_flight: 3}\nstream: true\n") == one);
  CHECK(pool("key: env:A_KEY\napi: responses\n", "example-4-2026-03-01") == one);
  CHECK(pool("key: env:A_KEY\n", "example-4-2026-01-31", "https://API.example.com:443/other/") == one);
  CHECK(pool("key: env:B_KEY\n") != one);
  CHECK(pool("") != one);
  CHECK(pool("key: env:A_KEY\n", "sample-9") != one);
  CHECK(pool("key: env:A_KEY\n", "example-4-2026-01-31", "https://eu.example.com/v1") != one);
  CHECK(pool("key: env:A_KEY\n", "example-4-2026-01-31", "https://api.example.com:8443/v1") != one);
}

TEST_CASE("the routes of docs/examples can be read by whoever has none of their keys") {
  const std::string folder = std::string(HEADGATE_SOURCE_DIR) + "/docs/examples/routes/";
  for (const char* name : {"openai", "anthropic", "service"}) {
    CAPTURE(name);
    Complaints complaints;
    const auto route = load_route(
        folder + name + ".yaml", {}, real_files(), complaints, [](const std::string&) { return std::nullopt; },
        RouteNeed::plan);
    for (const Error& error : complaints.errors()) UNSCOPED_INFO(error.message);
    REQUIRE(route.has_value());
    CHECK(route->http.has_value());
    CHECK_FALSE(route->missing.empty());
  }
}
