#include <catch2/catch.hpp>

#include <string>

#include "headgate/base/unicode.hpp"
#include "spoken.hpp"

using namespace headgate;
using namespace headgate::route;
using headgate::test::arrived;

namespace {

TrySays says(int status, const std::string& body, std::vector<std::pair<std::string, std::string>> headers = {}) {
  return examine(arrived(body, status, std::move(headers)), 1795176000);
}

struct Row {
  int status;
  const char* body;
  ErrorKind kind;
};

}  // namespace

TEST_CASE("a status alone has a meaning") {
  const std::pair<int, ErrorKind> rows[] = {{200, ErrorKind::none},
                                            {204, ErrorKind::none},
                                            {301, ErrorKind::request_rejected},
                                            {304, ErrorKind::request_rejected},
                                            {400, ErrorKind::request_rejected},
                                            {401, ErrorKind::key_refused},
                                            {402, ErrorKind::quota},
                                            {403, ErrorKind::key_refused},
                                            {404, ErrorKind::request_rejected},
                                            {407, ErrorKind::request_rejected},
                                            {408, ErrorKind::server_error},
                                            {409, ErrorKind::request_rejected},
                                            {413, ErrorKind::request_rejected},
                                            {422, ErrorKind::request_rejected},
                                            {429, ErrorKind::rate_limited},
                                            {500, ErrorKind::server_error},
                                            {502, ErrorKind::server_error},
                                            {503, ErrorKind::overloaded},
                                            {504, ErrorKind::server_error},
                                            {520, ErrorKind::server_error},
                                            {529, ErrorKind::overloaded},
                                            {599, ErrorKind::server_error},
                                            {999, ErrorKind::server_error}};
  for (const auto& [status, kind] : rows) {
    CAPTURE(status);
    for (const char* body :
         {"", "<html>gateway</html>", R"({"message":"no code"})", R"({"error":{"type":"api_error"}})"}) {
      const TrySays read = says(status, body);
      CHECK(read.kind == kind);
      CHECK(read.http_status == status);
      CHECK(read.message.empty() == (kind == ErrorKind::none));
      CHECK_FALSE(read.maybe_billed);
    }
  }
}

