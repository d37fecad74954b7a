#include <algorithm>
#include <charconv>
#include <cmath>

#include "headgate/base/text.hpp"
#include "numbers.hpp"

namespace headgate {
namespace {

// The longest double in plain digits has 309 before the point.
constexpr std::size_t max_plain_digits = 400;
constexpr int max_digits_after_point = 60;

std::string not_finite(double value) {
  if (std::isnan(value)) return "nan";
  return value < 0 ? "-inf" : "inf";
}

}  // namespace

std::string shortest(double value) {
  if (!std::isfinite(value)) return not_finite(value);
  std::string out;
  append_ecmascript(out, value);
  return out;
}

std::string fixed(double value, int digits) {
  if (!std::isfinite(value)) return not_finite(value);
  char buffer[max_plain_digits];
  const int after = std::min(std::max(digits, 0), max_digits_after_point);
  const auto written = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, after);
  std::string out(buffer, written.ptr);
  // "-0.0" would make a reader look for a difference that is not there.
  if (out.front() == '-' && out.find_first_of("123456789") == std::string::npos) out.erase(0, 1);
  return out;
}

std::string percent(double fraction, int digits) { return fixed(100 * fraction, digits) + " %"; }

}  // namespace headgate
