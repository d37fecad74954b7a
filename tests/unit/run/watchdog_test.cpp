#include "watchdog.hpp"

#include <catch2/catch.hpp>

using namespace headgate;
using namespace headgate::run;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;

TEST_CASE("silence is told after five minutes, then each minute, by name") {
  Watchdog dog;
  Instant now{};
  now += 1h;
  dog.came(now);
  CHECK_FALSE(dog.is_due(now + 4min + 59s));
  CHECK(dog.is_due(now + 5min));
  const std::vector<Watchdog::Wait> waits = {{"route support_b", 4, {"q1", "q2", "q3", "q4"}},
                                             {"plugin lint", 1, {"q9"}}};
  CHECK(
      dog.tell(now + 5min, waits) ==
      "nothing has arrived for 5 minutes: 4 calls to route support_b are out (cases q1, q2, q3 and 1 more); 1 call to "
      "plugin lint is out (case q9)");
  CHECK_FALSE(dog.is_due(now + 5min + 59s));
  CHECK(dog.is_due(now + 6min));
  CHECK(dog.tell(now + 6min, {{"route support_b", 2, {}}}) ==
        "nothing has arrived for 6 minutes: 2 calls to route support_b are out");
  dog.came(now + 7min);
  CHECK_FALSE(dog.is_due(now + 11min));
  CHECK(dog.is_due(now + 12min));
}