TEST_CASE("the code in a body comes before the status") {
  const Row rows[] = {
      {429, R"({"error":{"type":"insufficient_quota","code":"insufficient_quota","message":"quota"}})",
       ErrorKind::quota},
      {429, R"({"error":{"message":"x","type":"requests","code":"rate_limit_exceeded"}})", ErrorKind::rate_limited},
      {429, R"({"error":{"message":"x","code":"organization_spend_limit_exceeded"}})", ErrorKind::quota},
      {429, R"({"error":{"message":"x","code":"project_spend_limit_exceeded"}})", ErrorKind::quota},
      {429, R"({"error":{"message":"x","code":"credit_balance_exhausted"}})", ErrorKind::quota},
      {429,
       R"({"type":"error","error":{"type":"rate_limit_error","message":"x","details":{"error_code":"enforced_spend_limit_reached"}}})",
       ErrorKind::quota},
      {429, R"({"error":{"code":"billing_hard_limit_reached"}})", ErrorKind::quota},
      {429, R"({"error":{"code":"rate_limit_exceeded","type":"insufficient_quota"}})", ErrorKind::quota},
      {429, R"({"type":"error","error":{"type":"rate_limit_error","message":"slow down"}})", ErrorKind::rate_limited},
      {403, R"({"code":"spend_limit_exceeded","status":403,"title":"Spend Limit Exceeded"})", ErrorKind::quota},
      {400,
       R"({"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the API."}})",
       ErrorKind::quota},
      {400,
       R"({"type":"error","error":{"type":"invalid_request_error","message":"You have reached your specified API usage limits. You will regain access on 2026-12-01."}})",
       ErrorKind::quota},
      {402, R"({"type":"error","error":{"type":"billing_error","message":"x"}})", ErrorKind::quota},
      {400, R"({"error":{"code":"context_length_exceeded","message":"too long","type":"invalid_request_error"}})",
       ErrorKind::context_too_long},
      {400,
       R"({"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}})",
       ErrorKind::context_too_long},
      {400,
       R"({"object":"error","message":"This model's maximum context length is 4096 tokens.","type":"BadRequestError","code":400})",
       ErrorKind::context_too_long},
      {400,
       R"({"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}})",
       ErrorKind::context_too_long},
      {500, R"({"error":{"message":"maximum context length"}})", ErrorKind::server_error},
      {400, R"({"error":{"code":"content_filter","message":"x","innererror":{"code":"ResponsibleAIPolicyViolation"}}})",
       ErrorKind::content_filter},
      {400, R"({"error":{"code":null,"message":"x","innererror":{"code":"ResponsibleAIPolicyViolation"}}})",
       ErrorKind::content_filter},
      {400, R"({"error":{"code":"content_policy_violation"}})", ErrorKind::content_filter},
      {403, R"({"error":{"code":403,"message":"flagged","metadata":{"reasons":["x"],"flagged_input":"bad"}}})",
       ErrorKind::content_filter},
      {403, R"({"error":{"type":"permission_error","message":"no"}})", ErrorKind::key_refused},
      {403, R"({"error":{"code":"unsupported_country_region_territory"}})", ErrorKind::key_refused},
      {400,
       R"([{"error":{"code":400,"message":"API key not valid","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}])",
       ErrorKind::key_refused},
      {401, R"({"error":{"message":"Incorrect API key","code":"invalid_api_key"}})", ErrorKind::key_refused},
      {500, R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})", ErrorKind::overloaded},
      {529, R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})", ErrorKind::overloaded},
      {503, R"({"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}})", ErrorKind::overloaded},
      {429, R"({"error":{"code":429,"message":"busy","status":"RESOURCE_EXHAUSTED"}})", ErrorKind::rate_limited},
      {404, R"({"error":{"code":"model_not_found","message":"no such model"}})", ErrorKind::request_rejected},
      {404, R"({"error":"model 'x' not found"})", ErrorKind::request_rejected},
      {422, R"({"detail":[{"loc":["body"],"msg":"field required","type":"missing"}]})", ErrorKind::request_rejected},
      {302, R"({"error":{"code":"insufficient_quota"}})", ErrorKind::request_rejected},
  };
  for (const Row& row : rows) {
    CAPTURE(row.status, row.body);
    CHECK(says(row.status, row.body).kind == row.kind);
  }
}

TEST_CASE("the sentence holds the provider's words, cut and escaped") {
  CHECK(says(429, R"({"error":{"type":"rate_limit_error","message":"slow down"}})").message ==
        "HTTP 429: rate_limit_error: slow down");
  CHECK(says(400, R"({"error":{"code":400,"type":"BadRequestError","message":"no"}})").message ==
        "HTTP 400: BadRequestError: no");
  CHECK(says(404, R"({"error":"model 'x' not found"})").message == "HTTP 404: model 'x' not found");
  CHECK(says(400, R"({"error":"invalid_request","message":"no such field"})").message ==
        "HTTP 400: invalid_request: no such field");
  CHECK(says(422, R"({"detail":[{"msg":"field required","type":"missing"}]})").message ==
        "HTTP 422: missing: field required");
  CHECK(says(422, R"({"detail":"nope"})").message == "HTTP 422: nope");
  CHECK(says(400, R"({"errors":[{"message":"bad"}]})").message == "HTTP 400: bad");
  CHECK(says(502, "").message == "HTTP 502 without a word");
  CHECK(says(502, "<html>Bad\nGateway</html>").message == "HTTP 502: '<html>Bad\\nGateway</html>'");
  const std::string long_one = says(500, R"({"error":{"message":")" + std::string(100'000, 'x') + "\"}}").message;
  CHECK(long_one.size() < 400);
  const std::string hostile =
      says(500, "{\"error\":{\"message\":\"\\u001b[31m\\n::error::x \\u202e\",\"type\":\"\\u0007\"}}").message;
  CHECK(hostile.find('\x1b') == hostile.npos);
  CHECK(hostile.find('\n') == hostile.npos);
  CHECK(is_utf8(says(500, "\xff\xfe\xfd").message));
}

