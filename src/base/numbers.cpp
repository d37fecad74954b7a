#include "numbers.hpp"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <system_error>

#include "headgate/base/assert.hpp"

namespace headgate {
namespace {

// std::from_chars says "out of range" for both ends; the decimal exponent of the first digit tells them apart.
bool is_tiny(std::string_view text) {
  const std::size_t mark = text.find_first_of("eE");
  const std::string_view mantissa = text.substr(0, mark);
  long exponent = 0;
  if (mark != std::string_view::npos) {
    std::string_view digits = text.substr(mark + 1);
    if (!digits.empty() && digits.front() == '+') digits.remove_prefix(1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (read.ec == std::errc::result_out_of_range) return digits.front() == '-';
  }
  const std::size_t point = mantissa.find('.');
  const std::size_t first = mantissa.find_first_of("123456789");
  if (first == std::string_view::npos) return true;
  const std::size_t whole_end = point == std::string_view::npos ? mantissa.size() : point;
  const auto distance = static_cast<long>(whole_end) - static_cast<long>(first);
  return exponent + distance < 0;
}

}  // namespace

std::optional<double> finite_double(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec == std::errc::result_out_of_range) return is_tiny(text) ? std::optional<double>(0.0) : std::nullopt;
  if (read.ec != std::errc() || !std::isfinite(value)) return std::nullopt;
  return value;
}

void append_ecmascript(std::string& out, double value) {
  HG_ASSERT(std::isfinite(value));
  if (value == 0) {
    out.push_back('0');
    return;
  }
  if (value < 0) out.push_back('-');
  char buffer[32];
  const auto written = std::to_chars(buffer, buffer + sizeof buffer, std::fabs(value), std::chars_format::scientific);
  HG_ASSERT(written.ec == std::errc());
  const std::string_view scientific(buffer, static_cast<std::size_t>(written.ptr - buffer));

  // d.ddde±XX becomes the digits and `n`, the number of digits before the point.
  const std::size_t mark = scientific.find('e');
  std::string digits(scientific.substr(0, 1));
  if (mark > 2) digits.append(scientific.substr(2, mark - 2));
  int n = 0;
  const std::size_t sign = scientific[mark + 1] == '-' ? 1 : 0;
  std::from_chars(buffer + mark + 2, written.ptr, n);
  n = (sign == 1 ? -n : n) + 1;

  const int k = static_cast<int>(digits.size());
  if (k <= n && n <= 21) {
    out.append(digits).append(static_cast<std::size_t>(n - k), '0');
  } else if (0 < n && n <= 21) {
    out.append(digits, 0, static_cast<std::size_t>(n)).push_back('.');
    out.append(digits, static_cast<std::size_t>(n));
  } else if (-6 < n && n <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-n), '0').append(digits);
  } else {
    out.push_back(digits[0]);
    if (k > 1) out.append(".").append(digits, 1);
    out.append(n > 0 ? "e+" : "e-").append(std::to_string(n > 0 ? n - 1 : 1 - n));
  }
}

}  // namespace headgate
