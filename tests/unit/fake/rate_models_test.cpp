#include "rate_models.hpp"

#include <catch2/catch.hpp>

using namespace headgate::fake;

namespace {

constexpr Micros second = 1'000'000;

Limit bucket(double amount, double burst, double rejected_cost = 0) {
  Limit limit;
  limit.kind = LimitKind::bucket;
  limit.amount = amount;
  limit.period = second;
  limit.burst = burst;
  limit.rejected_cost = rejected_cost;
  return limit;
}

struct Server {
  explicit Server(std::vector<Limit> what) : limits(std::move(what)), models(limits) {}

  bool accepts(Micros now, double tokens = 0) { return models.admit(now, 0, tokens, wait) == nullptr; }

  std::vector<Limit> limits;
  RateModels models;
  Micros wait = 0;
};

}  // namespace

TEST_CASE("a bucket gives its burst at once and then its rate") {
  Server server({bucket(10, 3)});
  for (int i = 0; i < 3; ++i) CHECK(server.accepts(0));
  CHECK(!server.accepts(0));
  CHECK(server.wait == second / 10);
  CHECK(!server.accepts(second / 10 - 2));
  CHECK(server.accepts(second / 10));
  CHECK(!server.accepts(second / 10));
  int accepted = 0;
  for (Micros now = second; now < 11 * second; now += 1000) accepted += server.accepts(now) ? 1 : 0;
  CHECK(accepted == 102);  // ten seconds of it, and what was saved up till then
}

TEST_CASE("a rejected request may cost quota, but never more than there is") {
  Server server({bucket(10, 1, 0.25)});
  CHECK(server.accepts(0));
  CHECK(!server.accepts(50'000));  // half a request is there, a quarter of one goes
  CHECK(server.wait == 50'000);
  CHECK(!server.accepts(100'000));
  CHECK(server.accepts(200'000));
  // Hammered, the bucket never fills: that is what such servers do.
  Server hammered({bucket(10, 1, 0.25)});
  CHECK(hammered.accepts(0));
  int accepted = 0;
  for (Micros now = 1000; now < 10 * second; now += 1000) accepted += hammered.accepts(now) ? 1 : 0;
  CHECK(accepted == 0);
  CHECK(hammered.accepts(11 * second));
}

TEST_CASE("a window gives all of its amount anew at each of its beginnings, counted from the first request") {
  Limit limit;
  limit.kind = LimitKind::window;
  limit.amount = 2;
  limit.period = 60 * second;
  Server server({limit});
  CHECK(server.accepts(30 * second));
  CHECK(server.accepts(89 * second));
  CHECK(!server.accepts(89 * second));
  CHECK(server.wait == second);
  CHECK(server.accepts(90 * second));
  CHECK(server.accepts(90 * second));
  CHECK(!server.accepts(149 * second));
  CHECK(server.accepts(400 * second));
}

TEST_CASE("in flight: what ended makes room") {
  Limit limit;
  limit.kind = LimitKind::in_flight;
  limit.amount = 2;
  Server server({limit});
  CHECK(server.accepts(0));
  CHECK(server.accepts(0));
  CHECK(!server.accepts(100 * second));
  server.models.release();
  CHECK(server.accepts(100 * second));
  CHECK(!server.accepts(100 * second));
}

TEST_CASE("a limit halves at its time, to the millisecond") {
  Limit limit = bucket(10, 1);
  limit.halve_after = 10 * second;
  Server server({limit});
  CHECK(server.accepts(0));
  CHECK(server.accepts(9'950'000));
  CHECK(!server.accepts(10'000'000));  // half a request since
  CHECK(server.wait == 100'000);
  CHECK(!server.accepts(10'099'000));
  CHECK(server.accepts(10'100'000));
  CHECK(!server.accepts(10'299'000));
  CHECK(server.accepts(10'300'000));
}

TEST_CASE("tokens: a request costs what it may need, and one that needs more than the bucket holds empties it") {
  Limit limit;
  limit.kind = LimitKind::tokens;
  limit.amount = 6000;
  limit.period = 60 * second;
  limit.burst = 1000;
  Server server({limit});
  CHECK(server.accepts(0, 600));
  CHECK(!server.accepts(0, 600));
  CHECK(server.wait == 2 * second);
  CHECK(server.accepts(2 * second, 600));
  CHECK(server.accepts(20 * second, 5000));
  CHECK(!server.accepts(20 * second, 1));
}

TEST_CASE("a request that one of several limits rejects is not charged to the others") {
  Server server({bucket(1, 1), bucket(1, 2)});
  CHECK(server.accepts(0));
  CHECK(!server.accepts(0));
  CHECK(!server.accepts(0));
  CHECK(server.accepts(second));
}

TEST_CASE("what headers tell") {
  Limit requests = bucket(10, 5);
  requests.headers = LimitHeaders::openai;
  Limit tokens;
  tokens.kind = LimitKind::tokens;
  tokens.amount = tokens.burst = 6000;
  tokens.period = 60 * second;
  tokens.headers = LimitHeaders::anthropic;
  Server server({requests, tokens});
  CHECK(server.accepts(0, 1000));
  std::vector<std::pair<std::string, std::string>> headers;
  server.models.tell(1'767'225'600, headers);
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"x-ratelimit-limit-requests", "600"},
      {"x-ratelimit-remaining-requests", "4"},
      {"x-ratelimit-reset-requests", "100ms"},
      {"anthropic-ratelimit-tokens-limit", "6000"},
      {"anthropic-ratelimit-tokens-remaining", "5000"},
      {"anthropic-ratelimit-tokens-reset", "2026-01-01T00:00:10Z"}};
  CHECK(headers == expected);
}

TEST_CASE("durations as one provider writes them") {
  CHECK(go_duration(0) == "0ms");
  CHECK(go_duration(1) == "1ms");
  CHECK(go_duration(120'000) == "120ms");
  CHECK(go_duration(second) == "1s");
  CHECK(go_duration(360 * second) == "6m0s");
  CHECK(go_duration(3725 * second) == "1h2m5s");
}
