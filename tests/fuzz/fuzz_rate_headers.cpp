// Lines of "name: value" as the headers of an answer: whatever they say, a wait or a window is a number that can be
// waited for, or nothing.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "headgate/base/assert.hpp"
#include "headgate/route/rate.hpp"

namespace {

using namespace headgate::route;

void check(const std::optional<double>& value, double most) {
  HG_ASSERT(!value || (std::isfinite(*value) && *value >= 0.0 && *value <= most));
}

void check(const RateSays::Window& window) {
  constexpr double any = 1.7e308;
  check(window.limit, any);
  check(window.remaining, any);
  check(window.reset_s, 86400.0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  HttpAnswer answer;
  while (!text.empty() && answer.headers.size() < HttpAnswer::max_headers) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t colon = line.find(": ");
    if (colon == line.npos) continue;
    const std::string_view value = line.substr(colon + 2);
    answer.headers.emplace_back(line.substr(0, colon), value);
    if (const auto seconds = read_duration_s(value)) HG_ASSERT(std::isfinite(*seconds) && *seconds >= 0.0);
    if (const auto moment = read_http_date(value)) HG_ASSERT(std::isfinite(*moment));
    if (const auto moment = read_rfc3339(value)) HG_ASSERT(std::isfinite(*moment));
  }
  for (const std::int64_t wall : {std::int64_t{0}, std::int64_t{1795176000}, INT64_MAX, INT64_MIN}) {
    const RateSays says = read_rate(answer, wall);
    check(says.retry_after_s, 86400.0);
    check(says.requests);
    check(says.tokens);
  }
  return 0;
}