TEST_CASE("a redirect names where to, without what is nobody's business") {
  const auto message = [](const char* location) { return says(307, "", {{"location", location}}).message; };
  CHECK(message("https://new.example.com/v2/chat?token=s3cret") ==
        "HTTP 307: answers with a redirect to https://new.example.com; write that endpoint");
  CHECK(message("https://user:pass@h.example:8443/x") ==
        "HTTP 307: answers with a redirect to https://h.example:8443; write that endpoint");
  CHECK(message("/v2/chat?token=s3cret").find("s3cret") == std::string::npos);
  CHECK(says(301, "").message == "HTTP 301: answers with a redirect; write the endpoint it leads to");
  CHECK(message("https://\x1b[31m.example/").find('\x1b') == std::string::npos);
}

TEST_CASE("errors of the way keep their kind, and say what may have been billed") {
  const std::pair<ErrorKind, bool> rows[] = {{ErrorKind::connect, false},   {ErrorKind::dns, false},
                                             {ErrorKind::tls, false},       {ErrorKind::timeout, true},
                                             {ErrorKind::reset, true},      {ErrorKind::truncated, true},
                                             {ErrorKind::too_large, true},  {ErrorKind::malformed_reply, true},
                                             {ErrorKind::interrupted, true}};
  for (const auto& [kind, billed] : rows) {
    Arrival arrival;
    arrival.error = kind;
    arrival.message = "why";
    const TrySays read = examine(arrival, 0);
    CHECK(read.kind == kind);
    CHECK(read.message == "why");
    CHECK(read.maybe_billed == billed);
    CHECK(read.http_status == 0);
    CHECK(read.fingerprint == 0);
  }
  Arrival cut = arrived("data: x", 200);
  cut.error = ErrorKind::truncated;
  CHECK(examine(cut, 0).kind == ErrorKind::truncated);
  CHECK(examine(cut, 0).http_status == 200);
  cut = arrived(R"({"error":{"type":"overl)", 529);
  cut.error = ErrorKind::truncated;
  CHECK(examine(cut, 0).kind == ErrorKind::overloaded);
}

TEST_CASE("the same failure has the same fingerprint, whatever its request is called") {
  const auto mark = [](int status, const std::string& body) { return says(status, body).fingerprint; };
  const std::string body = R"({"id":"a1","error":{"message":"boom, see req_011CSH"},"request_id": "req_1"})";
  CHECK(mark(500, body) == mark(500, body));
  CHECK(mark(500, body) == mark(500, R"({"id":"b2","error":{"message":"boom, see req_xyz9"},"request_id": "req_2"})"));
  CHECK(mark(500, body) != mark(502, body));
  CHECK(mark(500, body) !=
        mark(500, R"({"id":"a1","error":{"message":"bang, see req_011CSH"},"request_id": "req_1"})"));
  CHECK(mark(500, R"({"id":1})") != mark(500, R"({"id":2})"));
  CHECK(mark(500, "") == mark(500, ""));
  CHECK(mark(500, "\"id\"") == mark(500, "\"id\""));
  CHECK(mark(500, R"({"id":"never closed)") == mark(500, R"({"id":"never closed either)"));
  CHECK(mark(500, std::string(5000, 'x') + "a") == mark(500, std::string(5000, 'x') + "b"));
}

TEST_CASE("what headers say of the rate is told with every status") {
  const auto rate = [](int status) {
    return says(status, "", {{"retry-after", "7"}, {"x-ratelimit-remaining-requests", "3"}}).rate;
  };
  for (const int status : {200, 429, 500}) {
    CHECK(rate(status).retry_after_s == 7.0);
    CHECK(rate(status).requests.remaining == 3.0);
  }
}

TEST_CASE("bodies of any kind are examined without harm") {
  std::string deep = "{\"error\":";
  for (int i = 0; i < 100'000; ++i) deep += '[';
  for (const std::string& body :
       {deep, std::string("[]"), std::string("[[]]"), std::string("null"), std::string(R"({"errors":[]})"),
        std::string(R"({"error":[]})"), std::string(R"({"detail":[]})"), std::string(R"({"error":{"code":{}}})"),
        std::string(R"({"error":{"details":5,"metadata":[],"innererror":"x"}})"), std::string("\0\0", 2)}) {
    const TrySays read = says(500, body);
    CHECK(read.kind == ErrorKind::server_error);
    CHECK_FALSE(read.message.empty());
  }
}
