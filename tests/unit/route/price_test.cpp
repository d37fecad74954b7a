#include <catch2/catch.hpp>
#include <limits>

#include "headgate/route/dialect.hpp"
#include "headgate/route/limits.hpp"

using namespace headgate;
using namespace headgate::route;

namespace {

Price tokens(double input, double output, std::optional<double> cached = std::nullopt) {
  Price price;
  price.input_per_mtok = input;
  price.output_per_mtok = output;
  price.cached_input_per_mtok = cached;
  return price;
}

Usage used(std::optional<std::int64_t> input, std::optional<std::int64_t> output,
           std::optional<std::int64_t> cached = std::nullopt) {
  return {input, output, cached, std::nullopt};
}

Price per_call(double usd) {
  Price price;
  price.per_call = usd;
  return price;
}

}  // namespace

TEST_CASE("a cost is of tokens, of calls, or of both") {
  CHECK(*cost_of(tokens(2.0, 8.0), used(1'000'000, 500'000)) == Approx(6.0));
  CHECK(cost_of(tokens(2.0, 8.0), used(0, 0)) == 0.0);
  CHECK(cost_of(per_call(0.01), {}) == 0.01);
  Price both = tokens(2.0, 8.0);
  both.per_call = 0.5;
  CHECK(*cost_of(both, used(1'000'000, 0)) == Approx(2.5));
}

TEST_CASE("cached tokens are part of the input, at their own price where they have one") {
  CHECK(*cost_of(tokens(2.0, 0.0, 0.5), used(1'000'000, 0, 400'000)) == Approx(1.4));
  CHECK(*cost_of(tokens(2.0, 0.0), used(1'000'000, 0, 400'000)) == Approx(2.0));
  CHECK(*cost_of(tokens(2.0, 0.0, 0.0), used(1'000'000, 0, 1'000'000)) == 0.0);
}

TEST_CASE("what is not known does not cost nothing") {
  CHECK_FALSE(cost_of({}, used(1, 1)).has_value());
  CHECK_FALSE(cost_of(tokens(2.0, 8.0), used(std::nullopt, 1)).has_value());
  CHECK_FALSE(cost_of(tokens(2.0, 8.0), used(1, std::nullopt)).has_value());
  CHECK_FALSE(cost_of(tokens(2.0, 8.0, 0.5), used(1, 1)).has_value());
  CHECK_FALSE(cost_of(tokens(2.0, 8.0, 0.5), used(1, 1, 2)).has_value());
  Price half;
  half.input_per_mtok = 1.0;
  CHECK_FALSE(cost_of(half, used(1, 1)).has_value());
  half.per_call = 1.0;
  CHECK_FALSE(cost_of(half, used(1, 1)).has_value());
  CHECK_FALSE(worst_cost(half, 1.0, 1.0).has_value());
  CHECK_FALSE(worst_cost({}, 1.0, 1.0).has_value());
  CHECK_FALSE(cost_of(tokens(1e308, 1e308), used(std::int64_t{1} << 53, std::int64_t{1} << 53)).has_value());
}

TEST_CASE("the worst cost has a fifth more input and all of the output") {
  CHECK(*worst_cost(tokens(2.0, 8.0), 1'000'000.0, 500'000.0) == Approx(2.4 + 4.0));
  CHECK_FALSE(worst_cost(tokens(2.0, 8.0), 1000.0, std::nullopt).has_value());
  CHECK(*worst_cost(tokens(2.0, 0.0), 1'000'000.0, std::nullopt) == Approx(2.4));
  CHECK(worst_cost(per_call(0.03), 1e9, std::nullopt) == 0.03);
  // Never less than what it may come to within the estimate.
  CHECK(*worst_cost(tokens(2.0, 8.0, 3.0), 1'000'000.0, 0.0) >=
        *cost_of(tokens(2.0, 8.0, 3.0), used(1'000'000, 0, 1'000'000)));
}

TEST_CASE("tokens are estimated by bytes and messages") {
  CHECK(estimated_tokens(0, 0) == 0.0);
  CHECK(estimated_tokens(1, 0) == 1.0);
  CHECK(estimated_tokens(8, 2) == 10.0);
  CHECK(estimated_tokens(9, 1) == 7.0);
}

TEST_CASE("of two routes' limits the strictest of each counts") {
  PoolLimits a, b;
  a.in_flight = 8;
  b.in_flight = 64;
  b.requests_per_minute = 100.0;
  a.tokens_per_minute = 5000.0;
  b.tokens_per_minute = 4000.0;
  a.retry_after = RetryAfter::ignore;
  b.retry_after = RetryAfter::cap;
  b.retry_after_cap = Millis(3000);
  b.no_progress = Millis(1000);
  a.deadline = Millis(2000);
  b.retries = false;
  for (const PoolLimits& both : {strictest(a, b), strictest(b, a)}) {
    CHECK(both.in_flight == 8u);
    CHECK(both.requests_per_minute == 100.0);
    CHECK(both.tokens_per_minute == 4000.0);
    CHECK(both.retry_after == RetryAfter::cap);
    CHECK(both.retry_after_cap == Millis(3000));
    CHECK(both.no_progress == Millis(1000));
    CHECK(both.deadline == Millis(2000));
    CHECK_FALSE(both.retries);
  }
  a.retry_after = RetryAfter::cap;
  CHECK(strictest(a, b).retry_after_cap == Millis(10'000));
  a.retry_after = RetryAfter::honour;
  CHECK(strictest(a, b).retry_after == RetryAfter::honour);
}

TEST_CASE("dated names of a model are of one family") {
  const std::pair<const char*, const char*> rows[] = {{"gpt-4o-2024-08-06", "gpt-4o"},
                                                      {"gpt-4o-latest", "gpt-4o"},
                                                      {"gpt-4o", "gpt-4o"},
                                                      {"gpt-4o-mini", "gpt-4o-mini"},
                                                      {"gpt-4-0613", "gpt-4"},
                                                      {"some-model-2026-05", "some-model"},
                                                      {"claude-x-4-20250514", "claude-x-4"},
                                                      {"claude-x@20250514", "claude-x"},
                                                      {"llama3:latest", "llama3"},
                                                      {"llama3:8b", "llama3:8b"},
                                                      {"m-7b-1999", "m-7b-1999"},
                                                      {"m-2024-13-01", "m-2024-13-01"},
                                                      {"m-20241301", "m-20241301"},
                                                      {"2024-08-06", "2024-08-06"},
                                                      {"latest", "latest"},
                                                      {"", ""},
                                                      {"m-2024-08-06-latest", "m"},
                                                      {"-latest", "-latest"},
                                                      {"org/model-70b-instruct", "org/model-70b-instruct"}};
  for (const auto& [model, family] : rows) {
    CAPTURE(model);
    CHECK(model_family(model) == family);
  }
}

TEST_CASE("an amount has as many digits as tell it from another") {
  const std::pair<double, const char*> rows[] = {{0.0, "$0.00"},
                                                 {0.1, "$0.10"},
                                                 {0.09, "$0.09"},
                                                 {0.155, "$0.155"},
                                                 {25.0, "$25.00"},
                                                 {1234.5, "$1234.50"},
                                                 {0.0015, "$0.0015"},
                                                 {0.000026, "$0.000026"},
                                                 {0.0000004, "$0.0000004"},
                                                 {1.0 / 3.0, "$0.333"},
                                                 {1e-15, "$0.000000000000"}};
  for (const auto& [amount, words] : rows) CHECK(usd(amount) == words);
  CHECK(usd(std::numeric_limits<double>::infinity()) == "an unknown amount");
}
