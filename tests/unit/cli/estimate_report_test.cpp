#include "estimate_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace headgate;
using namespace headgate::cli;

namespace {

Plan plan_with_quality() {
  Plan plan;
  plan.cases.resize(40);
  plan.head.rules.quality.emplace();
  return plan;
}

Forecast live_forecast() {
  Forecast forecast;
  forecast.now = "2026-11-20T09:00:00Z";
  run::Estimate& sum = forecast.estimate;
  sum.calls = 41;
  sum.arms[0] = {1, 12.0, 512.0, 0.0001, 0.0004, "", 2.0, false};
  sum.arms[1] = {40, 4800.0, 20'480.0, 0.5, 3.0, "", 1.25, true};
  forecast.measured_in[1] = "RUN";
  sum.low_usd = 0.5001;
  sum.high_usd = 3.0004;
  sum.asks = {{"lint", 80}};
  sum.pools.push_back({{"a", "b"}, 41, 4.0, true, 12.5, 60.0, {}, 60.0, run::Limit::requests_per_minute});
  return forecast;
}

}  // namespace

TEST_CASE("forecast: calls, tokens, money, time and what dominates") {
  Forecast forecast = live_forecast();
  forecast.budget.max_usd = 25.0;
  const std::string text = forecast_text(forecast, plan_with_quality());
  for (const char* part :
       {"1 call: about 12 tokens in, at most 512 out; $0.0001 to $0.0004",
        "40 calls: about 4,800 tokens in, at most 20,480 out; $0.50 to $3.00", "plugin lint  at most 80 asks",
        "cost: $0.50 to $3.00; the budget is $25.00, and the high end fits",
        "time: about 60 s for a and b, by requests_per_minute (in_flight alone 13 s)",
        "at 2 s a reply of the baseline (assumed) and 1.25 s a reply of the candidate (the median in run RUN)"}) {
    INFO(text);
    CHECK_THAT(text, Catch::Contains(part));
  }
}

TEST_CASE("forecast: a budget or a deadline that may not be enough says so") {
  Forecast forecast = live_forecast();
  forecast.budget = {1.0, Millis(30'000)};
  const std::string text = forecast_text(forecast, plan_with_quality());
  CHECK_THAT(text, Catch::Contains("the high end does not fit") && Catch::Contains("the deadline is 30 s: cells may"));
  const Json json = forecast_json(forecast);
  CHECK(json.at("budget").at("high_end_fits") == false);
  CHECK(json.at("budget").at("deadline_s") == 30.0);
}

TEST_CASE("forecast: unknown is not zero") {
  Forecast forecast = live_forecast();
  forecast.estimate.arms[1].high_usd.reset();
  forecast.estimate.arms[1].unknown = "route b has no max_tokens";
  forecast.estimate.high_usd.reset();
  forecast.budget.max_usd = 1.0;
  const std::string text = forecast_text(forecast, plan_with_quality());
  CHECK_THAT(text, Catch::Contains("at least $0.50, at most unknown: route b has no max_tokens"));
  const Json json = forecast_json(forecast);
  CHECK(json.at("high_usd").is_null());
  CHECK(json.at("budget").at("high_end_fits").is_null());
  CHECK(json.at("arms").at("candidate").at("unknown") == "route b has no max_tokens");
}

TEST_CASE("forecast: what is reused, how old it is, and what is weaker for it") {
  Forecast forecast = live_forecast();
  forecast.reused = Reused{39, {"X"}, "2026-11-14T09:00:00Z"};
  CHECK_THAT(forecast_text(forecast, plan_with_quality()),
             Catch::Contains("39 of the baseline's 40 replies are from run X, none older than 2026-11-14T09:00:00Z (6 "
                             "days ago); weaker for it: quality"));
  CHECK(forecast_json(forecast).at("reused").at("replies") == 39);
}

TEST_CASE("forecast: where nothing is called, nothing is said") {
  CHECK(forecast_text({}, plan_with_quality()).empty());
  CHECK(forecast_json({}).at("calls") == 0);
}
