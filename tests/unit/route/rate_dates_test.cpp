#include <catch2/catch.hpp>

#include "headgate/route/rate.hpp"

using namespace headgate::route;

TEST_CASE("durations are read in every form providers write") {
  CHECK(read_duration_s("1s") == 1.0);
  CHECK(read_duration_s("6m0s") == 360.0);
  CHECK(read_duration_s("1h2m3.5s") == 3723.5);
  CHECK(read_duration_s("250ms") == 0.25);
  CHECK(read_duration_s("1m250ms") == 60.25);
  CHECK(read_duration_s("2d") == 172800.0);
  CHECK(read_duration_s("0s") == 0.0);
  CHECK(read_duration_s("12") == 12.0);
  CHECK(read_duration_s("1.5") == 1.5);
  CHECK(*read_duration_s("300µs") == Approx(0.0003));
  for (const char* text : {"", "s", "-1s", "1x", "1s2m", "1s1s", "1.2.3s", "1s ", " 1s", "nan", "inf", "infs", "1e400s",
                           "1s2", ".s", "0x10", "１s"}) {
    CAPTURE(text);
    CHECK_FALSE(read_duration_s(text).has_value());
  }
  CHECK_FALSE(read_duration_s(std::string(100'000, '9') + "s").has_value());
}

TEST_CASE("the three forms of an HTTP date are one moment") {
  CHECK(read_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777.0);
  CHECK(read_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == 784111777.0);
  CHECK(read_http_date("Sun Nov  6 08:49:37 1994") == 784111777.0);
  CHECK(read_http_date("Sun Nov 16 08:49:37 1994") == 784975777.0);
  CHECK(read_http_date("Fri, 20 Nov 2026 12:00:00 GMT") == 1795176000.0);
  CHECK(read_http_date("Friday, 20-Nov-26 12:00:00 GMT") == 1795176000.0);
  CHECK(read_http_date("Thu, 29 Feb 2024 00:00:00 GMT") == 1709164800.0);
  for (const char* text :
       {"", "GMT", "Fri, 20 Nov 2026 12:00:00", "Fri, 20 Nov 2026 12:00:00 UTC", "Fri, 20 Nov 2026 12:00:00 GMT ",
        "Fri, 31 Nov 2026 12:00:00 GMT", "Fri, 29 Feb 2026 12:00:00 GMT", "Fri, 20 Nov 2026 24:00:00 GMT",
        "Fri, 20 Nov 2026 12:60:00 GMT", "Fri, 20 Nov 2026 12:00:61 GMT", "Fri, 0 Nov 2026 12:00:00 GMT",
        "Fri, 20 nov 2026 12:00:00 GMT", "Fry, 20 Nov 2026 12:00:00 GMT", "Fri, 20 Nov -026 12:00:00 GMT", "12"}) {
    CAPTURE(text);
    CHECK_FALSE(read_http_date(text).has_value());
  }
}

TEST_CASE("RFC 3339 stamps are read with fraction and offset") {
  CHECK(read_rfc3339("2026-11-20T12:00:00Z") == 1795176000.0);
  CHECK(read_rfc3339("2026-11-20t12:00:00z") == 1795176000.0);
  CHECK(read_rfc3339("2026-11-20 12:00:00Z") == 1795176000.0);
  CHECK(read_rfc3339("2026-11-20T12:00:00.250Z") == 1795176000.25);
  CHECK(read_rfc3339("2026-11-20T14:00:00+02:00") == 1795176000.0);
  CHECK(read_rfc3339("2026-11-20T06:30:00-05:30") == 1795176000.0);
  CHECK(read_rfc3339("1970-01-01T00:00:00Z") == 0.0);
  for (const char* text : {"", "2026-11-20", "2026-11-20T12:00:00", "2026-11-20T12:00:00.Z", "2026-13-20T12:00:00Z",
                           "2026-02-30T12:00:00Z", "2026-11-20T25:00:00Z", "2026-11-20T12:00:00+25:00",
                           "2026-11-20T12:00:00Zx", "2026-11-20T12:00Z", "+026-11-20T12:00:00Z"}) {
    CAPTURE(text);
    CHECK_FALSE(read_rfc3339(text).has_value());
  }
}
