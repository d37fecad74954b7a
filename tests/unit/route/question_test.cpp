// Questions that are no case's: what a program is told, and vectors there and back.
#include "headgate/route/question.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "headgate/route/dialect.hpp"

using namespace headgate;
using namespace headgate::route;

namespace {

Arrival ok(std::string body) {
  Arrival arrival;
  arrival.bytes = std::move(body);
  arrival.latency_ms = 3.0;
  arrival.http.emplace();
  arrival.http->status = 200;
  return arrival;
}

std::shared_ptr<const Dialect> embeddings(const std::string& params = {}) {
  return make_dialect(EmbeddingsDialect{"small", {params}});
}

std::string read(const std::string& body) {
  const Outcome outcome = embeddings()->read(ok(body));
  if (const auto* reply = std::get_if<Reply>(&outcome)) return reply->text;
  return name(std::get<CallError>(outcome).kind);
}

}  // namespace

TEST_CASE("a program is asked a judge's question as JSON, or as all that is said") {
  RouteParts parts;
  parts.model = {"\"m\""};
  parts.params = {R"({"temperature":0})"};
  const std::vector<Message> messages{{"system", "You judge.\n\"Strictly\""}, {"user", "This?"}};
  const Json line = Json::parse(question_line("id1", messages, R"({"type":"object"})", parts));
  CHECK(line == Json::parse(R"({"id":"id1","messages":[{"role":"system","content":"You judge.\n\"Strictly\""},
    {"role":"user","content":"This?"}],"schema":{"type":"object"},"model":"m","params":{"temperature":0}})"));
  CHECK(question_line("x", {}, "", {}) == R"({"id":"x","messages":[]})");
  CHECK(question_text(messages) == "You judge.\n\"Strictly\"\n\nThis?");
  CHECK(embed_line("x", {"a\xFF", ""}, {}) == "{\"id\":\"x\",\"input\":[\"a\xEF\xBF\xBD\",\"\"]}");
}

TEST_CASE("a program's vectors are read with what they cost, or are none") {
  const Outcome outcome =
      read_embed_line(R"({"id":"x","embeddings":[[1,-0.25],[1e-7,3]],"cost_usd":0.5,"usage":{"input_tokens":7}})", 2.0);
  const auto* reply = std::get_if<Reply>(&outcome);
  REQUIRE(reply != nullptr);
  CHECK(reply->text == "[[1,-0.25],[1e-7,3]]");
  CHECK(reply->cost_usd == 0.5);
  CHECK(reply->usage.input_tokens == 7);
  CHECK(reply->latency_ms == 2.0);
  for (const char* line : {"", "[]", R"({"id":"x"})", R"({"embeddings":[]})", R"({"embeddings":[[]]})",
                           R"({"embeddings":[[1],[1,2]]})", R"({"embeddings":[["1"]]})", R"({"embeddings":[[null]]})",
                           R"({"embeddings":"x"})", R"({"embeddings":[[1],[2]])"}) {
    const Outcome none = read_embed_line(line, 1.0);
    const auto* error = std::get_if<CallError>(&none);
    REQUIRE(error != nullptr);
    CHECK(error->kind == ErrorKind::malformed_reply);
  }
  const Outcome refused = read_embed_line(R"({"error":"too long"})", 1.0);
  CHECK(std::get<CallError>(refused).message == "too long");
}

TEST_CASE("vectors survive as text") {
  const std::vector<std::vector<double>> rows{{0.1, -1e300, 5e-324}, {0.0, 1.0 / 3.0, 2.0}};
  const auto back = read_vectors(vectors_text(rows));
  REQUIRE(back);
  CHECK(*back == rows);
  for (const char* text : {"", "[]", "[[]]", "{}", "[1]", "[[1],[]]", "[[1],[1,2]]", "[[true]]"}) {
    CHECK_FALSE(read_vectors(text));
  }
  CHECK_FALSE(read_vectors(vectors_text({std::vector<double>(most_dimensions + 1, 1.0)})));
}

TEST_CASE("embeddings over HTTP: the request, and the reply by its indices") {
  const std::vector<Message> texts{{"user", "one \"x\""}, {"user", ""}};
  CHECK(*embeddings()->body({&texts, nullptr, 0, {}}) == R"({"model":"small","input":["one \"x\"",""]})");
  CHECK(*embeddings(R"({"dimensions":8,"encoding_format":"base64","input":"no"})")->body({&texts, nullptr, 0, {}}) ==
        R"({"model":"small","input":["one \"x\"",""],"dimensions":8})");
  CHECK(embeddings()->embeds());
  CHECK(embeddings()->most_output_tokens() == 0.0);

  CHECK(read(R"({"data":[{"index":1,"embedding":[3,4]},{"index":0,"embedding":[1,2]}]})") == "[[1,2],[3,4]]");
  CHECK(read(R"({"data":[{"embedding":[1]},{"embedding":[2]}]})") == "[[1],[2]]");
  for (const char* body :
       {R"({"data":[]})", R"({})", R"({"data":[{"index":2,"embedding":[1]}]})", R"({"data":[{"index":0}]})",
        R"({"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]})",
        R"({"data":[{"index":-1,"embedding":[1]}]})", R"({"data":[{"index":0,"embedding":"AACAPw=="}]})",
        R"({"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1]}]})", "<html>", ""}) {
    CHECK(read(body) == "malformed_reply");
  }
  CHECK(read(R"({"error":{"message":"gone"}})") == "error_in_reply");
  const Outcome outcome =
      embeddings()->read(ok(R"({"data":[{"index":0,"embedding":[1]}],"usage":{"prompt_tokens":9,"total_tokens":9}})"));
  const Reply& reply = std::get<Reply>(outcome);
  CHECK(reply.usage.input_tokens == 9);
  CHECK(reply.usage.output_tokens == 0);
  CHECK(reply.latency_ms == 3.0);
}
