// From what is said to bytes, waits and faults.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "delivery.hpp"
#include "said.hpp"

namespace headgate::fake {

// Retry-After as a script writes it: "date+N" becomes the HTTP date N seconds from now,
// rounded up; all else stays.
struct RetryAfter {
  std::string text;
  Micros pause = 0;  // what it asks for; 0 where that is no plain number
};
RetryAfter retry_after(const std::string& written, std::int64_t wall_seconds);

using Headers = std::vector<std::pair<std::string, std::string>>;

// A plain answer with a body of its own.
Delivery plain_answer(int status, std::string_view content_type, std::string_view body, const Headers& headers,
                      bool keep_alive);

struct Telling {
  Dialect dialect = Dialect::generic;
  const Said* said = nullptr;
  Micros delay = 0;
  std::int64_t wall_seconds = 0;
  const Headers* headers = nullptr;  // beyond those of the behaviour
  bool keep_alive = true;
};
Delivery deliver(const Telling& telling);

}  // namespace headgate::fake
