#include <catch2/catch.hpp>

#include <initializer_list>
#include <string>
#include <utility>

#include "headgate/route/rate.hpp"

using namespace headgate::route;

namespace {

constexpr std::int64_t noon = 1795176000;  // 2026-11-20T12:00:00Z

RateSays says(std::initializer_list<std::pair<const char*, std::string>> headers, std::int64_t wall = noon) {
  HttpAnswer answer;
  answer.status = 429;
  for (const auto& [name, value] : headers) answer.headers.emplace_back(name, value);
  return read_rate(answer, wall);
}

}  // namespace

TEST_CASE("Retry-After is seconds, decimals or a date") {
  CHECK(says({{"retry-after", "2"}}).retry_after_s == 2.0);
  CHECK(says({{"retry-after", " 0.5 "}}).retry_after_s == 0.5);
  CHECK(says({{"retry-after", "0"}}).retry_after_s == 0.0);
  CHECK(says({{"retry-after", "Fri, 20 Nov 2026 12:00:07 GMT"}}).retry_after_s == 7.0);
  CHECK(says({{"retry-after", "Friday, 20-Nov-26 12:00:07 GMT"}}).retry_after_s == 7.0);
  CHECK(says({{"retry-after", "Fri, 20 Nov 2026 11:00:00 GMT"}}).retry_after_s == 0.0);
  CHECK(says({{"retry-after-ms", "1500"}}).retry_after_s == 1.5);
  CHECK(says({{"retry-after", "9"}, {"retry-after-ms", "1500"}}).retry_after_s == 1.5);
  CHECK(says({{"retry-after", "9"}, {"retry-after-ms", "soon"}}).retry_after_s == 9.0);
}

TEST_CASE("a wait that cannot be is not said, and none is longer than a day") {
  for (const char* value : {"-1", "nan", "inf", "1e400", "", "soon", "2 seconds", "0x10", "--1", "1,5"}) {
    CAPTURE(value);
    CHECK_FALSE(says({{"retry-after", value}}).retry_after_s.has_value());
    CHECK_FALSE(says({{"retry-after-ms", value}}).retry_after_s.has_value());
  }
  CHECK(says({{"retry-after", "99999999999"}}).retry_after_s == 86400.0);
  CHECK(says({{"retry-after", "Fri, 20 Nov 2099 12:00:00 GMT"}}).retry_after_s == 86400.0);
  CHECK_FALSE(says({{"retry-after", std::string(1000, '1')}}).retry_after_s.has_value());
}

TEST_CASE("dates count from the provider's own clock where it tells the time") {
  const char* later = "Fri, 20 Nov 2026 12:00:07 GMT";
  CHECK(says({{"retry-after", later}, {"date", "Fri, 20 Nov 2026 12:00:02 GMT"}}, 5).retry_after_s == 5.0);
  CHECK(says({{"retry-after", later}, {"date", "yesterday"}}).retry_after_s == 7.0);
}

TEST_CASE("the limits of OpenAI's family of headers") {
  const RateSays rate = says({{"x-ratelimit-limit-requests", "5000"},
                              {"x-ratelimit-remaining-requests", "4999"},
                              {"x-ratelimit-reset-requests", "12ms"},
                              {"x-ratelimit-limit-tokens", "160000"},
                              {"x-ratelimit-remaining-tokens", "0"},
                              {"x-ratelimit-reset-tokens", "6m0s"}});
  CHECK(rate.requests.limit == 5000.0);
  CHECK(rate.requests.remaining == 4999.0);
  CHECK(rate.requests.reset_s == 0.012);
  CHECK(rate.tokens.limit == 160000.0);
  CHECK(rate.tokens.remaining == 0.0);
  CHECK(rate.tokens.reset_s == 360.0);
  CHECK_FALSE(rate.says_nothing());
}

TEST_CASE("of Anthropic's windows of tokens the one counts of which the least share is left") {
  const RateSays rate = says({{"anthropic-ratelimit-requests-limit", "50"},
                              {"anthropic-ratelimit-requests-remaining", "49"},
                              {"anthropic-ratelimit-requests-reset", "2026-11-20T12:00:30Z"},
                              {"anthropic-ratelimit-tokens-limit", "100000"},
                              {"anthropic-ratelimit-tokens-remaining", "90000"},
                              {"anthropic-ratelimit-input-tokens-limit", "80000"},
                              {"anthropic-ratelimit-input-tokens-remaining", "79000"},
                              {"anthropic-ratelimit-output-tokens-limit", "8000"},
                              {"anthropic-ratelimit-output-tokens-remaining", "1000"},
                              {"anthropic-ratelimit-output-tokens-reset", "2026-11-20T12:00:10Z"}});
  CHECK(rate.requests.limit == 50.0);
  CHECK(rate.requests.remaining == 49.0);
  CHECK(rate.requests.reset_s == 30.0);
  CHECK(rate.tokens.limit == 8000.0);
  CHECK(rate.tokens.remaining == 1000.0);
  CHECK(rate.tokens.reset_s == 10.0);

  const RateSays full = says({{"anthropic-ratelimit-tokens-limit", "100000"},
                              {"anthropic-ratelimit-tokens-remaining", "100000"},
                              {"anthropic-ratelimit-output-tokens-limit", "8000"},
                              {"anthropic-ratelimit-output-tokens-remaining", "8000"}});
  CHECK(full.tokens.limit == 100000.0);  // where nothing is short, the one that the provider says is the strictest
}

TEST_CASE("a window without a kind is one of requests, unless the requests have one") {
  RateSays rate =
      says({{"x-ratelimit-limit", "60"}, {"x-ratelimit-remaining", "3"}, {"x-ratelimit-reset", "1795176030"}});
  CHECK(rate.requests.limit == 60.0);
  CHECK(rate.requests.remaining == 3.0);
  CHECK(rate.requests.reset_s == 30.0);
  CHECK(says({{"x-ratelimit-reset", "30"}}).requests.reset_s == 30.0);
  CHECK(says({{"x-ratelimit-reset", "1795176030500"}}).requests.reset_s == 30.5);
  CHECK(says({{"x-ratelimit-reset", "1795175000"}}).requests.reset_s == 0.0);
  CHECK(says({{"ratelimit-remaining", "4"}}).requests.remaining == 4.0);
  rate = says({{"x-ratelimit-limit", "60"}, {"x-ratelimit-limit-requests", "10"}});
  CHECK(rate.requests.limit == 10.0);
}

TEST_CASE("headers that say nothing of use are nothing") {
  CHECK(says({}).says_nothing());
  CHECK(says({{"x-ratelimit-limit-requests", "many"}, {"x-ratelimit-remaining-tokens", "-3"}}).says_nothing());
  CHECK(says({{"date", "Fri, 20 Nov 2026 12:00:00 GMT"}, {"content-type", "text/html"}}).says_nothing());
}
