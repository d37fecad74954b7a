#include "forecast.hpp"

#include <catch2/catch.hpp>

using namespace headgate;
using namespace headgate::run;

namespace {

constexpr Instant start{std::chrono::hours(1)};
Instant after(double seconds) { return start + Millis(static_cast<Millis::rep>(seconds * 1000.0)); }

}  // namespace

TEST_CASE("a forecast follows what was done of late") {
  Forecast forecast;
  CHECK_FALSE(forecast.seconds_left(100));
  forecast.add(start, 0);
  CHECK_FALSE(forecast.seconds_left(100));
  for (int i = 1; i <= 100; ++i) forecast.add(after(i), static_cast<std::size_t>(i) * 10);
  REQUIRE(forecast.seconds_left(50));
  CHECK(*forecast.seconds_left(50) == Approx(5.0).epsilon(0.05));
  // Ten times slower from here on: after the window nothing of the old pace is left.
  for (int i = 1; i <= 30; ++i) forecast.add(after(100 + i), 1000 + static_cast<std::size_t>(i));
  CHECK(*forecast.seconds_left(50) == Approx(50.0).epsilon(0.05));
  CHECK(forecast.seconds_left(0) == 0.0);
}

TEST_CASE("where nothing gets on there is no forecast") {
  Forecast forecast;
  for (int i = 0; i < 60; ++i) forecast.add(after(i), 7);
  CHECK_FALSE(forecast.seconds_left(1));
}

TEST_CASE("many steps at once cost no memory and no meaning") {
  Forecast forecast;
  for (int i = 0; i <= 10'000; ++i) forecast.add(after(i / 1000.0), static_cast<std::size_t>(i));
  CHECK(*forecast.seconds_left(1000) == Approx(1.0).epsilon(0.05));
}
