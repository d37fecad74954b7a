#include "amounts.hpp"

#include <catch2/catch.hpp>

using namespace headgate;
using namespace headgate::config;

TEST_CASE("durations have a unit and are whole milliseconds") {
  CHECK(parse_duration("250ms") == Millis(250));
  CHECK(parse_duration("30s") == Millis(30'000));
  CHECK(parse_duration("1.5s") == Millis(1'500));
  CHECK(parse_duration("2m") == Millis(120'000));
  CHECK(parse_duration("1 h") == Millis(3'600'000));
  CHECK(parse_duration("0s") == Millis(0));
  for (const char* text : {"", "30", "s", "30 sec", "-1s", "+1s", "1e3s", ".s", "0.5ms", "1.2.3s", "30S", " 30s",
                           "30s ", "30  s", "infs", "nans", "0x10s", "99999999999999999999h", "1,5s"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
}

TEST_CASE("sizes have a unit and are whole bytes") {
  CHECK(parse_size("1B") == 1U);
  CHECK(parse_size("64KiB") == 65536U);
  CHECK(parse_size("512MiB") == 536870912U);
  CHECK(parse_size("1.5 GiB") == 1610612736U);
  CHECK(parse_size("2GB") == 2000000000U);
  CHECK(parse_size("3kB") == 3000U);
  for (const char* text : {"", "512", "512M", "512mib", "0.5B", "-1MiB", "1e3B", "9999999999GiB"}) {
    INFO(text);
    CHECK_FALSE(parse_size(text).has_value());
  }
}
